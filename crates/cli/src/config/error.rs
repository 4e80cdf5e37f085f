//! What is wrong with the configuration: which setting, where it was set, and how to mend it.

use std::fmt;
use std::path::PathBuf;

/// Where a value was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// On the command line.
    Flag(String),
    /// In the environment.
    Variable(String),
    /// In the configuration file, at a line.
    File(PathBuf, usize),
    /// Nowhere: the factory value.
    Factory,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Flag(flag) => write!(f, "--{flag}"),
            Origin::Variable(name) => write!(f, "the variable {name}"),
            Origin::File(path, line) => write!(f, "{} line {line}", path.display()),
            Origin::Factory => write!(f, "the factory value"),
        }
    }
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The setting's key; empty when the file as a whole is at fault.
    pub key: String,
    /// Where it was set.
    pub origin: Origin,
    /// What is wrong.
    pub problem: String,
    /// What to do about it.
    pub remedy: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(
            f,
            "{}\n  set by: {}\n  remedy: {}",
            self.problem, self.origin, self.remedy
        )
    }
}

impl std::error::Error for Error {}
