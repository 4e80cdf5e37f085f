//! Projects: the list, a new one, and a project's overview.

pub(crate) mod handler;
pub mod overview;
pub mod view;
