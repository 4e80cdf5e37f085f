//! Shows the forms and does what they say.

use super::view::{self, Deed, Form};
use crate::pages::repository::address::{Place, Query};
use crate::pages::repository::handler::project;
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::{App, Error, views};
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::ProjectId;
use serde::Deserialize;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/views/{project}/new", get(fresh).post(save))
        .route("/views/{project}/{view}/delete", get(ask).post(delete))
}

#[derive(Deserialize, Default)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    shared: String,
}

async fn form(visit: &Visit, place: Place, deed: Deed) -> Result<Form, Error> {
    let tree = app::tree::look(&visit.app, visit.actor()?, place.project, place.folder).await?;
    let (_, project) = visit.project(place.project).await?;
    Ok(Form {
        project,
        place,
        deed,
        can_share: tree.rights.has(app::cases::EDIT),
        name: String::new(),
        is_shared: false,
        errors: Errors::default(),
    })
}

async fn fresh(Signed(visit): Signed, Path(id): Path<String>, query: Query) -> Response {
    let result = match project(&id) {
        Ok(id) => form(&visit, Place::read(id, &query).at(1), Deed::Save).await,
        Err(error) => Err(error),
    };
    let result = result.map(|form| respond::page(view::page(&visit.frame, &form)));
    respond::answer(&visit, result)
}

async fn save(
    Signed(visit): Signed,
    Path(id): Path<String>,
    query: Query,
    Sent(typed): Sent<Typed>,
) -> Response {
    let result = match project(&id) {
        Ok(id) => try_save(&visit, Place::read(id, &query).at(1), typed).await,
        Err(error) => Err(error),
    };
    respond::answer(&visit, result)
}

async fn try_save(visit: &Visit, place: Place, typed: Typed) -> Result<Response, Error> {
    let is_shared = typed.shared == "yes";
    let (app, actor) = (&visit.app, visit.actor()?);
    let kept = place.query();
    match views::save(app, actor, place.project, &typed.name, &kept, is_shared).await {
        Ok(_) => Ok(respond::to(&place.href())),
        Err(error) => {
            let errors = respond::fields(error)?;
            let form = Form {
                name: typed.name,
                is_shared,
                errors,
                ..form(visit, place, Deed::Save).await?
            };
            Ok(respond::html(
                StatusCode::UNPROCESSABLE_ENTITY,
                view::page(&visit.frame, &form),
            ))
        }
    }
}

fn asked(id: &str, view: &str) -> Result<(ProjectId, i64), Error> {
    Ok((project(id)?, view.parse().map_err(|_| Error::NotFound)?))
}

async fn ask(Signed(visit): Signed, Path((id, view)): Path<(String, String)>) -> Response {
    let result = try_ask(&visit, &id, &view).await;
    respond::answer(&visit, result)
}

async fn try_ask(visit: &Visit, id: &str, view: &str) -> Result<Response, Error> {
    let (project, id) = asked(id, view)?;
    let view = views::deletable(&visit.app, visit.actor()?, project, id).await?;
    let form = Form {
        name: view.name,
        is_shared: view.is_shared,
        ..form(visit, Place::root(project), Deed::Delete(id)).await?
    };
    Ok(respond::page(view::page(&visit.frame, &form)))
}

async fn delete(Signed(visit): Signed, Path((id, view)): Path<(String, String)>) -> Response {
    let result = try_delete(&visit, &id, &view).await;
    respond::answer(&visit, result)
}

async fn try_delete(visit: &Visit, id: &str, view: &str) -> Result<Response, Error> {
    let (project, id) = asked(id, view)?;
    views::delete(&visit.app, visit.actor()?, project, id).await?;
    Ok(respond::to(&Place::root(project).href()))
}
