//! The user profile: account, notifications, security, and the way to the API keys.

pub(crate) mod handler;
mod notices;
pub mod side;
pub mod view;
