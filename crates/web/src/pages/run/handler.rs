//! One automation run: the whole page, or the part of it that the browser asks for.

use super::address::{Place, Query as Asked, Tab};
use super::detail::{self, Detail, Past};
use super::failures::{self, Failed, Failures, Group};
use super::tests::{self, CHUNK, List, Row};
use super::threads::{Part, Thread};
use super::view::{self, Below, Page, Run};
use crate::respond;
use crate::ui::status::{Kind, Tally};
use crate::ui::{hx, text};
use crate::visit::{Signed, Visit};
use app::automation::runs::{self, Whole};
use app::automation::tests as app_tests;
use app::automation::{self, Needs};
use app::{App, Error};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Response;
use axum::routing::get;
use model::automation::Outcome;
use model::status::Statuses;
use model::{AutomationRunId, AutomationTestId, Timestamp};
use store::automation::part;
use store::automation::test::{Cursor, Details, Test};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/automation/runs/view/{run}", get(show))
}

async fn show(Signed(visit): Signed, Path(id): Path<String>, Query(asked): Query<Asked>) -> Response {
    let result = match id.parse() {
        Ok(id) => try_show(&visit, Place::read(id, &asked)).await,
        Err(_) => Err(Error::NotFound),
    };
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, place: Place) -> Result<Response, Error> {
    let actor = visit.actor()?;
    let whole = runs::get(&visit.app, actor, place.run).await?;
    let statuses = automation::statuses(&visit.app).await?;
    let project = whole.run.project_id;
    let run = run(visit, whole, &statuses).await?;
    match hx::region(&visit.headers) {
        Some("more") => {
            let list = list(visit, &run, &statuses, place).await?;
            return Ok(respond::page(tests::chunk(&run, place, &list)));
        }
        Some("detail") => {
            let detail = open(visit, &run, &statuses, place).await?;
            return Ok(respond::page(detail::pane(&visit.frame, place, detail.as_ref())));
        }
        _ => {}
    }
    let (_, project) = visit.project(project).await?;
    if hx::region(&visit.headers) == Some("summary") {
        return Ok(respond::page(view::summary(&visit.frame, &run, &project, place)));
    }
    let detail = open(visit, &run, &statuses, place).await?;
    let (place, below) = match place.tab {
        Tab::Tests => {
            let (place, list) = list_around(visit, &run, &statuses, place, detail.as_ref()).await?;
            (place, Below::Tests(list))
        }
        Tab::Failures => (place, Below::Failures(failures(visit, place.run).await?)),
        _ => (place, Below::Run),
    };
    Ok(respond::page(view::page(
        &visit.frame,
        &Page {
            project,
            run,
            place,
            below,
            detail,
        },
    )))
}

async fn run(visit: &Visit, whole: Whole, statuses: &Statuses) -> Result<Run, Error> {
    let Whole { run, threads, parts } = whole;
    let needs = Needs {
        users: [run.created_by, run.completed_by].into_iter().flatten().collect(),
        sources: vec![run.source_id],
        configs: run.config_id.into_iter().collect(),
        milestones: run.milestone_id.into_iter().collect(),
        ..Needs::default()
    };
    let names = automation::names(&visit.app, visit.actor()?, &needs).await?;
    let kept = automation::retention::of_run(&visit.app, visit.actor()?, run.id).await?;
    let now = visit.app.now();
    let running = run.status == Outcome::Running;
    Ok(Run {
        id: run.id,
        source: (
            run.source_id,
            names.source(run.source_id).unwrap_or_default().to_owned(),
        ),
        state: run.status,
        is_incomplete: run.is_incomplete,
        tags: run.tags,
        config: names.configs.first().map(|(_, name)| name.clone()),
        milestone: names.milestones.first().map(|(_, name)| name.clone()),
        tally: Tally::of(statuses, &run.counts),
        elapsed: if running {
            Some(now.since(run.created_at))
        } else {
            run.elapsed
        },
        started_at: run.created_at,
        by: run
            .created_by
            .and_then(|id| Some((id, names.user(id)?.to_owned()))),
        completed_at: run.completed_at,
        completed_by: run.completed_by.and_then(|id| names.user(id).map(str::to_owned)),
        appended_at: run.appended_at,
        fields: run.fields,
        artifacts: run.artifacts,
        links: run.links,
        threads: threads
            .into_iter()
            .map(|t| thread(t, &parts, statuses, now))
            .collect(),
        name: run.name,
        kept,
    })
}

fn thread(
    t: store::automation::thread::Thread,
    parts: &[part::Part],
    statuses: &Statuses,
    now: Timestamp,
) -> Thread {
    let of = parts.iter().find(|part| part.thread_id == t.id);
    Thread {
        part: of.map(|part| Part {
            name: part.part.clone(),
            attempt: part.attempt,
            is_replaced: part.superseded_at.is_some(),
        }),
        id: t.id,
        position: t.position,
        state: t.status,
        tally: Tally::of(statuses, &t.counts),
        elapsed: t.elapsed(),
        started_at: t.created_at,
        until: t.completed_at.unwrap_or(now),
        fields: t.fields,
        artifacts: t.artifacts,
    }
}

/// Place of a thread in the run; none when there is only one.
fn position(run: &Run, id: model::ThreadId) -> Option<i64> {
    (run.threads.len() > 1).then(|| run.threads.iter().find(|t| t.id == id).map(|t| t.position))?
}

