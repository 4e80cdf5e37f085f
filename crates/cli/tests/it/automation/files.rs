//! Runs that go well: which files are sent, and the program that makes them.

use std::io::Write as _;
use std::process::Stdio;

use super::{Place, RUN};
use crate::recorder::Recorder;

fn line(rest: &str) -> String {
    format!("automation:run:submit {RUN} --results {rest}")
}

#[test]
fn one_step() {
    insta::assert_snapshot!(Place::new().show(&line("two.xml"), &Recorder::plain()));
}

#[test]
fn several_steps() {
    let place = Place::new();
    place.write(
        "extra.json",
        r#"{"fields":[{"type":"string","name":"Version","value":"1.2"}],"links":[{"name":"Build","url":"https://ci.example.com/7"}]}"#,
    );
    let target = "--instance INSTANCE --run-id 5";
    let mut all = String::new();
    for line in [
        format!(
            "automation:run:create {RUN} --tags a b --tags c --config-id 3 --milestone M --resources extra.json"
        ),
        format!(
            "automation:run:submit-thread {target} --results two.xml --run-resources extra.json --thread-resources extra.json"
        ),
        format!("automation:run:complete {target}"),
        format!("automation:run:complete {target} --no-measure-elapsed --resources extra.json"),
    ] {
        all += &place.show(&line, &Recorder::plain());
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_program_is_run_first() {
    let place = Place::new();
    place.write("tool.sh", "echo out; exit 7\n");
    place.write("kill.sh", "kill -9 $$\n");
    let mut all = String::new();
    for rest in [
        "two.xml -- sh tool.sh",
        "two.xml --exec-suppress -- sh kill.sh",
        "two.xml --exec-stop-error -- sh tool.sh",
        "two.xml -- ./absent --with arguments",
    ] {
        all += &place.show(&line(rest), &Recorder::plain());
    }
    insta::assert_snapshot!(all);
}

#[test]
fn both_outputs_of_a_program_are_shown_and_sent() {
    let (place, recorder) = (Place::new(), Recorder::plain());
    place.write("tool.sh", "echo out; echo problem >&2\n");
    let line = line("two.xml --exec-suppress -- sh tool.sh");
    let output = place.command(&line, &recorder.url).output().unwrap();
    assert!(
        !String::from_utf8_lossy(&output.stdout).contains("out\n"),
        "suppressed"
    );
    assert_eq!(String::from_utf8_lossy(&output.stderr), "problem\n");
    let thread = &recorder.seen()[1].body;
    let value = thread["fields"][0]["value"].as_str().unwrap();
    assert!(value.contains("out\n") || value.contains("\nout"), "{value}");
    assert!(value.contains("problem"), "{value}");
    assert!(thread["elapsed_observed"].as_u64().unwrap() > 0);
}

#[test]
fn files_that_are_no_results() {
    let place = Place::new();
    place.write("bad.xml", "<testsuite><testcase name=\"a\"></testsuite>");
    place.write("other.xml", "<notes/>");
    place.write(
        "results.trx",
        "<TestRun xmlns=\"http://microsoft.com/schemas/VisualStudio/TeamTest/2010\"/>",
    );
    let mut all = String::new();
    for rest in [
        "absent.xml",
        "bad.xml two.xml",
        "bad.xml two.xml --ignore-parse-error",
        "other.xml",
        "results.trx",
        "none*.xml",
        ".",
    ] {
        all += &place.show(&line(rest), &Recorder::plain());
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_pattern_finds_files_in_folders() {
    let place = Place::new();
    place.write("reports/a/b.xml", super::TWO);
    let recorder = Recorder::plain();
    let shown = place.show(&line("**/*.xml"), &recorder);
    assert!(
        shown.contains("Found 2 result files with a total of 4 tests"),
        "{shown}"
    );
    assert_eq!(recorder.seen()[2].body["tests"].as_array().unwrap().len(), 4);
}

#[test]
fn results_come_from_a_pipe() {
    let (place, recorder) = (Place::new(), Recorder::plain());
    let mut child = place
        .command(&line("-"), &recorder.url)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(super::TWO.as_bytes())
        .unwrap();
    assert!(child.wait_with_output().unwrap().status.success());
    assert_eq!(recorder.seen()[2].body["tests"][1]["name"], "divides");
}

#[test]
fn tests_go_by_250_in_their_order_with_a_key_for_each_request() {
    let place = Place::new();
    let cases: Vec<String> = (0..620).map(|n| format!("<testcase name=\"t{n}\"/>")).collect();
    let cases = cases.concat();
    place.write("many.xml", &format!("<testsuite>{cases}</testsuite>"));
    let recorder = Recorder::plain();
    place.show(&line("many.xml"), &recorder);
    let seen = recorder.seen();
    let batches: Vec<_> = seen[2..5]
        .iter()
        .map(|seen| seen.body["tests"].as_array().unwrap())
        .collect();
    assert_eq!(
        batches.iter().map(|tests| tests.len()).collect::<Vec<_>>(),
        [250, 250, 120]
    );
    let names = batches
        .into_iter()
        .flatten()
        .map(|test| test["name"].as_str().unwrap().to_owned());
    assert!(names.eq((0..620).map(|n| format!("t{n}"))));
    let keys: std::collections::BTreeSet<_> =
        seen.iter().map(|seen| seen.header("idempotency-key")).collect();
    assert_eq!(keys.len(), seen.len());
    assert!(!keys.contains(""));
}
