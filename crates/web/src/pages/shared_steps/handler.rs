//! Shows shared steps and does what their forms say.

use super::view::{self, Form, List, href};
use crate::pages::repository::case::typed::{Typed, edit_steps, sent_steps};
use crate::pages::repository::case::values::{Step, blocks};
use crate::pages::repository::handler::project;
use crate::respond;
use crate::sent::{Pairs, Sent};
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::shared_steps::{self, Change, DELETE, EDIT};
use app::{App, Error};
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::{ProjectId, SharedStepsId};
use serde_json::Value;
use store::access::Denied;
use store::shared_steps::SharedSteps;

/// Cases that a form names.
const NAMED: usize = 20;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/shared-steps/{project}", get(list))
        .route("/shared-steps/{project}/new", get(fresh).post(create))
        .route("/shared-steps/edit/{id}", get(show).post(change))
        .route("/shared-steps/delete/{id}", get(ask_delete).post(delete))
}

async fn list(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = try_list(&visit, &id).await;
    respond::answer(&visit, result)
}

async fn try_list(visit: &Visit, id: &str) -> Result<Response, Error> {
    let id = project(id)?;
    let (app, actor) = (&visit.app, visit.actor()?);
    let (_, project) = visit.project(id).await?;
    let rights = shared_steps::rights(app, actor, id).await?;
    let list = List {
        project,
        rows: shared_steps::all(app, actor, id).await?,
        can_edit: rights.has(EDIT),
        can_delete: rights.has(DELETE),
    };
    Ok(respond::page(view::list(&visit.frame, &list)))
}

/// The form of new ones.
async fn blank(visit: &Visit, id: ProjectId) -> Result<Form, Error> {
    let (_, project) = visit.project(id).await?;
    if !shared_steps::rights(&visit.app, visit.actor()?, id)
        .await?
        .has(EDIT)
    {
        return Err(Denied::Missing(EDIT).into());
    }
    Ok(Form {
        project,
        old: None,
        name: String::new(),
        steps: vec![Step::default()],
        cases: 0,
        first: Vec::new(),
        can_edit: true,
        is_stale: false,
        errors: Errors::default(),
    })
}

/// The form of those that are there.
async fn stored(visit: &Visit, id: &str) -> Result<Form, Error> {
    let id = number(id)?;
    let (app, actor) = (&visit.app, visit.actor()?);
    let found = shared_steps::get(app, actor, id).await?;
    let rights = shared_steps::rights(app, actor, found.project_id).await?;
    let (_, project) = visit.project(found.project_id).await?;
    Ok(Form {
        project,
        old: Some((id, found.version)),
        name: found.name,
        steps: blocks(&Value::Array(found.steps)),
        cases: found.cases,
        first: shared_steps::cases(app, actor, id, NAMED).await?,
        can_edit: rights.has(EDIT),
        is_stale: false,
        errors: Errors::default(),
    })
}

fn number(id: &str) -> Result<SharedStepsId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

/// What was typed; `Err` is the form again, when a button only changes it.
fn typed(form: Form, pairs: &Pairs) -> Result<(Form, Change), Box<Form>> {
    let mut typed = Typed::default();
    typed
        .custom
        .insert("steps".to_owned(), sent_steps(&pairs.0, "steps"));
    let is_draft = edit_steps(&mut typed, pairs.one("do"));
    let steps = typed.custom.remove("steps").unwrap_or_default();
    let form = Form {
        name: pairs.one("name").to_owned(),
        steps: blocks(&steps),
        ..form
    };
    if is_draft {
        return Err(Box::new(form));
    }
    let change = Change {
        name: Some(form.name.clone()),
        steps: Some(if steps.is_null() {
            Value::Array(Vec::new())
        } else {
            steps
        }),
        version: None,
    };
    Ok((form, change))
}

fn again(visit: &Visit, status: StatusCode, form: &Form) -> Response {
    respond::html(status, view::form(&visit.frame, form))
}

async fn fresh(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = match project(&id) {
        Ok(id) => blank(&visit, id).await,
        Err(error) => Err(error),
    };
    let result = result.map(|form| again(&visit, StatusCode::OK, &form));
    respond::answer(&visit, result)
}

async fn create(Signed(visit): Signed, Path(id): Path<String>, Sent(pairs): Sent<Pairs>) -> Response {
    let result = try_create(&visit, &id, &pairs).await;
    respond::answer(&visit, result)
}

async fn try_create(visit: &Visit, id: &str, pairs: &Pairs) -> Result<Response, Error> {
    let id = project(id)?;
    let (form, new) = match typed(blank(visit, id).await?, pairs) {
        Ok(typed) => typed,
        Err(form) => return Ok(again(visit, StatusCode::OK, &form)),
    };
    let render = |_: &SharedSteps| (201, String::new());
    match shared_steps::create(&visit.app, visit.actor()?, id, new, None, render).await {
        Ok(_) => Ok(respond::to(&href(id))),
        Err(error) => refuse(visit, form, error),
    }
}

fn refuse(visit: &Visit, mut form: Form, error: Error) -> Result<Response, Error> {
    form.errors = respond::fields(error)?;
    Ok(again(visit, StatusCode::UNPROCESSABLE_ENTITY, &form))
}

async fn show(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = stored(&visit, &id).await;
    let result = result.map(|form| again(&visit, StatusCode::OK, &form));
    respond::answer(&visit, result)
}

async fn change(Signed(visit): Signed, Path(id): Path<String>, Sent(pairs): Sent<Pairs>) -> Response {
    let result = try_change(&visit, &id, &pairs).await;
    respond::answer(&visit, result)
}

async fn try_change(visit: &Visit, id: &str, pairs: &Pairs) -> Result<Response, Error> {
    let stored = stored(visit, id).await?;
    let id = number(id)?;
    let project = stored.project.id;
    let based_on: i64 = pairs.one("version").parse().map_err(|_| Error::NotFound)?;
    let now = stored.old.map_or(based_on, |(_, version)| version);
    let based = Form {
        old: Some((id, based_on)),
        ..stored
    };
    let (mut form, change) = match typed(based, pairs) {
        Ok(typed) => typed,
        Err(form) => return Ok(again(visit, StatusCode::OK, &form)),
    };
    let change = Change {
        version: Some(based_on),
        ..change
    };
    match shared_steps::update(&visit.app, visit.actor()?, id, change).await {
        Ok(_) => Ok(respond::to(&href(project))),
        Err(Error::Conflict("version_conflict", _)) => {
            form.old = Some((id, now));
            form.is_stale = true;
            Ok(again(visit, StatusCode::CONFLICT, &form))
        }
        Err(error) => refuse(visit, form, error),
    }
}

async fn ask_delete(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = try_ask_delete(&visit, &id).await;
    respond::answer(&visit, result)
}

async fn try_ask_delete(visit: &Visit, id: &str) -> Result<Response, Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let found = shared_steps::get(app, actor, number(id)?).await?;
    if !shared_steps::rights(app, actor, found.project_id)
        .await?
        .has(DELETE)
    {
        return Err(Denied::Missing(DELETE).into());
    }
    let (_, project) = visit.project(found.project_id).await?;
    Ok(respond::page(view::delete(&visit.frame, &project, &found)))
}

async fn delete(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = try_delete(&visit, &id).await;
    respond::answer(&visit, result)
}

async fn try_delete(visit: &Visit, id: &str) -> Result<Response, Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let found = shared_steps::get(app, actor, number(id)?).await?;
    shared_steps::delete(app, actor, found.id).await?;
    Ok(respond::to(&href(found.project_id)))
}
