//! API keys: made, shown once, replaced, revoked.

use super::{Answer, PASSWORD, Site};
use app::{Reason, Request};
use model::clock::{DAY, MINUTE};

const KEYS: &str = "/users/profile/api";

fn form<'a>(name: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![("scope", "results:write"), ("name", name), ("expires", "365")];
    for (field, value) in more {
        form.retain(|(f, _)| f != field);
        form.push((field, value));
    }
    form
}

/// The key in the page that shows it.
fn secret(answer: &Answer) -> String {
    let at = answer.html.find("value=\"att_usr_").unwrap() + 7;
    answer.html[at..at + model::key::LENGTH].to_owned()
}

async fn works(site: &Site, secret: &str) -> Result<(), app::Error> {
    app::keys::authenticate(&site.test.app, secret, &Request::default())
        .await
        .map(drop)
}

#[tokio::test]
async fn a_key_is_shown_once_and_works() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    browser
        .get("/users/profile")
        .await
        .is(200)
        .has(">API access</span>")
        .has("0 API keys")
        .has(">change</a>");
    browser
        .get(KEYS)
        .await
        .is(200)
        .has("You have no key yet.")
        .lacks("id=\"password\"");
    let answer = browser.post(KEYS, &form("Nightly CI", &[])).await;
    let key = secret(
        answer
            .is(200)
            .has("Copy it now. It cannot be shown again.")
            .has("/api/v1/user"),
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    works(&site, &key).await.unwrap();
    for page in [KEYS, "/users/profile", "/projects"] {
        browser.get(page).await.is(200).lacks(&key);
    }
    let last4 = &key[key.len() - 4..];
    browser
        .get(KEYS)
        .await
        .has(&format!("att_usr_…{last4}"))
        .has("Nightly CI")
        .has("Submit test results")
        .has("in 1 year");
    // The browser sends the form again when the page is loaded again: no second key, no secret.
    browser
        .post(KEYS, &form("Nightly CI", &[]))
        .await
        .is(422)
        .has("id=\"name-error\"")
        .lacks(&key);
}

#[tokio::test]
async fn pages_are_compressed_but_never_the_one_with_the_key() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let encoding = |answer: &Answer| answer.header("content-encoding").to_owned();
    let accept = ("accept-encoding", "br");
    let list = browser
        .ask(http::Method::GET, KEYS, &[accept], axum::body::Body::empty())
        .await;
    assert_eq!(encoding(&list), "br");
    let headers = [
        accept,
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    let body = axum::body::Body::from("scope=read&name=x&expires=30");
    let made = browser.ask(http::Method::POST, KEYS, &headers, body).await;
    assert_eq!((made.status.as_u16(), encoding(&made).as_str()), (200, ""));
    secret(&made);
}

#[tokio::test]
async fn what_is_missing_is_said_and_what_was_typed_stays() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let answer = browser
        .post(
            KEYS,
            &[("name", " "), ("expires", "date"), ("expires_at", "soon")],
        )
        .await;
    answer
        .is(422)
        .has("Choose what the key is for.")
        .has("Give the key a name.")
        .has("Choose the last day of the key");
    let wrong = [
        ("expires", "date"),
        ("expires_at", "2001-01-01"),
        ("addresses", "10.0.0.7\nhome"),
        ("scope", "read"),
    ];
    let answer = browser.post(KEYS, &form("<b>Laptop</b>", &wrong)).await;
    answer
        .is(422)
        .has("home is no address or network")
        .has("value=\"&lt;b&gt;Laptop&lt;/b&gt;\"")
        .has("10.0.0.7\nhome</textarea>");
    answer
        .has("value=\"2001-01-01\"")
        .has("value=\"read\" required checked");
}

