//! Parts of runs: jobs that share the work of one run, which they find by a key. A part that is sent again takes the
//! place of what it sent before; the earlier attempt is kept beside the run.

use super::run::{self, Run};
use super::thread::Thread;
use crate::access::Proof;
use crate::{Result, Row, Tx, args, statements};
use model::automation::Outcome;
use model::page::{Page, PageRequest};
use model::{AutomationRunId, AutomationTestId, ThreadId, Timestamp};

/// One attempt of a part.
#[derive(Debug, Clone)]
pub struct Part {
    /// The thread that takes, or took, its results.
    pub thread_id: ThreadId,
    /// The run.
    pub run_id: AutomationRunId,
    /// Name of the part, unique in the run.
    pub part: String,
    /// How often the part has begun, from 1.
    pub attempt: i64,
    /// Whether its job said that nothing more comes.
    pub is_completed: bool,
    /// When a later attempt took its place.
    pub superseded_at: Option<Timestamp>,
}

/// A result of an attempt that no longer counts.
#[derive(Debug, Clone)]
pub struct Superseded {
    /// The result's id, which it keeps.
    pub id: AutomationTestId,
    /// Identity of the test within the source.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Where it belongs.
    pub folder: String,
    /// Result status.
    pub status_id: i64,
    /// What the status counts as.
    pub outcome: Outcome,
    /// Microseconds.
    pub elapsed: Option<i64>,
    /// When it arrived.
    pub created_at: Timestamp,
}

macro_rules! columns {
    () => {
        "SELECT thread_id, run_id, part, attempt, is_completed, superseded_at FROM automation_parts"
    };
}

statements! {
    BY_KEY = "SELECT k.run_id FROM automation_run_keys k JOIN automation_sources s ON s.id = k.source_id
        WHERE s.project_id = $1 AND s.name = $2 AND k.run_key = $3";
    INSERT_KEY = "INSERT INTO automation_run_keys (source_id, run_key, run_id)
        SELECT source_id, $2, id FROM automation_runs WHERE id = $1";
    KEY_OF = "SELECT run_key FROM automation_run_keys WHERE run_id = $1";
    INSERT = "INSERT INTO automation_parts (thread_id, run_id, part, attempt, is_completed, superseded_at)
        VALUES ($1, $2, $3, $4, FALSE, NULL)";
    GET = concat!(columns!(), " WHERE thread_id = $1");
    ATTEMPTS = concat!(columns!(), " WHERE run_id = $1 AND part = $2 ORDER BY attempt");
    OF_RUN = concat!(columns!(), " WHERE run_id = $1 ORDER BY part, attempt");
    COMPLETE = "UPDATE automation_parts SET is_completed = TRUE WHERE thread_id = $1";
    COMPLETED = "SELECT COUNT(*) FROM automation_parts WHERE run_id = $1 AND is_completed AND superseded_at IS NULL";
    SUPERSEDE = "UPDATE automation_parts SET superseded_at = $2 WHERE thread_id = $1";
    UNCOUNT = "UPDATE automation_case_stats AS s SET test_count = s.test_count - n.t, success_count = s.success_count - n.p,
            failure_count = s.failure_count - n.f, elapsed_total = s.elapsed_total - n.e,
            elapsed_count = s.elapsed_count - n.m
        FROM (SELECT case_id AS c, COUNT(*) AS t, COUNT(CASE WHEN outcome = 2 THEN 1 END) AS p,
                COUNT(CASE WHEN outcome = 3 THEN 1 END) AS f, CAST(COALESCE(SUM(elapsed), 0) AS BIGINT) AS e,
                COUNT(elapsed) AS m
            FROM automation_tests WHERE run_id = $1 AND thread_id = $2 GROUP BY case_id) AS n
        WHERE s.case_id = n.c";
    MOVE = "INSERT INTO automation_superseded_tests (id, run_id, thread_id, case_id, status_id, outcome, elapsed, assertions,
            name, folder, file, line, created_at)
        SELECT id, run_id, thread_id, case_id, status_id, outcome, elapsed, assertions, name, folder, file, line, created_at
        FROM automation_tests WHERE run_id = $1 AND thread_id = $2";
    REMOVE = "DELETE FROM automation_tests WHERE run_id = $1 AND thread_id = $2";
    RESULTS = "SELECT t.id, c.key, COALESCE(t.name, c.name), COALESCE(t.folder, c.folder), t.status_id, t.outcome, t.elapsed,
            t.created_at
        FROM automation_superseded_tests t JOIN automation_cases c ON c.id = t.case_id
        WHERE t.thread_id = $1 ORDER BY t.id LIMIT $2 OFFSET $3";
}

