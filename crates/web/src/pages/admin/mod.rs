//! Administration of the instance.

mod export;
pub(crate) mod handler;
pub mod keys;
pub mod one;
pub mod revoke;
pub mod side;
