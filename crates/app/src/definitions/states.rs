//! Workflow states of cases, runs and sessions.

use super::{built_in, is_built_in, is_default, refuse_no_default, refuse_partial_order, the, unique};
use crate::changes::{Noted, refuse_stale, refuse_used};
use crate::clean::Clean;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::{Entity, StateId, Timestamp, text};
use serde_json::{Value, json};
use store::Tx;
use store::state::{State, every, write};

/// Most states of an entity.
const MOST: usize = 100;
/// What has states.
pub const ENTITIES: [Entity; 3] = [Entity::Case, Entity::Run, Entity::Session];

/// What changes in a state; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// What is made has it; true takes that from the state that had it.
    pub is_default: Option<bool>,
    /// False archives it.
    pub is_active: Option<bool>,
    /// Whether cases that have it may be put into new runs.
    pub in_runs: Option<bool>,
    /// Whether cases that have it wait for a review.
    pub is_review: Option<bool>,
    /// Whether cases get it by a review only.
    pub needs_review: Option<bool>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

impl Change {
    fn apply(&self, old: &State) -> State {
        let is_review = self.is_review.unwrap_or(old.is_review);
        State {
            name: self.name.clone().unwrap_or_else(|| old.name.clone()),
            is_active: self.is_active.unwrap_or(old.is_active),
            // What becomes the review leaves the runs by itself.
            in_runs: self
                .in_runs
                .unwrap_or(old.in_runs && (!is_review || old.is_review)),
            is_review,
            needs_review: self.needs_review.unwrap_or(old.needs_review),
            ..old.clone()
        }
    }
}

/// The states of one entity, or of all, in their order, archived ones too.
pub async fn all(app: &App, actor: &Actor, entity: Option<Entity>) -> Result<Vec<State>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        Ok(every(tx, entity)?)
    })
    .await
}

/// One state.
pub async fn get(app: &App, actor: &Actor, id: StateId) -> Result<State> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require_whole_admin(tx, now)?;
        find(tx, id)
    })
    .await
}

fn find(tx: &mut Tx<'_>, id: StateId) -> Result<State> {
    the(every(tx, None)?, |s| s.id == id)
}

/// Makes a state, the last one of its entity.
pub async fn create(
    app: &App,
    actor: &Actor,
    entity: Entity,
    new: Change,
    claim: Option<Claim>,
    render: fn(&State) -> (u16, String),
) -> Result<Answer<State>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        ..new
    })?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        if every(tx, Some(entity))?.len() >= MOST {
            let text = format!("There are {MOST} states already. Delete one first.");
            return Err(Error::Conflict("too_many", text));
        }
        if new.is_active == Some(false) && new.is_default == Some(true) {
            return Err(is_default("An archived state"));
        }
        let name = new.name.as_deref().unwrap_or_default();
        let id = unique("name", "state", write::insert(tx, entity, name))?;
        let plain = find(tx, id)?;
        let made = new.apply(&plain);
        check_review(&new, &made, &every(tx, Some(entity))?)?;
        if made != plain {
            write::update(tx, &made)?;
        }
        if new.is_default == Some(true) {
            write::set_default(tx, &made)?;
        }
        let made = find(tx, id)?;
        note(
            tx,
            &actor,
            "state.created",
            &made,
            (Value::Null, told(&made)),
            now,
        )?;
        Ok(made)
    })
    .await
}

/// Changes a state.
pub async fn update(app: &App, actor: &Actor, id: StateId, change: Change) -> Result<State> {
    let change = clean(change)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = find(tx, id)?;
        refuse_stale(&format!("State {id}"), change.version, old.version)?;
        refuse_no_default(old.is_default, change.is_default)?;
        let new = change.apply(&old);
        let becomes_default = change.is_default == Some(true) && !old.is_default;
        if !new.is_active && (old.is_default || becomes_default) {
            return Err(is_default(&format!("The state {}", old.name)));
        }
        if new == old && !becomes_default {
            return Ok(old);
        }
        check_review(&change, &new, &every(tx, Some(old.entity))?)?;
        unique("name", "state", write::update(tx, &new))?;
        if becomes_default {
            write::set_default(tx, &old)?;
        }
        let new = find(tx, id)?;
        note(tx, &actor, "state.updated", &new, (told(&old), told(&new)), now)?;
        Ok(new)
    })
    .await
}

