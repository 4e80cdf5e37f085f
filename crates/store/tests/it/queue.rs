//! Who waits, and who is refused.

use crate::support::{Gate, database_with, keys, put};
use std::pin::pin;
use std::time::Duration;
use store::{Db, Error, Options, Result};
use tokio::task::JoinHandle;

async fn store(gate: Gate, db: Db, bytes: usize) -> Result<()> {
    db.ingest(bytes, move |_| {
        gate.pass();
        Ok(())
    })
    .await
}

fn ingest(gate: &Gate, db: &Db, bytes: usize) -> JoinHandle<Result<()>> {
    tokio::spawn(store(gate.clone(), db.clone(), bytes))
}

/// Ingests that find a place: all others wait.
fn places(db: &Db) -> usize {
    if db.is_postgres() { 1 } else { 16 }
}

async fn until(db: &Db, reached: impl Fn(&store::Stats) -> bool) {
    let waiting = async {
        while !reached(&db.stats()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_is_busy_at_once() {
    let database = database_with(&Options {
        queue: 4,
        ..testkit::db::options()
    })
    .await;
    let db = database.db();
    let gate = Gate::default();
    let holds: Vec<_> = (0..4)
        .map(|_| {
            let (gate, db) = (gate.clone(), db.clone());
            tokio::spawn(async move { gate.hold(&db).await })
        })
        .collect();
    until(db, |stats| stats.queued == 4).await;
    assert!(matches!(put(db, "refused").await, Err(Error::Busy)));
    gate.open();
    for hold in holds {
        hold.await.unwrap().unwrap();
    }
    put(db, "a").await.unwrap();
    assert_eq!(keys(db).await, ["a"]);
    assert_eq!(db.stats().queued, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingest_waits_for_its_turn() {
    let database = database_with(&testkit::db::options()).await;
    let db = database.db();
    let gate = Gate::default();
    let running: Vec<_> = (0..places(db)).map(|_| ingest(&gate, db, 1)).collect();
    until(db, |stats| stats.ingests == places(db)).await;
    let mut waiting = pin!(store(gate.clone(), db.clone(), 1));
    assert!(
        tokio::time::timeout(Duration::ZERO, waiting.as_mut())
            .await
            .is_err(),
        "it should wait"
    );
    gate.open();
    waiting.await.unwrap();
    for ingest in running {
        ingest.await.unwrap().unwrap();
    }
    assert_eq!(db.stats().ingests, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingest_gives_up_after_the_wait() {
    let options = Options {
        ingest_wait: Duration::from_millis(1),
        ..testkit::db::options()
    };
    let database = database_with(&options).await;
    let db = database.db();
    let gate = Gate::default();
    let running: Vec<_> = (0..places(db)).map(|_| ingest(&gate, db, 1)).collect();
    until(db, |stats| stats.ingests == places(db)).await;
    assert!(matches!(
        store(gate.clone(), db.clone(), 1).await,
        Err(Error::Busy)
    ));
    gate.open();
    for ingest in running {
        ingest.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ingests_share_the_memory() {
    let options = Options {
        connections: 8,
        ingest_bytes: 10 * 1024,
        ingest_wait: Duration::from_millis(1),
        ..Options::default()
    };
    let database = database_with(&options).await;
    let db = database.db();
    let gate = Gate::default();
    let large = ingest(&gate, db, 8 * 1024);
    gate.entered(1).await;
    let refused = store(gate.clone(), db.clone(), 4 * 1024);
    let refused = tokio::time::timeout(Duration::from_secs(20), refused).await;
    assert!(matches!(refused, Ok(Err(Error::Busy))), "{refused:?}");
    gate.open();
    large.await.unwrap().unwrap();
    store(gate.clone(), db.clone(), 4 * 1024).await.unwrap();
    // Larger than all there is: alone, but not never.
    store(gate.clone(), db.clone(), 1024 * 1024).await.unwrap();
}

/// Bulk work has a part of the connections, small work never queues behind it.
#[tokio::test(flavor = "multi_thread")]
async fn ingests_leave_connections_to_others() {
    let database = database_with(&testkit::db::options()).await;
    let db = database.db();
    if !db.is_postgres() {
        return;
    }
    let gate = Gate::default();
    let ingests: Vec<_> = (0..8).map(|_| ingest(&gate, db, 1)).collect();
    gate.entered(1).await;
    put(db, "a").await.unwrap();
    assert_eq!(keys(db).await, ["a"]);
    gate.open();
    for ingest in ingests {
        ingest.await.unwrap().unwrap();
    }
}
