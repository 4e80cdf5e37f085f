//! Automation runs (contract §2.1).

use super::dto::{AdditionsIn, CompleteRunIn, RunIn};
use super::input::Input;
use crate::context::{Cx, Outcome, Reply, no_content};
use crate::envelope::{Counters, Created, Named, PageOf, RowOf};
use app::Error;
use app::automation::runs::Whole;
use app::automation::{self, Needs, runs};
use model::automation::{Artifact, Field, Link, Outcome as State};
use model::status::{Status, Statuses};
use model::{AutomationRunId, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;
use store::automation::run::Filter;
use store::automation::thread::Thread;

const EXPANDS: &[&str] = &["automation_sources", "configs", "milestones", "statuses", "users"];

/// A field without `is_highlight`, which is never returned.
#[derive(Serialize)]
pub(super) struct FieldOut<'a> {
    #[serde(rename = "type")]
    kind: i64,
    name: &'a str,
    value: Option<&'a str>,
    meta: Option<&'a BTreeMap<String, String>>,
}

pub(super) fn fields(fields: &[Field]) -> Vec<FieldOut<'_>> {
    fields
        .iter()
        .map(|f| FieldOut {
            kind: f.kind,
            name: &f.name,
            value: f.value.as_deref(),
            meta: f.meta.as_ref(),
        })
        .collect()
}

#[derive(Serialize)]
struct ThreadRow<'a> {
    id: i64,
    index: i64,
    name: String,
    status: i64,
    elapsed: Option<i64>,
    is_completed: bool,
    artifacts: &'a [Artifact],
    fields: Vec<FieldOut<'a>>,
    #[serde(flatten)]
    counters: Counters<'a>,
    created_at: Timestamp,
    created_by: Option<i64>,
    completed_at: Option<Timestamp>,
    completed_by: Option<i64>,
}

fn thread_row<'a>(t: &'a Thread, statuses: &'a Statuses) -> ThreadRow<'a> {
    ThreadRow {
        id: t.id.0,
        index: t.position,
        name: format!("Thread {}", t.position),
        status: t.status.number(),
        elapsed: t.elapsed(),
        is_completed: t.is_completed,
        artifacts: &t.artifacts,
        fields: fields(&t.fields),
        counters: Counters {
            counts: &t.counts,
            statuses,
        },
        created_at: t.created_at,
        created_by: t.created_by.map(|u| u.0),
        completed_at: t.completed_at,
        completed_by: t.completed_by.map(|u| u.0),
    }
}

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    project_id: i64,
    source_id: i64,
    name: &'a str,
    status: i64,
    config_id: Option<i64>,
    milestone_id: Option<i64>,
    elapsed: Option<i64>,
    is_completed: bool,
    is_incomplete: bool,
    artifacts: &'a [Artifact],
    fields: Vec<FieldOut<'a>>,
    links: &'a [Link],
    tags: &'a [String],
    threads: Vec<ThreadRow<'a>>,
    #[serde(flatten)]
    counters: Counters<'a>,
    thread_count: i64,
    thread_active_count: i64,
    thread_completed_count: i64,
    created_at: Timestamp,
    created_by: Option<i64>,
    updated_at: Option<Timestamp>,
    updated_by: Option<i64>,
    completed_at: Option<Timestamp>,
    completed_by: Option<i64>,
}

fn row<'a>(whole: &'a Whole, statuses: &'a Statuses) -> Row<'a> {
    let r = &whole.run;
    Row {
        id: r.id.0,
        project_id: r.project_id.0,
        source_id: r.source_id.0,
        name: &r.name,
        status: r.status.number(),
        config_id: r.config_id.map(|c| c.0),
        milestone_id: r.milestone_id.map(|m| m.0),
        elapsed: r.elapsed,
        is_completed: r.is_completed,
        is_incomplete: r.is_incomplete,
        artifacts: &r.artifacts,
        fields: fields(&r.fields),
        links: &r.links,
        tags: &r.tags,
        threads: whole.threads.iter().map(|t| thread_row(t, statuses)).collect(),
        counters: Counters {
            counts: &r.counts,
            statuses,
        },
        thread_count: r.thread_count,
        thread_active_count: r.thread_active_count,
        thread_completed_count: r.thread_count - r.thread_active_count,
        created_at: r.created_at,
        created_by: r.created_by.map(|u| u.0),
        updated_at: r.updated_at,
        updated_by: r.updated_by.map(|u| u.0),
        completed_at: r.completed_at,
        completed_by: r.completed_by.map(|u| u.0),
    }
}

#[derive(Serialize, Default)]
struct Expands<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    automation_sources: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    configs: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestones: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<&'a [Status]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Named>>,
}

