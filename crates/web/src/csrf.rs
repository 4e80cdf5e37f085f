//! Requests that change something must come from our own pages (`security.md` A2).
//!
//! `Sec-Fetch-Site` says so where the browser sends it; where it does not (plain http to another machine), `Origin` must
//! be ours: the public URL's, or before there is one that of the listener. Neither: refused. Forms carry no tokens.

use crate::respond;
use app::App;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, Method, Uri, header};
use model::net::{Https, Peer};
use std::net::IpAddr;

/// Lets a request through, or answers 403.
pub(crate) async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let public_url = app.public_url();
    let asked = Asked {
        method: request.method(),
        path: request.uri().path(),
        headers: request.headers(),
        public_url: public_url.as_deref(),
        peer: request.extensions().get::<Peer>().copied(),
        is_https: request.extensions().get::<Https>().is_some_and(|https| https.0),
    };
    if asked.is_allowed() {
        return next.run(request).await;
    }
    let address = asked.address();
    respond::foreign(&app, request, address.as_deref()).await
}

/// What decides.
struct Asked<'a> {
    method: &'a Method,
    path: &'a str,
    headers: &'a HeaderMap,
    public_url: Option<&'a str>,
    peer: Option<Peer>,
    is_https: bool,
}

impl Asked<'_> {
    fn is_allowed(&self) -> bool {
        if matches!(*self.method, Method::GET | Method::HEAD | Method::OPTIONS) {
            return true;
        }
        match (self.one("sec-fetch-site"), self.one(header::ORIGIN.as_str())) {
            (Value::Given(site), _) => matches!(site, "same-origin" | "none"),
            (Value::Missing, Value::Given(origin)) => Origin::of(origin).is_some_and(|o| self.is_own(&o)),
            _ => false,
        }
    }

    /// A header that must not be there twice.
    fn one(&self, name: &str) -> Value<'_> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Value::Missing,
            (Some(value), None) => value.to_str().map_or(Value::Unclear, Value::Given),
            (Some(_), Some(_)) => Value::Unclear,
        }
    }

    fn is_own(&self, origin: &Origin) -> bool {
        // The token of the set-up link is a secret of its own, and the address that it is opened by is adopted.
        if self.path.starts_with("/setup/")
            && self.public_url.is_none()
            && self.asked_origin().as_ref() == Some(origin)
        {
            return true;
        }
        match (self.public_url, self.peer) {
            (Some(url), _) => Origin::of(url).as_ref() == Some(origin),
            (None, Some(peer)) => Origin::of_listener(peer, self.is_https).contains(origin),
            (None, None) => false,
        }
    }

    /// The origin that the browser thinks it asked.
    fn asked_origin(&self) -> Option<Origin> {
        let Value::Given(host) = self.one(header::HOST.as_str()) else {
            return None;
        };
        Origin::of(&format!("{}://{host}", scheme(self.is_https)))
    }

    /// The refused address, when it is the one by which the browser reached us.
    fn address(&self) -> Option<String> {
        let Value::Given(origin) = self.one(header::ORIGIN.as_str()) else {
            return None;
        };
        let is_here = Origin::of(origin).is_some_and(|o| Some(&o) == self.asked_origin().as_ref());
        (is_here && matches!(self.one("sec-fetch-site"), Value::Missing)).then(|| origin.to_owned())
    }
}

enum Value<'a> {
    Missing,
    Unclear,
    Given(&'a str),
}

fn scheme(is_https: bool) -> &'static str {
    if is_https { "https" } else { "http" }
}

