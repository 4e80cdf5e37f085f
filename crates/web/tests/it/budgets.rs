//! Bytes and elements that a page may cost (`docs/ARCHITECTURE.md`).

use crate::drawn;
use crate::html::elements;
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Request;
use http::header::ACCEPT_ENCODING;
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use web::ui::Theme;

const KB: usize = 1024;

/// Bytes of an asset as it goes over the wire.
fn bytes(begin: &str) -> usize {
    let (_, raw, small) = web::assets::sizes()
        .find(|(name, ..)| name.starts_with(begin))
        .unwrap();
    small.unwrap_or(raw)
}

#[test]
fn script_style_and_icons() {
    assert!(bytes("app.") <= 25 * KB, "{} bytes of script", bytes("app."));
    assert!(bytes("style.") <= 14 * KB, "{} bytes of style", bytes("style."));
    assert!(bytes("icons.") <= 4 * KB, "{} bytes of icons", bytes("icons."));
    assert!(bytes("inter-latin-wght-normal.") <= 50 * KB);
}

#[tokio::test]
async fn pages() {
    for (name, markup) in drawn::pages(Theme::Light) {
        let count = elements(&markup.0).len();
        assert!(count <= 4000, "{name} has {count} elements");
        let small = compressed(markup.into_string()).await;
        assert!(small <= 20 * KB, "{name} has {small} bytes");
    }
}

/// As the server compresses a page.
async fn compressed(html: String) -> usize {
    let layer = CompressionLayer::new()
        .br(true)
        .quality(CompressionLevel::Precise(4));
    let router: Router = Router::new().route("/", get(move || async { html })).layer(layer);
    let request = Request::get("/")
        .header(ACCEPT_ENCODING, "br")
        .body(Body::empty())
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "br");
    response.into_body().collect().await.unwrap().to_bytes().len()
}

#[test]
fn rows() {
    for (name, markup) in drawn::pages(Theme::Light) {
        let html = markup.into_string();
        for row in html.split("<tr").skip(1) {
            let row = row.split("</tr>").next().unwrap();
            let count = row.matches('<').count() - row.matches("</").count() + 1;
            assert!(count <= 24, "a row of {name} has {count} elements");
        }
    }
}
