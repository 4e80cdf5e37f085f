//! The inbox: what others did that concerns the reader.

pub(crate) mod handler;
pub mod view;
