//! Every file of tests/data: what it is, and what is in it.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use reports::{Detected, Format, Spool, detect};

/// A line of expected.csv: file or folder, then tests, passed, failed, skipped.
fn expected() -> Vec<(String, [u64; 4])> {
    let table = fs::read_to_string(data().join("expected.csv")).unwrap();
    let row = |line: &str| {
        let columns: Vec<_> = line.split(',').collect();
        let number = |column: usize| columns[column].parse().unwrap();
        (
            columns[0].to_owned(),
            [number(1), number(2), number(3), number(4)],
        )
    };
    table.lines().skip(1).map(row).collect()
}

fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// The file, or the files of the folder.
fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut files: Vec<_> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

fn format(folder: &str) -> Format {
    match folder {
        "allure" => Format::Allure,
        "ctrf" => Format::Ctrf,
        "cucumber" => Format::Cucumber,
        "go" => Format::Go,
        "nunit" => Format::NUnit3,
        "playwright" => Format::Playwright,
        "tap" => Format::Tap,
        "trx" => Format::Trx,
        "xunit" => Format::XUnit,
        other => panic!("{other}"),
    }
}

/// All tests of a row, read as what they are.
fn read(name: &str) -> Spool {
    let mut spool = Spool::new().unwrap();
    for path in files(&data().join(name)) {
        let mut source = BufReader::new(File::open(&path).unwrap());
        match detect(&path, &mut source).unwrap() {
            Detected::Results(found) => {
                assert_eq!(
                    found,
                    format(name.split('/').next().unwrap()),
                    "{}",
                    path.display()
                );
                spool.add(found, &mut source).unwrap();
            }
            // Beside its results Allure has containers and attachments.
            other => assert!(
                other == Detected::NotResults && name.starts_with("allure/"),
                "{}: {other:?}",
                path.display()
            ),
        }
    }
    spool
}

#[test]
fn counts_are_those_of_the_independent_count() {
    let mut wrong = Vec::new();
    for (name, counts) in expected() {
        let spool = read(&name);
        let summary = spool.summary();
        let found = [
            summary.tests,
            summary.passed,
            summary.failures + summary.errors,
            summary.skipped,
        ];
        let lines = spool.into_lines().unwrap().map(Result::unwrap).count() as u64;
        assert_eq!(lines, summary.tests, "{name}");
        if found != counts {
            wrong.push(format!("{name}: {found:?}, expected {counts:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_has_a_row() {
    let rows: Vec<_> = expected().into_iter().map(|(name, _)| name).collect();
    for folder in fs::read_dir(data())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
    {
        let files = fs::read_dir(&folder).unwrap().count();
        assert!(
            files >= if folder.ends_with("allure") { 2 } else { 3 },
            "{folder:?}"
        );
        for file in fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(data()).unwrap().to_str().unwrap().to_owned();
            assert!(rows.contains(&name), "{name}");
        }
    }
}

#[test]
fn tests_are_mapped_as_a_person_would() {
    let mut all = String::new();
    for name in [
        "allure/allure-pytest",
        "ctrf/jest.json",
        "cucumber/both-features.json",
        "go/all.json",
        "nunit/pytest.xml",
        "playwright/two-projects.json",
        "tap/node-two-files.tap",
        "trx/mocha.trx",
        "xunit/mocha.xml",
    ] {
        let _ = writeln!(all, "# {name}");
        let mut lines: Vec<String> = read(name)
            .into_lines()
            .unwrap()
            .map(|line| brief(&line.unwrap()))
            .collect();
        // Names of files of Allure are random, and so is their order.
        lines.sort();
        all += &lines.concat();
    }
    insta::assert_snapshot!(all);
}

/// A test in a few lines.
fn brief(line: &[u8]) -> String {
    let test: serde_json::Value = serde_json::from_slice(line).unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut brief = format!(
        "{} | {} | {}",
        text(&test["status"]),
        text(&test["folder"]),
        text(&test["name"])
    );
    if let Some(file) = test["file"].as_str() {
        let _ = write!(brief, " | {file}:{}", test["line"]);
    }
    brief.push('\n');
    for field in test["fields"].as_array().unwrap() {
        let value = text(&field["value"]);
        let first = value.lines().next().unwrap_or_default();
        let more = if value.lines().count() > 1 { " …" } else { "" };
        let _ = writeln!(brief, "    {}: {first}{more}", text(&field["name"]));
    }
    brief
}
