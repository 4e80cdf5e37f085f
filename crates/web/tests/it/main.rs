//! What the pages promise: markup, styles, budgets, and the answers to requests.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on ends")]

mod budgets;
mod components;
mod contrast;
mod drawn;
mod html;
mod markup;
mod sample;
mod site;
mod source;
