//! What is no results, and results that cannot be read.

use std::io::Cursor;
use std::path::Path;

use reports::{Detected, Format, Spool, detect};

use crate::support::{format_of, read, try_read};

#[test]
fn what_only_looks_alike_is_no_results() {
    for text in [
        "",
        " \n",
        "ok",
        "ok then\n",
        "{}",
        "[]",
        "[1]",
        "{\"results\":[]}",
        "{\"name\":\"package\",\"version\":\"1\"}",
        "{\"config\":1}",
        "[{\"name\":\"x\"}]",
        "<notes/>",
        "not json {",
        "{\"Action\":\"x\"}",
        "1.5 seconds",
    ] {
        assert_eq!(format_of(text), None, "{text}");
    }
    let robot = detect(Path::new("output.xml"), &mut Cursor::new("<robot/>")).unwrap();
    assert_eq!(robot, Detected::Other("Robot Framework"));
    let junit = detect(Path::new("a.xml"), &mut Cursor::new("<testsuite/>")).unwrap();
    assert_eq!(junit, Detected::Results(Format::Junit));
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let told = |text: &str| try_read(text).unwrap_err().to_string();
    let all = [
        "<TestRun><Results>\n<UnitTestResult>",
        "<!DOCTYPE x><test-run/>",
        "{\"results\":{\"tool\":{},\"tests\":[\n{\"name\":\"a\",\"status\":\"strange\"}]}}",
        "{\"results\":{\"tool\":{},\"tests\":[\n{\"name\":\"a\",\"sta",
        "{\"Action\":\"start\",\"Package\":\"p\"}\n{\"Action\":",
        "{\"Action\":\"run\",\"Package\":\"p\",\"Test\":\"T\"}\n",
        "TAP version 14\n1..3\nok 1 - a\n",
        "TAP version 14\nok 1 - a\n",
    ]
    .map(told);
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn of_a_file_that_cannot_be_read_nothing_is_kept() {
    let mut spool = Spool::new().unwrap();
    let good = "1..1\nok 1 - good\n";
    spool.add(Format::Tap, &mut Cursor::new(good)).unwrap();
    let before = spool.summary();
    spool
        .add(Format::Tap, &mut Cursor::new("1..2\nok 1 - lost\n"))
        .unwrap_err();
    assert_eq!(spool.summary(), before);
    spool.add(Format::Tap, &mut Cursor::new(good)).unwrap();
    assert_eq!(spool.into_lines().unwrap().count(), 2);
}

#[test]
fn subtests_count_and_their_parents_do_not() {
    let (summary, tests) = read(
        "TAP version 14\n1..3\n# Subtest: outer\n    # Subtest: inner\n        ok 1 - deep\n        1..1\n    ok 1 - inner\n    1..1\nok 1 - outer\n\
         ok 2 - alone # SKIP why\nnot ok 3 - empty # TODO later\n",
    );
    assert_eq!(
        (summary.tests, summary.passed, summary.skipped),
        (3, 1, 2),
        "{tests:?}"
    );
    assert_eq!(tests[0]["folder"], "outer › inner");
    assert_eq!(tests[1]["fields"][0]["value"], "SKIP why");
}

#[test]
fn a_run_that_bailed_out_did_not_pass() {
    let (summary, tests) = read("1..5\nok 1 - a\nBail out! no database\n");
    assert_eq!((summary.tests, summary.errors), (2, 1));
    assert_eq!(tests[1]["fields"][0]["value"], "no database");
}

#[test]
fn the_latest_attempt_of_allure_counts() {
    let attempt = |uuid: &str, status: &str, stop: u64| {
        format!(
            r#"{{"uuid":"{uuid}","historyId":"h","name":"a","status":"{status}","stage":"finished","start":1,"stop":{stop}}}"#
        )
    };
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let all = [
            attempt("1", "failed", 10),
            attempt("2", "broken", 20),
            attempt("3", "passed", 30),
        ];
        let mut spool = Spool::new().unwrap();
        for index in order {
            spool.add(Format::Allure, &mut Cursor::new(&all[index])).unwrap();
        }
        let summary = spool.summary();
        assert_eq!(
            (summary.tests, summary.passed, summary.failures, summary.errors),
            (1, 1, 0, 0)
        );
        let lines: Vec<_> = spool
            .into_lines()
            .unwrap()
            .map(|line| String::from_utf8(line.unwrap()).unwrap())
            .collect();
        assert_eq!(lines.len(), 1);
        assert!(lines[0].contains("passed"), "{lines:?}");
    }
}

#[test]
fn junit_keeps_the_time_that_the_file_gives() {
    let text = r#"<testsuite time="9"><testcase name="a" time="1"/><testcase/><testcase name="b"><error/></testcase></testsuite>"#;
    let mut spool = Spool::new().unwrap();
    spool.add(Format::Junit, &mut Cursor::new(text)).unwrap();
    spool.add(Format::Junit, &mut Cursor::new(text)).unwrap();
    let summary = spool.summary();
    assert_eq!((summary.tests, summary.errors, summary.unnamed), (4, 2, 2));
    assert_eq!(summary.elapsed_computed, 18_000_000);
    let mut lines = spool.into_lines().unwrap();
    let mut copy = Vec::new();
    lines.copy_to(&mut copy).unwrap();
    lines.rewind().unwrap();
    let again: Vec<_> = lines.map(Result::unwrap).collect();
    let copied: Vec<_> = copy
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(again, copied);
}
