//! Responses of pages: documents, fragments, ways to other pages, and what went wrong.

use crate::pages::problem::{self, Problem};
use crate::ui::field::Errors;
use crate::ui::{Frame, hx};
use crate::visit::Visit;
use app::{App, Error};
use axum::extract::{FromRequestParts as _, Request};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use maud::Markup;

/// A page or fragment. Nothing of a page is kept by browsers or proxies.
pub(crate) fn html(status: StatusCode, markup: Markup) -> Response {
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::VARY, HeaderValue::from_static(hx::VARY)),
    ];
    (status, headers, markup.into_string()).into_response()
}

/// 200 with a page.
pub(crate) fn page(markup: Markup) -> Response {
    html(StatusCode::OK, markup)
}

/// The way to another page after something was done.
pub(crate) fn to(path: &str) -> Response {
    let place = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/projects"));
    let headers = [
        (header::LOCATION, place),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The way to the sign-in page, for script that swaps fragments as well.
pub(crate) fn to_login(headers: &HeaderMap, next: &str) -> Response {
    let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let path = format!("/login?next={query}");
    if !hx::is_fragment(headers) {
        return to(&path);
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    if let Ok(path) = HeaderValue::from_str(&path) {
        response.headers_mut().insert(hx::REDIRECT, path);
    }
    response
}

/// The number of a page of a list, from an address.
pub(crate) fn page_number(text: &str) -> i64 {
    text.parse().unwrap_or(1).clamp(1, 1_000_000)
}

/// Where to go after signing in: a path of ours, never another site.
pub(crate) fn own_path(next: &str) -> &str {
    let is_own = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n', '\t']);
    if is_own { next } else { "/projects" }
}

/// An error page.
pub(crate) fn problem(frame: &Frame, error: &Error, request_id: Option<&str>) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_server_error() {
        tracing::error!(%error, request_id, "request failed");
    }
    let text = error.message();
    let p = Problem {
        status: status.as_u16(),
        text: &text,
        request_id: request_id.filter(|_| status.is_server_error()),
    };
    let mut response = html(status, problem::page(frame, &p));
    if let Error::TooMany(seconds) = error {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(*seconds));
    }
    response
}

/// The answer of a handler that may fail: an error becomes its page.
pub(crate) fn answer(visit: &Visit, result: Result<Response, Error>) -> Response {
    result.unwrap_or_else(|error| problem(&visit.frame, &error, visit.request.request_id.as_deref()))
}

/// Wrong fields of a form, to be shown in it again; other errors go on.
pub(crate) fn fields(error: Error) -> Result<Errors, Error> {
    match error {
        Error::Invalid(fields) => Ok(Errors(fields)),
        other => Err(other),
    }
}

/// What no page has.
pub(crate) async fn not_found(visit: Visit) -> Response {
    problem(&visit.frame, &Error::NotFound, None)
}

/// A page that can't be asked for in this way.
pub(crate) async fn not_possible(visit: Visit) -> Response {
    let p = Problem {
        status: 405,
        text: "This address can't be used in that way. Go back and try again.",
        request_id: None,
    };
    html(StatusCode::METHOD_NOT_ALLOWED, problem::page(&visit.frame, &p))
}

/// A request that came from another site; or from `address`, by which we were reached but which is not our own.
pub(crate) async fn foreign(app: &App, request: Request, address: Option<&str>) -> Response {
    let (mut parts, _) = request.into_parts();
    let text = match address {
        Some(address) => format!(
            "Attest does not know {address} as its own address. If it is, start the server with --public-url {address}."
        ),
        None => {
            "The request came from another site. Open Attest by its own address and try again.".to_owned()
        }
    };
    match Visit::from_request_parts(&mut parts, app).await {
        Ok(visit) => {
            let p = Problem {
                status: 403,
                text: &text,
                request_id: None,
            };
            html(StatusCode::FORBIDDEN, problem::page(&visit.frame, &p))
        }
        Err(response) => response,
    }
}
