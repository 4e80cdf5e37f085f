//! What can go wrong with a call.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::{HeaderMap, StatusCode};
use serde::Deserialize;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No connection: the name is unknown, nothing listens, a proxy or the network is in the way. Nothing was sent.
    #[error("{host} cannot be reached: {cause}; check the address, the network and the proxy settings")]
    Unreachable {
        /// Host of the instance.
        host: String,
        /// What the system said.
        cause: Cause,
    },
    /// The certificate of the instance is not trusted, or TLS failed otherwise. Nothing was sent.
    #[error("{host} has no certificate that this machine trusts: {cause}; name its CA file in SSL_CERT_FILE")]
    Tls {
        /// Host of the instance.
        host: String,
        /// What the check of the certificate said.
        cause: Cause,
    },
    /// The connection ended or the time was up before there was an answer. The request may have been done.
    #[error("{host} did not answer to the end: {cause}; try again")]
    Broken {
        /// Host of the instance.
        host: String,
        /// What happened.
        cause: Cause,
    },
    /// The answer is not that of a Testmo-compatible API: a page, a redirect, or other JSON.
    #[error("{host} answered like no Testmo-compatible instance (status {}); check the address", .refusal.status)]
    NotTheProduct {
        /// Host of the instance.
        host: String,
        /// The answer.
        refusal: Refusal,
    },
    /// 401: the key is missing, wrong, revoked or expired.
    #[error("the API key is not accepted: {0}; make a new one in your profile")]
    Unauthorised(Refusal),
    /// 403: the key's owner may not do this.
    #[error("the owner of the API key lacks the right for this: {0}; ask an administrator")]
    Forbidden(Refusal),
    /// 404: there is no such object, or the key's owner must not know of it.
    #[error("not found: {0}; check the ids")]
    NotFound(Refusal),
    /// 400 or 422: something in the request is not valid, see [`Refusal::fields`].
    #[error("not accepted: {0}")]
    Invalid(Refusal),
    /// 409: what was asked for conflicts with what is there.
    #[error("conflict: {0}")]
    Conflict(Refusal),
    /// 429: too many requests, also after waiting.
    #[error("too many requests: {0}; try again later")]
    TooManyRequests(Refusal),
    /// 5xx: the server failed, also after repetition where that was safe.
    #[error("the server failed: {0}; try again later")]
    Server(Refusal),
    /// Another status, which the API does not have here.
    #[error("unexpected answer: {0}")]
    Unexpected(Refusal),
    /// A request could not be made.
    #[error("the request cannot be made: {0}")]
    Request(String),
}

/// An answer that is not success.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The server's own words; none when the answer was not the API's.
    pub message: Option<String>,
    /// What is wrong with which field, by the fields' names.
    pub fields: Vec<FieldError>,
    /// How long the server asks to wait.
    pub retry_after: Option<Duration>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Name of the field; nested ones with dots.
    pub field: String,
    /// What is wrong, at least one text.
    pub texts: Vec<String>,
}

/// The words of a failure below HTTP.
#[derive(Debug)]
pub struct Cause(pub(crate) Box<dyn StdError + Send + Sync>);

impl fmt::Display for Cause {
    /// Only the innermost cause: the outer ones repeat that a request failed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut innermost: &dyn StdError = self.0.as_ref();
        while let Some(deeper) = innermost.source() {
            innermost = deeper;
        }
        write!(f, "{innermost}")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => f.write_str(message),
            None => write!(f, "status {}", self.status),
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    message: Option<String>,
    #[serde(default)]
    errors: Option<serde_json::Map<String, serde_json::Value>>,
}

impl Refusal {
    /// Reads the answer's envelope, as far as it is one.
    pub(crate) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Refusal {
        let envelope: Option<Envelope> = serde_json::from_slice(body).ok();
        let (message, errors) = envelope.map_or((None, None), |envelope| (envelope.message, envelope.errors));
        let fields = errors.unwrap_or_default().into_iter().filter_map(field_error);
        Refusal {
            status: status.as_u16(),
            message: message.filter(|message| !message.is_empty()),
            fields: fields.collect(),
            retry_after: crate::retry_after::of(headers),
        }
    }
}

