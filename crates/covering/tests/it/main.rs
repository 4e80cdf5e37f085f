//! Tests of covering arrays, from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod brute;
mod checker;
mod errors;
mod features;
mod format;
mod random;
mod sizes;
mod support;
