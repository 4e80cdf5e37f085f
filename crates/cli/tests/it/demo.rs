//! `--demo`.

use serde_json::Value;

use crate::process::{Serving, init, key};

/// The demo project's automation runs, once they are all there and complete.
pub(crate) fn runs(serving: &Serving, key: &str) -> Vec<Value> {
    let bearer = format!("authorization: Bearer {key}\r\n");
    for _ in 0..2000 {
        let answer = serving
            .get("/api/v1/projects/1/automation/runs", &bearer)
            .unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        let page: Value = serde_json::from_str(body).unwrap();
        let runs = page["result"].as_array().cloned().unwrap_or_default();
        if runs.len() == reports().len() && runs.iter().all(|run| run["is_completed"] == true) {
            return runs;
        }
        std::thread::yield_now();
    }
    panic!("the demo was not made");
}

/// The number of tests in each report that is submitted.
fn reports() -> Vec<u64> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/demo");
    let mut reports: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    reports.retain(|path| path.extension().is_some_and(|extension| extension == "xml"));
    reports.sort();
    reports
        .iter()
        .map(|path| {
            std::fs::read_to_string(path)
                .unwrap()
                .matches("<testcase ")
                .count() as u64
        })
        .collect()
}

#[test]
fn the_demo_is_made_once_from_our_own_results() {
    let folder = tempfile::tempdir().unwrap();
    let data_dir = folder.path().join("data");
    init(data_dir.to_str().unwrap());
    let key = key(data_dir.to_str().unwrap(), "test");
    let first = Serving::start(&data_dir, &["--demo"]);
    let mut submitted: Vec<u64> = runs(&first, &key)
        .iter()
        .map(|run| run["total_count"].as_u64().unwrap())
        .collect();
    submitted.reverse();
    assert_eq!(submitted, reports(), "every test of every report, oldest first");
    let project = first
        .get("/api/v1/projects", &format!("authorization: Bearer {key}\r\n"))
        .unwrap();
    assert!(project.contains("\"name\":\"Attest (demo)\""), "{project}");
    let (code, log) = first.stop();
    assert_eq!(code, Some(0), "{log}");

    let second = Serving::start(&data_dir, &["--demo"]);
    assert_eq!(runs(&second, &key).len(), reports().len());
    let (_, log) = second.stop();
    assert!(!log.contains("made the demo project"), "{log}");
}

#[test]
fn reports_name_no_place_of_the_machine_that_made_them() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/demo");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for place in [root.to_str().unwrap(), "/.cargo/", "/target/debug/"] {
            assert!(!text.contains(place), "{place}");
        }
    }
}
