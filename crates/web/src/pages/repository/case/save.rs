//! Shows the form of a case and saves what it holds.

use super::around::{Around, at_version, blank, form, stored};
use super::data;
use super::edit::{self, Conflict};
use super::handler::case_id;
use super::typed::{self, Typed};
use crate::pages::repository::handler::project;
use crate::respond;
use crate::sent::{Pairs, Sent};
use crate::visit::{Signed, Visit};
use app::automation::{self, Needs};
use app::cases::{self, Change, IssueRef, New};
use app::once::Answer;
use app::{App, Error, FieldError, lookups};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::page::PageRequest;
use model::{CaseId, Entity, FolderId};
use serde::Deserialize;

/// Versions that a conflict tells of.
const TOLD: i64 = 20;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/cases/new/{project}", get(fresh).post(create))
        .route("/cases/edit/{case}", get(show).post(change))
}

#[derive(Deserialize)]
struct Within {
    #[serde(default)]
    folder: String,
}

async fn fresh(Signed(visit): Signed, Path(id): Path<String>, Query(within): Query<Within>) -> Response {
    let result = try_fresh(&visit, &id, &within).await;
    respond::answer(&visit, result)
}

async fn try_fresh(visit: &Visit, id: &str, within: &Within) -> Result<Response, Error> {
    let around = blank(visit, project(id)?).await?;
    let states = lookups::states(&visit.app, visit.actor()?, around.project, Some(Entity::Case)).await?;
    let template = around
        .schema
        .templates
        .iter()
        .find(|t| t.is_default)
        .or(around.schema.templates.first());
    let mut typed = Typed {
        folder: within.folder.clone(),
        template: template.map(|t| t.id.0),
        state: states.iter().find(|s| s.is_default).map(|s| s.id.0),
        ..Typed::default()
    };
    for field in around.fields(&typed).into_iter().cloned().collect::<Vec<_>>() {
        if field.kind == model::FieldType::Steps {
            typed::edit_steps(&mut typed, &format!("add:{}", field.system_name));
        } else if let Some(Ok(value)) = field.default_value.as_deref().map(serde_json::from_str) {
            typed.custom.insert(field.system_name, value);
        }
    }
    let form = form(visit, &around, typed).await?;
    Ok(respond::page(edit::page(&visit.frame, &form)))
}

async fn create(Signed(visit): Signed, Path(id): Path<String>, Sent(pairs): Sent<Pairs>) -> Response {
    let result = try_create(&visit, &id, &pairs).await;
    respond::answer(&visit, result)
}

