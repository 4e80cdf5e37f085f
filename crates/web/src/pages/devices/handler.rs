//! Signed-in devices and the password.

use super::view::{self, Done, Security, Signed as Device};
use crate::pages::profile::handler::side;
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::{App, Error, login};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use serde::Deserialize;

const HERE: &str = "/users/profile/security";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(HERE, get(show))
        .route("/users/profile/security/others", post(others))
        .route("/users/profile/security/password", post(password))
        .route("/users/profile/security/{device}/sign-out", post(sign_out))
}

#[derive(Deserialize)]
struct Told {
    done: Option<String>,
}

async fn show(Signed(visit): Signed, Query(told): Query<Told>) -> Response {
    let done = match told.done.as_deref() {
        Some("device") => Some(Done::Device),
        Some("others") => Some(Done::Others),
        Some("password") => Some(Done::Password),
        _ => None,
    };
    let result = draw(&visit, done, Errors::default()).await;
    respond::answer(&visit, result.map(respond::page))
}

async fn draw(visit: &Visit, done: Option<Done>, errors: Errors) -> Result<maud::Markup, Error> {
    let actor = visit.actor()?;
    let this = actor.session.as_ref().map(|s| s.id);
    let devices = login::devices(&visit.app, actor).await?;
    let devices = devices
        .into_iter()
        .map(|s| Device {
            id: s.id,
            agent: s.agent,
            ip: s.ip,
            since: s.created_at,
            seen_at: s.seen_at,
            is_this: Some(s.id) == this,
        })
        .collect();
    let v = Security {
        side: side(visit).await?,
        devices,
        errors,
        done,
    };
    Ok(view::security(&visit.frame, &v))
}

async fn sign_out(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = match (id.parse(), visit.actor()) {
        (Ok(id), Ok(actor)) => login::revoke_device(&visit.app, actor, id).await,
        _ => Err(Error::NotFound),
    };
    respond::answer(
        &visit,
        result.map(|()| respond::to("/users/profile/security?done=device")),
    )
}

async fn others(Signed(visit): Signed) -> Response {
    let result = match visit.actor() {
        Ok(actor) => login::revoke_other_devices(&visit.app, actor).await,
        Err(error) => Err(error),
    };
    respond::answer(
        &visit,
        result.map(|_| respond::to("/users/profile/security?done=others")),
    )
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    old_password: String,
    #[serde(default)]
    new_password: String,
}

async fn password(Signed(visit): Signed, Sent(typed): Sent<Typed>) -> Response {
    let result = try_password(&visit, &typed).await;
    respond::answer(&visit, result)
}

async fn try_password(visit: &Visit, typed: &Typed) -> Result<Response, Error> {
    match login::change_password(
        &visit.app,
        visit.actor()?,
        &typed.old_password,
        &typed.new_password,
    )
    .await
    {
        Ok(()) => Ok(respond::to("/users/profile/security?done=password")),
        Err(error) => {
            let errors = respond::fields(error)?;
            Ok(respond::html(
                StatusCode::UNPROCESSABLE_ENTITY,
                draw(visit, None, errors).await?,
            ))
        }
    }
}
