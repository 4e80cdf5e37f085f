//! API keys of the signed-in person: list, new, revoke, rotate. A new key is in the answer of its own POST and nowhere
//! else.

use super::change::{self, FACTORY_OVERLAP, OVERLAPS, Subject};
use super::created::{Made, created};
use super::form::Form as KeyForm;
use super::view::{self, Keys, Row};
use crate::compress::Secret;
use crate::pages::profile::handler::side;
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::{App, Error, FieldError, keys, login};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use maud::Markup;
use model::clock::DAY;
use model::page::PageRequest;
use model::{KeyId, ProjectId, Scope, Timestamp};
use serde::Deserialize;
use store::key::Key;

/// Projects to choose from.
const PROJECTS: i64 = 200;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/users/profile/api", get(show).post(create))
        .route("/users/profile/api/{key}/revoke", get(ask_revoke).post(revoke))
        .route("/users/profile/api/{key}/rotate", get(ask_rotate).post(rotate))
}

#[derive(Deserialize)]
struct Told {
    revoked: Option<String>,
}

async fn show(Signed(visit): Signed, Query(told): Query<Told>) -> Response {
    let result = try_show(&visit, told).await;
    respond::answer(&visit, result.map(respond::page))
}

async fn try_show(visit: &Visit, told: Told) -> Result<Markup, Error> {
    let projects = projects(visit).await?;
    let form = KeyForm::fresh(&projects, !login::is_confirmed(&visit.app, visit.actor()?));
    let revoked = match told.revoked.and_then(|id| id.parse().ok()) {
        Some(id) => keys::get(&visit.app, visit.actor()?, id).await.ok(),
        None => None,
    };
    let revoked = revoked.filter(|key| key.revoked_at.is_some()).map(|key| key.name);
    list(visit, form, revoked).await
}

async fn list(visit: &Visit, form: KeyForm<'_>, revoked: Option<String>) -> Result<Markup, Error> {
    let rows = keys::list(&visit.app, visit.actor()?)
        .await?
        .into_iter()
        .map(row)
        .collect();
    Ok(view::keys(
        &visit.frame,
        &Keys {
            side: side(visit).await?,
            rows,
            form,
            revoked,
        },
    ))
}

async fn projects(visit: &Visit) -> Result<Vec<(ProjectId, String)>, Error> {
    let request = PageRequest {
        page: 1,
        per_page: PROJECTS,
    };
    let page = app::projects::page(
        &visit.app,
        visit.actor()?,
        &store::project::Filter::default(),
        request,
    )
    .await?;
    Ok(page.rows.into_iter().map(|p| (p.id, p.name)).collect())
}

fn row(k: Key) -> Row {
    let parts = [
        k.last_used_ip,
        k.last_used_agent.map(|a| a.chars().take(60).collect()),
    ];
    Row {
        id: k.id,
        name: k.name,
        last4: k.last4,
        scope: k.scope,
        projects: k.projects.map(|p| p.len()),
        addresses: k.addresses.map(|a| a.len()),
        created_at: k.created_at,
        used_at: k.last_used_at,
        used_from: parts.into_iter().flatten().collect::<Vec<String>>().join(" · "),
        expires_at: k.expires_at,
    }
}

/// The form as it was sent.
#[derive(Default)]
struct Typed {
    scope: String,
    name: String,
    expires: String,
    date: String,
    projects: Vec<ProjectId>,
    addresses: String,
    password: String,
}

impl Typed {
    fn read(pairs: Vec<(String, String)>) -> Typed {
        let mut typed = Typed::default();
        for (name, value) in pairs {
            match name.as_str() {
                "scope" => typed.scope = value,
                "name" => typed.name = value,
                "expires" => typed.expires = value,
                "expires_at" => typed.date = value,
                "projects" => typed.projects.extend(value.parse::<ProjectId>()),
                "addresses" => typed.addresses = value,
                "password" => typed.password = value,
                _ => {}
            }
        }
        typed
    }

