//! Streaming reader for JUnit XML, with the mapping that Testmo's command line defines.
//!
//! Files of any size are read in two passes with constant memory. [`Report::open`] proves that the
//! whole file is valid and sums it up, so that a bad file fails before anything is sent;
//! [`Report::tests`] then hands out one mapped [`Test`] at a time.
//!
//! ```
//! use std::io::Cursor;
//!
//! let xml = r#"<testsuite><testcase name="adds" classname="Calculator" time="0.25"/></testsuite>"#;
//! let mut report = junit::Report::open(Cursor::new(xml))?;
//! assert_eq!(report.summary().tests, 1);
//! for test in report.tests()? {
//!     let test = test?;
//!     assert_eq!((test.folder.as_str(), test.elapsed), ("Calculator", Some(250_000)));
//! }
//! # Ok::<(), junit::Error>(())
//! ```
//!
//! # What is stricter than the original
//!
//! - XML must be well-formed: a bare `<` or `&` in an attribute and entities that XML does not define
//!   are refused with the place and what to write instead.
//! - A document type declaration is refused, since it could define entities.
//! - Nesting, one text and the attributes of one element are limited, see the constants.
//!
//! # What differs otherwise
//!
//! - Numeric references such as `&#27;` are decoded (after trimming, as by version 1.5 of the original;
//!   1.4 leaves them). One that stands for no character becomes U+FFFD.
//! - A cut that would split a surrogate pair drops its half, because such a string is not Unicode.
//! - Durations and integers beyond the range of 63 and 64 bits are dropped.
//! - Some more file extensions have a media type.

mod attributes;
mod case;
pub mod cut;
mod detect;
mod directives;
mod elements;
mod error;
mod escape;
mod findings;
mod make;
pub mod media;
mod number;
mod order;
mod report;
mod scan;
mod source;
mod spool;
mod test;
mod text;
mod walk;
mod xml;

pub use detect::{Detected, detect, root_name};
pub use elements::{Element, Elements, Misread, Piece};
pub use error::{Error, Problem};
pub use make::NewTest;
pub use report::{Known, Report, Summary};
pub use spool::spool;
pub use test::{Artifact, Field, FieldKind, Status, Test, UNNAMED_FOLDER};
pub use walk::Tests;

/// Deepest nesting of elements that is accepted.
pub const MAX_DEPTH: usize = 64;

/// Longest tag, comment or text of one element that is accepted, in bytes.
pub const MAX_TEXT: usize = 16 << 20;

/// Most attributes of one element that are accepted.
pub const MAX_ATTRIBUTES: usize = 256;
