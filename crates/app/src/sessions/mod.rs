//! Exploratory sessions of a project. (Signing in is [`crate::login`].)

mod change;
pub mod results;

pub use crate::issues::IssueRef;
pub use change::Change;

use crate::custom::Schema;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::status::Statuses;
use model::{Action, Area, Entity, ExploratoryId, ProjectId, Right, Timestamp};
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::exploratory::{self, Filter, Session};

/// Looking at sessions.
pub const VIEW: Right = Right(Area::Sessions, Action::View);
/// Making and changing them.
pub const EDIT: Right = Right(Area::Sessions, Action::Edit);
/// Deleting them.
pub const DELETE: Right = Right(Area::Sessions, Action::Delete);
/// Closing them.
pub const CLOSE: Right = Right(Area::Sessions, Action::Complete);

/// What an action needs beside its right to sessions when the session is closed.
const fn closed(action: Action) -> Right {
    Right(Area::ClosedSessions, action)
}

/// One page of the sessions of a project. Those that are closed are left out for callers who may not view them.
pub async fn page(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
) -> Result<(Page<Session>, Looks)> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let mut filter = filter.clone();
        if filter.is_closed == Some(true) {
            actor.require(tx, Target::Project(project), closed(Action::View), now)?;
        } else if !proof.rights().has(closed(Action::View)) {
            filter.is_closed = Some(false);
        }
        let page = exploratory::page::page(tx, &proof, &filter, request)?;
        Ok((page, Looks::read(tx, &proof)?))
    })
    .await
}

/// One session.
pub async fn get(app: &App, actor: &Actor, id: ExploratoryId) -> Result<(Session, Looks)> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let (proof, session) = find(tx, &actor, id, VIEW, now)?;
        Ok((session, Looks::read(tx, &proof)?))
    })
    .await
}

/// A session that the caller has this right to, with the same right to closed ones where it is closed. For writing, take
/// the lock first.
fn find(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ExploratoryId,
    right: Right,
    now: Timestamp,
) -> Result<(Proof, Session)> {
    let proof = actor.require(tx, Target::Exploratory(id), right, now)?;
    let session = exploratory::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
    if session.values.is_closed {
        actor.require(tx, Target::Exploratory(id), closed(right.1), now)?;
    }
    Ok((proof, session))
}

/// Takes the lock of the project in which the session lies, then finds it.
fn find_locked(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: ExploratoryId,
    right: Right,
    now: Timestamp,
) -> Result<(Proof, Session)> {
    let proof = actor.require(tx, Target::Exploratory(id), right, now)?;
    exploratory::lock(tx, &proof)?;
    find(tx, actor, id, right, now)
}

/// What it takes to show sessions of a project.
#[derive(Debug, Clone, Default)]
pub struct Looks {
    /// Fields and templates of sessions, as far as the caller may look at them.
    pub schema: Schema,
    /// Result statuses.
    pub statuses: Statuses,
}

impl Looks {
    fn read(tx: &mut Tx<'_>, proof: &Proof) -> Result<Looks> {
        Ok(Looks {
            schema: Schema::load(tx, proof, Entity::Session)?,
            statuses: store::status::all(tx)?,
        })
    }
}

/// The workflow states of sessions.
pub async fn states(app: &App, actor: &Actor, project: ProjectId) -> Result<Vec<store::state::State>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(store::state::every(tx, Some(Entity::Session))?)
    })
    .await
}

/// Makes a session. [`Error::Invalid`] when it refers to what the project does not have.
pub async fn create(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: Change,
    claim: Option<Claim>,
    render: fn(&(Session, Looks)) -> (u16, String),
) -> Result<Answer<(Session, Looks)>> {
    let new = Change {
        name: Some(new.name.clone().unwrap_or_default()),
        ..new
    }
    .clean()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        exploratory::lock(tx, &proof)?;
        let (values, links) = new.apply(tx, &proof, None, now)?;
        if values.is_closed {
            actor.require(tx, Target::Project(project), CLOSE, now)?;
        }
        let id = exploratory::insert(tx, &proof, &values, &links, now)?;
        let made = exploratory::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        note(tx, &actor, "session.created", &made, None, now)?;
        Ok((made, Looks::read(tx, &proof)?))
    })
    .await
}

/// Changes a session; [`Error::Conflict`] when the change was meant for another version. Closing one needs the right to
/// complete sessions, any change of a closed one the right to edit closed ones, opening it again that to complete them.
pub async fn update(app: &App, actor: &Actor, id: ExploratoryId, change: Change) -> Result<(Session, Looks)> {
    let change = change.clean()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let (proof, old) = find_locked(tx, &actor, id, EDIT, now)?;
        if let Some(version) = change.version
            && version != old.version
        {
            let text = format!(
                "Session {id} has version {}, but the change is based on version {version}. Read it again first.",
                old.version
            );
            return Err(Error::Conflict("version_conflict", text));
        }
        let (values, links) = change.apply(tx, &proof, Some(&old), now)?;
        if values == old.values && links == old.links {
            return Ok((old, Looks::read(tx, &proof)?));
        }
        let action = match (old.values.is_closed, values.is_closed) {
            (false, true) => {
                actor.require(tx, Target::Exploratory(id), CLOSE, now)?;
                "session.closed"
            }
            (true, false) => {
                actor.require(tx, Target::Exploratory(id), closed(Action::Complete), now)?;
                "session.reopened"
            }
            _ => "session.updated",
        };
        exploratory::update(tx, &proof, &old, &values, &links, now)?;
        let new = exploratory::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        note(tx, &actor, action, &new, Some(&old), now)?;
        Ok((new, Looks::read(tx, &proof)?))
    })
    .await
}

/// Deletes a session with its results.
pub async fn delete(app: &App, actor: &Actor, id: ExploratoryId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let (proof, old) = find_locked(tx, &actor, id, DELETE, now)?;
        exploratory::delete(tx, &proof, &old)?;
        note(tx, &actor, "session.deleted", &old, Some(&old), now)
    })
    .await
}

/// What the audit log keeps of a session.
fn told(s: &Session) -> serde_json::Value {
    let (v, l) = (&s.values, &s.links);
    let tags: Vec<&str> = l.tags.iter().map(|(_, name)| name.as_str()).collect();
    let issues: Vec<i64> = l.issues.iter().map(|issue| issue.id.0).collect();
    serde_json::json!({"name": v.name, "template_id": v.template_id, "state_id": v.state_id, "config_id": v.config_id,
        "milestone_id": v.milestone_id, "assignee_id": v.assignee_id, "estimate": v.estimate, "elapsed": v.elapsed,
        "is_started": v.is_started, "is_closed": v.is_closed, "custom": v.custom, "tags": tags, "issues": issues,
        "version": s.version})
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    session: &Session,
    old: Option<&Session>,
    now: Timestamp,
) -> Result<()> {
    let detail = old.map(|old| serde_json::json!({"before": told(old), "after": told(session)}).to_string());
    Ok(store::audit::insert(
        tx,
        &Entry {
            project_id: Some(session.project_id),
            target_id: Some(session.id.0),
            target_name: Some(session.values.name.clone()),
            detail,
            ..actor.entry(action, "session", now)
        },
    )?)
}
