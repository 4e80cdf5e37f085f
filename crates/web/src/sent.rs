//! Forms as they are sent.

use crate::respond;
use crate::visit::Visit;
use app::{App, Error};
use axum::extract::{Form, FromRequest, FromRequestParts as _, Request};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Most bytes of a form.
pub(crate) const MOST: usize = 256 << 10;

/// The fields of a form. What can't be read is answered with an error page.
pub(crate) struct Sent<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Sent<T>, Response> {
        let (parts, body) = request.into_parts();
        let mut again = parts.clone();
        let refused = match Form::<T>::from_request(Request::from_parts(parts, body), app).await {
            Ok(Form(fields)) => return Ok(Sent(fields)),
            Err(rejection) => rejection.into_response().status(),
        };
        let visit = Visit::from_request_parts(&mut again, app).await?;
        let error = match refused {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge(MOST as u64),
            _ => Error::BadRequest("The form could not be read. Go back and send it again.".to_owned()),
        };
        Err(respond::answer(&visit, Err(error)))
    }
}

/// The fields of a form whose names are only known when it is read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

impl Pairs {
    /// The first value of a field; empty when it is missing.
    pub(crate) fn one(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_default()
    }

    /// All values of a field.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let found = self.0.iter().filter(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str()).collect()
    }
}
