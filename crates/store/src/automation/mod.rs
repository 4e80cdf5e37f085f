//! Automation results: sources, runs, their threads, and tests (contract §2.1, §2.2, §5, §9).

pub mod case;
pub mod cases;
pub mod known;
pub mod named;
pub mod part;
pub mod retention;
pub mod run;
pub mod source;
pub mod stats;
pub mod test;
pub mod thread;

use model::automation::{Artifact, Field, Link};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A list as its JSON document.
pub(crate) fn to_json<T: Serialize>(list: &[T]) -> String {
    if list.is_empty() {
        "[]".to_owned()
    } else {
        serde_json::to_string(list).unwrap_or_else(|_| "[]".to_owned())
    }
}

/// A list from its JSON document; one that can't be read is empty.
pub(crate) fn from_json<T: DeserializeOwned>(json: &str) -> Vec<T> {
    if json == "[]" {
        Vec::new()
    } else {
        serde_json::from_str(json).unwrap_or_default()
    }
}

/// What a client adds to a run, a thread, or both.
#[derive(Debug, Clone, Default)]
pub struct Additions {
    /// Named values.
    pub fields: Vec<Field>,
    /// Files that lie elsewhere.
    pub artifacts: Vec<Artifact>,
    /// Links; threads have none.
    pub links: Vec<Link>,
}

impl Additions {
    /// Whether there is anything to add.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.artifacts.is_empty() && self.links.is_empty()
    }
}
