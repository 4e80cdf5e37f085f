//! Comments on cases.

use super::{COMMENT, VIEW};
use crate::clean::Clean;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::{CaseId, CommentId, Timestamp};
use store::Tx;
use store::access::{Denied, Proof, Target};
use store::audit::Entry;
use store::case::comment::{self, Comment};

/// Most characters of a comment.
pub(super) const TEXT_MAX: usize = 20_000;

/// The comments on a case, oldest first.
pub async fn comments(app: &App, actor: &Actor, id: CaseId) -> Result<Vec<Comment>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require(tx, Target::Case(id), VIEW, now)?;
        Ok(comment::of(tx, &[id])?)
    })
    .await
}

/// Comments on a case.
pub async fn comment(
    app: &App,
    actor: &Actor,
    case: CaseId,
    text: &str,
    claim: Option<Claim>,
    render: fn(&Comment) -> (u16, String),
) -> Result<Answer<Comment>> {
    let text = clean(text)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = allowed(tx, &actor, case, now)?;
        let id = add(tx, &actor, &proof, case, &text, now)?;
        comment::get(tx, &proof, case, id)?.ok_or(Error::NotFound)
    })
    .await
}

/// Adds a comment to a case that was read in this transaction, and notes it.
pub(super) fn add(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    case: CaseId,
    text: &str,
    now: Timestamp,
) -> Result<CommentId> {
    let id = comment::insert(tx, proof, case, text, now)?;
    note(tx, actor, proof, "comment.created", id, now)?;
    Ok(id)
}

/// Gives one's own comment another text.
pub async fn update_comment(
    app: &App,
    actor: &Actor,
    case: CaseId,
    id: CommentId,
    text: &str,
) -> Result<Comment> {
    let text = clean(text)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = allowed(tx, &actor, case, now)?;
        own(tx, &actor, &proof, case, id)?;
        comment::update(tx, &proof, id, &text, now)?;
        note(tx, &actor, &proof, "comment.updated", id, now)?;
        comment::get(tx, &proof, case, id)?.ok_or(Error::NotFound)
    })
    .await
}

/// Deletes one's own comment; site admins delete any.
pub async fn delete_comment(app: &App, actor: &Actor, case: CaseId, id: CommentId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = allowed(tx, &actor, case, now)?;
        if !actor.user.is_admin {
            own(tx, &actor, &proof, case, id)?;
        }
        comment::get(tx, &proof, case, id)?.ok_or(Error::NotFound)?;
        comment::delete(tx, id)?;
        note(tx, &actor, &proof, "comment.deleted", id, now)
    })
    .await
}

/// Whoever looks at a case and changes cases or runs them may comment on it.
fn allowed(tx: &mut Tx<'_>, actor: &Actor, case: CaseId, now: Timestamp) -> Result<Proof> {
    actor.require(tx, Target::Case(case), VIEW, now)?;
    actor.require_one(tx, Target::Case(case), COMMENT, now)
}

fn clean(text: &str) -> Result<String> {
    let mut clean = Clean::default();
    let text = clean.note("text", Some(text), TEXT_MAX);
    if text.is_none() {
        clean.refuse("text", "The text is required.");
    }
    clean.finish()?;
    Ok(text.unwrap_or_default())
}

fn own(tx: &mut Tx<'_>, actor: &Actor, proof: &Proof, case: CaseId, id: CommentId) -> Result<()> {
    let comment = comment::get(tx, proof, case, id)?.ok_or(Error::NotFound)?;
    if comment.created_by == Some(actor.user.id) {
        Ok(())
    } else {
        Err(Error::Denied(Denied::NotOwner))
    }
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    action: &str,
    id: CommentId,
    now: Timestamp,
) -> Result<()> {
    let entry = actor.entry(action, "comment", now);
    Ok(store::audit::insert(
        tx,
        &Entry {
            project_id: Some(proof.project()),
            target_id: Some(id.0),
            ..entry
        },
    )?)
}
