//! Result statuses: up to 25, the six of every instance among them.

use super::{built_in, color, refuse_partial_order, system_name, the};
use crate::changes::{Noted, refuse_stale, refuse_used};
use crate::clean::Clean;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::status::{MAX, Status, Statuses, factory};
use model::{Timestamp, text};
use serde_json::{Value, json};
use store::Tx;
use store::status::write;

/// Most aliases of a status.
const ALIASES_MAX: usize = 50;
/// Most characters of an alias.
const ALIAS_MAX: usize = 50;

/// A status with its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    /// The status.
    pub status: Status,
    /// From 1, one more with every change.
    pub version: i64,
}

/// What changes in a status; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// As people see it.
    pub name: Option<String>,
    /// As programs see it; only for a new one, from the name unless given.
    pub system_name: Option<String>,
    /// `#rrggbb`.
    pub color: Option<String>,
    /// Counts as done.
    pub is_final: Option<bool>,
    /// Counts as success.
    pub is_passed: Option<bool>,
    /// Counts as failure.
    pub is_failed: Option<bool>,
    /// What automation may send for it.
    pub aliases: Option<Vec<String>>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

/// Whether a status is one of the six that every instance starts with.
pub fn is_built_in(id: i64) -> bool {
    factory().iter().any(|s| s.id == id)
}

/// All statuses in their order.
pub async fn all(app: &App, actor: &Actor) -> Result<Vec<Versioned>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        read(tx)
    })
    .await
}

/// One status.
pub async fn get(app: &App, actor: &Actor, id: i64) -> Result<Versioned> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        find(tx, id)
    })
    .await
}

fn read(tx: &mut Tx<'_>) -> Result<Vec<Versioned>> {
    let versions = write::versions(tx)?;
    let versioned = |status: Status| Versioned {
        version: versions.get(&status.id).copied().unwrap_or(1),
        status,
    };
    Ok(store::status::all(tx)?.0.into_iter().map(versioned).collect())
}

fn find(tx: &mut Tx<'_>, id: i64) -> Result<Versioned> {
    the(read(tx)?, |v| v.status.id == id)
}

/// Makes a status. [`Error::Conflict`] when there are 25.
pub async fn create(
    app: &App,
    actor: &Actor,
    new: Change,
    claim: Option<Claim>,
    render: fn(&Versioned) -> (u16, String),
) -> Result<Answer<Versioned>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        color: Some(new.color.unwrap_or_else(|| "#6b7280".to_owned())),
        ..new
    })?;
    let mut wrong = Clean::default();
    let system_name = system_name(
        &mut wrong,
        new.system_name.as_deref(),
        new.name.as_deref().unwrap_or_default(),
    );
    wrong.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let all = store::status::all(tx)?;
        let free = (1..).take(MAX).find(|id| all.get(*id).is_none());
        let id = free.ok_or_else(|| {
            let text = format!("There are {MAX} statuses already. Delete one first.");
            Error::Conflict("too_many", text)
        })?;
        let blank = Status {
            id,
            name: String::new(),
            system_name: system_name.clone(),
            color: String::new(),
            is_final: true,
            is_untested: false,
            is_passed: false,
            is_failed: false,
            aliases: vec![system_name.clone()],
        };
        let made = changed(&new, blank);
        check(&made, &all)?;
        write::insert(tx, &made)?;
        let mut ids: Vec<i64> = all.0.iter().map(|s| s.id).collect();
        ids.push(id);
        write::order(tx, &ids)?;
        let made = find(tx, id)?;
        note(
            tx,
            &actor,
            "status.created",
            &made,
            (Value::Null, told(&made)),
            now,
        )?;
        Ok(made)
    })
    .await
}

/// Changes a status. What the six mean stays, and so does what automation may send for them.
pub async fn update(app: &App, actor: &Actor, id: i64, change: Change) -> Result<Versioned> {
    let change = clean(change)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = find(tx, id)?;
        refuse_stale(&format!("Status {id}"), change.version, old.version)?;
        let status = changed(&change, old.status.clone());
        if status == old.status {
            return Ok(old);
        }
        check(&status, &store::status::all(tx)?)?;
        write::update(tx, &status)?;
        let new = find(tx, id)?;
        note(tx, &actor, "status.updated", &new, (told(&old), told(&new)), now)?;
        Ok(new)
    })
    .await
}

/// Puts all statuses into this order.
pub async fn order(app: &App, actor: &Actor, ids: Vec<i64>) -> Result<Vec<Versioned>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let had: Vec<i64> = store::status::all(tx)?.0.iter().map(|s| s.id).collect();
        refuse_partial_order(&ids, had.iter().copied())?;
        write::order(tx, &ids)?;
        let noted = Noted {
            action: "statuses.ordered",
            kind: "status",
            id: 0,
            name: "statuses",
            project: None,
            before: json!(had),
            after: json!(ids),
        };
        actor.note(tx, &noted, now)?;
        read(tx)
    })
    .await
}

