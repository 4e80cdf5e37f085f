//! `attest serve`: the accept loop, TLS, the layer around the routes, and what operators look at.

pub mod accept;
pub mod body;
pub mod connection;
pub mod gate;
pub mod health;
pub mod layer;
pub mod metrics;
mod pace;
pub mod tls;
mod transport;
mod watch;
