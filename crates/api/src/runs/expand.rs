//! What runs refer to, each once.

use crate::context::Cx;
use crate::envelope::Named;
use crate::issues::{IssueRow, expanded};
use app::Error;
use app::automation::{self, Needs};
use app::runs::{self, Looks};
use model::ProjectId;
use model::status::Status;
use serde::Serialize;
use store::run::Run;

pub(super) const EXPANDS: &[&str] = &["configs", "issues", "milestones", "states", "statuses", "users"];

/// The `expands` of an answer; those that nobody asked for are left out.
#[derive(Serialize)]
pub(super) struct Expands<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    configs: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issues: Option<Vec<IssueRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestones: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    states: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<&'a [Status]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Named>>,
}

/// A state.
#[derive(Serialize)]
struct Choice {
    id: i64,
    name: String,
    is_default: bool,
}

/// What the rows refer to, as far as the request wants it.
pub(super) async fn find<'a>(
    cx: &Cx,
    project: ProjectId,
    rows: &'a [Run],
    looks: &'a Looks,
) -> Result<Expands<'a>, Error> {
    let wanted = cx.params.expands(EXPANDS);
    let mut needs = Needs::default();
    if wanted.has("users") {
        let users = rows
            .iter()
            .flat_map(|s| [s.created_by, s.updated_by, s.closed_by]);
        needs.users = users.flatten().collect();
    }
    if wanted.has("configs") {
        needs.configs = rows.iter().filter_map(|s| s.values.config_id).collect();
    }
    if wanted.has("milestones") {
        needs.milestones = rows.iter().filter_map(|s| s.values.milestone_id).collect();
    }
    let names = automation::names(&cx.app, &cx.actor, &needs).await?;
    let states = if wanted.has("states") {
        let states = runs::states(&cx.app, &cx.actor, project).await?;
        let used = states
            .into_iter()
            .filter(|state| rows.iter().any(|s| s.values.state_id == state.id));
        Some(
            used.map(|s| Choice {
                id: s.id.0,
                name: s.name,
                is_default: s.is_default,
            })
            .collect(),
        )
    } else {
        None
    };
    Ok(Expands {
        configs: wanted.has("configs").then(|| named(names.configs, |id| id.0)),
        issues: wanted
            .has("issues")
            .then(|| expanded(rows.iter().flat_map(|s| &s.links.issues))),
        milestones: wanted
            .has("milestones")
            .then(|| named(names.milestones, |id| id.0)),
        states,
        statuses: wanted.has("statuses").then_some(looks.statuses.0.as_slice()),
        users: wanted.has("users").then(|| named(names.users, |id| id.0)),
    })
}

pub(super) fn named<T>(names: Vec<(T, String)>, number: impl Fn(T) -> i64) -> Vec<Named> {
    let each = names.into_iter();
    each.map(|(id, name)| Named { id: number(id), name }).collect()
}
