//! The seals over the audit log: what was changed is found at its number (`security.md` B30).

use crate::support::{execute, instance, number, owner};
use app::audit::{Verdict, seal_all, verify};
use app::{App, Keyring, OsRandom};
use model::clock::SECOND;
use std::sync::Arc;
use store::audit::Entry;
use store::{Db, Tx};
use testkit::app::{BEGINNING, TestApp};
use tokio::task::JoinSet;

fn entry(n: i64) -> Entry {
    Entry {
        at: BEGINNING.plus(n),
        actor_id: None,
        actor_name: format!("somebody {n}"),
        via: "system".to_owned(),
        via_id: Some(n),
        ip: Some("192.0.2.7".to_owned()),
        request_id: None,
        action: "thing.changed".to_owned(),
        project_id: None,
        target_kind: "thing".to_owned(),
        target_id: Some(n),
        target_name: None,
        detail: Some("{}".to_owned()),
    }
}

async fn write(db: &Db, rows: std::ops::Range<i64>) {
    let writing = move |tx: &mut Tx<'_>| {
        for n in rows.clone() {
            store::audit::insert(tx, &entry(n))?;
        }
        Ok::<_, store::Error>(())
    };
    db.write(writing).await.unwrap();
}

fn whole(sealed: i64, unsealed: i64) -> Verdict {
    Verdict {
        sealed,
        unsealed,
        broken_at: None,
    }
}

#[tokio::test]
async fn what_was_sealed_is_verified_and_the_rest_is_counted() {
    let (test, _) = instance().await;
    assert_eq!(verify(&test.app).await.unwrap(), whole(0, 1));
    seal_all(&test.app, "test").await.unwrap();
    assert_eq!(verify(&test.app).await.unwrap(), whole(1, 0));
    // More than one round of the sealer, and more than one page of the verification.
    write(test.db(), 0..1234).await;
    assert_eq!(verify(&test.app).await.unwrap(), whole(1, 1234));
    seal_all(&test.app, "test").await.unwrap();
    write(test.db(), 0..3).await;
    assert_eq!(verify(&test.app).await.unwrap(), whole(1235, 3));
}

#[tokio::test]
async fn an_empty_log_is_whole() {
    let test = TestApp::new().await;
    seal_all(&test.app, "test").await.unwrap();
    assert_eq!(verify(&test.app).await.unwrap(), whole(0, 0));
}

/// Somebody who owns the database takes the triggers away.
async fn disarm(db: &Db) {
    let triggers: &[&str] = if db.is_postgres() {
        &["audit_immutable ON audit", "audit_seals_immutable ON audit_seals"]
    } else {
        &[
            "audit_no_update",
            "audit_no_delete",
            "audit_seals_no_update",
            "audit_seals_no_delete",
        ]
    };
    for trigger in triggers {
        execute(db, format!("DROP TRIGGER {trigger}")).await.unwrap();
    }
}

/// Changes something, looks, and undoes it.
async fn found_at(test: &TestApp, changes: &[&str]) -> Option<i64> {
    let (db, tables) = (test.db(), ["audit", "audit_seals"]);
    for table in tables {
        execute(db, format!("CREATE TABLE {table}_kept AS SELECT * FROM {table}"))
            .await
            .unwrap();
    }
    for change in changes {
        assert_eq!(execute(db, *change).await.unwrap(), 1, "{change}");
    }
    let verdict = verify(&test.app).await.unwrap();
    for table in tables {
        for undo in [
            format!("DELETE FROM {table}"),
            format!("INSERT INTO {table} SELECT * FROM {table}_kept"),
            format!("DROP TABLE {table}_kept"),
        ] {
            execute(db, undo).await.unwrap();
        }
    }
    verdict.broken_at
}

#[tokio::test]
async fn every_change_is_found_at_its_number() {
    let (test, _) = instance().await;
    write(test.db(), 0..9).await;
    seal_all(&test.app, "test").await.unwrap();
    disarm(test.db()).await;
    let row = "WHERE id = (SELECT audit_id FROM audit_seals WHERE seq = 4)";
    let zero = if test.db().is_postgres() {
        "'\\x00'"
    } else {
        "X'00'"
    };
    let mut changes: Vec<String> = [
        "at = at + 1",
        "actor_id = 1",
        "actor_name = 'Eve'",
        "via = 'key'",
        "via_id = NULL",
        "ip = '192.0.2.8'",
        "request_id = ''",
        "action = 'thing.seen'",
        "project_id = 0",
        "target_kind = 'other'",
        "target_id = target_id + 1",
        "target_name = ''",
        "detail = NULL",
    ]
    .map(|set| format!("UPDATE audit SET {set} {row}"))
    .into();
    changes.push(format!("DELETE FROM audit {row}"));
    changes.push(format!("UPDATE audit_seals SET mac = {zero} WHERE seq = 4"));
    changes.push("UPDATE audit_seals SET seq = 40 WHERE seq = 4".to_owned());
    changes.push("DELETE FROM audit_seals WHERE seq = 4".to_owned());
    changes.push(format!("UPDATE audit SET id = 1000 {row}"));
    for change in &changes {
        assert_eq!(found_at(&test, &[change]).await, Some(4), "{change}");
        assert_eq!(verify(&test.app).await.unwrap(), whole(10, 0));
    }
    // Values of two columns do not run into each other.
    let shifted = format!("UPDATE audit SET actor_name = actor_name || via, via = '' {row}");
    assert_eq!(found_at(&test, &[&shifted]).await, Some(4));
}

