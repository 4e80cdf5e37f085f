//! What the server does by itself, and at its end.

use crate::keys::named;
use crate::support::{EMAIL, PASSWORD, actions, back, instance, number, show, sign_in, typed};
use app::audit::{Verdict, verify};
use app::login::{self, Credentials};
use app::{Request, keys};
use model::clock::{DAY, HOUR, MINUTE};
use model::{Timestamp, UserId};
use std::time::Duration;
use store::Tx;
use store::idempotency::{Claim, Known};
use testkit::app::{BEGINNING, TestApp};

/// Waits until a job has done its work.
async fn eventually(test: &TestApp, sql: &'static str, expected: i64) {
    let mut found = 0;
    for _ in 0..1000 {
        found = number(test.db(), sql).await;
        if found == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("{sql}: {found} instead of {expected}");
}

#[tokio::test]
async fn the_end_writes_last_uses_and_seals() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let made = keys::create(&test.app, &actor, &named("mine")).await.unwrap();
    let (_, device) = sign_in(&test, EMAIL).await;
    let jobs = test.app.start_jobs();
    // The first round of every job is over.
    eventually(&test, "SELECT COUNT(*) FROM audit_seals", 3).await;
    test.clock.advance(MINUTE);
    show(&test, &made.secret).await.unwrap();
    back(&test, &device).await.unwrap();
    keys::revoke(&test.app, &actor, made.key.id, None).await.unwrap();
    jobs.stop().await;
    let now = BEGINNING.plus(MINUTE).0;
    assert_eq!(number(test.db(), "SELECT last_used_at FROM api_keys").await, now);
    assert_eq!(number(test.db(), "SELECT seen_at FROM sessions").await, now);
    let all = Verdict {
        sealed: i64::try_from(actions(test.db()).await.len()).unwrap(),
        unsealed: 0,
        broken_at: None,
    };
    assert_eq!(verify(&test.app).await.unwrap(), all);
}

async fn take(test: &TestApp, user: UserId, key: &str, at: Timestamp) -> Known {
    let claim = Claim {
        user,
        key: key.to_owned(),
        route: "POST /x".to_owned(),
        body_hash: vec![1],
    };
    let taking = move |tx: &mut Tx<'_>| {
        let known = store::idempotency::take(tx, &claim, at)?;
        if known == Known::Fresh {
            store::idempotency::finish(tx, &claim, 201, "{}")?;
        }
        Ok::<_, store::Error>(known)
    };
    test.db().write(taking).await.unwrap()
}

#[tokio::test]
async fn answers_are_kept_for_seven_days() {
    let (test, ada) = instance().await;
    let oldest = BEGINNING.plus(-7 * DAY);
    take(&test, ada, "forgotten", oldest.plus(-1)).await;
    take(&test, ada, "kept", oldest).await;
    let jobs = test.app.start_jobs();
    eventually(&test, "SELECT COUNT(*) FROM idempotency", 1).await;
    jobs.stop().await;
    let answer = Known::Done(201, "{}".to_owned());
    assert_eq!(take(&test, ada, "kept", BEGINNING).await, answer);
    assert_eq!(take(&test, ada, "forgotten", BEGINNING).await, Known::Fresh);
}

#[tokio::test]
async fn ended_sessions_are_removed() {
    let (test, _) = instance().await;
    sign_in(&test, EMAIL).await;
    let staying = Credentials {
        stay: true,
        ..typed(EMAIL, PASSWORD)
    };
    let staying = login::sign_in(&test.app, &staying, &Request::default())
        .await
        .unwrap();
    test.clock.advance(8 * HOUR - 1);
    let (_, fresh) = sign_in(&test, EMAIL).await;
    test.clock.advance(1);
    let jobs = test.app.start_jobs();
    eventually(&test, "SELECT COUNT(*) FROM sessions", 2).await;
    jobs.stop().await;
    back(&test, &staying).await.unwrap();
    back(&test, &fresh).await.unwrap();
}

#[tokio::test]
async fn rows_are_sealed_while_the_server_runs() {
    let (test, ada) = instance().await;
    let jobs = test.app.start_jobs();
    eventually(&test, "SELECT COUNT(*) FROM audit_seals", 1).await;
    keys::create(&test.app, &test.actor(ada).await, &named("mine"))
        .await
        .unwrap();
    eventually(&test, "SELECT COUNT(*) FROM audit_seals", 2).await;
    jobs.stop().await;
}

#[tokio::test]
async fn a_first_use_is_written_at_once() {
    let (test, ada) = instance().await;
    let made = keys::create(&test.app, &test.actor(ada).await, &named("mine"))
        .await
        .unwrap();
    show(&test, &made.secret).await.unwrap();
    let used = "SELECT COUNT(*) FROM api_keys WHERE last_used_at IS NOT NULL";
    eventually(&test, used, 1).await;
}
