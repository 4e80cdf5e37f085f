//! Templates of cases and sessions: which fields they have, and in what order.

use super::{built_in, is_built_in, is_default, refuse_no_default, refuse_partial_order, the, unique};
use crate::changes::{Noted, refuse_stale, refuse_unknown, refuse_used};
use crate::clean::Clean;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::{Entity, FieldId, ProjectId, TemplateId, Timestamp, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::Tx;
use store::template::write::{self, Definition};
use store::user::write::Kind;

/// Most templates of an entity.
const MOST: usize = 100;
/// Most fields of a template.
const FIELDS_MAX: usize = 100;
/// What has templates.
pub const ENTITIES: [Entity; 2] = [Entity::Case, Entity::Session];

/// What changes in a template; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// What is made has it; true takes that from the template that had it.
    pub is_default: Option<bool>,
    /// False archives it.
    pub is_active: Option<bool>,
    /// In every project.
    pub include_all: Option<bool>,
    /// All its fields in their order.
    pub fields: Option<Vec<FieldId>>,
    /// All the projects that have it when not all do.
    pub projects: Option<Vec<ProjectId>>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

/// The templates of one entity, or of all, in their order, archived ones too.
pub async fn all(app: &App, actor: &Actor, entity: Option<Entity>) -> Result<Vec<Definition>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        of(tx, entity)
    })
    .await
}

/// One template.
pub async fn get(app: &App, actor: &Actor, id: TemplateId) -> Result<Definition> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        find(tx, id)
    })
    .await
}

fn of(tx: &mut Tx<'_>, entity: Option<Entity>) -> Result<Vec<Definition>> {
    let mut all = write::all(tx)?;
    all.retain(|t| entity.is_none_or(|e| e == t.entity));
    Ok(all)
}

fn find(tx: &mut Tx<'_>, id: TemplateId) -> Result<Definition> {
    the(write::all(tx)?, |t| t.id == id)
}

/// Makes a template, the last one of its entity.
pub async fn create(
    app: &App,
    actor: &Actor,
    entity: Entity,
    new: Change,
    claim: Option<Claim>,
    render: fn(&Definition) -> (u16, String),
) -> Result<Answer<Definition>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        ..new
    })?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        if of(tx, Some(entity))?.len() >= MOST {
            let text = format!("There are {MOST} templates already. Delete one first.");
            return Err(Error::Conflict("too_many", text));
        }
        let blank = Definition {
            id: TemplateId(0),
            entity,
            name: String::new(),
            is_default: false,
            is_active: true,
            include_all: true,
            fields: Vec::new(),
            projects: Vec::new(),
            display_order: 0,
            version: 1,
        };
        let wanted = changed(&new, &blank);
        check(tx, &wanted, new.is_default == Some(true))?;
        let id = unique("name", "template", write::insert(tx, &wanted))?;
        write::update(tx, &Definition { id, ..wanted })?;
        let made = find(tx, id)?;
        if new.is_default == Some(true) {
            write::set_default(tx, &made)?;
        }
        let made = find(tx, id)?;
        note(
            tx,
            &actor,
            "template.created",
            &made,
            (Value::Null, told(&made)),
            now,
        )?;
        Ok(made)
    })
    .await
}

/// Changes a template. What was made with it keeps the values of fields that leave it.
pub async fn update(app: &App, actor: &Actor, id: TemplateId, change: Change) -> Result<Definition> {
    let change = clean(change)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = find(tx, id)?;
        refuse_stale(&format!("Template {id}"), change.version, old.version)?;
        refuse_no_default(old.is_default, change.is_default)?;
        let wanted = changed(&change, &old);
        let becomes_default = change.is_default == Some(true) && !old.is_default;
        if wanted == old && !becomes_default {
            return Ok(old);
        }
        check(tx, &wanted, old.is_default || becomes_default)?;
        unique("name", "template", write::update(tx, &wanted))?;
        if becomes_default {
            write::set_default(tx, &old)?;
        }
        let new = find(tx, id)?;
        note(
            tx,
            &actor,
            "template.updated",
            &new,
            (told(&old), told(&new)),
            now,
        )?;
        Ok(new)
    })
    .await
}

