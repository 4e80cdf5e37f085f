//! Results of exploratory sessions: what testers find while they look.

use super::{Actor, App, Error, Result, VIEW, find, find_locked};
use crate::clean::Clean;
use crate::once::{Answer, Claim};
use model::clock::DAY;
use model::page::{Page, PageRequest};
use model::{Action, Area, ExploratoryId, Right};
use store::audit::Entry;
use store::exploratory::result::{self, Found, New};

/// Writing results of sessions.
pub const EDIT: Right = Right(Area::Sessions, Action::Edit);

/// Most characters of what was found.
const NOTE_MAX: usize = 10_000;

/// One page of the results of a session, newest first.
pub async fn page(app: &App, actor: &Actor, id: ExploratoryId, request: PageRequest) -> Result<Page<Found>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let (_, session) = find(tx, &actor, id, VIEW, now)?;
        Ok(result::page(tx, &session, request)?)
    })
    .await
}

/// Writes a result. The session counts it, adds its time, and counts as started; a closed one takes none.
pub async fn create(
    app: &App,
    actor: &Actor,
    id: ExploratoryId,
    new: New,
    claim: Option<Claim>,
    render: fn(&Found) -> (u16, String),
) -> Result<Answer<Found>> {
    let mut clean = Clean::default();
    let note = clean.note("note", new.note.as_deref(), NOTE_MAX);
    if new.elapsed.is_some_and(|e| !(0..=DAY).contains(&e)) {
        clean.refuse("elapsed", format!("The elapsed must be 0 to {DAY} microseconds."));
    }
    clean.finish()?;
    let new = New { note, ..new };
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let (proof, session) = find_locked(tx, &actor, id, EDIT, now)?;
        if session.values.is_closed {
            let text = "This session is closed. Open it again first, with is_closed false.";
            return Err(Error::field("session_id", text));
        }
        if store::status::all(tx)?.get(new.status_id).is_none() {
            let text = format!(
                "There is no status {}. See the statuses of the project.",
                new.status_id
            );
            return Err(Error::field("status_id", text));
        }
        let found = result::insert(tx, &proof, &session, &new, now)?;
        let detail = serde_json::json!({"after": {"status_id": found.status_id, "note": found.note,
            "elapsed": found.elapsed, "session_id": id}});
        store::audit::insert(
            tx,
            &Entry {
                project_id: Some(proof.project()),
                target_id: Some(found.id),
                target_name: Some(session.values.name.clone()),
                detail: Some(detail.to_string()),
                ..actor.entry("session_result.created", "session_result", now)
            },
        )?;
        Ok(found)
    })
    .await
}