async fn list(visit: &Visit, run: &Run, statuses: &Statuses, place: Place) -> Result<List, Error> {
    let actor = visit.actor()?;
    let (found, next) = match place.show {
        None => {
            app_tests::failures_first(&visit.app, actor, run.id, place.after.unwrap_or_default(), CHUNK)
                .await?
        }
        Some(outcome) => {
            let after = place.after.map_or(0, |cursor| cursor.after);
            // One more than is shown tells whether the list goes on.
            let mut found = app_tests::group(&visit.app, actor, run.id, outcome, after, CHUNK + 1).await?;
            let goes_on = found.len() > usize::try_from(CHUNK).unwrap_or(usize::MAX);
            found.truncate(usize::try_from(CHUNK).unwrap_or(usize::MAX));
            let next = found.last().filter(|_| goes_on).map(|t| Cursor {
                outcome,
                after: t.id.0,
            });
            (found, next)
        }
    };
    let rows = found.into_iter().map(|t| row(run, statuses, t)).collect();
    Ok(List { rows, next })
}

/// The list in which the open test is seen: from its beginning if it is there, else from the test on.
async fn list_around(
    visit: &Visit,
    run: &Run,
    statuses: &Statuses,
    place: Place,
    open: Option<&Detail>,
) -> Result<(Place, List), Error> {
    let first = list(visit, run, statuses, place).await?;
    let Some(open) = open.filter(|open| place.after.is_none() && !first.rows.iter().any(|r| r.id == open.id))
    else {
        return Ok((place, first));
    };
    let after = Cursor {
        outcome: open.outcome,
        after: open.id.0 - 1,
    };
    let place = Place {
        after: Some(after),
        show: place.show.filter(|show| *show == open.outcome),
        ..place
    };
    Ok((place, list(visit, run, statuses, place).await?))
}

fn word(statuses: &Statuses, id: i64) -> (Kind, String) {
    match statuses.get(id) {
        Some(status) => (Kind::of(status), status.name.clone()),
        None => (Kind::of_outcome(Outcome::Neutral), "Unknown".to_owned()),
    }
}

fn row(run: &Run, statuses: &Statuses, t: Test) -> Row {
    let (kind, word) = word(statuses, t.status_id);
    Row {
        id: t.id,
        kind,
        word,
        outcome: t.outcome,
        thread: position(run, t.thread_id),
        elapsed: t.elapsed,
        name: t.name,
        folder: t.folder,
    }
}

/// The test that the address names; none for one that is not in the run.
async fn open(visit: &Visit, run: &Run, statuses: &Statuses, place: Place) -> Result<Option<Detail>, Error> {
    let Some(id) = place.test else { return Ok(None) };
    let whole = match app_tests::get(&visit.app, visit.actor()?, run.id, id).await {
        Err(error) if error.status() == 404 => return Ok(None),
        other => other?,
    };
    let past = |p: &store::automation::test::Past| {
        let (kind, word) = word(statuses, p.status_id);
        Past {
            run: p.run_id,
            id: p.id,
            kind,
            word,
            elapsed: p.elapsed,
            at: p.created_at,
        }
    };
    let t = whole.test;
    let (kind, word) = word(statuses, t.status_id);
    Ok(Some(Detail {
        id: t.id,
        file: t.file.map(|file| {
            t.line
                .map_or_else(|| file.clone(), |line| format!("{file}:{line}"))
        }),
        kind,
        word,
        outcome: t.outcome,
        elapsed: t.elapsed,
        thread: position(run, t.thread_id),
        assertions: t.assertions,
        at: t.created_at,
        fields: whole.details.fields,
        artifacts: whole.details.artifacts,
        history: whole.history.iter().map(past).collect(),
        name: t.name,
        folder: t.folder,
        key: t.key,
    }))
}

/// The first failures of a run by their message.
async fn failures(visit: &Visit, run: AutomationRunId) -> Result<Failures, Error> {
    let found = app_tests::failed(&visit.app, visit.actor()?, run, failures::MOST).await?;
    let read = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let mut groups: Vec<Group> = Vec::new();
    for (test, details) in found {
        let (message, kind) = cause(&details);
        let failed = failed(test.id, test);
        match groups.iter_mut().find(|g| g.message == message && g.kind == kind) {
            Some(group) => group.tests.push(failed),
            None => groups.push(Group {
                message,
                kind,
                tests: vec![failed],
            }),
        }
    }
    groups.sort_by_key(|g| std::cmp::Reverse(g.tests.len()));
    Ok(Failures { groups, read })
}

fn failed(id: AutomationTestId, t: Test) -> Failed {
    Failed {
        id,
        elapsed: t.elapsed,
        name: t.name,
        folder: t.folder,
    }
}

/// The first line of what a test failed with, and the kind of the error.
fn cause(details: &Details) -> (String, Option<String>) {
    let field = details
        .fields
        .iter()
        .find(|f| f.is_highlight)
        .or_else(|| details.fields.iter().find(|f| f.kind == 4));
    let Some(field) = field else {
        return ("No message".to_owned(), None);
    };
    let meta = |name: &str| field.meta.as_ref().and_then(|m| m.get(name)).cloned();
    let message = meta("message")
        .filter(|m| !m.trim().is_empty())
        .or_else(|| field.value.clone())
        .unwrap_or_default();
    let line = text::first_line(&message).trim().to_owned();
    (
        if line.is_empty() {
            "No message".to_owned()
        } else {
            line
        },
        meta("type"),
    )
}
