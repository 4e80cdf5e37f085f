//! The review of a case: what waits for it, and how it goes on.

use super::change::{changed, write};
use super::comments::add;
use super::input::Change;
use super::workflow::{APPROVE, review as review_state};
use super::{EDIT, VIEW, versions};
use crate::clean::Clean;
use crate::custom::Schema;
use crate::{Actor, App, Error, Result};
use model::{CaseId, Entity, StateId};
use store::access::Target;
use store::case::version::{self, Version};
use store::case::{self, Case};
use store::state::State;

/// Where a case stands between those who write and those who approve.
#[derive(Debug, Clone)]
pub struct Review {
    /// States that the caller may give it, in their order, but the one that it has.
    pub next: Vec<State>,
    /// The state that asks for a review, when the case does not have it.
    pub ask: Option<State>,
    /// What a reviewer sees; none for a case that does not wait.
    pub waiting: Option<Waiting>,
}

/// A text that waits for a review.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The version that a review approved last, none at first.
    pub approved: Option<i64>,
    /// The case as it is now, with what differs from the approved version.
    pub version: Version,
    /// Whether the caller wrote the text, and somebody else must give it a state that needs a review.
    pub is_for_others: bool,
}

/// How a case goes on.
#[derive(Debug, Clone)]
pub struct Step {
    /// The state that it gets.
    pub state: StateId,
    /// The version that was looked at.
    pub version: Option<i64>,
    /// What the author should know; empty for nothing.
    pub comment: String,
}

/// Where a case stands; nothing is offered to those who may not change it.
pub async fn review(app: &App, actor: &Actor, id: CaseId) -> Result<Review> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Case(id), VIEW, now)?;
        let case = case::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let states = store::state::all(tx, Some(Entity::Case))?;
        let has = |flag: fn(&State) -> bool| states.iter().any(|s| s.id == case.values.state_id && flag(s));
        let is_waiting = has(|s| s.is_review);
        let is_own = case.author() == Some(proof.user());
        let is_offered = |s: &State| {
            let approves = is_waiting && !is_own && proof.rights().has(APPROVE);
            proof.rights().has(EDIT) && s.id != case.values.state_id && (approves || !s.needs_review)
        };
        let waiting = if is_waiting {
            Some(waiting(
                tx,
                &proof,
                &case,
                is_own && states.iter().any(|s| s.needs_review),
            )?)
        } else {
            None
        };
        Ok(Review {
            next: states.iter().filter(|s| is_offered(s)).cloned().collect(),
            ask: review_state(&states)
                .filter(|s| is_offered(s) && !is_waiting)
                .cloned(),
            waiting,
        })
    })
    .await
}

fn waiting(
    tx: &mut store::Tx<'_>,
    proof: &store::access::Proof,
    case: &Case,
    is_for_others: bool,
) -> Result<Waiting> {
    let schema = Schema::load(tx, proof, Entity::Case)?;
    let mut now = version::get(tx, proof, case.id, case.version)?.ok_or(Error::NotFound)?;
    let approved = match case.approved_version {
        Some(number) => version::get(tx, proof, case.id, number)?,
        None => None,
    };
    now.changes = match &approved {
        Some(old) => version::between(&old.content, &now.content),
        None => Vec::new(),
    };
    // That it waits now is no change of its text.
    now.changes.retain(|c| c.field != "state_id");
    versions::hide(&schema, &mut now);
    Ok(Waiting {
        approved: approved.map(|v| v.number),
        version: now,
        is_for_others,
    })
}

/// Gives a case another state, with a comment if there is one: all of it, or nothing. [`Error::Conflict`] when the case has
/// another version than the one that was looked at.
pub async fn step(app: &App, actor: &Actor, id: CaseId, step: Step) -> Result<()> {
    let mut clean = Clean::default();
    let comment = clean.note("comment", Some(&step.comment), super::comments::TEXT_MAX);
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Case(id), EDIT, now)?;
        case::lock(tx, &proof)?;
        let schema = Schema::load(tx, &proof, Entity::Case)?;
        let change = Change {
            version: step.version,
            state_id: Some(step.state),
            ..Change::default()
        };
        let moved = changed(tx, &proof, &schema, &[id], &change, now)?;
        write(tx, &actor, &proof, schema, moved, now)?;
        match &comment {
            Some(text) => add(tx, &actor, &proof, id, text, now).map(drop),
            None => Ok(()),
        }
    })
    .await
}
