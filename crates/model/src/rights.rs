//! Rights: one fixed set of 64, sixteen areas by four actions, and the scopes that narrow a key.
//!
//! The order is part of the API (`permissions` of a role is this number) and never changes; `docs/API.md` lists it.

use serde::{Deserialize, Serialize};

/// What a right is about. The discriminant is the area's place in the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Area {
    /// Project overview and documentation.
    Documentation = 0,
    /// Milestones.
    Milestones = 1,
    /// Folders, cases and their attachments.
    Cases = 2,
    /// Case fields marked as restricted.
    RestrictedCaseFields = 3,
    /// Manual runs.
    Runs = 4,
    /// Runs that are closed.
    ClosedRuns = 5,
    /// Results of manual runs.
    Results = 6,
    /// Result fields marked as restricted.
    RestrictedResultFields = 7,
    /// Exploratory sessions.
    Sessions = 8,
    /// Sessions that are closed.
    ClosedSessions = 9,
    /// Automation sources, runs, threads and tests.
    Automation = 10,
    /// Tags.
    Tags = 11,
    /// Steps shared between cases.
    SharedSteps = 12,
    /// Issues.
    Issues = 13,
    /// Reports.
    Reports = 14,
    /// Settings of the project.
    Settings = 15,
}

impl Area {
    /// All areas in their order.
    pub const ALL: [Area; 16] = [
        Area::Documentation,
        Area::Milestones,
        Area::Cases,
        Area::RestrictedCaseFields,
        Area::Runs,
        Area::ClosedRuns,
        Area::Results,
        Area::RestrictedResultFields,
        Area::Sessions,
        Area::ClosedSessions,
        Area::Automation,
        Area::Tags,
        Area::SharedSteps,
        Area::Issues,
        Area::Reports,
        Area::Settings,
    ];

    /// The area in words, as pages and errors say it.
    pub fn words(self) -> &'static str {
        match self {
            Area::Documentation => "documentation",
            Area::Milestones => "milestones",
            Area::Cases => "cases",
            Area::RestrictedCaseFields => "restricted case fields",
            Area::Runs => "runs",
            Area::ClosedRuns => "closed runs",
            Area::Results => "results",
            Area::RestrictedResultFields => "restricted result fields",
            Area::Sessions => "sessions",
            Area::ClosedSessions => "closed sessions",
            Area::Automation => "automation",
            Area::Tags => "tags",
            Area::SharedSteps => "shared steps",
            Area::Issues => "issues",
            Area::Reports => "reports",
            Area::Settings => "settings",
        }
    }
}

/// What may be done in an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Action {
    /// Look.
    View = 0,
    /// Add and edit.
    Edit = 1,
    /// Delete.
    Delete = 2,
    /// Complete or close.
    Complete = 3,
}

impl Action {
    /// All actions in their order.
    pub const ALL: [Action; 4] = [Action::View, Action::Edit, Action::Delete, Action::Complete];

    /// The action in words.
    pub fn words(self) -> &'static str {
        match self {
            Action::View => "view",
            Action::Edit => "add and edit",
            Action::Delete => "delete",
            Action::Complete => "complete",
        }
    }
}

/// One right: an action in an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Right(pub Area, pub Action);

impl std::fmt::Display for Right {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.1.words(), self.0.words())
    }
}

/// A set of rights. Bit `4 * area + action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Rights(pub u64);

impl Rights {
    /// No right at all.
    pub const NONE: Rights = Rights(0);
    /// Every right.
    pub const ALL: Rights = Rights(u64::MAX);

    /// One right alone.
    pub const fn of(right: Right) -> Rights {
        Rights(1 << (4 * right.0 as u32 + right.1 as u32))
    }

    /// All four actions in `areas`.
    pub const fn areas(areas: &[Area]) -> Rights {
        let mut bits = 0;
        let mut i = 0;
        while i < areas.len() {
            bits |= 0xF << (4 * areas[i] as u32);
            i += 1;
        }
        Rights(bits)
    }

    /// Viewing in every area.
    pub const fn view() -> Rights {
        Rights(0x1111_1111_1111_1111)
    }

    /// This set and `other`.
    #[must_use]
    pub const fn with(self, other: Rights) -> Rights {
        Rights(self.0 | other.0)
    }

    /// What both sets hold.
    #[must_use]
    pub const fn and(self, other: Rights) -> Rights {
        Rights(self.0 & other.0)
    }

    /// Whether `right` is in the set.
    pub const fn has(self, right: Right) -> bool {
        self.0 & Rights::of(right).0 != 0
    }

    /// As the database and the API hold it: the same 64 bits as a signed number.
    #[expect(clippy::cast_possible_wrap, reason = "a bit pattern, not a quantity")]
    pub const fn to_i64(self) -> i64 {
        self.0 as i64
    }

    /// From the signed number of [`Rights::to_i64`].
    #[expect(clippy::cast_sign_loss, reason = "a bit pattern, not a quantity")]
    pub const fn from_i64(bits: i64) -> Rights {
        Rights(bits as u64)
    }
}

