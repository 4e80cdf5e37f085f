//! Shows the forms and does what they say.

use super::view::{self, Deed, Form};
use crate::pages::repository::address::Place;
use crate::pages::repository::handler::project;
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::folders::{self, Change, NewFolder};
use app::once::Answer;
use app::{App, Error};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::{FolderId, ProjectId, Right};
use serde::Deserialize;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/repositories/{project}/folders/new", get(fresh).post(create))
        .route("/repositories/folders/{folder}/{deed}", get(show).post(perform))
}

#[derive(Deserialize)]
struct Within {
    #[serde(default, rename = "in")]
    folder: String,
}

#[derive(Deserialize, Default)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    docs: String,
    #[serde(default)]
    to: String,
}

async fn fresh(Signed(visit): Signed, Path(id): Path<String>, Query(within): Query<Within>) -> Response {
    let result = try_fresh(&visit, &id, &within).await;
    respond::answer(&visit, result)
}

async fn try_fresh(visit: &Visit, id: &str, within: &Within) -> Result<Response, Error> {
    let form = blank(visit, project(id)?, within.folder.parse().ok()).await?;
    Ok(respond::page(view::page(&visit.frame, &form)))
}

async fn create(
    Signed(visit): Signed,
    Path(id): Path<String>,
    Query(within): Query<Within>,
    Sent(typed): Sent<Typed>,
) -> Response {
    let result = try_create(&visit, &id, &within, typed).await;
    respond::answer(&visit, result)
}

async fn try_create(visit: &Visit, id: &str, within: &Within, typed: Typed) -> Result<Response, Error> {
    let project = project(id)?;
    let parent_id = within.folder.parse().ok();
    let new = NewFolder {
        parent_id,
        name: typed.name.clone(),
        docs: Some(typed.docs.clone()),
        display_order: None,
    };
    let made = folders::create(&visit.app, visit.actor()?, project, vec![new], None, |_| {
        (201, String::new())
    })
    .await;
    match made {
        Ok(Answer::Fresh(made)) => {
            let id = made.first().map(|f| f.id);
            Ok(respond::to(&Place::folder(project, id).href()))
        }
        Ok(Answer::Known(..)) => Ok(respond::to(&Place::folder(project, parent_id).href())),
        Err(error) => again(visit, blank(visit, project, parent_id).await?, typed, error),
    }
}

async fn blank(visit: &Visit, id: ProjectId, within: Option<FolderId>) -> Result<Form, Error> {
    let (_, project) = visit.project(id).await?;
    let tree = app::tree::look(&visit.app, visit.actor()?, id, within).await?;
    allow(&tree, folders::EDIT)?;
    Ok(Form {
        project,
        deed: Deed::New,
        way: tree.way.into_iter().map(|f| (f.id, f.name)).collect(),
        subject: None,
        name: String::new(),
        docs: String::new(),
        to: String::new(),
        choices: None,
        errors: Errors::default(),
    })
}

/// Refuses the form to those who could not send it.
fn allow(tree: &app::tree::Tree, right: Right) -> Result<(), Error> {
    if tree.rights.has(right) {
        Ok(())
    } else {
        Err(store::access::Denied::Missing(right).into())
    }
}

async fn show(
    Signed(visit): Signed,
    Path((id, deed)): Path<(String, String)>,
    Query(typed): Query<Typed>,
) -> Response {
    let result = match asked(&id, &deed) {
        Ok((id, deed)) => form(&visit, id, deed).await.map(|mut form| {
            if !typed.to.is_empty() {
                form.to = typed.to;
            }
            respond::page(view::page(&visit.frame, &form))
        }),
        Err(error) => Err(error),
    };
    respond::answer(&visit, result)
}

fn asked(id: &str, deed: &str) -> Result<(FolderId, Deed), Error> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    Ok((id, Deed::from_name(deed).ok_or(Error::NotFound)?))
}

