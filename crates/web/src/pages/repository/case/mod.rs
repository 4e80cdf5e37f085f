//! One case: what it says, what is said about it, how it came to be, and the forms that change it.

pub mod comments;
pub(crate) mod handler;
pub mod history;
pub mod values;
pub mod view;
