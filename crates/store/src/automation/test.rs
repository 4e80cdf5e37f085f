//! Tests of automation runs: one result each.

use super::case::{self, Case};
use super::known::Known;
use super::stats::{self, Counted};
use super::thread::Place;
use super::{from_json, run, to_json};
use crate::access::Proof;
use crate::{Arg, Bulk, Column, Result, Row, Tx, args, statements};
use model::automation::{Artifact, Field, NewTest, Outcome};
use model::page::{Page, PageRequest};
use model::retention::Removal;
use model::status::{Counts, Statuses};
use model::{AutomationCaseId, AutomationRunId, AutomationTestId, ThreadId, Timestamp};

/// One result as lists show it.
#[derive(Debug, Clone)]
pub struct Test {
    /// Its id.
    pub id: AutomationTestId,
    /// The run it belongs to.
    pub run_id: AutomationRunId,
    /// The thread that brought it.
    pub thread_id: ThreadId,
    /// The same test across runs.
    pub case_id: AutomationCaseId,
    /// Identity within the source.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Where it belongs.
    pub folder: String,
    /// The file it stands in.
    pub file: Option<String>,
    /// Line in the file.
    pub line: Option<i64>,
    /// Result status.
    pub status_id: i64,
    /// What the status counts as.
    pub outcome: Outcome,
    /// Microseconds.
    pub elapsed: Option<i64>,
    /// Assertions made.
    pub assertions: Option<i64>,
    /// When it arrived.
    pub created_at: Timestamp,
}

/// What a result carries beside its row.
#[derive(Debug, Clone, Default)]
pub struct Details {
    /// Messages, output and properties.
    pub fields: Vec<Field>,
    /// Files that lie elsewhere.
    pub artifacts: Vec<Artifact>,
}

/// How a list of tests is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By id, which is the order of arrival.
    #[default]
    Id,
    /// By name.
    Name,
    /// By what the status counts as.
    Status,
    /// By elapsed time.
    Elapsed,
}

/// Which tests, and in what order. Empty lists do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Threads.
    pub thread_ids: Vec<i64>,
    /// Numbers of outcomes, 1 to 4.
    pub outcomes: Vec<i64>,
    /// Sort key; the id decides between equals.
    pub sort: Sort,
    /// Smallest first.
    pub ascending: bool,
}

macro_rules! columns {
    () => {
        "t.id, t.run_id, t.thread_id, t.case_id, c.key, COALESCE(t.name, c.name), COALESCE(t.folder, c.folder),
         COALESCE(t.file, c.file), COALESCE(t.line, c.line), t.status_id, t.outcome, t.elapsed, t.assertions, t.created_at
         FROM automation_tests t JOIN automation_cases c ON c.id = t.case_id"
    };
}

macro_rules! list {
    ($order:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " WHERE t.run_id = $1
            AND (CAST($2 AS TEXT) IS NULL OR replace($2, ',' || CAST(t.thread_id AS TEXT) || ',', '') <> $2)
            AND (CAST($3 AS TEXT) IS NULL OR replace($3, ',' || CAST(t.outcome AS TEXT) || ',', '') <> $3)
            ORDER BY ",
            $order,
            " LIMIT $4 OFFSET $5"
        )
    };
}

