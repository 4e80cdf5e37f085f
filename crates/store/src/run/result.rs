//! Results of manual runs. The newest result of a test is its latest one, and its status is that of the test.

use super::test::Test;
use super::{Run, set_counters};
use crate::access::Proof;
use crate::automation::{from_json, to_json};
use crate::filter::{self, in_list};
use crate::issue::Issue;
use crate::{Arg, Bulk, Column, Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::status::{Statuses, StepStatus, UNTESTED};
use model::{CaseId, IssueId, ProjectId, ResultId, RunId, TestId, Timestamp, UserId};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// A result of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct RunResult {
    /// Its id.
    pub id: ResultId,
    /// The test.
    pub test_id: TestId,
    /// The run.
    pub run_id: RunId,
    /// The case.
    pub case_id: CaseId,
    /// The version of its text that was tested.
    pub case_version: i64,
    /// Which row of the data set of that version was tested, from 1; none for a case without one.
    pub data_row: Option<i64>,
    /// The project.
    pub project_id: ProjectId,
    /// Whether the test has no newer one.
    pub is_latest: bool,
    /// What people write.
    pub values: Values,
    /// When it was written.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// By whom.
    pub deleted_by: Option<UserId>,
}

/// What people write about a result.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values {
    /// Result status.
    pub status_id: i64,
    /// What was seen.
    pub note: Option<String>,
    /// Microseconds that it took.
    pub elapsed: Option<i64>,
    /// Who tests it.
    pub assignee_id: Option<UserId>,
    /// Values of custom fields by system name; those without one are left out.
    pub custom: Map<String, Value>,
    /// What it led to, by id.
    pub issues: Vec<Issue>,
    /// The statuses of single steps, in their order.
    pub steps: Vec<StepStatus>,
}

/// Which results of a run, and in what order. Empty lists do not filter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Written after this instant.
    pub created_after: Option<Timestamp>,
    /// Written before this instant.
    pub created_before: Option<Timestamp>,
    /// Written by these users.
    pub created_by: Vec<i64>,
    /// Assigned to these users; 0 is nobody.
    pub assignee_ids: Vec<i64>,
    /// With one of these statuses.
    pub status_ids: Vec<i64>,
    /// Only the latest of each test.
    pub only_latest: bool,
    /// Oldest first.
    pub ascending: bool,
}

macro_rules! columns {
    () => {
        "SELECT r.id, r.test_id, r.run_id, r.case_id, r.project_id, r.is_latest, r.status_id, r.note, r.elapsed, r.assignee_id,
            r.created_at, r.created_by, r.updated_at, r.updated_by, r.deleted_at, r.deleted_by, r.custom, r.case_version, r.data_row, r.steps
            FROM run_results r"
    };
}

/// $1 run; written after $2 and before $3; lists: $4 by, $5 assignees, $6 statuses; $7 any or the latest ones.
macro_rules! filtered {
    () => {
        " FROM run_results r WHERE r.run_id = $1 AND r.created_at > $2 AND r.created_at < $3
            AND (CAST($4 AS TEXT) IS NULL OR replace($4, ',' || CAST(r.created_by AS TEXT) || ',', '') <> $4)
            AND (CAST($5 AS TEXT) IS NULL OR replace($5, ',' || CAST(COALESCE(r.assignee_id, 0) AS TEXT) || ',', '') <> $5)
            AND (CAST($6 AS TEXT) IS NULL OR replace($6, ',' || CAST(r.status_id AS TEXT) || ',', '') <> $6)
            AND ($7 OR r.is_latest)"
    };
}

