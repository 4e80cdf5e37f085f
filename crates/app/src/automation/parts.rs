//! Parts of runs: jobs that share the work of one run. The first one makes the run, the last one completes it, and a
//! job that is repeated replaces what it sent before.

use super::runs::{self, NewRun, close, ending, held_for_part};
use super::threads::{self, NewThread, open_thread};
use super::{COMPLETE, EDIT, VIEW};
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::automation::Outcome;
use model::page::{Page, PageRequest};
use model::status::Counts;
use model::{AutomationRunId, ProjectId, ThreadId, Timestamp};
use store::Tx;
use store::access::{Proof, Target};
use store::automation::part::{self, Part, Superseded};
use store::automation::run::{self, Run};
use store::automation::thread::{self, Elapsed, Thread};

/// Most parts of a run, all attempts counted.
const MOST: usize = 10_000;

/// A part that begins.
#[derive(Debug, Clone)]
pub struct NewPart {
    /// What all jobs of the run have in common.
    pub run_key: String,
    /// Name of the part.
    pub part: String,
    /// The run, as it is made when there is none of this key.
    pub run: NewRun,
    /// The part's thread.
    pub thread: NewThread,
}

/// A part that has begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// The run that was found or made.
    pub run: AutomationRunId,
    /// The thread that takes the results.
    pub thread: ThreadId,
    /// How often the part has begun.
    pub attempt: i64,
}

/// A part that is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The run.
    pub run: AutomationRunId,
    /// Parts of it that are complete.
    pub completed: i64,
    /// Whether the run is complete with it.
    pub run_is_completed: bool,
}

/// The parts of a run.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Its key; none when its jobs did not use any.
    pub run_key: Option<String>,
    /// Attempts, by part and number, each with its thread.
    pub attempts: Vec<(Part, Thread)>,
}

/// Finds the run of the key, or makes it, and begins a part. What earlier attempts of the part sent no longer counts.
/// A run that was completed within the last seven days is opened again.
pub async fn begin(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: NewPart,
    claim: Option<Claim>,
    render: fn(&Begun) -> (u16, String),
) -> Result<Answer<Begun>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        let run = find_or_make(tx, &actor, &proof, &new, now)?;
        if part::of_run(tx, run.id)?.len() >= MOST {
            return Err(Error::field(
                "part",
                format!("A run has at most {MOST} attempts of parts. Use another run key."),
            ));
        }
        let attempt = supersede_earlier(tx, &actor, &proof, &run, &new.part, now)?;
        let run = run::get(tx, &proof, run.id)?.ok_or(Error::NotFound)?;
        let id = thread::insert(tx, &proof, &run, new.thread.elapsed, &new.thread.additions, now)?;
        part::insert(tx, &run, id, &new.part, attempt)?;
        let entry = threads::entry(&actor, "automation_part.begun", &run, id, now);
        let detail = serde_json::json!({
            "automation_run_id": run.id.0, "part": new.part, "attempt": attempt,
        });
        store::audit::insert(
            tx,
            &store::audit::Entry {
                detail: Some(detail.to_string()),
                ..entry
            },
        )?;
        Ok(Begun {
            run: run.id,
            thread: id,
            attempt,
        })
    })
    .await
}

fn find_or_make(tx: &mut Tx<'_>, actor: &Actor, proof: &Proof, new: &NewPart, now: Timestamp) -> Result<Run> {
    if let Some(id) = part::run_by_key(tx, proof, &new.run.source, &new.run_key)? {
        return held_for_part(tx, actor, proof, id, now);
    }
    let id = runs::make(tx, actor, proof, &new.run, now)?;
    part::set_key(tx, proof, id, &new.run_key)?;
    run::get_locked(tx, proof, id)?.ok_or(Error::NotFound)
}

