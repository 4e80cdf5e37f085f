//! A second master key in the keyring: old keys go on and move to the new pepper (`security.md` A4).

use crate::keys::named;
use crate::support::{code, number, owner};
use app::{App, Keyring, OsRandom, Request, keys};
use std::sync::Arc;
use store::args;
use testkit::app::TestApp;
use tokio::task::JoinSet;

/// The text of a keyring with these master keys of `material`, in base64.
fn ring(current: &str, material: &[(&str, &str)]) -> String {
    let keys: serde_json::Map<_, _> = material
        .iter()
        .map(|(name, master)| ((*name).to_owned(), serde_json::json!(master)))
        .collect();
    serde_json::json!({ "current": current, "keys": keys }).to_string()
}

const OLD: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const NEW: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

/// Before, during and after the change of the master key.
fn rings() -> [String; 3] {
    [
        ring("k1", &[("k1", OLD)]),
        ring("k2", &[("k1", OLD), ("k2", NEW)]),
        ring("k2", &[("k2", NEW)]),
    ]
}

async fn shown(app: &App, secret: &str) -> app::Result<app::Actor> {
    keys::authenticate(app, secret, &Request::default()).await
}

async fn versions(test: &TestApp) -> Vec<String> {
    let sql = "SELECT pepper_version FROM api_keys ORDER BY id";
    test.db()
        .read(move |tx| tx.all(sql, args![], |row| row.get(0)))
        .await
        .unwrap()
}

#[tokio::test]
async fn an_old_key_goes_on_and_its_digest_moves() {
    let [before, during, after] = rings();
    let test = TestApp::with_keyring(&before).await;
    let ada = app::setup::init(&test.app, &owner()).await.unwrap();
    let actor = test.actor(ada).await;
    let used = keys::create(&test.app, &actor, &named("used")).await.unwrap();
    let unused = keys::create(&test.app, &actor, &named("unused")).await.unwrap();

    let during = test.server(&during).await;
    shown(&during, &used.secret).await.unwrap();
    shown(&during, &used.secret).await.unwrap();
    let fresh = keys::create(&during, &actor, &named("fresh")).await.unwrap();
    assert_eq!(versions(&test).await, ["k2", "k1", "k2"]);

    let after = test.server(&after).await;
    shown(&after, &used.secret).await.unwrap();
    shown(&after, &fresh.secret).await.unwrap();
    assert_eq!(code(shown(&after, &unused.secret).await), "unauthenticated");
    // The server before the change knows only what did not move.
    shown(&test.app, &unused.secret).await.unwrap();
    assert_eq!(code(shown(&test.app, &used.secret).await), "unauthenticated");
}

/// While one request moves a digest, others with the same key find it.
#[tokio::test(flavor = "multi_thread")]
async fn many_requests_at_once_move_a_digest() {
    let [before, during, _] = rings();
    let test = TestApp::with_keyring(&before).await;
    let ada = app::setup::init(&test.app, &owner()).await.unwrap();
    let actor = test.actor(ada).await;
    let during = Arc::new(test.server(&during).await);
    for round in 0..20 {
        let made = keys::create(&test.app, &actor, &named(&round.to_string()))
            .await
            .unwrap();
        let mut requests = JoinSet::new();
        for _ in 0..8 {
            let (during, secret) = (Arc::clone(&during), made.secret.clone());
            requests.spawn(async move { shown(&during, &secret).await.map(drop) });
        }
        for answer in requests.join_all().await {
            answer.unwrap();
        }
    }
    let moved = "SELECT COUNT(*) FROM api_keys WHERE pepper_version = 'k2'";
    assert_eq!(number(test.db(), moved).await, 20);
}

#[tokio::test]
async fn what_ended_under_the_old_pepper_stays_ended() {
    let [before, during, _] = rings();
    let test = TestApp::with_keyring(&before).await;
    let ada = app::setup::init(&test.app, &owner()).await.unwrap();
    let actor = test.actor(ada).await;
    let made = keys::create(&test.app, &actor, &named("lost")).await.unwrap();
    keys::revoke(&test.app, &actor, made.key.id, None).await.unwrap();
    let during = test.server(&during).await;
    let error = crate::support::refused(shown(&during, &made.secret).await);
    assert!(
        matches!(error, app::Error::Unauthenticated(app::Reason::Revoked)),
        "{error:?}"
    );
}

#[tokio::test]
async fn the_file_is_its_owner_s_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyring.json");
    Keyring::load_or_create(&path, &OsRandom).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    Keyring::load_or_create(&path, &OsRandom).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text, "it was made anew");

    // The same file, the same keys.
    let (test, ada) = (TestApp::with_keyring(&text).await, owner());
    let ada = app::setup::init(&test.app, &ada).await.unwrap();
    let made = keys::create(&test.app, &test.actor(ada).await, &named("mine"))
        .await
        .unwrap();
    shown(&test.server(&text).await, &made.secret).await.unwrap();

    std::fs::write(&path, "{}").unwrap();
    let damaged = Keyring::load_or_create(&path, &OsRandom).unwrap_err().to_string();
    assert!(damaged.contains("damaged"), "{damaged}");
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "{}",
        "a damaged keyring is never replaced"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let is = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        std::fs::write(&path, &text).unwrap();
        for open in [0o640, 0o604, 0o660] {
            is(open);
            let refused = Keyring::load_or_create(&path, &OsRandom).unwrap_err().to_string();
            assert!(refused.contains("chmod 600"), "{open:o}: {refused}");
        }
        is(0o600);
        Keyring::load_or_create(&path, &OsRandom).unwrap();
    }
}

#[test]
fn a_keyring_never_shows_its_keys() {
    let [_, during, _] = rings();
    let both = Keyring::parse(&during).unwrap();
    assert_eq!(format!("{both:?}"), "[\"k2\", \"k1\"]");
    for wrong in [
        ring("k3", &[("k1", OLD)]),
        ring("k1", &[("k1", "AQE=")]),
        ring("k1", &[("k1", "not base64")]),
        r#"{"current":"k1","keys":{},"more":1}"#.to_owned(),
    ] {
        Keyring::parse(&wrong).unwrap_err();
    }
}
