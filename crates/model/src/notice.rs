//! Kinds of notifications that people get about what others do.

/// Why somebody is notified. A new kind is a variant here, its words on the pages, and a call of the writing function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// Tests of a run were given to them.
    Assigned,
    /// A case waits for their review.
    ReviewAsked,
    /// A run that they made was closed.
    RunClosed,
}

impl NoticeKind {
    /// All kinds, in the order in which pages list them.
    pub const ALL: [NoticeKind; 3] = [
        NoticeKind::Assigned,
        NoticeKind::ReviewAsked,
        NoticeKind::RunClosed,
    ];

    /// Its name in the API and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            NoticeKind::Assigned => "assigned",
            NoticeKind::ReviewAsked => "review_asked",
            NoticeKind::RunClosed => "run_closed",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|k| k.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back() {
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(NoticeKind::from_name("x"), None);
    }
}
