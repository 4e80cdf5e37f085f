//! The way of a case through its states: what needs a review is approved by somebody else than who wrote it.

use crate::clean::Clean;
use crate::notifications::notify;
use crate::{Error, Result};
use model::{Action, Area, Entity, NoticeKind, Right, StateId, Timestamp};
use store::Tx;
use store::access::{Denied, Proof};
use store::case::{Case, Values};
use store::notification::{About, Notice};
use store::state::State;

/// The right to approve what is under review.
pub const APPROVE: Right = Right(Area::Cases, Action::Complete);

/// The state that waits for a review, if the instance has one.
pub fn review(states: &[State]) -> Option<&State> {
    states.iter().find(|s| s.is_review && s.is_active)
}

/// The state of a new case: the one that was named, or that of new cases. One that needs a review is not given to what
/// nobody reviewed.
pub(super) fn of_new(
    clean: &mut Clean,
    field: &str,
    states: &[State],
    id: StateId,
    is_named: bool,
) -> StateId {
    let Some(state) = states.iter().find(|s| s.id == id && s.needs_review) else {
        return id;
    };
    match review(states) {
        Some(review) if !is_named => review.id,
        waiting => {
            clean.refuse(field, first_review(state, waiting));
            id
        }
    }
}

/// Settles the state of a case that changes, and says whether that approves it. `values` are the new ones.
///
/// Whoever gives a case a state that needs a review approves the text that waits for it: it must wait, must not change at
/// the same time, and must be somebody else's. A new text of an approved case waits for a review again.
pub(crate) fn of_changed(
    clean: &mut Clean,
    proof: &Proof,
    states: &[State],
    old: &Case,
    values: &mut Values,
) -> Result<bool> {
    let state = |id: StateId| states.iter().find(|s| s.id == id);
    let was_review = state(old.values.state_id).is_some_and(|s| s.is_review);
    let is_other_text = values.is_other_text(&old.values);
    let Some(new) = state(values.state_id) else {
        return Ok(false);
    };
    if values.state_id == old.values.state_id {
        if new.needs_review
            && is_other_text
            && let Some(review) = review(states)
        {
            values.state_id = review.id;
        }
        return Ok(false);
    }
    if new.needs_review {
        if !was_review {
            clean.refuse("state_id", first_review(new, review(states)));
        } else if is_other_text {
            clean.refuse("state_id", "Change the text first, then let somebody approve it.");
        } else if old.author() == Some(proof.user()) {
            let text = format!(
                "You wrote this text. Somebody else must give the case {} the state {}.",
                old.id, new.name
            );
            clean.refuse("state_id", text);
        } else if !proof.rights().has(APPROVE) {
            return Err(Error::from(Denied::Missing(APPROVE)));
        }
    }
    Ok(was_review && new.in_runs && !is_other_text)
}

/// Asks those who may approve for the review of cases that got their states just now, as far as they wait for one.
pub(super) fn ask(tx: &mut Tx<'_>, proof: &Proof, cases: &[Case], now: Timestamp) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let states = store::state::all(tx, Some(Entity::Case))?;
    let waits = |c: &&Case| states.iter().any(|s| s.id == c.values.state_id && s.is_review);
    let waiting: Vec<&Case> = cases.iter().filter(waits).collect();
    let (about, title) = match waiting.as_slice() {
        [] => return Ok(()),
        [one] => (About::Case(one.id.0), one.values.name.as_str()),
        _ => (About::Project(proof.project().0), ""),
    };
    let to = store::notification::who_may(tx, proof, APPROVE)?;
    let notice = Notice {
        kind: NoticeKind::ReviewAsked,
        place: Some((proof.project(), APPROVE)),
        about,
        part: None,
        count: i64::try_from(waiting.len()).unwrap_or(i64::MAX),
        title,
    };
    notify(tx, Some(proof.user()), &to, &notice, now)
}

fn first_review(state: &State, review: Option<&State>) -> String {
    let review = review.map_or("under review", |s| s.name.as_str());
    format!(
        "A case gets the state {} by a review. Give it the state {review} first.",
        state.name
    )
}
