//! The pages of Attest: maud views, forms, embedded assets. Thin over app.

pub mod assets;
pub mod pages;
pub mod ui;
