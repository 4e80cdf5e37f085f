//! Who calls: `Authorization: Bearer` (`security.md` A1), and for our own resources also the session of a browser.

use app::{Actor, App, Error, Reason, Request};
use axum::http::request::Parts;
use axum::http::{Method, header};
use model::net::{ClientIp, ConnectionAuth, Https, RequestId};
use std::sync::Arc;

/// Longest value of the header that is looked at, in bytes.
const LONGEST: usize = 512;

/// The caller of a request. Cookies are never looked at.
pub async fn authenticate(app: &App, parts: &Parts) -> Result<Actor, Error> {
    refuse_key_in_query(parts.uri.query().unwrap_or_default())?;
    let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        return Err(Error::Unauthenticated(Reason::Missing));
    };
    if values.next().is_some() {
        return Err(Error::BadRequest("Send one Authorization header.".to_owned()));
    }
    let key = bearer(value.as_bytes()).ok_or(Error::Unauthenticated(Reason::Unknown))?;
    let actor = app::keys::authenticate(app, key, &origin(parts)).await?;
    refuse_plain_http(app, parts)?;
    if let Some(connection) = parts.extensions.get::<ConnectionAuth>() {
        connection.mark();
    }
    Ok(actor)
}

/// The header that a page of ours sends with requests that change something by the session of a browser. A page of somebody
/// else can't send it: it is no simple header, and we answer no preflight (OWASP, *custom request headers*).
const CSRF: &str = "x-attest-csrf";

/// The caller of our own resources: a key, or without an `Authorization` header the session of a browser.
pub(crate) async fn authenticate_ours(app: &App, parts: &Parts) -> Result<Actor, Error> {
    let is_https = parts.extensions.get::<Https>().is_some_and(|https| https.0);
    let session = cookie(parts, app::login::session_cookie(is_https));
    let Some(session) = session.filter(|_| !parts.headers.contains_key(header::AUTHORIZATION)) else {
        return authenticate(app, parts).await;
    };
    refuse_key_in_query(parts.uri.query().unwrap_or_default())?;
    let actor = app::login::authenticate(app, &session, &origin(parts)).await?;
    refuse_foreign(parts)?;
    if let Some(connection) = parts.extensions.get::<ConnectionAuth>() {
        connection.mark();
    }
    Ok(actor)
}

/// Requests by session come from our own pages only: another site may neither change anything nor load what we answer.
fn refuse_foreign(parts: &Parts) -> Result<(), Error> {
    let is_foreign = parts
        .headers
        .get_all("sec-fetch-site")
        .iter()
        .any(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"));
    let is_reading = parts.method == Method::GET || parts.method == Method::HEAD;
    if is_foreign || !(is_reading || parts.headers.contains_key(CSRF)) {
        let text = "Send the header X-Attest-Csrf: 1 from a page of this instance, or use an API key.";
        return Err(Error::Refused("csrf", text.to_owned()));
    }
    Ok(())
}

/// The value of a cookie.
fn cookie(parts: &Parts, name: &str) -> Option<String> {
    let values = parts.headers.get_all(header::COOKIE).iter();
    let mut pairs = values
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| value.to_owned())
}

/// A key in an address ends up in logs and histories, so it is refused before it can work.
fn refuse_key_in_query(query: &str) -> Result<(), Error> {
    let has_key = !query.is_empty()
        && form_urlencoded::parse(query.as_bytes())
            .any(|(name, _)| matches!(&*name, "access_token" | "api_key"));
    if has_key {
        Err(Error::BadRequest(
            "Send the API key in the Authorization header, not in the address.".to_owned(),
        ))
    } else {
        Ok(())
    }
}

fn bearer(value: &[u8]) -> Option<&str> {
    let value = std::str::from_utf8(value).ok().filter(|v| v.len() <= LONGEST)?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// An instance that says it lives under https takes no key over an unencrypted network.
fn refuse_plain_http(app: &App, parts: &Parts) -> Result<(), Error> {
    let is_plain = parts.extensions.get::<Https>().is_some_and(|https| !https.0);
    let is_far = parts
        .extensions
        .get::<ClientIp>()
        .is_some_and(|ip| !ip.0.to_canonical().is_loopback());
    if is_plain && is_far && app.public_url().is_some_and(|url| url.starts_with("https:")) {
        return Err(Error::HttpsRequired);
    }
    Ok(())
}

/// Where a request comes from, for the audit log.
pub fn origin(parts: &Parts) -> Request {
    Request {
        ip: parts.extensions.get::<ClientIp>().map(|ip| ip.0),
        request_id: parts.extensions.get::<RequestId>().map(|id| Arc::clone(&id.0)),
        agent: parts
            .headers
            .get(header::USER_AGENT)
            .and_then(|a| a.to_str().ok())
            .map(Arc::from),
    }
}
