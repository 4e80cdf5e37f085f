//! Shows a case and does what its page offers.

use super::comments::{self, Comments};
use super::history::{self, History, Words};
use super::review;
use super::view::{self, Below, Page};
use crate::pages::repository::address::Place;
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::Errors;
use crate::visit::{Signed, Visit};
use app::automation::{self, Needs};
use app::cases::{self, Cases};
use app::custom::Schema;
use app::{App, Error, lookups};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use model::page::PageRequest;
use model::{CaseId, CommentId, Entity, FolderId, ProjectId};
use serde::Deserialize;
use store::case::version::Version;

/// Versions of one page.
const PER_PAGE: i64 = 20;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/cases/view/{case}", get(show))
        .route("/cases/view/{case}/comments", post(comment))
        .route("/cases/view/{case}/comments/{comment}", post(change_comment))
        .route(
            "/cases/view/{case}/comments/{comment}/delete",
            post(delete_comment),
        )
        .route("/cases/view/{case}/restore", post(restore))
        .route("/cases/delete/{case}", get(ask_delete).post(delete))
        .merge(review::routes())
        .merge(super::similar::routes())
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    tab: String,
    #[serde(default)]
    edit: String,
    #[serde(default)]
    page: String,
}

/// The id of a case, from an address.
pub(crate) fn case_id(id: &str) -> Result<CaseId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

async fn show(Signed(visit): Signed, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let result = try_show(&visit, &id, &asked).await;
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, id: &str, asked: &Asked) -> Result<Response, Error> {
    let (mut page, found) = load(visit, case_id(id)?).await?;
    page.below = match asked.tab.as_str() {
        "history" => Below::History(history(visit, &page, &found, respond::page_number(&asked.page)).await?),
        "comments" => Below::Comments(said(visit, &page, asked.edit.parse().ok()).await?),
        _ => Below::Details,
    };
    Ok(respond::page(view::page(&visit.frame, &page)))
}

/// A case with all that its page shows on every tab.
pub(crate) async fn load(visit: &Visit, id: CaseId) -> Result<(Page, Cases), Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let found = cases::get(app, actor, id).await?;
    let (case, links) = found.cases.first().cloned().ok_or(Error::NotFound)?;
    let (_, project) = visit.project(case.project_id).await?;
    let tree = app::tree::look(app, actor, case.project_id, case.values.folder_id).await?;
    let states = lookups::states(app, actor, case.project_id, Some(Entity::Case)).await?;
    let needs = Needs {
        users: [case.created_by, case.updated_by].into_iter().flatten().collect(),
        ..Needs::default()
    };
    let names = automation::names(app, actor, &needs).await?;
    let comments = cases::comments(app, actor, id).await?.len();
    let panel = review::read(visit, &found, &case).await?;
    let page = Page {
        project,
        way: tree.way.into_iter().map(|f| (f.id, f.name)).collect(),
        fields: found
            .schema
            .fields_of(case.values.template_id)
            .into_iter()
            .cloned()
            .collect(),
        state: states
            .into_iter()
            .find(|s| s.id == case.values.state_id)
            .map(|s| s.name)
            .unwrap_or_default(),
        template: found
            .schema
            .template(case.values.template_id)
            .map(|t| t.name.clone())
            .unwrap_or_default(),
        people: names.users,
        comments: i64::try_from(comments).unwrap_or(i64::MAX),
        panel,
        neighbours: cases::neighbours(app, actor, id).await?,
        can_edit: tree.rights.has(cases::EDIT),
        can_delete: tree.rights.has(cases::DELETE),
        below: Below::Comments(Comments {
            rows: Vec::new(),
            editing: None,
            text: String::new(),
            errors: Errors::default(),
            can_comment: cases::COMMENT.into_iter().any(|right| tree.rights.has(right)),
        }),
        case,
        links,
    };
    Ok((page, found))
}

async fn history(visit: &Visit, page: &Page, found: &Cases, number: i64) -> Result<History, Error> {
    let (app, actor, case) = (&visit.app, visit.actor()?, &page.case);
    let request = PageRequest {
        page: number,
        per_page: PER_PAGE,
    };
    let versions = cases::versions(app, actor, case.id, request).await?;
    let needs = Needs {
        users: versions.rows.iter().filter_map(|v| v.created_by).collect(),
        ..Needs::default()
    };
    let names = automation::names(app, actor, &needs).await?;
    let words = words(visit, &found.schema, case.project_id, &versions.rows).await?;
    let href = |n: i64| format!("{}?tab=history&page={n}", view::href(case));
    Ok(History {
        previous: versions.prev_page().map(href),
        next: versions.next_page().map(href),
        rows: versions
            .rows
            .into_iter()
            .map(|v| history::Row {
                number: v.number,
                at: v.created_at,
                by: v.created_by.and_then(|id| Some((id, names.user(id)?.to_owned()))),
                changes: v
                    .changes
                    .iter()
                    .map(|c| words.change(&c.field, &c.before, &c.after))
                    .collect(),
            })
            .collect(),
    })
}

/// What the values of versions stand for.
pub(crate) async fn words<'a>(
    visit: &Visit,
    schema: &'a Schema,
    project: ProjectId,
    versions: &[Version],
) -> Result<Words<'a>, Error> {
    let actor = visit.actor()?;
    let states = lookups::states(&visit.app, actor, project, Some(Entity::Case)).await?;
    let changes = versions
        .iter()
        .flat_map(|v| &v.changes)
        .filter(|c| c.field == "folder_id");
    let folders = changes
        .flat_map(|c| [c.before.as_i64(), c.after.as_i64()])
        .flatten();
    let needs = Needs {
        folders: folders.map(FolderId).collect(),
        ..Needs::default()
    };
    let names = automation::names(&visit.app, actor, &needs).await?;
    let states = states.into_iter().map(|s| ("state_id", s.id.0, s.name));
    let templates = schema
        .templates
        .iter()
        .map(|t| ("template_id", t.id.0, t.name.clone()));
    let folders = names
        .folders
        .into_iter()
        .map(|(id, name)| ("folder_id", id.0, name));
    Ok(Words {
        fields: &schema.fields,
        names: states.chain(templates).chain(folders).collect(),
    })
}

