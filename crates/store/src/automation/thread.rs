//! Threads of automation runs: results that arrive side by side.

use super::test::Written;
use super::{Additions, from_json, run, to_json};
use crate::access::Proof;
use crate::{Result, Row, Tx, args, statements};
use model::automation::{Artifact, Field, Outcome};
use model::status::Counts;
use model::{AutomationRunId, SourceId, ThreadId, Timestamp, UserId};

/// A thread of an automation run.
#[derive(Debug, Clone)]
pub struct Thread {
    /// Its id.
    pub id: ThreadId,
    /// The run it belongs to.
    pub run_id: AutomationRunId,
    /// Place in the run, from 1.
    pub position: i64,
    /// Running, success or failure.
    pub status: Outcome,
    /// Nothing more comes.
    pub is_completed: bool,
    /// Microseconds on the clock.
    pub elapsed_observed: Option<i64>,
    /// Microseconds summed over tests.
    pub elapsed_computed: Option<i64>,
    /// Files that lie elsewhere.
    pub artifacts: Vec<Artifact>,
    /// Named values.
    pub fields: Vec<Field>,
    /// Results by status.
    pub counts: Counts,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// By whom.
    pub completed_by: Option<UserId>,
}

impl Thread {
    /// What is shown: the observed time if there is one, else the computed.
    pub fn elapsed(&self) -> Option<i64> {
        self.elapsed_observed.or(self.elapsed_computed)
    }
}

/// Elapsed values of a thread, in microseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Elapsed {
    /// On the clock.
    pub observed: Option<i64>,
    /// Summed over tests.
    pub computed: Option<i64>,
}

macro_rules! columns {
    () => {
        "t.id, t.run_id, t.position, t.status, t.is_completed, t.elapsed_observed, t.elapsed_computed, t.artifacts, t.fields,
         t.counts, t.created_at, t.created_by, t.completed_at, t.completed_by"
    };
}

statements! {
    INSERT = "INSERT INTO automation_threads (run_id, position, status, is_completed, elapsed_observed, elapsed_computed,
            artifacts, fields, counts, created_at, created_by)
        VALUES ($1, $2, 4, FALSE, $3, $4, $5, $6, '[]', $7, $8) RETURNING id";
    PLACE = "SELECT r.source_id, r.id FROM automation_threads t JOIN automation_runs r ON r.id = t.run_id WHERE t.id = $1";
    GET = concat!("SELECT ", columns!(), " FROM automation_threads t WHERE t.id = $1");
    OF_RUN = concat!("SELECT ", columns!(), " FROM automation_threads t WHERE t.run_id = $1 ORDER BY t.position");
    OF_RUNS = concat!("SELECT ", columns!(), " FROM automation_threads t WHERE t.run_id >= $2 AND t.run_id <= $3
        AND replace($1, ',' || CAST(t.run_id AS TEXT) || ',', '') <> $1 ORDER BY t.run_id, t.position");
    UPDATE = "UPDATE automation_threads SET elapsed_observed = $2, elapsed_computed = $3, artifacts = $4, fields = $5,
            counts = $6 WHERE id = $1";
    COMPLETE = "UPDATE automation_threads SET status = $2, is_completed = TRUE, elapsed_observed = $3, elapsed_computed = $4,
            completed_at = $5, completed_by = $6 WHERE id = $1";
    REOPEN = "UPDATE automation_threads SET status = 4, is_completed = FALSE, completed_at = NULL, completed_by = NULL
        WHERE id = $1";
}

fn thread(r: &Row<'_>) -> Result<Thread> {
    Ok(Thread {
        id: ThreadId(r.get(0)?),
        run_id: AutomationRunId(r.get(1)?),
        position: r.get(2)?,
        status: Outcome::from_number(r.get(3)?).unwrap_or(Outcome::Running),
        is_completed: r.get(4)?,
        elapsed_observed: r.get(5)?,
        elapsed_computed: r.get(6)?,
        artifacts: from_json(&r.get::<String>(7)?),
        fields: from_json(&r.get::<String>(8)?),
        counts: Counts::from_json(&r.get::<String>(9)?),
        created_at: Timestamp(r.get(10)?),
        created_by: r.get::<Option<i64>>(11)?.map(UserId),
        completed_at: r.get::<Option<i64>>(12)?.map(Timestamp),
        completed_by: r.get::<Option<i64>>(13)?.map(UserId),
    })
}

