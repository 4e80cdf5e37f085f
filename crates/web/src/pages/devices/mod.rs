//! Signed-in devices and the password.

pub mod agent;
pub(crate) mod handler;
pub mod view;
