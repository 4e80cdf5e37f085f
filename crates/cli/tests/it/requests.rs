//! The requests of `automation:run:submit` beside those of Testmo's command line.
//!
//! `cargo xtask test requests` installs that tool and runs the test that needs it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use serde_json::Value;

use crate::process::attest;
use crate::recorder::{Recorder, ca};

/// A difference on purpose.
#[derive(Debug, Clone, Copy)]
enum Difference {
    /// Numeric references such as `&#10;` are decoded, as by version 1.5 of the original; 1.4 sends them as they stand.
    /// Otherwise the requests are equal.
    References,
    /// The same, in values that are read further: a duration, names that make the key, and what is cut afterwards.
    /// The tests and their statuses are equal.
    ReferencesInValues,
    /// A cut through a surrogate pair drops its half, since such a string is no Unicode; the original sends the half.
    /// Otherwise the requests are equal.
    HalfPairs,
    /// The file is not well-formed XML, declares a document type or is nested too deep: refused with its line before
    /// anything is sent, where the original guesses.
    Refused,
}

use Difference::{HalfPairs, References, ReferencesInValues, Refused};

/// Files whose requests differ on purpose.
const DIFFERENT: &[(&str, Difference)] = &[
    ("attest/limits.xml", HalfPairs),
    ("attest/numeric-references.xml", ReferencesInValues),
    ("attest/stricter-bare-ampersand.xml", Refused),
    ("attest/stricter-bare-less.xml", Refused),
    ("attest/stricter-cdata-outside.xml", Refused),
    ("attest/stricter-depth.xml", Refused),
    ("attest/stricter-doctype-entity.xml", Refused),
    ("attest/stricter-doctype.xml", Refused),
    ("attest/stricter-unknown-entity.xml", Refused),
    ("dorny/external-java-empty_failures.xml", References),
    ("gotestsum/junitxml-report.xml", References),
    ("launchable/googletest-output.xml", References),
    ("mikepenz/junit-web-test-expectedRetries.xml", Refused),
    ("mikepenz/python-report_flaky.xml", References),
    (
        "mikepenz/tests-TEST-action.surefire.report.calc.StringUtilsTest.xml",
        ReferencesInValues,
    ),
];

impl Difference {
    /// Whether this is what makes `ours` and `theirs` differ.
    fn explains(self, ours: &Exchange, theirs: &Exchange) -> bool {
        let changed = |change: fn(&Value) -> Value| {
            let requests = theirs.1.iter().map(|(line, body)| (line.clone(), change(body)));
            ours.0 == theirs.0 && ours.1 == requests.collect::<Vec<_>>()
        };
        match self {
            References => changed(|body| strings_changed(body, &decoded)),
            HalfPairs => changed(without_halves),
            ReferencesInValues => ours.0 == theirs.0 && statuses(ours) == statuses(theirs),
            Refused => ours.0 == Some(1) && ours.1.is_empty() && theirs.0 == Some(0),
        }
    }
}

/// The lines of all requests, each with the statuses of its tests.
fn statuses((_, requests): &Exchange) -> Vec<(&str, Vec<&Value>)> {
    requests
        .iter()
        .map(|(line, body)| {
            let tests = body["tests"].as_array().into_iter().flatten();
            (line.as_str(), tests.map(|test| &test["status"]).collect())
        })
        .collect()
}

fn strings_changed(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => change(text).into(),
        Value::Array(list) => list.iter().map(|one| strings_changed(one, change)).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(name, value)| (name.clone(), strings_changed(value, change)))
            .collect(),
        other => other.clone(),
    }
}

/// `text` with its numeric references decoded.
fn decoded(text: &str) -> String {
    let mut pieces = text.split("&#");
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let number = piece.split_once(';').and_then(|(number, rest)| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            Some((char::from_u32(code?)?, rest))
        });
        match number {
            Some((character, rest)) => whole.extend([character.to_string().as_str(), rest]),
            None => whole.extend(["&#", piece]),
        }
    }
    whole
}

/// A body that was no JSON because of halves of surrogate pairs, without them: JavaScript escapes nothing else so.
fn without_halves(body: &Value) -> Value {
    let Value::String(text) = body else {
        return body.clone();
    };
    let mut pieces = text.split("\\ud");
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        assert!(
            piece.as_bytes()[..3].iter().all(u8::is_ascii_hexdigit),
            "an escape: {piece}"
        );
        whole.push_str(&piece[3..]);
    }
    serde_json::from_str(&whole).unwrap()
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/junit")
}

/// The files of the table of expectations.
fn files() -> Vec<String> {
    let table = std::fs::read_to_string(data().join("expected.csv")).unwrap();
    let files: Vec<String> = table
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().to_owned())
        .collect();
    assert!(files.len() > 90, "the table is whole");
    files
}

/// Exit code, and each request with its JSON.
type Exchange = (Option<i32>, Vec<(String, Value)>);

fn exchange(mut command: Command, ca: &Path, file: &str) -> Exchange {
    let recorder = Recorder::tls();
    let output = command
        .args(["automation:run:submit", "--instance", &recorder.url])
        .args([
            "--project-id",
            "1",
            "--name",
            "Nightly",
            "--source",
            "back-end",
            "--results",
        ])
        .arg(data().join(file))
        .env("NODE_EXTRA_CA_CERTS", ca)
        .env("TESTMO_TOKEN", "key")
        .output()
        .unwrap();
    let requests = recorder.seen().into_iter().map(|seen| {
        assert_eq!(seen.header("authorization"), "Bearer key");
        assert_eq!(seen.header("content-type"), "application/json");
        (seen.line, seen.body)
    });
    (output.status.code(), requests.collect())
}

#[test]
#[ignore = "needs Testmo's command line in ATTEST_TEST_TESTMO: cargo xtask test requests"]
fn every_file_makes_the_requests_of_the_original() {
    let original = std::env::var_os("ATTEST_TEST_TESTMO").expect("the path of Testmo's program");
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("ca.pem");
    std::fs::write(&ca_file, ca()).unwrap();
    let left = Mutex::new(files());
    let differing = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let Some(file) = left.lock().unwrap().pop() else {
                        return;
                    };
                    let theirs = exchange(Command::new(&original), &ca_file, &file);
                    let ours = exchange(attest(&[]), &ca_file, &file);
                    let listed = DIFFERENT.iter().find(|(different, _)| *different == file);
                    let is_as_listed = match listed {
                        None => ours == theirs,
                        Some((_, difference)) => ours != theirs && difference.explains(&ours, &theirs),
                    };
                    if !is_as_listed {
                        let (ours, theirs) = (format!("{ours:#?}"), format!("{theirs:#?}"));
                        let difference = first_difference(&ours, &theirs);
                        differing.lock().unwrap().insert(file, difference);
                    }
                }
            });
        }
    });
    let differing = differing.into_inner().unwrap();
    let told: Vec<String> = differing
        .iter()
        .map(|(file, difference)| format!("{file}\n{difference}"))
        .collect();
    assert!(
        told.is_empty(),
        "{} files differ otherwise than listed:\n{}",
        told.len(),
        told.join("\n")
    );
}

/// The first lines that differ.
fn first_difference(ours: &str, theirs: &str) -> String {
    let pairs = ours.lines().zip(theirs.lines());
    let (ours, theirs) = pairs
        .clone()
        .find(|(ours, theirs)| ours != theirs)
        .unwrap_or(("the end", "the end"));
    let cut = |line: &str| line.trim().chars().take(300).collect::<String>();
    format!("  ours:   {}\n  theirs: {}", cut(ours), cut(theirs))
}
