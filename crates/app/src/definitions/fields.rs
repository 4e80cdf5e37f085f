//! Custom fields of cases, sessions and results, of ten types.

use super::{built_in, color, is_built_in, refuse_partial_order, system_name, the, unique};
use crate::changes::{Noted, refuse_stale, refuse_unknown, refuse_used};
use crate::clean::Clean;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result, custom};
use model::{Entity, FieldId, FieldType, OptionId, ProjectId, Timestamp, text};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::Tx;
use store::field::write::{self, Choice, Definition, InProject};
use store::field::{Field, FieldOption};
use store::user::write::Kind;

/// Most fields of an entity.
const MOST: usize = 100;
/// Most options of a field.
const OPTIONS_MAX: usize = 500;
/// Most characters of a note.
const NOTE_MAX: usize = 1000;
/// What has fields.
pub const ENTITIES: [Entity; 3] = [Entity::Case, Entity::Session, Entity::RunResult];

/// What a new field is for good.
#[derive(Debug, Clone)]
pub struct Fixed {
    /// What has it.
    pub entity: Entity,
    /// Its type; [`FieldType::Steps`] for cases only.
    pub kind: FieldType,
    /// As programs see it; from the name unless given.
    pub system_name: Option<String>,
}

/// What changes in a field; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// As people see it.
    pub name: Option<String>,
    /// What belongs into it; `Some(None)` removes it.
    pub note: Option<Option<String>>,
    /// False archives it.
    pub is_active: Option<bool>,
    /// Takes little room in forms.
    pub is_compact: Option<bool>,
    /// In every project.
    pub include_all: Option<bool>,
    /// Must have a value.
    pub is_required: Option<bool>,
    /// Only for those with the right to restricted fields.
    pub is_restricted: Option<bool>,
    /// The value that it has unless another is given; `Some(None)` for none.
    pub default_value: Option<Option<Value>>,
    /// All its options in their order; those without an id are made, those that are missing are deleted.
    pub options: Option<Vec<Choice>>,
    /// All that projects do otherwise, default values as JSON.
    pub projects: Option<Vec<InProject>>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

/// The fields of one entity, or of all, in their order, archived ones too.
pub async fn all(app: &App, actor: &Actor, entity: Option<Entity>) -> Result<Vec<Definition>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        of(tx, entity)
    })
    .await
}

/// One field.
pub async fn get(app: &App, actor: &Actor, id: FieldId) -> Result<Definition> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        find(tx, id)
    })
    .await
}

fn of(tx: &mut Tx<'_>, entity: Option<Entity>) -> Result<Vec<Definition>> {
    let mut all = write::all(tx)?;
    all.retain(|d| entity.is_none_or(|e| e == d.field.entity));
    Ok(all)
}

fn find(tx: &mut Tx<'_>, id: FieldId) -> Result<Definition> {
    the(write::all(tx)?, |d| d.field.id == id)
}

/// Makes a field, the last one of its entity. Templates show it once they name it.
pub async fn create(
    app: &App,
    actor: &Actor,
    fixed: Fixed,
    new: Change,
    claim: Option<Claim>,
    render: fn(&Definition) -> (u16, String),
) -> Result<Answer<Definition>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        ..new
    })?;
    let mut wrong = Clean::default();
    let name = new.name.clone().unwrap_or_default();
    let system_name = system_name(&mut wrong, fixed.system_name.as_deref(), &name);
    if fixed.kind == FieldType::Steps && fixed.entity != Entity::Case {
        wrong.refuse("type", "Only cases have steps. Choose another type.");
    }
    wrong.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        if of(tx, Some(fixed.entity))?.len() >= MOST {
            let text = format!("There are {MOST} fields already. Delete one first.");
            return Err(Error::Conflict("too_many", text));
        }
        let blank = blank(&fixed, &name, &system_name);
        let id = unique("system_name", "field", write::insert(tx, &blank))?;
        let old = find(tx, id)?;
        write_changed(tx, &new, &old)?;
        let made = find(tx, id)?;
        note(
            tx,
            &actor,
            "field.created",
            &made,
            (Value::Null, told(&made)),
            now,
        )?;
        Ok(made)
    })
    .await
}

fn blank(fixed: &Fixed, name: &str, system_name: &str) -> Field {
    Field {
        id: FieldId(0),
        entity: fixed.entity,
        kind: fixed.kind,
        name: name.to_owned(),
        system_name: system_name.to_owned(),
        note: None,
        is_active: true,
        is_compact: false,
        include_all: true,
        is_required: false,
        is_restricted: false,
        default_value: None,
        display_order: 0,
        options: Vec::new(),
    }
}

