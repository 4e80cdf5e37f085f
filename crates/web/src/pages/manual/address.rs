//! Where in a run one is, as the address says it. Every state of the page has an address of its own.

use app::runs::execution::Show;
use model::{ResultId, RunId, TestId};
use serde::Deserialize;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Query {
    #[serde(default)]
    test_id: String,
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    made: String,
}

impl Query {
    /// Asks for a test, in the list of this name.
    pub fn with(test: TestId, show: &str) -> Query {
        Query {
            test_id: test.to_string(),
            show: show.to_owned(),
            ..Query::default()
        }
    }
}

/// A place in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The run.
    pub run: RunId,
    /// The test that is open.
    pub test: Option<TestId>,
    /// Which tests the list has.
    pub show: Show,
    /// The list begins behind this position.
    pub after: i64,
    /// The result that was just given.
    pub made: Option<ResultId>,
}

impl Place {
    /// From an address. What makes no sense is left out.
    pub fn read(run: RunId, query: &Query) -> Place {
        Place {
            run,
            test: query.test_id.parse().ok(),
            show: match query.show.as_str() {
                "mine" => Show::Mine,
                "unfinished" => Show::Unfinished,
                _ => Show::All,
            },
            after: query.after.parse().unwrap_or(0).max(0),
            made: query.made.parse().ok(),
        }
    }

    /// The beginning of a run.
    pub fn start(run: RunId) -> Place {
        Place::read(run, &Query::default())
    }

    /// The same list with a test opened, or with none.
    #[must_use]
    pub fn open(self, test: Option<TestId>) -> Place {
        Place {
            test,
            made: None,
            ..self
        }
    }

    /// Another list, from its beginning.
    #[must_use]
    pub fn show(self, show: Show) -> Place {
        Place {
            show,
            after: 0,
            made: None,
            ..self
        }
    }

    /// The same list from another position on.
    #[must_use]
    pub fn from(self, after: i64) -> Place {
        Place {
            after,
            made: None,
            ..self
        }
    }

    /// `show` as the address has it.
    pub fn word(self) -> &'static str {
        match self.show {
            Show::All => "",
            Show::Mine => "mine",
            Show::Unfinished => "unfinished",
        }
    }

    /// The address.
    pub fn href(self) -> String {
        let mut query = Vec::new();
        if let Some(test) = self.test {
            query.push(format!("test_id={test}"));
        }
        if self.show != Show::All {
            query.push(format!("show={}", self.word()));
        }
        if self.after > 0 {
            query.push(format!("after={}", self.after));
        }
        if let Some(made) = self.made {
            query.push(format!("made={made}"));
        }
        let path = format!("/runs/view/{}", self.run);
        if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.join("&"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_the_same_again() {
        for query in [
            "",
            "?test_id=7",
            "?test_id=7&show=mine&after=50",
            "?show=unfinished",
            "?test_id=8&made=12",
        ] {
            let given: Vec<(String, String)> =
                form_urlencoded::parse(query.trim_start_matches('?').as_bytes())
                    .into_owned()
                    .collect();
            let get = |name: &str| {
                let found = given.iter().find(|(n, _)| n == name);
                found.map(|(_, v)| v.clone()).unwrap_or_default()
            };
            let asked = Query {
                test_id: get("test_id"),
                show: get("show"),
                after: get("after"),
                made: get("made"),
            };
            assert_eq!(
                Place::read(RunId(3), &asked).href(),
                format!("/runs/view/3{query}")
            );
        }
    }
}
