//! One search for everything: pages, projects, cases, runs. With script it opens over any page by Ctrl+K.

pub(crate) mod handler;
pub mod view;