/// Scheme, host and port of an address.
#[derive(Debug, PartialEq, Eq)]
struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    fn of(url: &str) -> Option<Origin> {
        let uri: Uri = url.parse().ok()?;
        let scheme = uri.scheme_str()?.to_ascii_lowercase();
        let default = match scheme.as_str() {
            "https" => 443,
            "http" => 80,
            _ => return None,
        };
        Some(Origin {
            host: uri.host()?.to_ascii_lowercase(),
            port: uri.port_u16().unwrap_or(default),
            scheme,
        })
    }

    /// The address that accepted the connection; on this machine by each of its names.
    fn of_listener(peer: Peer, is_https: bool) -> Vec<Origin> {
        let ip = peer.listener.ip().to_canonical();
        let names = if ip.is_loopback() {
            vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned()]
        } else {
            vec![match ip {
                IpAddr::V4(ip) => ip.to_string(),
                IpAddr::V6(ip) => format!("[{ip}]"),
            }]
        };
        let origin = |host| Origin {
            scheme: scheme(is_https).to_owned(),
            host,
            port: peer.listener.port(),
        };
        names.into_iter().map(origin).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "http://attest.example:8080";

    struct Case<'a> {
        pairs: &'a [(&'static str, &'static str)],
        path: &'a str,
        public_url: Option<&'a str>,
        listener: Option<&'a str>,
        is_https: bool,
    }

    fn ask(case: &Case<'_>, method: &Method) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in case.pairs {
            headers.append(*name, value.parse().unwrap());
        }
        let peer = case.listener.map(|at| Peer {
            addr: "192.0.2.9:4711".parse().unwrap(),
            tls: case.is_https,
            listener: at.parse().unwrap(),
        });
        let asked = Asked {
            method,
            path: case.path,
            headers: &headers,
            public_url: case.public_url,
            peer,
            is_https: case.is_https,
        };
        asked.is_allowed()
    }

    fn case<'a>(pairs: &'a [(&'static str, &'static str)]) -> Case<'a> {
        Case {
            pairs,
            path: "/login",
            public_url: None,
            listener: None,
            is_https: false,
        }
    }

    #[test]
    fn only_our_own_pages_may_change_something() {
        let table: &[(&[(&str, &str)], bool)] = &[
            (&[("sec-fetch-site", "same-origin")], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site"), ("origin", URL)], false),
            (&[("sec-fetch-site", "cross-site"), ("origin", URL)], false),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "same-origin"),
                ],
                false,
            ),
            (&[("sec-fetch-site", "")], false),
            (&[("origin", URL)], true),
            (&[("origin", "HTTP://Attest.Example:8080")], true),
            (&[("origin", URL), ("origin", URL)], false),
            (&[("origin", "http://attest.example")], false),
            (&[("origin", "http://attest.example:8081")], false),
            (&[("origin", "https://attest.example:8080")], false),
            (&[("origin", "http://attest.example:8080.evil.example")], false),
            (&[("origin", "null")], false),
            (
                &[("origin", "http://evil.example"), ("host", "evil.example")],
                false,
            ),
            (&[("host", "attest.example:8080")], false),
            (&[("referer", "http://attest.example:8080/login")], false),
            (&[], false),
        ];
        for (pairs, is_ok) in table {
            let case = Case {
                public_url: Some(URL),
                listener: Some("127.0.0.1:8080"),
                ..case(pairs)
            };
            for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
                assert_eq!(ask(&case, &method), *is_ok, "{method} {pairs:?}");
            }
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                assert!(ask(&case, &method), "reading is free: {pairs:?}");
            }
        }
    }

    #[test]
    fn without_a_public_url_the_listener_counts_and_not_the_host_header() {
        let table = [
            ("127.0.0.1:8080", "http://localhost:8080", false, true),
            ("127.0.0.1:8080", "http://127.0.0.1:8080", false, true),
            ("[::1]:8080", "http://[::1]:8080", false, true),
            ("[::ffff:127.0.0.1]:8080", "http://localhost:8080", false, true),
            ("10.0.0.5:8080", "http://10.0.0.5:8080", false, true),
            ("[2001:db8::5]:443", "https://[2001:db8::5]", true, true),
            ("10.0.0.5:80", "http://10.0.0.5", false, true),
            ("10.0.0.5:8080", "http://localhost:8080", false, false),
            ("10.0.0.5:8080", "https://10.0.0.5:8080", false, false),
            ("127.0.0.1:8080", "http://localhost:9090", false, false),
            ("127.0.0.1:8080", "http://evil.example:8080", false, false),
        ];
        for (listener, origin, is_https, is_ok) in table {
            let pairs = [("origin", origin), ("host", "evil.example:8080")];
            let case = Case {
                listener: Some(listener),
                is_https,
                ..case(&pairs)
            };
            assert_eq!(ask(&case, &Method::POST), is_ok, "{listener} {origin}");
        }
        assert!(
            !ask(&case(&[("origin", "http://localhost")]), &Method::POST),
            "no listener is known"
        );
    }

    #[test]
    fn the_set_up_link_works_at_the_address_by_which_it_was_opened() {
        let own = [("origin", "http://attest.lan:8080"), ("host", "attest.lan:8080")];
        let foreign = [("origin", "http://evil.example"), ("host", "attest.lan:8080")];
        let at = |pairs, path, public_url| {
            let case = Case {
                path,
                public_url,
                listener: Some("10.0.0.5:8080"),
                ..case(pairs)
            };
            ask(&case, &Method::POST)
        };
        assert!(at(&own, "/setup/token", None));
        assert!(!at(&foreign, "/setup/token", None));
        assert!(!at(&own, "/login", None));
        assert!(!at(&own, "/setup/token", Some(URL)), "there is a public URL");
    }
}
