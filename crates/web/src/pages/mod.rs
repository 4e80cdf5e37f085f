//! The pages, a folder or file each: `view` draws from plain data, the rest answers requests with it.

pub mod login;
pub mod setup;
pub mod projects;
pub mod run;
pub mod runs;
pub mod devices;
pub mod keys;
pub mod problem;
pub mod profile;
