//! Answers that the layer gives itself, as JSON for machines and as a page for people.

use axum::body::Body;
use http::header::{ACCEPT, CONNECTION, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use model::net::RequestId;

use super::headers::Class;

/// What the client wants to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Json,
    Html,
}

impl Asked {
    /// The API answers in JSON whatever is asked; elsewhere `Accept` decides.
    pub(super) fn of(class: Class, headers: &HeaderMap) -> Asked {
        let accepts_html = || {
            let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
            accept.is_some_and(|value| value.contains("text/html"))
        };
        if class == Class::Page && accepts_html() {
            Asked::Html
        } else {
            Asked::Json
        }
    }
}

/// A request that no handler answers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
    /// Whether the connection ends with the answer.
    last: bool,
    /// Seconds.
    retry_after: Option<&'static str>,
}

impl Refusal {
    pub(super) const PANIC: Refusal = Refusal {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        code: "internal",
        message: "something went wrong on our side; the server's log has the details under this request id",
        last: false,
        retry_after: None,
    };
    pub(super) const TIMEOUT: Refusal = Refusal {
        status: StatusCode::SERVICE_UNAVAILABLE,
        code: "timeout",
        message: "the request took too long and may or may not have had its effect; try again",
        last: false,
        retry_after: Some("5"),
    };
    /// RFC 9110 §15.5.9: the rest of the body is not wanted any more, so the connection ends.
    pub(super) const TOO_SLOW: Refusal = Refusal {
        status: StatusCode::REQUEST_TIMEOUT,
        code: "body_too_slow",
        message: "the body arrived too slowly and nothing was stored; send it again over a faster connection",
        last: true,
        retry_after: None,
    };
    pub(super) const URI_TOO_LONG: Refusal = Refusal {
        status: StatusCode::URI_TOO_LONG,
        code: "uri_too_long",
        message: "the address is too long; send fewer or shorter parameters",
        last: false,
        retry_after: None,
    };
    pub(super) const BAD_HOST: Refusal = Refusal {
        status: StatusCode::BAD_REQUEST,
        code: "bad_host",
        message: "the request needs exactly one Host header",
        last: true,
        retry_after: None,
    };

    pub(super) fn response(self, asked: Asked, id: &RequestId) -> Response<Body> {
        let (kind, body) = match asked {
            Asked::Json => ("application/json", self.json(id)),
            Asked::Html => ("text/html; charset=utf-8", self.html(id)),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from_static(seconds));
        }
        if self.last {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// The contract's envelope (§1.4). The id holds only characters that need no escape.
    fn json(&self, id: &RequestId) -> String {
        format!(
            r#"{{"message":"{}","code":"{}","request_id":"{}"}}"#,
            self.message, self.code, id.0
        )
    }

    fn html(&self, id: &RequestId) -> String {
        let reason = self.status.canonical_reason().unwrap_or("Error");
        format!(
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>{reason}</title>\n\
             <h1>{reason}</h1>\n<p>{}.</p>\n<p>Request id: <code>{}</code></p>\n\
             <p><a href=\"/\">To the first page</a></p>\n</html>\n",
            capitalised(self.message),
            id.0
        )
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
