//! What the results of each automated test say: counters that move in the transaction which writes the results.

use crate::filter::{self, array};
use crate::{Arg, Result, Row, Tx, args, statements};
use model::automation::Outcome;
use model::{SourceId, Timestamp};
use std::collections::BTreeMap;

/// How many of the last results decide whether a test is flaky.
pub const WINDOW: u32 = 20;

/// What the lock of a source's counters adds to its id, so that it is no other's lock.
const COUNTING: i64 = 1 << 60;

/// One result as it is counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub(super) outcome: Outcome,
    pub(super) elapsed: Option<i64>,
}

/// What more results add to a test.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct More {
    tests: i64,
    success: i64,
    failure: i64,
    elapsed_total: i64,
    elapsed_count: i64,
    status: i64,
    recent: Recent,
}

/// The last [`WINDOW`] outcomes, two bits each, the newest lowest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Recent(pub(super) i64);

impl Recent {
    fn push(&mut self, outcome: Outcome) {
        let bits = outcome.number() & 3;
        self.0 = (self.0 << 2 | bits) & ((1 << (2 * WINDOW)) - 1);
    }

    /// How often the outcome changed between success and failure, and of how often it could have in percent, rounded.
    pub(super) fn flaky(self) -> (i64, i64) {
        let decided = (0..WINDOW)
            .map(|n| self.0 >> (2 * n) & 3)
            .filter(|bits| *bits >= Outcome::Success.number());
        let (mut changes, mut pairs, mut last) = (0, 0, None);
        for outcome in decided {
            if let Some(last) = last {
                pairs += 1;
                changes += i64::from(last != outcome);
            }
            last = Some(outcome);
        }
        let percent = if pairs == 0 {
            0
        } else {
            (200 * changes + pairs) / (2 * pairs)
        };
        (changes, percent)
    }
}

impl More {
    fn add(&mut self, result: Counted) {
        self.tests += 1;
        self.success += i64::from(result.outcome == Outcome::Success);
        self.failure += i64::from(result.outcome == Outcome::Failure);
        self.elapsed_total = self.elapsed_total.saturating_add(result.elapsed.unwrap_or(0));
        self.elapsed_count += i64::from(result.elapsed.is_some());
        self.status = result.outcome.number();
        self.recent.push(result.outcome);
    }
}

/// The rows of ten arrays, one a column.
macro_rules! each {
    () => {
        each!("$2" "$3" "$4" "$5" "$6" "$7" "$8" "$9" "$10")
    };
    ($($more:literal)+) => {
        concat!("unnest(", array!("$1", "BIGINT"), $(", ", array!($more, "BIGINT"),)+ ") AS n (c, s, t, p, f, k, q, e, m, r)")
    };
}

