//! Tests of the REST API, over the whole server below its sockets. They run on both engines (`TESTDB`).

#![expect(clippy::unwrap_used, reason = "what fails in a test ends it")]

mod administration;
mod against_model;
mod attachments;
mod audit;
mod automation;
mod automation_cases;
mod bodies;
mod cases;
mod client;
mod contract;
mod data_sets;
mod folders;
mod idempotency;
mod keys;
mod lifecycle;
mod live_runs;
mod lookups;
mod matrix;
mod milestones;
mod notifications;
mod openapi;
mod paging;
mod parts;
mod people;
mod retention;
mod runs;
mod sessions;
mod statements;
mod step_statuses;
