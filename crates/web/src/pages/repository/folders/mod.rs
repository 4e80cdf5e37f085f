//! Forms that make, rename, move, copy and delete folders. Each is a page of its own; script shows it as a dialog.

mod handler;
pub mod view;

pub(crate) use handler::routes;
