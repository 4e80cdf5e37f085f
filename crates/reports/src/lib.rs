//! Test results in many formats, read into one model: [`junit::Test`].
//!
//! [`detect`] picks the format by what a file holds, not by its name. [`Spool::add`] reads a whole file once, one test
//! at a time, and keeps the tests as the JSON that is sent in a temporary file: so a bad file fails before anything is
//! sent, and memory does not grow with the number of tests. Names and classes make the same keys as in JUnit.
//!
//! ```
//! use std::io::Cursor;
//! use std::path::Path;
//!
//! let mut source = Cursor::new("TAP version 14\n1..2\nok 1 - adds\nnot ok 2 - divides\n");
//! let reports::Detected::Results(format) = reports::detect(Path::new("out.tap"), &mut source)? else { panic!() };
//! let mut spool = reports::Spool::new()?;
//! spool.add(format, &mut source)?;
//! assert_eq!((spool.summary().tests, spool.summary().failures), (2, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod allure;
mod ctrf;
mod cucumber;
mod detect;
mod error;
mod go;
mod json;
mod lines;
mod measure;
mod nunit;
mod playwright;
mod spool;
mod tap;
mod trx;
mod xml;
mod xunit;

pub use detect::{Detected, detect};
pub use error::Error;
pub use spool::{Lines, Spool};

/// A format that [`Spool::add`] reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Allure results: one file for each test. <https://allurereport.org/docs/how-it-works-test-result-file/>
    Allure,
    /// Common Test Report Format. <https://ctrf.io/docs/specification/overview>
    Ctrf,
    /// Cucumber's JSON formatter. <https://github.com/cucumber/cucumber-json-schema>
    Cucumber,
    /// `go test -json`. <https://pkg.go.dev/cmd/test2json>
    Go,
    /// JUnit XML, by the rules of the crate `junit`.
    Junit,
    /// `NUnit` 3. <https://docs.nunit.org/articles/nunit/technical-notes/usage/Test-Result-XML-Format.html>
    NUnit3,
    /// Playwright's JSON reporter. <https://playwright.dev/docs/api/class-testresult>
    Playwright,
    /// Test Anything Protocol 12 to 14. <https://testanything.org/tap-version-14-specification.html>
    Tap,
    /// Visual Studio test results.
    Trx,
    /// xUnit.net v2 and later. <https://xunit.net/docs/format-xml-v2>
    XUnit,
}

impl Format {
    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Format::Allure => "Allure",
            Format::Ctrf => "CTRF",
            Format::Cucumber => "Cucumber JSON",
            Format::Go => "go test JSON",
            Format::Junit => "JUnit XML",
            Format::NUnit3 => "NUnit 3",
            Format::Playwright => "Playwright JSON",
            Format::Tap => "TAP",
            Format::Trx => "TRX",
            Format::XUnit => "xUnit.net",
        }
    }
}
