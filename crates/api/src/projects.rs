//! Projects (contract §2.7).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Named, PageOf, RowOf};
use app::automation::{Needs, names};
use app::{Error, projects};
use model::Timestamp;
use serde::Serialize;
use store::project::{Filter, Project, Sort};

const EXPANDS: &[&str] = &["users"];

#[derive(Serialize)]
struct Row {
    id: i64,
    name: String,
    is_completed: bool,
    milestone_count: i64,
    milestone_active_count: i64,
    milestone_completed_count: i64,
    run_count: i64,
    run_active_count: i64,
    run_closed_count: i64,
    session_count: i64,
    session_active_count: i64,
    session_closed_count: i64,
    automation_source_count: i64,
    automation_source_active_count: i64,
    automation_source_retired_count: i64,
    automation_run_count: i64,
    automation_run_active_count: i64,
    automation_run_completed_count: i64,
    created_at: Timestamp,
    created_by: Option<i64>,
    updated_at: Option<Timestamp>,
    updated_by: Option<i64>,
    completed_at: Option<Timestamp>,
}

impl From<Project> for Row {
    fn from(p: Project) -> Row {
        Row {
            id: p.id.0,
            name: p.name,
            is_completed: p.is_completed,
            milestone_count: p.milestone_count,
            milestone_active_count: p.milestone_active_count,
            milestone_completed_count: p.milestone_count - p.milestone_active_count,
            run_count: p.manual_run_count,
            run_active_count: p.manual_run_active_count,
            run_closed_count: p.manual_run_count - p.manual_run_active_count,
            session_count: p.session_count,
            session_active_count: p.session_active_count,
            session_closed_count: p.session_count - p.session_active_count,
            automation_source_count: p.source_count,
            automation_source_active_count: p.source_count - p.source_retired_count,
            automation_source_retired_count: p.source_retired_count,
            automation_run_count: p.run_count,
            automation_run_active_count: p.run_active_count,
            automation_run_completed_count: p.run_count - p.run_active_count,
            created_at: p.created_at,
            created_by: p.created_by.map(|u| u.0),
            updated_at: p.updated_at,
            updated_by: p.updated_by.map(|u| u.0),
            completed_at: p.completed_at,
        }
    }
}

#[derive(Serialize, Default)]
struct Expands {
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Named>>,
}

async fn expands(cx: &Cx, rows: &[Row]) -> Result<Expands, Error> {
    if !cx.params.expands(EXPANDS).has("users") {
        return Ok(Expands::default());
    }
    let users = rows
        .iter()
        .flat_map(|r| [r.created_by, r.updated_by])
        .flatten()
        .map(model::UserId)
        .collect();
    let names = names(
        &cx.app,
        &cx.actor,
        &Needs {
            users,
            ..Needs::default()
        },
    )
    .await?;
    Ok(Expands {
        users: Some(
            names
                .users
                .into_iter()
                .map(|(id, name)| Named { id: id.0, name })
                .collect(),
        ),
    })
}

/// One project.
pub(crate) async fn get(cx: Cx) -> Outcome {
    cx.params.expands(EXPANDS);
    cx.params.check()?;
    let row = Row::from(projects::get(&cx.app, &cx.actor, cx.project()?).await?);
    let expands = expands(&cx, std::slice::from_ref(&row)).await?;
    Reply::ok(&RowOf { result: row, expands })
}

/// The projects that the caller may see.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let sort = cx.params.sort(&[
        ("projects:created_at", Sort::CreatedAt),
        ("projects:completed_at", Sort::CompletedAt),
    ]);
    let filter = Filter {
        is_completed: cx.params.bool("is_completed"),
        sort: sort.unwrap_or_default(),
        ascending: cx.params.ascending(false),
    };
    let request = cx.params.page();
    cx.params.expands(EXPANDS);
    cx.params.check()?;
    let page = projects::page(&cx.app, &cx.actor, &filter, request)
        .await?
        .map(Row::from);
    let expands = expands(&cx, &page.rows).await?;
    Reply::ok(&PageOf::new(page, expands))
}
