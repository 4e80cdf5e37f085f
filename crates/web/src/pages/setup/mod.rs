//! First-run set-up through the link that the server prints.

pub mod view;
