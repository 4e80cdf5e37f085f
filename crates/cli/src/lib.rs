//! The `attest` command: configuration, server, and the commands of its operator.

pub mod command;
pub mod config;
mod instance;
pub mod logging;
pub mod serve;