/// Changes a field; entity, type and system name stay. [`Error::Conflict`] when options are used that would go.
pub async fn update(app: &App, actor: &Actor, id: FieldId, change: Change) -> Result<Definition> {
    let change = clean(change)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = find(tx, id)?;
        refuse_stale(&format!("Field {id}"), change.version, old.version)?;
        write_changed(tx, &change, &old)?;
        let new = find(tx, id)?;
        if new.version != old.version {
            note(tx, &actor, "field.updated", &new, (told(&old), told(&new)), now)?;
        }
        Ok(new)
    })
    .await
}

/// Puts all fields of an entity into this order.
pub async fn order(app: &App, actor: &Actor, entity: Entity, ids: Vec<i64>) -> Result<Vec<Definition>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let had: Vec<i64> = of(tx, Some(entity))?.iter().map(|d| d.field.id.0).collect();
        refuse_partial_order(&ids, had.iter().copied())?;
        write::order(tx, &ids)?;
        let noted = Noted {
            action: "fields.ordered",
            kind: "field",
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

/// Deletes a field that nothing has a value of. [`Error::Conflict`] says how many have one.
pub async fn delete(app: &App, actor: &Actor, id: FieldId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = find(tx, id)?;
        let what = format!("The field {}", old.field.name);
        if is_built_in(id.0) {
            return Err(built_in(&what, "Archive it instead."));
        }
        let uses = write::uses(tx, &old.field)?;
        refuse_used(
            &what,
            &[(uses, by(old.field.entity))],
            "Archive it instead; values stay.",
        )?;
        write::delete(tx, id)?;
        note(tx, &actor, "field.deleted", &old, (told(&old), Value::Null), now)
    })
    .await
}

fn by(entity: Entity) -> &'static str {
    match entity {
        Entity::Case | Entity::Run => "cases",
        Entity::Session => "sessions",
        Entity::RunResult => "results",
    }
}

