//! The tests of a run as those see them who execute it: a part of the list, one test with its text, what others did.

use super::Run;
use super::test::{Test, test};
use crate::filter::{self, in_list};
use crate::{Arg, Result, Row, Tx, args, statements};
use model::{ResultId, TestId, UserId};
use serde_json::{Map, Value};

/// Which tests of a run. Nothing given leaves nothing out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Given to this user.
    pub assignee: Option<UserId>,
    /// With one of these statuses; empty for any.
    pub statuses: Vec<i64>,
}

/// A test in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The test.
    pub test: Test,
    /// Its place in the run, from 1.
    pub position: i64,
    /// The number of its case; none when that is gone.
    pub number: Option<i64>,
    /// The name of the folder of its case; none at the root, and when the case is gone.
    pub folder: Option<String>,
    /// The version that the case has now; none when it is gone.
    pub newest: Option<i64>,
}

/// A test with the text that is tested.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// The test.
    pub line: Line,
    /// The text, as [`crate::case::version::Version::content`].
    pub content: Map<String, Value>,
}

/// $1 run; $2 assignee or none; $3 statuses as [`filter::ids`].
macro_rules! filtered {
    () => {
        " FROM run_tests t WHERE t.run_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR t.assignee_id = $2)
            AND (CAST($3 AS TEXT) IS NULL OR replace($3, ',' || CAST(t.status_id AS TEXT) || ',', '') <> $3)"
    };
}

statements! {
    COUNT = concat!("SELECT COUNT(*)", filtered!());
    PART = concat!("SELECT t.id", filtered!(), " AND t.position > $4 ORDER BY t.position, t.id LIMIT $5");
    LINES = concat!("SELECT t.id, t.run_id, t.case_id, t.case_version, t.status_id, t.assignee_id, t.forecast, t.elapsed,
            v.content, t.data_row, t.position, c.number, f.name, c.version
        FROM run_tests t LEFT JOIN case_versions v ON v.case_id = t.case_id AND v.version = t.case_version
            LEFT JOIN cases c ON c.id = t.case_id LEFT JOIN folders f ON f.id = c.folder_id
        WHERE t.run_id = $1 AND t.id IN ", in_list!("$2"), " ORDER BY t.position, t.id");
    LATEST = "SELECT MAX(id) FROM run_results WHERE run_id = $1";
    SINCE = "SELECT DISTINCT test_id FROM run_results WHERE run_id = $1 AND id > $2 ORDER BY test_id LIMIT $3";
}

fn line(r: &Row<'_>) -> Result<Line> {
    Ok(Line {
        test: test(r)?,
        position: r.get(10)?,
        number: r.get(11)?,
        folder: r.get(12)?,
        newest: r.get(13)?,
    })
}

/// How many tests of a run a filter leaves.
pub fn count(tx: &mut Tx<'_>, run: &Run, f: &Filter) -> Result<i64> {
    let statuses = filter::ids(&f.statuses);
    let given: [Arg<'_>; 3] = [
        run.id.0.into(),
        f.assignee.map(|u| u.0).into(),
        statuses.as_deref().into(),
    ];
    tx.one(COUNT, &given, |r| r.get(0))
}

/// The next tests behind a position, in the order of the run. Two statements.
pub fn part(tx: &mut Tx<'_>, run: &Run, f: &Filter, after: i64, limit: i64) -> Result<Vec<Line>> {
    let statuses = filter::ids(&f.statuses);
    let given: [Arg<'_>; 5] = [
        run.id.0.into(),
        f.assignee.map(|u| u.0).into(),
        statuses.as_deref().into(),
        after.into(),
        limit.into(),
    ];
    let ids: Vec<i64> = tx.all(PART, &given, |r| r.get(0))?;
    lines(tx, run, &ids)
}

/// The tests of a run with these ids, in the order of the run.
pub fn lines(tx: &mut Tx<'_>, run: &Run, ids: &[i64]) -> Result<Vec<Line>> {
    tx.all(LINES, args![run.id.0, &filter::list(ids)], line)
}

/// One test with its text; none when the run has no such test.
pub fn open(tx: &mut Tx<'_>, run: &Run, id: TestId) -> Result<Option<Open>> {
    let found = tx.all(LINES, args![run.id.0, &filter::list(&[id.0])], |r| {
        let content: Option<String> = r.get(8)?;
        Ok(Open {
            line: line(r)?,
            content: content
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default(),
        })
    })?;
    Ok(found.into_iter().next())
}

/// The newest result of a run; 0 before the first.
pub fn latest(tx: &mut Tx<'_>, run: &Run) -> Result<ResultId> {
    let id: Option<i64> = tx.one(LATEST, args![run.id.0], |r| r.get(0))?;
    Ok(ResultId(id.unwrap_or(0)))
}

/// Tests that got a result after another one, at most so many.
pub fn since(tx: &mut Tx<'_>, run: &Run, result: ResultId, limit: i64) -> Result<Vec<i64>> {
    tx.all(SINCE, args![run.id.0, result.0, limit], |r| r.get(0))
}
