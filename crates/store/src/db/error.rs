//! What can go wrong, sorted by what the caller should do about it.

/// An error of the data layer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A unique key is taken; nothing was written (409). SQLite names the columns, PostgreSQL the
    /// constraint: show neither to a client, map by operation.
    #[error("choose another value, this one is taken: {0}")]
    Unique(String),
    /// Another constraint failed (foreign key, check, not null); nothing was written (422).
    #[error("correct the value, a constraint failed: {0}")]
    Constraint(String),
    /// A text holds U+0000, which PostgreSQL cannot store; nothing was sent (400).
    #[error("take the NUL character out of the text")]
    Nul,
    /// The queue is full or there is no connection. The closure has not run (503 with Retry-After).
    #[error("try again later, the database is busy")]
    Busy,
    /// PostgreSQL: conflicted with other transactions more often than we retry; nothing was written (503).
    #[error("try again, other transactions kept interfering")]
    Conflict,
    /// Disk full, I/O error, time limit or lost connection before COMMIT; nothing was written (503 or 507).
    #[error("check disk space and the connection to the database, nothing was written: {0}")]
    RolledBack(String),
    /// COMMIT failed or its answer was lost: the write may or may not be there (500). Only retry with an
    /// idempotency key.
    #[error("check whether the change is there before repeating it, its outcome is unknown: {0}")]
    Unknown(String),
    /// A statement after a failed one in the same transaction, or a failure that the closure swallowed. A bug.
    #[error("return the first error of a transaction, statements after it are refused")]
    Aborted,
    /// [`Tx::one`](super::Tx::one) found no row.
    #[error("no such row")]
    NoRow,
    /// Wrong SQL or a wrong type. A bug.
    #[error("correct the statement: {0}")]
    Sql(String),
    /// The database cannot be opened: wrong address, missing folder, refused password.
    #[error("check the address of the database: {0}")]
    Open(String),
    /// The database was closed, the process is ending.
    #[error("the database is closed, the server is stopping")]
    Closed,
}

/// A result of the data layer.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// What the engine said, without our advice.
    pub(super) fn detail(&self) -> String {
        match self {
            Error::Unique(text)
            | Error::Constraint(text)
            | Error::RolledBack(text)
            | Error::Unknown(text)
            | Error::Sql(text)
            | Error::Open(text) => text.clone(),
            other => other.to_string(),
        }
    }
}
