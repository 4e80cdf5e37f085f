//! One automation run: summary, tests with failures first, threads, artifacts, and one test's detail.

pub mod address;
pub mod detail;
pub mod failures;
pub mod fields;
pub(crate) mod handler;
pub mod info;
pub mod kept;
pub mod tests;
pub mod threads;
pub mod view;