fn part(r: &Row<'_>) -> Result<Part> {
    Ok(Part {
        thread_id: ThreadId(r.get(0)?),
        run_id: AutomationRunId(r.get(1)?),
        part: r.get(2)?,
        attempt: r.get(3)?,
        is_completed: r.get(4)?,
        superseded_at: r.get::<Option<i64>>(5)?.map(Timestamp),
    })
}

/// The run of this key. Until the transaction ends no other job of the project finds or makes one.
pub fn run_by_key(
    tx: &mut Tx<'_>,
    proof: &Proof,
    source: &str,
    run_key: &str,
) -> Result<Option<AutomationRunId>> {
    tx.lock(proof.project().0)?;
    tx.opt(BY_KEY, args![proof.project().0, source, run_key], |r| {
        r.get(0).map(AutomationRunId)
    })
}

/// Gives a run its key, after [`run_by_key`] found none.
pub fn set_key(tx: &mut Tx<'_>, _proof: &Proof, run: AutomationRunId, run_key: &str) -> Result<()> {
    tx.execute(INSERT_KEY, args![run.0, run_key]).map(drop)
}

/// The key of a run, if it has one.
pub fn key_of(tx: &mut Tx<'_>, run: AutomationRunId) -> Result<Option<String>> {
    tx.opt(KEY_OF, args![run.0], |r| r.get(0))
}

/// Notes that a thread is an attempt of a part.
pub fn insert(tx: &mut Tx<'_>, run: &Run, thread: ThreadId, name: &str, attempt: i64) -> Result<()> {
    tx.execute(INSERT, args![thread.0, run.id.0, name, attempt])
        .map(drop)
}

/// The attempt that a thread is, if it is one.
pub fn get(tx: &mut Tx<'_>, _proof: &Proof, thread: ThreadId) -> Result<Option<Part>> {
    tx.opt(GET, args![thread.0], part)
}

/// The attempts of one part, the first one first.
pub fn attempts(tx: &mut Tx<'_>, run: &Run, name: &str) -> Result<Vec<Part>> {
    tx.all(ATTEMPTS, args![run.id.0, name], part)
}

/// All attempts of all parts of a run, by part and attempt.
pub fn of_run(tx: &mut Tx<'_>, run: AutomationRunId) -> Result<Vec<Part>> {
    tx.all(OF_RUN, args![run.0], part)
}

/// Notes that the job of an attempt sent everything; how many parts of the run are complete.
pub fn complete(tx: &mut Tx<'_>, run: &Run, thread: ThreadId) -> Result<i64> {
    tx.execute(COMPLETE, args![thread.0])?;
    completed(tx, run.id)
}

/// How many parts of a run are complete.
pub fn completed(tx: &mut Tx<'_>, run: AutomationRunId) -> Result<i64> {
    tx.one(COMPLETED, args![run.0], |r| r.get(0))
}

/// Takes the results of an attempt out of its run, which is held by [`run::get_locked`], and out of the numbers of
/// their tests. What the test's last results were is kept: that it failed and then passed makes a test flaky.
pub fn supersede(tx: &mut Tx<'_>, run: &Run, thread: &Thread, now: Timestamp) -> Result<()> {
    let place = args![run.id.0, thread.id.0];
    tx.execute(UNCOUNT, place)?;
    tx.execute(MOVE, place)?;
    tx.execute(REMOVE, place)?;
    tx.execute(SUPERSEDE, args![thread.id.0, now.0])?;
    run::uncount(tx, run, &thread.counts, now)
}

/// One page of the results of a superseded attempt, in the order in which they came.
pub fn results(tx: &mut Tx<'_>, thread: &Thread, request: PageRequest) -> Result<Page<Superseded>> {
    let place = args![thread.id.0, request.per_page, request.offset()];
    let rows = tx.all(RESULTS, place, |r| {
        Ok(Superseded {
            id: AutomationTestId(r.get(0)?),
            key: r.get(1)?,
            name: r.get(2)?,
            folder: r.get(3)?,
            status_id: r.get(4)?,
            outcome: Outcome::from_number(r.get(5)?).unwrap_or(Outcome::Neutral),
            elapsed: r.get(6)?,
            created_at: Timestamp(r.get(7)?),
        })
    })?;
    Ok(Page {
        request,
        total: thread.counts.total(),
        rows,
    })
}
