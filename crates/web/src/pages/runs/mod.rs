//! Automation runs of a project.

pub(crate) mod handler;
pub mod rows;
pub mod snippet;
pub mod view;
