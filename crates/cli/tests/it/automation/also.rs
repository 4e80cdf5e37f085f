//! `attest submit --also`: a second instance, which can neither fail the first nor learn its key.

use std::net::TcpListener;
use std::process::Output;

use serde_json::{Value, json};

use super::{Place, shown};
use crate::recorder::{Recorder, Reply};

const LINE: &str = "submit two.xml --instance INSTANCE --project 1 --source web --name Nightly --also";

/// Runs a line without patience, with a key for the second instance.
fn run(place: &Place, line: &str, url: &str) -> Output {
    let mut command = place.command(line, url);
    command
        .env("ATTEST_RETRY_SECONDS", "0")
        .env("ATTEST_ALSO_TOKEN", "second");
    command.output().unwrap()
}

/// What was asked, without what differs from one request to another.
fn asked(recorder: &Recorder) -> Vec<(String, Value)> {
    let seen = recorder.seen().into_iter();
    seen.map(|seen| (seen.line, seen.body)).collect()
}

fn keys(recorder: &Recorder) -> Vec<String> {
    let seen = recorder.seen().into_iter();
    seen.map(|seen| seen.header("authorization").to_owned()).collect()
}

/// An address where nobody answers.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[test]
fn both_get_the_same_each_with_its_own_key() {
    let (place, first, second) = (Place::new(), Recorder::plain(), Recorder::plain());
    let line = format!("{LINE} {} --json", second.url);
    let output = run(&place, &line, &first.url);
    let told = shown(&line, &output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        result["run_id"], 1,
        "stdout is the first instance's alone: {told}"
    );
    assert_eq!(asked(&first).len(), 4);
    assert_eq!(asked(&first), asked(&second));
    assert_eq!(keys(&first), ["Bearer key"; 4]);
    assert_eq!(keys(&second), ["Bearer second"; 4]);
    for (one, other) in first.seen().iter().zip(second.seen()) {
        let name = "idempotency-key";
        assert_ne!(one.header(name), other.header(name), "{}", one.line);
    }
    assert!(
        told.contains(&format!("! See {}/automation/runs/view/1", second.url)),
        "{told}"
    );
}

#[test]
fn the_project_may_be_another_and_the_file_may_name_both() {
    let (place, first, second) = (Place::new(), Recorder::plain(), Recorder::plain());
    place.write(
        "attest.toml",
        &format!("[submit]\nalso = \"{}\"\nalso_project = \"8\"\n", second.url),
    );
    let line = LINE.trim_end_matches(" --also");
    assert_eq!(run(&place, line, &first.url).status.code(), Some(0));
    assert_eq!(first.lines()[0], "POST /api/v1/projects/1/automation/runs");
    assert_eq!(second.lines()[0], "POST /api/v1/projects/8/automation/runs");
    let line = format!("{line} --also-project 9");
    assert_eq!(run(&place, &line, &first.url).status.code(), Some(0));
    assert_eq!(second.lines()[4], "POST /api/v1/projects/9/automation/runs");
}

#[test]
fn a_failure_of_the_second_only_warns() {
    let place = Place::new();
    let refuse = || Recorder::answering(|_, _| Some(Reply::json(401, r#"{"message":"Unauthenticated."}"#)));
    let (first, refusing, busy) = (
        Recorder::plain(),
        refuse(),
        Recorder::answering(|_, _| Some(Reply::html(502))),
    );
    for (second, advice) in [
        (nobody(), "! Please verify the instance address"),
        (
            refusing.url.clone(),
            "! Please verify your API token (ATTEST_ALSO_TOKEN environment variable)",
        ),
        (
            busy.url.clone(),
            "! Please run the command again when the server works",
        ),
    ] {
        let line = format!("{LINE} {second}");
        let output = run(&place, &line, &first.url);
        let told = shown(&line, &output);
        assert_eq!(output.status.code(), Some(0), "{told}");
        assert!(
            told.contains("! The second instance has not got all results"),
            "{told}"
        );
        assert!(told.contains(advice), "{told}");
        assert!(!told.contains("ATTEST_TOKEN"), "{told}");
    }
    assert_eq!(first.seen().len(), 12, "the first got all, each time");
    assert!(
        !place.path(".attest-unsent").exists(),
        "nothing waits for the second"
    );
    let line = format!("{LINE} {} --fail-on any", busy.url);
    assert_eq!(run(&place, &line, &first.url).status.code(), Some(3));
}

#[test]
fn a_failure_of_the_first_leaves_the_second() {
    let (place, second) = (Place::new(), Recorder::plain());
    let line = format!("{LINE} {}", second.url);
    let output = run(&place, &line, &nobody());
    assert_eq!(output.status.code(), Some(0), "{}", shown(&line, &output));
    assert_eq!(second.seen().len(), 4);
    assert!(
        place.path(".attest-unsent").exists(),
        "what the first has not got waits"
    );
    let refusing = Recorder::answering(|_, _| Some(Reply::json(403, r#"{"message":"Forbidden."}"#)));
    let output = run(&place, &line, &refusing.url);
    assert_eq!(output.status.code(), Some(1), "{}", shown(&line, &output));
    assert_eq!(second.seen().len(), 8);
}

#[test]
fn without_its_own_key_the_second_gets_nothing() {
    let (place, first, second) = (Place::new(), Recorder::plain(), Recorder::plain());
    let line = format!("{LINE} {}", second.url);
    let output = place.command(&line, &first.url).output().unwrap();
    let told = shown(&line, &output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(
        told.contains("! Missing API token (ATTEST_ALSO_TOKEN environment variable)"),
        "{told}"
    );
    assert_eq!((first.seen().len(), second.seen().len()), (4, 0));
}

#[test]
fn wrong_use_is_told_before_anything_is_sent() {
    let (place, first) = (Place::new(), Recorder::plain());
    for (end, advice) in [
        (
            " INSTANCE",
            "! The second instance is the first: give another address or project for --also",
        ),
        (" http://attest.example.com", "! "),
        ("-project 3", "! Missing --also"),
    ] {
        let line = format!("{LINE}{end}");
        let output = run(&place, &line, &first.url);
        let told = shown(&line, &output);
        assert_eq!(output.status.code(), Some(1), "{told}");
        assert!(told.contains(advice), "{told}");
    }
    assert_eq!(first.lines(), [""; 0]);
    let line = format!("{LINE} INSTANCE --also-project 2");
    assert_eq!(run(&place, &line, &first.url).status.code(), Some(0));
    assert_eq!(asked(&first).len(), 8);
    assert_eq!(
        asked(&first)[2].1["tests"],
        asked(&first)[6].1["tests"],
        "{}",
        json!(first.lines())
    );
}
