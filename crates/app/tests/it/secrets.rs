//! Nothing in the database is of use to who reads or writes it (`security.md` B1, B2).

use crate::keys::named;
use crate::support::{EMAIL, PASSWORD, code, dump, execute, instance, refused, show, sign_in};
use app::{Error, Keyring, OsRandom, Reason, keys};
use model::clock::DAY;
use model::{KeyId, Scope, UserId};
use sha2::{Digest as _, Sha256};
use store::{Tx, args};
use testkit::app::{BEGINNING, TestApp};

/// Length of the pieces of a secret that are looked for. The last four characters are stored.
const PIECE: usize = 8;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, b| format!("{hex}{b:02x}"))
}

/// Looks for every piece of a secret, as text and as bytes.
fn assert_absent(dump: &str, secret: &str) {
    let lower = dump.to_lowercase();
    for at in 0..=secret.len() - PIECE {
        let piece = &secret[at..at + PIECE];
        assert!(!dump.contains(piece), "{piece} is in the database");
        assert!(
            !lower.contains(&hex(piece.as_bytes())),
            "{piece} is in the database, as bytes"
        );
    }
}

async fn digest(test: &TestApp, id: KeyId) -> (String, Vec<u8>) {
    let reading = move |tx: &mut Tx<'_>| {
        let sql = "SELECT pepper_version, digest FROM api_keys WHERE id = $1";
        tx.one(sql, args![id.0], |row| Ok((row.get(0)?, row.get(1)?)))
    };
    test.db().read(reading).await.unwrap()
}

#[tokio::test]
async fn no_part_of_a_secret_is_in_the_database() {
    let (test, _) = instance().await;
    let (actor, device) = sign_in(&test, EMAIL).await;
    let mut secrets = Vec::new();
    for n in 0..20 {
        let made = keys::create(&test.app, &actor, &named(&format!("key {n}")))
            .await
            .unwrap();
        show(&test, &made.secret).await.unwrap();
        let id = made.key.id;
        match n % 4 {
            0 => keys::revoke(&test.app, &actor, id, Some("lost")).await.unwrap(),
            1 => secrets.push(keys::rotate(&test.app, &actor, id, 0).await.unwrap().secret),
            2 => secrets.push(keys::rotate(&test.app, &actor, id, DAY).await.unwrap().secret),
            _ => {}
        }
        secrets.push(made.secret);
    }
    test.app.start_jobs().stop().await;
    let dump = dump(test.db()).await;
    assert!(dump.contains("key 19") && dump.contains("key.rotated"), "{dump}");
    for secret in &secrets {
        // What all keys begin with is no secret.
        assert_absent(&dump, &secret["att_usr_".len()..]);
        assert!(!dump.to_lowercase().contains(&hex(&Sha256::digest(secret))));
    }
    assert_absent(&dump, &device.cookie);
    assert_absent(&dump, &device.device);
    assert_absent(&dump, PASSWORD);
}

#[tokio::test]
async fn a_digest_is_neither_the_key_nor_its_hash() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let made = keys::create(&test.app, &actor, &named("mine")).await.unwrap();
    let (version, digest) = digest(&test, made.key.id).await;
    assert_eq!((version.as_str(), digest.len()), ("k1", 32));
    assert_ne!(digest, made.secret.as_bytes()[..32]);
    assert_ne!(digest, Sha256::digest(&made.secret).as_slice());
    assert_ne!(
        digest,
        Sha256::digest(format!("apikey.v1\0{}", made.secret)).as_slice()
    );
}

/// Somebody who may write to the database makes a key of Ada's.
async fn plant(test: &TestApp, user: UserId, name: &'static str, digest: Vec<u8>) {
    let inserting = move |tx: &mut Tx<'_>| {
        let new = store::key::NewKey {
            user_id: user,
            name: name.to_owned(),
            digest: digest.clone(),
            pepper_version: "k1".to_owned(),
            last4: "0000".to_owned(),
            scope: Scope::Full,
            projects: None,
            addresses: None,
            expires_at: None,
            created_by: user,
            previous_id: None,
        };
        store::key::insert(tx, &new, BEGINNING)
    };
    test.db().write(inserting).await.unwrap();
}

#[tokio::test]
async fn a_planted_row_is_no_key() {
    let (test, ada) = instance().await;
    let secret = model::key::generate(model::key::Kind::User, || 7);
    plant(&test, ada, "hash", Sha256::digest(&secret).to_vec()).await;
    plant(&test, ada, "plain", secret.clone().into_bytes()).await;
    plant(&test, ada, "empty", Vec::new()).await;
    let error = refused(show(&test, &secret).await);
    assert!(
        matches!(error, Error::Unauthenticated(Reason::Unknown)),
        "{error:?}"
    );

    // One made by a server of their own, which has the whole database but not the keyring.
    let theirs = test.server(&Keyring::generate(&OsRandom)).await;
    let actor = test.actor(ada).await;
    let planted = keys::create(&theirs, &actor, &named("theirs")).await.unwrap();
    keys::authenticate(&theirs, &planted.secret, &app::Request::default())
        .await
        .unwrap();
    let error = refused(show(&test, &planted.secret).await);
    assert!(
        matches!(error, Error::Unauthenticated(Reason::Unknown)),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_planted_session_is_no_session() {
    let (test, ada) = instance().await;
    let (_, device) = sign_in(&test, EMAIL).await;
    let theirs = test.server(&Keyring::generate(&OsRandom)).await;
    let theirs = app::login::sign_in(
        &theirs,
        &crate::support::typed(EMAIL, PASSWORD),
        &app::Request::default(),
    )
    .await
    .unwrap();
    assert_eq!(theirs.user, ada);
    assert_eq!(
        code(crate::support::back(&test, &theirs).await),
        "unauthenticated"
    );
    crate::support::back(&test, &device).await.unwrap();
}

/// What else stands in the row is for people.
#[tokio::test]
async fn a_row_is_found_by_its_digest_alone() {
    let (test, ada) = instance().await;
    let actor = test.actor(ada).await;
    let made = keys::create(&test.app, &actor, &named("mine")).await.unwrap();
    for change in ["last4 = 'zzzz'", "pepper_version = 'k9'", "name = 'other'"] {
        execute(test.db(), format!("UPDATE api_keys SET {change}"))
            .await
            .unwrap();
        show(&test, &made.secret).await.unwrap();
    }
    let zero = if test.db().is_postgres() {
        "'\\x00'"
    } else {
        "X'00'"
    };
    execute(test.db(), format!("UPDATE api_keys SET digest = {zero}"))
        .await
        .unwrap();
    assert_eq!(code(show(&test, &made.secret).await), "unauthenticated");
}
