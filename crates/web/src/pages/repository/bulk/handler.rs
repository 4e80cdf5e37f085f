//! Shows the forms and does what they say.

use super::typed::Typed;
use super::view::{self, Form};
use super::{Kind, path};
use crate::pages::repository::address::{Place, Query};
use crate::pages::repository::case::around::trackers;
use crate::pages::repository::handler::project;
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::cases::{self, Chosen, Which};
use app::{App, Error, lookups};
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::{Entity, ProjectId};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/cases/bulk/{project}/{deed}", get(show).post(perform))
}

/// What an address asks for.
struct Asked {
    project: ProjectId,
    kind: Kind,
    place: Place,
    is_all: bool,
}

impl Asked {
    fn read(id: &str, deed: &str, query: &Query) -> Result<Asked, Error> {
        let project = project(id)?;
        Ok(Asked {
            project,
            kind: Kind::from_name(deed).ok_or(Error::NotFound)?,
            place: Place::read(project, query),
            is_all: query.is_all(),
        })
    }

    /// The cases: those that are picked, or all of the list. None are chosen by neither.
    fn which(&self, inside: &[i64]) -> Which {
        if self.is_all {
            Which::Matching(Box::new(self.place.filter(inside)))
        } else {
            Which::Picked(self.place.picked.clone())
        }
    }

    /// Where the form is sent, and found.
    fn action(&self) -> String {
        let address = self.place.href_of(&path(self.project, self.kind.name()));
        match (self.is_all, address.contains('?')) {
            (false, _) => address,
            (true, true) => format!("{address}&all=yes"),
            (true, false) => format!("{address}?all=yes"),
        }
    }
}

async fn show(Signed(visit): Signed, Path((id, deed)): Path<(String, String)>, query: Query) -> Response {
    let result = match Asked::read(&id, &deed, &query) {
        Ok(asked) => form(&visit, &asked)
            .await
            .map(|(form, _)| respond::page(view::page(&visit.frame, &form))),
        Err(error) => Err(error),
    };
    respond::answer(&visit, result)
}

async fn form(visit: &Visit, asked: &Asked) -> Result<(Form, Which), Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let (_, project) = visit.project(asked.project).await?;
    let tree = app::tree::look(app, actor, asked.project, asked.place.folder).await?;
    let which = asked.which(&tree.inside);
    let preview = cases::preview(app, actor, asked.project, &which).await?;
    let right = if asked.kind == Kind::Delete {
        cases::DELETE
    } else {
        cases::EDIT
    };
    if !preview.rights.has(right) {
        return Err(store::access::Denied::Missing(right).into());
    }
    let (folders, is_all) = app::tree::choices(app, actor, asked.project).await?;
    let states = lookups::states(app, actor, asked.project, Some(Entity::Case)).await?;
    let tags = lookups::tags(app, actor, asked.project).await?;
    let schema = preview.schema;
    let form = Form {
        kind: asked.kind,
        action: asked.action(),
        back: asked.place.href(),
        way: tree.way.into_iter().map(|f| (f.id, f.name)).collect(),
        total: preview.total,
        first: preview
            .first
            .into_iter()
            .map(|c| (c.number, c.values.name))
            .collect(),
        states: states.into_iter().map(|s| (s.id.0, s.name)).collect(),
        templates: schema
            .templates
            .iter()
            .map(|t| (t.id.0, t.name.clone()))
            .collect(),
        fields: schema.fields,
        folders: is_all.then_some(folders),
        trackers: trackers(visit).await?,
        tags: tags.into_iter().map(|(_, name)| name).collect(),
        typed: Typed::default(),
        errors: Errors::default(),
        project,
    };
    Ok((form, which))
}

async fn perform(
    Signed(visit): Signed,
    Path((id, deed)): Path<(String, String)>,
    query: Query,
    Sent(pairs): Sent<Vec<(String, String)>>,
) -> Response {
    let result = match Asked::read(&id, &deed, &query) {
        Ok(asked) => try_perform(&visit, &asked, Typed(pairs)).await,
        Err(error) => Err(error),
    };
    respond::answer(&visit, result)
}

async fn try_perform(visit: &Visit, asked: &Asked, typed: Typed) -> Result<Response, Error> {
    let (mut form, which) = form(visit, asked).await?;
    let chosen = Chosen {
        which,
        expected: typed.expected(),
    };
    let done = match typed.deed(asked.kind, &form.fields) {
        Ok(deed) => cases::perform(&visit.app, visit.actor()?, asked.project, chosen, deed).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(done) => {
            let back = asked.place.at(1).href();
            let sign = if back.contains('?') { '&' } else { '?' };
            let deed = asked.kind.name();
            Ok(respond::to(&format!(
                "{back}{sign}done={deed}.{}.{}",
                done.cases, done.changed
            )))
        }
        Err(error) => {
            form.errors = respond::fields(error)?;
            for error in &mut form.errors.0 {
                if error.field.starts_with("ids.") {
                    "cases".clone_into(&mut error.field);
                }
            }
            form.typed = typed;
            Ok(respond::html(
                StatusCode::UNPROCESSABLE_ENTITY,
                view::page(&visit.frame, &form),
            ))
        }
    }
}
