//! Results of manual runs (contract §2.11, §9).

use super::expand::named;
use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Named, Only, PageOf};
use crate::issues::{self, IssueIn, IssueRow, expanded};
use crate::wire::{self, Object, Whole, nullable, objects};
use app::Error;
use app::automation::{self, Needs};
use app::runs::results::{self, Change, Looks, Made, TEMPLATE};
use model::page::Page;
use model::status::{Status, StepStatus};
use model::{ResultId, TestId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::run::result::{Filter, RunResult};

const EXPANDS: &[&str] = &["issues", "users", "statuses"];

/// `comment` is another name of `note`.
#[derive(Deserialize)]
struct ChangeIn {
    #[serde(default)]
    test_id: Option<Whole>,
    #[serde(default)]
    status_id: Option<Whole>,
    #[serde(default, deserialize_with = "nullable")]
    note: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    comment: Option<Option<String>>,
    #[serde(default, deserialize_with = "nullable")]
    elapsed: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    assignee_id: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    issues: Option<Option<Vec<IssueIn>>>,
    #[serde(default)]
    steps: Option<Vec<Object<StepIn>>>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct StepIn {
    step: Whole,
    status_id: Whole,
}

impl From<StepIn> for StepStatus {
    fn from(s: StepIn) -> StepStatus {
        StepStatus {
            step: s.step.0,
            status_id: s.status_id.0,
        }
    }
}

#[derive(Deserialize)]
struct ManyIn {
    #[serde(default, deserialize_with = "objects")]
    results: Vec<ChangeIn>,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        Change {
            status_id: c.status_id.map(|id| id.0),
            note: c.note.or(c.comment),
            elapsed: c.elapsed.map(|time| time.map(|t| t.0)),
            assignee_id: c
                .assignee_id
                .map(|id| id.map(|id| UserId(id.0)).filter(|id| id.0 != 0)),
            issues: issues::named(c.issues),
            custom: wire::custom(c.rest),
            steps: c.steps.map(|all| all.into_iter().map(|s| s.0.into()).collect()),
        }
    }
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "a row of a data set")]
struct Row<'a> {
    id: i64,
    project_id: i64,
    run_id: i64,
    test_id: i64,
    case_id: i64,
    case_version: i64,
    data_row: Option<i64>,
    status_id: i64,
    is_latest: bool,
    note: Option<&'a str>,
    elapsed: Option<i64>,
    assignee_id: Option<i64>,
    issues: Vec<i64>,
    steps: &'a [StepStatus],
    created_at: Timestamp,
    created_by: Option<i64>,
    updated_at: Option<Timestamp>,
    updated_by: Option<i64>,
    deleted_at: Option<Timestamp>,
    deleted_by: Option<i64>,
    #[serde(flatten)]
    custom: Map<String, Value>,
}

impl<'a> Row<'a> {
    fn new(r: &'a RunResult, looks: &Looks) -> Row<'a> {
        Row {
            id: r.id.0,
            project_id: r.project_id.0,
            run_id: r.run_id.0,
            test_id: r.test_id.0,
            case_id: r.case_id.0,
            case_version: r.case_version,
            data_row: r.data_row,
            status_id: r.values.status_id,
            is_latest: r.is_latest,
            note: r.values.note.as_deref(),
            elapsed: r.values.elapsed,
            assignee_id: r.values.assignee_id.map(|u| u.0),
            issues: issues::ids(&r.values.issues),
            steps: &r.values.steps,
            created_at: r.created_at,
            created_by: r.created_by.map(|u| u.0),
            updated_at: r.updated_at,
            updated_by: r.updated_by.map(|u| u.0),
            deleted_at: r.deleted_at,
            deleted_by: r.deleted_by.map(|u| u.0),
            custom: wire::custom_row(&looks.schema, TEMPLATE, &r.values.custom),
        }
    }
}

#[derive(Serialize)]
struct Expands<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    issues: Option<Vec<IssueRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<&'a [Status]>,
}

