//! Headers of pages and assets.

use super::Site;
use crate::html::elements;
use axum::body::Body;
use http::Method;

#[tokio::test]
async fn pages_are_never_kept() {
    let site = Site::new().await;
    let browser = site.signed_in().await;
    for path in ["/projects", "/users/profile/api", "/nowhere"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        let vary: Vec<&str> = answer
            .headers
            .get_all("vary")
            .iter()
            .map(|v| v.to_str().unwrap())
            .collect();
        assert!(
            vary.join(", ").contains("HX-Request, HX-Target"),
            "{path}: {vary:?}"
        );
    }
}

#[tokio::test]
async fn assets_are_kept_for_good_and_compressed_when_wanted() {
    let site = Site::new().await;
    let browser = site.browser();
    let page = browser.get("/login").await;
    let all = elements(&page.html);
    let links = all.iter().filter_map(|e| e.get("href").or_else(|| e.get("src")));
    let assets: Vec<&str> = links
        .filter(|l| l.starts_with("/assets/"))
        .map(|l| l.split('#').next().unwrap())
        .collect();
    assert!(assets.len() >= 4, "{assets:?}");
    for path in assets {
        let browser = &browser;
        let ask = |encoding: &'static str| async move {
            browser
                .ask(Method::GET, path, &[("accept-encoding", encoding)], Body::empty())
                .await
        };
        let small = ask("gzip, br;q=0.9").await;
        small.is(200);
        assert_eq!(
            small.header("cache-control"),
            "public, max-age=31536000, immutable",
            "{path}"
        );
        let is_font = small.header("content-type") == "font/woff2";
        assert_eq!(
            small.header("content-encoding"),
            if is_font { "" } else { "br" },
            "{path}"
        );
        for encoding in ["identity", "gzip", "br;q=0"] {
            assert_eq!(
                ask(encoding).await.header("content-encoding"),
                "",
                "{path} {encoding}"
            );
        }
        assert_eq!(small.header("vary"), "accept-encoding", "{path}");
        assert_ne!(small.header("content-type"), "application/octet-stream", "{path}");
    }
    browser.get("/assets/app.0000000000.js").await.is(404);
    browser.get("/assets/..%2f..%2fCargo.toml").await.is(404);
}
