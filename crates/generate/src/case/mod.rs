//! Test cases and sets of them.

mod choose;
mod coverage;
mod delta;
mod lint;
mod renamed;
mod set;
mod terms;

use serde::{Deserialize, Serialize};

use crate::span::Span;
use crate::technique::Technique;

pub use delta::{Delta, Stale};
pub use lint::{Lint, LintKind};
pub use set::{Coverage, Known, KnownCriterion, Missing, Origin, TestSet};

pub(crate) use delta::{apply, seeds};
pub(crate) use set::build;

/// Version of the JSON form of a [`TestSet`].
pub const FORMAT_VERSION: u32 = 1;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Techniques; all that suit the input if none is named.
    pub techniques: Vec<Technique>,
    /// How many parameters are combined with each other: 1 to 6.
    pub strength: usize,
    /// Cases for one criterion at most; 0 for no limit.
    pub criterion_budget: usize,
    /// Cases for one requirement at most; 0 for no limit.
    pub requirement_budget: usize,
    /// Whether boundaries have three values (just inside too) instead of two.
    pub three_values: bool,
    /// Rows of values that combinations begin with, such as those of an earlier set.
    #[serde(skip)]
    pub seeds: Vec<Vec<Datum>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            techniques: Vec::new(),
            strength: 2,
            criterion_budget: 0,
            requirement_budget: 0,
            three_values: false,
            seeds: Vec::new(),
        }
    }
}

/// Whether a case shows that something works, or that something wrong is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Polarity {
    /// It works.
    Positive,
    /// It is refused, or does not happen.
    Negative,
}

/// How soon a case should be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// First.
    High,
    /// Then.
    Medium,
    /// Last.
    Low,
}

/// A named value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Datum {
    /// What it is for.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Datum {
    pub(crate) fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// A step of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Step {
    /// What the tester does.
    pub action: String,
    /// With which values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub data: Vec<Datum>,
    /// What can be seen then; empty where nothing is to be looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected: Vec<String>,
}

/// A part of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Its words.
    pub text: String,
    /// Where they stand.
    pub span: Span,
}

/// A test case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// `C-` and eight hexadecimal digits; stays when the case is made again.
    pub id: String,
    /// What makes the case what it is: hash of criteria, technique and items. Two cases of a set never share it.
    pub key: String,
    /// The condition and the outcome.
    pub title: String,
    /// Id of the requirement; empty if it comes from the document as a whole.
    pub requirement: String,
    /// Ids of the criteria.
    pub criteria: Vec<String>,
    /// The technique that asked for it first.
    pub technique: Technique,
    /// Whether something works or is refused.
    pub polarity: Polarity,
    /// How soon it should be run.
    pub priority: Priority,
    /// What must be so before the first step.
    pub preconditions: Vec<String>,
    /// Steps in order; empty in a list of scenarios.
    pub steps: Vec<Step>,
    /// Ids of the coverage items that it covers.
    pub items: Vec<String>,
    /// Where it comes from.
    pub source: Vec<Quote>,
    /// Hash of title, preconditions and steps as they were made, before people changed them.
    #[serde(default)]
    pub made: String,
}

/// Something that the author should answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Id of the requirement.
    pub requirement: String,
    /// Id of the criterion, if it is about one.
    pub criterion: Option<String>,
    /// The kind of the finding, or `generation` where a case could not be made.
    pub kind: String,
    /// Where.
    pub span: Span,
    /// The question, in the language of the source.
    pub text: String,
}

impl Case {
    /// [`Case::made`], of the words as they are now where an older version did not write it.
    pub(crate) fn made(&self) -> String {
        if self.made.is_empty() {
            crate::requirement::hash([self.title.as_str(), self.content().as_str()])
        } else {
            self.made.clone()
        }
    }

    /// All words of the case, for comparisons.
    pub(crate) fn content(&self) -> String {
        let mut text = self.preconditions.join("\n");
        for step in &self.steps {
            text.push('\n');
            text.push_str(&step.action);
            for datum in &step.data {
                text.push('\n');
                text.push_str(&datum.name);
                text.push('=');
                text.push_str(&datum.value);
            }
            for expected in &step.expected {
                text.push_str("\n→ ");
                text.push_str(expected);
            }
        }
        text
    }
}
