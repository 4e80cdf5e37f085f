//! How result statuses look: icon and word, and a colour that never stands alone.

use super::icon::address;
use super::{Icon, icon};
use maud::{Markup, html};
use model::automation::Outcome;
use model::status::{Counts, Status, Statuses};

/// The families in which every status is drawn, in the order of bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Counts as success.
    Passed,
    /// Counts as failure.
    Failed,
    /// Not over yet.
    Retest,
    /// Could not be done.
    Blocked,
    /// Was left out.
    Skipped,
    /// Nothing yet.
    Untested,
    /// Going on; of runs and threads only.
    Running,
}

impl Kind {
    /// The families of results, in the order of bars.
    pub const ALL: [Kind; 6] = [
        Kind::Passed,
        Kind::Failed,
        Kind::Retest,
        Kind::Blocked,
        Kind::Skipped,
        Kind::Untested,
    ];

    /// The family of a status; those of an administrator's making go by what they count as.
    pub fn of(status: &Status) -> Kind {
        match status {
            Status { id: 4, .. } => Kind::Retest,
            Status { id: 5, .. } => Kind::Blocked,
            Status { is_failed: true, .. } => Kind::Failed,
            Status { is_passed: true, .. } => Kind::Passed,
            Status {
                is_untested: true, ..
            } => Kind::Untested,
            Status { is_final: true, .. } => Kind::Skipped,
            Status { .. } => Kind::Retest,
        }
    }

    /// The family of a run, thread or source.
    pub fn of_outcome(outcome: Outcome) -> Kind {
        match outcome {
            Outcome::Success => Kind::Passed,
            Outcome::Failure => Kind::Failed,
            Outcome::Running => Kind::Running,
            Outcome::Neutral => Kind::Untested,
        }
    }

    /// Its name in style sheets.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Passed => "passed",
            Kind::Failed => "failed",
            Kind::Retest => "retest",
            Kind::Blocked => "blocked",
            Kind::Skipped => "skipped",
            Kind::Untested => "untested",
            Kind::Running => "running",
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Passed => "Passed",
            Kind::Failed => "Failed",
            Kind::Retest => "Retest",
            Kind::Blocked => "Blocked",
            Kind::Skipped => "Skipped",
            Kind::Untested => "Untested",
            Kind::Running => "Running",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Kind::Passed => Icon::Check,
            Kind::Failed => Icon::X,
            Kind::Retest => Icon::RotateCcw,
            Kind::Blocked => Icon::Ban,
            Kind::Skipped => Icon::ChevronsRight,
            Kind::Untested => Icon::CircleDashed,
            Kind::Running => Icon::Loader,
        }
    }
}

/// Icon and word.
pub fn pill(kind: Kind, word: &str) -> Markup {
    html! { span class={ "pill st-" (kind.key()) } { (icon(kind.icon())) (word) } }
}

/// The icon alone, whose name is the word. What it stands in shows the word to the pointer.
pub fn mark(kind: Kind, word: &str) -> Markup {
    html! {
        svg class={ "mark st-" (kind.key()) } role="img" aria-label=(word) width="18" height="18" {
            use href=(address(kind.icon())) {}
        }
    }
}

/// The icon alone, beside words that say the same.
pub fn sign(kind: Kind) -> Markup {
    html! {
        svg class={ "mark st-" (kind.key()) } aria-hidden="true" width="18" height="18" {
            use href=(address(kind.icon())) {}
        }
    }
}

/// Results by family.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally([i64; 6]);

impl Tally {
    /// Sums the counters of all statuses.
    pub fn of(statuses: &Statuses, counts: &Counts) -> Tally {
        let mut tally = Tally::default();
        for status in &statuses.0 {
            tally.add(Kind::of(status), counts.of(status.id));
        }
        tally
    }

    /// Adds `n` results; [`Kind::Running`] is no result.
    pub fn add(&mut self, kind: Kind, n: i64) {
        if let Some(mine) = self.0.get_mut(kind as usize) {
            *mine += n;
        }
    }

    /// Results of a family.
    pub fn get(&self, kind: Kind) -> i64 {
        self.0.get(kind as usize).copied().unwrap_or(0)
    }

    /// All results.
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    /// Families that have results, in the order of bars.
    pub fn parts(&self) -> impl Iterator<Item = (Kind, i64)> {
        Kind::ALL.into_iter().zip(self.0).filter(|(_, n)| *n > 0)
    }

    /// `148 passed, 9 failed`.
    pub fn words(&self) -> String {
        let parts: Vec<String> = self
            .parts()
            .map(|(kind, n)| format!("{} {}", super::text::number(n), kind.word().to_lowercase()))
            .collect();
        if parts.is_empty() {
            "no results".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factory_statuses_have_a_family_each() {
        let kinds: Vec<Kind> = model::status::factory().iter().map(Kind::of).collect();
        assert_eq!(
            kinds,
            [
                Kind::Untested,
                Kind::Passed,
                Kind::Failed,
                Kind::Retest,
                Kind::Blocked,
                Kind::Skipped
            ]
        );
    }

    #[test]
    fn tallies_spell_their_counts() {
        let statuses = Statuses(model::status::factory());
        let mut counts = Counts::default();
        assert_eq!(Tally::of(&statuses, &counts).words(), "no results");
        counts.add(2, 1480);
        counts.add(3, 9);
        assert_eq!(Tally::of(&statuses, &counts).words(), "1,480 passed, 9 failed");
    }
}
