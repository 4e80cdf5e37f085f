//! What can be wrong with a result file.

use std::io;

/// Why a result file cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file, or the temporary file for its tests, could not be read or written.
    #[error("cannot read the file: {0}")]
    Io(#[from] io::Error),
    /// XML breaks a rule.
    #[error(transparent)]
    Xml(#[from] junit::Error),
    /// JSON breaks a rule, or is not what the format asks for.
    #[error("line {line}: not valid: {problem}; have the tool that wrote the file write it again")]
    Json {
        /// Line, counted from 1.
        line: u64,
        /// What the JSON parser says.
        problem: String,
    },
    /// A line of a text format is longer than 16 MiB.
    #[error("line {line} is longer than {} MiB; shorten the output of this test", junit::MAX_TEXT >> 20)]
    TooLong {
        /// Line, counted from 1.
        line: u64,
    },
    /// The file ends before all that it announced.
    #[error("{0}; the tool that wrote it was probably stopped, run it again")]
    Incomplete(String),
}

impl Error {
    pub(crate) fn json(error: serde_json::Error, before: u64) -> Error {
        if error.is_io() {
            return Error::Io(error.into());
        }
        let text = error.to_string();
        // The parser's own place is left out: it counts from where it began.
        let problem = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(problem, _)| problem);
        Error::Json {
            line: before + error.line() as u64,
            problem: problem.to_owned(),
        }
    }
}