/// The statuses that occur are all that counters can refer to, so all are shown.
async fn expands<'a>(cx: &Cx, rows: &[Whole], statuses: &'a Statuses) -> Result<Expands<'a>, Error> {
    let wanted = cx.params.expands(EXPANDS);
    let mut needs = Needs::default();
    for Whole { run, threads, .. } in rows {
        if wanted.has("users") {
            needs.users.extend(
                [run.created_by, run.updated_by, run.completed_by]
                    .into_iter()
                    .flatten(),
            );
            needs.users.extend(
                threads
                    .iter()
                    .flat_map(|t| [t.created_by, t.completed_by])
                    .flatten(),
            );
        }
        if wanted.has("automation_sources") {
            needs.sources.push(run.source_id);
        }
        if wanted.has("configs") {
            needs.configs.extend(run.config_id);
        }
        if wanted.has("milestones") {
            needs.milestones.extend(run.milestone_id);
        }
    }
    let names = automation::names(&cx.app, &cx.actor, &needs).await?;
    let named = |list: Vec<(i64, String)>| list.into_iter().map(|(id, name)| Named { id, name }).collect();
    let when = |name: &str, list: Vec<(i64, String)>| wanted.has(name).then(|| named(list));
    Ok(Expands {
        automation_sources: when(
            "automation_sources",
            names.sources.into_iter().map(|(i, n)| (i.0, n)).collect(),
        ),
        configs: when(
            "configs",
            names.configs.into_iter().map(|(i, n)| (i.0, n)).collect(),
        ),
        milestones: when(
            "milestones",
            names.milestones.into_iter().map(|(i, n)| (i.0, n)).collect(),
        ),
        statuses: wanted.has("statuses").then_some(&statuses.0),
        users: when("users", names.users.into_iter().map(|(i, n)| (i.0, n)).collect()),
    })
}

/// One run.
pub(crate) async fn get(cx: Cx) -> Outcome {
    cx.params.expands(EXPANDS);
    cx.params.check()?;
    let whole = runs::get(&cx.app, &cx.actor, cx.run()?).await?;
    let statuses = automation::statuses(&cx.app).await?;
    let expands = expands(&cx, std::slice::from_ref(&whole), &statuses).await?;
    Reply::ok(&RowOf {
        result: row(&whole, &statuses),
        expands,
    })
}

/// The runs of a project.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    p.sort(&[("automation_runs:created_at", ())]);
    p.expands(EXPANDS);
    let filter = Filter {
        config_ids: p.ids("config_id"),
        created_after: p.instant("created_after"),
        created_before: p.instant("created_before"),
        created_by: p.ids("created_by"),
        milestone_ids: p.ids("milestone_id"),
        source_ids: p.ids("source_id"),
        statuses: p.ids_of(
            "status",
            &[State::Success, State::Failure, State::Running].map(State::number),
        ),
        tags: p.texts("tags"),
        ascending: p.ascending(false),
    };
    let request = p.page();
    p.check()?;
    let page = runs::page_with_threads(&cx.app, &cx.actor, cx.project()?, &filter, request).await?;
    let statuses = automation::statuses(&cx.app).await?;
    let expands = expands(&cx, &page.rows, &statuses).await?;
    let (request, total) = (page.request, page.total);
    let rows = page.rows.iter().map(|whole| row(whole, &statuses)).collect();
    Reply::ok(&PageOf::new(model::page::Page { request, total, rows }, expands))
}

fn created(id: &AutomationRunId) -> (u16, String) {
    (
        201,
        serde_json::to_string(&Created { id: id.0 }).unwrap_or_default(),
    )
}

/// Makes an open run.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let body: RunIn = cx.json()?;
    let mut input = Input::default();
    let new = input.run(body);
    input.finish()?;
    let claim = cx.claim()?;
    Reply::once(
        runs::create(&cx.app, &cx.actor, cx.project()?, new, claim, created).await?,
        created,
    )
}

/// Appends fields, artifacts and links.
pub(crate) async fn append(cx: Cx) -> Outcome {
    let body: AdditionsIn = cx.json()?;
    let mut input = Input::default();
    let more = input.additions(body.fields, body.artifacts, body.links);
    input.finish()?;
    let claim = cx.claim()?;
    Reply::once(
        runs::append(&cx.app, &cx.actor, cx.run()?, more, claim, no_content).await?,
        no_content,
    )
}

/// Completes a run and its open threads.
pub(crate) async fn complete(cx: Cx) -> Outcome {
    let body: CompleteRunIn = cx.json()?;
    let measure = body.measure_elapsed.unwrap_or(false);
    let claim = cx.claim()?;
    Reply::once(
        runs::complete(&cx.app, &cx.actor, cx.run()?, measure, claim, no_content).await?,
        no_content,
    )
}
