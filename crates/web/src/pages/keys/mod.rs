//! API keys of the signed-in person.

pub(crate) mod handler;
pub mod change;
pub mod created;
pub mod form;
pub mod view;
