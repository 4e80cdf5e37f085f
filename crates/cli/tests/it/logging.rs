//! What stands in a log line.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
use cli::config::{Log, LogFormat};
use cli::logging::subscriber;
use model::net::RequestId;
use tower::Service as _;
use tracing::subscriber::with_default;

use crate::support::{factory, front, peer};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What `work` logs.
fn logged(format: LogFormat, level: &str, work: impl FnOnce()) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let log = Log {
        format,
        level: level.to_owned(),
    };
    with_default(subscriber(&log, false, move || writer.clone()), work);
    let bytes = lines.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

fn id() -> RequestId {
    RequestId(Arc::from("ci-7"))
}

#[test]
fn json_lines_carry_fields_and_the_request() {
    let text = logged(LogFormat::Json, "info", || {
        cli::logging::within(&id(), || tracing::warn!(count = 3, ok = true, "said \"so\""));
    });
    let line: serde_json::Value = serde_json::from_str(text.trim()).unwrap();
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["message"], "said \"so\"");
    assert_eq!((&line["count"], &line["ok"]), (&3.into(), &true.into()));
    assert_eq!(line["request_id"], "ci-7");
    assert!(line["time"].as_str().unwrap().ends_with('Z'));
}

#[test]
fn nobody_writes_a_line_of_their_own() {
    let text = logged(LogFormat::Human, "info", || {
        tracing::info!(name = "a\n2026 ERROR forged", "hello\r\nagain \u{1b}[31mred");
    });
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
    assert!(text.contains(r"name=a\n2026 ERROR forged"), "{text}");
}

#[test]
fn levels_can_differ_by_module() {
    let text = logged(LogFormat::Human, "warn,shown=debug", || {
        tracing::debug!(target: "shown", "one");
        tracing::debug!(target: "hidden", "two");
        tracing::warn!(target: "hidden", "three");
    });
    assert!(
        text.contains("one") && text.contains("three") && !text.contains("two"),
        "{text}"
    );
}

#[test]
fn libraries_that_see_headers_are_kept_quiet() {
    for level in ["trace", "h2=trace,hyper=debug"] {
        let text = logged(LogFormat::Human, level, || {
            tracing::trace!(target: "h2::codec", "authorization: canary");
            tracing::debug!(target: "hyper::proto", "authorization: canary");
            tracing::warn!(target: "h2::codec", "broken");
        });
        assert!(
            !text.contains("canary") && text.contains("broken"),
            "{level}: {text}"
        );
    }
}

fn one_request(level: &str, path: &str) -> String {
    logged(LogFormat::Human, level, || {
        let router = Router::new()
            .route("/api/v1/user", get(|| async { "{}" }))
            .route("/setup/{token}", get(|| async { "welcome" }))
            .route("/fail", get(|| async { http::StatusCode::INTERNAL_SERVER_ERROR }));
        let mut request = Request::builder()
            .uri(path)
            .header("host", "attest.test")
            .header("authorization", "Bearer att_usr_canary")
            .header("cookie", "att_sid=canary")
            .header("x-request-id", "ci-7")
            .body(Body::empty())
            .unwrap();
        request.extensions_mut().insert(peer());
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let answer = front(router, &factory()).call(request);
        runtime.block_on(answer).unwrap();
    })
}

#[test]
fn a_request_is_one_line_at_debug_without_its_secrets() {
    let text = one_request("debug", "/api/v1/user?api_key=canary");
    assert_eq!(text.lines().count(), 1, "{text}");
    for part in [
        "method=GET",
        "path=/api/v1/user",
        "status=200",
        "ip=127.0.0.1",
        "request_id=ci-7",
    ] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
    assert!(!text.contains("canary"), "{text}");
    let text = one_request("debug", "/setup/canary");
    assert!(
        text.contains("path=/setup/ ") && !text.contains("canary"),
        "{text}"
    );
}

#[test]
fn only_failures_are_lines_at_info() {
    assert_eq!(one_request("info", "/api/v1/user"), "");
    assert!(one_request("info", "/fail").contains("status=500"));
}