/// Puts all states of an entity into this order.
pub async fn order(app: &App, actor: &Actor, entity: Entity, ids: Vec<i64>) -> Result<Vec<State>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = every(tx, Some(entity))?;
        refuse_partial_order(&ids, old.iter().map(|s| s.id.0))?;
        write::order(tx, &ids)?;
        let had: Vec<i64> = old.iter().map(|s| s.id.0).collect();
        let noted = Noted {
            action: "states.ordered",
            kind: "state",
            id: 0,
            name: entity.name(),
            project: None,
            before: json!(had),
            after: json!(ids),
        };
        actor.note(tx, &noted, now)?;
        Ok(every(tx, Some(entity))?)
    })
    .await
}

/// Deletes a state that nothing has. [`Error::Conflict`] says how many have it.
pub async fn delete(app: &App, actor: &Actor, id: StateId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        actor.require_whole_admin(tx, now)?;
        store::user::write::lock(tx)?;
        let old = find(tx, id)?;
        let what = format!("The state {}", old.name);
        if is_built_in(id.0) {
            return Err(built_in(&what, "Archive it instead."));
        }
        if old.is_default {
            return Err(is_default(&what));
        }
        let by = match old.entity {
            Entity::Case => "cases",
            Entity::Run => "runs",
            Entity::Session | Entity::RunResult => "sessions",
        };
        let uses = write::uses(tx, &old)?;
        refuse_used(
            &what,
            &[(uses, by)],
            "Give them another state, or archive this one.",
        )?;
        write::delete(tx, id)?;
        note(tx, &actor, "state.deleted", &old, (told(&old), Value::Null), now)
    })
    .await
}

fn clean(change: Change) -> Result<Change> {
    let flags = [
        change.is_default,
        change.is_active,
        change.in_runs,
        change.is_review,
        change.needs_review,
    ];
    if change.name.is_none() && flags == [None; 5] {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change.name.map(|name| clean.name("name", &name, text::NAME_MAX));
    clean.finish()?;
    Ok(Change { name, ..change })
}

/// Refuses flags that contradict each other, and a review that no state is there for. `all` are the states of the entity.
fn check_review(change: &Change, new: &State, all: &[State]) -> Result<()> {
    let mut clean = Clean::default();
    let flags = [
        ("in_runs", change.in_runs),
        ("is_review", change.is_review),
        ("needs_review", change.needs_review),
    ];
    for (field, value) in flags {
        if value.is_some() && new.entity != Entity::Case {
            clean.refuse(field, format!("Only states of cases have {field}. Leave it out."));
        }
    }
    if new.is_review && new.in_runs {
        clean.refuse(
            "in_runs",
            "Cases under review are not put into runs. Set in_runs to false.",
        );
    }
    if new.is_review && new.needs_review {
        clean.refuse(
            "needs_review",
            "A state is the review, or needs one. Choose one of the two.",
        );
    }
    let after = || {
        all.iter()
            .map(|s| if s.id == new.id { new } else { s })
            .filter(|s| s.is_active)
    };
    let needing = after().find(|s| s.needs_review);
    if let Some(needing) = needing
        && !after().any(|s| s.is_review)
    {
        let field = if needing.id == new.id {
            "needs_review"
        } else {
            "is_review"
        };
        let text = format!(
            "The state {} needs a review, so an active state must have is_review.",
            needing.name
        );
        clean.refuse(field, text);
    }
    clean.finish()
}

fn told(s: &State) -> Value {
    json!({"entity": s.entity, "name": s.name, "is_default": s.is_default, "is_active": s.is_active,
        "in_runs": s.in_runs, "is_review": s.is_review, "needs_review": s.needs_review})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    state: &State,
    (before, after): (Value, Value),
    now: Timestamp,
) -> Result<()> {
    let noted = Noted {
        action,
        kind: "state",
        id: state.id.0,
        name: &state.name,
        project: None,
        before,
        after,
    };
    actor.note(tx, &noted, now)
}
