//! The list of automation runs of a project.

use super::chart::MOST;
use super::rows::Row;
use super::view::{self, Filter, Runs, STATES};
use crate::respond;
use crate::ui::status::Tally;
use crate::visit::{Signed, Visit};
use app::automation::{self, Needs, runs, sources};
use app::{App, Error};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use model::automation::Outcome;
use model::page::PageRequest;
use model::{ProjectId, SourceId};
use serde::Deserialize;
use store::automation::run::Run;

/// Runs of one page.
const PER_PAGE: i64 = 25;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/automation/runs/{project}", get(list))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    page: String,
    source: Option<String>,
    state: Option<String>,
}

async fn list(Signed(visit): Signed, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let result = match id.parse() {
        Ok(id) => try_list(&visit, id, &asked).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_list(visit: &Visit, id: ProjectId, asked: &Asked) -> Result<Response, Error> {
    let actor = visit.actor()?;
    let (_, project) = visit.project(id).await?;
    let source = asked.source.as_deref().and_then(|s| s.parse::<SourceId>().ok());
    let state = STATES
        .iter()
        .find(|(name, ..)| asked.state.as_deref() == Some(name))
        .map(|(.., state)| *state);
    let filter = Filter { source, state };
    let wanted = store::automation::run::Filter {
        source_ids: filter.source.iter().map(|s| s.0).collect(),
        statuses: filter.state.iter().map(|s| s.number()).collect(),
        ..Default::default()
    };
    let request = PageRequest {
        page: respond::page_number(&asked.page),
        per_page: PER_PAGE,
    };
    let page = runs::page(&visit.app, actor, id, &wanted, request).await?;
    let newest = PageRequest {
        page: 1,
        per_page: i64::try_from(MOST).unwrap_or(PER_PAGE),
    };
    let chart = runs::page(&visit.app, actor, id, &wanted, newest).await?;
    let all = store::automation::source::Filter::default();
    let sources = sources::page(
        &visit.app,
        actor,
        id,
        &all,
        PageRequest {
            page: 1,
            per_page: 500,
        },
    )
    .await?;
    let mut sources: Vec<(SourceId, String)> = sources.rows.into_iter().map(|s| (s.id, s.name)).collect();
    sources.sort_by(|a, b| a.1.cmp(&b.1));
    let v = Runs {
        filter,
        sources,
        total: page.total,
        previous: page.prev_page().map(|n| view::href(&project, &filter, n)),
        next: page.next_page().map(|n| view::href(&project, &filter, n)),
        rows: rows(visit, page.rows).await?,
        chart: rows(visit, chart.rows).await?,
        address: visit.address(),
        project,
    };
    Ok(respond::page(view::page(&visit.frame, &v)))
}

/// Runs as rows, with the names of what they refer to.
pub(crate) async fn rows(visit: &Visit, runs: Vec<Run>) -> Result<Vec<Row>, Error> {
    let needs = Needs {
        users: runs.iter().filter_map(|r| r.created_by).collect(),
        sources: runs.iter().map(|r| r.source_id).collect(),
        ..Needs::default()
    };
    let names = automation::names(&visit.app, visit.actor()?, &needs).await?;
    let statuses = automation::statuses(&visit.app).await?;
    let row = |r: Run| Row {
        tally: Tally::of(&statuses, &r.counts),
        state: r.status,
        is_incomplete: r.is_incomplete,
        elapsed: if r.status == Outcome::Running {
            Some(visit.app.now().since(r.created_at))
        } else {
            r.elapsed
        },
        threads: r.thread_count,
        started_at: r.created_at,
        by: r.created_by.and_then(|id| Some((id, names.user(id)?.to_owned()))),
        source: (
            r.source_id,
            names.source(r.source_id).unwrap_or_default().to_owned(),
        ),
        id: r.id,
        name: r.name,
        tags: r.tags,
    };
    Ok(runs.into_iter().map(row).collect())
}
