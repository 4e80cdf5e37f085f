//! Opening, closing, reopening.

use crate::support::{Gate, database, keys, put};
use store::{Db, Error, Result};
use testkit::db::is_postgres;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_there_after_reopening() {
    let database = database().await;
    put(database.db(), "before").await.unwrap();
    // The first one is still open, as after a crash.
    let other = Db::open(database.url()).unwrap();
    assert_eq!(keys(&other).await, ["before"]);
    other.close().await;
    database.db().close().await;
    let reopened = Db::open(database.url()).unwrap();
    assert_eq!(keys(&reopened).await, ["before"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_finishes_what_is_queued() {
    let database = database().await;
    let db = database.db();
    let gate = Gate::default();
    let (held, put, (), ()) =
        tokio::join!(biased; gate.hold(db), put(db, "queued"), db.close(), async { gate.open() });
    held.unwrap();
    put.unwrap();
    let reopened = Db::open(database.url()).unwrap();
    assert_eq!(keys(&reopened).await, ["queued"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_closing_everything_is_refused() {
    let database = database().await;
    let db = database.db();
    put(db, "a").await.unwrap();
    keys(db).await;
    db.close().await;
    db.close().await;
    assert!(matches!(put(db, "b").await, Err(Error::Closed)));
    assert!(matches!(
        db.ingest(1, |_| Ok::<_, Error>(())).await,
        Err(Error::Closed)
    ));
    assert!(matches!(
        db.read(|_| Ok::<_, Error>(())).await,
        Err(Error::Closed)
    ));
    assert!(matches!(
        db.read_long(|_| Ok::<_, Error>(())).await,
        Err(Error::Closed)
    ));
    assert!(matches!(db.ping().await, Err(Error::Closed)));
    assert_eq!((db.stats().wal_bytes, db.stats().connections), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingest_that_waits_is_told_of_the_end() {
    let database = database().await;
    let db = database.db();
    let gate = Gate::default();
    let hold = |gate: Gate| {
        db.ingest(usize::MAX, move |_| -> Result<()> {
            gate.pass();
            Ok(())
        })
    };
    let (running, waiting, (), ()) =
        tokio::join!(biased; hold(gate.clone()), hold(gate.clone()), db.close(), async { gate.open() });
    running.unwrap();
    assert!(matches!(waiting, Err(Error::Closed)), "{waiting:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_working_database_answers_ping_and_does_not_fail() {
    let database = database().await;
    let db = database.db();
    db.ping().await.unwrap();
    let failed = tokio::time::timeout(std::time::Duration::ZERO, db.failed()).await;
    assert!(failed.is_err(), "{failed:?}");
    let before = db.stats();
    put(db, "a").await.unwrap();
    let after = db.stats();
    assert_eq!(
        (after.groups - before.groups, after.closures - before.closures),
        (1, 1)
    );
    assert_eq!(after.wal_bytes > 0, !is_postgres());
    assert_eq!(after.connections > 0, is_postgres());
}

#[test]
fn wrong_addresses_are_named() {
    let wrong = [
        "sqlite:",
        "sqlite::memory:",
        "sqlite:/nowhere/attest.db",
        "mysql://localhost/attest",
        "postgres://localhost/attest?sslmode=maybe",
        // Nothing listens there.
        "postgres://nobody@127.0.0.1:9/attest",
    ];
    for url in wrong {
        assert!(matches!(Db::open(url), Err(Error::Open(_))), "{url}");
    }
}
