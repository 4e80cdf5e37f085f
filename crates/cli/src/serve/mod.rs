//! `attest serve`: the accept loop, TLS, the layer around the routes, and what operators look at.

pub mod accept;
pub mod body;
pub mod connection;
pub(crate) mod files_limit;
pub mod gate;
pub mod health;
pub mod layer;
pub mod metrics;
mod metrics_page;
mod pace;
mod run;
pub mod tls;
mod transport;
mod watch;
mod welcome;

pub use run::run;
