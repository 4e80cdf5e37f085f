//! `attest generate`, from outside.

use std::path::{Path, PathBuf};
use std::process::Output;

use crate::process::{run, run_with, stderr, stdout};

const STORY: &str = "\
# Sign-in

As a customer I want to sign in so that I see my orders.

## Acceptance criteria

1. A password must have at least 8 characters.
2. If more than 3 attempts fail, the system shall lock the account.
3. When the customer signs out, the system shall show the start page.
";

fn generate(arguments: &[&str], input: &str) -> Output {
    run_with(&[&["generate", "-"], arguments].concat(), input)
}

/// Exit code, stdout and stderr, to be reviewed.
fn shown(output: &Output) -> String {
    let code = output.status.code().unwrap();
    format!("exit code {code}\n{}----\n{}", stdout(output), stderr(output))
}

/// All files below a folder of `testdata`.
fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../testdata")
        .join(folder);
    let mut folders = vec![root];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_line_for_each_case() {
    insta::assert_snapshot!(shown(&generate(&["--explain"], STORY)));
}

#[test]
fn markdown_is_for_readers() {
    insta::assert_snapshot!(shown(&generate(&["--format", "markdown"], STORY)));
}

#[test]
fn feature_files_and_rows_have_every_case() {
    let json: serde_json::Value =
        serde_json::from_str(stdout(&generate(&["--format", "json"], STORY))).unwrap();
    let cases = json["cases"].as_array().unwrap().len();
    assert!(cases > 4, "{cases}");
    let gherkin = generate(&["--format", "gherkin"], STORY);
    assert_eq!(stdout(&gherkin).matches("Scenario: ").count(), cases);
    // What is printed is a feature file that can be read again.
    let again = generate(&["--check-only"], stdout(&gherkin));
    assert_ne!(again.status.code(), Some(3), "{}", stderr(&again));
    insta::assert_snapshot!(stdout(&generate(
        &["--format", "csv", "--technique", "boundary-value"],
        STORY
    )));
}

#[test]
fn json_is_stable() {
    let first = generate(&["--format", "json", "--technique", "boundary_value"], STORY);
    insta::assert_snapshot!(stdout(&first));
    let again = generate(&["--format", "json", "--technique", "boundary_value"], STORY);
    assert_eq!(first.stdout, again.stdout);
}

#[test]
fn scenarios_first_and_full_cases_for_those_kept() {
    let scenarios = generate(&["--scenarios", "--format", "json"], STORY);
    let json: serde_json::Value = serde_json::from_str(stdout(&scenarios)).unwrap();
    let cases = json["cases"].as_array().unwrap();
    assert!(
        cases
            .iter()
            .all(|case| case["steps"].as_array().unwrap().is_empty())
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keep.txt");
    std::fs::write(&path, cases[0]["id"].as_str().unwrap()).unwrap();
    let kept = generate(&["--keep", path.to_str().unwrap(), "--format", "json"], STORY);
    let json: serde_json::Value = serde_json::from_str(stdout(&kept)).unwrap();
    assert_eq!(json["cases"].as_array().unwrap().len(), 1);
    assert!(stdout(&kept).contains("its case was not kept"));
}

#[test]
fn an_edit_is_told_case_by_case() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("before.json");
    std::fs::write(&path, generate(&["--format", "json"], STORY).stdout).unwrap();
    let path = path.to_str().unwrap();
    let same = generate(&["--since", path], STORY);
    assert!(
        stdout(&same).contains("changed 0, new 0, stale 0"),
        "{}",
        stdout(&same)
    );
    let edited = STORY.replace("show the start page", "show the page for signing in");
    insta::assert_snapshot!(shown(&generate(&["--since", path], &edited)));
}

#[test]
fn a_list_of_scenarios_is_an_earlier_set_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scenarios.json");
    let list = generate(&["--scenarios", "--format", "json"], STORY).stdout;
    std::fs::write(&path, list).unwrap();
    let again = generate(&["--since", path.to_str().unwrap(), "--format", "json"], STORY);
    let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let full = generate(&["--format", "json"], STORY);
    assert_eq!(parsed(stdout(&again))["cases"], parsed(stdout(&full))["cases"]);
}

#[test]
fn reports_are_written() {
    let folder = tempfile::tempdir().unwrap();
    for (name, start) in [
        ("report.html", "<!doctype html>"),
        ("report.json", "["),
        ("report.txt", "stdin"),
    ] {
        let path = folder.path().join(name);
        let output = generate(&["--report", path.to_str().unwrap()], STORY);
        assert!(output.status.success(), "{}", stderr(&output));
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.starts_with(start), "{name}: {text}");
    }
}

#[test]
fn failures_say_what_to_do() {
    let mut all = String::new();
    for (arguments, input) in [
        (&["--check-only"][..], STORY),
        (&["--technique", "guessing"], STORY),
        (&["--strength", "7"], STORY),
        (&["--since", "no/such/file"], STORY),
        (&[], "openapi: 3.0.0\npaths: [\n"),
        (&[], "Feature: a\n  Scenario: b\n    Gvien c\n"),
    ] {
        all += &shown(&generate(arguments, input));
    }
    insta::assert_snapshot!(all);
}

#[test]
fn every_file_of_the_test_data_is_read() {
    for folder in ["stories", "openapi", "pairwise", "gherkin"] {
        for path in files(folder) {
            let text = path.to_str().unwrap();
            let extension = path
                .extension()
                .and_then(|extension| extension.to_str())
                .unwrap_or_default();
            let input = matches!(
                extension,
                "md" | "txt" | "csv" | "json" | "yaml" | "yml" | "feature"
            );
            let about = text.ends_with("LICENCE.md") || text.ends_with("README.md");
            // Trees, pickles and tokens of the published tests are no documents.
            if !input || about || (folder == "gherkin" && extension != "feature") {
                continue;
            }
            let output = run(&["generate", text]);
            let code = output.status.code().unwrap();
            if text.contains("/bad/") {
                assert_eq!(code, 3, "{text}");
                assert!(stderr(&output).contains("line "), "{text}: {}", stderr(&output));
            } else {
                assert_eq!(code, 0, "{text}: {}", stderr(&output));
            }
        }
    }
}
