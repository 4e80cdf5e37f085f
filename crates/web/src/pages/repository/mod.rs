//! The repository of a project: its folders, its cases, and the pages that change them.

pub mod address;
pub mod bulk;
pub mod case;
pub mod folders;
pub(crate) mod handler;
pub mod pane;
mod query;
pub mod table;
pub mod tree;
pub mod view;
pub mod views;
