//! Templates of cases and sessions.

use super::OrderIn;
use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use crate::wire::Whole;
use app::definitions::is_built_in;
use app::definitions::templates::{self, Change, ENTITIES};
use model::{Entity, FieldId, ProjectId, TemplateId};
use serde::{Deserialize, Serialize};
use store::template::write::Definition;

#[derive(Serialize)]
struct Row {
    id: TemplateId,
    entity: Entity,
    name: String,
    is_default: bool,
    is_active: bool,
    is_built_in: bool,
    include_all: bool,
    fields: Vec<FieldId>,
    projects: Vec<ProjectId>,
    display_order: i64,
    version: i64,
}

impl From<&Definition> for Row {
    fn from(t: &Definition) -> Row {
        Row {
            id: t.id,
            entity: t.entity,
            name: t.name.clone(),
            is_default: t.is_default,
            is_active: t.is_active,
            is_built_in: is_built_in(t.id.0),
            include_all: t.include_all,
            fields: t.fields.clone(),
            projects: t.projects.clone(),
            display_order: t.display_order,
            version: t.version,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    entity: Option<String>,
    name: Option<String>,
    is_default: Option<bool>,
    is_active: Option<bool>,
    include_all: Option<bool>,
    fields: Option<Vec<Whole>>,
    projects: Option<Vec<Whole>>,
    version: Option<Whole>,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        Change {
            name: c.name,
            is_default: c.is_default,
            is_active: c.is_active,
            include_all: c.include_all,
            fields: c.fields.map(|all| all.iter().map(|id| FieldId(id.0)).collect()),
            projects: c
                .projects
                .map(|all| all.iter().map(|id| ProjectId(id.0)).collect()),
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

fn id(cx: &Cx) -> Result<TemplateId, app::Error> {
    cx.number("template_id").map(TemplateId)
}

/// All templates, or those of an entity.
pub(crate) async fn all(cx: Cx) -> Outcome {
    let entity = cx.params.entity(&ENTITIES);
    cx.params.check()?;
    rows(&templates::all(&cx.app, &cx.actor, entity).await?)
}

/// One template.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let found = templates::get(&cx.app, &cx.actor, id(&cx)?).await?;
    Reply::ok(&Only {
        result: Row::from(&found),
    })
}

/// Makes a template.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let body: ChangeIn = cx.json()?;
    let entity = super::entity(body.entity.as_deref(), &ENTITIES)?;
    let claim = cx.claim()?;
    Reply::once(
        templates::create(&cx.app, &cx.actor, entity, body.into(), claim, created).await?,
        created,
    )
}

/// Changes a template.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = Change::from(cx.json::<ChangeIn>()?);
    let new = templates::update(&cx.app, &cx.actor, id(&cx)?, change).await?;
    Reply::ok(&Only {
        result: Row::from(&new),
    })
}

/// Puts the templates of an entity into an order.
pub(crate) async fn order(cx: Cx) -> Outcome {
    let body: OrderIn = cx.json()?;
    let entity = super::entity(body.entity.as_deref(), &ENTITIES)?;
    rows(&templates::order(&cx.app, &cx.actor, entity, body.ids).await?)
}

/// Deletes a template.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    templates::delete(&cx.app, &cx.actor, id(&cx)?).await?;
    Ok(Reply::Empty)
}
