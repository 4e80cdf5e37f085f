//! Transactions that write: alone, together, failing, abandoned.

use crate::support::{Gate, database, insert, keys, put};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use store::{Db, Error, Result, args};

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_closure_rolls_back_alone() {
    let database = database().await;
    let db = database.db();
    let gate = Gate::default();
    let failing = db.write(|tx| {
        insert(tx, "half", 1)?;
        Err::<(), _>(Error::NoRow)
    });
    let (held, first, failed, second, other, ()) = tokio::join!(biased; gate.hold(db), put(db, "a"), failing, put(db, "a"), put(db, "b"), async {
        gate.open();
    });
    held.unwrap();
    other.unwrap();
    assert!(matches!(failed, Err(Error::NoRow)), "{failed:?}");
    let outcomes = [first, second];
    assert_eq!(outcomes.iter().filter(|o| o.is_ok()).count(), 1, "{outcomes:?}");
    assert!(
        outcomes.iter().any(|o| matches!(o, Err(Error::Unique(_)))),
        "{outcomes:?}"
    );
    assert_eq!(keys(db).await, ["a", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_reaches_the_caller_and_spares_the_others() {
    let database = database().await;
    let db = database.db().clone();
    let panicking = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(|tx| -> Result<()> {
                insert(tx, "lost", 1)?;
                panic!("boom")
            })
            .await
        }
    });
    let (panicked, other) = tokio::join!(panicking, put(&db, "a"));
    let panic = panicked.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"boom"));
    other.unwrap();
    put(&db, "b").await.unwrap();
    assert_eq!(keys(&db).await, ["a", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_dropped_before_it_starts_is_skipped() {
    let database = database().await;
    let db = database.db();
    let gate = Gate::default();
    let holds = (0..4).map(|_| {
        let (gate, db) = (gate.clone(), db.clone());
        tokio::spawn(async move { gate.hold(&db).await })
    });
    let holds: Vec<_> = holds.collect();
    gate.entered(if db.is_postgres() { 4 } else { 1 }).await;
    let abandoned = tokio::time::timeout(std::time::Duration::ZERO, put(db, "abandoned")).await;
    assert!(abandoned.is_err(), "it should have queued");
    gate.open();
    for hold in holds {
        hold.await.unwrap().unwrap();
    }
    put(db, "after").await.unwrap();
    assert_eq!(keys(db).await, ["after"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_dropped_while_it_runs_finishes_whole() {
    let database = database().await;
    let db = database.db().clone();
    let gate = Gate::default();
    let write = tokio::spawn({
        let (db, gate) = (db.clone(), gate.clone());
        async move {
            db.write(move |tx| {
                insert(tx, "first half", 1)?;
                gate.pass();
                insert(tx, "second half", 1)
            })
            .await
        }
    });
    gate.entered(1).await;
    write.abort();
    assert!(write.await.unwrap_err().is_cancelled());
    gate.open();
    db.close().await;
    let reopened = Db::open(database.url()).unwrap();
    assert_eq!(keys(&reopened).await, ["first half", "second half"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_failed_statement_the_transaction_is_over() {
    let database = database().await;
    let db = database.db();
    put(db, "a").await.unwrap();
    let went_on = db.write(|tx| {
        let _ = insert(tx, "a", 1);
        insert(tx, "b", 1)
    });
    assert!(matches!(went_on.await, Err(Error::Aborted)));
    let swallowed = db.write(|tx| {
        insert(tx, "c", 1)?;
        let _ = insert(tx, "a", 1);
        Ok::<_, Error>(())
    });
    assert!(matches!(swallowed.await, Err(Error::Aborted)));
    assert_eq!(keys(db).await, ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nested_goes_on_after_an_error() {
    let database = database().await;
    let db = database.db();
    put(db, "a").await.unwrap();
    db.write(|tx| {
        let failed = tx.nested(|tx| {
            insert(tx, "undone", 1)?;
            insert(tx, "a", 1)
        });
        assert!(matches!(failed, Err(Error::Unique(_))), "{failed:?}");
        let swallowed = tx.nested(|tx| {
            insert(tx, "undone too", 1)?;
            let _ = insert(tx, "a", 1);
            Ok::<_, Error>(())
        });
        assert!(matches!(swallowed, Err(Error::Aborted)), "{swallowed:?}");
        tx.nested(|tx| {
            insert(tx, "b", 1)?;
            let inner = tx.nested(|tx| insert(tx, "b", 2));
            assert!(matches!(inner, Err(Error::Unique(_))), "{inner:?}");
            insert(tx, "c", 1)
        })
    })
    .await
    .unwrap();
    assert_eq!(keys(db).await, ["a", "b", "c"]);
}

/// Every closure checks, then acts. Without `lock` PostgreSQL would let several see the same count.
#[tokio::test(flavor = "multi_thread")]
async fn locked_checks_hold() {
    let database = database().await;
    let db = database.db();
    let seats = 3;
    let takers: Vec<_> = (0..16)
        .map(|taker: i64| {
            let db = db.clone();
            tokio::spawn(async move {
                db.write(move |tx| {
                    tx.lock(7)?;
                    let taken = tx.one("SELECT COUNT(*) FROM t", &[], |row| row.get::<i64>(0))?;
                    if taken < seats {
                        insert(tx, &format!("seat {taker}"), 1)
                    } else {
                        Ok(0)
                    }
                })
                .await
            })
        })
        .collect();
    let mut taken = 0;
    for taker in takers {
        taken += taker.await.unwrap().unwrap();
    }
    assert_eq!(taken, 3);
    assert_eq!(keys(db).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn constraints_are_told_apart() {
    let database = database().await;
    let db = database.db();
    put(db, "a").await.unwrap();
    let again = put(db, "a").await;
    assert!(matches!(again, Err(Error::Unique(_))), "{again:?}");
    let same_id = db.write(|tx| {
        let id: i64 = tx.one("SELECT id FROM t", &[], |row| row.get(0))?;
        tx.execute("INSERT INTO t (id, k) VALUES ($1, $2)", args![id, "b"])
    });
    assert!(matches!(same_id.await, Err(Error::Unique(_))));
    let faults = [
        "INSERT INTO t (k, v) VALUES (NULL, 1)",
        "INSERT INTO t (k, v) VALUES ('b', -13)",
        "INSERT INTO child (t_id) VALUES (999)",
    ];
    for sql in faults {
        let failed = db.write(move |tx| tx.execute(sql, &[])).await;
        assert!(matches!(failed, Err(Error::Constraint(_))), "{sql}: {failed:?}");
    }
    let wrong = db
        .write(|tx| tx.execute("INSERT INTO nowhere VALUES (1)", &[]))
        .await;
    assert!(matches!(wrong, Err(Error::Sql(_))), "{wrong:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn returning_answers_what_was_written() {
    let database = database().await;
    let db = database.db();
    let sql = "INSERT INTO t (v, k) VALUES ($2, $1) RETURNING id, v";
    let (id, v) = db
        .write(move |tx| {
            tx.one(sql, args!["k", 7_i64], |row| {
                Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))
            })
        })
        .await
        .unwrap();
    assert_eq!(v, 7);
    let found = db.read(move |tx| {
        tx.opt("SELECT k FROM t WHERE id = $1", args![id], |row| {
            row.get::<String>(0)
        })
    });
    assert_eq!(found.await.unwrap().as_deref(), Some("k"));
}

/// An error type of the caller goes through unchanged, and its closure is not repeated.
#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_caller_pass_through() {
    #[derive(Debug)]
    enum Refused {
        Ours,
        Db(Error),
    }
    impl From<Error> for Refused {
        fn from(e: Error) -> Self {
            Refused::Db(e)
        }
    }
    let database = database().await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let refused = database.db().write(move |tx| {
        counted.fetch_add(1, Relaxed);
        insert(tx, "a", 1)?;
        Err::<(), _>(Refused::Ours)
    });
    assert!(matches!(refused.await, Err(Refused::Ours)));
    assert_eq!(runs.load(Relaxed), 1);
    let unique = database.db().write(|tx| {
        insert(tx, "a", 1)?;
        Ok::<_, Refused>(insert(tx, "a", 1)?)
    });
    assert!(matches!(unique.await, Err(Refused::Db(Error::Unique(_)))));
}
