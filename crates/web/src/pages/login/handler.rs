//! Signing in and out, and the theme, which needs no account.

use super::view::{self, Login};
use crate::pages::setup::handler::signed;
use crate::respond;
use crate::sent::Sent;
use crate::ui::Theme;
use crate::visit::{Signed, Visit};
use app::login::{self, Credentials};
use app::{App, Error};
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::{get, post};
use http::{HeaderValue, StatusCode, header};
use serde::Deserialize;

/// Longest stay, in days.
const DAYS: i64 = 14;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/login", get(show).post(sign_in))
        .route("/logout", post(sign_out))
        .route("/theme", post(theme))
}

#[derive(Deserialize, Default)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    stay: String,
    #[serde(default)]
    next: String,
}

fn draw(visit: &Visit, typed: &Typed, failure: Option<&str>, is_new: bool) -> maud::Markup {
    let v = Login {
        host: &visit.host,
        email: &typed.email,
        stay: !typed.stay.is_empty(),
        next: &typed.next,
        failure,
        is_new,
        days: DAYS,
    };
    view::page(&visit.frame, &v)
}

async fn show(visit: Visit, Query(next): Query<Next>) -> Response {
    if visit.actor.is_some() {
        return respond::to(respond::own_path(&next.next));
    }
    let typed = Typed {
        email: String::new(),
        password: String::new(),
        stay: String::new(),
        next: next.next,
    };
    let result = app::setup::is_done(&visit.app).await;
    respond::answer(
        &visit,
        result.map(|is_done| respond::page(draw(&visit, &typed, None, !is_done))),
    )
}

async fn sign_in(visit: Visit, Sent(typed): Sent<Typed>) -> Response {
    let credentials = Credentials {
        email: typed.email.clone(),
        password: typed.password.clone(),
        stay: !typed.stay.is_empty(),
        device: visit.device.clone(),
    };
    match login::sign_in(&visit.app, &credentials, &visit.request).await {
        Ok(signed_in) => signed(&visit, &signed_in, respond::own_path(&typed.next)),
        Err(error @ (Error::Unauthenticated(_) | Error::TooMany(_))) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNAUTHORIZED);
            // A page is no protected resource of HTTP, so a wrong password is a form to be filled in again.
            let status = if status == StatusCode::UNAUTHORIZED {
                StatusCode::UNPROCESSABLE_ENTITY
            } else {
                status
            };
            respond::html(status, draw(&visit, &typed, Some(&error.message()), false))
        }
        Err(error) => respond::answer(&visit, Err(error)),
    }
}

async fn sign_out(Signed(visit): Signed) -> Response {
    let result = match visit.actor() {
        Ok(actor) => login::sign_out(&visit.app, actor).await,
        Err(error) => Err(error),
    };
    respond::answer(
        &visit,
        result.map(|()| {
            let mut response = respond::to("/login");
            let headers = response.headers_mut();
            if let Ok(cookie) = HeaderValue::from_str(&visit.session_cookie("", Some(0))) {
                headers.append(header::SET_COOKIE, cookie);
            }
            headers.insert(
                "clear-site-data",
                HeaderValue::from_static("\"cache\", \"storage\""),
            );
            response
        }),
    )
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

async fn theme(Sent(chosen): Sent<Chosen>) -> Response {
    let mut response = respond::to(respond::own_path(&chosen.back));
    let cookie = Visit::theme_cookie(Theme::from_name(&chosen.theme).name());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
