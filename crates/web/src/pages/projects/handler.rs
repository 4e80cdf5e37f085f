//! Projects: the list, a new one, and a project's overview.

use super::overview::{self, Overview, Source};
use super::view::{self, Card, NewProject, Projects};
use crate::pages::manual::rows::Row;
use crate::pages::runs::chart::MOST;
use crate::pages::runs::handler::rows;
use crate::respond;
use crate::sent::Sent;
use crate::visit::{Signed, Visit};
use app::automation::{runs, sources};
use app::{App, Error, projects};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use http::StatusCode;
use model::ProjectId;
use model::page::PageRequest;
use serde::Deserialize;
use store::automation::source::Sort;

/// Projects of one page of the list.
const PER_PAGE: i64 = 48;
/// Automation sources and active runs that an overview shows.
const SOURCES: i64 = 50;
const ACTIVE: i64 = 5;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/projects", get(list))
        .route("/projects/new", get(fresh).post(create))
        .route("/projects/view/{project}", get(show))
}

async fn home(_: Signed) -> Response {
    respond::to("/projects")
}

#[derive(Deserialize)]
struct Paged {
    #[serde(default)]
    page: String,
}

async fn list(Signed(visit): Signed, Query(paged): Query<Paged>) -> Response {
    let result = try_list(&visit, respond::page_number(&paged.page)).await;
    respond::answer(&visit, result)
}

async fn try_list(visit: &Visit, page: i64) -> Result<Response, Error> {
    let actor = visit.actor()?;
    let request = PageRequest {
        page,
        per_page: PER_PAGE,
    };
    let page = projects::page(&visit.app, actor, &store::project::Filter::default(), request).await?;
    let href = |n: i64| format!("/projects?page={n}");
    let v = Projects {
        total: page.total,
        previous: page.prev_page().map(href),
        next: page.next_page().map(href),
        can_create: actor.is_admin(),
        cards: page
            .rows
            .into_iter()
            .map(|p| Card {
                id: p.id,
                name: p.name,
                note: p.note.unwrap_or_default(),
                is_demo: p.is_demo,
                runs: p.run_count,
                running: p.run_active_count,
                sources: p.source_count,
                created_at: p.created_at,
            })
            .collect(),
    };
    Ok(respond::page(view::list(&visit.frame, &v)))
}

async fn fresh(Signed(visit): Signed) -> Response {
    let result = match visit.actor() {
        Ok(actor) if actor.is_admin() => Ok(respond::page(view::new(&visit.frame, &NewProject::default()))),
        Ok(_) => Err(Error::from(store::access::Denied::AdminOnly)),
        Err(error) => Err(error),
    };
    respond::answer(&visit, result)
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    name: String,
    #[serde(default)]
    note: String,
}

async fn create(Signed(visit): Signed, Sent(typed): Sent<Typed>) -> Response {
    let result = try_create(&visit, &typed).await;
    respond::answer(&visit, result)
}

async fn try_create(visit: &Visit, typed: &Typed) -> Result<Response, Error> {
    let new = projects::NewProject {
        name: typed.name.clone(),
        note: Some(typed.note.clone()),
        is_demo: false,
    };
    match projects::create(&visit.app, visit.actor()?, &new).await {
        Ok(id) => Ok(respond::to(&format!("/projects/view/{id}"))),
        Err(error) => {
            let errors = respond::fields(error)?;
            let v = NewProject {
                name: &typed.name,
                note: &typed.note,
                errors,
            };
            Ok(respond::html(
                StatusCode::UNPROCESSABLE_ENTITY,
                view::new(&visit.frame, &v),
            ))
        }
    }
}

async fn show(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = match id.parse() {
        Ok(id) => try_show(&visit, id).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, id: ProjectId) -> Result<Response, Error> {
    let actor = visit.actor()?;
    let (project, nav) = visit.project(id).await?;
    let latest = PageRequest {
        page: 1,
        per_page: i64::try_from(MOST).unwrap_or(PER_PAGE),
    };
    let all = store::automation::run::Filter::default();
    let runs = seen(runs::page(&visit.app, actor, id, &all, latest).await)?;
    let filter = store::automation::source::Filter {
        sort: Sort::RanAt,
        ..Default::default()
    };
    let some = PageRequest {
        page: 1,
        per_page: SOURCES,
    };
    let sources = seen(sources::page(&visit.app, actor, id, &filter, some).await)?;
    let (source_count, sources) = sources.map_or((0, Vec::new()), |page| (page.total, page.rows));
    let sees_automation = runs.is_some();
    let (run_count, runs) = runs.map_or((0, Vec::new()), |page| (page.total, page.rows));
    let v = Overview {
        project: nav,
        note: project.note.unwrap_or_default(),
        is_demo: project.is_demo,
        cases: cases(visit, id).await?,
        manual: active(visit, id).await?,
        sees_automation,
        source_count,
        sources: sources.into_iter().map(source).collect(),
        run_count,
        runs: rows(visit, runs).await?,
        address: visit.address(),
    };
    Ok(respond::page(overview::page(&visit.frame, &v)))
}

/// What may be looked at; none when the reader may not.
fn seen<T>(found: Result<T, Error>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Error::Denied(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn cases(visit: &Visit, id: ProjectId) -> Result<Option<i64>, Error> {
    let (filter, one) = (
        store::case::Filter::default(),
        PageRequest { page: 1, per_page: 1 },
    );
    let page = app::cases::names(&visit.app, visit.actor()?, id, &filter, one).await;
    Ok(seen(page)?.map(|page| page.total))
}

/// The newest runs that are not closed, and how many there are.
async fn active(visit: &Visit, id: ProjectId) -> Result<Option<(Vec<Row>, i64)>, Error> {
    let filter = store::run::Filter {
        is_closed: Some(false),
        ..Default::default()
    };
    let newest = PageRequest {
        page: 1,
        per_page: ACTIVE,
    };
    let found = app::runs::page(&visit.app, visit.actor()?, id, &filter, newest).await;
    let Some((page, looks)) = seen(found)? else {
        return Ok(None);
    };
    let rows = crate::pages::manual::list::rows(visit, id, page.rows, &looks).await?;
    Ok(Some((rows, page.total)))
}

fn source(s: store::automation::source::Source) -> Source {
    Source {
        id: s.id.0,
        name: s.name,
        state: s.status,
        runs: s.run_count,
        tests: s.test_count_average,
        elapsed: s.elapsed_average,
        ran_at: s.ran_at,
    }
}
