//! The user profile: account, security, and the way to the API keys.

pub(crate) mod handler;
pub mod side;
pub mod view;
