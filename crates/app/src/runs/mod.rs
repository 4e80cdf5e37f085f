//! Manual runs of a project.

mod change;
pub mod execution;
mod live;
pub mod results;
mod tell;

pub use crate::issues::IssueRef;
pub use change::{Change, New};

use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::status::Statuses;
use model::{Action, Area, Entity, ProjectId, Right, Rights, RunId, Timestamp};
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::run::{self, Filter, Run};

/// Looking at runs.
pub const VIEW: Right = Right(Area::Runs, Action::View);
/// Making and changing them.
pub const EDIT: Right = Right(Area::Runs, Action::Edit);
/// Deleting them.
pub const DELETE: Right = Right(Area::Runs, Action::Delete);
/// Most tests of a run whose cases are named.
const TESTS_MAX: i64 = 100_000;
/// Runs that [`suggest`] looks through.
const NEWEST: i64 = 1000;
/// Closing them.
pub const CLOSE: Right = Right(Area::Runs, Action::Complete);

/// What an action needs beside its right to runs when the run is closed.
const fn closed(action: Action) -> Right {
    Right(Area::ClosedRuns, action)
}

/// One page of the runs of a project. Those that are closed are left out for callers who may not view them.
pub async fn page(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
) -> Result<(Page<Run>, Looks)> {
    live::fill(app, actor, Target::Project(project)).await?;
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let mut filter = filter.clone();
        if filter.is_closed == Some(true) {
            actor.require(tx, Target::Project(project), closed(Action::View), now)?;
        } else if !proof.rights().has(closed(Action::View)) {
            filter.is_closed = Some(false);
        }
        let page = run::page::page(tx, &proof, &filter, request)?;
        Ok((page, Looks::read(tx)?))
    })
    .await
}

/// One run.
pub async fn get(app: &App, actor: &Actor, id: RunId) -> Result<(Run, Looks)> {
    live::fill(app, actor, Target::Run(id)).await?;
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let (_, found) = find(tx, &actor, id, VIEW, now)?;
        Ok((found, Looks::read(tx)?))
    })
    .await
}

/// A run that the caller has this right to, with the same right to closed ones where it is closed. For writing, take
/// the lock first.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: RunId,
    right: Right,
    now: Timestamp,
) -> Result<(Proof, Run)> {
    let proof = actor.require(tx, Target::Run(id), right, now)?;
    let found = run::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
    if found.values.is_closed {
        actor.require(tx, Target::Run(id), closed(right.1), now)?;
    }
    Ok((proof, found))
}

/// Takes the lock of the project in which the run lies, then finds it.
fn find_locked(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: RunId,
    right: Right,
    now: Timestamp,
) -> Result<(Proof, Run)> {
    let proof = actor.require(tx, Target::Run(id), right, now)?;
    run::lock(tx, &proof)?;
    find(tx, actor, id, right, now)
}

/// What it takes to show runs.
#[derive(Debug, Clone, Default)]
pub struct Looks {
    /// Result statuses.
    pub statuses: Statuses,
}

impl Looks {
    fn read(tx: &mut Tx<'_>) -> Result<Looks> {
        Ok(Looks {
            statuses: store::status::all(tx)?,
        })
    }
}

/// What the caller may do in a project. [`Error::Denied`] for those who may not look at runs.
pub async fn rights(app: &App, actor: &Actor, project: ProjectId) -> Result<Rights> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| Ok(actor.require(tx, Target::Project(project), VIEW, now)?.rights()))
        .await
}

/// The workflow states of runs.
pub async fn states(app: &App, actor: &Actor, project: ProjectId) -> Result<Vec<store::state::State>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(store::state::every(tx, Some(Entity::Run))?)
    })
    .await
}

/// The newest runs whose name has all words of a text, whatever their case and accents; the newest thousand are looked through.
pub async fn suggest(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    text: &str,
    most: usize,
) -> Result<Vec<(RunId, String)>> {
    let (actor, text, now) = (actor.clone(), model::text::folded(text), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let mut found = run::page::newest(tx, &proof, NEWEST)?;
        found.retain(|(_, name)| {
            let name = model::text::folded(name);
            text.split_whitespace().all(|word| name.contains(word))
        });
        found.truncate(most);
        Ok(found)
    })
    .await
}

/// Makes a run. [`Error::Invalid`] when it refers to what the project does not have.
pub async fn create(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: New,
    claim: Option<Claim>,
    render: fn(&(Run, Looks)) -> (u16, String),
) -> Result<Answer<(Run, Looks)>> {
    let new = new.clean()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        run::lock(tx, &proof)?;
        let (values, links) = new.change.apply(tx, &proof, None, now)?;
        if values.is_closed {
            actor.require(tx, Target::Project(project), CLOSE, now)?;
        }
        let matching = match &values.live {
            Some(live) => run::live::matching(tx, &proof, live, TESTS_MAX + 1)?.0,
            None => new.cases.clone(),
        };
        let cases = (!new.include_all).then_some(matching.as_slice());
        check_cases(tx, &proof, cases.unwrap_or_default())?;
        let id = run::insert(tx, &proof, &values, &links, new.include_all, now)?;
        let empty = run::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        run::test::take(tx, &proof, &empty, cases, new.change.assignee_id.flatten())?;
        let made = run::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        if let Some(assignee) = new.change.assignee_id.flatten() {
            tell::assigned(tx, &made, assignee, (made.counts.total(), None), &proof, now)?;
        }
        note(tx, &actor, "run.created", &made, None, now)?;
        Ok((made, Looks::read(tx)?))
    })
    .await
}

