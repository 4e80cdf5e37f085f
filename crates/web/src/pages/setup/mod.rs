//! First-run set-up through the link that the server prints.

pub(crate) mod handler;
pub mod view;
