//! A case before it is chosen.

use crate::case::{Datum, Polarity, Step};
use crate::span::Span;
use crate::technique::Technique;

/// What a technique proposes. The first of its items says which technique it is of.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) technique: Technique,
    /// Ids of items that it covers.
    pub(crate) items: Vec<String>,
    pub(crate) requirement: String,
    /// Ids of criteria.
    pub(crate) criteria: Vec<String>,
    pub(crate) polarity: Polarity,
    /// 0 (low) to 4 (high).
    pub(crate) risk: u8,
    pub(crate) title: String,
    pub(crate) preconditions: Vec<String>,
    pub(crate) steps: Vec<Step>,
    pub(crate) spans: Vec<Span>,
}

/// A step without data.
pub(crate) fn step(action: impl Into<String>, expected: Vec<String>) -> Step {
    Step {
        action: action.into(),
        data: Vec::new(),
        expected,
    }
}

/// A step with data.
pub(crate) fn with_data(action: impl Into<String>, data: Vec<Datum>, expected: Vec<String>) -> Step {
    Step {
        action: action.into(),
        data,
        expected,
    }
}
