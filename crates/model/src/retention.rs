//! How long results of automation are kept: a rule of the instance, which a project and a source may narrow or widen.

use crate::Timestamp;
use crate::clock::DAY;
use serde::{Deserialize, Serialize};

/// Kept for ever.
pub const FOR_EVER: i64 = 0;
/// Fewest days that anything is kept: for so long a run that was closed may be opened again.
pub const DAYS_MIN: i64 = 7;
/// Most days that can be named, a hundred years.
pub const DAYS_MAX: i64 = 36_500;
/// So many runs of a source, the newest ones, stay whole whatever their age.
pub const NEWEST: i64 = 50;
/// What an instance does that was told nothing.
pub const FACTORY: Rule = Rule {
    output_days: 90,
    tests_days: 365,
};

/// Days to keep, as one level says it: [`FOR_EVER`], or [`DAYS_MIN`] to [`DAYS_MAX`]; none: as the level above says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Keep {
    /// Output and properties of tests, artifacts and uploaded files.
    pub output_days: Option<i64>,
    /// The rows of tests, and with them their output.
    pub tests_days: Option<i64>,
}

/// Days to keep, as they are in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Output and properties of tests, artifacts and uploaded files.
    pub output_days: i64,
    /// The rows of tests, and with them their output.
    pub tests_days: i64,
}

impl Keep {
    /// What is in force at this level, when `above` is in force at the one above.
    pub fn over(self, above: Rule) -> Rule {
        Rule {
            output_days: self.output_days.unwrap_or(above.output_days),
            tests_days: self.tests_days.unwrap_or(above.tests_days),
        }
    }
}

/// Whether this is a number of days that can be asked for.
pub fn is_days(days: i64) -> bool {
    days == FOR_EVER || (DAYS_MIN..=DAYS_MAX).contains(&days)
}

/// What was completed before this instant is older than `days`; none when it is kept for ever.
pub fn cutoff(days: i64, now: Timestamp) -> Option<Timestamp> {
    (days != FOR_EVER).then(|| now.plus(-days.saturating_mul(DAY)))
}

/// How much of a run is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Removal {
    /// Nothing.
    #[default]
    Nothing = 0,
    /// Output is being removed.
    Output = 1,
    /// All output and all files are gone.
    OutputDone = 2,
    /// Tests are being removed.
    Tests = 3,
    /// All tests are gone; the run with its numbers stays.
    TestsDone = 4,
}

impl Removal {
    /// Its number in the database.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The state of this number.
    pub fn from_number(number: i64) -> Removal {
        match number {
            1 => Removal::Output,
            2 => Removal::OutputDone,
            3 => Removal::Tests,
            4 => Removal::TestsDone,
            _ => Removal::Nothing,
        }
    }

    /// As the API says it.
    pub fn name(self) -> &'static str {
        match self {
            Removal::Nothing => "none",
            Removal::Output => "some_output",
            Removal::OutputDone => "output",
            Removal::Tests => "some_tests",
            Removal::TestsDone => "tests",
        }
    }

    /// All of them.
    pub const ALL: [Removal; 5] = [
        Removal::Nothing,
        Removal::Output,
        Removal::OutputDone,
        Removal::Tests,
        Removal::TestsDone,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_says_nothing_follows_the_one_above() {
        let above = Rule {
            output_days: 30,
            tests_days: FOR_EVER,
        };
        assert_eq!(Keep::default().over(above), above);
        let own = Keep {
            output_days: Some(FOR_EVER),
            tests_days: Some(60),
        };
        assert_eq!(
            own.over(above),
            Rule {
                output_days: FOR_EVER,
                tests_days: 60
            }
        );
    }

    #[test]
    fn days_are_a_week_to_a_century_or_for_ever() {
        let good = [0, 7, 90, 36_500].map(is_days);
        let bad = [-1, 1, 6, 36_501, i64::MAX].map(is_days);
        assert_eq!((good, bad), ([true; 4], [false; 5]));
    }

    #[test]
    fn what_is_kept_for_ever_has_no_cutoff() {
        let now = Timestamp(100 * DAY);
        assert_eq!(cutoff(FOR_EVER, now), None);
        assert_eq!(cutoff(90, now), Some(Timestamp(10 * DAY)));
    }

    #[test]
    fn every_state_is_read_as_it_was_written() {
        for removal in Removal::ALL {
            assert_eq!(Removal::from_number(removal.number()), removal);
        }
    }
}
