//! Calls against servers that answer as they are told.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod kinds;
mod repetition;
mod server;
