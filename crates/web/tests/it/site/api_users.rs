//! API users, as administrators make and look after them.

use super::{Browser, PASSWORD, Site};
use app::{Error, Reason, Request};

const USERS: &str = "/admin/api-users";

async fn site() -> Site {
    let site = Site::new().await;
    let mara = site.signed_in().await;
    for name in ["Storefront", "Back office"] {
        mara.post("/projects/new", &[("name", name)]).await.is(303);
    }
    site
}

const FORM: [(&str, &str); 7] = [
    ("name", "CI <pipelines>"),
    ("owner_id", "1"),
    ("purpose", "Sends every build’s results"),
    ("role_id", "5"),
    ("projects", "1"),
    ("key_name", "main branch"),
    ("expires", "365"),
];

/// The form with one field of another value.
fn with<'a>(field: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    FORM.map(|(name, old)| if name == field { (name, value) } else { (name, old) })
        .to_vec()
}

fn secret(html: &str) -> String {
    let at = html.find("value=\"att_api_").unwrap() + 7;
    html[at..at + model::key::LENGTH].to_owned()
}

async fn made(browser: &Browser<'_>) -> String {
    let answer = browser.post("/admin/api-users/new", &FORM).await;
    secret(&answer.is(200).html)
}

async fn show(site: &Site, key: &str) -> app::Result<app::Actor> {
    app::keys::authenticate(&site.test.app, key, &Request::default()).await
}

async fn actions(site: &Site) -> Vec<String> {
    let all = |tx: &mut store::Tx<'_>| {
        tx.all("SELECT action FROM audit ORDER BY id", &[], |r| {
            r.get::<String>(0)
        })
    };
    site.test.db().read(all).await.unwrap()
}

async fn set_edition(site: &Site, json: &'static str) {
    let put = move |tx: &mut store::Tx<'_>| store::setting::put(tx, store::setting::EDITION, json);
    site.test.db().write(put).await.unwrap();
}

#[tokio::test]
async fn one_form_makes_an_api_user_with_its_key() {
    let site = site().await;
    let mara = site.signed_in().await;
    mara.get(USERS).await.is(200).has("No API users yet");
    mara.get("/admin/api-users/new")
        .await
        .is(200)
        .has("Results submitter")
        .has("add, edit and delete results and automation")
        .has("sign in to these pages or reset a password")
        .has("Back office");
    let answer = mara.post("/admin/api-users/new", &FORM).await;
    answer.is(200).has("Key created").has("CI &lt;pipelines&gt;");
    assert_eq!(answer.header("cache-control"), "no-store");
    let key = secret(&answer.html);
    let actor = show(&site, &key).await.unwrap();
    assert!(actor.user.is_api && !actor.user.is_admin);
    let page = mara.get("/admin/api-users/2").await;
    page.is(200)
        .has("CI &lt;pipelines&gt;")
        .has("Mara Demo")
        .has("Sends every build’s results")
        .has("main branch")
        .lacks(&key);
    page.has("Results submitter")
        .has("Storefront")
        .lacks("Back office");
    let list = mara.get(USERS).await;
    list.is(200)
        .has("CI &lt;pipelines&gt;")
        .has("Storefront")
        .lacks(&key);
    let all = actions(&site).await;
    assert_eq!(all[all.len() - 2..], ["api_user.created", "key.created"]);
    mara.get("/admin/api-keys")
        .await
        .has("main branch")
        .has("API user");
}

#[tokio::test]
async fn what_is_wrong_makes_nothing() {
    let site = site().await;
    let mara = site.signed_in().await;
    let send = async |form: &[(&str, &str)]| mara.post("/admin/api-users/new", form).await;
    let empty = send(&[]).await;
    empty
        .is(422)
        .has("Give the API user a name.")
        .has("Choose what it may do.");
    empty
        .has("Choose at least one project.")
        .has("Give the key a name.");
    empty.has("Say what it is for.").has("Choose who answers for it.");
    send(&with("owner_id", "99"))
        .await
        .is(422)
        .has("no active person");
    send(&with("role_id", "99")).await.is(422);
    send(&with("projects", "99")).await.is(422);
    send(&with("expires", "date"))
        .await
        .is(422)
        .has("Choose the last day");
    // The key is refused after the user was written: both or none.
    let policy = |tx: &mut store::Tx<'_>| {
        store::setting::put(
            tx,
            store::setting::KEY_POLICY,
            r#"{"max_days": 30, "is_expiry_required": true}"#,
        )
    };
    site.test.db().write(policy).await.unwrap();
    let late = send(&FORM).await;
    late.is(422)
        .has("Keys of this instance end by")
        .has("Sends every build’s results");
    mara.get(USERS).await.has("No API users yet");
    assert!(!actions(&site).await.contains(&"api_user.created".to_owned()));
    send(&with("expires", "30")).await.is(200);
}

