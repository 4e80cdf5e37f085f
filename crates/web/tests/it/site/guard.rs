//! Who is let in: nobody from another site, nobody without a session, and what errors look like.

use super::{EMAIL, PASSWORD, Site};
use axum::body::Body;
use http::Method;

/// Every address that changes something.
const POSTS: [&str; 12] = [
    "/setup/token",
    "/login",
    "/logout",
    "/theme",
    "/projects/new",
    "/users/profile",
    "/users/profile/api",
    "/users/profile/api/1/revoke",
    "/users/profile/api/1/rotate",
    "/users/profile/security/others",
    "/users/profile/security/password",
    "/users/profile/security/1/sign-out",
];

/// Every page for people who are signed in.
const PAGES: [&str; 11] = [
    "/",
    "/projects",
    "/projects/new",
    "/projects/view/1",
    "/automation/runs/1",
    "/automation/runs/view/1",
    "/users/profile",
    "/users/profile/security",
    "/users/profile/api",
    "/users/profile/api/1/revoke",
    "/users/profile/api/1/rotate",
];

#[tokio::test]
async fn other_sites_change_nothing() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    for path in POSTS {
        for headers in [
            vec![
                form,
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://evil.example"),
            ],
            vec![form, ("sec-fetch-site", "same-site")],
            vec![form, ("origin", "http://evil.example")],
            vec![form, ("origin", "null")],
            vec![form],
        ] {
            let answer = browser
                .ask(Method::POST, path, &headers, Body::from("name=x&theme=dark"))
                .await;
            answer.is(403).has("another site");
            assert!(answer.cookies().is_empty(), "{path}");
        }
    }
    browser.get("/projects").await.is(200).lacks("data-theme");
}

#[tokio::test]
async fn browsers_without_fetch_metadata_are_known_by_their_origin() {
    let site = Site::new().await;
    let browser = site.browser();
    let sign_in = |origin: &'static str| {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", origin),
        ];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("email", EMAIL), ("password", PASSWORD)])
            .finish();
        let browser = &browser;
        async move {
            browser
                .ask(Method::POST, "/login", &headers, Body::from(body))
                .await
        }
    };
    sign_in("http://127.0.0.1:8080").await.leads_to("/projects");
    sign_in("http://localhost:8080").await.leads_to("/projects");
    site.test.app.set_public_url("http://attest.example");
    sign_in("http://attest.example").await.leads_to("/projects");
    sign_in("http://attest.example:80").await.leads_to("/projects");
    sign_in("http://127.0.0.1:8080")
        .await
        .is(403)
        .has("--public-url http://127.0.0.1:8080");
}

#[tokio::test]
async fn strangers_are_sent_to_the_sign_in_page() {
    let site = Site::new().await;
    let browser = site.browser();
    for path in PAGES {
        let next: String = form_urlencoded::byte_serialize(path.as_bytes()).collect();
        browser.get(path).await.leads_to(&format!("/login?next={next}"));
        let answer = browser.fragment(path, "aside#detail").await;
        assert_eq!(
            (answer.status.as_u16(), answer.header("hx-redirect")),
            (204, format!("/login?next={next}").as_str())
        );
    }
    for path in POSTS
        .iter()
        .filter(|p| !["/setup/token", "/login", "/theme"].contains(p))
    {
        browser.post(path, &[]).await.leads_to("/login?next=%2Fprojects");
    }
    browser.set_cookie("att_sid", "guessed");
    browser.get("/projects").await.is(303);
}

#[tokio::test]
async fn reading_changes_nothing() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    for path in POSTS
        .iter()
        .filter(|p| p.starts_with("/users/profile/security/") || **p == "/logout" || **p == "/theme")
    {
        browser.get(path).await.is(405).has("Not possible here");
    }
    browser.get("/projects").await.is(200);
}

#[tokio::test]
async fn errors_are_pages() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    browser
        .get("/nowhere")
        .await
        .is(404)
        .has("Not found")
        .has("Mara Demo");
    site.browser()
        .get("/nowhere")
        .await
        .is(404)
        .has("Not found")
        .lacks("user-menu");
    browser
        .ask(
            Method::DELETE,
            "/projects",
            &[("sec-fetch-site", "same-origin")],
            Body::empty(),
        )
        .await
        .is(405);
    let form = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
    ];
    let large = Body::from(format!("name={}", "x".repeat(300 << 10)));
    browser
        .ask(Method::POST, "/projects/new", &form, large)
        .await
        .is(413)
        .has("Too large");
    let json = [
        ("content-type", "application/json"),
        ("sec-fetch-site", "same-origin"),
    ];
    browser
        .ask(Method::POST, "/projects/new", &json, Body::from("{}"))
        .await
        .is(400)
        .has("could not be read");
    let otto = site.person("otto").await;
    otto.get("/projects/new")
        .await
        .is(403)
        .has("Only site administrators");
    otto.post("/projects/new", &[("name", "Mine")]).await.is(403);
}

#[tokio::test]
async fn nul_characters_break_no_page() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    browser.post("/projects/new", &[("name", "a\0b")]).await.is(422);
    browser
        .post("/projects/new", &[("name", "Shop")])
        .await
        .leads_to("/projects/view/1");
    browser
        .get("/repositories/1?tag=a%00b")
        .await
        .is(400)
        .has("NUL character");
    for path in [
        "/repositories/1?q=a%00b",
        "/automation/runs/1?source=%00",
        "/users/profile/api?revoked=%00",
    ] {
        browser.get(path).await.is(200);
    }
    let form = [("email", "a\0@example.com"), ("password", "\0")];
    site.browser().post("/login", &form).await.is(422);
}
