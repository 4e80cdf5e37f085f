//! The first person of an instance.

use crate::support::{EMAIL, PASSWORD, actions, back, code, dump, instance, owner, refused, wrong_fields};
use app::setup::{self, Owner};
use app::{Error, Keyring, OsRandom, Request};
use testkit::app::TestApp;

async fn complete(test: &TestApp, token: &str, owner: &Owner) -> app::Result<app::login::SignedIn> {
    setup::complete(&test.app, token, owner, None, &Request::default()).await
}

#[tokio::test]
async fn the_link_is_good_until_the_next_one_is_made() {
    let test = TestApp::new().await;
    let first = setup::link_token(&test.app).await.unwrap().unwrap();
    assert!(setup::is_open(&test.app, &first).await.unwrap());
    let second = setup::link_token(&test.app).await.unwrap().unwrap();
    assert_ne!(first, second);
    for (token, is_open) in [
        (first.as_str(), false),
        (&second, true),
        ("", false),
        ("x", false),
    ] {
        assert_eq!(
            setup::is_open(&test.app, token).await.unwrap(),
            is_open,
            "{token}"
        );
    }
    assert_eq!(code(complete(&test, &first, &owner()).await), "not_found");
    assert!(!setup::is_done(&test.app).await.unwrap());
    assert!(!dump(test.db()).await.contains(&second));
}

#[tokio::test]
async fn the_link_makes_one_owner_and_signs_in() {
    let test = TestApp::new().await;
    let token = setup::link_token(&test.app).await.unwrap().unwrap();
    let signed_in = complete(&test, &token, &owner()).await.unwrap();
    let actor = back(&test, &signed_in).await.unwrap();
    assert!(actor.is_admin());
    assert_eq!(
        (actor.user.name.as_str(), actor.user.email.as_str(), actor.user.id),
        ("Ada", EMAIL, signed_in.user)
    );
    assert_eq!(actions(test.db()).await, ["instance.set_up", "user.signed_in"]);

    assert!(setup::is_done(&test.app).await.unwrap());
    assert!(!setup::is_open(&test.app, &token).await.unwrap());
    assert_eq!(setup::link_token(&test.app).await.unwrap(), None);
    let other = Owner {
        email: "eve@demo.example".to_owned(),
        ..owner()
    };
    assert_eq!(code(complete(&test, &token, &other).await), "not_found");
    assert_eq!(actions(test.db()).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_make_one_owner() {
    let test = TestApp::new().await;
    let token = setup::link_token(&test.app).await.unwrap().unwrap();
    let ada = owner();
    let other = Owner {
        email: "eve@demo.example".to_owned(),
        ..owner()
    };
    let (by_link, by_other, by_command) = tokio::join!(
        complete(&test, &token, &ada),
        complete(&test, &token, &other),
        setup::init(&test.app, &ada),
    );
    let results = [by_link.map(drop), by_other.map(drop), by_command.map(drop)];
    let won = results.iter().filter(|r| r.is_ok()).count();
    assert_eq!(won, 1, "{results:?}");
    for lost in results.into_iter().filter(Result::is_err) {
        let lost = code(lost);
        assert!(["already_set_up", "not_found"].contains(&lost), "{lost}");
    }
    let people = test.db().read(store::user::count_people).await.unwrap();
    assert_eq!(people, 1);
}

#[tokio::test]
async fn the_address_of_the_link_becomes_the_instance_s() {
    let keyring = Keyring::generate(&OsRandom);
    let test = TestApp::with_keyring(&keyring).await;
    let token = setup::link_token(&test.app).await.unwrap().unwrap();
    let url = Some("https://attest.example/");
    setup::complete(&test.app, &token, &owner(), url, &Request::default())
        .await
        .unwrap();
    assert_eq!(test.app.public_url().as_deref(), Some("https://attest.example"));

    let restarted = test.server(&keyring).await;
    assert_eq!(restarted.public_url().as_deref(), Some("https://attest.example"));
    restarted.set_public_url("https://configured.example/");
    assert_eq!(
        restarted.public_url().as_deref(),
        Some("https://configured.example")
    );
}

#[tokio::test]
async fn a_configured_address_stays() {
    let test = TestApp::new().await;
    test.app.set_public_url("https://configured.example");
    let token = setup::link_token(&test.app).await.unwrap().unwrap();
    let url = Some("http://192.0.2.7");
    setup::complete(&test.app, &token, &owner(), url, &Request::default())
        .await
        .unwrap();
    assert_eq!(
        test.app.public_url().as_deref(),
        Some("https://configured.example")
    );
}

#[tokio::test]
async fn all_wrong_fields_are_named_and_the_link_stays() {
    let test = TestApp::new().await;
    let token = setup::link_token(&test.app).await.unwrap().unwrap();
    let before = dump(test.db()).await;
    for weak in ["", "short", "password1", "ada@demo.example", "adaadaada"] {
        let owner = Owner {
            password: weak.to_owned(),
            ..owner()
        };
        assert_eq!(
            wrong_fields(complete(&test, &token, &owner).await),
            ["password"],
            "{weak}"
        );
        assert_eq!(
            wrong_fields(setup::init(&test.app, &owner).await),
            ["password"],
            "{weak}"
        );
    }
    let nobody = Owner {
        name: " ".to_owned(),
        email: "nobody".to_owned(),
        password: "12345678".to_owned(),
    };
    let named = wrong_fields(complete(&test, &token, &nobody).await);
    assert_eq!(named, ["name", "email", "password"]);
    assert_eq!(dump(test.db()).await, before);
    complete(&test, &token, &owner()).await.unwrap();
}

#[tokio::test]
async fn the_command_line_sets_up_once() {
    let test = TestApp::new().await;
    let token = setup::link_token(&test.app).await.unwrap().unwrap();
    setup::init(&test.app, &owner()).await.unwrap();
    assert_eq!(code(complete(&test, &token, &owner()).await), "not_found");
    let again = refused(setup::init(&test.app, &owner()).await);
    assert!(matches!(again, Error::Conflict("already_set_up", _)), "{again:?}");
    assert_eq!(again.status(), 409);
    assert_eq!(actions(test.db()).await, ["instance.set_up"]);
}

#[tokio::test]
async fn the_password_is_nowhere_in_the_database() {
    let (test, _) = instance().await;
    let dump = dump(test.db()).await;
    assert!(dump.contains("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert!(!dump.contains(PASSWORD));
}
