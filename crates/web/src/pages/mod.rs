//! The pages, a folder or file each: `view` draws from plain data, the rest answers requests with it.

pub mod login;
pub mod setup;
