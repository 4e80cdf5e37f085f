//! API users: list, the form that makes one with its key, one of them, its keys.

use super::form::{Form, Typed, form};
use super::key::{self, New, Rotate};
use super::{PATH, list, one};
use crate::compress::Secret;
use crate::pages::keys::change::{FACTORY_OVERLAP, OVERLAPS};
use crate::pages::keys::created::Made;
use crate::pages::keys::form::FACTORY_LIFE;
use crate::pages::keys::handler::{asked_again, confirmed, end, wants_password};
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::api_users::{self, Change, shown};
use app::keys::{Created, NewKey, managed};
use app::{App, Error, FieldError};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use model::page::PageRequest;
use model::{KeyId, ProjectId, RoleId, Scope, Timestamp, UserId};
use serde::Deserialize;

/// API users of a page of the list.
const PER_PAGE: i64 = 50;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show_list))
        .route("/admin/api-users/new", get(ask_new).post(create))
        .route("/admin/api-users/{user}", get(show_one))
        .route("/admin/api-users/{user}/activate", post(activate))
        .route(
            "/admin/api-users/{user}/deactivate",
            get(ask_deactivate).post(deactivate),
        )
        .route("/admin/api-users/{user}/keys/new", get(ask_key).post(make_key))
        .route(
            "/admin/api-users/{user}/keys/{key}/rotate",
            get(ask_rotate).post(rotate),
        )
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    page: String,
}

async fn show_list(Signed(visit): Signed, Query(asked): Query<Asked>) -> Response {
    let result = try_list(&visit, &asked).await;
    respond::answer(&visit, result)
}

async fn try_list(visit: &Visit, asked: &Asked) -> Result<Response, Error> {
    let request = PageRequest {
        page: respond::page_number(&asked.page),
        per_page: PER_PAGE,
    };
    let listed = shown::listed(&visit.app, visit.actor()?, request).await?;
    Ok(respond::page(list::list(&visit.frame, &listed)))
}

async fn ask_new(Signed(visit): Signed) -> Response {
    let result = try_ask_new(&visit).await;
    respond::answer(&visit, result)
}

async fn try_ask_new(visit: &Visit) -> Result<Response, Error> {
    let choices = shown::choices(&visit.app, visit.actor()?).await?;
    if !choices.is_offered {
        return Ok(respond::to(PATH));
    }
    let typed = Typed {
        owner: visit.actor()?.user.id.to_string(),
        expires: FACTORY_LIFE.to_owned(),
        ..Typed::default()
    };
    let v = Form {
        choices: &choices,
        typed: &typed,
        wants_password: wants_password(visit).await?,
        errors: Errors::default(),
    };
    Ok(respond::page(form(&visit.frame, &v)))
}

fn read(pairs: Vec<(String, String)>) -> Typed {
    let mut typed = Typed::default();
    for (name, value) in pairs {
        match name.as_str() {
            "name" => typed.name = value,
            "owner_id" => typed.owner = value,
            "purpose" => typed.purpose = value,
            "role_id" => typed.role = value.parse().ok().map(RoleId),
            "projects" => typed.projects.extend(value.parse::<ProjectId>()),
            "key_name" => typed.key_name = value,
            "expires" => typed.expires = value,
            "expires_at" => typed.date = value,
            "password" => typed.password = value,
            _ => {}
        }
    }
    typed
}

/// The user and the key that are wanted, or what is missing in the form.
fn wanted(visit: &Visit, typed: &Typed) -> Result<(Change, NewKey), Error> {
    let expires_at = end(visit, &typed.expires, &typed.date);
    let owner = typed.owner.parse::<UserId>();
    let missing = [
        (typed.name.trim().is_empty(), "name", "Give the API user a name."),
        (owner.is_err(), "owner_id", "Choose who answers for it."),
        (typed.purpose.trim().is_empty(), "purpose", "Say what it is for."),
        (typed.role.is_none(), "role_id", "Choose what it may do."),
        (
            typed.projects.is_empty(),
            "projects",
            "Choose at least one project.",
        ),
        (
            typed.key_name.trim().is_empty(),
            "key_name",
            "Give the key a name.",
        ),
        (
            expires_at.is_err(),
            "key_expires_at",
            "Choose the last day of the key, or No expiry.",
        ),
    ];
    let wrong: Vec<FieldError> = missing
        .into_iter()
        .filter(|(is_missing, ..)| *is_missing)
        .map(|(_, field, text)| FieldError::new(field, text))
        .collect();
    let (Ok(owner), Some(role), Ok(expires_at), true) = (owner, typed.role, expires_at, wrong.is_empty())
    else {
        return Err(Error::Invalid(wrong));
    };
    let user = Change {
        name: Some(typed.name.clone()),
        owner_id: Some(owner),
        purpose: Some(typed.purpose.clone()),
        projects: Some(typed.projects.iter().map(|p| (*p, role)).collect()),
        ..Change::default()
    };
    Ok((user, of(&typed.key_name, expires_at)))
}