/// Takes the results of the part's earlier attempts out of the run. The number of the attempt that begins.
fn supersede_earlier(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    run: &Run,
    name: &str,
    now: Timestamp,
) -> Result<i64> {
    let attempts = part::attempts(tx, run, name)?;
    for earlier in attempts.iter().filter(|attempt| attempt.superseded_at.is_none()) {
        let thread = thread::get(tx, proof, earlier.thread_id)?.ok_or(Error::NotFound)?;
        if !thread.is_completed {
            // Its job was stopped, or still runs and is told at its next request.
            thread::complete(
                tx,
                &thread,
                Outcome::Failure,
                Elapsed::default(),
                Some(proof.user()),
                now,
            )?;
        }
        let run = run::get(tx, proof, run.id)?.ok_or(Error::NotFound)?;
        part::supersede(tx, &run, &thread, now)?;
        let entry = threads::entry(actor, "automation_part.superseded", &run, thread.id, now);
        store::audit::insert(tx, &entry)?;
    }
    Ok(attempts.last().map_or(1, |last| last.attempt + 1))
}

/// Completes a part, and its run when so many parts are complete. One that is complete already stays as it is.
pub async fn complete(
    app: &App,
    actor: &Actor,
    id: ThreadId,
    parts: Option<i64>,
    claim: Option<Claim>,
    render: fn(&Ended) -> (u16, String),
) -> Result<Answer<Ended>> {
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Thread(id), COMPLETE, now)?;
        let place = thread::place(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let attempt = part::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        if attempt.superseded_at.is_some() {
            return Err(Error::field(
                "automation_run_thread_id",
                "A later attempt of this part took its place.",
            ));
        }
        if attempt.is_completed {
            let run = run::get(tx, &proof, place.run)?.ok_or(Error::NotFound)?;
            return Ok(Ended {
                run: run.id,
                completed: part::completed(tx, run.id)?,
                run_is_completed: run.is_completed,
            });
        }
        let (run, open) = open_thread(tx, &actor, &proof, place, now)?;
        let status = ending(&store::status::all(tx)?, &open.counts, Some(proof.user()));
        thread::complete(tx, &open, status, Elapsed::default(), Some(proof.user()), now)?;
        let completed = part::complete(tx, &run, id)?;
        let entry = threads::entry(&actor, "automation_part.completed", &run, id, now);
        store::audit::insert(tx, &entry)?;
        let is_last = parts.is_some_and(|parts| completed >= parts);
        if is_last {
            let entry = runs::entry(
                &actor,
                "automation_run.completed",
                run.project_id,
                run.id,
                &run.name,
                now,
            );
            close(tx, &run, None, Some(actor.user.id), now)?;
            store::audit::insert(tx, &entry)?;
        }
        Ok(Ended {
            run: run.id,
            completed,
            run_is_completed: is_last,
        })
    })
    .await
}

/// The parts of a run with all their attempts.
pub async fn list(app: &App, actor: &Actor, id: AutomationRunId) -> Result<Parts> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::AutomationRun(id), VIEW, now)?;
        run::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let mut threads = thread::of_run(tx, id)?;
        let attempts = part::of_run(tx, id)?;
        let with_thread = |part: Part| {
            let place = threads.iter().position(|t| t.id == part.thread_id)?;
            Some((part, threads.swap_remove(place)))
        };
        Ok(Parts {
            run_key: part::key_of(tx, id)?,
            attempts: attempts.into_iter().filter_map(with_thread).collect(),
        })
    })
    .await
}

/// One page of the results of an attempt that no longer counts; of one that counts there are none here.
pub async fn results(
    app: &App,
    actor: &Actor,
    id: ThreadId,
    request: PageRequest,
) -> Result<Page<Superseded>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Thread(id), VIEW, now)?;
        let attempt = part::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let mut thread = thread::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        if attempt.superseded_at.is_none() {
            thread.counts = Counts::default();
        }
        Ok(part::results(tx, &thread, request)?)
    })
    .await
}