#[tokio::test]
async fn keys_of_an_api_user_are_made_rotated_and_rest_with_it() {
    let site = site().await;
    let mara = site.signed_in().await;
    let first = made(&mara).await;
    mara.get("/admin/api-users/2/keys/new").await.is(200);
    let form = [("name", "main branch"), ("expires", "30")];
    mara.post("/admin/api-users/2/keys/new", &form)
        .await
        .is(422)
        .has("active key of this name");
    let form = [("name", "release"), ("expires", "never")];
    let answer = mara.post("/admin/api-users/2/keys/new", &form).await;
    let second = secret(&answer.is(200).html);
    // The key that was refused may have taken a number.
    let page = mara.get("/admin/api-users/2").await.html;
    let links = page.split("/admin/api-users/2/keys/").skip(1);
    let numbers = links.filter_map(|rest| rest.split_once("/rotate")?.0.parse::<i64>().ok());
    let rotate = format!("/admin/api-users/2/keys/{}/rotate", numbers.max().unwrap());
    mara.get(&rotate).await.is(200).has("release");
    mara.post(&rotate, &[("overlap", "9y")]).await.is(422);
    let answer = mara.post(&rotate, &[("overlap", "0")]).await;
    let third = secret(&answer.is(200).html);
    let gone = show(&site, &second).await;
    assert!(matches!(
        gone.err(),
        Some(Error::Unauthenticated(Reason::Revoked))
    ));
    for key in [&first, &third] {
        show(&site, key).await.unwrap();
    }
    mara.get("/admin/api-users/2/deactivate")
        .await
        .is(200)
        .has("Deactivate “CI &lt;pipelines&gt;”?");
    mara.post("/admin/api-users/2/deactivate", &[])
        .await
        .leads_to("/admin/api-users/2");
    mara.get("/admin/api-users/2").await.has("is not active");
    mara.get(USERS).await.has("Inactive");
    for key in [&first, &third] {
        let rests = show(&site, key).await;
        assert!(matches!(
            rests.err(),
            Some(Error::Unauthenticated(Reason::OwnerInactive))
        ));
    }
    mara.post("/admin/api-users/2/activate", &[])
        .await
        .leads_to("/admin/api-users/2");
    show(&site, &first).await.unwrap();
    // Keys of people are none of an API user, and people are no API users.
    for path in [
        "/admin/api-users/1",
        "/admin/api-users/x",
        "/admin/api-users/2/keys/99/rotate",
    ] {
        mara.get(path).await.is(404);
    }
    mara.post("/admin/api-users/1/keys/new", &[("name", "k"), ("expires", "30")])
        .await
        .is(404);
}

#[tokio::test]
async fn the_standard_edition_offers_none_and_says_why() {
    let site = site().await;
    let mara = site.signed_in().await;
    let key = made(&mara).await;
    set_edition(&site, "\"standard\"").await;
    mara.get(USERS)
        .await
        .is(200)
        .has("The Standard edition has no API users.")
        .lacks("New API user");
    mara.get("/admin/api-users/2")
        .await
        .has("The Standard edition has no API users.")
        .lacks("New key");
    mara.get("/admin/api-users/new").await.leads_to(USERS);
    mara.get("/admin/api-users/2/keys/new")
        .await
        .leads_to("/admin/api-users/2");
    mara.post("/admin/api-users/new", &with("name", "Second"))
        .await
        .is(403);
    mara.post("/admin/api-users/2/keys/new", &[("name", "k"), ("expires", "30")])
        .await
        .is(403);
    let rests = show(&site, &key).await;
    assert!(matches!(
        rests.err(),
        Some(Error::Unauthenticated(Reason::Suspended))
    ));
    set_edition(&site, "\"business\"").await;
    show(&site, &key).await.unwrap();
}

#[tokio::test]
async fn others_see_and_do_nothing() {
    let site = site().await;
    let (mara, otto) = (site.signed_in().await, site.person("otto").await);
    let key = made(&mara).await;
    let id = show(&site, &key).await.unwrap().user.id;
    let one = format!("{USERS}/{id}");
    let paths = ["", "/new"].map(|p| format!("{USERS}{p}"));
    let more = ["", "/deactivate", "/keys/new", "/keys/1/rotate"].map(|p| format!("{one}{p}"));
    for path in paths.iter().chain(&more) {
        otto.get(path).await.is(403).lacks("pipelines");
    }
    let before = actions(&site).await;
    otto.post("/admin/api-users/new", &FORM).await.is(403);
    otto.post(&format!("{one}/deactivate"), &[]).await.is(403);
    otto.post(&format!("{one}/activate"), &[]).await.is(403);
    let form = [("name", "mine"), ("expires", "30")];
    otto.post(&format!("{one}/keys/new"), &form).await.is(403);
    let form = [("overlap", "0")];
    otto.post(&format!("{one}/keys/1/rotate"), &form).await.is(403);
    assert_eq!(actions(&site).await, before);
    site.browser().get(USERS).await.is(303);
}

#[tokio::test]
async fn the_password_is_asked_for_after_ten_minutes() {
    let site = site().await;
    let mara = site.signed_in().await;
    site.test.clock.advance(11 * model::clock::MINUTE);
    mara.get("/admin/api-users/new").await.has("Your password");
    mara.post("/admin/api-users/new", &FORM)
        .await
        .is(422)
        .has("Give your password again");
    let mut form = FORM.to_vec();
    form.push(("password", PASSWORD));
    mara.post("/admin/api-users/new", &form).await.is(200);
}
