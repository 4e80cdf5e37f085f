//! What can be in the way of `attest submit`: each is told with what to do, the exit code is the documented one, and
//! the command that is run again completes the same run.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::Stdio;

use super::real::Instance;
use super::{Place, shown};
use crate::process::{Serving, attest};
use crate::recorder::{Recorder, Reply};

/// Where a request is answered otherwise, and how.
type Case = (&'static str, fn() -> Reply);

const LINE: &str = "submit two.xml --instance INSTANCE --project 1 --source web --name Nightly --run-key k";

/// The answer to each request that has the end of the path.
fn with(end: &'static str, answer: fn() -> Reply) -> Recorder {
    Recorder::answering(move |seen, _| {
        if seen.line.ends_with(end) {
            return Some(answer());
        }
        if seen.line.ends_with("/automation/parts") {
            return Some(Reply::json(201, r#"{"run_id":1,"thread_id":2,"attempt":1}"#));
        }
        None
    })
}

#[test]
fn what_is_in_the_way_is_told_with_what_to_do() {
    let place = Place::new();
    let variables = [("ATTEST_RETRY_SECONDS", "0"), ("ATTEST_TIMEOUT_SECONDS", "1")];
    let mut all = String::new();
    let cases: [Case; 9] = [
        // A wrong key, no rights, a wrong address.
        ("/parts", || Reply::json(401, r#"{"message":"Unauthenticated."}"#)),
        ("/parts", || {
            Reply::json(
                403,
                r#"{"message":"You may not edit automation in this project."}"#,
            )
        }),
        ("/parts", || Reply::html(404)),
        // A run that is closed.
        ("/append", || {
            let body = r#"{"message":"This thread is completed.","errors":{"automation_run_thread_id":["This thread is completed. Make a new thread in the run."]}}"#;
            Reply::json(422, body)
        }),
        // The server is gone in the middle, slow, busy, or behind a proxy that fails.
        ("/append", || Reply::HangUp),
        ("/append", || Reply::Silence),
        ("/append", || {
            Reply::Answer(
                429,
                "retry-after: 3600\r\n",
                r#"{"message":"Too many requests."}"#.to_owned(),
            )
        }),
        ("/append", || Reply::html(502)),
        ("/complete", || Reply::html(502)),
    ];
    for (end, answer) in cases {
        let recorder = with(end, answer);
        let line = format!("{LINE} --on-unreachable fail");
        let mut command = place.command(&line, &recorder.url);
        let output = command.envs(variables).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", shown(&line, &output));
        let told = shown("", &output).replace(&recorder.url, "INSTANCE");
        all += &told.replacen("$ attest ", &format!("# at {end}"), 1);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_second_try_completes_the_same_run_after_the_server_was_gone() {
    const TESTS: usize = 30_000;
    let mut instance = Instance::new();
    let cases: Vec<String> = (0..TESTS).map(|n| format!("<testcase name=\"t{n}\"/>")).collect();
    let xml = format!("<testsuite>{}</testsuite>", cases.concat());
    instance.place.write("many.xml", &xml);
    let line = LINE.replace("two.xml", "many.xml") + " --parts 1 --parallel 1 --on-unreachable fail";
    let command = |retry: &str| {
        let mut command = instance.place.command(&line, &instance.url);
        command
            .env("TESTMO_TOKEN", &instance.full)
            .env("ATTEST_RETRY_SECONDS", retry);
        command
    };
    let mut child = command("0")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap());
    let mut begun = String::new();
    while !begun.contains("Sending tests") {
        assert!(told.read_line(&mut begun).unwrap() > 0, "{begun}");
    }
    let serving = instance.serving.take().unwrap();
    let address = serving.address.to_string();
    serving.stop();
    let mut rest = String::new();
    told.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{rest}");
    assert!(rest.contains("Connection error: "), "{rest}");

    let data_dir = instance.place.path("data");
    let arguments = [
        "serve",
        "--data-dir",
        data_dir.to_str().unwrap(),
        "--listen",
        &address,
    ];
    instance.serving = Some(Serving::spawn(attest(&arguments)));
    let again = {
        let mut command = instance.place.command(&line, &instance.url);
        command.env("TESTMO_TOKEN", &instance.full).output().unwrap()
    };
    assert_eq!(again.status.code(), Some(0), "{}", shown(&line, &again));
    let runs = instance.get("/api/v1/projects/1/automation/runs?per_page=100");
    let mine: Vec<_> = runs["result"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|run| run["name"] == "Nightly" && run["thread_count"] == 2)
        .collect();
    assert_eq!(mine.len(), 1, "{runs}");
    assert_eq!(mine[0]["total_count"].as_u64(), Some(TESTS as u64));
    assert_eq!(mine[0]["is_completed"], true);
    assert_eq!(
        String::from_utf8_lossy(&again.stdout).trim(),
        mine[0]["id"].to_string()
    );
}
