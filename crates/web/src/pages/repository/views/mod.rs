//! Lists of cases with a name: links above the list, and the forms that keep and delete them.

mod handler;
pub mod view;

pub(crate) use handler::routes;