/// Puts all templates of an entity into this order.
pub async fn order(app: &App, actor: &Actor, entity: Entity, ids: Vec<i64>) -> Result<Vec<Definition>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let had: Vec<i64> = of(tx, Some(entity))?.iter().map(|t| t.id.0).collect();
        refuse_partial_order(&ids, had.iter().copied())?;
        write::order(tx, &ids)?;
        let noted = Noted {
            action: "templates.ordered",
            kind: "template",
            id: 0,
            name: entity.name(),
            project: None,
            before: json!(had),
            after: json!(ids),
        };
        actor.note(tx, &noted, now)?;
        of(tx, Some(entity))
    })
    .await
}

/// Deletes a template that nothing has. [`Error::Conflict`] says how many have it.
pub async fn delete(app: &App, actor: &Actor, id: TemplateId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = find(tx, id)?;
        let what = format!("The template {}", old.name);
        if is_built_in(id.0) {
            return Err(built_in(&what, "Archive it instead."));
        }
        if old.is_default {
            return Err(is_default(&what));
        }
        let by = if old.entity == Entity::Case {
            "cases"
        } else {
            "sessions"
        };
        let uses = write::uses(tx, &old)?;
        refuse_used(
            &what,
            &[(uses, by)],
            "Give them another template, or archive this one.",
        )?;
        write::delete(tx, id)?;
        note(
            tx,
            &actor,
            "template.deleted",
            &old,
            (told(&old), Value::Null),
            now,
        )
    })
    .await
}

fn clean(change: Change) -> Result<Change> {
    let flags = [change.is_default, change.is_active, change.include_all];
    if change.name.is_none()
        && change.fields.is_none()
        && change.projects.is_none()
        && flags.iter().all(Option::is_none)
    {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change.name.map(|name| clean.name("name", &name, text::NAME_MAX));
    if let Some(fields) = &change.fields {
        clean.at_most("fields", fields.len(), FIELDS_MAX);
        let once: BTreeSet<&FieldId> = fields.iter().collect();
        if once.len() < fields.len() {
            clean.refuse("fields", "The fields name one field twice. Name it once.");
        }
    }
    clean.finish()?;
    let projects = change.projects.map(|mut projects| {
        projects.sort_unstable();
        projects.dedup();
        projects
    });
    Ok(Change {
        name,
        projects,
        ..change
    })
}

fn changed(change: &Change, old: &Definition) -> Definition {
    let c = change.clone();
    Definition {
        name: c.name.unwrap_or_else(|| old.name.clone()),
        is_active: c.is_active.unwrap_or(old.is_active),
        include_all: c.include_all.unwrap_or(old.include_all),
        fields: c.fields.unwrap_or_else(|| old.fields.clone()),
        projects: c.projects.unwrap_or_else(|| old.projects.clone()),
        ..old.clone()
    }
}

/// What a template must be; the default one is there for everybody.
fn check(tx: &mut Tx<'_>, t: &Definition, is_to_be_default: bool) -> Result<()> {
    let projects: Vec<i64> = t.projects.iter().map(|p| p.0).collect();
    refuse_unknown(tx, "projects", Kind::Projects, &projects)?;
    let fields = store::field::write::all(tx)?;
    let of_entity = |id: &FieldId| {
        fields
            .iter()
            .any(|d| d.field.id == *id && d.field.entity == t.entity)
    };
    if let Some(id) = t.fields.iter().find(|id| !of_entity(id)) {
        let known = fields.iter().filter(|d| d.field.entity == t.entity);
        let known: Vec<String> = known
            .map(|d| format!("{} {}", d.field.id, d.field.name))
            .collect();
        let text = format!(
            "There is no field {id} of this entity. The fields are: {}.",
            known.join(", ")
        );
        return Err(Error::field("fields", text));
    }
    if is_to_be_default && !(t.is_active && t.include_all) {
        return Err(is_default(&format!("The template {} of every project", t.name)));
    }
    Ok(())
}

fn told(t: &Definition) -> Value {
    json!({"entity": t.entity, "name": t.name, "is_default": t.is_default, "is_active": t.is_active,
        "include_all": t.include_all, "fields": t.fields, "projects": t.projects})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    template: &Definition,
    (before, after): (Value, Value),
    now: Timestamp,
) -> Result<()> {
    let noted = Noted {
        action,
        kind: "template",
        id: template.id.0,
        name: &template.name,
        project: None,
        before,
        after,
    };
    actor.note(tx, &noted, now)
}
