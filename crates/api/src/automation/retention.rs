//! How long results are kept: rules, what would go now, and runs that are pinned.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use crate::wire::{Whole, nullable};
use app::automation::retention::{self, Change, Kept, Level, Retention};
use app::{Error, FieldError};
use model::Timestamp;
use model::retention::Rule;
use serde::{Deserialize, Serialize};
use store::automation::retention::preview::Gone;

#[derive(Serialize)]
struct Row {
    output_days: Option<i64>,
    tests_days: Option<i64>,
    in_force: Rule,
}

fn row(r: Retention) -> Only<Row> {
    Only {
        result: Row {
            output_days: r.own.output_days,
            tests_days: r.own.tests_days,
            in_force: r.in_force,
        },
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    #[serde(default, deserialize_with = "nullable")]
    output_days: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    tests_days: Option<Option<Whole>>,
}

async fn get(cx: &Cx, level: Level) -> Outcome {
    cx.params.check()?;
    Reply::ok(&row(retention::get(&cx.app, &cx.actor, level).await?))
}

async fn update(cx: &Cx, level: Level) -> Outcome {
    let body: ChangeIn = cx.json()?;
    let days = |days: Option<Option<Whole>>| days.map(|days| days.map(|n| n.0));
    let change = Change {
        output_days: days(body.output_days),
        tests_days: days(body.tests_days),
    };
    Reply::ok(&row(retention::update(&cx.app, &cx.actor, level, change).await?))
}

/// The rule of the instance.
pub(crate) async fn get_of_instance(cx: Cx) -> Outcome {
    get(&cx, Level::Instance).await
}

/// Changes the rule of the instance.
pub(crate) async fn update_of_instance(cx: Cx) -> Outcome {
    update(&cx, Level::Instance).await
}

/// The rule of a project.
pub(crate) async fn get_of_project(cx: Cx) -> Outcome {
    get(&cx, Level::Project(cx.project()?)).await
}

/// Changes the rule of a project.
pub(crate) async fn update_of_project(cx: Cx) -> Outcome {
    update(&cx, Level::Project(cx.project()?)).await
}

/// The rule of a source.
pub(crate) async fn get_of_source(cx: Cx) -> Outcome {
    get(&cx, Level::Source(cx.source()?)).await
}

/// Changes the rule of a source.
pub(crate) async fn update_of_source(cx: Cx) -> Outcome {
    update(&cx, Level::Source(cx.source()?)).await
}

#[derive(Serialize)]
struct GoneRow {
    source_id: i64,
    source: String,
    runs: i64,
    tests: i64,
    files: i64,
    bytes: i64,
}

impl From<Gone> for GoneRow {
    fn from(gone: Gone) -> GoneRow {
        GoneRow {
            source_id: gone.source.0,
            source: gone.name,
            runs: gone.runs,
            tests: gone.tests,
            files: gone.files,
            bytes: gone.bytes,
        }
    }
}

/// What would go from a project now.
pub(crate) async fn preview(cx: Cx) -> Outcome {
    let days = |name: &str| cx.params.id(name).map(Some);
    let change = Change {
        output_days: days("output_days"),
        tests_days: days("tests_days"),
    };
    cx.params.check()?;
    let gone = retention::preview(&cx.app, &cx.actor, cx.project()?, change).await?;
    Reply::ok(&Only {
        result: gone.into_iter().map(GoneRow::from).collect::<Vec<_>>(),
    })
}

#[derive(Serialize)]
struct KeptRow {
    is_pinned: bool,
    has_open_milestone: bool,
    is_among_newest: bool,
    removed: &'static str,
    removed_at: Option<Timestamp>,
    in_force: Rule,
}

fn kept(k: Kept) -> Only<KeptRow> {
    Only {
        result: KeptRow {
            is_pinned: k.is_pinned,
            has_open_milestone: k.stays.has_open_milestone,
            is_among_newest: k.stays.is_among_newest,
            removed: k.removal.name(),
            removed_at: k.stays.removed_at,
            in_force: k.rule,
        },
    }
}

/// What is kept of a run, and why.
pub(crate) async fn of_run(cx: Cx) -> Outcome {
    cx.params.check()?;
    Reply::ok(&kept(retention::of_run(&cx.app, &cx.actor, cx.run()?).await?))
}

#[derive(Deserialize)]
struct PinIn {
    is_pinned: Option<bool>,
}

/// Pins a run or lets it go.
pub(crate) async fn pin(cx: Cx) -> Outcome {
    let body: PinIn = cx.json()?;
    let is_pinned = body.is_pinned.ok_or_else(|| {
        let text = "The is pinned field is required: true or false.".to_owned();
        Error::Invalid(vec![FieldError::new("is_pinned".to_owned(), text)])
    })?;
    Reply::ok(&kept(
        retention::pin(&cx.app, &cx.actor, cx.run()?, is_pinned).await?,
    ))
}
