//! Help, wrong use, and the name `testmo`.

use std::process::Command;

use super::{Place, RUN, shown};
use crate::process::attest;
use crate::recorder::{Recorder, Reply};

const COMMANDS: [&str; 7] = [
    "automation:run:submit",
    "automation:run:create",
    "automation:run:submit-thread",
    "automation:run:complete",
    "automation:resources:add-field",
    "automation:resources:add-link",
    "automation:resources:add-artifact",
];

#[test]
fn help_of_every_command() {
    let mut all = String::new();
    for command in COMMANDS {
        let line = format!("{command} --help");
        all += &shown(
            &line,
            &attest(&[command, "--help"])
                .env("COLUMNS", "100")
                .output()
                .unwrap(),
        );
    }
    insta::assert_snapshot!(all);
}

#[test]
fn wrong_use_has_the_exit_code_of_the_original() {
    let mut all = String::new();
    for line in [
        "automation:run:submit",
        "automation:run:create --bogus",
        "automation:run:complete --run-id",
        "automation:run:absent",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let output = attest(&words).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{line}");
        all += &shown(line, &output);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn values_are_checked_before_anything_is_sent() {
    let (place, recorder) = (Place::new(), Recorder::plain());
    let mut all = String::new();
    let create = format!("automation:run:create {RUN}");
    for line in [
        create.replace("INSTANCE", ""),
        create.replace("INSTANCE", "attest.example.com"),
        create.replace("INSTANCE", "http://attest.example.com"),
        create.replace("INSTANCE", "https://"),
        create.replace("--project-id 1", "--project-id -1"),
        create.replace("Nightly", ""),
        create.replace("back-end", "back_end"),
        format!("{create} --tags ok a,b"),
        format!("{create} --config-id x"),
        format!("{create} --milestone-id 0"),
        format!("{create} --proxy proxy.example.com"),
        format!("{create} --resources absent.json"),
        "automation:run:complete --instance INSTANCE --run-id x".to_owned(),
        format!("automation:run:submit {RUN} --results two.xml --results-rewriter x.js"),
    ] {
        all += &shown(&line, &place.command(&line, &recorder.url).output().unwrap());
    }
    assert!(recorder.seen().is_empty());
    insta::assert_snapshot!(all);
}

#[test]
fn without_a_key_nothing_is_sent() {
    let (place, recorder) = (Place::new(), Recorder::plain());
    let line = format!("automation:run:submit {RUN} --results two.xml");
    let output = place
        .command(&line, &recorder.url)
        .env_remove("TESTMO_TOKEN")
        .output()
        .unwrap();
    assert!(recorder.seen().is_empty());
    insta::assert_snapshot!(shown(&line, &output));
}

/// The key that the only request came with.
fn key_sent(mut command: Command, recorder: &Recorder) -> String {
    command.env("ATTEST_TOKEN", "ours").env("TESTMO_TOKEN", "theirs");
    assert!(command.output().unwrap().status.success());
    recorder.seen().last().unwrap().header("authorization").to_owned()
}

#[test]
fn a_link_named_testmo_is_that_tool() {
    let (place, recorder) = (Place::new(), Recorder::plain());
    let program = place.path("testmo");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_attest"), &program).unwrap();
    let testmo = |words: &[&str]| {
        let mut command = Command::new(&program);
        command.args(words).env_clear();
        command
    };
    let create = [
        "--no-ansi",
        "automation:run:create",
        "--instance",
        &recorder.url,
        "--project-id",
        "1",
    ];
    let create = [&create[..], &["--name", "n", "--source", "back-end"]].concat();
    assert_eq!(key_sent(testmo(&create), &recorder), "Bearer theirs");
    assert_eq!(key_sent(attest(&create[1..]), &recorder), "Bearer ours");

    let nothing = testmo(&[]).output().unwrap();
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(1), 0));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("automation:run:submit"));
    let serve = testmo(&["serve"]).output().unwrap();
    assert_eq!(serve.status.code(), Some(1), "the tool has no server");
    assert!(testmo(&["--version"]).output().unwrap().status.success());
}

#[test]
fn a_proxy_is_used_when_one_is_named() {
    let place = Place::new();
    let instance = Recorder::plain();
    let proxy = Recorder::answering(|_, _| Some(Reply::json(201, r#"{"id":77}"#)));
    let line = format!("automation:run:create {RUN}");
    let by_option = format!("{line} --proxy {}", proxy.url);
    let output = place.command(&by_option, &instance.url).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "77\n");
    let mut by_environment = place.command(&line, &instance.url);
    let output = by_environment.env("HTTP_PROXY", &proxy.url).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "77\n");
    assert!(instance.seen().is_empty());
    let expected = format!("POST {}/api/v1/projects/1/automation/runs", instance.url);
    assert_eq!(proxy.lines(), [expected.clone(), expected]);
}
