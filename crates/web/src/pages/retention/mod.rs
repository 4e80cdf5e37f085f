//! How long a project keeps results of automation, and what goes next.

pub(crate) mod handler;
pub mod view;
