//! Test support: a database per test on either engine, a server, builders. Never in the product.

pub mod db;