fn check_cases(tx: &mut Tx<'_>, proof: &Proof, cases: &[i64]) -> Result<()> {
    let missing = run::test::missing(tx, proof, cases)?;
    let refuse = |id: i64, text: String| {
        let n = cases.iter().position(|case| *case == id).unwrap_or(0);
        Err(Error::field(format!("cases.{n}"), text))
    };
    if let Some(id) = missing.first() {
        let text = format!("There is no case {id} in this project. Look at the ids of the list.");
        return refuse(*id, text);
    }
    if run::test::size(tx, proof, cases)? > TESTS_MAX {
        let text = format!(
            "With the rows of their data sets these cases are more than {TESTS_MAX} tests. Leave some out."
        );
        return Err(Error::field("cases", text));
    }
    match run::test::not_in_runs(tx, proof, cases)?.first() {
        None => Ok(()),
        Some((id, state)) => {
            let text =
                format!("Case {id} is in the state {state}, which does not flow into runs. Leave it out.");
            refuse(*id, text)
        }
    }
}

/// One page of the tests of a run, in its order.
pub async fn tests(
    app: &App,
    actor: &Actor,
    id: RunId,
    request: PageRequest,
) -> Result<Page<run::test::Test>> {
    live::fill(app, actor, Target::Run(id)).await?;
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let (_, found) = find(tx, &actor, id, VIEW, now)?;
        Ok(run::test::page(tx, &found, request)?)
    })
    .await
}

/// Changes a run; [`Error::Conflict`] when the change was meant for another version. Closing one needs the right to
/// complete runs, any change of a closed one the right to edit closed ones, opening it again that to complete them.
pub async fn update(app: &App, actor: &Actor, id: RunId, change: Change) -> Result<(Run, Looks)> {
    let change = change.clean()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let (proof, old) = find_locked(tx, &actor, id, EDIT, now)?;
        if let Some(version) = change.version
            && version != old.version
        {
            let text = format!(
                "Run {id} has version {}, but the change is based on version {version}. Read it again first.",
                old.version
            );
            return Err(Error::Conflict("version_conflict", text));
        }
        let (values, links) = change.apply(tx, &proof, Some(&old), now)?;
        if values == old.values && links == old.links && change.assignee_id.is_none() {
            return Ok((old, Looks::read(tx)?));
        }
        let action = match (old.values.is_closed, values.is_closed) {
            (false, true) => {
                actor.require(tx, Target::Run(id), CLOSE, now)?;
                "run.closed"
            }
            (true, false) => {
                actor.require(tx, Target::Run(id), closed(Action::Complete), now)?;
                "run.reopened"
            }
            _ => "run.updated",
        };
        run::update(tx, &proof, &old, &values, &links, now)?;
        if let Some(assignee) = change.assignee_id {
            let changed = run::test::assign(tx, &old, assignee)?;
            if let Some(assignee) = assignee {
                tell::assigned(tx, &old, assignee, (changed, None), &proof, now)?;
            }
        }
        let new = run::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        if action == "run.closed" {
            tell::closed(tx, &new, &proof, now)?;
        }
        note(tx, &actor, action, &new, Some(&old), now)?;
        Ok((new, Looks::read(tx)?))
    })
    .await
}

/// Deletes a run with its tests and results.
pub async fn delete(app: &App, actor: &Actor, id: RunId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let (proof, old) = find_locked(tx, &actor, id, DELETE, now)?;
        run::delete(tx, &proof, &old)?;
        note(tx, &actor, "run.deleted", &old, Some(&old), now)
    })
    .await
}

/// What the audit log keeps of a run.
fn told(s: &Run) -> serde_json::Value {
    let (v, l) = (&s.values, &s.links);
    let tags: Vec<&str> = l.tags.iter().map(|(_, name)| name.as_str()).collect();
    let issues: Vec<i64> = l.issues.iter().map(|issue| issue.id.0).collect();
    serde_json::json!({"name": v.name, "state_id": v.state_id, "config_id": v.config_id,
        "milestone_id": v.milestone_id, "note": v.note, "links": v.links, "include_all": s.include_all,
        "is_started": v.is_started, "is_closed": v.is_closed, "live": v.live, "tags": tags, "issues": issues,
        "version": s.version})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    new: &Run,
    old: Option<&Run>,
    now: Timestamp,
) -> Result<()> {
    let detail = old.map(|old| serde_json::json!({"before": told(old), "after": told(new)}).to_string());
    Ok(store::audit::insert(
        tx,
        &Entry {
            project_id: Some(new.project_id),
            target_id: Some(new.id.0),
            target_name: Some(new.values.name.clone()),
            detail,
            ..actor.entry(action, "run", now)
        },
    )?)
}
