//! Tests of a source across its runs. What does not change from run to run stands here once.

use super::known::Known;
use crate::filter::{self, array};
use crate::{Arg, Bulk, Column, Result, Row, Tx, args, statements};
use model::automation::NewTest;
use model::{AutomationCaseId, SourceId, Timestamp};
use std::collections::HashMap;

/// A test of a source.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) id: AutomationCaseId,
    pub(super) name: String,
    pub(super) folder: String,
    pub(super) file: Option<String>,
    pub(super) line: Option<i64>,
}

statements! {
    FIND = "SELECT key, id, name, folder, file, line FROM automation_cases WHERE source_id = $1 AND key = $2";
    TAKE_IDS (sqlite) = "UPDATE sequences SET next = next + $1 WHERE name = 'automation_cases' RETURNING next - $1";
    INSERT = "INSERT INTO automation_cases (id, source_id, key, name, folder, file, line, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FIND_MANY (postgres) = concat!("SELECT c.key, c.id, c.name, c.folder, c.file, c.line
        FROM unnest(", array!("$2", "TEXT"), ") AS k (key)
        CROSS JOIN LATERAL (SELECT key, id, name, folder, file, line FROM automation_cases
            WHERE source_id = $1 AND key = k.key LIMIT 1) AS c");
    INSERT_MANY (postgres) = "INSERT INTO automation_cases (source_id, key, name, folder, file, line, created_at)
        SELECT $1, n.key, n.name, n.folder, n.file, n.line, $3
        FROM jsonb_to_recordset(CAST(CAST($2 AS TEXT) AS JSONB)) AS n (key TEXT, name TEXT, folder TEXT, file TEXT, line BIGINT)
        ORDER BY n.key
        ON CONFLICT (source_id, key) DO NOTHING";
}

const CASES: Bulk = Bulk {
    insert: INSERT,
    copy: "COPY automation_cases (id, source_id, key, name, folder, file, line, created_at) FROM STDIN (FORMAT binary)",
    columns: &[
        Column::I64,
        Column::I64,
        Column::Text,
        Column::Text,
        Column::Text,
        Column::Text,
        Column::I64,
        Column::I64,
    ],
};

/// The cases of `tests` by key; those that are new to the source are made.
pub(super) fn resolve<'t>(
    tx: &mut Tx<'_>,
    known: &Known,
    source: SourceId,
    tests: &[&'t NewTest],
    now: Timestamp,
) -> Result<HashMap<&'t str, Case>> {
    if tx.is_postgres() {
        resolve_together(tx, known, source, tests, now)
    } else {
        resolve_each(tx, source, tests, now)
    }
}

/// SQLite: a look-up costs two microseconds and there is no network, so one at a time is fastest. What is missing gets
/// a block of ids, which costs half as much as to let each row ask for its own.
fn resolve_each<'t>(
    tx: &mut Tx<'_>,
    source: SourceId,
    tests: &[&'t NewTest],
    now: Timestamp,
) -> Result<HashMap<&'t str, Case>> {
    let mut cases = HashMap::with_capacity(tests.len());
    let mut missing: Vec<&NewTest> = Vec::new();
    for &test in tests {
        if cases.contains_key(test.key.as_str()) {
            continue;
        }
        let found = tx.opt(FIND, args![source.0, &test.key], case)?;
        let case = if let Some((_, case)) = found {
            case
        } else {
            missing.push(test);
            made(test)
        };
        cases.insert(test.key.as_str(), case);
    }
    if !missing.is_empty() {
        let n = i64::try_from(missing.len()).unwrap_or(i64::MAX);
        let first: i64 = tx.one(TAKE_IDS, args![n], |r| r.get(0))?;
        let rows = || missing.iter().zip(first..);
        tx.bulk(&CASES, rows().map(|(test, id)| row(id, source, test, now)))?;
        for (test, id) in rows() {
            if let Some(case) = cases.get_mut(test.key.as_str()) {
                case.id = AutomationCaseId(id);
            }
        }
    }
    Ok(cases)
}

/// The case of a test that is new to its source, without its id.
fn made(test: &NewTest) -> Case {
    Case {
        id: AutomationCaseId(0),
        name: test.name.clone(),
        folder: test.folder.clone(),
        file: test.file.clone(),
        line: test.line,
    }
}

fn row(id: i64, source: SourceId, test: &NewTest, now: Timestamp) -> [Arg<'_>; 8] {
    [
        id.into(),
        source.0.into(),
        test.key.as_str().into(),
        test.name.as_str().into(),
        test.folder.as_str().into(),
        test.file.as_deref().into(),
        test.line.into(),
        now.0.into(),
    ]
}

/// PostgreSQL: one statement finds all, a second one makes what is missing (in the order of keys, so that two runs of
/// one source never wait for each other), a third one reads those.
///
/// `FIND_MANY` says LATERAL … LIMIT 1 so that each key is looked up in the index. As a plain join it may be planned as a
/// hash join over all tests of the source, and a plan that was made while the table was small stays for long.
fn resolve_together<'t>(
    tx: &mut Tx<'_>,
    known: &Known,
    source: SourceId,
    tests: &[&'t NewTest],
    now: Timestamp,
) -> Result<HashMap<&'t str, Case>> {
    let mut by_key: HashMap<&str, &'t NewTest> = HashMap::with_capacity(tests.len());
    for &test in tests {
        by_key.entry(test.key.as_str()).or_insert(test);
    }
    let mut cases = find_many(tx, source, &by_key, by_key.keys().copied())?;
    known.keep(tx, source, cases.iter().map(|(key, case)| (*key, case)));
    let missing: Vec<&&NewTest> = by_key
        .values()
        .filter(|t| !cases.contains_key(t.key.as_str()))
        .collect();
    if !missing.is_empty() {
        let rows: Vec<serde_json::Value> = missing
            .iter()
            .map(|t| serde_json::json!({"key": t.key, "name": t.name, "folder": t.folder, "file": t.file, "line": t.line}))
            .collect();
        let rows = serde_json::Value::from(rows).to_string();
        tx.execute(INSERT_MANY, args![source.0, &rows, now.0])?;
        let keys: Vec<&str> = missing.iter().map(|t| t.key.as_str()).collect();
        cases.extend(find_many(tx, source, &by_key, keys.into_iter())?);
    }
    Ok(cases)
}

fn find_many<'t, 'k>(
    tx: &mut Tx<'_>,
    source: SourceId,
    by_key: &HashMap<&'t str, &'t NewTest>,
    keys: impl Iterator<Item = &'k str>,
) -> Result<HashMap<&'t str, Case>> {
    let keys = filter::text_array(keys);
    let rows = tx.all(FIND_MANY, args![source.0, &keys], case)?;
    Ok(rows
        .into_iter()
        .filter_map(|(key, case)| by_key.get_key_value(key.as_str()).map(|(key, _)| (*key, case)))
        .collect())
}

fn case(r: &Row<'_>) -> Result<(String, Case)> {
    let case = Case {
        id: AutomationCaseId(r.get(1)?),
        name: r.get(2)?,
        folder: r.get(3)?,
        file: r.get(4)?,
        line: r.get(5)?,
    };
    Ok((r.get(0)?, case))
}
