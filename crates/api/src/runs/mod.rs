//! Manual runs (contract §2.12, §9).

mod expand;
mod input;
pub(crate) mod results;
pub(crate) mod tests;

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Counters, Only, PageOf, RowOf};
use app::runs::{self, Looks};
use expand::{EXPANDS, find};
use input::ChangeIn;
use model::Timestamp;
use model::automation::Link;
use serde::Serialize;
use store::run::{Filter, Live, Run, Sort};

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    project_id: i64,
    name: &'a str,
    config_id: Option<i64>,
    milestone_id: Option<i64>,
    state_id: i64,
    note: Option<&'a str>,
    include_all: bool,
    forecast: Option<i64>,
    forecast_completed: Option<i64>,
    elapsed: Option<i64>,
    is_started: bool,
    is_closed: bool,
    live: Option<&'a Live>,
    issues: Vec<i64>,
    links: &'a [Link],
    tags: Vec<&'a str>,
    #[serde(flatten)]
    counters: Counters<'a>,
    started_at: Option<Timestamp>,
    created_at: Timestamp,
    created_by: Option<i64>,
    updated_at: Option<Timestamp>,
    updated_by: Option<i64>,
    closed_at: Option<Timestamp>,
    closed_by: Option<i64>,
    version: i64,
}

impl<'a> Row<'a> {
    fn new(s: &'a Run, looks: &'a Looks) -> Row<'a> {
        let v = &s.values;
        Row {
            id: s.id.0,
            project_id: s.project_id.0,
            name: &v.name,
            config_id: v.config_id.map(|c| c.0),
            milestone_id: v.milestone_id.map(|m| m.0),
            state_id: v.state_id.0,
            note: v.note.as_deref(),
            include_all: s.include_all,
            forecast: s.forecast,
            forecast_completed: s.forecast_completed,
            elapsed: s.elapsed,
            is_started: v.is_started,
            is_closed: v.is_closed,
            live: v.live.as_ref(),
            issues: crate::issues::ids(&s.links.issues),
            links: &v.links,
            tags: s.links.tags.iter().map(|(_, name)| name.as_str()).collect(),
            counters: Counters {
                counts: &s.counts,
                statuses: &looks.statuses,
            },
            started_at: s.started_at,
            created_at: s.created_at,
            created_by: s.created_by.map(|u| u.0),
            updated_at: s.updated_at,
            updated_by: s.updated_by.map(|u| u.0),
            closed_at: s.closed_at,
            closed_by: s.closed_by.map(|u| u.0),
            version: s.version,
        }
    }
}

/// One run.
pub(crate) async fn get(cx: Cx) -> Outcome {
    cx.params.expands(EXPANDS);
    cx.params.check()?;
    let (run, looks) = runs::get(&cx.app, &cx.actor, cx.manual_run()?).await?;
    let found = find(&cx, run.project_id, std::slice::from_ref(&run), &looks).await?;
    Reply::ok(&RowOf {
        result: Row::new(&run, &looks),
        expands: found,
    })
}

/// The runs of a project.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    let sort = p.sort(&[
        ("runs:created_at", Sort::CreatedAt),
        ("runs:closed_at", Sort::ClosedAt),
    ]);
    p.expands(EXPANDS);
    let filter = Filter {
        config_ids: p.ids("config_id"),
        created_by: p.ids("created_by"),
        milestone_ids: p.ids("milestone_id"),
        state_ids: p.ids("state_id"),
        tags: p.texts("tags"),
        closed_after: p.instant("closed_after"),
        closed_before: p.instant("closed_before"),
        created_after: p.instant("created_after"),
        created_before: p.instant("created_before"),
        is_closed: p.bool("is_closed"),
        sort: sort.unwrap_or_default(),
        ascending: p.ascending(false),
    };
    let request = p.page();
    p.check()?;
    let project = cx.project()?;
    let (page, looks) = runs::page(&cx.app, &cx.actor, project, &filter, request).await?;
    let found = find(&cx, project, &page.rows, &looks).await?;
    let (request, total) = (page.request, page.total);
    let rows = page.rows.iter().map(|s| Row::new(s, &looks)).collect();
    Reply::ok(&PageOf::new(model::page::Page { request, total, rows }, found))
}

fn created((made, looks): &(Run, Looks)) -> (u16, String) {
    let row = Only {
        result: Row::new(made, looks),
    };
    (201, serde_json::to_string(&row).unwrap_or_default())
}

/// Makes a run.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let (new, claim) = (cx.json::<ChangeIn>()?.into_new(), cx.claim()?);
    Reply::once(
        runs::create(&cx.app, &cx.actor, cx.project()?, new, claim, created).await?,
        created,
    )
}

/// Changes a run.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = cx.json::<ChangeIn>()?.into_change();
    let (run, looks) = runs::update(&cx.app, &cx.actor, cx.manual_run()?, change).await?;
    Reply::ok(&Only {
        result: Row::new(&run, &looks),
    })
}

/// Deletes a run.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    runs::delete(&cx.app, &cx.actor, cx.manual_run()?).await?;
    Ok(Reply::Empty)
}
