//! Automation runs of a project.

pub mod rows;
pub mod snippet;
pub mod view;
