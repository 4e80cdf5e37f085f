//! Why a document could not be read.

use serde::Serialize;
use thiserror::Error;

/// A document that was refused, with the place of the first problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Error)]
#[error("line {line}, column {column}: {message}")]
pub struct ReadError {
    /// Line of the problem, from 1.
    pub line: u32,
    /// Column of the problem in characters, from 1; 0 at the end of the input.
    pub column: u32,
    /// What is wrong and what to do about it.
    pub message: String,
    /// Further problems of the same document, in the order of their lines.
    pub more: Vec<ReadError>,
}

impl ReadError {
    /// One problem at a place.
    pub fn new(line: u32, column: u32, message: impl Into<String>) -> Self {
        Self {
            line,
            column,
            message: message.into(),
            more: Vec::new(),
        }
    }

    /// Makes one error of many problems; `None` if there is none.
    pub(crate) fn of(mut problems: Vec<ReadError>) -> Option<Self> {
        problems.sort_by_key(|problem| (problem.line, problem.column));
        let mut problems = problems.into_iter();
        let mut first = problems.next()?;
        first.more = problems.collect();
        Some(first)
    }
}
