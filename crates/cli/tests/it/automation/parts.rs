//! Many jobs of one run against a running Attest: each is sent twice, some are killed, and the server is restarted.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use super::Place;
use super::real::Instance;
use crate::process::{Serving, attest};
use crate::recorder::{Recorder, Reply};

const JOBS: usize = 20;
/// Two batches and a bit.
const TESTS: usize = 520;

fn line(job: usize) -> String {
    format!(
        "submit job{job}.xml --instance INSTANCE --project 1 --source shards --name Sharded --run-key pipeline-7 \
         --part {job} --parts {JOBS} --on-unreachable fail --parallel 2"
    )
}

/// Sends each job once, four at a time; those of `killed` are killed after they have begun. After a few of them
/// `restart` is called.
fn wave(instance: &Instance, killed: &[usize], restart: impl FnOnce() + Send) {
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let restart = Mutex::new(Some(restart));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let job = next.fetch_add(1, Ordering::SeqCst);
                    if job >= JOBS {
                        return;
                    }
                    send(instance, job, killed.contains(&job));
                    if done.fetch_add(1, Ordering::SeqCst) == JOBS / 4 {
                        restart.lock().unwrap().take().unwrap()();
                    }
                }
            });
        }
    });
}

fn send(instance: &Instance, job: usize, is_killed: bool) {
    let mut command = instance.place.command(&line(job), &instance.url);
    command.env("TESTMO_TOKEN", &instance.full).env("CI", "true");
    if !is_killed {
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "job {job}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        return;
    }
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let has_begun = lines.any(|line| line.unwrap().starts_with("Sending part"));
    assert!(has_begun, "job {job}");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn every_test_counts_once_however_often_jobs_are_repeated() {
    let mut instance = Instance::new();
    for job in 0..JOBS {
        let cases: Vec<String> = (0..TESTS)
            .map(|n| format!("<testcase name=\"t{n}\" classname=\"job{job}\" time=\"0.001\"/>"))
            .collect();
        instance.place.write(
            &format!("job{job}.xml"),
            &format!("<testsuite>{}</testsuite>", cases.concat()),
        );
    }
    for killed in [&[1, 5, 9][..], &[]] {
        let serving = instance.serving.take().unwrap();
        let (address, data_dir) = (serving.address.to_string(), instance.place.path("data"));
        let slot = Mutex::new(None);
        wave(&instance, killed, || {
            serving.stop();
            let arguments = [
                "serve",
                "--data-dir",
                data_dir.to_str().unwrap(),
                "--listen",
                &address,
            ];
            *slot.lock().unwrap() = Some(Serving::spawn(attest(&arguments)));
        });
        instance.serving = slot.into_inner().unwrap();
    }

    let runs = instance.get("/api/v1/projects/1/automation/runs?per_page=100");
    let mine: Vec<&Value> = runs["result"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|run| run["name"] == "Sharded")
        .collect();
    assert_eq!(mine.len(), 1, "one key, one run");
    let run = mine[0];
    assert_eq!(
        (&run["is_completed"], run["total_count"].as_u64()),
        (&Value::Bool(true), Some((JOBS * TESTS) as u64))
    );
    assert_eq!(run["success_count"], run["total_count"]);
    let mut seen = BTreeSet::new();
    for page in 1..=11 {
        let id = &run["id"];
        let tests = instance.get(&format!(
            "/api/v1/automation/runs/{id}/tests?per_page=1000&page={page}"
        ));
        for test in tests["result"].as_array().unwrap() {
            assert!(
                seen.insert(format!("{} {}", test["folder"], test["name"])),
                "{test}"
            );
        }
    }
    assert_eq!(seen.len(), JOBS * TESTS);
    let parts = instance.get(&format!("/api/attest/v1/automation/runs/{}/parts", run["id"]));
    let mut attempts: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for row in parts["result"].as_array().unwrap() {
        let counts = row["is_superseded"] == false;
        attempts
            .entry(row["part"].as_str().unwrap())
            .or_default()
            .push(counts);
    }
    assert_eq!(attempts.len(), JOBS);
    for (part, attempts) in attempts {
        assert_eq!(
            attempts,
            [false, true],
            "part {part}: the earlier attempt is there and does not count"
        );
    }
}

#[test]
fn run_keys_come_from_the_ci_service_and_need_attest() {
    let (place, recorder) = (
        Place::new(),
        Recorder::answering(|seen, _| {
            seen.line
                .ends_with("/parts")
                .then(|| Reply::json(404, r#"{"message":"Not found."}"#))
        }),
    );
    let line = "submit two.xml --instance INSTANCE --project 1 --source web --parts 3";
    let variables = [
        ("GITLAB_CI", "true"),
        ("CI_PIPELINE_ID", "42"),
        ("CI_NODE_INDEX", "2"),
        ("CI_NODE_TOTAL", "4"),
    ];
    insta::assert_snapshot!(place.show_with(line, &recorder, &variables));
    let missing = place.show(line, &Recorder::plain());
    assert!(
        missing.contains("! Missing --run-key: ") && missing.contains("exit code 1"),
        "{missing}"
    );
}
