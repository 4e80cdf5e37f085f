//! The `attest` command: configuration, server, and the commands of its operator.

pub mod config;
pub mod logging;
pub mod serve;