statements! {
    COUNT = concat!("SELECT COUNT(*)", filtered!());
    PAGE_DESC = concat!("SELECT r.id", filtered!(), " ORDER BY r.created_at DESC, r.id DESC LIMIT $8 OFFSET $9");
    PAGE_ASC = concat!("SELECT r.id", filtered!(), " ORDER BY r.created_at, r.id LIMIT $8 OFFSET $9");
    COUNT_OF_CASE = "SELECT COUNT(*) FROM run_results r JOIN runs s ON s.id = r.run_id
        WHERE r.case_id = $1 AND r.project_id = $2 AND ($3 OR NOT s.is_closed)";
    OF_CASE = "SELECT r.id FROM run_results r JOIN runs s ON s.id = r.run_id
        WHERE r.case_id = $1 AND r.project_id = $2 AND ($3 OR NOT s.is_closed)
        ORDER BY r.created_at DESC, r.id DESC LIMIT $4 OFFSET $5";
    GET_MANY = concat!(columns!(), " WHERE r.project_id = $1 AND r.id IN ", in_list!("$2"));
    LATEST = concat!("SELECT id FROM run_results WHERE is_latest AND test_id IN ", in_list!("$1"));
    ISSUES = concat!("SELECT result_id, issue_id FROM result_issues WHERE result_id IN ", in_list!("$1"), "
        ORDER BY result_id, issue_id");
    UNMARK = concat!("UPDATE run_results SET is_latest = FALSE WHERE is_latest AND test_id IN ", in_list!("$1"));
    INSERT = "INSERT INTO run_results (test_id, run_id, case_id, project_id, status_id, is_latest, note, elapsed, assignee_id,
            custom, created_at, created_by, case_version, data_row, steps)
        SELECT t.id, t.run_id, t.case_id, CAST($2 AS BIGINT), CAST(j.value ->> 'status_id' AS BIGINT), TRUE,
            j.value ->> 'note', CAST(j.value ->> 'elapsed' AS BIGINT), CAST(j.value ->> 'assignee_id' AS BIGINT), j.value ->> 'custom',
            CAST($3 AS BIGINT), CAST($4 AS BIGINT), t.case_version, t.data_row, j.value ->> 'steps'
        FROM json_each(CAST($1 AS TEXT)) j JOIN run_tests t ON t.id = CAST(j.value ->> 'test_id' AS BIGINT)";
    SET_TESTS = "UPDATE run_tests SET status_id = n.status_id, assignee_id = n.assignee_id, elapsed = n.elapsed
        FROM (SELECT CAST(value ->> 'id' AS BIGINT) AS id, CAST(value ->> 'status_id' AS BIGINT) AS status_id,
                CAST(value ->> 'assignee_id' AS BIGINT) AS assignee_id, CAST(value ->> 'elapsed' AS BIGINT) AS elapsed
            FROM json_each(CAST($1 AS TEXT))) n
        WHERE run_tests.id = n.id";
    UPDATE = "UPDATE run_results SET status_id = $2, note = $3, elapsed = $4, assignee_id = $5, updated_at = $6, updated_by = $7,
            custom = $8, steps = $9 WHERE id = $1";
    LINK = "INSERT INTO result_issues (result_id, issue_id) VALUES ($1, $2)";
    UNLINK = "DELETE FROM result_issues WHERE result_id = $1";
    REMOVE = "UPDATE run_results SET is_latest = FALSE, deleted_at = $2, deleted_by = $3 WHERE id = $1";
    BEFORE = "SELECT MAX(id) FROM run_results WHERE test_id = $1 AND id < $2 AND deleted_at IS NULL";
    TAKE = "UPDATE run_tests SET case_version = $2, data_row = $3 WHERE id = $1";
    MARK = "UPDATE run_results SET is_latest = TRUE WHERE id = $1";
}

const ISSUE_ROWS: Bulk = Bulk {
    insert: LINK,
    copy: "COPY result_issues (result_id, issue_id) FROM STDIN (FORMAT binary)",
    columns: &[Column::I64, Column::I64],
};

fn result(r: &Row<'_>) -> Result<RunResult> {
    let user = |i: usize| Ok::<_, crate::Error>(r.get::<Option<i64>>(i)?.map(UserId));
    let at = |i: usize| Ok::<_, crate::Error>(r.get::<Option<i64>>(i)?.map(Timestamp));
    Ok(RunResult {
        id: ResultId(r.get(0)?),
        test_id: TestId(r.get(1)?),
        run_id: RunId(r.get(2)?),
        case_id: CaseId(r.get(3)?),
        case_version: r.get(17)?,
        data_row: r.get(18)?,
        project_id: ProjectId(r.get(4)?),
        is_latest: r.get(5)?,
        values: Values {
            status_id: r.get(6)?,
            note: r.get(7)?,
            elapsed: r.get(8)?,
            assignee_id: user(9)?,
            custom: serde_json::from_str(&r.get::<String>(16)?).unwrap_or_default(),
            issues: Vec::new(),
            steps: r
                .get::<Option<String>>(19)?
                .map(|s| from_json(&s))
                .unwrap_or_default(),
        },
        created_at: Timestamp(r.get(10)?),
        created_by: user(11)?,
        updated_at: at(12)?,
        updated_by: user(13)?,
        deleted_at: at(14)?,
        deleted_by: user(15)?,
    })
}

