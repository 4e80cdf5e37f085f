//! API users: accounts for programs, which people answer for.

pub mod form;
pub(crate) mod handler;
pub mod key;
pub mod list;
pub mod one;
pub mod powers;

/// Address of the list.
pub const PATH: &str = "/admin/api-users";
