//! Requirements in, measurable test cases out.
//!
//! [`read()`] takes a document of any of the formats of [`Format`] to one model: requirements with acceptance
//! criteria, each with an id that stays, its place in the source and a hash of its words. Nothing here does
//! input or output, asks for the time or draws random numbers: the same bytes give the same result.

pub mod api;
mod check;
mod document;
mod error;
pub mod machine;
pub mod quantity;
pub mod read;
mod requirement;
pub mod schema;
mod span;
pub mod table;
mod words;

pub use check::{Finding, FindingKind, check};
pub use document::{Document, Format, Note};
pub use error::ReadError;
pub use read::{MAX_BYTES, read};
pub use requirement::{
    Clause, ClauseKind, Criterion, Ears, Examples, Form, Modality, Phrase, Requirement, Scenario, Step,
    StepRole, Story,
};
pub use span::{Source, Span};
pub use words::languages;
