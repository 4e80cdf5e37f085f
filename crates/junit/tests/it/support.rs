//! Reading XML that a test holds in memory.

use std::io::Cursor;
use std::path::PathBuf;

use junit::{Error, Field, Report, Summary, Test};

/// The summary and all tests of `xml`.
pub(crate) fn try_read(xml: impl AsRef<[u8]>) -> Result<(Summary, Vec<Test>), Error> {
    let mut report = Report::open(Cursor::new(xml))?;
    let tests = report.tests()?.collect::<Result<_, _>>()?;
    Ok((report.summary(), tests))
}

/// As [`try_read`], for valid XML.
pub(crate) fn read(xml: impl AsRef<[u8]>) -> (Summary, Vec<Test>) {
    try_read(xml).expect("valid XML")
}

/// The only test of a suite that holds the `testcase` element `case`.
pub(crate) fn one(case: &str) -> Test {
    let (_, tests) = read(format!("<testsuite>{case}</testsuite>"));
    <[Test; 1]>::try_from(tests).expect("one test")[0].clone()
}

/// The fields of a test with this content, as type, name and value.
pub(crate) fn fields_of(content: &str) -> Vec<(u8, String, String)> {
    one(&format!("<testcase name='a'>{content}</testcase>"))
        .fields
        .iter()
        .map(brief)
        .collect()
}

pub(crate) fn brief(field: &Field) -> (u8, String, String) {
    (field.kind as u8, field.name.clone(), field.value.clone())
}

/// The shape of [`brief`], borrowed.
pub(crate) fn field(kind: u8, name: &str, value: &str) -> (u8, String, String) {
    (kind, name.to_owned(), value.to_owned())
}

/// The folder with real result files of many tools.
pub(crate) fn testdata() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata/junit")
}

/// Length in UTF-16 code units.
pub(crate) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The pieces 0 to `count` - 1, joined.
pub(crate) fn numbered(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect::<Vec<_>>().concat()
}
