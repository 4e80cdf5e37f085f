//! What slows down those who guess keys, and what a known key costs the database.

use crate::keys::named;
use crate::support::{EMAIL, back, from, instance, number, refused, show, sign_in};
use app::keys::{self, NewKey};
use app::{Error, Reason};
use model::clock::{MINUTE, SECOND};
use testkit::app::{BEGINNING, TestApp};

fn guess(n: u8) -> String {
    model::key::generate(model::key::Kind::User, || n)
}

async fn is_slowed(test: &TestApp, secret: &str, ip: &str) -> Option<u64> {
    match refused(keys::authenticate(&test.app, secret, &from(ip)).await) {
        Error::Unauthenticated(Reason::Unknown) => None,
        Error::TooMany(seconds) => Some(seconds),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_31st_guess_of_a_minute_has_to_wait() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let made = keys::create(&test.app, &actor, &named("mine")).await.unwrap();
    // What has no right checksum never reaches the database, but counts.
    let mut broken = guess(7);
    broken.replace_range(20..21, "!");
    for n in 0..30 {
        let secret = if n % 2 == 0 { guess(n) } else { broken.clone() };
        assert_eq!(is_slowed(&test, &secret, "192.0.2.7").await, None, "{n}");
    }
    assert_eq!(is_slowed(&test, &broken, "192.0.2.7").await, Some(60));
    test.clock.advance(30 * SECOND + 1);
    assert_eq!(is_slowed(&test, &guess(7), "::ffff:192.0.2.7").await, Some(30));
    assert_eq!(is_slowed(&test, &guess(7), "192.0.2.8").await, None);
    // The neighbour behind the same address, with a key.
    keys::authenticate(&test.app, &made.secret, &from("192.0.2.7"))
        .await
        .unwrap();
    test.clock.advance(30 * SECOND - 1);
    assert_eq!(is_slowed(&test, &guess(7), "192.0.2.7").await, None);
}

/// A key known but over tells so, and its holder is no guesser.
#[tokio::test]
async fn an_ended_key_is_no_guess() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let made = keys::create(&test.app, &actor, &named("lost")).await.unwrap();
    keys::revoke(&test.app, &actor, made.key.id, None).await.unwrap();
    for _ in 0..40 {
        let error = refused(keys::authenticate(&test.app, &made.secret, &from("192.0.2.7")).await);
        assert!(
            matches!(error, Error::Unauthenticated(Reason::Revoked)),
            "{error:?}"
        );
    }
    assert_eq!(is_slowed(&test, &guess(1), "192.0.2.7").await, None);
}

fn writes(test: &TestApp) -> u64 {
    test.db().stats().closures
}

/// Writes what is gathered, and seals, as the server does.
async fn flush(test: &TestApp) {
    test.app.start_jobs().stop().await;
}

#[tokio::test]
async fn requests_do_not_write() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let made = keys::create(&test.app, &actor, &named("mine")).await.unwrap();
    let (_, device) = sign_in(&test, EMAIL).await;
    show(&test, &made.secret).await.unwrap();
    // The first use ever is written at once, in the background; this waits for it.
    flush(&test).await;
    assert_eq!(
        number(test.db(), "SELECT last_used_at FROM api_keys").await,
        BEGINNING.0
    );

    let before = writes(&test);
    for _ in 0..100 {
        show(&test, &made.secret).await.unwrap();
        back(&test, &device).await.unwrap();
        test.clock.advance(2 * SECOND);
        // What was begun in the background goes on.
        tokio::task::yield_now().await;
    }
    // A write of our own, which comes after those that are queued.
    app::setup::link_token(&test.app).await.unwrap();
    assert_eq!(writes(&test), before + 1);
    flush(&test).await;
    let used = number(test.db(), "SELECT last_used_at FROM api_keys").await;
    assert!(used >= BEGINNING.plus(MINUTE).0);
}

#[tokio::test]
async fn a_last_use_is_exact_to_the_minute() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let made = keys::create(&test.app, &actor, &named("mine")).await.unwrap();
    let mut written = Vec::new();
    for seconds in [0, 59, 1, 59, 61] {
        test.clock.advance(seconds * SECOND);
        show(&test, &made.secret).await.unwrap();
        flush(&test).await;
        let used = number(test.db(), "SELECT last_used_at FROM api_keys").await;
        written.push((used - BEGINNING.0) / SECOND);
    }
    assert_eq!(written, [0, 0, 60, 60, 180]);
}

/// Requests that come from elsewhere and with other limits do not count as uses.
#[tokio::test]
async fn a_refused_use_is_no_use() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let office = NewKey {
        addresses: Some(vec!["10.0.0.0/8".to_owned()]),
        ..named("office")
    };
    let made = keys::create(&test.app, &actor, &office).await.unwrap();
    refused(keys::authenticate(&test.app, &made.secret, &from("192.0.2.7")).await);
    flush(&test).await;
    let unused = number(
        test.db(),
        "SELECT COUNT(*) FROM api_keys WHERE last_used_at IS NULL",
    )
    .await;
    assert_eq!(unused, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_s_end_does_not_outrun_the_first_use() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    for n in 0..20 {
        let made = keys::create(&test.app, &actor, &named(&n.to_string()))
            .await
            .unwrap();
        // Nothing but the use is left to be written.
        flush(&test).await;
        show(&test, &made.secret).await.unwrap();
        tokio::task::yield_now().await;
        flush(&test).await;
        let key = keys::get(&test.app, &actor, made.key.id).await.unwrap();
        assert_eq!(key.last_used_at, Some(BEGINNING), "{n}");
    }
}
