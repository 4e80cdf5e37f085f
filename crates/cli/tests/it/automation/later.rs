//! `attest submit` when the instance is away, and what is sent once it is back.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::process::Output;

use serde_json::Value;

use super::{Place, shown};
use crate::recorder::{Recorder, Reply};

const LINE: &str = "submit two.xml --instance INSTANCE --project 1 --source web --name Nightly";

/// Runs a line without patience.
fn run(place: &Place, line: &str, url: &str) -> Output {
    let mut command = place.command(line, url);
    command.env("ATTEST_RETRY_SECONDS", "0").output().unwrap()
}

/// The files that wait.
fn kept(place: &Place) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(place.path(".attest-unsent")) else {
        return vec![];
    };
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    folder.map(name).collect()
}

/// Many tests in one file.
fn many(place: &Place, tests: usize) {
    let cases: Vec<String> = (0..tests).map(|n| format!("<testcase name=\"t{n}\"/>")).collect();
    place.write("many.xml", &format!("<testsuite>{}</testsuite>", cases.concat()));
}

/// Answers as Attest does where it is asked who it is.
fn livez(header: &str) -> Reply {
    // Header values of a reply are fixed; what is leaked is a few bytes of a test.
    let id = format!("x-request-id: {header}\r\n");
    Reply::Answer(200, id.leak(), "alive\n".to_owned())
}

#[test]
fn results_wait_when_nobody_answers_and_are_sent_later() {
    let place = Place::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("http://{address}");
    place.write("tool.sh", "exit 4\n");
    let output = run(&place, &format!("{LINE} -- sh tool.sh"), &url);
    let told = shown(LINE, &output);
    assert_eq!(
        output.status.code(),
        Some(4),
        "the program's exit code passes: {told}"
    );
    assert!(told.contains("attest submit --flush"), "{told}");
    assert!(output.stdout.is_empty(), "{told}");
    assert_eq!(kept(&place).len(), 2);

    let failed = run(&place, &format!("{LINE} --on-unreachable fail"), &url);
    assert_eq!(failed.status.code(), Some(1));
    assert_eq!(kept(&place).len(), 2, "nothing is kept");

    let recorder = Recorder::at(address);
    let flushed = run(&place, "submit --flush", "");
    assert_eq!(
        flushed.status.code(),
        Some(0),
        "{}",
        shown("submit --flush", &flushed)
    );
    assert_eq!(String::from_utf8_lossy(&flushed.stdout), "1\n");
    let seen = recorder.seen();
    assert_eq!(seen[0].body["name"], "Nightly");
    assert_eq!(seen[1].body["fields"][0]["name"], "Output");
    assert_eq!(seen[2].body["tests"].as_array().unwrap().len(), 2);
    assert!(seen[3].line.ends_with("/complete"));
    assert!(kept(&place).is_empty());
    assert_eq!(
        run(&place, "submit --flush", "").status.code(),
        Some(0),
        "nothing waits"
    );
}

#[test]
fn what_was_sent_before_is_not_sent_again() {
    let place = Place::new();
    many(&place, 1000);
    let recorder = Recorder::answering(|seen, number| match seen.line.as_str() {
        "GET /livez" => Some(livez(seen.header("x-request-id"))),
        line if line.ends_with("/append") && number < 5 && seen.body["tests"][0]["name"] == "t500" => {
            Some(Reply::html(502))
        }
        _ => None,
    });
    let line = LINE.replace("two.xml", "many.xml") + " --parallel 1";
    let output = run(&place, &line, &recorder.url);
    assert_eq!(output.status.code(), Some(0), "{}", shown(&line, &output));
    let before = recorder.seen();
    let lost = before
        .iter()
        .rfind(|seen| seen.line.ends_with("/append"))
        .unwrap()
        .clone();
    let flushed = run(&place, "submit --flush --parallel 1", "");
    assert_eq!(
        flushed.status.code(),
        Some(0),
        "{}",
        shown("submit --flush", &flushed)
    );
    let after: Vec<_> = recorder.seen().into_iter().skip(before.len()).collect();
    let lines: Vec<_> = after.iter().map(|seen| seen.line.as_str()).collect();
    assert_eq!(lines.len(), 3, "two batches and the completion: {lines:?}");
    assert!(after[0] == lost, "key and body are the same");
    assert_eq!(after[1].body["tests"][0]["name"], "t750");
}