statements! {
    TAKE_IDS (sqlite) = "UPDATE sequences SET next = next + $1 WHERE name = 'automation_tests' RETURNING next - $1";
    NEXT_IDS (postgres) = "SELECT nextval('automation_tests_id') FROM generate_series(CAST(1 AS BIGINT), $1)";
    INSERT = "INSERT INTO automation_tests (id, run_id, thread_id, case_id, status_id, outcome, elapsed, assertions, name, folder,
            file, line, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    INSERT_DETAILS = "INSERT INTO automation_test_details (test_id, fields, artifacts) VALUES ($1, $2, $3)";
    GET = concat!("SELECT ", columns!(), " WHERE t.id = $1 AND t.run_id = $2");
    DETAILS = "SELECT fields, artifacts FROM automation_test_details WHERE test_id = $1";
    COUNT = "SELECT COUNT(*) FROM automation_tests t WHERE t.run_id = $1
            AND (CAST($2 AS TEXT) IS NULL OR replace($2, ',' || CAST(t.thread_id AS TEXT) || ',', '') <> $2)
            AND (CAST($3 AS TEXT) IS NULL OR replace($3, ',' || CAST(t.outcome AS TEXT) || ',', '') <> $3)";
    BY_ID_DESC = list!("t.id DESC");
    BY_ID_ASC = list!("t.id");
    BY_NAME_DESC = list!("COALESCE(t.name, c.name) DESC, t.id DESC");
    BY_NAME_ASC = list!("COALESCE(t.name, c.name), t.id");
    BY_STATUS_DESC = list!("t.outcome DESC, t.id DESC");
    BY_STATUS_ASC = list!("t.outcome, t.id");
    BY_ELAPSED_DESC = list!("t.elapsed DESC NULLS LAST, t.id DESC");
    BY_ELAPSED_ASC = list!("t.elapsed NULLS LAST, t.id");
    NOT_PASSED = concat!("SELECT ", columns!(),
        " WHERE t.run_id = $1 AND t.outcome <> 2 AND t.outcome = $2 AND t.id > $3 ORDER BY t.id LIMIT $4");
    PASSED = concat!("SELECT ", columns!(), " WHERE t.run_id = $1 AND t.outcome = 2 AND t.id > $2 ORDER BY t.id LIMIT $3");
    HISTORY = "SELECT t.run_id, t.id, t.outcome, t.status_id, t.elapsed, t.created_at FROM automation_tests t
        WHERE t.case_id = $1 AND t.id <= $2 ORDER BY t.id DESC LIMIT $3";
}

const TESTS: Bulk = Bulk {
    insert: INSERT,
    copy: "COPY automation_tests (id, run_id, thread_id, case_id, status_id, outcome, elapsed, assertions, name, folder, file,
        line, created_at) FROM STDIN (FORMAT binary)",
    columns: &[
        Column::I64,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::I64,
        Column::Text,
        Column::Text,
        Column::Text,
        Column::I64,
        Column::I64,
    ],
};
const DETAILS_ROWS: Bulk = Bulk {
    insert: INSERT_DETAILS,
    copy: "COPY automation_test_details (test_id, fields, artifacts) FROM STDIN (FORMAT binary)",
    columns: &[Column::I64, Column::Text, Column::Text],
};

/// Results that were written and are not counted yet.
#[derive(Debug, Default)]
pub struct Written {
    /// How many there are of each status.
    pub counts: Counts,
    /// What their details take.
    pub bytes: i64,
    /// By the id of their test.
    results: Vec<(i64, Counted)>,
}

/// Writes results. Nothing is held for it: who sends to one run at the same time waits only for its counters.
pub fn insert(
    tx: &mut Tx<'_>,
    known: &Known,
    place: Place,
    statuses: &Statuses,
    tests: &[NewTest],
    now: Timestamp,
) -> Result<Written> {
    if tests.is_empty() {
        return Ok(Written::default());
    }
    let same = known.find(tx, place.source, tests);
    let rest = tests.iter().zip(&same).filter(|(_, id)| id.is_none());
    let rest: Vec<&NewTest> = rest.map(|(test, _)| test).collect();
    let cases = case::resolve(tx, known, place.source, &rest, now)?;
    let ids = take_ids(tx, tests.len())?;
    let found = || {
        tests.iter().zip(&ids).zip(&same).filter_map(|((t, id), same)| {
            let case = match same {
                Some(id) => Found { id: *id, case: None },
                None => Found::from(cases.get(t.key.as_str())?),
            };
            Some((t, *id, case))
        })
    };
    tx.bulk(
        &TESTS,
        found().map(|(test, id, case)| row(place, statuses, test, id, case, now)),
    )?;
    let details: Vec<(i64, String, String)> = found()
        .filter(|(t, ..)| !t.fields.is_empty() || !t.artifacts.is_empty())
        .map(|(t, id, _)| (id, to_json(&t.fields), to_json(&t.artifacts)))
        .collect();
    if !details.is_empty() {
        tx.bulk(
            &DETAILS_ROWS,
            details.iter().map(|(id, fields, artifacts)| -> [Arg<'_>; 3] {
                [(*id).into(), fields.into(), artifacts.into()]
            }),
        )?;
    }
    let bytes: usize = details
        .iter()
        .map(|(_, fields, artifacts)| fields.len() + artifacts.len())
        .sum();
    let mut written = Written {
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        ..Written::default()
    };
    for (test, _, case) in found() {
        written.counts.add(test.status_id, 1);
        let outcome = outcome(statuses, test.status_id);
        let elapsed = test.elapsed;
        written.results.push((case.id.0, Counted { outcome, elapsed }));
    }
    Ok(written)
}