async fn answer(cx: &Cx, (page, looks): (Page<RunResult>, Looks)) -> Outcome {
    let wanted = cx.params.expands(EXPANDS);
    let mut needs = Needs::default();
    if wanted.has("users") {
        let users = page
            .rows
            .iter()
            .flat_map(|r| [r.values.assignee_id, r.created_by, r.updated_by, r.deleted_by]);
        needs.users = users.flatten().collect();
    }
    let names = automation::names(&cx.app, &cx.actor, &needs).await?;
    let expands = Expands {
        issues: wanted
            .has("issues")
            .then(|| expanded(page.rows.iter().flat_map(|r| &r.values.issues))),
        users: wanted.has("users").then(|| named(names.users, |id| id.0)),
        statuses: wanted.has("statuses").then_some(looks.statuses.0.as_slice()),
    };
    let (request, total) = (page.request, page.total);
    let rows = page.rows.iter().map(|r| Row::new(r, &looks)).collect();
    Reply::ok(&PageOf::new(Page { request, total, rows }, expands))
}

/// The results of a run.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    p.sort(&[("run_results:created_at", ())]);
    p.expands(EXPANDS);
    let filter = Filter {
        created_after: p.instant("created_after"),
        created_before: p.instant("created_before"),
        created_by: p.ids("created_by"),
        assignee_ids: p.ids("assignee_id"),
        status_ids: p.ids_of("status_id", &(1..=25).collect::<Vec<i64>>()),
        only_latest: p.bool("get_latest_result").unwrap_or(false),
        ascending: p.ascending(false),
    };
    let request = p.page();
    p.check()?;
    let found = results::page(&cx.app, &cx.actor, cx.manual_run()?, &filter, request).await?;
    answer(&cx, found).await
}

/// The results that a case had, newest first.
pub(crate) async fn history(cx: Cx) -> Outcome {
    cx.params.expands(EXPANDS);
    let request = cx.params.page();
    cx.params.check()?;
    let found = results::history(&cx.app, &cx.actor, cx.project()?, cx.case()?, request).await?;
    answer(&cx, found).await
}

fn created((made, looks): &Made) -> (u16, String) {
    let row = made.first().map(|result| Only {
        result: Row::new(result, looks),
    });
    (201, serde_json::to_string(&row).unwrap_or_default())
}

fn created_many((made, looks): &Made) -> (u16, String) {
    let rows: Vec<Row<'_>> = made.iter().map(|r| Row::new(r, looks)).collect();
    (
        201,
        serde_json::to_string(&Only { result: rows }).unwrap_or_default(),
    )
}

/// Writes a result of a test.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let (new, claim) = (cx.json::<ChangeIn>()?, cx.claim()?);
    let new = vec![(TestId(cx.number("test_id")?), new.into())];
    Reply::once(
        results::create(&cx.app, &cx.actor, cx.manual_run()?, (new, false), claim, created).await?,
        created,
    )
}

/// Writes results of several tests, all or none.
pub(crate) async fn create_many(cx: Cx) -> Outcome {
    let (body, claim) = (cx.json::<ManyIn>()?, cx.claim()?);
    let new = body
        .results
        .into_iter()
        .map(|c| (TestId(c.test_id.map_or(0, |id| id.0)), c.into()));
    let new = (new.collect(), true);
    Reply::once(
        results::create(&cx.app, &cx.actor, cx.manual_run()?, new, claim, created_many).await?,
        created_many,
    )
}

/// Changes a result.
pub(crate) async fn update(cx: Cx) -> Result<Reply, Error> {
    let (run, id) = (cx.manual_run()?, ResultId(cx.number("result_id")?));
    let change: Change = cx.json::<ChangeIn>()?.into();
    let (result, looks) = results::update(&cx.app, &cx.actor, run, id, change).await?;
    Reply::ok(&Only {
        result: Row::new(&result, &looks),
    })
}
