//! Set-up, signing in and out, devices, account.

use super::{EMAIL, PASSWORD, Site};
use model::clock::{DAY, HOUR};

#[tokio::test]
async fn the_set_up_link_makes_the_first_person_and_adopts_the_address() {
    let site = Site::empty().await;
    let browser = site.browser();
    browser.get("/login").await.is(200).has("This instance is new.");
    let token = app::setup::link_token(&site.test.app).await.unwrap().unwrap();
    let link = format!("/setup/{token}");
    browser.get("/setup/wrong").await.is(404);
    browser
        .get(&link)
        .await
        .is(200)
        .has("http://127.0.0.1:8080")
        .has("not encrypted");

    let wrong = [
        ("name", "Mara \"Demo\""),
        ("email", "mara"),
        ("password", "12345678"),
    ];
    let answer = browser.post(&link, &wrong).await;
    answer
        .is(422)
        .has("role=\"alert\"")
        .has("value=\"Mara &quot;Demo&quot;\"")
        .has("id=\"email-error\"");
    answer.has("id=\"password-error\"").lacks("12345678");

    let right = [("name", "Mara Demo"), ("email", EMAIL), ("password", PASSWORD)];
    browser.post(&link, &right).await.leads_to("/projects");
    assert_eq!(
        site.test.app.public_url().as_deref(),
        Some("http://127.0.0.1:8080")
    );
    browser.get("/projects").await.is(200).has("Mara Demo");
    browser.get(&link).await.is(404);
    site.browser().post(&link, &right).await.is(404);
}

#[tokio::test]
async fn nobody_learns_whether_address_or_password_was_wrong() {
    let site = Site::new().await;
    let browser = site.browser();
    let wrong = browser
        .post("/login", &[("email", EMAIL), ("password", "no")])
        .await;
    let unknown = browser
        .post("/login", &[("email", "nobody@demo.example"), ("password", "no")])
        .await;
    wrong.is(422).has("Address or password are not right.");
    assert_eq!(
        wrong.html.replace(EMAIL, ""),
        unknown.html.replace("nobody@demo.example", "")
    );
    assert!(wrong.cookies().is_empty() && unknown.cookies().is_empty());
}

#[tokio::test]
async fn signing_in_leads_to_where_one_wanted_to_go_but_never_away() {
    let site = Site::new().await;
    let browser = site.browser();
    browser
        .get("/projects?page=2")
        .await
        .leads_to("/login?next=%2Fprojects%3Fpage%3D2");
    browser
        .get("/login?next=%2Fprojects%3Fpage%3D2")
        .await
        .is(200)
        .has("name=\"next\" value=\"/projects?page=2\"");
    let next = |next: &'static str| [("email", EMAIL), ("password", PASSWORD), ("next", next)];
    browser
        .post("/login", &next("/projects?page=2"))
        .await
        .leads_to("/projects?page=2");
    for away in [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/\tx",
        "javascript:alert(1)",
        "",
    ] {
        site.browser()
            .post("/login", &next(away))
            .await
            .leads_to("/projects");
    }
    browser
        .get("/login?next=//evil.example")
        .await
        .leads_to("/projects");
}

#[tokio::test]
async fn cookies_are_bound_as_tightly_as_the_connection_allows() {
    let site = Site::new().await;
    let plain = site.browser();
    let answer = plain.sign_in().await;
    let session = answer
        .cookies()
        .into_iter()
        .find(|c| c.starts_with("att_sid="))
        .unwrap()
        .to_owned();
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Lax"), "{session}");

    let mut secure = site.browser();
    secure.is_https = true;
    let answer = secure.sign_in().await;
    for name in ["__Host-att_sid=", "__Host-att_device="] {
        let cookie = answer
            .cookies()
            .into_iter()
            .find(|c| c.starts_with(name))
            .unwrap();
        assert!(
            cookie.contains("; Path=/; HttpOnly; SameSite=Lax") && cookie.contains("; Secure"),
            "{cookie}"
        );
    }
    secure.get("/projects").await.is(200);
    let downgraded = site.browser();
    downgraded.set_cookie("att_sid", &secure.cookie("__Host-att_sid").unwrap());
    downgraded.get("/projects").await.is(200);
    let mut planted = site.browser();
    planted.is_https = true;
    planted.set_cookie("att_sid", &plain.cookie("att_sid").unwrap());
    planted.get("/projects").await.is(303);
}

