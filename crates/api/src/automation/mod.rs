//! Automation (contract §2.1, §2.2, §9).

pub(crate) mod append;
mod dto;
mod input;
pub(crate) mod runs;
pub(crate) mod sources;
pub(crate) mod tests;
pub(crate) mod threads;
