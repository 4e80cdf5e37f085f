//! Threads of automation runs: results that arrive side by side, in batches.

use super::runs::{ending, held, open};
use super::{COMPLETE, EDIT};
use crate::once::{self, Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::automation::NewTest;
use model::{AutomationRunId, ThreadId, Timestamp};
use std::sync::Arc;
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::automation::known::Known;
use store::automation::run::Run;
use store::automation::thread::{self, Elapsed, Place, Thread};
use store::automation::{Additions, test};
use store::idempotency;

/// What comes with a new thread.
#[derive(Debug, Clone, Default)]
pub struct NewThread {
    /// Elapsed values so far.
    pub elapsed: Elapsed,
    /// Fields and artifacts.
    pub additions: Additions,
}

/// A piece of what a client appends to a thread. A body with very many tests is written in several pieces, so that it
/// never holds the writer for long; each is there whole or not at all.
#[derive(Debug, Clone)]
pub struct Part {
    /// Tests of the same body that came before this piece.
    pub offset: i64,
    /// The tests.
    pub tests: Vec<NewTest>,
    /// With the last piece: elapsed values to add, fields and artifacts.
    pub end: Option<NewThread>,
}

impl Part {
    fn bytes(&self) -> usize {
        self.tests.iter().map(NewTest::bytes).sum()
    }
}

/// Makes an open thread in an open run.
pub async fn create(
    app: &App,
    actor: &Actor,
    run: AutomationRunId,
    new: NewThread,
    claim: Option<Claim>,
    render: fn(&ThreadId) -> (u16, String),
) -> Result<Answer<ThreadId>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let (proof, run) = open(tx, &actor, run, EDIT, now)?;
        let id = thread::insert(tx, &proof, &run, new.elapsed, &new.additions, now)?;
        store::audit::insert(tx, &entry(&actor, "automation_thread.created", &run, id, now))?;
        Ok(id)
    })
    .await
}

/// Appends one part to an open thread. With a claim, a part that is in already is left out, and a body that is in
/// already is answered as it was.
pub async fn append(
    app: &App,
    actor: &Actor,
    id: ThreadId,
    part: Part,
    claim: Option<Claim>,
    render: fn(&()) -> (u16, String),
) -> Result<Answer<()>> {
    let (actor, now, bytes) = (actor.clone(), app.now(), part.bytes());
    let (part, known) = (Arc::new(part), app.0.tests.clone());
    app.db()
        .ingest(bytes, move |tx| {
            let done = match once::begin(tx, claim.as_ref(), now)? {
                Ok(done) => done,
                Err((status, body)) => return Ok(Answer::Known(status, body)),
            };
            let after = part.offset + i64::try_from(part.tests.len()).unwrap_or(0);
            // The last piece finishes its claim in the same transaction, so only an earlier one can be in already.
            let is_in = part.end.is_none() && claim.is_some() && done >= after;
            if !is_in {
                write(tx, &known, &actor, id, &part, now)?;
            }
            if let Some(claim) = &claim {
                if part.end.is_some() {
                    let (status, body) = render(&());
                    idempotency::finish(tx, claim, status, &body)?;
                } else {
                    idempotency::advance(tx, claim, done.max(after))?;
                }
            }
            Ok(Answer::Fresh(()))
        })
        .await
}

fn write(
    tx: &mut Tx<'_>,
    known: &Known,
    actor: &Actor,
    id: ThreadId,
    part: &Part,
    now: Timestamp,
) -> Result<()> {
    let proof = actor.require(tx, Target::Thread(id), EDIT, now)?;
    let place = thread::place(tx, &proof, id)?.ok_or(Error::NotFound)?;
    let statuses = store::status::all(tx)?;
    let written = test::insert(tx, known, place, &statuses, &part.tests, now)?;
    let (run, thread) = open_thread(tx, actor, &proof, place, now)?;
    let nothing = NewThread::default();
    let end = part.end.as_ref().unwrap_or(&nothing);
    thread::add(tx, &run, &thread, end.elapsed, &end.additions, &written, now)?;
    Ok(test::count(tx, &run, written, now)?)
}

/// Completes a thread; elapsed values that are given replace those it has.
pub async fn complete(
    app: &App,
    actor: &Actor,
    id: ThreadId,
    elapsed: Elapsed,
    claim: Option<Claim>,
    render: fn(&()) -> (u16, String),
) -> Result<Answer<()>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Thread(id), COMPLETE, now)?;
        let place = thread::place(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let (run, thread) = open_thread(tx, &actor, &proof, place, now)?;
        let status = ending(&store::status::all(tx)?, &thread.counts, Some(proof.user()));
        thread::complete(tx, &thread, status, elapsed, Some(proof.user()), now)?;
        Ok(store::audit::insert(
            tx,
            &entry(&actor, "automation_thread.completed", &run, id, now),
        )?)
    })
    .await
}

/// The thread and its run, held until the transaction ends, and open. A thread that was closed with an incomplete run
/// is opened again with it.
pub(super) fn open_thread(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    place: Place,
    now: Timestamp,
) -> Result<(Run, Thread)> {
    let mut run = held(tx, actor, proof, place.run, now)?;
    let mut thread = thread::get(tx, proof, place.thread)?.ok_or(Error::NotFound)?;
    if thread.is_completed {
        if thread.completed_by.is_some() {
            return Err(Error::field(
                "automation_run_thread_id",
                "This thread is completed. Make a new thread in the run.",
            ));
        }
        thread::reopen(tx, &thread, now)?;
        thread.is_completed = false;
        run.thread_active_count += 1;
    }
    Ok((run, thread))
}

pub(super) fn entry(actor: &Actor, action: &str, run: &Run, id: ThreadId, now: Timestamp) -> Entry {
    let entry = actor.entry(action, "automation_thread", now);
    let detail = serde_json::json!({ "automation_run_id": run.id.0 }).to_string();
    Entry {
        project_id: Some(run.project_id),
        target_id: Some(id.0),
        detail: Some(detail),
        ..entry
    }
}
