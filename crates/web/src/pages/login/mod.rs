//! Signing in and out.

pub(crate) mod handler;
pub mod view;
