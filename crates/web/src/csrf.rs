//! Requests that change something must come from our own pages (`security.md` A2).
//!
//! `Sec-Fetch-Site` says so where the browser sends it; where it does not (plain http to another machine), `Origin` must
//! be ours. Neither: refused. There are no tokens in forms.

use crate::respond;
use app::App;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, Method, header};
use model::net::Https;

/// Lets a request through, or answers 403.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_https = request.extensions().get::<Https>().is_some_and(|https| https.0);
    let public_url = app.public_url();
    if is_allowed(
        request.method(),
        request.headers(),
        public_url.as_deref(),
        is_https,
    ) {
        next.run(request).await
    } else {
        respond::foreign(&app, request).await
    }
}

fn is_allowed(method: &Method, headers: &HeaderMap, public_url: Option<&str>, is_https: bool) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let value = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (value("sec-fetch-site"), value(header::ORIGIN.as_str())) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => is_own(origin, public_url, value(header::HOST.as_str()), is_https),
        (None, None) => false,
    }
}

/// Whether an origin is that of the public URL, or, before there is one, of the address that was asked.
fn is_own(origin: &str, public_url: Option<&str>, host: Option<&str>, is_https: bool) -> bool {
    match (public_url, host) {
        (Some(url), _) => origin.eq_ignore_ascii_case(url.trim_end_matches('/')),
        (None, Some(host)) => {
            let scheme = if is_https { "https" } else { "http" };
            origin.eq_ignore_ascii_case(&format!("{scheme}://{host}"))
        }
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: &Method, pairs: &[(&'static str, &str)], public_url: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        is_allowed(method, &headers, public_url, false)
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let url = Some("http://attest.example:8080");
        let own = ("origin", "http://attest.example:8080");
        for (pairs, is_ok) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "same-site"), own], false),
            (vec![("sec-fetch-site", "cross-site"), own], false),
            (vec![own], true),
            (vec![("origin", "http://attest.example")], false),
            (vec![("origin", "https://attest.example:8080")], false),
            (vec![("origin", "null")], false),
            (
                vec![("origin", "http://evil.example"), ("host", "evil.example")],
                false,
            ),
            (vec![], false),
        ] {
            assert_eq!(ask(&Method::POST, &pairs, url), is_ok, "{pairs:?}");
            assert!(ask(&Method::GET, &pairs, url), "reading is free: {pairs:?}");
        }
    }

    #[test]
    fn before_there_is_a_public_url_the_asked_address_counts() {
        let host = ("host", "10.0.0.5:8080");
        assert!(ask(
            &Method::POST,
            &[host, ("origin", "http://10.0.0.5:8080")],
            None
        ));
        assert!(!ask(
            &Method::POST,
            &[host, ("origin", "http://10.0.0.6:8080")],
            None
        ));
        assert!(!ask(&Method::POST, &[("origin", "http://10.0.0.5:8080")], None));
    }
}
