//! Signing in and out.

pub mod view;
