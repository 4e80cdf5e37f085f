//! Custom fields with their options, and what projects do otherwise.

use super::OrderIn;
use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use crate::wire::{Object, Whole, nullable};
use app::Error;
use app::definitions::fields::{self, Change, ENTITIES, Fixed};
use app::definitions::is_built_in;
use model::{Entity, FieldId, FieldType, OptionId, ProjectId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::field::write::{Choice, Definition, InProject};

#[derive(Serialize)]
struct Row {
    id: FieldId,
    entity: Entity,
    #[serde(rename = "type")]
    kind: FieldType,
    name: String,
    system_name: String,
    note: Option<String>,
    is_active: bool,
    is_built_in: bool,
    is_compact: bool,
    include_all: bool,
    is_required: bool,
    is_restricted: bool,
    default_value: Option<Value>,
    options: Vec<OptionRow>,
    projects: Vec<ProjectRow>,
    display_order: i64,
    version: i64,
}

#[derive(Serialize)]
struct OptionRow {
    id: OptionId,
    value: String,
    color: Option<String>,
    is_active: bool,
    project_id: Option<ProjectId>,
}

#[derive(Serialize)]
struct ProjectRow {
    project_id: ProjectId,
    is_required: bool,
    is_restricted: bool,
    default_value: Option<Value>,
}

fn json_of(text: Option<&String>) -> Option<Value> {
    text.and_then(|t| serde_json::from_str(t).ok())
}

impl From<&Definition> for Row {
    fn from(d: &Definition) -> Row {
        let f = d.field.clone();
        let options = d.options.iter().map(|o| OptionRow {
            id: o.id,
            value: o.value.clone(),
            color: o.color.clone(),
            is_active: o.is_active,
            project_id: o.project_id,
        });
        let projects = d.projects.iter().map(|p| ProjectRow {
            project_id: p.project_id,
            is_required: p.is_required,
            is_restricted: p.is_restricted,
            default_value: json_of(p.default_value.as_ref()),
        });
        Row {
            id: f.id,
            entity: f.entity,
            kind: f.kind,
            name: f.name,
            system_name: f.system_name,
            note: f.note,
            is_active: f.is_active,
            is_built_in: is_built_in(f.id.0),
            is_compact: f.is_compact,
            include_all: f.include_all,
            is_required: f.is_required,
            is_restricted: f.is_restricted,
            default_value: json_of(f.default_value.as_ref()),
            options: options.collect(),
            projects: projects.collect(),
            display_order: f.display_order,
            version: d.version,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    entity: Option<String>,
    #[serde(rename = "type")]
    kind: Option<Whole>,
    system_name: Option<String>,
    name: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    note: Option<Option<String>>,
    is_active: Option<bool>,
    is_compact: Option<bool>,
    include_all: Option<bool>,
    is_required: Option<bool>,
    is_restricted: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    default_value: Option<Option<Value>>,
    options: Option<Vec<Object<OptionIn>>>,
    projects: Option<Vec<Object<ProjectIn>>>,
    version: Option<Whole>,
}

#[derive(Deserialize)]
struct OptionIn {
    id: Option<Whole>,
    #[serde(default)]
    value: String,
    color: Option<String>,
    is_active: Option<bool>,
    project_id: Option<Whole>,
}

#[derive(Deserialize)]
struct ProjectIn {
    project_id: Whole,
    is_required: Option<bool>,
    is_restricted: Option<bool>,
    default_value: Option<Value>,
}

impl From<OptionIn> for Choice {
    fn from(o: OptionIn) -> Choice {
        Choice {
            id: OptionId(o.id.map_or(0, |id| id.0)),
            value: o.value,
            color: o.color,
            is_active: o.is_active.unwrap_or(true),
            project_id: o.project_id.map(|id| ProjectId(id.0)),
        }
    }
}

impl From<ProjectIn> for InProject {
    fn from(p: ProjectIn) -> InProject {
        let default = p.default_value.filter(|v| !v.is_null());
        InProject {
            project_id: ProjectId(p.project_id.0),
            is_required: p.is_required == Some(true),
            is_restricted: p.is_restricted == Some(true),
            default_value: default.map(|v| v.to_string()),
        }
    }
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        Change {
            name: c.name,
            note: c.note,
            is_active: c.is_active,
            is_compact: c.is_compact,
            include_all: c.include_all,
            is_required: c.is_required,
            is_restricted: c.is_restricted,
            default_value: c.default_value,
            options: c.options.map(|all| all.into_iter().map(|o| o.0.into()).collect()),
            projects: c
                .projects
                .map(|all| all.into_iter().map(|p| p.0.into()).collect()),
            version: c.version.map(|v| v.0),
        }
    }
}

fn created(made: &Definition) -> (u16, String) {
    super::created(Row::from(made))
}

fn rows(all: &[Definition]) -> Outcome {
    Reply::ok(&Only {
        result: all.iter().map(Row::from).collect::<Vec<_>>(),
    })
}

fn id(cx: &Cx) -> Result<FieldId, Error> {
    cx.number("field_id").map(FieldId)
}

/// All fields, or those of an entity.
pub(crate) async fn all(cx: Cx) -> Outcome {
    let entity = cx.params.entity(&ENTITIES);
    cx.params.check()?;
    rows(&fields::all(&cx.app, &cx.actor, entity).await?)
}

/// One field.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let found = fields::get(&cx.app, &cx.actor, id(&cx)?).await?;
    Reply::ok(&Only {
        result: Row::from(&found),
    })
}

/// Makes a field.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let body: ChangeIn = cx.json()?;
    let kind = body.kind.and_then(|n| FieldType::from_number(n.0));
    let fixed = Fixed {
        entity: super::entity(body.entity.as_deref(), &ENTITIES)?,
        kind: kind.ok_or_else(|| {
            let text = "Give a type: 1 string, 2 text, 3 integer, 4 float, 5 checkbox, 6 date, 7 link, 8 dropdown, \
                        9 multi-select, 10 steps.";
            Error::field("type", text)
        })?,
        system_name: body.system_name.clone(),
    };
    let claim = cx.claim()?;
    Reply::once(
        fields::create(&cx.app, &cx.actor, fixed, body.into(), claim, created).await?,
        created,
    )
}

/// Changes a field.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = Change::from(cx.json::<ChangeIn>()?);
    let new = fields::update(&cx.app, &cx.actor, id(&cx)?, change).await?;
    Reply::ok(&Only {
        result: Row::from(&new),
    })
}

/// Puts the fields of an entity into an order.
pub(crate) async fn order(cx: Cx) -> Outcome {
    let body: OrderIn = cx.json()?;
    let entity = super::entity(body.entity.as_deref(), &ENTITIES)?;
    rows(&fields::order(&cx.app, &cx.actor, entity, body.ids).await?)
}

/// Deletes a field.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    fields::delete(&cx.app, &cx.actor, id(&cx)?).await?;
    Ok(Reply::Empty)
}
