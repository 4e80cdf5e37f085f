//! The `ATTEST_*` variables, taken once at start.

use std::collections::BTreeMap;

/// The variables whose names begin with `ATTEST_`. An empty one counts as not set.
#[derive(Debug, Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Those of this process.
    pub fn of_process() -> Environment {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Environment {
        Environment(
            variables
                .into_iter()
                .filter(|(name, value)| name.starts_with("ATTEST_") && !value.trim().is_empty())
                .collect(),
        )
    }
}
