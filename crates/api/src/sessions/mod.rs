//! Exploratory sessions (contract §2.13, §9).

mod expand;
mod input;
pub(crate) mod results;

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Counters, Only, PageOf, RowOf};
use crate::wire;
use app::Error;
use app::sessions::{self, Change, Looks};
use expand::{EXPANDS, find};
use model::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use store::exploratory::{Filter, Session, Sort};

#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    project_id: i64,
    template_id: i64,
    name: &'a str,
    config_id: Option<i64>,
    milestone_id: Option<i64>,
    state_id: i64,
    assignee_id: Option<i64>,
    estimate: Option<i64>,
    forecast: Option<i64>,
    elapsed: Option<i64>,
    is_started: bool,
    is_closed: bool,
    issues: Vec<i64>,
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
    #[serde(flatten)]
    custom: Map<String, Value>,
}

impl<'a> Row<'a> {
    fn new(s: &'a Session, looks: &'a Looks) -> Row<'a> {
        let v = &s.values;
        Row {
            id: s.id.0,
            project_id: s.project_id.0,
            template_id: v.template_id.0,
            name: &v.name,
            config_id: v.config_id.map(|c| c.0),
            milestone_id: v.milestone_id.map(|m| m.0),
            state_id: v.state_id.0,
            assignee_id: v.assignee_id.map(|u| u.0),
            estimate: v.estimate,
            forecast: s.forecast(),
            elapsed: v.elapsed,
            is_started: v.is_started,
            is_closed: v.is_closed,
            issues: crate::issues::ids(&s.links.issues),
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
            custom: wire::custom_row(&looks.schema, v.template_id, &v.custom),
        }
    }
}

/// One session.
pub(crate) async fn get(cx: Cx) -> Outcome {
    cx.params.expands(EXPANDS);
    cx.params.check()?;
    let (session, looks) = sessions::get(&cx.app, &cx.actor, cx.session()?).await?;
    let found = find(&cx, session.project_id, std::slice::from_ref(&session), &looks).await?;
    Reply::ok(&RowOf {
        result: Row::new(&session, &looks),
        expands: found,
    })
}

/// The sessions of a project.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    let sort = p.sort(&[
        ("sessions:created_at", Sort::CreatedAt),
        ("sessions:closed_at", Sort::ClosedAt),
    ]);
    p.expands(EXPANDS);
    let filter = Filter {
        assignee_ids: p.ids("assignee_id"),
        config_ids: p.ids("config_id"),
        created_by: p.ids("created_by"),
        milestone_ids: p.ids("milestone_id"),
        state_ids: p.ids("state_id"),
        template_ids: p.ids("template_id"),
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
    let (page, looks) = sessions::page(&cx.app, &cx.actor, project, &filter, request).await?;
    let found = find(&cx, project, &page.rows, &looks).await?;
    let (request, total) = (page.request, page.total);
    let rows = page.rows.iter().map(|s| Row::new(s, &looks)).collect();
    Reply::ok(&PageOf::new(model::page::Page { request, total, rows }, found))
}

fn created((made, looks): &(Session, Looks)) -> (u16, String) {
    let row = Only {
        result: Row::new(made, looks),
    };
    (201, serde_json::to_string(&row).unwrap_or_default())
}

fn sent(cx: &Cx) -> Result<Change, Error> {
    Ok(input::change(cx.json()?, cx.json()?))
}

/// Makes a session.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let (new, claim) = (sent(&cx)?, cx.claim()?);
    Reply::once(
        sessions::create(&cx.app, &cx.actor, cx.project()?, new, claim, created).await?,
        created,
    )
}

/// Changes a session.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let (session, looks) = sessions::update(&cx.app, &cx.actor, cx.session()?, sent(&cx)?).await?;
    Reply::ok(&Only {
        result: Row::new(&session, &looks),
    })
}

/// Deletes a session.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    sessions::delete(&cx.app, &cx.actor, cx.session()?).await?;
    Ok(Reply::Empty)
}
