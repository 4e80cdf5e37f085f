//! Steps that many cases share: edited once, they change in all of them, while runs keep the text that was tested.

use crate::cases::workflow;
use crate::changes::{Noted, refuse_stale};
use crate::clean::Clean;
use crate::custom::{COLUMNS, PREFIX, STEPS_MAX, Step, numbered, steps};
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::{Action, Area, CaseId, Entity, ProjectId, Right, Rights, SharedStepsId, Timestamp, text};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::access::{Proof, Target};
use store::case::{self, Case, Changed};
use store::shared_steps::{self, MARK, SharedSteps};

/// Looking at them.
pub const VIEW: Right = Right(Area::SharedSteps, Action::View);
/// Making and changing them.
pub const EDIT: Right = Right(Area::SharedSteps, Action::Edit);
/// Deleting them.
pub const DELETE: Right = Right(Area::SharedSteps, Action::Delete);

/// Most shared steps of a project.
const MOST: i64 = 1000;
/// Cases that change with one statement.
const AT_ONCE: usize = 500;

/// What changes; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Their name.
    pub name: Option<String>,
    /// The steps: a list of objects with the texts `text1` (action), `text3` (expected), and `text2`, `text4`.
    pub steps: Option<Value>,
    /// The version that the change is based on.
    pub version: Option<i64>,
}

/// Those of a project, by name.
pub async fn all(app: &App, actor: &Actor, project: ProjectId) -> Result<Vec<SharedSteps>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(shared_steps::all(tx, &proof)?)
    })
    .await
}

/// What the caller may do in a project. [`Error::Denied`] for those who may not look at shared steps.
pub async fn rights(app: &App, actor: &Actor, project: ProjectId) -> Result<Rights> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| Ok(actor.require(tx, Target::Project(project), VIEW, now)?.rights()))
        .await
}

/// One of them.
pub async fn get(app: &App, actor: &Actor, id: SharedStepsId) -> Result<SharedSteps> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::SharedSteps(id), VIEW, now)?;
        shared_steps::get(tx, &proof, id)?.ok_or(Error::NotFound)
    })
    .await
}

/// Makes shared steps.
pub async fn create(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: Change,
    claim: Option<Claim>,
    render: fn(&SharedSteps) -> (u16, String),
) -> Result<Answer<SharedSteps>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        steps: Some(new.steps.unwrap_or_default()),
        version: None,
    })?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        case::lock(tx, &proof)?;
        if shared_steps::count(tx, &proof)? >= MOST {
            let text = format!("The project has {MOST} shared steps already. Delete some first.");
            return Err(Error::Conflict("too_many", text));
        }
        let name = new.name.as_deref().unwrap_or_default();
        let rows = rows(new.steps.as_ref());
        let id = unique(shared_steps::insert(tx, &proof, name, &rows, now))?;
        let made = shared_steps::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        note(tx, &actor, "shared_steps.created", (None, Some(&made)), now)?;
        Ok(made)
    })
    .await
}

/// Changes shared steps, and with them all cases that have them: each gets a new version, in the same transaction.
/// [`Error::Conflict`] when the change is based on another version.
pub async fn update(app: &App, actor: &Actor, id: SharedStepsId, change: Change) -> Result<SharedSteps> {
    let change = clean(change)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::SharedSteps(id), EDIT, now)?;
        case::lock(tx, &proof)?;
        let old = shared_steps::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        refuse_stale(&format!("Shared steps {id}"), change.version, old.version)?;
        let name = change.name.as_deref().unwrap_or(&old.name);
        let steps = change
            .steps
            .as_ref()
            .map_or_else(|| old.steps.clone(), |s| rows(Some(s)));
        if name == old.name && steps == old.steps {
            return Ok(old);
        }
        unique(shared_steps::update(tx, &proof, id, name, &steps, now))?;
        let new = shared_steps::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        if new.steps != old.steps {
            let known = Known([(id.0, new.clone())].into());
            rewrite(tx, &proof, id, true, now, |steps| known.spread(steps).0)?;
        }
        note(tx, &actor, "shared_steps.updated", (Some(&old), Some(&new)), now)?;
        Ok(new)
    })
    .await
}

