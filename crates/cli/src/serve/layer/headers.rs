//! The headers of every answer (`docs/SECURITY.md`), and requests whose headers are refused.

use axum::body::Body;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, Request, Response, Version};
use model::net::RequestId;

use super::answer::Refusal;
use super::id;

/// What a path belongs to, for headers and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// `/api/…`: JSON for machines.
    Api,
    /// `/assets/…`: files whose names change with their content.
    Asset,
    /// `/livez`, `/readyz`, `/metrics`: for those who operate the server.
    Operations,
    /// Everything else: pages for people.
    Page,
}

impl Class {
    /// Every class, in the order of their numbers.
    pub const ALL: [Class; 4] = [Class::Api, Class::Asset, Class::Operations, Class::Page];

    /// The class of a path.
    pub fn of(path: &str) -> Class {
        if path.starts_with("/api/") && path != web::pages::docs::PATH {
            Class::Api
        } else if path.starts_with("/assets/") {
            Class::Asset
        } else if matches!(path, "/livez" | "/readyz" | "/metrics") {
            Class::Operations
        } else {
            Class::Page
        }
    }

    /// Its name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Class::Api => "api",
            Class::Asset => "asset",
            Class::Operations => "operations",
            Class::Page => "page",
        }
    }
}

const PAGE_CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
);
const DATA_CSP: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), \
     geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), \
     publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()",
);
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");
const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Sets the headers. A handler's own `Cache-Control` and `Referrer-Policy` stay, as they may only be stricter or
/// concern files that never change; so does the stricter policy of an uploaded file.
pub(super) fn finish(response: &mut Response<Body>, class: Class, https: bool, id: &RequestId) {
    let headers = response.headers_mut();
    headers.reserve(10);
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(id::HEADER, value);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(RESOURCE, SAME_ORIGIN);
    headers.entry(CACHE_CONTROL).or_insert(NO_STORE);
    headers.entry(REFERRER_POLICY).or_insert(SAME_ORIGIN);
    if class == Class::Page {
        headers.insert(CONTENT_SECURITY_POLICY, PAGE_CSP);
        headers.insert(OPENER, SAME_ORIGIN);
        headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
    } else {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(DATA_CSP);
    }
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
}

/// Whether the request's head alone is reason enough not to ask a handler.
pub(super) fn refuse(request: &Request<Body>, uri_bytes: usize) -> Option<Refusal> {
    let uri = request.uri();
    if uri
        .path_and_query()
        .is_some_and(|it| it.as_str().len() > uri_bytes)
    {
        return Some(Refusal::URI_TOO_LONG);
    }
    if request.version() == Version::HTTP_11 {
        // RFC 9112 §3.2: exactly one Host.
        let mut hosts = request.headers().get_all(HOST).iter();
        if hosts.next().is_none() || hosts.next().is_some() {
            return Some(Refusal::BAD_HOST);
        }
    }
    None
}
