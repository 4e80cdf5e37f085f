//! The `attest` command: configuration, server, and the commands of its operator.

mod automation;
pub mod command;
pub mod config;
mod demo;
mod instance;
pub mod logging;
pub mod serve;