    /// The key that is wanted, or what is missing in the form.
    fn wanted(&self, visit: &Visit) -> Result<keys::NewKey, Error> {
        let (scope, end) = (self.scope.parse::<Scope>(), end(visit, &self.expires, &self.date));
        let mut wrong = Vec::new();
        if self.name.trim().is_empty() {
            wrong.push(FieldError::new("name", "Give the key a name."));
        }
        if scope.is_err() {
            wrong.push(FieldError::new("scope", "Choose what the key is for."));
        }
        if end.is_err() {
            wrong.push(FieldError::new(
                "expires_at",
                "Choose the last day of the key, or No expiry.",
            ));
        }
        match (scope, end) {
            (Ok(scope), Ok(expires_at)) if wrong.is_empty() => Ok(keys::NewKey {
                name: self.name.clone(),
                scope,
                expires_at,
                projects: (!self.projects.is_empty()).then(|| self.projects.clone()),
                addresses: (!self.addresses.trim().is_empty())
                    .then(|| self.addresses.split(['\n', ',']).map(str::to_owned).collect()),
            }),
            _ => Err(Error::Invalid(wrong)),
        }
    }
}

/// When a key ends: never, on a day, or after so many days. An error when none of them was chosen.
pub(crate) fn end(visit: &Visit, expires: &str, date: &str) -> Result<Option<Timestamp>, ()> {
    match expires {
        "never" => Ok(None),
        "date" => visit.frame.when.end_of_day(date).map(Some).ok_or(()),
        days => days
            .parse::<i64>()
            .ok()
            .filter(|d| (1..=36_500).contains(d))
            .map(|d| Some(visit.app.now().plus(d * DAY)))
            .ok_or(()),
    }
}

async fn create(Signed(visit): Signed, Sent(pairs): Sent<Vec<(String, String)>>) -> Response {
    let typed = Typed::read(pairs);
    let result = try_create(&visit, &typed).await;
    respond::answer(&visit, result)
}

