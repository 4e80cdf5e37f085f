//! Groups of users: made, changed and deleted by whole site admins.

use crate::changes::{Noted, refuse_stale, refuse_unknown, refuse_used};
use crate::clean::Clean;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{GroupId, Timestamp, UserId, text};
use serde_json::{Value, json};
use store::Tx;
use store::group::{self, Group};
use store::user::write::Kind;

/// Most members of a group.
const MEMBERS_MAX: usize = 10_000;

/// What changes in a group; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// All its members.
    pub members: Option<Vec<UserId>>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

/// One page of all groups, by id.
pub async fn page(app: &App, actor: &Actor, request: PageRequest) -> Result<Page<Group>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        Ok(group::page(tx, request)?)
    })
    .await
}

/// One group.
pub async fn get(app: &App, actor: &Actor, id: GroupId) -> Result<Group> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        group::get(tx, id)?.ok_or(Error::NotFound)
    })
    .await
}

/// Makes a group.
pub async fn create(
    app: &App,
    actor: &Actor,
    new: Change,
    claim: Option<Claim>,
    render: fn(&Group) -> (u16, String),
) -> Result<Answer<Group>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        ..new
    })?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        actor.require_whole_admin(tx, now)?;
        let name = new.name.as_deref().unwrap_or_default();
        let id = named(group::insert(tx, name, actor.user.id, now))?;
        let members = new.members.clone().unwrap_or_default();
        set_members(tx, id, &members)?;
        let made = group::get(tx, id)?.ok_or(Error::NotFound)?;
        note(
            tx,
            &actor,
            "group.created",
            &made,
            (Value::Null, told(&made)),
            now,
        )?;
        Ok(made)
    })
    .await
}

/// Changes a group.
pub async fn update(app: &App, actor: &Actor, id: GroupId, change: Change) -> Result<Group> {
    let change = clean(change)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = group::get(tx, id)?.ok_or(Error::NotFound)?;
        refuse_stale(&format!("Group {id}"), change.version, old.version)?;
        let name = change.name.as_deref().unwrap_or(&old.name);
        let members = change.members.as_ref().unwrap_or(&old.members);
        if name == old.name && *members == old.members {
            return Ok(old);
        }
        named(group::update(tx, id, name, actor.user.id, now))?;
        if *members != old.members {
            set_members(tx, id, members)?;
        }
        let new = group::get(tx, id)?.ok_or(Error::NotFound)?;
        note(tx, &actor, "group.updated", &new, (told(&old), told(&new)), now)?;
        Ok(new)
    })
    .await
}

fn set_members(tx: &mut Tx<'_>, id: GroupId, members: &[UserId]) -> Result<()> {
    let ids: Vec<i64> = members.iter().map(|u| u.0).collect();
    refuse_unknown(tx, "members", Kind::Users, &ids)?;
    Ok(group::set_members(tx, id, members)?)
}

/// Deletes a group that no project names. [`Error::Conflict`] says how many do.
pub async fn delete(app: &App, actor: &Actor, id: GroupId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = group::get(tx, id)?.ok_or(Error::NotFound)?;
        refuse_used(
            &format!("The group {}", old.name),
            &[(group::places(tx, id)?, "projects")],
            "Take it out of their access first.",
        )?;
        group::delete(tx, id)?;
        note(tx, &actor, "group.deleted", &old, (told(&old), Value::Null), now)
    })
    .await
}

fn clean(change: Change) -> Result<Change> {
    if change.name.is_none() && change.members.is_none() {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change.name.map(|name| clean.name("name", &name, text::NAME_MAX));
    let members = change.members.map(|mut members| {
        clean.at_most("members", members.len(), MEMBERS_MAX);
        members.sort_unstable();
        members.dedup();
        members
    });
    clean.finish()?;
    Ok(Change {
        name,
        members,
        ..change
    })
}

fn named<T>(result: store::Result<T>) -> Result<T> {
    match result {
        Err(store::Error::Unique(_)) => Err(Error::field(
            "name",
            "There is a group of this name. Choose another name.",
        )),
        other => Ok(other?),
    }
}

fn told(group: &Group) -> Value {
    json!({"name": group.name, "members": group.members})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    group: &Group,
    (before, after): (Value, Value),
    now: Timestamp,
) -> Result<()> {
    let noted = Noted {
        action,
        kind: "group",
        id: group.id.0,
        name: &group.name,
        project: None,
        before,
        after,
    };
    actor.note(tx, &noted, now)
}
