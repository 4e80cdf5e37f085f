//! Every file of testdata/junit.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use junit::{Detected, Error, Problem, Report, Summary, detect};

use crate::support::testdata;

type IsExpected = fn(&Problem) -> bool;

/// Files that Testmo's command line accepts and this reader refuses, see attest/README.md.
const STRICTER: [(&str, IsExpected); 8] = [
    ("attest/stricter-bare-ampersand.xml", |problem| {
        matches!(problem, Problem::Reference(_))
    }),
    ("attest/stricter-bare-less.xml", |problem| {
        matches!(problem, Problem::BareLess(_))
    }),
    ("attest/stricter-cdata-outside.xml", |problem| {
        *problem == Problem::OutsideRoot
    }),
    ("attest/stricter-depth.xml", |problem| {
        *problem == Problem::TooDeep
    }),
    ("attest/stricter-doctype.xml", |problem| {
        *problem == Problem::Doctype
    }),
    ("attest/stricter-doctype-entity.xml", |problem| {
        *problem == Problem::Doctype
    }),
    ("attest/stricter-unknown-entity.xml", |problem| {
        matches!(problem, Problem::Reference(_))
    }),
    ("mikepenz/junit-web-test-expectedRetries.xml", |problem| {
        matches!(problem, Problem::BareLess(_))
    }),
];

/// A line of expected.csv: file, outcome, tests, passed, failed, skipped.
type Row = (String, String, [u64; 4]);

fn expected() -> Vec<Row> {
    let table = fs::read_to_string(testdata().join("expected.csv")).expect("expected.csv");
    let row = |line: &str| {
        let columns: Vec<_> = line.split(',').collect();
        let number = |column: usize| columns[column].parse().expect("a number");
        (
            columns[0].to_owned(),
            columns[1].to_owned(),
            [number(2), number(3), number(4), number(5)],
        )
    };
    table.lines().skip(1).map(row).collect()
}

fn open(path: &Path) -> BufReader<File> {
    BufReader::new(File::open(path).expect("the file of a row"))
}

fn summary(path: &Path) -> Result<Option<Summary>, Error> {
    let mut source = open(path);
    if detect(path, &mut source)? != Detected::Junit {
        return Ok(None);
    }
    let mut report = Report::open(source)?;
    let tests = report.tests()?.collect::<Result<Vec<_>, _>>()?;
    assert_eq!(
        tests.len() as u64,
        report.summary().tests,
        "both passes count the same"
    );
    Ok(Some(report.summary()))
}

#[test]
fn outcomes_are_those_of_the_original() {
    for (file, outcome, counts) in expected() {
        let found = summary(&testdata().join(&file));
        if let Some((_, is_expected)) = STRICTER.iter().find(|(name, _)| *name == file) {
            assert_eq!(
                outcome, "ok",
                "{file} is only stricter if the original accepts it"
            );
            assert!(
                matches!(&found, Err(Error::Malformed { problem, .. }) if is_expected(problem)),
                "{file}: {found:?}"
            );
            continue;
        }
        let found = match found {
            Ok(None) => ("ignored", [0; 4]),
            Err(Error::Malformed { .. }) => ("refused", [0; 4]),
            Ok(Some(summary)) => {
                let counts = [
                    summary.tests,
                    summary.passed,
                    summary.failures + summary.errors,
                    summary.skipped,
                ];
                (if summary.tests == 0 { "empty" } else { "ok" }, counts)
            }
            Err(error) => panic!("{file}: {error}"),
        };
        assert_eq!(found, (outcome.as_str(), counts), "{file}");
    }
}

#[test]
fn every_file_has_a_row() {
    fn count(folder: &Path) -> usize {
        let entries = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path());
        let is_data = |path: &Path| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            !matches!(name, "README.md" | "LICENCE.md" | "expected.py" | "expected.csv")
        };
        entries
            .filter(|path| is_data(path))
            .map(|path| if path.is_dir() { count(&path) } else { 1 })
            .sum()
    }
    assert_eq!(
        count(&testdata()),
        expected().len(),
        "run testdata/junit/expected.py"
    );
}

#[test]
fn other_dialects_are_named() {
    let named = |file: &str| {
        let path = testdata().join(file);
        detect(&path, &mut open(&path)).expect("readable")
    };
    assert_eq!(named("dorny/dotnet-nunit.xml"), Detected::Other("NUnit 3"));
    assert_eq!(named("dorny/dotnet-xunitv3.trx"), Detected::Other("TRX"));
    assert_eq!(
        named("launchable/robot-single-output.xml"),
        Detected::Other("Robot Framework")
    );
    assert_eq!(named("attest/ignored-no-marker.xml"), Detected::NotResults);
    assert_eq!(named("attest/ignored-utf16.xml"), Detected::NotResults);
}

#[test]
fn corrupt_files_say_where() {
    let message = |file: &str| summary(&testdata().join(file)).expect_err("refused").to_string();
    assert_eq!(
        message("mikepenz/corrupt-junit-TEST-test.CorruptTest.xml"),
        "line 18 (byte 1219): not valid XML: CDATA not closed: `]]>` not found before end of input; \
         have the tool that wrote the file write it again"
    );
    assert_eq!(
        message("mikepenz/junit-web-test-expectedRetries.xml"),
        "line 9 (byte 504): the value of `time` holds a bare `<`; write it as &lt;"
    );
}

/// The mapped tests of Attest's own files, one per line, after their summary. They were compared with
/// what the original sends before they were accepted.
#[test]
fn own_files_are_mapped_as_reviewed() {
    let own = expected()
        .into_iter()
        .filter(|(file, outcome, _)| file.starts_with("attest/") && outcome == "ok");
    for (file, ..) in own {
        let name = file
            .trim_start_matches("attest/")
            .split('.')
            .next()
            .unwrap_or_default();
        // Megabytes of cut text; the module `limits` has its rules.
        if name == "limits" || name.starts_with("stricter-") {
            continue;
        }
        let mut report = Report::open(open(&testdata().join(&file))).expect("valid");
        let mut lines = format!("{:?}\n", report.summary());
        for test in report.tests().expect("readable") {
            let test = serde_json::to_string(&test.expect("valid")).expect("serialises");
            writeln!(lines, "{test}").expect("a string takes everything");
        }
        insta::assert_snapshot!(name, lines);
    }
}