/// Roles that every instance starts with: name, rights, and whether it is the default for new people.
pub const FACTORY_ROLES: [(&str, Rights, bool); 6] = [
    ("Lead", Rights::ALL, false),
    (
        "Designer",
        Rights::view().with(Rights::areas(&[Area::Cases, Area::Tags, Area::SharedSteps])),
        false,
    ),
    (
        "Tester",
        Rights::view().with(Rights::areas(&[
            Area::Runs,
            Area::Results,
            Area::Sessions,
            Area::Automation,
            Area::Issues,
        ])),
        true,
    ),
    ("Read-only", Rights::view(), false),
    ("Results submitter", Scope::RESULTS_WRITE, false),
    ("Case writer", Scope::CASES_WRITE, false),
];

/// What a key may be used for at most, whoever owns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// Everything that its owner may do.
    #[serde(rename = "full")]
    Full,
    /// Looking, in every area.
    #[serde(rename = "read")]
    Read,
    /// Automation runs, threads, results, and the look-ups they need.
    #[serde(rename = "results:write")]
    ResultsWrite,
    /// Folders, cases, attachments, and the look-ups they need.
    #[serde(rename = "cases:write")]
    CasesWrite,
}

impl Scope {
    /// All scopes, in the order in which the form of a new key shows them.
    pub const ALL: [Scope; 4] = [Scope::ResultsWrite, Scope::CasesWrite, Scope::Read, Scope::Full];

    const RESULTS_WRITE: Rights = Rights::of(Right(Area::Documentation, Action::View))
        .with(Rights::of(Right(Area::Milestones, Action::View)))
        .with(Rights::of(Right(Area::Runs, Action::View)))
        .with(Rights::of(Right(Area::Tags, Action::View)))
        .with(Rights::areas(&[Area::Results, Area::Automation]));
    const CASES_WRITE: Rights = Rights::of(Right(Area::Documentation, Action::View))
        .with(Rights::of(Right(Area::Automation, Action::View)))
        .with(Rights::of(Right(Area::Issues, Action::View)))
        .with(Rights::of(Right(Area::SharedSteps, Action::View)))
        .with(Rights::areas(&[Area::Cases, Area::Tags]));

    /// The name that keys, errors and the command line use.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Full => "full",
            Scope::Read => "read",
            Scope::ResultsWrite => "results:write",
            Scope::CasesWrite => "cases:write",
        }
    }

    /// The purpose in words, as the form of a new key asks for it.
    pub fn words(self) -> &'static str {
        match self {
            Scope::Full => "Everything I may do",
            Scope::Read => "Read only",
            Scope::ResultsWrite => "Submit test results",
            Scope::CasesWrite => "Write test cases",
        }
    }

    /// The rights that the scope lets through.
    pub const fn rights(self) -> Rights {
        match self {
            Scope::Full => Rights::ALL,
            Scope::Read => Rights::view(),
            Scope::ResultsWrite => Scope::RESULTS_WRITE,
            Scope::CasesWrite => Scope::CASES_WRITE,
        }
    }

    /// The narrowest scope that holds `right`, for the challenge of a 403 (RFC 6750 §3).
    pub fn needed_for(right: Right) -> Scope {
        [Scope::Read, Scope::ResultsWrite, Scope::CasesWrite]
            .into_iter()
            .find(|s| s.rights().has(right))
            .unwrap_or(Scope::Full)
    }
}

impl std::str::FromStr for Scope {
    type Err = ();
    fn from_str(s: &str) -> Result<Scope, ()> {
        Scope::ALL.into_iter().find(|scope| scope.name() == s).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_has_its_own_bit() {
        let mut seen = Rights::NONE;
        for area in Area::ALL {
            for action in Action::ALL {
                let one = Rights::of(Right(area, action));
                assert_eq!(one.0.count_ones(), 1);
                assert_eq!(seen.and(one), Rights::NONE);
                seen = seen.with(one);
            }
        }
        assert_eq!(seen, Rights::ALL);
        assert_eq!(Rights::from_i64(seen.to_i64()), seen);
    }

    #[test]
    fn scopes_hold_what_their_words_say() {
        let submit = Right(Area::Automation, Action::Edit);
        let write_cases = Right(Area::Cases, Action::Edit);
        let all = [Scope::Full, Scope::Read, Scope::ResultsWrite, Scope::CasesWrite];
        assert_eq!(all.map(|s| s.rights().has(submit)), [true, false, true, false]);
        assert_eq!(
            all.map(|s| s.rights().has(write_cases)),
            [true, false, false, true]
        );
        assert_eq!(Scope::needed_for(submit), Scope::ResultsWrite);
        assert_eq!(
            Scope::needed_for(Right(Area::Settings, Action::Edit)),
            Scope::Full
        );
        for scope in all {
            assert_eq!(scope.name().parse(), Ok(scope));
        }
    }
}
