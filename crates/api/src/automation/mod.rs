//! Automation (contract §2.1, §2.2, §9).

pub(crate) mod append;
pub(crate) mod cases;
mod dto;
mod input;
pub(crate) mod links;
pub(crate) mod parts;
pub(crate) mod retention;
pub(crate) mod runs;
pub(crate) mod sources;
pub(crate) mod tests;
pub(crate) mod threads;