/// Deletes shared steps. Cases keep them as steps of their own.
pub async fn delete(app: &App, actor: &Actor, id: SharedStepsId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::SharedSteps(id), DELETE, now)?;
        case::lock(tx, &proof)?;
        let old = shared_steps::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        rewrite(tx, &proof, id, false, now, |steps| {
            let own = |step: &Value| {
                let mut step = step.clone();
                if mark(&step) == Some(id.0)
                    && let Some(step) = step.as_object_mut()
                {
                    step.remove(MARK);
                }
                step
            };
            steps.iter().map(own).collect()
        })?;
        shared_steps::delete(tx, &proof, id)?;
        note(tx, &actor, "shared_steps.deleted", (Some(&old), None), now)
    })
    .await
}

/// Gives the cases with shared steps other lists of steps. With `is_text` what testers read changes, so that approved cases
/// wait for a review again.
fn rewrite(
    tx: &mut Tx<'_>,
    proof: &Proof,
    id: SharedStepsId,
    is_text: bool,
    now: Timestamp,
    new: impl Fn(&[Value]) -> Vec<Value>,
) -> Result<()> {
    let states = store::state::all(tx, Some(Entity::Case))?;
    let ids = shared_steps::cases(tx, id)?;
    for ids in ids.chunks(AT_ONCE) {
        let numbers: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut links = case::links::of(tx, proof, ids)?;
        let mut clean = Clean::default();
        let mut changed = Vec::with_capacity(ids.len());
        for old in case::get_many(tx, proof, &numbers)? {
            let old_links = links.remove(&old.id).unwrap_or_default();
            let mut values = old.values.clone();
            for value in values.custom.values_mut() {
                if let Value::Array(steps) = value
                    && steps.iter().any(|step| mark(step) == Some(id.0))
                {
                    *steps = new(steps);
                }
            }
            if is_text {
                workflow::of_changed(&mut clean, proof, &states, &old, &mut values)?;
            }
            changed.push(Changed {
                links: old_links.clone(),
                old,
                old_links,
                values,
                is_approved: false,
            });
        }
        clean.finish()?;
        case::update(tx, proof, &changed, now)?;
    }
    Ok(())
}

fn mark(step: &Value) -> Option<i64> {
    step.get(MARK)?.as_i64()
}

/// Steps without the ids that they have in a case.
fn rows(steps: Option<&Value>) -> Vec<Value> {
    let list = steps.and_then(Value::as_array).into_iter().flatten();
    list.map(texts).map(Value::Object).collect()
}

fn texts(step: &Value) -> Map<String, Value> {
    COLUMNS
        .iter()
        .map(|name| ((*name).to_owned(), step.get(name).cloned().unwrap_or_default()))
        .collect()
}

