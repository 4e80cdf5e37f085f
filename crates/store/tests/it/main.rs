//! What the store promises, on the engine that `TESTDB` names.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod attachments;
mod audit;
mod deep_pages;
mod lifecycle;
mod migrations;
mod postgres;
mod queue;
mod reading;
mod schema;
mod sqlite;
mod statements;
mod support;
mod values;
mod writing;
