//! Tests: the cases of a manual run, each with the text that is tested.

use super::{Run, set_counters};
use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::{Result, Row, Tx, args, statements};
use model::data_set::{DataSet, filled_name};
use model::page::{Page, PageRequest};
use model::status::{Counts, UNTESTED};
use model::{CaseId, RunId, TestId, UserId};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

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
    /// The name in that version, with the values of the row that is tested.
    pub name: Option<String>,
    /// The status of its latest result.
    pub status_id: i64,
    /// Who tests it.
    pub assignee_id: Option<UserId>,
    /// Microseconds that it should take.
    pub forecast: Option<i64>,
    /// Microseconds that its results took.
    pub elapsed: Option<i64>,
    /// Which row of the data set is tested, from 1; none for a case without one.
    pub data_row: Option<i64>,
}

macro_rules! columns {
    () => {
        "SELECT t.id, t.run_id, t.case_id, t.case_version, t.status_id, t.assignee_id, t.forecast, t.elapsed,
            v.content, t.data_row FROM run_tests t
            LEFT JOIN case_versions v ON v.case_id = t.case_id AND v.version = t.case_version"
    };
}

/// $1 run, $2 project, $3 assignee, $4 the last place that is taken; the rest says which cases.
macro_rules! take {
    ($which:expr) => {
        concat!(
            "INSERT INTO run_tests (run_id, case_id, case_version, status_id, assignee_id, position, forecast, data_row)
             SELECT $1, c.id, c.version, 1, CAST($3 AS BIGINT),
                $4 + row_number() OVER (ORDER BY COALESCE(c.folder_id, 0), c.display_order, c.id, r.key),
                COALESCE(c.forecast, c.estimate), r.key + 1
             FROM cases c LEFT JOIN json_each(c.data) r ON TRUE WHERE c.project_id = $2 AND ",
            $which
        )
    };
}

statements! {
    TAKE_ALL = take!("c.state_id IN (SELECT id FROM states WHERE in_runs)");
    TAKE = take!(concat!("c.id IN ", in_list!("$5")));
    ADD = take!(concat!("c.id IN ", in_list!("$5"), " AND c.id NOT IN (SELECT t.case_id FROM run_tests t WHERE t.run_id = $1)"));
    LAST = "SELECT COALESCE(MAX(position), 0) FROM run_tests WHERE run_id = $1";
    SUM_BEHIND = "SELECT CAST(SUM(forecast) AS BIGINT) FROM run_tests WHERE run_id = $1 AND position > $2";
    MISSING = "SELECT CAST(j.value AS BIGINT) FROM json_each(CAST($2 AS TEXT)) j WHERE NOT EXISTS (
        SELECT 1 FROM cases c WHERE c.project_id = $1 AND c.id = CAST(j.value AS BIGINT))";
    NOT_IN_RUNS = concat!("SELECT c.id, s.name FROM cases c JOIN states s ON s.id = c.state_id
        WHERE +c.project_id = $1 AND NOT s.in_runs AND c.id IN ", in_list!("$2"), " ORDER BY c.id");
    SIZE = concat!("SELECT CAST(SUM(COALESCE(json_array_length(data), 1)) AS BIGINT) FROM cases
        WHERE +project_id = $1 AND id IN ", in_list!("$2"));
    SUM = "SELECT COUNT(*), CAST(SUM(forecast) AS BIGINT) FROM run_tests WHERE run_id = $1";
    COUNT = "SELECT COUNT(*) FROM run_tests WHERE run_id = $1";
    PAGE = "SELECT t.id FROM run_tests t WHERE t.run_id = $1 ORDER BY t.position, t.id LIMIT $2 OFFSET $3";
    GET_MANY = concat!(columns!(), " WHERE t.run_id = $1 AND t.id IN ", in_list!("$2"), " ORDER BY t.position, t.id");
    TEXTS = concat!("SELECT t.id, v.content FROM run_tests t
        JOIN case_versions v ON v.case_id = t.case_id AND v.version = t.case_version
        WHERE t.run_id = $1 AND t.id IN ", in_list!("$2"));
    ASSIGN = "UPDATE run_tests SET assignee_id = $2 WHERE run_id = $1 AND assignee_id IS DISTINCT FROM $2";
}

/// What a test needs of the text that is tested.
#[derive(Deserialize)]
struct Text {
    name: String,
    data_set: Option<DataSet>,
}

/// A test from the first ten columns of a row.
pub(super) fn test(r: &Row<'_>) -> Result<Test> {
    let (content, data_row): (Option<String>, Option<i64>) = (r.get(8)?, r.get(9)?);
    let text: Option<Text> = content.and_then(|text| serde_json::from_str(&text).ok());
    let name = text.map(|t| {
        let values = data_row.and_then(|row| t.data_set.as_ref()?.values(row));
        values.map_or_else(|| t.name.clone(), |values| filled_name(&t.name, &values))
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
        data_row,
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

/// How many steps the texts have that these tests of a run are about.
pub fn steps(tx: &mut Tx<'_>, run: &Run, ids: &[i64]) -> Result<HashMap<TestId, usize>> {
    let counted = tx.all(TEXTS, args![run.id.0, &filter::list(ids)], |r| {
        let content: Value = serde_json::from_str(&r.get::<String>(1)?).unwrap_or_default();
        let lists = content
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(_, v)| v.as_array());
        let steps = lists.flatten().filter(|v| v.get("text1").is_some()).count();
        Ok((TestId(r.get(0)?), steps))
    })?;
    Ok(counted.into_iter().collect())
}

/// How many tests these cases are in a run: one for each, or for each row of its data set.
pub fn size(tx: &mut Tx<'_>, proof: &Proof, cases: &[i64]) -> Result<i64> {
    let size: Option<i64> = tx.one(SIZE, args![proof.project().0, &filter::list(cases)], |r| r.get(0))?;
    Ok(size.unwrap_or(0))
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
        None => tx.execute(TAKE_ALL, args![id, project, assignee, 0_i64])?,
        Some(cases) => tx.execute(TAKE, args![id, project, assignee, 0_i64, &filter::list(cases)])?,
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

/// Adds those of these cases that a run does not have, behind its tests; how many tests these are. Holds the lock of the project.
pub(super) fn add(tx: &mut Tx<'_>, proof: &Proof, run: &Run, cases: &[i64]) -> Result<i64> {
    let id = run.id.0;
    let last: i64 = tx.one(LAST, args![id], |r| r.get(0))?;
    let nobody: Option<i64> = None;
    let added = tx.execute(
        ADD,
        args![id, proof.project().0, nobody, last, &filter::list(cases)],
    )?;
    let added = i64::try_from(added).unwrap_or(i64::MAX);
    if added == 0 {
        return Ok(0);
    }
    let more: Option<i64> = tx.one(SUM_BEHIND, args![id, last], |r| r.get(0))?;
    let mut counted = run.clone();
    counted.counts.add(UNTESTED, added);
    if let Some(more) = more {
        counted.forecast = Some(counted.forecast.unwrap_or(0).saturating_add(more));
        counted.forecast_completed = counted.forecast_completed.or(Some(0));
    }
    set_counters(tx, &counted)?;
    Ok(added)
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
