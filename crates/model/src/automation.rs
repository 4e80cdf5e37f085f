//! Automation results: states of runs and threads, and the parts that runs, threads and tests carry
//! (contract §3.1, §4.1, §4.3).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// State of a source, run, thread or test (contract §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(i64)]
pub enum Outcome {
    /// Neither success nor failure: skipped, blocked, nothing yet.
    Neutral = 1,
    /// Everything passed.
    Success = 2,
    /// Something failed.
    Failure = 3,
    /// Not completed yet.
    Running = 4,
}

impl Outcome {
    /// The number of the contract.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// From the number of the contract.
    pub fn from_number(n: i64) -> Option<Outcome> {
        [
            Outcome::Neutral,
            Outcome::Success,
            Outcome::Failure,
            Outcome::Running,
        ]
        .into_iter()
        .find(|o| *o as i64 == n)
    }
}

/// Most characters of a note on a link or an artifact.
pub const NOTE_MAX: usize = 80;
/// Most characters of a test's key.
pub const KEY_MAX: usize = 64;

/// Types of a field's value (contract §4.3): 1 string, 2 text, 3 HTML, 4 console, 5 URL.
pub const FIELD_TYPES: std::ops::RangeInclusive<i64> = 1..=5;

/// A named value on a run, thread or test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// 1 string, 2 text, 3 HTML, 4 console, 5 URL.
    #[serde(rename = "type")]
    pub kind: i64,
    /// Its name.
    pub name: String,
    /// Its value.
    #[serde(default)]
    pub value: Option<String>,
    /// More about it, such as the type of an exception.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meta: Option<BTreeMap<String, String>>,
    /// Whether pages show it first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_highlight: bool,
}

/// A file that lies elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Its name.
    pub name: String,
    /// At most 80 characters.
    #[serde(default)]
    pub note: Option<String>,
    /// Where it lies.
    pub url: String,
    /// Its media type.
    #[serde(default)]
    pub mime_type: Option<String>,
    /// Bytes.
    #[serde(default)]
    pub size: Option<i64>,
}

/// A link on a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Its text.
    pub name: String,
    /// At most 80 characters.
    #[serde(default)]
    pub note: Option<String>,
    /// Where it leads.
    pub url: String,
}

/// A test as a client sends it: one result of one automated test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTest {
    /// Identity within the source, at most 64 characters.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Id of its result status.
    pub status_id: i64,
    /// Where it belongs: class, suite or path.
    pub folder: String,
    /// Microseconds.
    pub elapsed: Option<i64>,
    /// The file it stands in.
    pub file: Option<String>,
    /// Line in the file.
    pub line: Option<i64>,
    /// Assertions made.
    pub assertions: Option<i64>,
    /// Messages, output and properties.
    pub fields: Vec<Field>,
    /// Files that lie elsewhere.
    pub artifacts: Vec<Artifact>,
}

impl NewTest {
    /// Roughly how many bytes it holds, for the limits of queues.
    pub fn bytes(&self) -> usize {
        let fields: usize = self
            .fields
            .iter()
            .map(|f| f.name.len() + f.value.as_ref().map_or(0, String::len) + 64)
            .sum();
        let artifacts: usize = self
            .artifacts
            .iter()
            .map(|a| a.name.len() + a.url.len() + 64)
            .sum();
        200 + self.key.len() + self.name.len() + self.folder.len() + fields + artifacts
    }
}
