//! Steps that many cases share: their list, and the forms that make, change and delete them.

pub(crate) mod handler;
pub mod view;
