//! Projects: the list, a new one, and a project's overview.

pub mod overview;
pub mod view;