#[test]
fn nothing_waits_where_a_batch_could_be_doubled() {
    let place = Place::new();
    let recorder = Recorder::answering(|seen, _| match seen.line.as_str() {
        "GET /livez" => Some(Reply::html(200)),
        line if line.ends_with("/append") => Some(Reply::html(502)),
        _ => None,
    });
    let output = run(&place, LINE, &recorder.url);
    let told = shown(LINE, &output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("automation:run:complete --run-id 1"), "{told}");
    assert!(kept(&place).is_empty());
}

#[test]
fn batches_go_side_by_side_each_once() {
    let place = Place::new();
    many(&place, 2600);
    let recorder = Recorder::plain();
    let line = LINE.replace("two.xml", "many.xml") + " --parallel 8";
    assert_eq!(run(&place, &line, &recorder.url).status.code(), Some(0));
    let (mut names, mut keys) = (BTreeSet::new(), BTreeSet::new());
    let appended: Vec<_> = recorder
        .seen()
        .into_iter()
        .filter(|seen| seen.line.ends_with("/append"))
        .collect();
    assert_eq!(appended.len(), 11);
    for seen in &appended {
        assert!(keys.insert(seen.header("idempotency-key").to_owned()));
        for test in seen.body["tests"].as_array().unwrap() {
            assert!(names.insert(test["name"].as_str().unwrap().to_owned()), "{test}");
        }
    }
    assert_eq!(names.len(), 2600);
    assert!(recorder.lines().last().unwrap().ends_with("/complete"));
}

#[test]
fn failed_tests_give_an_exit_code_on_request() {
    let (place, recorder) = (Place::new(), Recorder::plain());
    place.write("tool.sh", "exit 4\n");
    place.write("good.xml", "<testsuite><testcase name=\"a\"/></testsuite>");
    let code = |line: &str| run(&place, line, &recorder.url).status.code();
    assert_eq!(code(LINE), Some(0));
    assert_eq!(code(&format!("{LINE} --fail-on never")), Some(0));
    assert_eq!(code(&format!("{LINE} --fail-on any")), Some(3));
    assert_eq!(code(&format!("{LINE} --fail-on any -- sh tool.sh")), Some(4));
    assert_eq!(
        code(&format!("{} --fail-on any", LINE.replace("two.xml", "good.xml"))),
        Some(0)
    );
    place.write("attest.toml", "[submit]\nfail_on = \"any\"\n");
    assert_eq!(code(LINE), Some(3));
}

#[test]
fn the_job_summary_is_added_to() {
    let (place, recorder) = (Place::new(), Recorder::plain());
    place.write("summary.md", "before\n");
    let mut command = place.command(LINE, &recorder.url);
    command
        .env("GITHUB_STEP_SUMMARY", place.path("summary.md"))
        .output()
        .unwrap();
    insta::assert_snapshot!(place.read("summary.md").replace(&recorder.url, "INSTANCE"));
    let line = format!("{LINE} --summary absent/summary.md");
    let output = run(&place, &line, &recorder.url);
    assert_eq!(output.status.code(), Some(0), "a summary is no reason to fail");
    assert!(shown(&line, &output).contains("! Cannot write the summary to absent/summary.md"));
}

