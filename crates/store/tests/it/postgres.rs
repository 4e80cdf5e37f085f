//! Conflicts and lost connections of PostgreSQL. Nothing here runs on SQLite.

use crate::support::{database, insert, keys, put};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, Barrier};
use store::{Db, Error, Result, args};
use testkit::db::{Database, is_postgres};

async fn on_postgres() -> Option<Database> {
    if is_postgres() {
        Some(database().await)
    } else {
        None
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deadlocks_are_retried() {
    let Some(database) = on_postgres().await else {
        return;
    };
    let db = database.db();
    put(db, "a").await.unwrap();
    put(db, "b").await.unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let both_have_one = Arc::new(Barrier::new(2));
    let update = |first: &'static str, second: &'static str| {
        let (runs, both_have_one) = (runs.clone(), both_have_one.clone());
        db.write(move |tx| {
            let run = runs.fetch_add(1, Relaxed);
            tx.execute("SET LOCAL deadlock_timeout = '10ms'", &[])?;
            tx.execute("UPDATE t SET v = v + 1 WHERE k = $1", args![first])?;
            if run < 2 {
                both_have_one.wait();
            }
            tx.execute("UPDATE t SET v = v + 1 WHERE k = $1", args![second])
        })
    };
    let (one, other) = tokio::join!(update("a", "b"), update("b", "a"));
    one.and(other).unwrap();
    assert!(runs.load(Relaxed) > 2);
    assert!(db.stats().repeated > 0);
    let sum = db.read(|tx| {
        tx.one("SELECT CAST(SUM(v) AS BIGINT) FROM t", &[], |row| {
            row.get::<i64>(0)
        })
    });
    assert_eq!(sum.await.unwrap(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn endless_conflicts_are_given_up() {
    let Some(database) = on_postgres().await else {
        return;
    };
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let gave_up = database.db().write(move |tx| {
        counted.fetch_add(1, Relaxed);
        tx.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$", &[])
    });
    assert!(matches!(gave_up.await, Err(Error::Conflict)));
    assert_eq!(runs.load(Relaxed), 9);
}

async fn kill_all(url: &str) {
    let killer = Db::open(url).unwrap();
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle'";
    killer
        .read_long(move |tx| tx.all(sql, &[], |_| Ok(())))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_that_died_are_not_noticed() {
    let Some(database) = on_postgres().await else {
        return;
    };
    let db = database.db();
    for _ in 0..16 {
        db.ping().await.unwrap();
    }
    kill_all(database.url()).await;
    for _ in 0..16 {
        db.ping().await.unwrap();
        db.read(|tx| tx.all("SELECT k FROM t", &[], |row| row.get::<String>(0)))
            .await
            .unwrap();
    }
    kill_all(database.url()).await;
    put(db, "a").await.unwrap();
    assert_eq!(keys(db).await, ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_before_commit_wrote_nothing() {
    let Some(database) = on_postgres().await else {
        return;
    };
    let db = database.db();
    let killed = db
        .write(|tx| {
            insert(tx, "lost", 1)?;
            tx.all("SELECT pg_terminate_backend(pg_backend_pid())", &[], |_| Ok(()))
        })
        .await;
    assert!(matches!(killed, Err(Error::RolledBack(_))), "{killed:?}");
    put(db, "a").await.unwrap();
    assert_eq!(keys(db).await, ["a"]);
}

/// A trigger that ends the connection during COMMIT.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_in_commit_is_unknown() {
    let Some(database) = on_postgres().await else {
        return;
    };
    let db = database.db();
    db.write(|tx| {
        tx.execute(
            "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END $$",
            &[],
        )?;
        tx.execute(
            "CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON child DEFERRABLE INITIALLY DEFERRED \
             FOR EACH ROW EXECUTE FUNCTION die()",
            &[],
        )
    })
    .await
    .unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let lost = db.write(move |tx| {
        counted.fetch_add(1, Relaxed);
        insert(tx, "parent", 1)?;
        tx.execute("INSERT INTO child (t_id) SELECT id FROM t", &[])
    });
    let lost = lost.await;
    assert!(matches!(lost, Err(Error::Unknown(_))), "{lost:?}");
    assert_eq!(runs.load(Relaxed), 1, "it must not run again");
    put(db, "a").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn constraints_checked_at_commit_are_told() {
    let Some(database) = on_postgres().await else {
        return;
    };
    let db = database.db();
    let sql = "CREATE TABLE late (t_id BIGINT REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)";
    db.write(move |tx| tx.execute(sql, &[])).await.unwrap();
    let failed = db
        .write(|tx| tx.execute("INSERT INTO late (t_id) VALUES (999)", &[]))
        .await;
    assert!(matches!(failed, Err(Error::Constraint(_))), "{failed:?}");
}

/// Another node migrates while this one has the statement prepared.
#[tokio::test(flavor = "multi_thread")]
async fn a_changed_table_under_a_prepared_statement_is_not_noticed() {
    let Some(database) = on_postgres().await else {
        return;
    };
    let db = database.db();
    let all = || db.read(|tx| tx.all("SELECT * FROM t", &[], |row| row.get::<i64>(0)));
    for _ in 0..16 {
        all().await.unwrap();
    }
    db.write(|tx| tx.execute("ALTER TABLE t ADD COLUMN more TEXT", &[]))
        .await
        .unwrap();
    for _ in 0..16 {
        all().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_discards_the_connection() {
    let Some(database) = on_postgres().await else {
        return;
    };
    let db = database.db().clone();
    let panicked = tokio::spawn({
        let db = db.clone();
        async move {
            db.write(|tx| -> Result<()> {
                tx.execute("SET SESSION statement_timeout = '77s'", &[])?;
                panic!("boom")
            })
            .await
        }
    });
    assert!(panicked.await.unwrap_err().is_panic());
    let limits = || db.read_one(|tx| tx.one("SHOW statement_timeout", &[], |row| row.get::<String>(0)));
    for _ in 0..16 {
        assert_eq!(limits().await.unwrap(), "30s");
    }
}
