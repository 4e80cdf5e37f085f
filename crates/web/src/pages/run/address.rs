//! Addresses within the page of a run: tab, filter, place in the list, and the test that is open.

use model::automation::Outcome;
use model::{AutomationRunId, AutomationTestId};
use serde::Deserialize;
use store::automation::test::Cursor;

/// What the page shows below its summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// Every test, failures first.
    #[default]
    Tests,
    /// Failures by message.
    Failures,
    /// Threads.
    Threads,
    /// Files of the run and its threads.
    Artifacts,
    /// Everything else that is known.
    Info,
}

impl Tab {
    const NAMES: [(Tab, &'static str); 5] = [
        (Tab::Tests, "tests"),
        (Tab::Failures, "failures"),
        (Tab::Threads, "threads"),
        (Tab::Artifacts, "artifacts"),
        (Tab::Info, "info"),
    ];

    fn name(self) -> &'static str {
        Tab::NAMES
            .iter()
            .find(|(tab, _)| *tab == self)
            .map_or("tests", |(_, name)| name)
    }

    fn from_name(name: &str) -> Tab {
        Tab::NAMES
            .iter()
            .find(|(_, n)| *n == name)
            .map_or(Tab::Tests, |(tab, _)| *tab)
    }

    /// Whether it lists tests, beside which one can be open.
    pub fn has_detail(self) -> bool {
        matches!(self, Tab::Tests | Tab::Failures)
    }
}

/// Values of `show`: only tests of one outcome.
const SHOWN: [(Outcome, &str); 3] = [
    (Outcome::Failure, "failed"),
    (Outcome::Neutral, "other"),
    (Outcome::Success, "passed"),
];

/// The query of the page's address as it comes.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Query {
    #[serde(default)]
    tab: String,
    #[serde(default)]
    show: String,
    test_id: Option<String>,
    #[serde(default)]
    after: String,
    #[serde(default)]
    whole: String,
}

/// Where in the page one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The run.
    pub run: AutomationRunId,
    /// The tab.
    pub tab: Tab,
    /// Only tests of this outcome.
    pub show: Option<Outcome>,
    /// Where the list begins; none for its beginning.
    pub after: Option<Cursor>,
    /// The test that is open.
    pub test: Option<AutomationTestId>,
    /// Whether long texts of the open test are shown whole.
    pub is_whole: bool,
}

impl Place {
    /// The beginning of a run's page.
    pub fn start(run: AutomationRunId) -> Place {
        Place {
            run,
            tab: Tab::Tests,
            show: None,
            after: None,
            test: None,
            is_whole: false,
        }
    }

    /// Reads an address. What makes no sense in it counts as not given.
    pub fn read(run: AutomationRunId, query: &Query) -> Place {
        Place {
            run,
            tab: Tab::from_name(&query.tab),
            show: SHOWN
                .iter()
                .find(|(_, name)| *name == query.show)
                .map(|(outcome, _)| *outcome),
            after: cursor(&query.after),
            test: query.test_id.as_ref().and_then(|id| id.parse().ok()),
            is_whole: !query.whole.is_empty(),
        }
    }

    /// The address of this place.
    pub fn href(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        if self.tab != Tab::Tests {
            parts.push(format!("tab={}", self.tab.name()));
        }
        if let Some((_, name)) = SHOWN.iter().find(|(outcome, _)| Some(*outcome) == self.show) {
            parts.push(format!("show={name}"));
        }
        if let Some(after) = self.after {
            parts.push(format!("after={}.{}", after.outcome.number(), after.after));
        }
        if let Some(id) = self.test {
            parts.push(format!("test_id={id}"));
        }
        if self.is_whole {
            parts.push("whole=1".to_owned());
        }
        let query = if parts.is_empty() {
            String::new()
        } else {
            format!("?{}", parts.join("&"))
        };
        format!("/automation/runs/view/{}{query}", self.run)
    }

    /// Another tab, from its beginning.
    #[must_use]
    pub fn tab(self, tab: Tab) -> Place {
        Place {
            tab,
            ..Place::start(self.run)
        }
    }

    /// The list of tests of one outcome, or of all.
    #[must_use]
    pub fn show(self, show: Option<Outcome>) -> Place {
        Place {
            show,
            ..Place::start(self.run)
        }
    }

    /// The same list with another test open, or none.
    #[must_use]
    pub fn open(self, test: Option<AutomationTestId>) -> Place {
        Place {
            test,
            is_whole: false,
            ..self
        }
    }

    /// The list from a place on.
    #[must_use]
    pub fn from(self, after: Option<Cursor>) -> Place {
        Place {
            after,
            test: None,
            is_whole: false,
            ..self
        }
    }

    /// The open test with all of its text.
    #[must_use]
    pub fn whole(self) -> Place {
        Place {
            is_whole: true,
            ..self
        }
    }
}

fn cursor(text: &str) -> Option<Cursor> {
    let (outcome, after) = text.split_once('.')?;
    Some(Cursor {
        outcome: Outcome::from_number(outcome.parse().ok()?).filter(|o| *o != Outcome::Running)?,
        after: after.parse().ok().filter(|id| *id >= 0)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Place {
        let uri: http::Uri = format!("/x?{query}").parse().unwrap();
        let query = axum::extract::Query::<Query>::try_from_uri(&uri).unwrap().0;
        Place::read(AutomationRunId(7), &query)
    }

    #[test]
    fn addresses_come_back_as_they_were_written() {
        for query in [
            "",
            "?tab=failures",
            "?tab=threads",
            "?show=other",
            "?show=failed&after=3.120&test_id=9",
            "?test_id=9&whole=1",
        ] {
            let href = format!("/automation/runs/view/7{query}");
            assert_eq!(read(query.trim_start_matches('?')).href(), href);
        }
    }

    #[test]
    fn nonsense_counts_as_not_given() {
        for query in [
            "tab=x&show=y&after=z&test_id=q",
            "after=9.1",
            "after=3.-4",
            "after=4.1",
            "after=3",
        ] {
            assert_eq!(read(query), Place::start(AutomationRunId(7)), "{query}");
        }
    }
}
