//! Requirements in, measurable test cases out.
//!
//! [`read()`] takes a document of any of the formats of [`Format`] to one model: requirements with acceptance
//! criteria, each with an id that stays, its place in the source and a hash of its words. Nothing here does
//! input or output, asks for the time or draws random numbers: the same bytes give the same result.

pub mod api;
mod case;
mod check;
mod data;
mod document;
mod error;
pub mod machine;
pub mod quantity;
pub mod read;
pub mod render;
mod requirement;
mod say;
pub mod schema;
mod span;
pub mod table;
mod technique;
mod words;

pub use case::{
    Case, Coverage, Datum, Delta, FORMAT_VERSION, Known, KnownCriterion, Lint, LintKind, Missing, Options,
    Origin, Polarity, Priority, Question, Quote, Stale, Step as CaseStep, TestSet,
};
pub use check::{Finding, FindingKind, check};
pub use document::{Document, Format, Note};
pub use error::ReadError;
pub use read::{MAX_BYTES, read};
pub use requirement::{
    Clause, ClauseKind, Criterion, Ears, Examples, Form, Modality, Phrase, Requirement, Scenario, Step,
    StepRole, Story,
};
pub use span::{Source, Span};
pub use technique::{Item, Technique};
pub use words::languages;

/// Makes the cases of a document: coverage items of every technique that suits it, and the fewest cases that cover
/// them. The same document and options give the same set.
pub fn generate(document: &Document, options: &Options) -> TestSet {
    case::build(document, options)
}

/// As [`generate`], after an edit: cases whose words did not change are taken over as they are, the others keep
/// their ids, and the set says what is kept, changed, new and stale.
pub fn regenerate(document: &Document, options: &Options, previous: &TestSet) -> TestSet {
    let options = Options {
        seeds: case::seeds(previous),
        ..options.clone()
    };
    case::apply(case::build(document, &options), document, previous)
}
