//! Tests of the `attest` command, from outside.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on ends"
)]

mod accept;
mod automation;
mod commands;
mod config;
mod covering;
mod demo;
mod every_command;
mod generate;
mod health;
mod layer;
mod limits;
mod logging;
mod manual;
mod process;
mod recorder;
mod requests;
mod serve;
mod support;
mod tls;
