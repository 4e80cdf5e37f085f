//! Who calls: `Authorization: Bearer` and nothing else (`security.md` A1).

use app::{Actor, App, Error, Reason, Request};
use axum::http::header;
use axum::http::request::Parts;
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
