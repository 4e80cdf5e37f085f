//! Removal in small pieces, for the job that acts for nobody. A run that was begun is finished by whoever comes next.

use super::{keep, may_go};
use crate::{Result, Tx, args, statements};
use model::retention::{Keep, NEWEST, Removal};
use model::{AutomationRunId, SourceId, Timestamp};

/// What is removed of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Output of tests, artifacts and uploaded files.
    Output,
    /// That, and the tests.
    Tests,
}

impl What {
    fn begun(self) -> Removal {
        match self {
            What::Output => Removal::Output,
            What::Tests => Removal::Tests,
        }
    }

    fn done(self) -> Removal {
        match self {
            What::Output => Removal::OutputDone,
            What::Tests => Removal::TestsDone,
        }
    }
}

/// Where the removal of a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Tests after this one.
    Tests(i64),
    /// Tests of replaced attempts after this one.
    Replaced(i64),
    /// Uploaded files.
    Files,
    /// Nothing is left.
    Done,
}

/// $1 run, $2 after, $3 at most: the last id of the next piece.
macro_rules! last_of {
    ($table:literal) => {
        concat!(
            "SELECT MAX(p.id) FROM (SELECT id FROM ",
            $table,
            " WHERE run_id = $1 AND id > $2 ORDER BY id LIMIT $3) p"
        )
    };
}

/// $1 run, $2 after, $3 up to.
macro_rules! delete_details {
    ($table:literal) => {
        concat!(
            "DELETE FROM automation_test_details WHERE test_id IN (SELECT id FROM ",
            $table,
            " WHERE run_id = $1 AND id > $2 AND id <= $3)"
        )
    };
}

/// $1 run, $2 after, $3 up to.
macro_rules! delete {
    ($table:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE run_id = $1 AND id > $2 AND id <= $3"
        )
    };
}

/// $1 source, $2 completed before, $3 and $4 the oldest run that stays by its place, $5 at most.
macro_rules! old {
    ($removals:literal) => {
        concat!(
            "SELECT r.id FROM automation_runs r WHERE r.source_id = $1 AND r.removal IN (",
            $removals,
            ") AND r.created_at < $2 AND r.completed_at < $2 AND (r.created_at < $3 OR (r.created_at = $3 AND r.id < $4)) AND ",
            may_go!(),
            " ORDER BY r.created_at, r.id LIMIT $5"
        )
    };
}

statements! {
    SOURCES = "SELECT COALESCE(s.keep_output_days, p.keep_output_days), COALESCE(s.keep_tests_days, p.keep_tests_days), s.id
        FROM automation_sources s JOIN projects p ON p.id = s.project_id WHERE s.run_count > $1 ORDER BY s.id";
    OLDEST_THAT_STAYS = "SELECT created_at, id FROM automation_runs WHERE source_id = $1
        ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $2";
    OLD_OUTPUT = old!("0, 1");
    OLD_TESTS = old!("0, 1, 2, 3");
    MAY_GO = concat!("SELECT r.id FROM automation_runs r WHERE r.id = $1 AND r.removal < $2 AND r.completed_at < $3 AND ", may_go!());
    SET = "UPDATE automation_runs SET removal = $2, removed_at = $3 WHERE id = $1 AND removal <> $2";
    EMPTY = "UPDATE automation_runs SET artifacts = '[]', output_bytes = 0 WHERE id = $1";
    EMPTY_THREADS = "UPDATE automation_threads SET artifacts = '[]' WHERE run_id = $1 AND artifacts <> '[]'";
    LAST_TEST = last_of!("automation_tests");
    LAST_REPLACED = last_of!("automation_superseded_tests");
    TEST_DETAILS = delete_details!("automation_tests");
    REPLACED_DETAILS = delete_details!("automation_superseded_tests");
    TESTS = delete!("automation_tests");
    REPLACED = delete!("automation_superseded_tests");
    FILES = "DELETE FROM attachments WHERE id IN
        (SELECT id FROM attachments WHERE automation_run_id = $1 ORDER BY id LIMIT $2)";
}

/// Sources that have more runs than stay by their place, with what they and their projects say.
pub fn sources(tx: &mut Tx<'_>) -> Result<Vec<(SourceId, Keep)>> {
    tx.all(SOURCES, args![NEWEST], |r| Ok((SourceId(r.get(2)?), keep(r)?)))
}

/// At most `most` runs of a source, oldest first, that were completed before `before` and may lose this.
pub fn old(
    tx: &mut Tx<'_>,
    source: SourceId,
    what: What,
    before: Timestamp,
    most: i64,
) -> Result<Vec<AutomationRunId>> {
    let place = tx.opt(OLDEST_THAT_STAYS, args![source.0, NEWEST - 1], |r| {
        Ok((r.get::<i64>(0)?, r.get::<i64>(1)?))
    })?;
    let Some((created_at, id)) = place else {
        return Ok(Vec::new());
    };
    let sql = match what {
        What::Output => OLD_OUTPUT,
        What::Tests => OLD_TESTS,
    };
    tx.all(sql, args![source.0, before.0, created_at, id, most], |r| {
        r.get(0).map(AutomationRunId)
    })
}

/// Whether the run, which was old, may still lose this: it was not pinned meanwhile, and its milestone was not opened.
pub fn may_go(tx: &mut Tx<'_>, run: AutomationRunId, what: What, before: Timestamp) -> Result<bool> {
    let found = tx.opt(MAY_GO, args![run.0, what.done().number(), before.0], |r| {
        r.get::<i64>(0)
    })?;
    Ok(found.is_some())
}

/// Removes the next piece, at most `most` tests or files, and says where to go on. With [`Step::Done`] the run is finished.
pub fn piece(
    tx: &mut Tx<'_>,
    run: AutomationRunId,
    what: What,
    step: Step,
    most: i64,
    now: Timestamp,
) -> Result<Step> {
    tx.execute(SET, args![run.0, what.begun().number(), now.0])?;
    match step {
        Step::Tests(after) => {
            let last = rows(tx, [LAST_TEST, TEST_DETAILS, TESTS], run, what, after, most)?;
            Ok(last.map_or(Step::Replaced(0), Step::Tests))
        }
        Step::Replaced(after) => {
            let statements = [LAST_REPLACED, REPLACED_DETAILS, REPLACED];
            let last = rows(tx, statements, run, what, after, most)?;
            Ok(last.map_or(Step::Files, Step::Replaced))
        }
        Step::Files => {
            if tx.execute(FILES, args![run.0, most])? > 0 {
                return Ok(Step::Files);
            }
            tx.execute(EMPTY, args![run.0])?;
            tx.execute(EMPTY_THREADS, args![run.0])?;
            tx.execute(SET, args![run.0, what.done().number(), now.0])?;
            Ok(Step::Done)
        }
        Step::Done => Ok(Step::Done),
    }
}

/// Deletes the next rows; the last id among them.
fn rows(
    tx: &mut Tx<'_>,
    [last, details, tests]: [&'static str; 3],
    run: AutomationRunId,
    what: What,
    after: i64,
    most: i64,
) -> Result<Option<i64>> {
    let last: Option<i64> = tx.one(last, args![run.0, after, most], |r| r.get(0))?;
    if let Some(last) = last {
        tx.execute(details, args![run.0, after, last])?;
        if what == What::Tests {
            tx.execute(tests, args![run.0, after, last])?;
        }
    }
    Ok(last)
}
