//! What sessions refer to, each once.

use crate::context::Cx;
use crate::envelope::Named;
use crate::issues::{IssueRow, expanded};
use app::Error;
use app::automation::{self, Needs};
use app::sessions::{self, Looks};
use model::status::Status;
use model::{FieldType, ProjectId};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use store::exploratory::Session;

pub(super) const EXPANDS: &[&str] = &[
    "configs",
    "field_values",
    "issues",
    "milestones",
    "states",
    "statuses",
    "templates",
    "users",
];

/// The `expands` of an answer; those that nobody asked for are left out.
#[derive(Serialize)]
pub(super) struct Expands<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    configs: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field_values: Option<Vec<FieldValue<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issues: Option<Vec<IssueRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    milestones: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    states: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statuses: Option<&'a [Status]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    templates: Option<Vec<Choice>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Named>>,
}

/// A state or a template.
#[derive(Serialize)]
struct Choice {
    id: i64,
    name: String,
    is_default: bool,
}

/// An option of a custom field. Options have no icons.
#[derive(Serialize)]
struct FieldValue<'a> {
    id: i64,
    name: &'a str,
    icon: Option<&'a str>,
    color: Option<&'a str>,
}

/// What the rows refer to, as far as the request wants it.
pub(super) async fn find<'a>(
    cx: &Cx,
    project: ProjectId,
    rows: &'a [Session],
    looks: &'a Looks,
) -> Result<Expands<'a>, Error> {
    let wanted = cx.params.expands(EXPANDS);
    let mut needs = Needs::default();
    if wanted.has("users") {
        let users = rows
            .iter()
            .flat_map(|s| [s.values.assignee_id, s.created_by, s.updated_by, s.closed_by]);
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
        let states = sessions::states(&cx.app, &cx.actor, project).await?;
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
        field_values: wanted.has("field_values").then(|| field_values(rows, looks)),
        issues: wanted
            .has("issues")
            .then(|| expanded(rows.iter().flat_map(|s| &s.links.issues))),
        milestones: wanted
            .has("milestones")
            .then(|| named(names.milestones, |id| id.0)),
        states,
        statuses: wanted.has("statuses").then_some(looks.statuses.0.as_slice()),
        templates: wanted.has("templates").then(|| templates(rows, looks)),
        users: wanted.has("users").then(|| named(names.users, |id| id.0)),
    })
}

fn named<T>(names: Vec<(T, String)>, number: impl Fn(T) -> i64) -> Vec<Named> {
    let each = names.into_iter();
    each.map(|(id, name)| Named { id: number(id), name }).collect()
}

fn templates(rows: &[Session], looks: &Looks) -> Vec<Choice> {
    let used = looks
        .schema
        .templates
        .iter()
        .filter(|template| rows.iter().any(|s| s.values.template_id == template.id));
    used.map(|t| Choice {
        id: t.id.0,
        name: t.name.clone(),
        is_default: t.is_default,
    })
    .collect()
}

/// The options that custom fields of the rows have as their values.
fn field_values<'a>(rows: &[Session], looks: &'a Looks) -> Vec<FieldValue<'a>> {
    let mut values: Vec<FieldValue<'a>> = Vec::new();
    for field in looks.schema.fields.iter().filter(|f| f.kind.has_options()) {
        let chosen: BTreeSet<i64> = rows
            .iter()
            .filter_map(|s| s.values.custom.get(&field.system_name))
            .flat_map(|value| match (field.kind, value) {
                (FieldType::MultiSelect, Value::Array(ids)) => ids.iter().filter_map(Value::as_i64).collect(),
                (_, id) => id.as_i64().into_iter().collect::<Vec<_>>(),
            })
            .collect();
        let options = field.options.iter().filter(|o| chosen.contains(&o.id.0));
        values.extend(options.map(|o| FieldValue {
            id: o.id.0,
            name: &o.value,
            icon: None,
            color: o.color.as_deref(),
        }));
    }
    values.sort_by_key(|value| value.id);
    values
}