async fn form(visit: &Visit, id: FolderId, deed: Deed) -> Result<Form, Error> {
    let actor = visit.actor()?;
    let subject = app::tree::extent(&visit.app, actor, id).await?;
    let project_id = subject.folder.project_id;
    let (_, project) = visit.project(project_id).await?;
    let tree = app::tree::look(&visit.app, actor, project_id, Some(id)).await?;
    allow(
        &tree,
        if deed == Deed::Delete {
            folders::DELETE
        } else {
            folders::EDIT
        },
    )?;
    let choices = match deed {
        Deed::Move | Deed::Copy => {
            let (mut choices, is_all) = app::tree::choices(&visit.app, actor, project_id).await?;
            if deed == Deed::Move {
                choices.retain(|(id, _)| !tree.inside.contains(&id.0));
            }
            is_all.then_some(choices)
        }
        _ => None,
    };
    Ok(Form {
        project,
        deed,
        way: tree.way.into_iter().map(|f| (f.id, f.name)).collect(),
        name: subject.folder.name.clone(),
        docs: subject.folder.docs.clone().unwrap_or_default(),
        to: subject
            .folder
            .parent_id
            .map(|id| id.to_string())
            .unwrap_or_default(),
        subject: Some(subject),
        choices,
        errors: Errors::default(),
    })
}

async fn perform(
    Signed(visit): Signed,
    Path((id, deed)): Path<(String, String)>,
    Sent(typed): Sent<Typed>,
) -> Response {
    let result = match asked(&id, &deed) {
        Ok((id, deed)) => try_perform(&visit, id, deed, typed).await,
        Err(error) => Err(error),
    };
    respond::answer(&visit, result)
}

async fn try_perform(visit: &Visit, id: FolderId, deed: Deed, typed: Typed) -> Result<Response, Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let folder = folders::get(app, actor, id).await?;
    let project = folder.project_id;
    let update = |change| folders::update(app, actor, project, vec![id], change);
    let done = match deed {
        Deed::Rename | Deed::New => {
            let change = Change {
                name: Some(typed.name.clone()),
                docs: Some(Some(typed.docs.clone())),
                parent_id: None,
            };
            update(change).await.map(|_| Some(id))
        }
        Deed::Move => match target(&typed.to) {
            Ok(to) => {
                let change = Change {
                    parent_id: Some(to),
                    ..Change::default()
                };
                update(change).await.map(|_| Some(id))
            }
            Err(error) => Err(error),
        },
        Deed::Copy => match target(&typed.to) {
            Ok(to) => app::tree::copy(app, actor, id, to)
                .await
                .map(|copy| Some(copy.id)),
            Err(error) => Err(error),
        },
        Deed::Delete => folders::delete(app, actor, project, vec![id])
            .await
            .map(|()| folder.parent_id),
    };
    match done {
        Ok(open) => Ok(respond::to(&Place::folder(project, open).href())),
        Err(error) => again(visit, form(visit, id, deed).await?, typed, error),
    }
}

/// The folder that was chosen; none is the root.
fn target(typed: &str) -> Result<Option<FolderId>, Error> {
    match typed.trim() {
        "" => Ok(None),
        id => id
            .parse()
            .map(Some)
            .map_err(|_| Error::field("to", "Give the ID of a folder, a number.")),
    }
}

/// The form with what was typed and what is wrong with it.
fn again(visit: &Visit, form: Form, typed: Typed, error: Error) -> Result<Response, Error> {
    let mut errors = respond::fields(error)?;
    for error in &mut errors.0 {
        let field = error.field.rsplit('.').next().unwrap_or_default();
        error.text = error.text.replace("folders.0.", "");
        error.field = if field == "parent_id" { "to" } else { field }.to_owned();
    }
    let form = Form {
        name: typed.name,
        docs: typed.docs,
        to: typed.to,
        errors,
        ..form
    };
    Ok(respond::html(
        StatusCode::UNPROCESSABLE_ENTITY,
        view::page(&visit.frame, &form),
    ))
}