fn clean(change: Change) -> Result<Change> {
    if change.name.is_none() && change.steps.is_none() {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change.name.map(|name| clean.name("name", &name, text::NAME_MAX));
    let steps = change.steps.map(|given| match steps("steps", &given, false) {
        Ok(Some(steps)) => steps,
        Ok(None) => {
            clean.refuse("steps", "Write at least one step.");
            Value::Null
        }
        Err(_) if given.is_null() => {
            clean.refuse("steps", "Write at least one step.");
            Value::Null
        }
        Err(text) => {
            clean.refuse("steps", text);
            Value::Null
        }
    });
    clean.finish()?;
    Ok(Change {
        name,
        steps,
        ..change
    })
}

fn unique<T>(result: store::Result<T>) -> Result<T> {
    match result {
        Err(store::Error::Unique(_)) => Err(Error::field(
            "name",
            "There are shared steps of this name in the project. Choose another name.",
        )),
        other => Ok(other?),
    }
}

fn told(s: &SharedSteps) -> Value {
    json!({"name": s.name, "steps": s.steps, "version": s.version, "cases": s.cases})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    (before, after): (Option<&SharedSteps>, Option<&SharedSteps>),
    now: Timestamp,
) -> Result<()> {
    let Some(about) = after.or(before) else {
        return Ok(());
    };
    let noted = Noted {
        action,
        kind: "shared_steps",
        id: about.id.0,
        name: &about.name,
        project: Some(about.project_id),
        before: before.map(told).unwrap_or_default(),
        after: after.map(told).unwrap_or_default(),
    };
    actor.note(tx, &noted, now)
}

/// The shared steps that cases name, by id.
pub(crate) struct Known(BTreeMap<i64, SharedSteps>);

impl Known {
    /// Reads those that values name; unknown ids are found out when they are filled in.
    pub(crate) fn find<'v>(
        tx: &mut Tx<'_>,
        proof: &Proof,
        given: impl Iterator<Item = &'v Map<String, Value>>,
    ) -> Result<Known> {
        let ids: BTreeSet<i64> = given
            .flat_map(|custom| shared_steps::named(custom.values()))
            .collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let found = shared_steps::get_many(tx, proof, &ids)?;
        Ok(Known(found.into_iter().map(|s| (s.id.0, s)).collect()))
    }

    /// Puts the text of shared steps into the lists of steps that were given.
    pub(crate) fn fill(
        &self,
        custom: &mut Map<String, Value>,
        given: &Map<String, Value>,
        at: &str,
        clean: &mut Clean,
    ) {
        for name in given.keys() {
            let Some(Value::Array(steps)) = custom.get_mut(name.strip_prefix(PREFIX).unwrap_or(name)) else {
                continue;
            };
            if !steps.iter().any(|step| mark(step).is_some()) {
                continue;
            }
            let (all, unknown) = self.spread(steps);
            let wrong = match unknown {
                Some(id) => format!(
                    "There are no shared steps {id} in this project. Look at the list of its shared steps."
                ),
                None if all.len() > STEPS_MAX => {
                    format!(
                        "With the shared ones these are {} steps; there may be {STEPS_MAX}.",
                        all.len()
                    )
                }
                None => {
                    *steps = all;
                    continue;
                }
            };
            clean.refuse(&format!("{at}{name}"), wrong);
        }
    }

    /// A list of steps with the text of shared ones as it is now, and the first mark that is not known, whose steps stay.
    /// Neighbours of the same mark stand for them once, and keep their ids as far as there are as many steps.
    fn spread(&self, steps: &[Value]) -> (Vec<Value>, Option<i64>) {
        let id = |step: &Value| step.get("id").and_then(Value::as_i64);
        let marked = |step: &Value, shared: Option<i64>| {
            let mut texts = texts(step);
            if let Some(shared) = shared {
                texts.insert(MARK.to_owned(), json!(shared));
            }
            texts
        };
        let mut unknown = None;
        let mut all: Vec<Step> = Vec::with_capacity(steps.len());
        for block in steps.chunk_by(|a, b| mark(a).is_some() && mark(a) == mark(b)) {
            let shared = mark(&block[0]);
            let known = shared.and_then(|shared| self.0.get(&shared));
            if known.is_none() {
                unknown = unknown.or(shared);
            }
            let rows = known.map_or(block, |known| &known.steps);
            let each = rows.iter().enumerate();
            all.extend(each.map(|(n, step)| (None, block.get(n).and_then(id), marked(step, shared))));
        }
        match numbered(all) {
            Value::Array(steps) => (steps, unknown),
            _ => (Vec::new(), unknown),
        }
    }
}

/// The cases that have shared steps, for the page that asks before they change or go.
pub async fn cases(app: &App, actor: &Actor, id: SharedStepsId, most: usize) -> Result<Vec<Case>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::SharedSteps(id), VIEW, now)?;
        let ids: Vec<CaseId> = shared_steps::cases(tx, id)?;
        let ids: Vec<i64> = ids.into_iter().take(most).map(|id| id.0).collect();
        Ok(case::get_many(tx, &proof, &ids)?)
    })
    .await
}