statements! {
    RECENT = "SELECT case_id, recent FROM automation_case_stats WHERE case_id = $1";
    RECENT_MANY (postgres) = concat!("SELECT case_id, recent FROM automation_case_stats WHERE case_id = ANY(",
        array!("$1", "BIGINT"), ")");
    INSERT = "INSERT INTO automation_case_stats (case_id, status, test_count, success_count, failure_count, flaky_count,
            flaky_percent, elapsed_total, elapsed_count, recent, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    ADD = "UPDATE automation_case_stats SET status = $2, test_count = test_count + $3, success_count = success_count + $4,
            failure_count = failure_count + $5, flaky_count = $6, flaky_percent = $7, elapsed_total = elapsed_total + $8,
            elapsed_count = elapsed_count + $9, recent = $10, updated_at = $11 WHERE case_id = $1";
    ADD_MANY (postgres) = concat!("UPDATE automation_case_stats AS s SET status = n.s, test_count = s.test_count + n.t,
            success_count = s.success_count + n.p, failure_count = s.failure_count + n.f, flaky_count = n.k,
            flaky_percent = n.q, elapsed_total = s.elapsed_total + n.e, elapsed_count = s.elapsed_count + n.m,
            recent = n.r, updated_at = $11
        FROM ", each!(), " WHERE s.case_id = n.c");
    INSERT_MANY (postgres) = concat!("INSERT INTO automation_case_stats AS s (case_id, status, test_count, success_count,
            failure_count, flaky_count, flaky_percent, elapsed_total, elapsed_count, recent, updated_at)
        SELECT n.c, n.s, n.t, n.p, n.f, n.k, n.q, n.e, n.m, n.r, $11 FROM ", each!());
}

fn recent(r: &Row<'_>) -> Result<(i64, Recent)> {
    Ok((r.get(0)?, Recent(r.get(1)?)))
}

/// Counts results by the id of their test, in the order of arrival. It comes last in its transaction: on PostgreSQL
/// one lock of the source holds back its other runs until then, which costs less than a lock for each row.
pub(super) fn count(
    tx: &mut Tx<'_>,
    source: SourceId,
    results: impl Iterator<Item = (i64, Counted)>,
    now: Timestamp,
) -> Result<()> {
    let mut cases: BTreeMap<i64, Vec<Counted>> = BTreeMap::new();
    for (case, result) in results {
        cases.entry(case).or_default().push(result);
    }
    let added = |before: Recent, results: &[Counted]| {
        let mut more = More {
            recent: before,
            ..More::default()
        };
        for result in results {
            more.add(*result);
        }
        more
    };
    if tx.is_postgres() {
        tx.lock(COUNTING | source.0)?;
        let ids = filter::id_array(cases.keys().copied());
        let before: BTreeMap<i64, Recent> = tx.all(RECENT_MANY, args![&ids], recent)?.into_iter().collect();
        let (known, new): (Vec<_>, Vec<_>) = cases.iter().partition(|(case, _)| before.contains_key(case));
        for (sql, cases) in [(ADD_MANY, known), (INSERT_MANY, new)] {
            let rows: Vec<(i64, More)> = cases
                .into_iter()
                .map(|(case, results)| {
                    (
                        *case,
                        added(before.get(case).copied().unwrap_or_default(), results),
                    )
                })
                .collect();
            together(tx, sql, &rows, now)?;
        }
        return Ok(());
    }
    for (case, results) in &cases {
        let before = tx.opt(RECENT, args![*case], recent)?.map(|(_, recent)| recent);
        let sql = if before.is_some() { ADD } else { INSERT };
        alone(tx, sql, *case, added(before.unwrap_or_default(), results), now)?;
    }
    Ok(())
}

fn alone(tx: &mut Tx<'_>, sql: &'static str, case: i64, m: More, now: Timestamp) -> Result<()> {
    let (changes, percent) = m.recent.flaky();
    let args = args![
        case,
        m.status,
        m.tests,
        m.success,
        m.failure,
        changes,
        percent,
        m.elapsed_total,
        m.elapsed_count,
        m.recent.0,
        now.0
    ];
    tx.execute(sql, args).map(drop)
}

/// One column of a row.
type Number = fn(&(i64, More)) -> i64;

fn together(tx: &mut Tx<'_>, sql: &'static str, rows: &[(i64, More)], now: Timestamp) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let of: [Number; 10] = [
        |(case, _)| *case,
        |(_, m)| m.status,
        |(_, m)| m.tests,
        |(_, m)| m.success,
        |(_, m)| m.failure,
        |(_, m)| m.recent.flaky().0,
        |(_, m)| m.recent.flaky().1,
        |(_, m)| m.elapsed_total,
        |(_, m)| m.elapsed_count,
        |(_, m)| m.recent.0,
    ];
    let columns = of.map(|of| filter::id_array(rows.iter().map(of)));
    let mut args: Vec<Arg<'_>> = columns.iter().map(Arg::from).collect();
    args.push(now.0.into());
    tx.execute(sql, &args).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(outcomes: &str) -> Recent {
        let mut recent = Recent::default();
        for letter in outcomes.chars() {
            recent.push(match letter {
                'p' => Outcome::Success,
                'f' => Outcome::Failure,
                _ => Outcome::Neutral,
            });
        }
        recent
    }

    #[test]
    fn flaky_is_what_changes_between_success_and_failure() {
        for (outcomes, flaky) in [
            ("", (0, 0)),
            ("p", (0, 0)),
            ("ppp", (0, 0)),
            ("fff", (0, 0)),
            ("pf", (1, 100)),
            ("pfp", (2, 100)),
            ("pnnf", (1, 100)),
            ("ppff", (1, 33)),
            ("pppf", (1, 33)),
            ("ppfpppp", (2, 33)),
            ("pffff", (1, 25)),
        ] {
            assert_eq!(of(outcomes).flaky(), flaky, "{outcomes}");
        }
    }

    #[test]
    fn only_the_last_results_decide() {
        let window = usize::try_from(WINDOW).unwrap();
        let steady = "p".repeat(window);
        assert_eq!(of(&format!("f{steady}")).flaky(), (0, 0));
        assert_eq!(of(&format!("ff{}", &steady[1..])).flaky(), (1, 5));
        assert_eq!(of(&"pf".repeat(window)).flaky(), (19, 100));
        assert!(of(&"f".repeat(99)).0 < 1 << 40);
    }
}