/// Deletes a status that nothing has. [`Error::Conflict`] says how many have it.
pub async fn delete(app: &App, actor: &Actor, id: i64) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = find(tx, id)?;
        let what = format!("The status {}", old.status.name);
        if is_built_in(id) {
            return Err(built_in(&what, "Give it another name, color or place instead."));
        }
        let [automation, manual, sessions] = write::uses(tx, id)?;
        let uses = [
            (automation, "automated tests"),
            (manual, "tests and results of runs"),
            (sessions, "results of sessions"),
        ];
        refuse_used(
            &what,
            &uses,
            "What has it keeps it; take its aliases away instead.",
        )?;
        write::delete(tx, id)?;
        note(tx, &actor, "status.deleted", &old, (told(&old), Value::Null), now)
    })
    .await
}

fn clean(change: Change) -> Result<Change> {
    let flags = [change.is_final, change.is_passed, change.is_failed];
    if change.name.is_none()
        && change.color.is_none()
        && change.aliases.is_none()
        && flags.iter().all(Option::is_none)
    {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change.name.map(|name| clean.name("name", &name, text::NAME_MAX));
    let color = change.color.map(|value| color(&mut clean, "color", &value));
    let aliases = change.aliases.map(|aliases| {
        clean.at_most("aliases", aliases.len(), ALIASES_MAX);
        let mut aliases: Vec<String> = aliases
            .iter()
            .enumerate()
            .map(|(n, alias)| {
                clean
                    .name(&format!("aliases.{n}"), alias, ALIAS_MAX)
                    .to_lowercase()
            })
            .collect();
        let mut seen = std::collections::BTreeSet::new();
        aliases.retain(|alias| seen.insert(alias.clone()));
        aliases
    });
    clean.finish()?;
    Ok(Change {
        name,
        color,
        aliases,
        ..change
    })
}

fn changed(change: &Change, old: Status) -> Status {
    let c = change.clone();
    Status {
        name: c.name.unwrap_or(old.name),
        color: c.color.unwrap_or(old.color),
        is_final: c.is_final.unwrap_or(old.is_final),
        is_passed: c.is_passed.unwrap_or(old.is_passed),
        is_failed: c.is_failed.unwrap_or(old.is_failed),
        aliases: c.aliases.unwrap_or(old.aliases),
        ..old
    }
}

/// What a status must be beside the others.
fn check(status: &Status, all: &Statuses) -> Result<()> {
    let mut clean = Clean::default();
    let others = || all.0.iter().filter(|s| s.id != status.id);
    if others().any(|s| s.name.to_lowercase() == status.name.to_lowercase()) {
        clean.refuse("name", "There is a status of this name. Choose another name.");
    }
    if others().any(|s| s.system_name == status.system_name) {
        clean.refuse(
            "system_name",
            "There is a status of this system name. Choose another one.",
        );
    }
    if status.is_passed && status.is_failed {
        clean.refuse(
            "is_failed",
            "A status can't be both success and failure. Choose one.",
        );
    }
    if (status.is_passed || status.is_failed) && !status.is_final {
        clean.refuse(
            "is_final",
            "Success and failure are final. Make the status final, or neither.",
        );
    }
    for (n, alias) in status.aliases.iter().enumerate() {
        if let Some(other) = others().find(|s| s.aliases.contains(alias)) {
            let text = format!("{alias} is an alias of {}. Choose another one.", other.name);
            clean.refuse(&format!("aliases.{n}"), text);
        }
    }
    if let Some(own) = factory().iter().find(|s| s.id == status.id) {
        let flags = |s: &Status| (s.is_final, s.is_untested, s.is_passed, s.is_failed);
        if flags(own) != flags(status) {
            let text = format!(
                "What {} counts as is the same everywhere. Make a status of your own.",
                own.name
            );
            clean.refuse("is_final", text);
        }
        if let Some(gone) = own.aliases.iter().find(|a| !status.aliases.contains(a)) {
            let text = format!("Clients send {gone} for {}. Keep it among the aliases.", own.name);
            clean.refuse("aliases", text);
        }
    }
    clean.finish()
}

fn told(v: &Versioned) -> Value {
    json!(v.status)
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    v: &Versioned,
    (before, after): (Value, Value),
    now: Timestamp,
) -> Result<()> {
    let noted = Noted {
        action,
        kind: "status",
        id: v.status.id,
        name: &v.status.name,
        project: None,
        before,
        after,
    };
    actor.note(tx, &noted, now)
}
