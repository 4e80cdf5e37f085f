//! Tests of the `attest` command, from outside.

mod accept;
mod config;
mod layer;
mod limits;
mod logging;
mod support;
mod tls;