/// The results with these ids that lie in the project that was checked, in the order of `ids`. At most three
/// statements.
pub fn get_many(tx: &mut Tx<'_>, proof: &Proof, ids: &[i64]) -> Result<Vec<RunResult>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = filter::list(ids);
    let found = tx.all(GET_MANY, args![proof.project().0, &list], result)?;
    let mut found: HashMap<i64, RunResult> = found.into_iter().map(|r| (r.id.0, r)).collect();
    let pairs = tx.all(ISSUES, args![&list], |r| {
        Ok((r.get::<i64>(0)?, IssueId(r.get(1)?)))
    })?;
    for (id, issue) in crate::issue::linked(tx, proof, pairs)? {
        if let Some(result) = found.get_mut(&id) {
            result.values.issues.push(issue);
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// One page of the results of a run.
pub fn page(
    tx: &mut Tx<'_>,
    proof: &Proof,
    run: &Run,
    f: &Filter,
    request: PageRequest,
) -> Result<Page<RunResult>> {
    let lists = [&f.created_by, &f.assignee_ids, &f.status_ids].map(|ids| filter::ids(ids));
    let mut given: Vec<Arg<'_>> = args![
        run.id.0,
        f.created_after.map_or(i64::MIN, |t| t.0),
        f.created_before.map_or(i64::MAX, |t| t.0)
    ]
    .to_vec();
    given.extend(lists.iter().map(|list| Arg::from(list.as_ref())));
    given.push((!f.only_latest).into());
    let total = tx.one(COUNT, &given, |r| r.get(0))?;
    given.extend_from_slice(args![request.per_page, request.offset()]);
    let sql = if f.ascending { PAGE_ASC } else { PAGE_DESC };
    let ids: Vec<i64> = tx.all(sql, &given, |r| r.get(0))?;
    let rows = get_many(tx, proof, &ids)?;
    Ok(Page { request, total, rows })
}

/// One page of the results that a case had in runs, newest first; those of closed runs only if `closed`.
pub fn of_case(
    tx: &mut Tx<'_>,
    proof: &Proof,
    case: CaseId,
    closed: bool,
    request: PageRequest,
) -> Result<Page<RunResult>> {
    let project = proof.project().0;
    let total = tx.one(COUNT_OF_CASE, args![case.0, project, closed], |r| r.get(0))?;
    let given = args![case.0, project, closed, request.per_page, request.offset()];
    let ids: Vec<i64> = tx.all(OF_CASE, given, |r| r.get(0))?;
    let rows = get_many(tx, proof, &ids)?;
    Ok(Page { request, total, rows })
}

/// Moves a run's counters by a test that changes its status and takes more time.
fn count(run: &mut Run, statuses: &Statuses, test: &Test, status_id: i64, more: i64) {
    run.counts.add(test.status_id, -1);
    run.counts.add(status_id, 1);
    let is_final = |id: i64| statuses.get(id).is_some_and(|s| s.is_final);
    if let Some(forecast) = test.forecast {
        let done = run.forecast_completed.unwrap_or(0);
        run.forecast_completed = Some(match (is_final(test.status_id), is_final(status_id)) {
            (false, true) => done.saturating_add(forecast),
            (true, false) => done.saturating_sub(forecast),
            _ => done,
        });
    }
    if more != 0 {
        run.elapsed = Some(run.elapsed.unwrap_or(0).saturating_add(more));
    }
}

fn test_row(test: &Test, values: &Values, more: i64) -> Value {
    let elapsed = match (test.elapsed, more) {
        (elapsed, 0) => elapsed,
        (elapsed, more) => Some(elapsed.unwrap_or(0).saturating_add(more)),
    };
    json!({"id": test.id, "status_id": values.status_id, "assignee_id": values.assignee_id, "elapsed": elapsed})
}

/// Writes a result for each of these different tests of a run, which were read under the lock of the project; the results in
/// the same order. The older results are not the latest any more, and the run counts as started.
pub fn insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    run: &Run,
    statuses: &Statuses,
    new: &[(Test, Values)],
    now: Timestamp,
) -> Result<Vec<RunResult>> {
    let mut counted = run.clone();
    let tests = filter::list(&new.iter().map(|(t, _)| t.id.0).collect::<Vec<_>>());
    let (mut results, mut rows) = (Vec::new(), Vec::new());
    for (test, values) in new {
        let more = values.elapsed.unwrap_or(0);
        count(&mut counted, statuses, test, values.status_id, more);
        rows.push(test_row(test, values, more));
        results.push(
            json!({"test_id": test.id, "status_id": values.status_id, "note": values.note, "elapsed": values.elapsed,
            "assignee_id": values.assignee_id, "custom": custom(values), "steps": steps(values)}),
        );
    }
    tx.execute(UNMARK, args![&tests])?;
    let results = Value::from(results).to_string();
    tx.execute(INSERT, args![&results, proof.project().0, now.0, proof.user().0])?;
    tx.execute(SET_TESTS, args![&Value::from(rows).to_string()])?;
    counted.values.is_started = true;
    counted.started_at = counted.started_at.or(Some(now));
    set_counters(tx, &counted)?;
    let ids: Vec<i64> = tx.all(LATEST, args![&tests], |r| r.get(0))?;
    let mut made = get_many(tx, proof, &ids)?;
    made.sort_by_key(|r| new.iter().position(|(t, _)| t.id == r.test_id));
    for (result, (_, values)) in made.iter_mut().zip(new) {
        result.values.issues.clone_from(&values.issues);
    }
    link(tx, &made)?;
    Ok(made)
}

/// Values of custom fields as they are stored.
fn custom(values: &Values) -> String {
    Value::from(values.custom.clone()).to_string()
}

/// Statuses of steps as they are stored.
fn steps(values: &Values) -> Option<String> {
    (!values.steps.is_empty()).then(|| to_json(&values.steps))
}

/// Connects issues to results that have none.
fn link(tx: &mut Tx<'_>, results: &[RunResult]) -> Result<()> {
    let rows: Vec<[Arg<'static>; 2]> = results
        .iter()
        .flat_map(|r| r.values.issues.iter().map(|i| [r.id.0.into(), i.id.0.into()]))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    tx.bulk(&ISSUE_ROWS, rows).map(drop)
}

/// Changes a result that was read under the lock of the project, with its test where it is the latest one.
pub fn update(
    tx: &mut Tx<'_>,
    proof: &Proof,
    (run, test, old): (&Run, &Test, &RunResult),
    statuses: &Statuses,
    values: &Values,
    now: Timestamp,
) -> Result<()> {
    tx.execute(
        UPDATE,
        args![
            old.id.0,
            values.status_id,
            values.note.as_deref(),
            values.elapsed,
            values.assignee_id.map(|u| u.0),
            now.0,
            proof.user().0,
            &custom(values),
            steps(values).as_deref()
        ],
    )?;
    if values.issues != old.values.issues {
        tx.execute(UNLINK, args![old.id.0])?;
        let new = RunResult {
            values: values.clone(),
            ..old.clone()
        };
        link(tx, &[new])?;
    }
    let more = values.elapsed.unwrap_or(0) - old.values.elapsed.unwrap_or(0);
    let kept = Values {
        status_id: test.status_id,
        assignee_id: test.assignee_id,
        ..values.clone()
    };
    let shown = if old.is_latest { values } else { &kept };
    let mut counted = run.clone();
    count(&mut counted, statuses, test, shown.status_id, more);
    let rows = Value::from(vec![test_row(test, shown, more)]).to_string();
    tx.execute(SET_TESTS, args![&rows])?;
    set_counters(tx, &counted)
}

/// Marks the latest result of a test as deleted, as read under the lock of the project. The result before it is the latest
/// one then; without one the test is untested, with the assignee that the deleted result had.
pub fn remove(
    tx: &mut Tx<'_>,
    proof: &Proof,
    (run, test, old): (&Run, &Test, &RunResult),
    statuses: &Statuses,
    now: Timestamp,
) -> Result<()> {
    tx.execute(REMOVE, args![old.id.0, now.0, proof.user().0])?;
    let before: Option<i64> = tx.one(BEFORE, args![test.id.0, old.id.0], |r| r.get(0))?;
    let mut values = Values {
        status_id: UNTESTED,
        ..old.values.clone()
    };
    if let Some(id) = before {
        tx.execute(MARK, args![id])?;
        if let Some(before) = get_many(tx, proof, &[id])?.pop() {
            values = before.values;
        }
    }
    let less = -old.values.elapsed.unwrap_or(0);
    let mut counted = run.clone();
    count(&mut counted, statuses, test, values.status_id, less);
    let rows = Value::from(vec![test_row(test, &values, less)]).to_string();
    tx.execute(SET_TESTS, args![&rows])?;
    set_counters(tx, &counted)
}

/// Gives a test that was read under the lock of the project another version of the text of its case, and the row of its data
/// set. It is untested again, as none of its results is about that text; they stay.
pub fn take_over(
    tx: &mut Tx<'_>,
    run: &Run,
    test: &Test,
    statuses: &Statuses,
    (version, data_row): (i64, Option<i64>),
) -> Result<()> {
    tx.execute(TAKE, args![test.id.0, version, data_row])?;
    tx.execute(UNMARK, args![&filter::list(&[test.id.0])])?;
    let untested = Values {
        status_id: UNTESTED,
        assignee_id: test.assignee_id,
        ..Values::default()
    };
    let mut counted = run.clone();
    count(&mut counted, statuses, test, UNTESTED, 0);
    let rows = Value::from(vec![test_row(test, &untested, 0)]).to_string();
    tx.execute(SET_TESTS, args![&rows])?;
    set_counters(tx, &counted)
}
