//! Tests of the use cases, without HTTP. They run on both engines (`TESTDB`).

#![expect(clippy::unwrap_used, reason = "what fails in a test ends it")]

mod access;
mod audit;
mod blobs;
mod bulk;
mod chain;
mod devices;
mod held;
mod jobs;
mod keyring;
mod keys;
mod limits;
mod login;
mod notifications;
mod review;
mod rotation;
mod rules;
mod secrets;
mod setup;
mod shared_steps;
mod support;
mod views;
