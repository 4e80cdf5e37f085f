//! The account page, and the left column that all pages of the profile share.

use super::notices;
use super::side::Side;
use super::view::{self, Account};
use crate::respond;
use crate::sent::Sent;
use crate::ui::Viewer;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::{App, Error, account, keys};
use axum::Router;
use axum::extract::Query;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::clock::DAY;
use serde::Deserialize;

/// A key that ends this soon is named in the column.
const SOON: i64 = 30 * DAY;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/users/profile", get(show).post(save)).route(
        "/users/profile/notifications",
        get(notices::show).post(notices::save),
    )
}

/// The left column.
pub(crate) async fn side(visit: &Visit) -> Result<Side, Error> {
    let actor = visit.actor()?;
    let now = visit.app.now();
    let keys: Vec<_> = keys::list(&visit.app, actor)
        .await?
        .into_iter()
        .filter(|k| k.expires_at.is_none_or(|at| at > now))
        .collect();
    let soon = keys
        .iter()
        .filter_map(|k| Some((k.expires_at?, k)))
        .filter(|(at, _)| at.since(now) < SOON)
        .min_by_key(|(at, _)| *at);
    Ok(Side {
        viewer: Viewer {
            id: actor.user.id,
            name: actor.user.name.clone(),
            email: actor.user.email.clone(),
            is_admin: actor.is_admin(),
        },
        soon: soon.map(|(at, key)| (key.name.clone(), at)),
        keys: i64::try_from(keys.len()).unwrap_or(i64::MAX),
    })
}

#[derive(Deserialize)]
struct Told {
    saved: Option<String>,
}

async fn show(Signed(visit): Signed, Query(told): Query<Told>) -> Response {
    let result = try_show(&visit, told.saved.is_some()).await;
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, is_saved: bool) -> Result<Response, Error> {
    let user = &visit.actor()?.user;
    let v = Account {
        side: side(visit).await?,
        name: &user.name,
        timezone: user.timezone.as_deref().unwrap_or_default(),
        errors: Errors::default(),
        is_saved,
    };
    Ok(respond::page(view::account(&visit.frame, &v)))
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    timezone: String,
}

async fn save(Signed(visit): Signed, Sent(typed): Sent<Typed>) -> Response {
    let result = try_save(&visit, &typed).await;
    respond::answer(&visit, result)
}

async fn try_save(visit: &Visit, typed: &Typed) -> Result<Response, Error> {
    let wanted = account::Account {
        name: typed.name.clone(),
        timezone: Some(typed.timezone.clone()),
    };
    match account::update(&visit.app, visit.actor()?, &wanted).await {
        Ok(()) => Ok(respond::to("/users/profile?saved=1")),
        Err(error) => {
            let errors = respond::fields(error)?;
            let side = side(visit).await?;
            let v = Account {
                side,
                name: &typed.name,
                timezone: &typed.timezone,
                errors,
                is_saved: false,
            };
            Ok(respond::html(
                StatusCode::UNPROCESSABLE_ENTITY,
                view::account(&visit.frame, &v),
            ))
        }
    }
}
