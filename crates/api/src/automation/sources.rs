//! Automation sources (contract §2.2).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Named, PageOf, RowOf};
use app::Error;
use app::automation::{Needs, names, sources};
use model::Timestamp;
use serde::Serialize;
use store::automation::source::{Filter, Sort, Source};

const EXPANDS: &[&str] = &["users"];

#[derive(Serialize)]
struct Row {
    id: i64,
    project_id: i64,
    name: String,
    status: i64,
    is_retired: bool,
    run_count: i64,
    test_count_average: Option<i64>,
    elapsed_average: Option<i64>,
    ran_at: Option<Timestamp>,
    created_at: Timestamp,
    created_by: Option<i64>,
    updated_at: Option<Timestamp>,
    updated_by: Option<i64>,
    retired_at: Option<Timestamp>,
    retired_by: Option<i64>,
}

impl From<Source> for Row {
    fn from(s: Source) -> Row {
        Row {
            id: s.id.0,
            project_id: s.project_id.0,
            name: s.name,
            status: s.status.number(),
            is_retired: s.is_retired,
            run_count: s.run_count,
            test_count_average: s.test_count_average,
            elapsed_average: s.elapsed_average,
            ran_at: s.ran_at,
            created_at: s.created_at,
            created_by: s.created_by.map(|u| u.0),
            updated_at: s.updated_at,
            updated_by: s.updated_by.map(|u| u.0),
            retired_at: s.retired_at,
            retired_by: s.retired_by.map(|u| u.0),
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
        .flat_map(|r| [r.created_by, r.updated_by, r.retired_by])
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

/// One source.
pub(crate) async fn get(cx: Cx) -> Outcome {
    cx.params.expands(EXPANDS);
    cx.params.check()?;
    let row = Row::from(sources::get(&cx.app, &cx.actor, cx.source()?).await?);
    let expands = expands(&cx, std::slice::from_ref(&row)).await?;
    Reply::ok(&RowOf { result: row, expands })
}

/// The sources of a project.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let sort = cx.params.sort(&[
        ("automation_sources:created_at", Sort::CreatedAt),
        ("automation_sources:ran_at", Sort::RanAt),
        ("automation_sources:retired_at", Sort::RetiredAt),
    ]);
    let filter = Filter {
        is_retired: cx.params.bool("is_retired"),
        sort: sort.unwrap_or_default(),
        ascending: cx.params.ascending(false),
    };
    let request = cx.params.page();
    cx.params.expands(EXPANDS);
    cx.params.check()?;
    let page = sources::page(&cx.app, &cx.actor, cx.project()?, &filter, request)
        .await?
        .map(Row::from);
    let expands = expands(&cx, &page.rows).await?;
    Reply::ok(&PageOf::new(page, expands))
}
