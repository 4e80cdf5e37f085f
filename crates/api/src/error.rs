//! The error envelope: `{"message", "errors"}` of contract §1.4, with a code for programs and the id of the request.

use app::{Error, Reason};
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use model::net::RequestId;
use serde::Serialize;
use std::collections::BTreeMap;
use store::access::Denied;

/// An error on its way out.
pub(crate) struct ApiError {
    error: Error,
    request_id: Option<RequestId>,
}

#[derive(Serialize)]
struct Envelope<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<BTreeMap<&'a str, Vec<&'a str>>>,
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

impl ApiError {
    pub(crate) fn new(error: Error, parts: &Parts) -> ApiError {
        ApiError {
            error,
            request_id: parts.extensions.get::<RequestId>().cloned(),
        }
    }

    pub(crate) fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let id = self.request_id.as_ref().map(|id| &*id.0);
        // An absent object and one that may not be seen answer with the same bytes, so the id of the request is left out.
        let id = id.filter(|_| status != StatusCode::NOT_FOUND);
        if status.is_server_error() {
            tracing::error!(error = %self.error, request_id = id, "request failed");
        }
        let errors = match &self.error {
            Error::Invalid(fields) => {
                let mut errors: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
                for field in fields {
                    errors.entry(&field.field).or_default().push(&field.text);
                }
                Some(errors)
            }
            _ => None,
        };
        let message = self.error.message();
        let errors = match self.error {
            Error::NothingToChange => Some(BTreeMap::from([("fields", vec![&*message])])),
            _ => errors,
        };
        let envelope = Envelope {
            message: &message,
            errors,
            code: self.error.code(),
            request_id: id,
        };
        let mut response = json(status, to_json(&envelope));
        self.add_headers(status, &mut response);
        response
    }

    fn add_headers(&self, status: StatusCode, response: &mut Response) {
        let headers = response.headers_mut();
        if let Some(challenge) = self.challenge()
            && let Ok(challenge) = HeaderValue::from_str(&challenge)
        {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Error::TooMany(seconds) = self.error {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        } else if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
    }

    /// RFC 6750 §3.
    fn challenge(&self) -> Option<String> {
        let realm = "Bearer realm=\"attest\"";
        match &self.error {
            Error::Unauthenticated(Reason::Missing) => Some(realm.to_owned()),
            Error::Unauthenticated(reason) => {
                let told = match reason {
                    Reason::Expired(on) => format!(", error_description=\"expired {on}\""),
                    Reason::Revoked => ", error_description=\"revoked\"".to_owned(),
                    Reason::OwnerInactive => ", error_description=\"owner inactive\"".to_owned(),
                    Reason::Suspended => ", error_description=\"suspended\"".to_owned(),
                    _ => String::new(),
                };
                Some(format!("{realm}, error=\"invalid_token\"{told}"))
            }
            Error::Denied(Denied::Revoked) => Some(format!("{realm}, error=\"invalid_token\"")),
            Error::Denied(Denied::Scope(right)) => {
                let scope = model::Scope::needed_for(*right).name();
                Some(format!(
                    "{realm}, error=\"insufficient_scope\", scope=\"{scope}\""
                ))
            }
            Error::BadRequest(_) => Some(format!("{realm}, error=\"invalid_request\"")),
            _ => None,
        }
    }
}

/// An error that no operation made.
pub(crate) fn plain(request: &Request, status: StatusCode, code: &str, message: &str) -> Response {
    let id = request
        .extensions()
        .get::<RequestId>()
        .map(|id| &*id.0)
        .filter(|_| status != StatusCode::NOT_FOUND);
    json(
        status,
        to_json(&Envelope {
            message,
            errors: None,
            code,
            request_id: id,
        }),
    )
}

/// A document as bytes. Our own types always have a JSON form.
pub(crate) fn to_json<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).unwrap_or_else(|_| b"{}".to_vec())
}

/// A response with a JSON document.
pub(crate) fn json(status: StatusCode, json: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(json));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
