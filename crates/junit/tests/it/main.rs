//! Tests of the JUnit reader through its public interface.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod errors;
mod fields;
mod files;
mod limits;
mod random;
mod support;
mod walk;
