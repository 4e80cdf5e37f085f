//! Automation runs of a project.

pub mod chart;
pub(crate) mod handler;
pub mod rows;
pub mod snippet;
pub mod view;