/// Counts results for their tests; the run is held by [`run::get_locked`].
pub fn count(tx: &mut Tx<'_>, run: &run::Run, written: Written, now: Timestamp) -> Result<()> {
    stats::count(tx, run.source_id, written.results.into_iter(), now)
}

fn take_ids(tx: &mut Tx<'_>, n: usize) -> Result<Vec<i64>> {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    if tx.is_postgres() {
        tx.all(NEXT_IDS, args![n], |r| r.get(0))
    } else {
        let first: i64 = tx.one(TAKE_IDS, args![n], |r| r.get(0))?;
        Ok((first..first + n).collect())
    }
}

/// The test of a result.
struct Found<'c> {
    id: AutomationCaseId,
    /// None: the result describes it just so.
    case: Option<&'c Case>,
}

impl<'c> From<&'c Case> for Found<'c> {
    fn from(case: &'c Case) -> Self {
        Found {
            id: case.id,
            case: Some(case),
        }
    }
}

fn row<'a>(
    place: Place,
    statuses: &Statuses,
    test: &'a NewTest,
    id: i64,
    found: Found<'_>,
    now: Timestamp,
) -> [Arg<'a>; 13] {
    let differs = |does: fn(&NewTest, &Case) -> bool| found.case.is_some_and(|case| does(test, case));
    let name = differs(|t, c| t.name != c.name).then_some(test.name.as_str());
    let folder = differs(|t, c| t.folder != c.folder).then_some(test.folder.as_str());
    let file = differs(|t, c| t.file != c.file)
        .then_some(test.file.as_deref())
        .flatten();
    let line = differs(|t, c| t.line != c.line).then_some(test.line).flatten();
    [
        id.into(),
        place.run.0.into(),
        place.thread.0.into(),
        found.id.0.into(),
        test.status_id.into(),
        outcome(statuses, test.status_id).number().into(),
        test.elapsed.into(),
        test.assertions.into(),
        name.into(),
        folder.into(),
        file.into(),
        line.into(),
        now.0.into(),
    ]
}

/// What a result status counts as.
pub fn outcome(statuses: &Statuses, status_id: i64) -> Outcome {
    match statuses.get(status_id) {
        Some(s) if s.is_failed => Outcome::Failure,
        Some(s) if s.is_passed => Outcome::Success,
        _ => Outcome::Neutral,
    }
}

/// One page of the tests of a run.
pub fn page(tx: &mut Tx<'_>, run: &run::Run, filter: &Filter, request: PageRequest) -> Result<Page<Test>> {
    let (threads, outcomes) = (
        crate::filter::ids(&filter.thread_ids),
        crate::filter::ids(&filter.outcomes),
    );
    // The counters say what arrived, not what is still there.
    let is_whole = run.removal < Removal::Tests;
    let total = if is_whole && threads.is_none() && outcomes.is_none() {
        run.counts.total()
    } else {
        tx.one(COUNT, args![run.id.0, threads.as_ref(), outcomes.as_ref()], |r| {
            r.get(0)
        })?
    };
    let sql = match (filter.sort, filter.ascending) {
        (Sort::Id, false) => BY_ID_DESC,
        (Sort::Id, true) => BY_ID_ASC,
        (Sort::Name, false) => BY_NAME_DESC,
        (Sort::Name, true) => BY_NAME_ASC,
        (Sort::Status, false) => BY_STATUS_DESC,
        (Sort::Status, true) => BY_STATUS_ASC,
        (Sort::Elapsed, false) => BY_ELAPSED_DESC,
        (Sort::Elapsed, true) => BY_ELAPSED_ASC,
    };
    Ok(Page {
        request,
        total,
        rows: tx.all(
            sql,
            args![
                run.id.0,
                threads.as_ref(),
                outcomes.as_ref(),
                request.per_page,
                request.offset()
            ],
            test,
        )?,
    })
}

/// A place in the list that shows failures first, then what is neither, then passed tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The group.
    pub outcome: Outcome,
    /// After this test; 0 for the beginning of the group.
    pub after: i64,
}

