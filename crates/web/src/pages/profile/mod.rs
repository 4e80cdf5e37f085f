//! The user profile: account, security, and the way to the API keys.

pub mod side;
pub mod view;