#[test]
fn other_formats_are_sent_and_doubtful_files_are_told() {
    let place = Place::new();
    place.write("a.tap", "TAP version 14\n1..2\nok 1 - adds\nnot ok 2 - divides\n");
    place.write("b.json", r#"{"results":{"tool":{"name":"t"},"summary":{},"tests":[{"name":"c","status":"passed","duration":5}]}}"#);
    place.write("c.xml", "<robot/>");
    place.write("d.json", r#"{"name":"package"}"#);
    place.write("broken.tap", "1..3\nok 1 - a\n");
    let recorder = Recorder::plain();
    let line = LINE.replace("two.xml", "a.tap b.json c.xml d.json two.xml") + " --json";
    let output = run(&place, &line, &recorder.url);
    let told = shown(&line, &output);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        [&result["files"], &result["tests"], &result["failed"]].map(|n| n.as_u64().unwrap()),
        [3, 5, 2],
        "{told}"
    );
    assert!(
        told.contains("! Left out: c.xml is Robot Framework, which is not read"),
        "{told}"
    );
    let before = recorder.seen().len();
    let line = LINE.replace("two.xml", "broken.tap two.xml");
    let output = run(&place, &line, &recorder.url);
    let told = shown(&line, &output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told.contains("! Failed to parse file: broken.tap\n! It is TAP; 1 of 3 tests are in the file"),
        "{told}"
    );
    assert_eq!(recorder.seen().len(), before);
    let output = run(&place, &format!("{line} --ignore-parse-error"), &recorder.url);
    assert_eq!(output.status.code(), Some(0));
}

/// What waits is made older than the keys of its requests are known.
fn aged(place: &Place) {
    let name = kept(place)
        .into_iter()
        .find(|name| name.contains(".json"))
        .unwrap();
    let path = format!(".attest-unsent/{name}");
    let mut shipment: Value = serde_json::from_str(&place.read(&path)).unwrap();
    shipment["kept_at"] = Value::from(shipment["kept_at"].as_i64().unwrap() - 7 * 24 * 3600 * 1_000_000_i64);
    place.write(&path, &shipment.to_string());
}

/// Attest, whose first append fails.
fn failing_once() -> Recorder {
    let begun = std::sync::atomic::AtomicI64::new(0);
    let failed = std::sync::atomic::AtomicBool::new(false);
    Recorder::answering(move |seen, _| match seen.line.as_str() {
        "GET /livez" => Some(livez(seen.header("x-request-id"))),
        line if line.ends_with("/automation/parts") => {
            let attempt = 1 + begun.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Some(Reply::json(
                201,
                &format!(
                    "{{\"run_id\":7,\"thread_id\":{},\"attempt\":{attempt}}}",
                    70 + attempt
                ),
            ))
        }
        line if line.contains("/automation/parts/") => Some(Reply::json(
            200,
            r#"{"run_id":7,"parts_completed":1,"is_completed":true}"#,
        )),
        line if line.ends_with("/append") && !failed.swap(true, std::sync::atomic::Ordering::SeqCst) => {
            Some(Reply::html(502))
        }
        _ => None,
    })
}

#[test]
fn a_part_that_waited_is_sent_anew() {
    let (place, recorder) = (Place::new(), failing_once());
    let line = format!("{LINE} --run-key k --parts 1");
    assert_eq!(run(&place, &line, &recorder.url).status.code(), Some(0));
    let before = recorder.seen().len();
    assert_eq!(run(&place, "submit --flush", "").status.code(), Some(0));
    let lines: Vec<_> = recorder.lines().split_off(before);
    let expected = [
        "POST /api/attest/v1/projects/1/automation/parts",
        "POST /api/v1/automation/runs/threads/72/append",
        "POST /api/attest/v1/automation/parts/72/complete",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_waited_too_long_goes_to_a_run_of_its_own() {
    let (place, recorder) = (Place::new(), failing_once());
    assert_eq!(run(&place, LINE, &recorder.url).status.code(), Some(0));
    aged(&place);
    let before = recorder.seen().len();
    let flushed = run(&place, "submit --flush", "");
    let told = shown("submit --flush", &flushed);
    assert!(
        told.contains("! The run 1 was begun too long ago to go on"),
        "{told}"
    );
    let lines: Vec<_> = recorder.lines().split_off(before);
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(
        lines[0].ends_with("/automation/runs") && lines[3].ends_with("/automation/runs/3/complete"),
        "{lines:?}"
    );
}