impl Default for Cursor {
    fn default() -> Self {
        Cursor {
            outcome: Outcome::Failure,
            after: 0,
        }
    }
}

/// The next `most` tests of a run from a place on, failures first, and the place after them; read from indexes alone.
pub fn failures_first(
    tx: &mut Tx<'_>,
    run: AutomationRunId,
    from: Cursor,
    most: i64,
) -> Result<(Vec<Test>, Option<Cursor>)> {
    const ORDER: [Outcome; 3] = [Outcome::Failure, Outcome::Neutral, Outcome::Success];
    let start = ORDER.iter().position(|o| *o == from.outcome).unwrap_or(0);
    let mut tests: Vec<Test> = Vec::new();
    let mut after = from.after;
    for group in &ORDER[start..] {
        // One more than fits tells whether there is a next place.
        let room = most + 1 - i64::try_from(tests.len()).unwrap_or(most);
        tests.extend(group_after(tx, run, *group, after, room)?);
        if tests.len() > usize::try_from(most).unwrap_or(0) {
            tests.pop();
            let next = tests.last().map(|t| Cursor {
                outcome: t.outcome,
                after: t.id.0,
            });
            return Ok((tests, next));
        }
        after = 0;
    }
    Ok((tests, None))
}

/// The next `most` tests of one outcome after a test.
pub fn group_after(
    tx: &mut Tx<'_>,
    run: AutomationRunId,
    group: Outcome,
    after: i64,
    most: i64,
) -> Result<Vec<Test>> {
    match group {
        Outcome::Success => tx.all(PASSED, args![run.0, after, most], test),
        other => tx.all(NOT_PASSED, args![run.0, other.number(), after, most], test),
    }
}

/// One test of a run.
pub fn get(
    tx: &mut Tx<'_>,
    _proof: &Proof,
    run: AutomationRunId,
    id: AutomationTestId,
) -> Result<Option<Test>> {
    tx.opt(GET, args![id.0, run.0], test)
}

/// Fields and artifacts of a test; empty for most.
pub fn details(tx: &mut Tx<'_>, id: AutomationTestId) -> Result<Details> {
    let found = tx.opt(DETAILS, args![id.0], |r| {
        Ok(Details {
            fields: from_json(&r.get::<String>(0)?),
            artifacts: from_json(&r.get::<String>(1)?),
        })
    })?;
    Ok(found.unwrap_or_default())
}

/// An earlier result of the same test.
#[derive(Debug, Clone, Copy)]
pub struct Past {
    /// The run.
    pub run_id: AutomationRunId,
    /// The result.
    pub id: AutomationTestId,
    /// What its status counts as.
    pub outcome: Outcome,
    /// Result status.
    pub status_id: i64,
    /// Microseconds.
    pub elapsed: Option<i64>,
    /// When it arrived.
    pub created_at: Timestamp,
}

/// The last `most` results of the same test up to this one, newest first.
pub fn history(tx: &mut Tx<'_>, test: &Test, most: i64) -> Result<Vec<Past>> {
    tx.all(HISTORY, args![test.case_id.0, test.id.0, most], |r| {
        Ok(Past {
            run_id: AutomationRunId(r.get(0)?),
            id: AutomationTestId(r.get(1)?),
            outcome: Outcome::from_number(r.get(2)?).unwrap_or(Outcome::Neutral),
            status_id: r.get(3)?,
            elapsed: r.get(4)?,
            created_at: Timestamp(r.get(5)?),
        })
    })
}

fn test(r: &Row<'_>) -> Result<Test> {
    Ok(Test {
        id: AutomationTestId(r.get(0)?),
        run_id: AutomationRunId(r.get(1)?),
        thread_id: ThreadId(r.get(2)?),
        case_id: AutomationCaseId(r.get(3)?),
        key: r.get(4)?,
        name: r.get(5)?,
        folder: r.get(6)?,
        file: r.get(7)?,
        line: r.get(8)?,
        status_id: r.get(9)?,
        outcome: Outcome::from_number(r.get(10)?).unwrap_or(Outcome::Neutral),
        elapsed: r.get(11)?,
        assertions: r.get(12)?,
        created_at: Timestamp(r.get(13)?),
    })
}
