//! Shared steps of a project: our own addition.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use crate::wire::Whole;
use app::shared_steps::{self, Change};
use model::{ProjectId, SharedStepsId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::shared_steps::SharedSteps;

#[derive(Serialize)]
struct Row<'a> {
    id: SharedStepsId,
    project_id: ProjectId,
    name: &'a str,
    steps: &'a [Value],
    case_count: i64,
    version: i64,
    created_at: Timestamp,
    created_by: Option<UserId>,
    updated_at: Option<Timestamp>,
    updated_by: Option<UserId>,
}

impl<'a> From<&'a SharedSteps> for Row<'a> {
    fn from(s: &'a SharedSteps) -> Row<'a> {
        Row {
            id: s.id,
            project_id: s.project_id,
            name: &s.name,
            steps: &s.steps,
            case_count: s.cases,
            version: s.version,
            created_at: s.created_at,
            created_by: s.created_by,
            updated_at: s.updated_at,
            updated_by: s.updated_by,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    name: Option<String>,
    steps: Option<Value>,
    version: Option<Whole>,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        Change {
            name: c.name,
            steps: c.steps,
            version: c.version.map(|v| v.0),
        }
    }
}

fn one(found: &SharedSteps) -> Outcome {
    Reply::ok(&Only {
        result: Row::from(found),
    })
}

/// Those of a project.
pub(crate) async fn all(cx: Cx) -> Outcome {
    let all = shared_steps::all(&cx.app, &cx.actor, cx.project()?).await?;
    Reply::ok(&Only {
        result: all.iter().map(Row::from).collect::<Vec<_>>(),
    })
}

/// One of them.
pub(crate) async fn get(cx: Cx) -> Outcome {
    one(&shared_steps::get(&cx.app, &cx.actor, cx.shared_steps()?).await?)
}

fn created(made: &SharedSteps) -> (u16, String) {
    let row = Only {
        result: Row::from(made),
    };
    (201, serde_json::to_string(&row).unwrap_or_default())
}

/// Makes shared steps.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let new = Change::from(cx.json::<ChangeIn>()?);
    let claim = cx.claim()?;
    let made = shared_steps::create(&cx.app, &cx.actor, cx.project()?, new, claim, created).await?;
    Reply::once(made, created)
}

/// Changes shared steps, and all cases that have them.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = Change::from(cx.json::<ChangeIn>()?);
    one(&shared_steps::update(&cx.app, &cx.actor, cx.shared_steps()?, change).await?)
}

/// Deletes shared steps. Cases keep them as their own.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    shared_steps::delete(&cx.app, &cx.actor, cx.shared_steps()?).await?;
    Ok(Reply::Empty)
}
