//! Results of exploratory sessions: what testers find, one status each. They are counted in their session.

use super::Session;
use crate::access::Proof;
use crate::{Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::{ExploratoryId, Timestamp, UserId};

/// A result of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its id.
    pub id: i64,
    /// The session.
    pub session_id: ExploratoryId,
    /// Result status.
    pub status_id: i64,
    /// What was found.
    pub note: Option<String>,
    /// Microseconds that it took.
    pub elapsed: Option<i64>,
    /// When it was written.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
}

/// A result to be written.
#[derive(Debug, Clone)]
pub struct New {
    /// Result status.
    pub status_id: i64,
    /// What was found.
    pub note: Option<String>,
    /// Microseconds that it took; added to those of the session.
    pub elapsed: Option<i64>,
}

statements! {
    INSERT = "INSERT INTO exploratory_results (session_id, status_id, note, elapsed, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6) RETURNING id";
    COUNT = "UPDATE exploratory_sessions SET counts = $2, elapsed = $3, is_started = TRUE, started_at = COALESCE(started_at, $4)
        WHERE id = $1";
    PAGE = "SELECT f.id, f.session_id, f.status_id, f.note, f.elapsed, f.created_at, f.created_by
        FROM exploratory_results f WHERE f.session_id = $1 ORDER BY f.id DESC LIMIT $2 OFFSET $3";
}

fn found(r: &Row<'_>) -> Result<Found> {
    Ok(Found {
        id: r.get(0)?,
        session_id: ExploratoryId(r.get(1)?),
        status_id: r.get(2)?,
        note: r.get(3)?,
        elapsed: r.get(4)?,
        created_at: Timestamp(r.get(5)?),
        created_by: r.get::<Option<i64>>(6)?.map(UserId),
    })
}

/// Writes a result into a session that was read under the lock, and counts it. The session counts as started.
pub fn insert(tx: &mut Tx<'_>, proof: &Proof, session: &Session, new: &New, now: Timestamp) -> Result<Found> {
    let user = proof.user();
    let id = tx.one(
        INSERT,
        args![
            session.id.0,
            new.status_id,
            new.note.as_deref(),
            new.elapsed,
            now.0,
            user.0
        ],
        |r| r.get(0),
    )?;
    let mut counts = session.counts;
    counts.add(new.status_id, 1);
    let elapsed = match (session.values.elapsed, new.elapsed) {
        (Some(so_far), Some(more)) => Some(so_far.saturating_add(more)),
        (so_far, more) => so_far.or(more),
    };
    tx.execute(COUNT, args![session.id.0, &counts.to_json(), elapsed, now.0])?;
    Ok(Found {
        id,
        session_id: session.id,
        status_id: new.status_id,
        note: new.note.clone(),
        elapsed: new.elapsed,
        created_at: now,
        created_by: Some(user),
    })
}

/// One page of the results of a session, newest first.
pub fn page(tx: &mut Tx<'_>, session: &Session, request: PageRequest) -> Result<Page<Found>> {
    let args = args![session.id.0, request.per_page, request.offset()];
    Ok(Page {
        request,
        total: session.counts.total(),
        rows: tx.all(PAGE, args, found)?,
    })
}