#[tokio::test]
async fn limits_and_ends_are_those_of_the_form() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    browser.post("/projects/new", &[("name", "One")]).await.is(303);
    browser.post("/projects/new", &[("name", "Two")]).await.is(303);
    let more = [
        ("expires", "never"),
        ("projects", "2"),
        ("addresses", "10.0.0.0/8, 192.0.2.7"),
    ];
    let answer = browser.post(KEYS, &form("Limited", &more)).await;
    answer
        .is(200)
        .has("<dd>Two</dd>")
        .has("<dd>10.0.0.0/8, 192.0.2.7</dd>")
        .has("<dd>never</dd>");
    browser
        .get(KEYS)
        .await
        .has("in 1 project, from 2 addresses")
        .has("No expiry");
    let answer = browser
        .post(
            KEYS,
            &form("Dated", &[("expires", "date"), ("expires_at", "2026-12-31")]),
        )
        .await;
    answer.is(200).has("1 Jan 2027");
    browser
        .post(KEYS, &form("Foreign", &[("projects", "99")]))
        .await
        .is(422)
        .has("id=\"projects-error\"");
}

#[tokio::test]
async fn the_password_is_asked_for_again_after_ten_minutes() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    site.test.clock.advance(11 * MINUTE);
    browser.get(KEYS).await.is(200).has("id=\"password\"");
    browser
        .post(KEYS, &form("A", &[]))
        .await
        .is(422)
        .has("Give your password again")
        .lacks("att_usr_");
    browser
        .post(KEYS, &form("A", &[("password", "wrong")]))
        .await
        .is(422)
        .has("This is not your password.");
    site.test.clock.advance(MINUTE);
    secret(
        browser
            .post(KEYS, &form("A", &[("password", PASSWORD)]))
            .await
            .is(200),
    );
    secret(browser.post(KEYS, &form("B", &[])).await.is(200));
}

#[tokio::test]
async fn a_key_is_revoked_after_a_question() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let key = secret(&browser.post(KEYS, &form("Old \"key\"", &[])).await);
    browser
        .get("/users/profile/api/1/revoke")
        .await
        .is(200)
        .has("Revoke “Old &quot;key&quot;”?");
    works(&site, &key).await.unwrap();
    browser
        .post("/users/profile/api/1/revoke", &[("reason", "left")])
        .await
        .leads_to("/users/profile/api?revoked=1");
    let refused = works(&site, &key).await.unwrap_err();
    assert!(
        matches!(refused, app::Error::Unauthenticated(Reason::Revoked)),
        "{refused:?}"
    );
    browser
        .get("/users/profile/api?revoked=1")
        .await
        .is(200)
        .has("“Old &quot;key&quot;” is revoked.")
        .has("You have no key yet.");
    browser
        .get("/users/profile/api?revoked=%3Cb%3E")
        .await
        .is(200)
        .lacks("is revoked");
    browser.get("/users/profile/api/1/revoke").await.is(404);
    browser.get("/users/profile/api/99/revoke").await.is(404);
    browser.get("/users/profile/api/x/revoke").await.is(404);
}

#[tokio::test]
async fn a_key_is_rotated_with_an_overlap() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let old = secret(&browser.post(KEYS, &form("CI", &[])).await);
    browser
        .get("/users/profile/api/1/rotate")
        .await
        .is(200)
        .has("Rotate “CI”")
        .has("value=\"1d\" checked");
    browser
        .post("/users/profile/api/1/rotate", &[("overlap", "3 years")])
        .await
        .is(422)
        .has("Choose how long");
    let answer = browser
        .post("/users/profile/api/1/rotate", &[("overlap", "1d")])
        .await;
    let new = secret(
        answer
            .is(200)
            .has("Key rotated")
            .has("The key that it replaces works until 3 Nov 2026"),
    );
    assert_ne!(old, new);
    works(&site, &old).await.unwrap();
    works(&site, &new).await.unwrap();
    site.test.clock.advance(DAY);
    works(&site, &old).await.unwrap_err();
    works(&site, &new).await.unwrap();
}

#[tokio::test]
async fn keys_of_others_are_not_there() {
    let site = Site::new().await;
    site.signed_in()
        .await
        .post(KEYS, &form("Mine", &[]))
        .await
        .is(200);
    let other = site.person("otto").await;
    for path in ["/users/profile/api/1/revoke", "/users/profile/api/1/rotate"] {
        other.get(path).await.is(404);
        other.post(path, &[("overlap", "0")]).await.is(404);
    }
    other
        .get("/users/profile/api?revoked=1")
        .await
        .is(200)
        .lacks("Mine");
}
