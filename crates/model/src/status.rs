//! Result statuses (contract §4.2): six built in, up to 25, each with the aliases that automation sends.

use serde::{Deserialize, Serialize};

/// Most statuses an instance can have.
pub const MAX: usize = 25;

/// Id of the status *Untested*.
pub const UNTESTED: i64 = 1;
/// Id of the status *Passed*.
pub const PASSED: i64 = 2;
/// Id of the status *Failed*.
pub const FAILED: i64 = 3;
/// Id of the status *Skipped*.
pub const SKIPPED: i64 = 6;

/// A result status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// 1 to 25; the counter `statusN_count` belongs to id N + 1.
    pub id: i64,
    /// As people see it.
    pub name: String,
    /// As programs see it.
    pub system_name: String,
    /// `#rrggbb`.
    pub color: String,
    /// Counts as done.
    pub is_final: bool,
    /// Counts as not yet tested.
    pub is_untested: bool,
    /// Counts as success.
    pub is_passed: bool,
    /// Counts as failure.
    pub is_failed: bool,
    /// What automation may send for it; lower case.
    pub aliases: Vec<String>,
}

impl Status {
    /// How much a step with this status says about its test: 4 failed, 3 not final, 2 something else such as blocked, 1 passed,
    /// 0 skipped. The test has the status of the step that says most.
    pub fn weight(&self) -> u8 {
        match self {
            s if s.is_failed => 4,
            s if !s.is_final => 3,
            s if s.is_passed => 1,
            s if s.id == SKIPPED => 0,
            _ => 2,
        }
    }
}

/// The status of one step of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepStatus {
    /// Which step of the text, from 1.
    pub step: i64,
    /// Its status; never the one of what is untested.
    pub status_id: i64,
}

/// The six statuses of a new instance.
pub fn factory() -> Vec<Status> {
    let row = |id, name: &str, color: &str, flags: [bool; 4], aliases: &[&str]| Status {
        id,
        name: name.to_owned(),
        system_name: name.to_lowercase(),
        color: color.to_owned(),
        is_final: flags[0],
        is_untested: flags[1],
        is_passed: flags[2],
        is_failed: flags[3],
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
    };
    vec![
        row(
            1,
            "Untested",
            "#cfd1d9",
            [false, true, false, false],
            &["untested", "pending"],
        ),
        row(
            2,
            "Passed",
            "#259a5b",
            [true, false, true, false],
            &["passed", "pass", "success", "ok"],
        ),
        row(
            3,
            "Failed",
            "#dc3545",
            [true, false, false, true],
            &["failed", "failure", "error", "fail", "broken"],
        ),
        row(4, "Retest", "#c07d10", [false, false, false, false], &["retest"]),
        row(5, "Blocked", "#a160d6", [true, false, false, false], &["blocked"]),
        row(
            6,
            "Skipped",
            "#4a8db3",
            [true, false, false, false],
            &["skipped", "disabled", "ignored"],
        ),
    ]
}

/// All statuses of an instance, with the look-ups that ingest and counters need.
#[derive(Debug, Clone, Default)]
pub struct Statuses(pub Vec<Status>);

impl Statuses {
    /// The status that `alias` names, whatever its case.
    pub fn by_alias(&self, alias: &str) -> Option<&Status> {
        self.0
            .iter()
            .find(|s| s.aliases.iter().any(|a| a.eq_ignore_ascii_case(alias)))
    }

    /// The status with this id.
    pub fn get(&self, id: i64) -> Option<&Status> {
        self.0.iter().find(|s| s.id == id)
    }

    /// The status of a test with so many steps as these of them say it: that of the step that says most. None as long as steps
    /// are missing that could still say more.
    pub fn of_steps(&self, steps: &[StepStatus], count: usize) -> Option<i64> {
        let most = steps
            .iter()
            .filter_map(|s| self.get(s.status_id))
            .max_by_key(|s| s.weight())?;
        (most.weight() > 1 || steps.len() >= count).then_some(most.id)
    }

    /// The four derived numbers of a set of counters.
    pub fn derive(&self, counts: &Counts) -> Derived {
        let sum =
            |pick: fn(&Status) -> bool| self.0.iter().filter(|s| pick(s)).map(|s| counts.of(s.id)).sum();
        Derived {
            success: sum(|s| s.is_passed),
            failure: sum(|s| s.is_failed),
            completed: sum(|s| s.is_final),
            total: counts.total(),
        }
    }
}

/// How many results have each status. Kept in the transaction that writes the results.
///
/// In the database it is a JSON array of numbers by status id, without trailing zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts([i64; MAX]);

impl Counts {
    /// Results with this status id; 0 for an id outside 1 to 25.
    pub fn of(&self, status: i64) -> i64 {
        Self::place(status).map_or(0, |i| self.0[i])
    }

    /// Adds `n` results of a status; an id outside 1 to 25 is left out.
    pub fn add(&mut self, status: i64, n: i64) {
        if let Some(i) = Self::place(status) {
            self.0[i] += n;
        }
    }

    /// Adds all of `other`.
    pub fn add_all(&mut self, other: &Counts) {
        for (mine, more) in self.0.iter_mut().zip(other.0) {
            *mine += more;
        }
    }

    /// Takes all of `other` away.
    pub fn take_all(&mut self, other: &Counts) {
        for (mine, less) in self.0.iter_mut().zip(other.0) {
            *mine -= less;
        }
    }

    /// Results of any status.
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    /// Reads the JSON array of the database; anything else counts nothing.
    pub fn from_json(text: &str) -> Counts {
        let mut counts = Counts::default();
        let numbers: Vec<i64> = serde_json::from_str(text).unwrap_or_default();
        for (mine, n) in counts.0.iter_mut().zip(numbers) {
            *mine = n;
        }
        counts
    }

    /// The JSON array of the database.
    pub fn to_json(&self) -> String {
        let used = self.0.iter().rposition(|n| *n != 0).map_or(0, |i| i + 1);
        let numbers: Vec<String> = self.0[..used].iter().map(i64::to_string).collect();
        format!("[{}]", numbers.join(","))
    }

    fn place(status: i64) -> Option<usize> {
        usize::try_from(status - 1).ok().filter(|i| *i < MAX)
    }
}

/// The four sums that the contract derives from counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Derived {
    /// Results of statuses that count as success.
    pub success: i64,
    /// Results of statuses that count as failure.
    pub failure: i64,
    /// Results of statuses that count as done.
    pub completed: i64,
    /// All results.
    pub total: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_of_real_clients_resolve() {
        let statuses = Statuses(factory());
        for (alias, id) in [
            ("passed", 2),
            ("FAILURE", 3),
            ("error", 3),
            ("failed", 3),
            ("skipped", 6),
            ("ok", 2),
        ] {
            assert_eq!(statuses.by_alias(alias).map(|s| s.id), Some(id), "{alias}");
        }
        assert_eq!(statuses.by_alias("purple"), None);
    }

    #[test]
    fn counts_survive_the_database() {
        let mut counts = Counts::default();
        assert_eq!(counts.to_json(), "[]");
        counts.add(PASSED, 90);
        counts.add(FAILED, 10);
        counts.add(99, 1);
        assert_eq!(counts.to_json(), "[0,90,10]");
        assert_eq!(Counts::from_json(&counts.to_json()), counts);
        let derived = Statuses(factory()).derive(&counts);
        assert_eq!(
            derived,
            Derived {
                success: 90,
                failure: 10,
                completed: 100,
                total: 100
            }
        );
    }
}