#[tokio::test]
async fn a_session_ends_with_the_browser_unless_one_stays() {
    let site = Site::new().await;
    let browser = site.browser();
    let answer = browser
        .post(
            "/login",
            &[("email", EMAIL), ("password", PASSWORD), ("stay", "yes")],
        )
        .await;
    let session = answer
        .cookies()
        .into_iter()
        .find(|c| c.starts_with("att_sid="))
        .unwrap()
        .to_owned();
    assert!(session.contains("Max-Age=1209600"), "{session}");
    site.test.clock.advance(9 * HOUR);
    browser.get("/projects").await.is(200);
    let short = site.signed_in().await;
    site.test.clock.advance(9 * HOUR);
    short.get("/projects").await.is(303);
    site.test.clock.advance(14 * DAY);
    browser.get("/projects").await.is(303);
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let cookie = browser.cookie("att_sid").unwrap();
    let answer = browser.post("/logout", &[]).await;
    answer.leads_to("/login");
    assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"");
    assert_eq!(browser.cookie("att_sid"), None);
    browser.set_cookie("att_sid", &cookie);
    browser.get("/projects").await.is(303);
}

#[tokio::test]
async fn devices_are_listed_and_signed_out() {
    let site = Site::new().await;
    let here = site.signed_in().await;
    let mut there = site.browser();
    there.agent =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1";
    there.sign_in().await;
    let page = here.get("/users/profile/security").await;
    page.is(200)
        .has("Firefox")
        .has("Safari on iPhone")
        .has("this device")
        .has("192.0.2.7");
    let action = page
        .html
        .split("action=\"")
        .find(|a| a.contains("/sign-out\""))
        .unwrap();
    let action = action.split('"').next().unwrap().to_owned();
    here.post(&action, &[])
        .await
        .leads_to("/users/profile/security?done=device");
    there.get("/projects").await.is(303);
    here.get("/users/profile/security?done=device")
        .await
        .is(200)
        .lacks("iPhone")
        .has("The device is signed out.");
    here.post(&action, &[]).await.is(404);

    let (one, two) = (site.signed_in().await, site.signed_in().await);
    here.post("/users/profile/security/others", &[])
        .await
        .leads_to("/users/profile/security?done=others");
    one.get("/projects").await.is(303);
    two.get("/projects").await.is(303);
    here.get("/projects").await.is(200);
}

#[tokio::test]
async fn a_new_password_signs_the_others_out() {
    let site = Site::new().await;
    let (here, there) = (site.signed_in().await, site.signed_in().await);
    let change = |old: &'static str, new: &'static str| [("old_password", old), ("new_password", new)];
    let path = "/users/profile/security/password";
    here.post(path, &change("wrong", "another plover 77 secant"))
        .await
        .is(422)
        .has("id=\"old_password-error\"");
    here.post(path, &change(PASSWORD, "password"))
        .await
        .is(422)
        .has("id=\"new_password-error\"");
    here.post(path, &change(PASSWORD, "another plover 77 secant"))
        .await
        .leads_to("/users/profile/security?done=password");
    there.get("/projects").await.is(303);
    here.get("/projects").await.is(200);
    site.browser().sign_in().await.is(422);
}

#[tokio::test]
async fn the_account_is_changed_and_times_follow_its_zone() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let wrong = browser
        .post("/users/profile", &[("name", ""), ("timezone", "at home!")])
        .await;
    wrong.is(422).has("id=\"name-error\"").has("value=\"at home!\"");
    browser
        .post(
            "/users/profile",
            &[("name", "Mara M."), ("timezone", "Europe/Berlin")],
        )
        .await
        .leads_to("/users/profile?saved=1");
    browser
        .get("/users/profile?saved=1")
        .await
        .is(200)
        .has("Mara M.")
        .has("Saved.")
        .has("10:00:00 CET");
}

#[tokio::test]
async fn the_theme_is_kept_in_a_cookie_that_script_may_change_too() {
    let site = Site::new().await;
    let browser = site.browser();
    let answer = browser
        .post("/theme", &[("theme", "dark"), ("back", "/login")])
        .await;
    answer.leads_to("/login");
    assert_eq!(
        answer.cookies(),
        ["att_theme=dark; Path=/; SameSite=Lax; Max-Age=31536000"]
    );
    browser
        .get("/login")
        .await
        .is(200)
        .has("<html lang=\"en\" data-theme=\"dark\">");
    browser
        .post("/theme", &[("theme", "system"), ("back", "//evil.example")])
        .await
        .leads_to("/projects");
    browser.get("/login").await.is(200).lacks("data-theme");
    browser.set_cookie("att_theme", "\"><script>");
    browser.get("/login").await.is(200).lacks("data-theme");
}
