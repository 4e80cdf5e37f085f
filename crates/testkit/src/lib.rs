//! Test support: a database per test on either engine, a server, builders. Never in the product.

#[cfg(feature = "server")]
pub mod app;
#[cfg(feature = "server")]
pub mod bucket;
pub mod db;
#[cfg(feature = "server")]
mod described;
