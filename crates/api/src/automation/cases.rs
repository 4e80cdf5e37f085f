//! `GET projects/{id}/automation/cases` (contract §9).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Named, PageOf};
use app::automation::{Needs, cases, names, statuses};
use model::Timestamp;
use model::automation::Outcome as State;
use model::status::Status;
use serde::Serialize;
use store::automation::cases::{AutomationCase, Filter, Sort};

const EXPANDS: &[&str] = &["automation_sources", "statuses"];

#[derive(Serialize)]
struct Row {
    id: i64,
    project_id: i64,
    source_id: i64,
    key: String,
    name: String,
    folder: String,
    status: i64,
    test_count: i64,
    success_count: i64,
    failure_count: i64,
    flaky_count: i64,
    flaky_percent: i64,
    elapsed_average: Option<i64>,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
}

#[derive(Serialize)]
struct Expands {
    #[serde(skip_serializing_if = "Option::is_none")]
    automation_sources: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<Vec<Status>>,
}

fn row(project: i64, c: AutomationCase) -> Row {
    Row {
        id: c.id.0,
        project_id: project,
        source_id: c.source_id.0,
        key: c.key,
        name: c.name,
        folder: c.folder,
        status: c.status.number(),
        test_count: c.test_count,
        success_count: c.success_count,
        failure_count: c.failure_count,
        flaky_count: c.flaky_count,
        flaky_percent: c.flaky_percent,
        elapsed_average: c.elapsed_average,
        created_at: c.created_at,
        updated_at: c.updated_at,
    }
}

/// The automated tests of a project.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    let sort = p.sort(&[
        ("automation_sources:created_at", Sort::SourceCreatedAt),
        ("automation_cases:name", Sort::Name),
        ("automation_cases:elapsed_average", Sort::ElapsedAverage),
        ("automation_cases:failure_count", Sort::FailureCount),
        ("automation_cases:flaky_percent", Sort::FlakyPercent),
    ]);
    let all = [State::Neutral, State::Success, State::Failure, State::Running].map(State::number);
    let wanted = p.expands(EXPANDS);
    let filter = Filter {
        source_ids: p.ids("source_id"),
        statuses: p.ids_of("status", &all),
        name: p.text("name"),
        folder: p.text("folder"),
        sort: sort.unwrap_or_default(),
        ascending: p.ascending(true),
    };
    let request = p.page();
    p.check()?;
    let project = cx.project()?;
    let page = cases::page(&cx.app, &cx.actor, project, &filter, request).await?;
    let automation_sources = if wanted.has("automation_sources") {
        let needs = Needs {
            sources: page.rows.iter().map(|c| c.source_id).collect(),
            ..Needs::default()
        };
        let found = names(&cx.app, &cx.actor, &needs).await?.sources;
        let named = found.into_iter();
        Some(named.map(|(id, name)| Named { id: id.0, name }).collect())
    } else {
        None
    };
    let statuses = if wanted.has("statuses") {
        Some(statuses(&cx.app).await?.0)
    } else {
        None
    };
    Reply::ok(&PageOf::new(
        page.map(|c| row(project.0, c)),
        Expands {
            automation_sources,
            statuses,
        },
    ))
}
