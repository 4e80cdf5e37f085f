//! Closing a run, opening it again, and its report.

use super::report::{self, Report};
use crate::respond;
use crate::ui::button::{Look, link, submit};
use crate::ui::shell::panel;
use crate::ui::status::{Kind, Tally};
use crate::ui::text::{count, number};
use crate::ui::{Crumb, Head, Section, card, shell};
use crate::visit::{Signed, Visit};
use app::automation::{self, Needs};
use app::runs::execution::{self, Show};
use app::runs::{self, Change};
use app::{App, Error};
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use maud::html;
use model::RunId;
use std::collections::HashMap;

/// Most tests of a report.
const REPORTED: i64 = 10_000;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/runs/view/{run}/close", get(ask_close).post(close))
        .route("/runs/view/{run}/reopen", get(ask_reopen).post(reopen))
        .route("/runs/view/{run}/freeze", get(ask_freeze).post(freeze))
        .route("/runs/view/{run}/report", get(show))
}

/// What can be done to a whole run.
#[derive(Clone, Copy, PartialEq)]
enum Deed {
    Close,
    Reopen,
    Freeze,
}

async fn ask_close(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = ask(&visit, &id, Deed::Close).await;
    respond::answer(&visit, result)
}

async fn ask_reopen(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = ask(&visit, &id, Deed::Reopen).await;
    respond::answer(&visit, result)
}

async fn ask_freeze(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = ask(&visit, &id, Deed::Freeze).await;
    respond::answer(&visit, result)
}

async fn close(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = set(&visit, &id, Deed::Close).await;
    respond::answer(&visit, result)
}

async fn reopen(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = set(&visit, &id, Deed::Reopen).await;
    respond::answer(&visit, result)
}

async fn freeze(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = set(&visit, &id, Deed::Freeze).await;
    respond::answer(&visit, result)
}

fn run_id(id: &str) -> Result<RunId, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

async fn ask(visit: &Visit, id: &str, deed: Deed) -> Result<Response, Error> {
    let id = run_id(id)?;
    let found = execution::list(&visit.app, visit.actor()?, id, Show::Unfinished, (0, 1)).await?;
    if !found.may.close {
        return Err(store::access::Denied::Missing(runs::CLOSE).into());
    }
    let (_, project) = visit.project(found.run.project_id).await?;
    let name = &found.run.values.name;
    let here = format!("/runs/view/{id}");
    let (title, label, path) = match deed {
        Deed::Close => (format!("Close “{name}”?"), "Close run", "close"),
        Deed::Reopen => (format!("Open “{name}” again?"), "Open run", "reopen"),
        Deed::Freeze => (format!("Add no more cases to “{name}”?"), "Stop adding", "freeze"),
    };
    let body = html! {
        @match deed { Deed::Close => {
            @if found.unfinished > 0 { p { b { (count(found.unfinished, "test has", "tests have")) } " no final result yet." } }
            p { "Nobody can give results in a closed run. It can be opened again." }
        }
        Deed::Reopen => p { "Results can be given again then." },
        Deed::Freeze => p { "The run keeps the tests that it has. Cases that match later are not added any more." } }
    };
    let foot = html! { (submit(Look::Primary, label)) (link(Look::Ghost, "Cancel", &here)) };
    let page = shell::page(
        &visit.frame,
        &Head {
            title: &title,
            crumbs: vec![
                Crumb::link(project.name.clone(), format!("/projects/view/{}", project.id)),
                Crumb::link("Runs", format!("/runs/{}", project.id)),
                Crumb::link(name.clone(), here.clone()),
                Crumb::here(label),
            ],
            section: Section::Runs,
            project: Some(&project),
        },
        panel(html! { h1 { (title) } (card::form(&format!("{here}/{path}"), "confirm", "Run", body, foot)) }),
    );
    Ok(respond::page(page))
}

async fn set(visit: &Visit, id: &str, deed: Deed) -> Result<Response, Error> {
    let id = run_id(id)?;
    let change = Change {
        is_closed: (deed != Deed::Freeze).then_some(deed == Deed::Close),
        live: (deed == Deed::Freeze).then_some(None),
        ..Change::default()
    };
    runs::update(&visit.app, visit.actor()?, id, change).await?;
    Ok(respond::to(&format!("/runs/view/{id}")))
}

async fn show(Signed(visit): Signed, Path(id): Path<String>) -> Response {
    let result = try_show(&visit, &id).await;
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, id: &str) -> Result<Response, Error> {
    let (app, actor) = (&visit.app, visit.actor()?);
    let found = execution::list(app, actor, run_id(id)?, Show::All, (0, REPORTED)).await?;
    let notes = execution::latest_results(app, actor, found.run.id).await?;
    let (_, project) = visit.project(found.run.project_id).await?;
    let needs = Needs {
        users: notes
            .iter()
            .filter_map(|r| r.created_by)
            .chain(found.run.created_by)
            .collect(),
        configs: found.run.values.config_id.into_iter().collect(),
        milestones: found.run.values.milestone_id.into_iter().collect(),
        ..Needs::default()
    };
    let names = automation::names(app, actor, &needs).await?;
    let notes: HashMap<_, _> = notes.into_iter().map(|r| (r.test_id, r)).collect();
    let rows = found.lines.iter().map(|l| {
        let status = found.looks.statuses.get(l.test.status_id);
        let result = notes.get(&l.test.id);
        report::Row {
            number: l.number,
            name: l.test.name.clone().unwrap_or_default(),
            folder: l.folder.clone().unwrap_or_else(|| "No folder".to_owned()),
            kind: status.map_or(Kind::Untested, Kind::of),
            word: status.map(|s| s.name.clone()).unwrap_or_default(),
            note: result.and_then(|r| r.values.note.clone()),
            by: result.and_then(|r| names.user(r.created_by?).map(str::to_owned)),
            at: result.map(|r| r.created_at),
        }
    });
    let v = Report {
        rows: rows.collect(),
        left_out: found.goes_on,
        tally: Tally::of(&found.looks.statuses, &found.run.counts),
        config: names.configs.first().map(|(_, name)| name.clone()),
        milestone: names.milestones.first().map(|(_, name)| name.clone()),
        by: found
            .run
            .created_by
            .and_then(|id| names.user(id).map(str::to_owned)),
        most: number(REPORTED),
        run: found.run,
        project,
    };
    Ok(respond::page(report::page(&visit.frame, &v)))
}