fn field_error((field, texts): (String, serde_json::Value)) -> Option<FieldError> {
    let texts: Vec<String> = match texts {
        serde_json::Value::Array(texts) => texts
            .into_iter()
            .filter_map(|text| text.as_str().map(str::to_owned))
            .collect(),
        serde_json::Value::String(text) => vec![text],
        _ => vec![],
    };
    (!texts.is_empty()).then_some(FieldError { field, texts })
}

impl Error {
    /// The kind of failure that an answer with a status of 300 or more stands for.
    pub(crate) fn of(host: &str, refusal: Refusal) -> Error {
        match refusal.status {
            429 => Error::TooManyRequests(refusal),
            500.. => Error::Server(refusal),
            // The API always gives a reason; what does not is a proxy or another product.
            _ if refusal.message.is_none() => Error::NotTheProduct {
                host: host.to_owned(),
                refusal,
            },
            401 => Error::Unauthorised(refusal),
            403 => Error::Forbidden(refusal),
            404 => Error::NotFound(refusal),
            400 | 422 => Error::Invalid(refusal),
            409 => Error::Conflict(refusal),
            _ => Error::Unexpected(refusal),
        }
    }

    /// The kind of failure below HTTP.
    pub(crate) fn below(host: &str, cause: reqwest::Error) -> Error {
        let host = host.to_owned();
        let (is_connect, is_tls) = (cause.is_connect(), is_tls(&cause));
        // Whatever is told about it must not hold the address a second time.
        let cause = Cause(Box::new(cause.without_url()));
        if is_tls {
            Error::Tls { host, cause }
        } else if is_connect {
            Error::Unreachable { host, cause }
        } else {
            Error::Broken { host, cause }
        }
    }

    /// The server's answer, if there was one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Error::NotTheProduct { refusal, .. }
            | Error::Unauthorised(refusal)
            | Error::Forbidden(refusal)
            | Error::NotFound(refusal)
            | Error::Invalid(refusal)
            | Error::Conflict(refusal)
            | Error::TooManyRequests(refusal)
            | Error::Server(refusal)
            | Error::Unexpected(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Whether the instance could not be used at all just now, so that the same call may succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(
            self,
            Error::Unreachable { .. } | Error::Broken { .. } | Error::TooManyRequests(_) | Error::Server(_)
        )
    }
}

/// Whether TLS is somewhere among the causes. `io::Error` hides what it wraps from `source`.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    if error.is::<rustls::Error>() {
        return true;
    }
    let wrapped = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref);
    wrapped.is_some_and(|wrapped| is_tls(wrapped)) || error.source().is_some_and(is_tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> Error {
        let status = StatusCode::from_u16(status).unwrap();
        Error::of("h", Refusal::read(status, &HeaderMap::new(), body.as_bytes()))
    }

    #[test]
    fn statuses_are_kinds() {
        let said = r#"{"message":"m"}"#;
        assert!(matches!(error(400, said), Error::Invalid(_)));
        assert!(matches!(error(401, said), Error::Unauthorised(_)));
        assert!(matches!(error(403, said), Error::Forbidden(_)));
        assert!(matches!(error(404, said), Error::NotFound(_)));
        assert!(matches!(error(409, said), Error::Conflict(_)));
        assert!(matches!(error(418, said), Error::Unexpected(_)));
        assert!(matches!(error(422, said), Error::Invalid(_)));
        assert!(matches!(error(429, "<html>"), Error::TooManyRequests(_)));
        assert!(matches!(error(502, "<html>"), Error::Server(_)));
        for status in [302, 401, 403, 404] {
            assert!(
                matches!(error(status, "<html>"), Error::NotTheProduct { .. }),
                "{status}"
            );
        }
    }

    #[test]
    fn fields_are_read_as_far_as_they_are_there() {
        let error = error(
            422,
            r#"{"message":"The a","errors":{"a":["The a","second"],"b":"plain","c":[],"d":7}}"#,
        );
        let refusal = error.refusal().unwrap();
        let names: Vec<_> = refusal.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(refusal.fields[0].texts, ["The a", "second"]);
        assert_eq!(refusal.message.as_deref(), Some("The a"));
    }
}
