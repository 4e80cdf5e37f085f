//! First-run set-up by the one-time link.

use super::view::{self, Setup};
use crate::respond;
use crate::sent::Sent;
use crate::visit::Visit;
use app::setup::{self, Owner};
use app::{App, Error};
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use axum::{Router, http::header};
use http::{HeaderValue, StatusCode};
use serde::Deserialize;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/setup/{token}", get(show).post(complete))
}

#[derive(Deserialize, Default)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

fn draw(visit: &Visit, token: &str, typed: &Typed, errors: crate::ui::field::Errors) -> maud::Markup {
    let address = visit.address();
    let setup = Setup {
        token,
        address: &address,
        is_configured: visit.app.public_url().is_some(),
        database: if visit.app.db().is_postgres() {
            "PostgreSQL, writes are durable"
        } else {
            "Embedded SQLite, writes are durable"
        },
        name: &typed.name,
        email: &typed.email,
        errors,
    };
    view::page(&visit.frame, &setup)
}

async fn show(visit: Visit, Path(token): Path<String>) -> Response {
    let result = match setup::is_open(&visit.app, &token).await {
        Ok(true) => Ok(respond::page(draw(
            &visit,
            &token,
            &Typed::default(),
            crate::ui::field::Errors::default(),
        ))),
        Ok(false) => Err(Error::NotFound),
        Err(error) => Err(error),
    };
    respond::answer(&visit, result)
}

async fn complete(visit: Visit, Path(token): Path<String>, Sent(typed): Sent<Typed>) -> Response {
    let result = try_complete(&visit, &token, &typed).await;
    respond::answer(&visit, result)
}

async fn try_complete(visit: &Visit, token: &str, typed: &Typed) -> Result<Response, Error> {
    let owner = Owner {
        name: typed.name.clone(),
        email: typed.email.clone(),
        password: typed.password.clone(),
    };
    let adopted = visit.app.public_url().is_none().then(|| visit.address());
    match setup::complete(&visit.app, token, &owner, adopted.as_deref(), &visit.request).await {
        Ok(signed_in) => Ok(signed(visit, &signed_in, "/projects")),
        Err(error) => {
            let errors = respond::fields(error)?;
            Ok(respond::html(
                StatusCode::UNPROCESSABLE_ENTITY,
                draw(visit, token, typed, errors),
            ))
        }
    }
}

/// The way to a page with the cookies of a fresh session.
pub(crate) fn signed(visit: &Visit, signed_in: &app::login::SignedIn, path: &str) -> Response {
    let mut response = respond::to(path);
    for cookie in [
        visit.session_cookie(&signed_in.cookie, signed_in.max_age_s),
        visit.device_cookie(&signed_in.device),
    ] {
        if let Ok(cookie) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
    response
}
