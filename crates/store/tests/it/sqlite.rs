//! The writer thread of SQLite. Nothing here runs on PostgreSQL.

use crate::support::{Gate, database_with, insert, keys, put};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;
use store::{Error, Options, args};
use testkit::db::{Database, is_postgres};

/// A database whose groups end only when the queue is empty; `None` on PostgreSQL.
async fn grouped() -> Option<Database> {
    let options = Options {
        group_work: Duration::from_mins(1),
        ..testkit::db::options()
    };
    if is_postgres() {
        None
    } else {
        Some(database_with(&options).await)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn queued_writes_share_one_commit() {
    let Some(database) = grouped().await else { return };
    let db = database.db();
    let before = db.stats();
    let gate = Gate::default();
    let (held, a, b, ()) =
        tokio::join!(biased; gate.hold(db), put(db, "a"), put(db, "b"), async { gate.open() });
    held.and(a.map(drop)).and(b.map(drop)).unwrap();
    let after = db.stats();
    assert_eq!(
        (after.groups - before.groups, after.closures - before.closures),
        (1, 3)
    );
}

/// The one thing that ends a whole transaction at will: `OR ROLLBACK`. Disk full may do it too.
#[tokio::test(flavor = "multi_thread")]
async fn an_engine_rollback_spares_the_innocent() {
    let Some(database) = grouped().await else { return };
    let db = database.db();
    let gate = Gate::default();
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let innocent = db.write(move |tx| {
        counted.fetch_add(1, Relaxed);
        insert(tx, "innocent", 1)
    });
    let culprit = db.write(|tx| tx.execute("INSERT OR ROLLBACK INTO t (k) VALUES ('innocent')", &[]));
    let (held, innocent, culprit, later, ()) =
        tokio::join!(biased; gate.hold(db), innocent, culprit, put(db, "later"), async { gate.open() });
    held.unwrap();
    innocent.unwrap();
    later.unwrap();
    assert!(matches!(culprit, Err(Error::RolledBack(_))), "{culprit:?}");
    assert_eq!(runs.load(Relaxed), 2);
    assert_eq!(db.stats().repeated, 2, "the holder and the innocent");
    assert_eq!(keys(db).await, ["innocent", "later"]);
}

/// A statement after an engine rollback would commit by itself: it is refused, even after a nested transaction.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_runs_after_an_engine_rollback() {
    let Some(database) = grouped().await else { return };
    let db = database.db();
    put(db, "a").await.unwrap();
    let went_on = db.write(|tx| {
        let _ = tx.nested(|tx| tx.execute("INSERT OR ROLLBACK INTO t (k) VALUES ('a')", &[]));
        insert(tx, "b", 1)
    });
    assert!(matches!(went_on.await, Err(Error::RolledBack(_))));
    assert_eq!(keys(db).await, ["a"]);
}

/// A deferred foreign key is checked at COMMIT: one bad closure fails the whole group. So: never DEFERRABLE.
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_commit_is_unknown_to_all_and_the_writer_goes_on() {
    let Some(database) = grouped().await else { return };
    let db = database.db();
    db.write(|tx| {
        tx.execute(
            "CREATE TABLE late (t_id INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)",
            &[],
        )
    })
    .await
    .unwrap();
    let gate = Gate::default();
    let bad = db.write(|tx| tx.execute("INSERT INTO late (t_id) VALUES (999)", &[]));
    let (held, a, bad, ()) = tokio::join!(biased; gate.hold(db), put(db, "a"), bad, async { gate.open() });
    assert!(matches!(held, Err(Error::Unknown(_))), "{held:?}");
    assert!(matches!(a, Err(Error::Unknown(_))), "{a:?}");
    assert!(matches!(bad, Err(Error::Unknown(_))), "{bad:?}");
    // Refused while the file is being checked.
    while let Err(busy) = put(db, "after").await {
        assert!(matches!(busy, Error::Busy), "{busy:?}");
    }
    assert_eq!(keys(db).await, ["after"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_reopened_ends_the_process() {
    let Some(database) = grouped().await else { return };
    let db = database.db();
    let path = database.url().strip_prefix("sqlite:").unwrap().to_owned();
    let bad = db.write(move |tx| {
        tx.execute(
            "CREATE TABLE late (t_id INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)",
            &[],
        )?;
        tx.execute("INSERT INTO late (t_id) VALUES (999)", &[])?;
        std::fs::rename(&path, format!("{path}.gone")).unwrap();
        Ok::<_, Error>(())
    });
    assert!(matches!(bad.await, Err(Error::Unknown(_))));
    let reason = tokio::time::timeout(Duration::from_secs(20), db.failed())
        .await
        .unwrap();
    assert!(reason.contains("unable to open"), "{reason}");
    assert!(matches!(put(db, "a").await, Err(Error::Closed)));
    assert!(matches!(
        db.ingest(1, |_| Ok::<_, Error>(())).await,
        Err(Error::Closed)
    ));
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_survived() {
    let Some(database) = grouped().await else { return };
    let db = database.db();
    let pages = db
        .write(|tx| tx.one("PRAGMA page_count", &[], |row| row.get::<i64>(0)))
        .await
        .unwrap();
    assert!(pages < 20, "{pages}");
    db.write(|tx| tx.one("PRAGMA max_page_count = 20", &[], |_| Ok(())))
        .await
        .unwrap();
    let gate = Gate::default();
    let large = db.write(|tx| insert(tx, &"x".repeat(200_000), 1));
    let (held, a, large, b, ()) =
        tokio::join!(biased; gate.hold(db), put(db, "a"), large, put(db, "b"), async { gate.open() });
    held.and(a.map(drop)).and(b.map(drop)).unwrap();
    assert!(matches!(large, Err(Error::RolledBack(_))), "{large:?}");
    assert_eq!(keys(db).await, ["a", "b"]);
}

/// Without the stability guarantee every look-up with another value is planned again, which costs ten times as much.
#[tokio::test(flavor = "multi_thread")]
async fn cached_statements_are_not_planned_again() {
    let Some(database) = grouped().await else { return };
    let db = database.db();
    db.write(|tx| {
        for n in 0..1000 {
            insert(tx, &format!("key {n}"), n)?;
        }
        tx.execute("CREATE INDEX t_v ON t (v)", &[])?;
        tx.execute("ANALYZE", &[])
    })
    .await
    .unwrap();
    // The first reader has seen the schema before the look-ups count.
    keys(db).await;
    let before = db.stats().replanned;
    for n in 0..1000_i64 {
        let found = db.read_one(move |tx| {
            tx.one(
                "SELECT v FROM t WHERE k = $1",
                args![&format!("key {n}")],
                |row| row.get::<i64>(0),
            )
        });
        assert_eq!(found.await.unwrap(), n);
        let found = db.read(move |tx| {
            tx.one("SELECT COUNT(*) FROM t WHERE v < $1", args![n], |row| {
                row.get::<i64>(0)
            })
        });
        assert_eq!(found.await.unwrap(), n);
    }
    assert_eq!(db.stats().replanned - before, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_commit_makes_a_version_and_nothing_else_does() {
    let database = database_with(&testkit::db::options()).await;
    let db = database.db();
    if is_postgres() {
        assert_eq!(db.version(), None);
        return;
    }
    put(db, "a").await.unwrap();
    let first = db.version();
    assert!(first.is_some());
    keys(db).await;
    assert_eq!(db.version(), first, "a read changes nothing");
    put(db, "b").await.unwrap();
    let second = db.version();
    assert_ne!(second, first);
    // Another process would see the file through a connection of its own, as this one does.
    let other = store::Db::open_with(database.url(), &testkit::db::options()).unwrap();
    assert_eq!(other.version(), second);
    put(&other, "c").await.unwrap();
    assert_ne!(db.version(), second);
    assert_eq!(db.version(), other.version());
}
