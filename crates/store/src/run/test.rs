//! Tests: the cases of a manual run, each with the text that is tested.

use super::{Run, set_counters};
use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::{Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::status::{Counts, UNTESTED};
use model::{CaseId, RunId, TestId, UserId};

/// A case in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Its id.
    pub id: TestId,
    /// The run.
    pub run_id: RunId,
    /// The case, which may be gone.
    pub case_id: CaseId,
    /// The version of its text that is tested.
    pub case_version: i64,
    /// The name in that version.
    pub name: Option<String>,
    /// The status of its latest result.
    pub status_id: i64,
    /// Who tests it.
    pub assignee_id: Option<UserId>,
    /// Microseconds that it should take.
    pub forecast: Option<i64>,
    /// Microseconds that its results took.
    pub elapsed: Option<i64>,
}

macro_rules! columns {
    () => {
        "SELECT t.id, t.run_id, t.case_id, t.case_version, t.status_id, t.assignee_id, t.forecast, t.elapsed,
            v.content FROM run_tests t
            LEFT JOIN case_versions v ON v.case_id = t.case_id AND v.version = t.case_version"
    };
}

/// $1 run, $2 project, $3 assignee; the rest says which cases.
macro_rules! take {
    ($which:expr) => {
        concat!(
            "INSERT INTO run_tests (run_id, case_id, case_version, status_id, assignee_id, position, forecast)
             SELECT $1, c.id, c.version, 1, CAST($3 AS BIGINT),
                row_number() OVER (ORDER BY COALESCE(c.folder_id, 0), c.display_order, c.id), COALESCE(c.forecast, c.estimate)
             FROM cases c WHERE c.project_id = $2 AND ",
            $which
        )
    };
}

statements! {
    TAKE_ALL = take!("c.state_id IN (SELECT id FROM states WHERE in_runs)");
    TAKE = take!(concat!("c.id IN ", in_list!("$4")));
    MISSING = "SELECT CAST(j.value AS BIGINT) FROM json_each(CAST($2 AS TEXT)) j WHERE NOT EXISTS (
        SELECT 1 FROM cases c WHERE c.project_id = $1 AND c.id = CAST(j.value AS BIGINT))";
    NOT_IN_RUNS = concat!("SELECT c.id, s.name FROM cases c JOIN states s ON s.id = c.state_id
        WHERE +c.project_id = $1 AND NOT s.in_runs AND c.id IN ", in_list!("$2"), " ORDER BY c.id");
    SUM = "SELECT COUNT(*), CAST(SUM(forecast) AS BIGINT) FROM run_tests WHERE run_id = $1";
    COUNT = "SELECT COUNT(*) FROM run_tests WHERE run_id = $1";
    PAGE = "SELECT t.id FROM run_tests t WHERE t.run_id = $1 ORDER BY t.position, t.id LIMIT $2 OFFSET $3";
    GET_MANY = concat!(columns!(), " WHERE t.run_id = $1 AND t.id IN ", in_list!("$2"), " ORDER BY t.position, t.id");
    ASSIGN = "UPDATE run_tests SET assignee_id = $2 WHERE run_id = $1 AND assignee_id IS DISTINCT FROM $2";
}

/// A test from the first nine columns of a row.
pub(super) fn test(r: &Row<'_>) -> Result<Test> {
    let content: Option<String> = r.get(8)?;
    let name = content.and_then(|text| {
        let content: serde_json::Value = serde_json::from_str(&text).ok()?;
        Some(content.get("name")?.as_str()?.to_owned())
    });
    Ok(Test {
        id: TestId(r.get(0)?),
        run_id: RunId(r.get(1)?),
        case_id: CaseId(r.get(2)?),
        case_version: r.get(3)?,
        name,
        status_id: r.get(4)?,
        assignee_id: r.get::<Option<i64>>(5)?.map(UserId),
        forecast: r.get(6)?,
        elapsed: r.get(7)?,
    })
}

/// Which of these cases the project does not have.
pub fn missing(tx: &mut Tx<'_>, proof: &Proof, cases: &[i64]) -> Result<Vec<i64>> {
    tx.all(MISSING, args![proof.project().0, &filter::list(cases)], |r| {
        r.get(0)
    })
}

/// Which of these cases have a state that does not flow into runs, with the name of the state.
pub fn not_in_runs(tx: &mut Tx<'_>, proof: &Proof, cases: &[i64]) -> Result<Vec<(i64, String)>> {
    tx.all(NOT_IN_RUNS, args![proof.project().0, &filter::list(cases)], |r| {
        Ok((r.get(0)?, r.get(1)?))
    })
}

/// Puts cases into a run that has none: these, or all of the project whose state flows into runs. One statement for the tests,
/// however many; the run is counted anew. Holds the lock of the project.
pub fn take(
    tx: &mut Tx<'_>,
    proof: &Proof,
    run: &Run,
    cases: Option<&[i64]>,
    assignee: Option<UserId>,
) -> Result<()> {
    let (id, project, assignee) = (run.id.0, proof.project().0, assignee.map(|u| u.0));
    match cases {
        None => tx.execute(TAKE_ALL, args![id, project, assignee])?,
        Some(cases) => tx.execute(TAKE, args![id, project, assignee, &filter::list(cases)])?,
    };
    let (tests, forecast): (i64, Option<i64>) = tx.one(SUM, args![id], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let mut counts = Counts::default();
    counts.add(UNTESTED, tests);
    let counted = Run {
        counts,
        forecast,
        forecast_completed: forecast.map(|_| 0),
        ..run.clone()
    };
    set_counters(tx, &counted)
}

/// Gives all tests of a run to somebody, or to nobody; how many were not theirs before.
pub fn assign(tx: &mut Tx<'_>, run: &Run, assignee: Option<UserId>) -> Result<i64> {
    let changed = tx.execute(ASSIGN, args![run.id.0, assignee.map(|u| u.0)])?;
    Ok(i64::try_from(changed).unwrap_or(i64::MAX))
}

/// The tests of a run with these ids, in the order of the run.
pub fn get_many(tx: &mut Tx<'_>, run: &Run, ids: &[i64]) -> Result<Vec<Test>> {
    tx.all(GET_MANY, args![run.id.0, &filter::list(ids)], test)
}

/// One page of the tests of a run, in its order.
pub fn page(tx: &mut Tx<'_>, run: &Run, request: PageRequest) -> Result<Page<Test>> {
    let total = tx.one(COUNT, args![run.id.0], |r| r.get(0))?;
    let ids: Vec<i64> = tx.all(PAGE, args![run.id.0, request.per_page, request.offset()], |r| {
        r.get(0)
    })?;
    let rows = get_many(tx, run, &ids)?;
    Ok(Page { request, total, rows })
}
