//! Answers requests for the list of runs.

use super::rows::Row;
use super::runs::{self, Runs};
use crate::respond;
use crate::ui::ProjectNav;
use crate::ui::status::Tally;
use crate::visit::{Signed, Visit};
use app::automation::{self, Needs};
use app::{App, Error};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use model::page::PageRequest;
use model::{Action, Area, ProjectId, Right};
use serde::Deserialize;
use store::run::{Filter, Run, Sort};

/// Runs of one page.
const PER_PAGE: i64 = 25;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/runs/{project}", get(list))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    page: String,
    #[serde(default)]
    closed: String,
}

async fn list(Signed(visit): Signed, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let result = match id.parse() {
        Ok(id) => try_list(&visit, id, &asked).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_list(visit: &Visit, id: ProjectId, asked: &Asked) -> Result<Response, Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let (_, project) = visit.project(id).await?;
    let rights = app::runs::rights(app, actor, id).await?;
    let is_closed = asked.closed == "yes";
    let request = PageRequest {
        page: respond::page_number(&asked.page),
        per_page: PER_PAGE,
    };
    let filter = |is_closed| Filter {
        is_closed: Some(is_closed),
        sort: if is_closed {
            Sort::ClosedAt
        } else {
            Sort::CreatedAt
        },
        ..Filter::default()
    };
    let (page, looks) = app::runs::page(app, actor, id, &filter(is_closed), request).await?;
    let sees_closed = rights.has(Right(Area::ClosedRuns, Action::View));
    let none = PageRequest { page: 1, per_page: 1 };
    let others = if is_closed || sees_closed {
        app::runs::page(app, actor, id, &filter(!is_closed), none)
            .await?
            .0
            .total
    } else {
        0
    };
    let (active, closed) = if is_closed {
        (others, page.total)
    } else {
        (page.total, others)
    };
    let (previous, next) = (page.prev_page(), page.next_page());
    let v = Runs {
        is_closed,
        sees_closed,
        can_edit: rights.has(app::runs::EDIT),
        active,
        closed,
        previous: previous.map(|n| at(&project, is_closed, n)),
        next: next.map(|n| at(&project, is_closed, n)),
        rows: rows(visit, id, page.rows, &looks).await?,
        project,
    };
    Ok(respond::page(runs::page(&visit.frame, &v)))
}

fn at(project: &ProjectNav, is_closed: bool, page: i64) -> String {
    let href = runs::href(project, is_closed);
    let join = if is_closed { '&' } else { '?' };
    format!("{href}{join}page={page}")
}

/// Runs as rows, with the names of what they refer to.
pub(crate) async fn rows(
    visit: &Visit,
    project: ProjectId,
    runs: Vec<Run>,
    looks: &app::runs::Looks,
) -> Result<Vec<Row>, Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let needs = Needs {
        users: runs.iter().filter_map(|r| r.created_by).collect(),
        configs: runs.iter().filter_map(|r| r.values.config_id).collect(),
        milestones: runs.iter().filter_map(|r| r.values.milestone_id).collect(),
        ..Needs::default()
    };
    let names = automation::names(app, actor, &needs).await?;
    let states = app::runs::states(app, actor, project).await?;
    let row = |r: Run| Row {
        id: r.id,
        state: states
            .iter()
            .find(|s| s.id == r.values.state_id)
            .map(|s| s.name.clone())
            .unwrap_or_default(),
        config: r.values.config_id.and_then(|id| {
            let found = names.configs.iter().find(|(i, _)| *i == id);
            found.map(|(_, name)| name.clone())
        }),
        milestone: r.values.milestone_id.and_then(|id| {
            let found = names.milestones.iter().find(|(i, _)| *i == id);
            found.map(|(_, name)| name.clone())
        }),
        tally: Tally::of(&looks.statuses, &r.counts),
        at: r.closed_at.unwrap_or(r.created_at),
        by: r.created_by.and_then(|id| Some((id, names.user(id)?.to_owned()))),
        name: r.values.name,
    };
    Ok(runs.into_iter().map(row).collect())
}