#[tokio::test]
async fn rows_that_change_places_or_go_in_pairs_are_found() {
    let (test, _) = instance().await;
    write(test.db(), 0..9).await;
    seal_all(&test.app, "test").await.unwrap();
    disarm(test.db()).await;
    let places = [
        "UPDATE audit_seals SET seq = -4 WHERE seq = 4",
        "UPDATE audit_seals SET seq = 4 WHERE seq = 7",
        "UPDATE audit_seals SET seq = 7 WHERE seq = -4",
    ];
    assert_eq!(found_at(&test, &places).await, Some(4));
    let pair = [
        "DELETE FROM audit WHERE id = (SELECT audit_id FROM audit_seals WHERE seq = 1)",
        "DELETE FROM audit_seals WHERE seq = 1",
    ];
    assert_eq!(found_at(&test, &pair).await, Some(1));
    // The others moved up to close the gap.
    let closed = [
        "DELETE FROM audit_seals WHERE seq = 9",
        "UPDATE audit_seals SET seq = 9 WHERE seq = 10",
    ];
    assert_eq!(found_at(&test, &closed).await, Some(9));
}

/// Whoever has the database alone can't make a seal.
#[tokio::test]
async fn a_seal_made_without_the_keyring_is_found() {
    let keyring = Keyring::generate(&OsRandom);
    let test = TestApp::with_keyring(&keyring).await;
    app::setup::init(&test.app, &owner()).await.unwrap();
    seal_all(&test.app, "test").await.unwrap();
    write(test.db(), 0..2).await;
    let theirs = test.server(&Keyring::generate(&OsRandom)).await;
    test.clock.advance(10 * SECOND);
    seal_all(&theirs, "theirs").await.unwrap();
    assert_eq!(verify(&test.app).await.unwrap().broken_at, Some(2));
    assert_eq!(verify(&theirs).await.unwrap().broken_at, Some(1));
}

#[tokio::test]
async fn a_chain_goes_on_under_a_new_master_key() {
    const OLD: &str = r#""k1":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=""#;
    const NEW: &str = r#""k2":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=""#;
    let ring = |current: &str, keys: &str| format!(r#"{{"current":"{current}","keys":{{{keys}}}}}"#);
    let test = TestApp::with_keyring(&ring("k1", OLD)).await;
    write(test.db(), 0..5).await;
    seal_all(&test.app, "test").await.unwrap();
    let both = test.server(&ring("k2", &format!("{OLD},{NEW}"))).await;
    write(test.db(), 0..5).await;
    seal_all(&both, "test").await.unwrap();
    assert_eq!(verify(&both).await.unwrap(), whole(10, 0));
    assert_eq!(verify(&test.app).await.unwrap().broken_at, Some(6));
    let new = test.server(&ring("k2", NEW)).await;
    assert_eq!(verify(&new).await.unwrap().broken_at, Some(1));
}

#[tokio::test]
async fn one_server_seals_at_a_time() {
    let (test, _) = instance().await;
    seal_all(&test.app, "one").await.unwrap();
    write(test.db(), 0..5).await;
    // The lease is the first server's for ten seconds after it sealed.
    test.clock.advance(10 * SECOND - 1);
    seal_all(&test.app, "two").await.unwrap();
    assert_eq!(verify(&test.app).await.unwrap(), whole(1, 5));
    test.clock.advance(1);
    seal_all(&test.app, "two").await.unwrap();
    assert_eq!(verify(&test.app).await.unwrap(), whole(6, 0));
}

/// Seals until nothing is left, whoever has the lease: the time of both servers goes on.
async fn seal_to_the_end(test: &TestApp, app: &App, holder: &'static str, total: i64) {
    for _ in 0..10_000 {
        seal_all(app, holder).await.unwrap();
        if number(app.db(), "SELECT COUNT(*) FROM audit_seals").await == total {
            return;
        }
        test.clock.advance(4 * SECOND);
        tokio::task::yield_now().await;
    }
    panic!("{holder} did not come to the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_that_seal_at_once_keep_one_chain() {
    let keyring = Keyring::generate(&OsRandom);
    let test = Arc::new(TestApp::with_keyring(&keyring).await);
    let other = test.server(&keyring).await;
    let mut tasks = JoinSet::new();
    for (app, holder) in [(test.app.clone(), "one"), (other, "two")] {
        let test = Arc::clone(&test);
        tasks.spawn(async move { seal_to_the_end(&test, &app, holder, 1000).await });
    }
    for _ in 0..4 {
        let test = Arc::clone(&test);
        tasks.spawn(async move {
            for n in 0..25 {
                write(test.db(), n * 10..(n + 1) * 10).await;
            }
        });
    }
    tasks.join_all().await;
    assert_eq!(verify(&test.app).await.unwrap(), whole(1000, 0));
}

/// On PostgreSQL a row with a lower id may be committed after one with a higher id was sealed.
#[tokio::test]
async fn a_row_that_is_committed_late_is_sealed() {
    let (test, _) = instance().await;
    write(test.db(), 0..2).await;
    let ids = "INSERT INTO audit (id, at, actor_name, via, action, target_kind) VALUES";
    execute(test.db(), format!("{ids} (500, 1, 'a', 'system', 'x', 'y')"))
        .await
        .unwrap();
    seal_all(&test.app, "test").await.unwrap();
    execute(test.db(), format!("{ids} (400, 1, 'a', 'system', 'x', 'y')"))
        .await
        .unwrap();
    assert_eq!(verify(&test.app).await.unwrap(), whole(4, 1));
    seal_all(&test.app, "test").await.unwrap();
    assert_eq!(verify(&test.app).await.unwrap(), whole(5, 0));
    let sealed = "SELECT audit_id FROM audit_seals ORDER BY seq";
    let sealed: Vec<i64> = test
        .db()
        .read(move |tx| tx.all(sealed, &[], |r| r.get(0)))
        .await
        .unwrap();
    assert_eq!(sealed, [1, 2, 3, 500, 400]);
}