/// Makes an open thread in a run that is held by [`run::get_locked`].
pub fn insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    run: &run::Run,
    elapsed: Elapsed,
    more: &Additions,
    now: Timestamp,
) -> Result<ThreadId> {
    let id = ThreadId(tx.one(
        INSERT,
        args![
            run.id.0,
            run.thread_count + 1,
            elapsed.observed,
            elapsed.computed,
            &to_json(&more.artifacts),
            &to_json(&more.fields),
            now.0,
            proof.user().0
        ],
        |r| r.get(0),
    )?);
    run::count_threads(tx, run.id, 1, 1, now)?;
    Ok(id)
}

/// Where the results of a thread belong.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The source.
    pub source: SourceId,
    /// Its run.
    pub run: AutomationRunId,
    /// Its thread.
    pub thread: ThreadId,
}

/// Where the results of a thread belong; its run is not held.
pub fn place(tx: &mut Tx<'_>, _proof: &Proof, id: ThreadId) -> Result<Option<Place>> {
    tx.opt(PLACE, args![id.0], |r| {
        Ok(Place {
            source: SourceId(r.get(0)?),
            run: AutomationRunId(r.get(1)?),
            thread: id,
        })
    })
}

/// The thread with this id.
pub fn get(tx: &mut Tx<'_>, _proof: &Proof, id: ThreadId) -> Result<Option<Thread>> {
    tx.opt(GET, args![id.0], thread)
}

/// The threads of a run in their order.
pub fn of_run(tx: &mut Tx<'_>, id: AutomationRunId) -> Result<Vec<Thread>> {
    tx.all(OF_RUN, args![id.0], thread)
}

/// The threads of several runs, in the order of runs and of threads. One statement.
pub fn of_runs(tx: &mut Tx<'_>, ids: &[AutomationRunId]) -> Result<Vec<Thread>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let (Some(first), Some(last), Some(list)) =
        (ids.iter().min(), ids.iter().max(), crate::filter::ids(&ids))
    else {
        return Ok(Vec::new());
    };
    tx.all(OF_RUNS, args![&list, *first, *last], thread)
}

/// Adds elapsed values, fields, artifacts and results to a thread, and the results to its run.
pub fn add(
    tx: &mut Tx<'_>,
    run: &run::Run,
    thread: &Thread,
    elapsed: Elapsed,
    more: &Additions,
    results: &Written,
    now: Timestamp,
) -> Result<()> {
    let sum = |old: Option<i64>, more: Option<i64>| match (old, more) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    };
    let mut counts = thread.counts;
    counts.add_all(&results.counts);
    tx.execute(
        UPDATE,
        args![
            thread.id.0,
            sum(thread.elapsed_observed, elapsed.observed),
            sum(thread.elapsed_computed, elapsed.computed),
            &to_json(&[thread.artifacts.as_slice(), &more.artifacts].concat()),
            &to_json(&[thread.fields.as_slice(), &more.fields].concat()),
            &counts.to_json()
        ],
    )?;
    run::count(tx, run, &results.counts, results.bytes, now)
}

/// Completes a thread; values that are given replace those it has.
pub fn complete(
    tx: &mut Tx<'_>,
    thread: &Thread,
    status: Outcome,
    elapsed: Elapsed,
    by: Option<UserId>,
    now: Timestamp,
) -> Result<()> {
    let observed = elapsed.observed.or(thread.elapsed_observed);
    let computed = elapsed.computed.or(thread.elapsed_computed);
    tx.execute(
        COMPLETE,
        args![
            thread.id.0,
            status.number(),
            observed,
            computed,
            now.0,
            by.map(|u| u.0)
        ],
    )?;
    run::count_threads(tx, thread.run_id, 0, -1, now)
}

/// Opens a thread again with its run.
pub fn reopen(tx: &mut Tx<'_>, thread: &Thread, now: Timestamp) -> Result<()> {
    tx.execute(REOPEN, args![thread.id.0])?;
    run::count_threads(tx, thread.run_id, 0, 1, now)
}