/// A key that may do whatever its API user may do.
fn of(name: &str, expires_at: Option<Timestamp>) -> NewKey {
    NewKey {
        name: name.to_owned(),
        scope: Scope::Full,
        expires_at,
        projects: None,
        addresses: None,
    }
}

async fn create(Signed(visit): Signed, Sent(pairs): Sent<Vec<(String, String)>>) -> Response {
    let typed = read(pairs);
    let result = try_create(&visit, &typed).await;
    respond::answer(&visit, result)
}

async fn try_create(visit: &Visit, typed: &Typed) -> Result<Response, Error> {
    let choices = shown::choices(&visit.app, visit.actor()?).await?;
    let made = match (confirmed(visit, &typed.password).await, wanted(visit, typed)) {
        (Ok(()), Ok((user, key))) => shown::create_with_key(&visit.app, visit.actor()?, user, &key).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match made {
        Ok((user, made)) => once(visit, user.profile.user.id, &made, None).await,
        Err(error) => {
            let v = Form {
                choices: &choices,
                typed,
                errors: asked_again(error)?,
                wants_password: wants_password(visit).await?,
            };
            let page = form(&visit.frame, &v);
            Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}

/// The page with the secret, which is never compressed.
async fn once(
    visit: &Visit,
    id: UserId,
    made: &Created,
    old_until: Option<Timestamp>,
) -> Result<Response, Error> {
    let whole = shown::whole(&visit.app, visit.actor()?, id).await?;
    let places = whole.shown.places.iter();
    let projects: Vec<(ProjectId, String)> = places.map(|p| (p.project, p.name.clone())).collect();
    let (address, back) = (visit.address(), format!("{PATH}/{id}"));
    let v = Made {
        name: &made.key.name,
        secret: &made.secret,
        scope: made.key.scope,
        expires_at: made.key.expires_at,
        only_in: Some(projects.iter().map(|(_, name)| name.clone()).collect()),
        only_from: made.key.addresses.clone(),
        old_until,
        address: &address,
        projects: &projects,
        back: &back,
    };
    let mut response = respond::page(key::created(&visit.frame, &whole.shown, &v));
    response.extensions_mut().insert(Secret);
    Ok(response)
}

fn user_id(text: &str) -> Result<UserId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

/// The API user that an address names.
async fn whole(visit: &Visit, id: &str) -> Result<shown::Whole, Error> {
    shown::whole(&visit.app, visit.actor()?, user_id(id)?).await
}

async fn show_one(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = whole(&visit, &id).await;
    respond::answer(&visit, result.map(|v| respond::page(one::one(&visit.frame, &v))))
}

async fn ask_deactivate(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = whole(&visit, &id).await;
    let page = |v: shown::Whole| respond::page(one::deactivate(&visit.frame, &v.shown));
    respond::answer(&visit, result.map(page))
}

async fn deactivate(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = set_active(&visit, &id, false).await;
    respond::answer(&visit, result)
}

async fn activate(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = set_active(&visit, &id, true).await;
    respond::answer(&visit, result)
}

async fn set_active(visit: &Visit, id: &str, is_active: bool) -> Result<Response, Error> {
    let id = user_id(id)?;
    let change = Change {
        is_active: Some(is_active),
        ..Change::default()
    };
    api_users::update(&visit.app, visit.actor()?, id, change).await?;
    Ok(respond::to(&format!("{PATH}/{id}")))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Wanted {
    name: String,
    expires: String,
    expires_at: String,
    password: String,
}

async fn ask_key(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let typed = Wanted {
        expires: FACTORY_LIFE.to_owned(),
        ..Wanted::default()
    };
    let result = key_form(&visit, &id, &typed, Errors::default()).await;
    respond::answer(&visit, result)
}

async fn key_form(visit: &Visit, id: &str, typed: &Wanted, errors: Errors) -> Result<Response, Error> {
    let whole = whole(visit, id).await?;
    if !whole.is_offered {
        return Ok(respond::to(&format!("{PATH}/{id}")));
    }
    let status = status(&errors);
    let v = New {
        user: &whole.shown,
        name: &typed.name,
        expires: &typed.expires,
        date: &typed.expires_at,
        wants_password: wants_password(visit).await?,
        errors,
    };
    Ok(respond::html(status, key::new(&visit.frame, &v)))
}

fn status(errors: &Errors) -> StatusCode {
    if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}

async fn make_key(Signed(visit): Signed, Path(id): Path<String>, Sent(typed): Sent<Wanted>) -> Response {
    let result = try_make_key(&visit, &id, &typed).await;
    respond::answer(&visit, result)
}

async fn try_make_key(visit: &Visit, id: &str, typed: &Wanted) -> Result<Response, Error> {
    // Whoever is no API user makes keys in the own profile.
    let user = whole(visit, id).await?.shown.user.profile.user.id;
    let wanted = end(visit, &typed.expires, &typed.expires_at)
        .map(|expires_at| of(&typed.name, expires_at))
        .map_err(|()| Error::field("expires_at", "Choose the last day of the key, or No expiry."));
    let made = match (confirmed(visit, &typed.password).await, wanted) {
        (Ok(()), Ok(key)) => managed::make(&visit.app, visit.actor()?, Some(user), &key, None).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match made {
        Ok(made) => once(visit, user, &made, None).await,
        Err(error) => key_form(visit, id, typed, asked_again(error)?).await,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Overlap {
    overlap: String,
    password: String,
}

async fn ask_rotate(Signed(visit): Signed, Path(path): Path<(String, String)>) -> Response {
    let result = rotate_form(&visit, &path, FACTORY_OVERLAP, Errors::default()).await;
    respond::answer(&visit, result)
}

async fn rotate_form(
    visit: &Visit,
    (id, key): &(String, String),
    overlap: &str,
    errors: Errors,
) -> Result<Response, Error> {
    let whole = whole(visit, id).await?;
    let key = own_key(&whole, key)?;
    let status = status(&errors);
    let v = Rotate {
        user: &whole.shown,
        key,
        overlap,
        wants_password: wants_password(visit).await?,
        errors,
    };
    Ok(respond::html(status, key::rotate(&visit.frame, &v)))
}

/// The key that an address names, if the API user there has it.
fn own_key<'w>(whole: &'w shown::Whole, id: &str) -> Result<&'w store::key::Key, Error> {
    let id: KeyId = id.parse().map_err(|_| Error::NotFound)?;
    whole.keys.iter().find(|k| k.id == id).ok_or(Error::NotFound)
}

async fn rotate(
    Signed(visit): Signed,
    Path(path): Path<(String, String)>,
    Sent(typed): Sent<Overlap>,
) -> Response {
    let result = try_rotate(&visit, &path, &typed).await;
    respond::answer(&visit, result)
}

async fn try_rotate(visit: &Visit, path: &(String, String), typed: &Overlap) -> Result<Response, Error> {
    let whole = whole(visit, &path.0).await?;
    let old = own_key(&whole, &path.1)?;
    let overlap = OVERLAPS.iter().find(|(value, ..)| *value == typed.overlap);
    let made = match (overlap, confirmed(visit, &typed.password).await) {
        (_, Err(error)) => Err(error),
        (None, _) => Err(Error::field(
            "overlap",
            "Choose how long the old key goes on working.",
        )),
        (Some((.., micros)), Ok(())) => {
            managed::replace(&visit.app, visit.actor()?, old.id, *micros, None).await
        }
    };
    match made {
        Ok(made) => {
            let now = managed::one(&visit.app, visit.actor()?, old.id).await?;
            let until = now.expires_at.filter(|_| now.revoked_at.is_none());
            once(visit, whole.shown.user.profile.user.id, &made, until).await
        }
        Err(error) => rotate_form(visit, path, &typed.overlap, asked_again(error)?).await,
    }
}
