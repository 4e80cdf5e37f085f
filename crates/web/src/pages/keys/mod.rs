//! API keys of the signed-in person.

pub mod change;
pub mod created;
pub mod form;
pub(crate) mod handler;
pub mod view;
