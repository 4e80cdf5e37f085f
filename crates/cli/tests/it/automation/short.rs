//! `attest submit`.

use serde_json::{Value, json};

use super::{Place, shown};
use crate::recorder::{Recorder, Reply};

const FILE: &str =
    "[submit]\nproject = \"1\"\nsource = \"web\"\nresults = [\"out/*.xml\"]\ntags = [\"nightly\"]\n";

/// A folder with `attest.toml` and one result file that it names.
fn place() -> Place {
    let place = Place::new();
    place.write("attest.toml", FILE);
    place.write("out/two.xml", super::TWO);
    place
}

#[test]
fn what_is_not_said_comes_from_the_file_and_the_ci_service() {
    let (place, recorder) = (place(), Recorder::plain());
    let variables = [
        ("ATTEST_INSTANCE", recorder.url.as_str()),
        ("GITLAB_CI", "true"),
        ("CI_COMMIT_REF_NAME", "main"),
        ("CI_COMMIT_SHA", "0123456789abcdef"),
        ("CI_PIPELINE_URL", "https://git.example.com/pipelines/7"),
    ];
    insta::assert_snapshot!(place.show_with("submit", &recorder, &variables));
}

#[test]
fn options_count_more_and_a_project_may_be_named() {
    let place = place();
    let projects = |page: i64, name: &str, next: Value| {
        let rows = json!([{"id": page * 10, "name": name}]);
        json!({"page": page, "next_page": next, "last_page": 2, "per_page": 100, "total": 2, "result": rows})
    };
    let recorder = Recorder::answering(move |seen, _| match seen.line.as_str() {
        "GET /api/v1/projects?page=1&per_page=100" => {
            Some(Reply::json(200, &projects(1, "Other", json!(2)).to_string()))
        }
        "GET /api/v1/projects?page=2&per_page=100" => {
            Some(Reply::json(200, &projects(2, "Shop", Value::Null).to_string()))
        }
        _ => None,
    });
    let line =
        "submit two.xml --instance INSTANCE --project Shop --source api --name Smoke --tag fast --json";
    let output = place.command(line, &recorder.url).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", shown(line, &output));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let url = format!("{}/automation/runs/view/1", recorder.url);
    let expected = json!({"run_id": 1, "project_id": 20, "name": "Smoke", "url": url, "is_completed": true, "files": 1,
        "tests": 2, "passed": 1, "failed": 1, "skipped": 0, "elapsed": 1_500_000});
    assert_eq!(result, expected);
    let created = &recorder.seen()[2];
    assert_eq!(created.line, "POST /api/v1/projects/20/automation/runs");
    assert_eq!(created.body["source"], "api");
    assert_eq!(created.body["tags"], json!(["nightly", "fast"]));

    let absent = line.replace("Shop", "Absent");
    let output = place.command(&absent, &recorder.url).output().unwrap();
    let told = shown(&absent, &output);
    assert!(
        told.contains("! There is no project \"Absent\"") && told.ends_with("exit code 1\n"),
        "{told}"
    );
}

#[test]
fn the_program_makes_the_files_and_gives_the_exit_code() {
    let (place, recorder) = (place(), Recorder::plain());
    place.write("tool.sh", "cp two.xml out/late.xml; echo done; exit 3\n");
    let line = "submit --instance INSTANCE -- sh tool.sh";
    let output = place.command(line, &recorder.url).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", shown(line, &output));
    assert_eq!(recorder.seen()[2].body["tests"].as_array().unwrap().len(), 4);
}

#[test]
fn what_is_missing_is_told_and_nothing_is_sent() {
    let (bare, with_file, recorder) = (Place::new(), place(), Recorder::plain());
    with_file.write("broken/attest.toml", "[submit]\nsorce = \"web\"\n");
    let mut all = String::new();
    for (place, line) in [
        (&bare, "submit"),
        (&bare, "submit --instance INSTANCE"),
        (&bare, "submit --instance INSTANCE --project 1"),
        (&bare, "submit --instance INSTANCE --project 1 --source web"),
        (&with_file, "submit --instance INSTANCE --source a_b"),
        (&with_file, "submit --instance INSTANCE --tag a,b"),
        (&with_file, "submit absent*.xml --instance INSTANCE"),
        (&with_file, "submit absent.xml --instance INSTANCE"),
    ] {
        all += &shown(line, &place.command(line, &recorder.url).output().unwrap());
    }
    let mut command = with_file.command("submit", "");
    let output = command.current_dir(with_file.path("broken")).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(shown("submit", &output).contains("unknown field `sorce`"));
    assert!(recorder.seen().is_empty(), "{:?}", recorder.lines());
    insta::assert_snapshot!(all);
}
