//! Every key of the instance, for its administrators.

use super::{Browser, Site};
use app::{Reason, Request};
use model::page::PageRequest;
use store::audit::{Entry, Filter};

const KEYS: &str = "/admin/api-keys";

/// Makes a key in the profile.
async fn made(browser: &Browser<'_>, name: &str, expires: &str) -> String {
    let form = [("scope", "read"), ("name", name), ("expires", expires)];
    let answer = browser.post("/users/profile/api", &form).await;
    let at = answer.html.find("value=\"att_usr_").unwrap() + 7;
    answer.html[at..at + model::key::LENGTH].to_owned()
}

async fn is_revoked(site: &Site, secret: &str) -> bool {
    let answer = app::keys::authenticate(&site.test.app, secret, &Request::default()).await;
    match answer {
        Ok(_) => false,
        Err(app::Error::Unauthenticated(Reason::Revoked)) => true,
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn administrators_see_and_filter_all_keys() {
    let site = Site::new().await;
    let (mara, otto) = (site.signed_in().await, site.person("otto").await);
    mara.get(KEYS).await.is(200).has("No keys yet").has("0 keys");
    let nightly = made(&mara, "Nightly CI", "365").await;
    let old = made(&otto, "Old =exporter", "never").await;
    let last4 = &old[old.len() - 4..];
    let all = mara.get(KEYS).await;
    all.is(200).has("Nightly CI").has("Old =exporter").has("2 keys");
    all.has(&format!("att_usr_…{last4}"))
        .has("No expiry")
        .has("Not yet");
    all.lacks(&nightly).lacks(&old);
    let endless = mara.get("/admin/api-keys?show=no-expiry").await;
    endless.has("Old =exporter").lacks("Nightly CI");
    mara.get("/admin/api-keys?show=unused").await.has("No such key");
    mara.get("/admin/api-keys?show=inactive").await.has("No such key");
    mara.get("/admin/api-keys?show=expiring").await.has("No such key");
    mara.get("/admin/api-keys?show=never")
        .await
        .has("Old =exporter")
        .has("Nightly CI");
    for text in ["OLD", "otto", last4] {
        let found = mara.get(&format!("/admin/api-keys?q={text}")).await;
        found.has("Old =exporter").lacks("Nightly CI");
    }
    mara.get("/admin/api-keys?q=%25").await.has("No such key");
    site.test.clock.advance(91 * model::clock::DAY);
    let mara = site.signed_in().await;
    mara.get("/admin/api-keys?show=unused")
        .await
        .has("Old =exporter")
        .has("<b class=\"warn\">Never</b>");
}

#[tokio::test]
async fn files_hold_what_is_filtered_and_no_secret() {
    let site = Site::new().await;
    let mara = site.signed_in().await;
    let secret = made(&mara, "=1+1", "never").await;
    made(&mara, "Other", "365").await;
    let csv = mara.get("/admin/api-keys/export.csv?show=no-expiry").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    csv.is(200).has(",'=1+1,").lacks("Other").lacks(&secret);
    assert_eq!(
        csv.header("content-disposition"),
        "attachment; filename=\"api-keys.csv\""
    );
    assert_eq!(csv.html.lines().count(), 2);
    let json = mara.get("/admin/api-keys/export.json").await;
    let all: serde_json::Value = serde_json::from_str(&json.is(200).html).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(all[1]["name"], "=1+1");
    assert_eq!(all[1]["owner_kind"], "person");
    assert_eq!(all[1]["expires_at"], serde_json::Value::Null);
    json.lacks(&secret);
    let noted = audited(&site).await;
    let exports: Vec<_> = noted.iter().filter(|e| e.action == "keys.exported").collect();
    assert_eq!(exports.len(), 2);
    assert_eq!(
        exports[0].detail.as_deref(),
        Some(r#"{"format":"csv","keys":1,"of":1,"show":"no-expiry","text":null}"#)
    );
}

/// What the audit log holds, oldest first.
async fn audited(site: &Site) -> Vec<Entry> {
    let request = PageRequest {
        page: 1,
        per_page: 100,
    };
    let filter = Filter {
        ascending: true,
        ..Filter::default()
    };
    let page = site
        .test
        .db()
        .read(move |tx| store::audit::page(tx, &filter, request))
        .await;
    page.unwrap().rows.into_iter().map(|row| row.entry).collect()
}

#[tokio::test]
async fn a_whole_key_is_never_part_of_an_address() {
    let site = Site::new().await;
    let mara = site.signed_in().await;
    let secret = made(&mara, "Nightly CI", "never").await;
    let last4 = &secret[secret.len() - 4..];
    let search = async |text: &str| mara.post("/admin/api-keys/search", &[("q", text)]).await;
    search("Nightly").await.leads_to("/admin/api-keys?q=Nightly");
    search(&format!("att_usr_…{last4}"))
        .await
        .leads_to(&format!("/admin/api-keys?q={last4}"));
    let with_remark = [("q", "CI"), ("show", "never")];
    mara.post("/admin/api-keys/search", &with_remark)
        .await
        .leads_to("/admin/api-keys?show=never&q=CI");
    for text in [&secret, &secret[..30], &format!("TOKEN={secret}")] {
        search(text).await.leads_to("/admin/api-keys?refused=key");
    }
    mara.get("/admin/api-keys?refused=key")
        .await
        .is(200)
        .has("This is a whole key.")
        .has("/admin/api-keys/found");
    for path in ["", "/export.csv", "/export.json"] {
        mara.get(&format!("{KEYS}{path}?q={secret}"))
            .await
            .leads_to("/admin/api-keys?refused=key");
    }
}

#[tokio::test]
async fn the_page_of_a_key_tells_what_was_done_to_it() {
    let site = Site::new().await;
    let (mara, otto) = (site.signed_in().await, site.person("otto").await);
    let secret = made(&otto, "Nightly <CI>", "365").await;
    let page = mara.get("/admin/api-keys/1").await;
    page.is(200)
        .has("Nightly &lt;CI&gt;")
        .has("Created")
        .has("any address");
    page.has("/admin/api-keys/revoke?key=1").lacks(&secret);
    let form = [("key", "1"), ("reason", "left the <team>")];
    mara.post("/admin/api-keys/revoke", &form)
        .await
        .leads_to("/admin/api-keys?revoked=1");
    let page = mara.get("/admin/api-keys/1").await;
    page.is(200).has("Revoked on").has("“left the &lt;team&gt;”");
    page.lacks("/admin/api-keys/revoke?key=1");
    mara.get("/admin/api-keys/99").await.is(404);
    mara.get("/admin/api-keys/x").await.is(404);
    let noted = audited(&site).await;
    let revoked: Vec<_> = noted.iter().filter(|e| e.action == "key.revoked").collect();
    assert_eq!(revoked.len(), 1);
    let (entry, who) = (revoked[0], (revoked[0].actor_name.as_str(), revoked[0].target_id));
    assert_eq!(who, ("Mara Demo", Some(1)));
    assert_eq!(entry.target_name.as_deref(), Some("Nightly <CI>"));
    assert_eq!(entry.detail.as_deref(), Some(r#"{"reason":"left the <team>"}"#));
    assert_eq!(entry.via, "session");
}

#[tokio::test]
async fn many_are_revoked_at_once_with_a_reason() {
    let site = Site::new().await;
    let (mara, otto) = (site.signed_in().await, site.person("otto").await);
    let one = made(&otto, "One", "never").await;
    let two = made(&otto, "Two", "never").await;
    let three = made(&otto, "Three", "never").await;
    let question = mara.get("/admin/api-keys/revoke?key=1&key=2").await;
    question
        .is(200)
        .has("Revoke 2 keys?")
        .has("One")
        .has("Two")
        .lacks("Three");
    let form = [("key", "1"), ("key", "2"), ("reason", " ")];
    mara.post("/admin/api-keys/revoke", &form)
        .await
        .is(422)
        .has("Say why.")
        .has("Revoke 2 keys?");
    assert!(!is_revoked(&site, &one).await);
    let form = [("key", "1"), ("key", "2"), ("reason", "left the team")];
    mara.post("/admin/api-keys/revoke", &form)
        .await
        .leads_to("/admin/api-keys?revoked=2");
    mara.get("/admin/api-keys?revoked=2")
        .await
        .has("2 keys revoked.")
        .has("Three")
        .lacks(">One<");
    assert!(is_revoked(&site, &one).await && is_revoked(&site, &two).await);
    assert!(!is_revoked(&site, &three).await);
    mara.get("/admin/api-keys/revoke?key=1").await.leads_to(KEYS);
    let form = [("key", "3"), ("key", "99"), ("reason", "all or none")];
    mara.post("/admin/api-keys/revoke", &form).await.is(404);
    assert!(!is_revoked(&site, &three).await);
    mara.get("/admin/api-keys/revoke").await.leads_to(KEYS);
}

#[tokio::test]
async fn a_key_that_was_found_is_looked_up_and_revoked() {
    let site = Site::new().await;
    let (mara, otto) = (site.signed_in().await, site.person("otto").await);
    let leaked = made(&otto, "Leaked", "never").await;
    mara.get("/admin/api-keys/found")
        .await
        .is(200)
        .has("type=\"password\"");
    let found = |secret: String| {
        let mara = &mara;
        async move { mara.post("/admin/api-keys/found", &[("secret", &secret)]).await }
    };
    let cut = leaked[..leaked.len() - 1].to_owned();
    found(cut.clone()).await.is(422).has("no whole key").lacks(&cut);
    let foreign = model::key::generate(model::key::Kind::User, || 7);
    found(foreign).await.is(422).has("no such key");
    found(format!(" {leaked}\n"))
        .await
        .leads_to("/admin/api-keys/revoke?key=1");
    let form = [("key", "1"), ("reason", "found in a log")];
    mara.post("/admin/api-keys/revoke", &form)
        .await
        .leads_to("/admin/api-keys?revoked=1");
    assert!(is_revoked(&site, &leaked).await);
    found(leaked.clone())
        .await
        .is(422)
        .has("revoked already")
        .lacks(&leaked);
}

#[tokio::test]
async fn others_learn_nothing() {
    let site = Site::new().await;
    let (mara, otto) = (site.signed_in().await, site.person("otto").await);
    let secret = made(&mara, "Nightly CI", "never").await;
    let paths = [
        KEYS,
        "/admin/api-keys/export.csv",
        "/admin/api-keys/export.json",
        "/admin/api-keys/1",
        "/admin/api-keys/revoke?key=1",
        "/admin/api-keys/found",
    ];
    for path in paths {
        otto.get(path).await.is(403).lacks("Nightly CI");
    }
    let form = [("key", "1"), ("reason", "mine now")];
    otto.post("/admin/api-keys/revoke", &form).await.is(403);
    otto.post("/admin/api-keys/found", &[("secret", &secret)])
        .await
        .is(403);
    assert!(!is_revoked(&site, &secret).await);
    otto.get("/projects").await.lacks("/admin/api-keys");
    mara.get("/projects").await.has("/admin/api-keys");
}