fn clean(change: Change) -> Result<Change> {
    let c = &change;
    let flags = [
        c.is_active,
        c.is_compact,
        c.include_all,
        c.is_required,
        c.is_restricted,
    ];
    if flags.iter().all(Option::is_none)
        && c.name.is_none()
        && c.note.is_none()
        && c.default_value.is_none()
        && c.options.is_none()
        && c.projects.is_none()
    {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change.name.map(|name| clean.name("name", &name, text::NAME_MAX));
    let note = change
        .note
        .map(|note| clean.note("note", note.as_deref(), NOTE_MAX));
    let options = change.options.map(|options| {
        clean.at_most("options", options.len(), OPTIONS_MAX);
        let each = options.into_iter().enumerate().map(|(n, option)| {
            let value = clean.name(&format!("options.{n}.value"), &option.value, text::NAME_MAX);
            let color = option
                .color
                .map(|c| color(&mut clean, &format!("options.{n}.color"), &c));
            Choice {
                value,
                color,
                ..option
            }
        });
        each.collect()
    });
    clean.finish()?;
    Ok(Change {
        name,
        note,
        options,
        ..change
    })
}

/// Writes what differs, after it was checked as a whole.
fn write_changed(tx: &mut Tx<'_>, change: &Change, old: &Definition) -> Result<()> {
    let c = change.clone();
    let f = old.field.clone();
    let default_value = match c.default_value {
        None => f.default_value.clone(),
        Some(value) => value.filter(|v| !v.is_null()).map(|v| v.to_string()),
    };
    let mut new = Definition {
        field: Field {
            name: c.name.unwrap_or(f.name),
            note: c.note.unwrap_or(f.note),
            is_active: c.is_active.unwrap_or(f.is_active),
            is_compact: c.is_compact.unwrap_or(f.is_compact),
            include_all: c.include_all.unwrap_or(f.include_all),
            is_required: c.is_required.unwrap_or(f.is_required),
            is_restricted: c.is_restricted.unwrap_or(f.is_restricted),
            default_value,
            ..old.field.clone()
        },
        options: c.options.unwrap_or_else(|| old.options.clone()),
        projects: c.projects.unwrap_or_else(|| old.projects.clone()),
        version: old.version,
    };
    if new == *old {
        return Ok(());
    }
    check_options(&new, old)?;
    check_projects(tx, &new)?;
    delete_options(tx, &new, old)?;
    check_defaults(&mut new)?;
    write::update(tx, &new)?;
    if new.field.entity == Entity::Case && restrictions(&new) != restrictions(old) {
        store::case::search::again(tx, &new.field.system_name)?;
    }
    Ok(())
}

/// Where a field is restricted, and whether it is elsewhere.
fn restrictions(d: &Definition) -> (bool, BTreeSet<(ProjectId, bool)>) {
    let projects = d.projects.iter().map(|p| (p.project_id, p.is_restricted));
    (d.field.is_restricted, projects.collect())
}

fn check_options(new: &Definition, old: &Definition) -> Result<()> {
    let mut clean = Clean::default();
    if !new.field.kind.has_options() && !new.options.is_empty() {
        clean.refuse(
            "options",
            "Only dropdowns (8) and multi-selects (9) have options. Leave them out.",
        );
    }
    let mut names = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (n, option) in new.options.iter().enumerate() {
        let known = old.options.iter().find(|o| o.id == option.id);
        if option.id.0 != 0 && known.is_none_or(|o| o.project_id != option.project_id) {
            let text = format!(
                "There is no option {} of this field. Leave the id out for a new one.",
                option.id
            );
            clean.refuse(&format!("options.{n}.id"), text);
        }
        let is_twice = option.id.0 != 0 && !ids.insert(option.id);
        if is_twice || !names.insert((option.value.to_lowercase(), option.project_id)) {
            clean.refuse(
                &format!("options.{n}.value"),
                "This option is there twice. Name it once.",
            );
        }
    }
    clean.finish()
}

fn check_projects(tx: &mut Tx<'_>, new: &Definition) -> Result<()> {
    let of_options = new.options.iter().filter_map(|o| o.project_id);
    let named = new.projects.iter().map(|p| p.project_id);
    let all: BTreeSet<_> = named.clone().chain(of_options).collect();
    let ids: Vec<i64> = all.iter().map(|p| p.0).collect();
    refuse_unknown(tx, "projects", Kind::Projects, &ids)?;
    if named.clone().collect::<BTreeSet<_>>().len() < new.projects.len() {
        let text = "The projects name one project twice. Name it once.";
        return Err(Error::field("projects", text));
    }
    Ok(())
}

/// Deletes the options that are no longer named, if nothing has them.
fn delete_options(tx: &mut Tx<'_>, new: &Definition, old: &Definition) -> Result<()> {
    for gone in &old.options {
        if new.options.iter().any(|o| o.id == gone.id) {
            continue;
        }
        let uses = write::option_uses(tx, &old.field, gone.id)?;
        refuse_used(
            &format!("The option {} of {}", gone.value, old.field.name),
            &[(uses, by(old.field.entity))],
            "Keep it with is_active false; values stay.",
        )?;
        write::delete_option(tx, gone.id)?;
    }
    Ok(())
}

/// Values that are given by themselves must be such that anybody could give them. New options have no ids yet.
fn check_defaults(new: &mut Definition) -> Result<()> {
    let options = new.options.clone();
    let field = new.field.clone();
    let seen_in = |project| Field {
        options: options
            .iter()
            .filter(|o| o.is_active && (o.project_id.is_none() || o.project_id == project))
            .map(|o| FieldOption {
                id: o.id,
                value: o.value.clone(),
                color: o.color.clone(),
            })
            .filter(|o| o.id != OptionId(0))
            .collect(),
        ..field.clone()
    };
    let check = |at: &str, given: &Option<String>, project| -> Result<Option<String>> {
        let Some(given) = given else { return Ok(None) };
        let given = serde_json::from_str(given).unwrap_or(Value::Null);
        let value = custom::value(&seen_in(project), given).map_err(|text| Error::field(at, text))?;
        Ok(value.map(|v| v.to_string()))
    };
    new.field.default_value = check("default_value", &new.field.default_value, None)?;
    for (n, p) in new.projects.iter_mut().enumerate() {
        let at = format!("projects.{n}.default_value");
        p.default_value = check(&at, &p.default_value, Some(p.project_id))?;
    }
    Ok(())
}

fn told(d: &Definition) -> Value {
    let f = &d.field;
    let json_of = |text: &Option<String>| {
        text.as_deref()
            .and_then(|t| serde_json::from_str::<Value>(t).ok())
    };
    let options: Vec<Value> = d
        .options
        .iter()
        .map(|o| json!({"id": o.id, "value": o.value, "color": o.color, "is_active": o.is_active, "project_id": o.project_id}))
        .collect();
    let projects: Vec<Value> = d
        .projects
        .iter()
        .map(|p| {
            json!({"project_id": p.project_id, "is_required": p.is_required, "is_restricted": p.is_restricted,
                "default_value": json_of(&p.default_value)})
        })
        .collect();
    json!({"entity": f.entity, "type": f.kind, "name": f.name, "system_name": f.system_name, "note": f.note,
        "is_active": f.is_active, "is_compact": f.is_compact, "include_all": f.include_all, "is_required": f.is_required,
        "is_restricted": f.is_restricted, "default_value": json_of(&f.default_value), "options": options,
        "projects": projects})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    d: &Definition,
    (before, after): (Value, Value),
    now: Timestamp,
) -> Result<()> {
    let noted = Noted {
        action,
        kind: "field",
        id: d.field.id.0,
        name: &d.field.name,
        project: None,
        before,
        after,
    };
    actor.note(tx, &noted, now)
}