async fn try_create(visit: &Visit, typed: &Typed) -> Result<Response, Error> {
    let projects = projects(visit).await?;
    let made = match confirmed(visit, &typed.password).await {
        Ok(()) => match typed.wanted(visit) {
            Ok(new) => keys::create(&visit.app, visit.actor()?, &new).await,
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => once(visit, &made, &projects, None).await,
        Err(error) => {
            let errors = asked_again(error)?;
            let form = KeyForm {
                scope: typed.scope.parse().ok(),
                name: &typed.name,
                expires: &typed.expires,
                date: &typed.date,
                projects: &projects,
                chosen: typed.projects.clone(),
                addresses: &typed.addresses,
                wants_password: wants_password(visit).await?,
                errors,
            };
            Ok(respond::html(
                StatusCode::UNPROCESSABLE_ENTITY,
                list(visit, form, None).await?,
            ))
        }
    }
}

/// Takes the password when the form sent one.
pub(crate) async fn confirmed(visit: &Visit, password: &str) -> Result<(), Error> {
    if password.is_empty() || !wants_password(visit).await? {
        return Ok(());
    }
    login::confirm(&visit.app, visit.actor()?, password).await
}

/// Whether the password has to be given again, as the session says now and not when the request began.
pub(crate) async fn wants_password(visit: &Visit) -> Result<bool, Error> {
    login::wants_password(&visit.app, visit.actor()?).await
}

/// Wrong fields to be shown in the form; a password that is missing is one of them.
pub(crate) fn asked_again(error: Error) -> Result<Errors, Error> {
    match error {
        Error::ConfirmPassword => Ok(Errors(vec![FieldError::new(
            "password",
            "Give your password again, then create the key.",
        )])),
        other => respond::fields(other),
    }
}

/// The page with the secret, which is never compressed.
async fn once(
    visit: &Visit,
    made: &keys::Created,
    projects: &[(ProjectId, String)],
    old_until: Option<Timestamp>,
) -> Result<Response, Error> {
    let name = |id: &ProjectId| {
        projects
            .iter()
            .find(|(p, _)| p == id)
            .map_or_else(|| id.to_string(), |(_, n)| n.clone())
    };
    let usable: Vec<(ProjectId, String)> = match &made.key.projects {
        Some(only) => projects
            .iter()
            .filter(|(id, _)| only.contains(id))
            .cloned()
            .collect(),
        None => projects.to_vec(),
    };
    let address = visit.address();
    let v = Made {
        name: &made.key.name,
        secret: &made.secret,
        scope: made.key.scope,
        expires_at: made.key.expires_at,
        only_in: made
            .key
            .projects
            .as_ref()
            .map(|ids| ids.iter().map(name).collect()),
        only_from: made.key.addresses.clone(),
        old_until,
        address: &address,
        projects: &usable,
        back: "/users/profile/api",
    };
    let mut response = respond::page(created(&visit.frame, &side(visit).await?, &v));
    response.extensions_mut().insert(Secret);
    Ok(response)
}

async fn subject(visit: &Visit, id: KeyId, errors: Errors) -> Result<Subject, Error> {
    let key = keys::get(&visit.app, visit.actor()?, id).await?;
    if key.revoked_at.is_some() {
        return Err(Error::NotFound);
    }
    Ok(Subject {
        side: side(visit).await?,
        id,
        name: key.name,
        last4: key.last4,
        scope: key.scope,
        used_at: key.last_used_at,
        expires_at: key.expires_at,
        errors,
    })
}

fn key_id(text: &str) -> Result<KeyId, Error> {
    text.parse().map_err(|_| Error::NotFound)
}

async fn ask_revoke(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = match key_id(&id) {
        Ok(id) => subject(&visit, id, Errors::default()).await,
        Err(error) => Err(error),
    };
    respond::answer(
        &visit,
        result.map(|s| respond::page(change::revoke(&visit.frame, &s))),
    )
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn revoke(Signed(visit): Signed, Path(id): Path<String>, Sent(typed): Sent<Reason>) -> Response {
    let result = try_revoke(&visit, &id, &typed).await;
    respond::answer(&visit, result)
}

async fn try_revoke(visit: &Visit, id: &str, typed: &Reason) -> Result<Response, Error> {
    let id = key_id(id)?;
    let reason = Some(typed.reason.trim()).filter(|r| !r.is_empty());
    keys::revoke(&visit.app, visit.actor()?, id, reason).await?;
    Ok(respond::to(&format!("/users/profile/api?revoked={id}")))
}

async fn ask_rotate(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = try_ask_rotate(&visit, &id).await;
    respond::answer(&visit, result)
}

async fn try_ask_rotate(visit: &Visit, id: &str) -> Result<Response, Error> {
    let subject = subject(visit, key_id(id)?, Errors::default()).await?;
    let wants = wants_password(visit).await?;
    Ok(respond::page(change::rotate(
        &visit.frame,
        &subject,
        FACTORY_OVERLAP,
        wants,
    )))
}

#[derive(Deserialize)]
struct Overlap {
    #[serde(default)]
    overlap: String,
    #[serde(default)]
    password: String,
}

async fn rotate(Signed(visit): Signed, Path(id): Path<String>, Sent(typed): Sent<Overlap>) -> Response {
    let result = try_rotate(&visit, &id, &typed).await;
    respond::answer(&visit, result)
}

async fn try_rotate(visit: &Visit, id: &str, typed: &Overlap) -> Result<Response, Error> {
    let id = key_id(id)?;
    let overlap = OVERLAPS
        .iter()
        .find(|(value, ..)| *value == typed.overlap)
        .map(|(.., micros)| *micros);
    let made = match (overlap, confirmed(visit, &typed.password).await) {
        (_, Err(error)) => Err(error),
        (None, _) => Err(Error::field(
            "overlap",
            "Choose how long the old key goes on working.",
        )),
        (Some(overlap), Ok(())) => keys::rotate(&visit.app, visit.actor()?, id, overlap).await,
    };
    match made {
        Ok(made) => {
            let old = keys::get(&visit.app, visit.actor()?, id).await?;
            let until = old.expires_at.filter(|_| old.revoked_at.is_none());
            once(visit, &made, &projects(visit).await?, until).await
        }
        Err(error) => {
            let errors = asked_again(error)?;
            let subject = subject(visit, id, errors).await?;
            let wants = wants_password(visit).await?;
            let page = change::rotate(&visit.frame, &subject, &typed.overlap, wants);
            Ok(respond::html(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}
