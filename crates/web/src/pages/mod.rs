//! The pages, a folder or file each: `view` draws from plain data, the rest answers requests with it.

pub mod admin;
pub mod api_users;
pub mod devices;
pub mod docs;
pub mod inbox;
pub mod keys;
pub mod login;
pub mod manual;
pub mod preview;
pub mod problem;
pub mod profile;
pub mod projects;
pub mod repository;
pub mod retention;
pub mod run;
pub mod runs;
pub mod search;
pub mod setup;
pub mod shared_steps;
