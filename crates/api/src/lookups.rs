//! What cases, runs and sessions of a project may refer to (contract §9): whole lists, not paged, as clients keep them.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Named, Only};
use app::lookups;
use model::{Entity, FieldType};
use serde::Serialize;
use store::field::{Field, FieldOption};

fn named(list: Vec<(i64, String)>) -> Outcome {
    let result: Vec<Named> = list.into_iter().map(|(id, name)| Named { id, name }).collect();
    Reply::ok(&Only { result })
}

/// Configurations.
pub(crate) async fn configs(cx: Cx) -> Outcome {
    named(lookups::configs(&cx.app, &cx.actor, cx.project()?).await?)
}

/// Tags.
pub(crate) async fn tags(cx: Cx) -> Outcome {
    named(lookups::tags(&cx.app, &cx.actor, cx.project()?).await?)
}

/// Repositories: a project has one, and they share number and name.
pub(crate) async fn repos(cx: Cx) -> Outcome {
    let project = app::projects::get(&cx.app, &cx.actor, cx.project()?).await?;
    named(vec![(project.id.0, project.name)])
}

/// Result statuses.
pub(crate) async fn statuses(cx: Cx) -> Outcome {
    let statuses = lookups::statuses(&cx.app, &cx.actor, cx.project()?).await?;
    Reply::ok(&Only { result: statuses.0 })
}

#[derive(Serialize)]
struct StateRow {
    id: i64,
    name: String,
    is_default: bool,
    entity: Entity,
}

/// Workflow states.
pub(crate) async fn states(cx: Cx) -> Outcome {
    let entity = cx.params.entity(&[Entity::Case, Entity::Run, Entity::Session]);
    cx.params.check()?;
    let states = lookups::states(&cx.app, &cx.actor, cx.project()?, entity).await?;
    let rows = states.into_iter().map(|s| StateRow {
        id: s.id.0,
        name: s.name,
        is_default: s.is_default,
        entity: s.entity,
    });
    Reply::ok(&Only {
        result: rows.collect::<Vec<_>>(),
    })
}

#[derive(Serialize)]
struct OptionRow {
    id: i64,
    value: String,
    name: String,
    color: Option<String>,
}

/// Clients read the text of an option as `value` or as `name`.
fn option(o: FieldOption) -> OptionRow {
    OptionRow {
        id: o.id.0,
        name: o.value.clone(),
        value: o.value,
        color: o.color,
    }
}

#[derive(Serialize)]
struct FieldRow {
    id: i64,
    entity: Entity,
    #[serde(rename = "type")]
    kind: FieldType,
    name: String,
    column_name: String,
    system_name: String,
    note: Option<String>,
    is_active: bool,
    is_compact: bool,
    is_multi: bool,
    is_required: bool,
    is_restricted: bool,
    include_all: bool,
    display_order: i64,
    options: Vec<OptionRow>,
}

/// Custom fields.
pub(crate) async fn fields(cx: Cx) -> Outcome {
    let entity = cx
        .params
        .entity(&[Entity::Case, Entity::Session, Entity::RunResult]);
    cx.params.check()?;
    let fields = lookups::fields(&cx.app, &cx.actor, cx.project()?, entity).await?;
    let rows = fields.into_iter().map(|f| FieldRow {
        id: f.id.0,
        entity: f.entity,
        kind: f.kind,
        column_name: format!("custom_{}", f.system_name),
        name: f.name,
        system_name: f.system_name,
        note: f.note,
        is_active: f.is_active,
        is_compact: f.is_compact,
        is_multi: f.kind == FieldType::MultiSelect,
        is_required: f.is_required,
        is_restricted: f.is_restricted,
        include_all: f.include_all,
        display_order: f.display_order,
        options: f.options.into_iter().map(option).collect(),
    });
    Reply::ok(&Only {
        result: rows.collect::<Vec<_>>(),
    })
}

#[derive(Serialize)]
struct TemplateRow {
    id: i64,
    name: String,
    is_default: bool,
    fields: Vec<TemplateField>,
}

#[derive(Serialize)]
struct TemplateField {
    id: i64,
    name: String,
    system_name: String,
    #[serde(rename = "type")]
    kind: FieldType,
    is_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Vec<OptionRow>>,
}

fn template_field(f: &Field) -> TemplateField {
    TemplateField {
        id: f.id.0,
        name: f.name.clone(),
        system_name: f.system_name.clone(),
        kind: f.kind,
        is_required: f.is_required,
        options: f
            .kind
            .has_options()
            .then(|| f.options.iter().cloned().map(option).collect()),
    }
}

/// Templates of cases, or of another entity.
pub(crate) async fn templates(cx: Cx) -> Outcome {
    let entity = cx.params.entity(&[Entity::Case, Entity::Session]);
    cx.params.check()?;
    let entity = entity.unwrap_or(Entity::Case);
    let (templates, fields) = lookups::templates(&cx.app, &cx.actor, cx.project()?, entity).await?;
    let rows = templates.into_iter().map(|t| TemplateRow {
        id: t.id.0,
        name: t.name,
        is_default: t.is_default,
        fields: t
            .fields
            .iter()
            .filter_map(|id| fields.iter().find(|f| f.id == *id && f.is_active))
            .map(template_field)
            .collect(),
    });
    Reply::ok(&Only {
        result: rows.collect::<Vec<_>>(),
    })
}
