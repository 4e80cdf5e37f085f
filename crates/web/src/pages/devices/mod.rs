//! Signed-in devices and the password.

pub mod agent;
pub mod view;