async fn try_create(visit: &Visit, id: &str, pairs: &Pairs) -> Result<Response, Error> {
    let around = blank(visit, project(id)?).await?;
    let mut typed = read(&around, pairs);
    if is_draft(&mut typed, pairs.one("do")) {
        return redraw(visit, &around, typed).await;
    }
    let made = match new(&around, &typed) {
        Ok(new) => {
            cases::create(
                &visit.app,
                visit.actor()?,
                around.project,
                vec![new],
                None,
                |_| (201, String::new()),
            )
            .await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(Answer::Fresh(made)) if pairs.one("do") != "next" => {
            let id = made.cases.first().map(|(c, _)| c.id).ok_or(Error::NotFound)?;
            Ok(respond::to(&format!("/cases/view/{id}")))
        }
        Ok(_) => Ok(respond::to(&format!(
            "/cases/new/{}?folder={}",
            around.project,
            typed.folder.trim()
        ))),
        Err(error) => refuse(visit, &around, typed, error).await,
    }
}

fn read(around: &Around, pairs: &Pairs) -> Typed {
    let template = pairs.one("template").parse().ok().map(model::TemplateId);
    let fields = template.map(|id| around.schema.fields_of(id)).unwrap_or_default();
    Typed::of_form(&pairs.0, &fields)
}

/// Whether a button only changes the form.
fn is_draft(typed: &mut Typed, deed: &str) -> bool {
    deed == "template" || typed::edit_steps(typed, deed)
}

async fn redraw(visit: &Visit, around: &Around, typed: Typed) -> Result<Response, Error> {
    let mut form = form(visit, around, typed).await?;
    form.is_dirty = true;
    Ok(respond::page(edit::page(&visit.frame, &form)))
}

fn new(around: &Around, typed: &Typed) -> Result<New, Error> {
    let (folder_id, estimate, issues) = checked(typed)?;
    Ok(New {
        name: typed.name.clone(),
        folder_id,
        template_id: typed.template_id(),
        state_id: typed.state_id(),
        estimate,
        tags: typed.tag_names(),
        issues,
        automation_links: Vec::new(),
        custom: typed.changed(&Typed::default(), &around.fields(typed)),
        data_set: data::read(&typed.data),
    })
}

type Checked = (Option<FolderId>, Option<i64>, Vec<IssueRef>);

/// What the form writes in words; all that is wrong with it at once.
fn checked(typed: &Typed) -> Result<Checked, Error> {
    let mut wrong = Vec::new();
    let folder = typed.folder_id().unwrap_or_else(|()| {
        wrong.push(FieldError::new(
            "folder_id",
            "Give the ID of a folder, a number, or nothing for the root.",
        ));
        None
    });
    let estimate = typed::estimate(&typed.estimate).unwrap_or_else(|()| {
        wrong.push(FieldError::new(
            "estimate",
            "Write the estimate as 6 min or 1 h 30 min.",
        ));
        None
    });
    let mut issues: Vec<IssueRef> = typed.issues.iter().map(|id| IssueRef::Id(*id)).collect();
    match typed::one_issue(&typed.issue.0, &typed.issue.1) {
        Ok(issue) => issues.extend(issue),
        Err(error) => wrong.push(error),
    }
    if wrong.is_empty() {
        Ok((folder, estimate, issues))
    } else {
        Err(Error::Invalid(wrong))
    }
}

async fn refuse(visit: &Visit, around: &Around, typed: Typed, error: Error) -> Result<Response, Error> {
    let mut errors = respond::fields(error)?;
    for error in &mut errors.0 {
        if let Some(field) = error.field.strip_prefix("cases.0.") {
            error.field = field.to_owned();
        }
        error.text = data::place(&error.field, &error.text);
    }
    let mut form = form(visit, around, typed).await?;
    form.errors = errors;
    form.is_dirty = true;
    Ok(respond::html(
        StatusCode::UNPROCESSABLE_ENTITY,
        edit::page(&visit.frame, &form),
    ))
}

async fn show(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = try_show(&visit, &id).await;
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, id: &str) -> Result<Response, Error> {
    let (around, version) = stored(visit, case_id(id)?).await?;
    let typed = at_version(visit, &around, version).await?;
    let form = form(visit, &around, typed).await?;
    Ok(respond::page(edit::page(&visit.frame, &form)))
}

async fn change(Signed(visit): Signed, Path(id): Path<String>, Sent(pairs): Sent<Pairs>) -> Response {
    let result = try_change(&visit, &id, &pairs).await;
    respond::answer(&visit, result)
}

async fn try_change(visit: &Visit, id: &str, pairs: &Pairs) -> Result<Response, Error> {
    let (mut around, _) = stored(visit, case_id(id)?).await?;
    let (id, number, _) = around.case.ok_or(Error::NotFound)?;
    let based_on: i64 = pairs.one("version").parse().map_err(|_| Error::NotFound)?;
    let base = at_version(visit, &around, based_on).await?;
    let mut typed = read(&around, pairs);
    if is_draft(&mut typed, pairs.one("do")) {
        around.case = Some((id, number, based_on));
        return redraw(visit, &around, typed).await;
    }
    let done = match changes(&around, &base, &typed, based_on) {
        Ok(change) => cases::update(&visit.app, visit.actor()?, around.project, vec![id], change).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(respond::to(&format!("/cases/view/{id}"))),
        Err(Error::Conflict("version_conflict", _)) => conflict(visit, id, base, based_on, typed).await,
        Err(error) => {
            around.case = Some((id, number, based_on));
            refuse(visit, &around, typed, error).await
        }
    }
}

fn changes(around: &Around, base: &Typed, typed: &Typed, version: i64) -> Result<Change, Error> {
    let (folder_id, estimate, issues) = checked(typed)?;
    let is_new_issue = !typed.issue.1.trim().is_empty() || typed.issues != base.issues;
    Ok(Change {
        version: Some(version),
        name: Some(typed.name.clone()),
        folder_id: Some(folder_id),
        template_id: typed.template_id(),
        state_id: typed.state_id(),
        estimate: (typed.estimate.trim() != base.estimate).then_some(estimate),
        tags: (typed.tag_names() != base.tag_names()).then(|| typed.tag_names()),
        issues: is_new_issue.then_some(issues),
        custom: typed.changed(base, &around.fields(typed)),
        data_set: (typed.data.trim() != base.data.trim()).then(|| data::read(&typed.data)),
        ..Change::default()
    })
}

/// The form again, based on the version that somebody else saved: what was left alone is theirs, the rest is kept.
async fn conflict(
    visit: &Visit,
    id: CaseId,
    base: Typed,
    based_on: i64,
    mut typed: Typed,
) -> Result<Response, Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let (around, version) = stored(visit, id).await?;
    let theirs = at_version(visit, &around, version).await?;
    typed.merge(&base, &theirs);
    let request = PageRequest {
        page: 1,
        per_page: TOLD,
    };
    let versions = cases::versions(app, actor, id, request).await?.rows;
    let others: Vec<_> = versions.into_iter().filter(|v| v.number > based_on).collect();
    let needs = Needs {
        users: others.iter().filter_map(|v| v.created_by).collect(),
        ..Needs::default()
    };
    let names = automation::names(app, actor, &needs).await?;
    let by = others
        .first()
        .and_then(|v| v.created_by)
        .and_then(|id| names.user(id))
        .unwrap_or("Somebody");
    let words = super::handler::words(visit, &around.schema, around.project, &others).await?;
    let changes = others.iter().rev().flat_map(|v| &v.changes);
    let mut form = form(visit, &around, typed).await?;
    form.is_dirty = true;
    form.conflict = Some(Conflict {
        version,
        by: by.to_owned(),
        changes: changes
            .map(|c| words.change(&c.field, &c.before, &c.after))
            .collect(),
    });
    Ok(respond::html(
        StatusCode::CONFLICT,
        edit::page(&visit.frame, &form),
    ))
}
