//! The layer around the routes.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::routing::get;
use axum::{Extension, Router};
use cli::serve::layer::Front;
use http::{Response, StatusCode, Version};
use model::net::{ClientIp, Https, Peer, RequestId};
use tower::{Service as _, ServiceExt as _};

use crate::support::{factory, front_behind, peer};

fn router() -> Router {
    Router::new()
        .route("/", get(|| async { "page" }))
        .route("/api/v1/user", get(|| async { "{}" }))
        .route("/panic", get(|| async { missing(None) }))
        .route("/api/v1/panic", get(|| async { missing(None) }))
        .route(
            "/assets/app.1.css",
            get(|| async { ([("cache-control", "public, immutable")], "css") }),
        )
        .route("/seen", get(seen))
}

fn missing(nothing: Option<&'static str>) -> &'static str {
    nothing.expect("sk_canary_4711")
}

async fn seen(
    Extension(ip): Extension<ClientIp>,
    Extension(https): Extension<Https>,
    id: Extension<RequestId>,
) -> String {
    format!("{} {} {}", ip.0, https.0, id.0.0)
}

fn request(path: &str) -> Request {
    let mut request = Request::builder()
        .uri(path)
        .header("host", "attest.test")
        .body(Body::empty())
        .unwrap();
    request.extensions_mut().insert(peer());
    request
}

async fn ask(front: &mut Front<Router>, request: Request) -> Response<Body> {
    front.ready().await.unwrap().call(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn front() -> Front<Router> {
    front_behind(router(), &factory(), &["10.0.0.0/8"])
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    let long = format!("/{}", "x".repeat(9000));
    for (path, status) in [
        ("/", 200),
        ("/none", 404),
        ("/panic", 500),
        ("/api/v1/user", 200),
        ("/api/v1/none", 404),
        ("/api/docs", 404),
        (long.as_str(), 414),
    ] {
        let response = ask(&mut front(), request(path)).await;
        assert_eq!(response.status(), status, "{path}");
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(
            header("x-content-type-options").as_deref(),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(header("cache-control").as_deref(), Some("no-store"), "{path}");
        assert_eq!(
            header("referrer-policy").as_deref(),
            Some("same-origin"),
            "{path}"
        );
        assert_eq!(
            header("cross-origin-resource-policy").as_deref(),
            Some("same-origin"),
            "{path}"
        );
        assert!(header("x-request-id").is_some(), "{path}");
        assert_eq!(
            header("strict-transport-security"),
            None,
            "{path}: the connection is not encrypted"
        );
        let csp = header("content-security-policy").unwrap();
        assert!(
            csp.starts_with("default-src 'none'") && csp.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!csp.contains("unsafe"), "{path}");
        let page = !path.starts_with("/api/") || path == "/api/docs";
        assert_eq!(header("cross-origin-opener-policy").is_some(), page, "{path}");
        assert_eq!(header("permissions-policy").is_some(), page, "{path}");
        assert_eq!(csp.contains("script-src 'self'"), page, "{path}");
    }
}

#[tokio::test]
async fn a_handlers_own_cache_control_stays() {
    let response = ask(&mut front(), request("/assets/app.1.css")).await;
    assert_eq!(response.headers()["cache-control"], "public, immutable");
}

#[tokio::test]
async fn strict_transport_security_is_promised_only_over_https() {
    let mut encrypted = request("/");
    encrypted.extensions_mut().insert(Peer { tls: true, ..peer() });
    let response = ask(&mut front(), encrypted).await;
    assert_eq!(
        response.headers()["strict-transport-security"],
        "max-age=31536000"
    );
}

#[tokio::test]
async fn a_panic_is_an_answer_without_its_message() {
    let mut front = front();
    let json = ask(&mut front, request("/api/v1/panic")).await;
    assert_eq!(
        (json.status(), &json.headers()["content-type"]),
        (
            StatusCode::INTERNAL_SERVER_ERROR,
            &"application/json".parse().unwrap()
        )
    );
    let id = json.headers()["x-request-id"].to_str().unwrap().to_owned();
    let body = text(json).await;
    assert!(
        body.contains(r#""code":"internal""#) && body.contains(&id),
        "{body}"
    );
    assert!(!body.contains("canary"), "{body}");

    let mut asked = request("/panic");
    asked
        .headers_mut()
        .insert("accept", "text/html,*/*;q=0.8".parse().unwrap());
    let page = ask(&mut front, asked).await;
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let body = text(page).await;
    assert!(
        body.contains("<h1>Internal Server Error</h1>") && !body.contains("canary"),
        "{body}"
    );

    assert_eq!(
        ask(&mut front, request("/")).await.status(),
        200,
        "the server goes on"
    );
}

#[tokio::test]
async fn the_handler_sees_the_client_behind_trusted_proxies() {
    let mut front = front();
    let mut direct = request("/seen");
    direct
        .headers_mut()
        .insert("x-forwarded-for", "198.51.100.9".parse().unwrap());
    direct
        .headers_mut()
        .insert("x-forwarded-proto", "https".parse().unwrap());
    direct
        .headers_mut()
        .insert("x-request-id", "ci-7".parse().unwrap());
    let mut behind = Request::builder()
        .uri("/seen")
        .header("host", "a")
        .body(Body::empty())
        .unwrap();
    *behind.headers_mut() = direct.headers().clone();
    behind.extensions_mut().insert(Peer {
        addr: "10.1.2.3:443".parse().unwrap(),
        ..peer()
    });
    assert_eq!(text(ask(&mut front, direct).await).await, "127.0.0.1 false ci-7");
    assert_eq!(
        text(ask(&mut front, behind).await).await,
        "198.51.100.9 true ci-7"
    );
}

#[tokio::test]
async fn request_ids_are_taken_over_or_made() {
    let mut front = front();
    let mut given = request("/");
    given
        .headers_mut()
        .insert("x-request-id", "ci-7".parse().unwrap());
    assert_eq!(ask(&mut front, given).await.headers()["x-request-id"], "ci-7");
    let mut hostile = request("/api/v1/panic");
    hostile
        .headers_mut()
        .insert("x-request-id", "\"}<b>".parse().unwrap());
    let answer = ask(&mut front, hostile).await;
    assert_ne!(answer.headers()["x-request-id"], "\"}<b>");
    assert!(!text(answer).await.contains("<b>"));
    let first = ask(&mut front, request("/")).await.headers()["x-request-id"].clone();
    let second = ask(&mut front, request("/")).await.headers()["x-request-id"].clone();
    assert_ne!(first, second);
}

#[tokio::test]
async fn http_11_needs_one_host_and_http_2_none() {
    let mut front = front();
    let mut none = request("/");
    none.headers_mut().remove("host");
    assert_eq!(ask(&mut front, none).await.status(), 400);
    let mut two = request("/");
    two.headers_mut().append("host", "evil.test".parse().unwrap());
    assert_eq!(ask(&mut front, two).await.status(), 400);
    let mut http2 = request("/");
    http2.headers_mut().remove("host");
    *http2.version_mut() = Version::HTTP_2;
    assert_eq!(ask(&mut front, http2).await.status(), 200);
}

#[tokio::test]
async fn a_request_without_a_socket_is_served_too() {
    let inner = Request::builder()
        .uri("/api/v1/user")
        .header("host", "attest.test")
        .body(Body::empty())
        .unwrap();
    assert_eq!(ask(&mut front(), inner).await.status(), 200);
}
