//! Signed-in devices and the password.

pub(crate) mod handler;
pub mod agent;
pub mod view;