async fn said(visit: &Visit, page: &Page, editing: Option<CommentId>) -> Result<Comments, Error> {
    let actor = visit.actor()?;
    let found = cases::comments(&visit.app, actor, page.case.id).await?;
    let needs = Needs {
        users: found.iter().filter_map(|c| c.created_by).collect(),
        ..Needs::default()
    };
    let names = automation::names(&visit.app, actor, &needs).await?;
    let can_comment = matches!(&page.below, Below::Comments(c) if c.can_comment);
    let is_own = |c: &store::case::comment::Comment| c.created_by == Some(actor.user.id);
    let editing = found.iter().find(|c| Some(c.id) == editing && is_own(c));
    Ok(Comments {
        editing: editing.map(|c| c.id),
        text: editing.map(|c| c.text.clone()).unwrap_or_default(),
        errors: Errors::default(),
        can_comment,
        rows: found
            .iter()
            .map(|c| comments::Row {
                id: c.id,
                text: c.text.clone(),
                by: c.created_by.and_then(|id| Some((id, names.user(id)?.to_owned()))),
                at: c.created_at,
                is_changed: c.updated_at.is_some(),
                is_own: is_own(c),
                can_delete: can_comment && (is_own(c) || actor.is_admin()),
            })
            .collect(),
    })
}

#[derive(Deserialize)]
struct Comment {
    #[serde(default)]
    text: String,
}

async fn comment(Signed(visit): Signed, Path(id): Path<String>, Sent(typed): Sent<Comment>) -> Response {
    let result = say(&visit, &id, None, typed).await;
    respond::answer(&visit, result)
}

async fn change_comment(
    Signed(visit): Signed,
    Path((id, comment)): Path<(String, String)>,
    Sent(typed): Sent<Comment>,
) -> Response {
    let result = match comment.parse() {
        Ok(comment) => say(&visit, &id, Some(comment), typed).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn say(visit: &Visit, id: &str, comment: Option<CommentId>, typed: Comment) -> Result<Response, Error> {
    let (app, actor, id) = (&visit.app, visit.actor()?, case_id(id)?);
    let done = match comment {
        None => cases::comment(app, actor, id, &typed.text, None, |_| (201, String::new()))
            .await
            .map(drop),
        Some(comment) => cases::update_comment(app, actor, id, comment, &typed.text)
            .await
            .map(drop),
    };
    let Err(error) = done else {
        return Ok(respond::to(&format!("/cases/view/{id}?tab=comments")));
    };
    let errors = respond::fields(error)?;
    let (mut page, _) = load(visit, id).await?;
    let comments = said(visit, &page, comment).await?;
    page.below = Below::Comments(Comments {
        text: typed.text,
        errors,
        ..comments
    });
    Ok(respond::html(
        StatusCode::UNPROCESSABLE_ENTITY,
        view::page(&visit.frame, &page),
    ))
}

async fn delete_comment(Signed(visit): Signed, Path((id, comment)): Path<(String, String)>) -> Response {
    let result = try_delete_comment(&visit, &id, &comment).await;
    respond::answer(&visit, result)
}

async fn try_delete_comment(visit: &Visit, id: &str, comment: &str) -> Result<Response, Error> {
    let id = case_id(id)?;
    let comment = comment.parse().map_err(|_| Error::NotFound)?;
    cases::delete_comment(&visit.app, visit.actor()?, id, comment).await?;
    Ok(respond::to(&format!("/cases/view/{id}?tab=comments")))
}

#[derive(Deserialize)]
struct Old {
    #[serde(default)]
    version: String,
}

async fn restore(Signed(visit): Signed, Path(id): Path<String>, Sent(old): Sent<Old>) -> Response {
    let result = try_restore(&visit, &id, &old).await;
    respond::answer(&visit, result)
}

async fn try_restore(visit: &Visit, id: &str, old: &Old) -> Result<Response, Error> {
    let id = case_id(id)?;
    let number = old.version.parse().map_err(|_| Error::NotFound)?;
    cases::restore(&visit.app, visit.actor()?, id, number).await?;
    Ok(respond::to(&format!("/cases/view/{id}?tab=history")))
}

async fn ask_delete(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = try_ask_delete(&visit, &id).await;
    respond::answer(&visit, result)
}

async fn try_ask_delete(visit: &Visit, id: &str) -> Result<Response, Error> {
    let (page, _) = load(visit, case_id(id)?).await?;
    if !page.can_delete {
        return Err(store::access::Denied::Missing(cases::DELETE).into());
    }
    let markup = view::delete(&visit.frame, &page.project, &page.way, &page.case);
    Ok(respond::page(markup))
}

async fn delete(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = try_delete(&visit, &id).await;
    respond::answer(&visit, result)
}

async fn try_delete(visit: &Visit, id: &str) -> Result<Response, Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let found = cases::get(app, actor, case_id(id)?).await?;
    let (case, _) = found.cases.into_iter().next().ok_or(Error::NotFound)?;
    cases::delete(app, actor, case.project_id, vec![case.id]).await?;
    Ok(respond::to(
        &Place::folder(case.project_id, case.values.folder_id).href(),
    ))
}
