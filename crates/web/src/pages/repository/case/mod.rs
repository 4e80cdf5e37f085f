//! One case: what it says, what is said about it, how it came to be, and the forms that change it.

pub(crate) mod around;
pub mod comments;
pub mod data;
pub mod edit;
pub(crate) mod handler;
pub mod history;
pub(crate) mod inputs;
pub mod review;
pub(crate) mod save;
pub mod similar;
pub mod steps;
pub mod typed;
pub mod values;
pub mod view;
