//! Roles: made, changed and deleted by whole site admins. Those that every instance starts with keep their names and stay.

use crate::changes::{Noted, refuse_stale, refuse_used};
use crate::clean::Clean;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{Rights, RoleId, Timestamp, text};
use serde_json::{Value, json};
use store::Tx;
use store::role::{self, Role};

/// What changes in a role; none stays as it is. A role to be made starts with no right.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// What it lets its holders do.
    pub rights: Option<Rights>,
    /// New people have it; true takes that from the role that had it.
    pub is_default: Option<bool>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

/// One page of all roles, by id.
pub async fn page(app: &App, actor: &Actor, request: PageRequest) -> Result<Page<Role>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        Ok(role::page(tx, request)?)
    })
    .await
}

/// One role.
pub async fn get(app: &App, actor: &Actor, id: RoleId) -> Result<Role> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        role::get(tx, id)?.ok_or(Error::NotFound)
    })
    .await
}

/// Makes a role.
pub async fn create(
    app: &App,
    actor: &Actor,
    new: Change,
    claim: Option<Claim>,
    render: fn(&Role) -> (u16, String),
) -> Result<Answer<Role>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        ..new
    })?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        actor.require_whole_admin(tx, now)?;
        let (name, rights) = (new.name.as_deref().unwrap_or_default(), new.rights);
        let id = named(role::add(
            tx,
            name,
            rights.unwrap_or(Rights::NONE),
            actor.user.id,
            now,
        ))?;
        if new.is_default == Some(true) {
            role::set_default(tx, id)?;
        }
        let made = role::get(tx, id)?.ok_or(Error::NotFound)?;
        note(tx, &actor, "role.created", &made, (Value::Null, told(&made)), now)?;
        Ok(made)
    })
    .await
}

/// Changes a role, for all who have it.
pub async fn update(app: &App, actor: &Actor, id: RoleId, change: Change) -> Result<Role> {
    let change = clean(change)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = role::get(tx, id)?.ok_or(Error::NotFound)?;
        refuse_stale(&format!("Role {id}"), change.version, old.version)?;
        let name = change.name.as_deref().unwrap_or(&old.name);
        if old.is_factory && name != old.name {
            let text = "The roles that every instance starts with keep their names. Make a role of your own.";
            return Err(Error::field("name", text));
        }
        if old.is_default && change.is_default == Some(false) {
            let text = "New people need a role. Make another role the default one instead.";
            return Err(Error::field("is_default", text));
        }
        let rights = change.rights.unwrap_or(old.rights);
        let becomes_default = change.is_default == Some(true) && !old.is_default;
        if name == old.name && rights == old.rights && !becomes_default {
            return Ok(old);
        }
        named(role::update(tx, id, name, rights, actor.user.id, now))?;
        if becomes_default {
            role::set_default(tx, id)?;
        }
        let new = role::get(tx, id)?.ok_or(Error::NotFound)?;
        note(tx, &actor, "role.updated", &new, (told(&old), told(&new)), now)?;
        Ok(new)
    })
    .await
}

/// Deletes a role that nobody has. [`Error::Conflict`] says who does.
pub async fn delete(app: &App, actor: &Actor, id: RoleId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = role::get(tx, id)?.ok_or(Error::NotFound)?;
        if old.is_factory || old.is_default {
            let text =
                "The roles that every instance starts with, and the one of new people, can't be deleted.";
            return Err(Error::Conflict("built_in", text.to_owned()));
        }
        let uses = role::uses(tx, id)?;
        refuse_used(
            &format!("The role {}", old.name),
            &[
                (uses.users, "users"),
                (uses.places, "users and groups of projects"),
                (uses.projects, "projects as their default"),
            ],
            "Give them another role first.",
        )?;
        role::delete(tx, id)?;
        note(tx, &actor, "role.deleted", &old, (told(&old), Value::Null), now)
    })
    .await
}

fn clean(change: Change) -> Result<Change> {
    if change.name.is_none() && change.rights.is_none() && change.is_default.is_none() {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change.name.map(|name| clean.name("name", &name, text::NAME_MAX));
    clean.finish()?;
    Ok(Change { name, ..change })
}

fn named<T>(result: store::Result<T>) -> Result<T> {
    match result {
        Err(store::Error::Unique(_)) => Err(Error::field(
            "name",
            "There is a role of this name. Choose another name.",
        )),
        other => Ok(other?),
    }
}

fn told(role: &Role) -> Value {
    json!({"name": role.name, "permissions": role.rights.to_i64(), "is_default": role.is_default})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    role: &Role,
    (before, after): (Value, Value),
    now: Timestamp,
) -> Result<()> {
    let noted = Noted {
        action,
        kind: "role",
        id: role.id.0,
        name: &role.name,
        project: None,
        before,
        after,
    };
    actor.note(tx, &noted, now)
}
