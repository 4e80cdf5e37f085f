//! Changing result statuses.

use crate::{Result, Tx, args, statements};
use model::status::Status;
use std::collections::BTreeMap;

/// How many results of a status the counters of a table know. `$1` is its place in their JSON arrays.
macro_rules! counted {
    (sqlite, $table:literal) => {
        concat!(
            "SELECT CAST(COALESCE(SUM(json_extract(counts, '$[' || $1 || ']')), 0) AS BIGINT) FROM ",
            $table
        )
    };
    (postgres, $table:literal) => {
        concat!(
            "SELECT CAST(COALESCE(SUM(CAST(CAST(counts AS JSON) ->> CAST($1 AS INTEGER) AS BIGINT)), 0) AS BIGINT) FROM ",
            $table
        )
    };
}

statements! {
    VERSIONS = "SELECT id, version FROM statuses";
    UPDATE = "UPDATE statuses SET name = $2, color = $3, is_final = $4, is_passed = $5, is_failed = $6, aliases = $7,
            version = version + 1 WHERE id = $1";
    PLACE = "UPDATE statuses SET display_order = $2 WHERE id = $1";
    DELETE = "DELETE FROM statuses WHERE id = $1";
    AUTOMATION (sqlite) = counted!(sqlite, "automation_runs");
    AUTOMATION_PG (postgres) = counted!(postgres, "automation_runs");
    SESSIONS (sqlite) = counted!(sqlite, "exploratory_sessions");
    SESSIONS_PG (postgres) = counted!(postgres, "exploratory_sessions");
    TESTS (sqlite) = counted!(sqlite, "runs");
    TESTS_PG (postgres) = counted!(postgres, "runs");
    RESULTS = "SELECT COUNT(*) FROM run_results WHERE status_id = $1";
}

/// The version of each status, from 1, one more with every change.
pub fn versions(tx: &mut Tx<'_>) -> Result<BTreeMap<i64, i64>> {
    let rows = tx.all(VERSIONS, args![], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.into_iter().collect())
}

/// Makes a status under an id that is free.
pub fn insert(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    super::insert(tx, status)
}

/// Changes a status.
pub fn update(tx: &mut Tx<'_>, s: &Status) -> Result<()> {
    let aliases = serde_json::to_string(&s.aliases).unwrap_or_default();
    tx.execute(
        UPDATE,
        args![
            s.id,
            &s.name,
            &s.color,
            s.is_final,
            s.is_passed,
            s.is_failed,
            &aliases
        ],
    )
    .map(drop)
}

/// Puts statuses into this order.
pub fn order(tx: &mut Tx<'_>, ids: &[i64]) -> Result<()> {
    for (place, id) in (1_i64..).zip(ids) {
        tx.execute(PLACE, args![*id, place])?;
    }
    Ok(())
}

/// By how many a status is used: automated tests, tests of manual runs with their results, results of sessions. The counters
/// of runs and sessions answer for their rows, so this reads no table of results but that of manual runs.
pub fn uses(tx: &mut Tx<'_>, id: i64) -> Result<[i64; 3]> {
    let [automation, sessions, tests] = if tx.is_postgres() {
        [AUTOMATION_PG, SESSIONS_PG, TESTS_PG]
    } else {
        [AUTOMATION, SESSIONS, TESTS]
    };
    let mut count = |sql, n: i64| tx.one(sql, args![n], |r| r.get::<i64>(0));
    let manual = count(tests, id - 1)?.max(count(RESULTS, id)?);
    Ok([count(automation, id - 1)?, manual, count(sessions, id - 1)?])
}

/// Deletes a status that nothing has.
pub fn delete(tx: &mut Tx<'_>, id: i64) -> Result<()> {
    tx.execute(DELETE, args![id]).map(drop)
}
