//! Automation runs, threads, tests and sources (contract §2.1, §2.2, §9).

use super::param::{
    between, expands as expanding, ids, ids_of, paging, sizes, sort, text as text_like, texts, yes_or_no,
};
use super::schema::{
    Properties, about, body, count, expands, flag, id, list, map, nullable, one, one_of, page, refer, row,
    said, text, text_of, time, within,
};
use super::shared::{counters, made_and_changed};
use super::{Described, Group, operation, parts, retention};
use model::automation::NOTE_MAX;
use serde_json::{Value, json};

/// Most characters of a name, folder, file or address; as in `crate::automation`.
const TEXT_MAX: usize = 2000;
/// Most characters of a tag, a key or the name of a source; as in `crate::automation`.
const TAG_MAX: usize = 255;

const RUN_EXPANDS: [&str; 5] = ["automation_sources", "configs", "milestones", "statuses", "users"];

pub(super) fn group() -> Group {
    Group {
        name: "Automation",
        about: "Results of automated tests: a run has threads, and each thread takes tests while it is open.",
        operations: [writes(), parts::operations(), retention::operations(), reads()]
            .into_iter()
            .flatten()
            .collect(),
        schemas: [inputs(), parts::schemas(), retention::schemas(), rows(), pages()]
            .into_iter()
            .flatten()
            .collect(),
    }
}

fn writes() -> Vec<Described> {
    let field = json!({"name": "Build", "type": 1, "value": "42"});
    let test = json!({"key": "8c1f5a", "name": "pays by card", "folder": "checkout.Payment", "status": "passed",
        "elapsed": 1_200_000});
    vec![
        operation("createAutomationRun", "Make an open run")
            .notes("Its source, configuration and milestone may be named; a new source is made.")
            .takes("RunIn", json!({"name": "nightly", "source": "web", "tags": ["rc"]}))
            .makes("Created")
            .leads_to(&[
                ("getAutomationRun", "automation_run_id", "/id"),
                ("createAutomationRunThread", "automation_run_id", "/id"),
                ("completeAutomationRun", "automation_run_id", "/id"),
            ]),
        operation("appendToAutomationRun", "Add fields, artifacts and links to a run")
            .takes("RunAdditions", json!({ "fields": [field] })),
        operation("completeAutomationRun", "Complete a run and its open threads")
            .takes("CompleteRun", json!({"measure_elapsed": true})),
        operation("createAutomationRunThread", "Make an open thread in a run")
            .takes("ThreadIn", json!({ "fields": [field] }))
            .makes("Created")
            .leads_to(&[
                ("appendToAutomationRunThread", "automation_run_thread_id", "/id"),
                ("completeAutomationRunThread", "automation_run_thread_id", "/id"),
            ]),
        operation("appendToAutomationRunThread", "Add tests to a thread")
            .notes("All or none up to 1 MiB; a larger body is written in pieces, and a repeated `Idempotency-Key` goes on \
                    after those that are in.")
            .takes("ThreadTests", json!({ "tests": [test] })),
        operation("completeAutomationRunThread", "Complete a thread")
            .takes("CompleteThread", json!({"elapsed_observed": 5_000_000})),
    ]
}

fn reads() -> Vec<Described> {
    let case_keys = [
        "automation_sources:created_at",
        "automation_cases:name",
        "automation_cases:elapsed_average",
        "automation_cases:failure_count",
        "automation_cases:flaky_percent",
    ];
    let source_keys = ["created_at", "ran_at", "retired_at"].map(|key| format!("automation_sources:{key}"));
    let test_keys =
        ["id", "name", "status", "elapsed", "created_at"].map(|key| format!("automation_run_tests:{key}"));
    vec![
        operation("getAutomationRun", "Show a run")
            .params([expanding(&RUN_EXPANDS)])
            .shows("AutomationRunRow"),
        operation("getAutomationRunPage", "List the runs of a project")
            .params([
                ids("config_id", "Only runs with these configurations."),
                ids("created_by", "Only runs that these users made."),
                ids("milestone_id", "Only runs of these milestones."),
                ids("source_id", "Only runs of these sources."),
                ids_of(
                    "status",
                    "Only runs with these statuses: 2 success, 3 failure, 4 running.",
                    &[2, 3, 4],
                ),
                texts("tags", "Only runs with one of these tags.", "rc"),
            ])
            .params(between("created_after", "created_before"))
            .params(sort(&["automation_runs:created_at"], true))
            .params(paging())
            .params([expanding(&RUN_EXPANDS)])
            .shows("AutomationRunPage"),
        operation("getAutomationSource", "Show a source")
            .params([expanding(&["users"])])
            .shows("AutomationSourceRow"),
        operation("getAutomationSourcePage", "List the sources of a project")
            .params([yes_or_no(
                "is_retired",
                "Only sources that are, or are not, retired.",
            )])
            .params(sort(&source_keys.each_ref().map(String::as_str), true))
            .params(paging())
            .params([expanding(&["users"])])
            .shows("AutomationSourcePage"),
        operation("getAutomationRunTestPage", "List the tests of a run")
            .params([
                ids("thread_id", "Only tests of these threads."),
                ids_of(
                    "status_id",
                    "Only tests with these outcomes: 1 neutral, 2 success, 3 failure, 4 running.",
                    &[1, 2, 3, 4],
                ),
            ])
            .params(sort(&test_keys.each_ref().map(String::as_str), true))
            .params(sizes(100, 1000))
            .shows("AutomationTestPage"),
        operation(
            "getAutomationCasePage",
            "List the automated tests of a project with their history in numbers",
        )
        .params([
            ids("source_id", "Only tests of these sources."),
            ids_of(
                "status",
                "Only tests with these statuses: 1 neutral, 2 success, 3 failure, 4 running.",
                &[1, 2, 3, 4],
            ),
            text_like("name", "Only tests whose name contains this.", "pays"),
            text_like("folder", "Only tests whose folder contains this.", "checkout"),
        ])
        .params(sort(&case_keys, false))
        .params(paging())
        .params([expanding(&["automation_sources", "statuses"])])
        .shows("AutomationCasePage"),
    ]
}

/// Fields and artifacts, which everything can have.
fn additions() -> Properties {
    vec![
        ("fields?", list(refer("AutomationFieldIn"))),
        ("artifacts?", list(refer("ArtifactIn"))),
    ]
}

fn elapsed() -> Properties {
    vec![
        ("elapsed_observed?", about(count(), "Microseconds by the clock.")),
        (
            "elapsed_computed?",
            about(count(), "Microseconds of all tests together."),
        ),
    ]
}

/// A run that is to be made.
pub(super) fn run_in() -> Properties {
    // A comma or a line break can't be part of a tag.
    let tag =
        json!({"type": "string", "minLength": 1, "maxLength": TAG_MAX, "pattern": r"^[^,\n]*[^,\s][^,\n]*$"});
    let mut run = vec![
        ("name", said(TEXT_MAX)),
        (
            "source",
            about(said(TAG_MAX), "Made when there is none of this name."),
        ),
        ("config?", about(text(), "A configuration by its name.")),
        ("config_id?", id()),
        ("milestone?", about(text(), "A milestone by its name.")),
        ("milestone_id?", id()),
        ("tags?", list(tag)),
        ("links?", list(refer("AutomationLinkIn"))),
    ];
    run.extend(additions());
    run
}

fn inputs() -> Vec<(&'static str, Value)> {
    let field = body(vec![
        (
            "type",
            about(within(1, 5), "1 string, 2 text, 3 HTML, 4 console, 5 URL."),
        ),
        ("name", text_of(TEXT_MAX)),
        ("value?", nullable(text())),
        ("meta?", nullable(map(nullable(text())))),
        ("is_highlight?", flag()),
    ]);
    let artifact = body(vec![
        ("name", said(TEXT_MAX)),
        ("note?", nullable(text_of(NOTE_MAX))),
        ("url", said(TEXT_MAX)),
        ("mime_type?", nullable(text_of(TAG_MAX))),
        ("size?", about(nullable(count()), "Bytes.")),
    ]);
    let link = body(vec![
        ("name", said(TEXT_MAX)),
        ("note?", nullable(text_of(NOTE_MAX))),
        ("url", said(TEXT_MAX)),
    ]);
    let links = || ("links?", list(refer("AutomationLinkIn")));
    let mut more = additions();
    more.push(links());
    let mut thread = elapsed();
    thread.extend(additions());
    let mut tests = thread.clone();
    tests.push(("tests?", list(refer("AutomationTestIn"))));
    let mut test = vec![
        ("key", about(said(TAG_MAX), "Identity within the source.")),
        (
            "name",
            json!({"type": "string", "minLength": 1, "maxLength": TEXT_MAX}),
        ),
        (
            "status",
            about(
                said(TAG_MAX),
                "An alias of a status of the instance, such as `passed`.",
            ),
        ),
        ("folder", text_of(TEXT_MAX)),
        ("elapsed?", about(nullable(count()), "Microseconds.")),
        ("file?", nullable(text_of(TEXT_MAX))),
        ("line?", nullable(count())),
        ("assertions?", nullable(count())),
    ];
    test.extend(additions());
    vec![
        ("AutomationFieldIn", field),
        ("ArtifactIn", artifact),
        ("AutomationLinkIn", link),
        ("RunIn", body(run_in())),
        ("RunAdditions", body(more)),
        ("CompleteRun", body(vec![("measure_elapsed?", flag())])),
        ("ThreadIn", body(thread)),
        ("AutomationTestIn", body(test)),
        ("ThreadTests", body(tests)),
        ("CompleteThread", body(elapsed())),
    ]
}

fn rows() -> Vec<(&'static str, Value)> {
    let artifact = row(vec![
        ("name", text()),
        ("note", nullable(text())),
        ("url", text()),
        ("mime_type", nullable(text())),
        ("size", nullable(count())),
    ]);
    let field = row(vec![
        ("type", within(1, 5)),
        ("name", text()),
        ("value", nullable(text())),
        ("meta", nullable(map(text()))),
    ]);
    let lists = || {
        [
            ("artifacts", list(refer("Artifact"))),
            ("fields", list(refer("AutomationField"))),
        ]
    };
    let status = || about(one_of(&[2, 3, 4]), "2 success, 3 failure, 4 running.");
    let ended = || {
        [
            ("completed_at", nullable(time())),
            ("completed_by", nullable(id())),
        ]
    };
    let mut thread = vec![
        ("id", id()),
        ("index", id()),
        ("name", text()),
        ("status", status()),
        ("elapsed", nullable(count())),
        ("is_completed", flag()),
        ("created_at", time()),
        ("created_by", nullable(id())),
    ];
    thread.extend(lists());
    thread.extend(counters());
    thread.extend(ended());
    let mut run = vec![
        ("id", id()),
        ("project_id", id()),
        ("source_id", id()),
        ("name", text()),
        ("status", status()),
        ("config_id", nullable(id())),
        ("milestone_id", nullable(id())),
        ("elapsed", about(nullable(count()), "Microseconds.")),
        ("is_completed", flag()),
        (
            "is_incomplete",
            about(flag(), "Closed because nothing more came."),
        ),
        ("links", list(refer("Link"))),
        ("tags", list(text())),
        ("threads", list(refer("AutomationThread"))),
        ("thread_count", count()),
        ("thread_active_count", count()),
        ("thread_completed_count", count()),
    ];
    run.extend(lists());
    run.extend(counters());
    run.extend(made_and_changed());
    run.extend(ended());
    vec![
        ("Artifact", artifact),
        ("AutomationField", field),
        ("AutomationThread", row(thread)),
        ("AutomationRun", row(run)),
        ("AutomationSource", source()),
        ("AutomationTest", test()),
        ("AutomationCase", case()),
    ]
}

fn source() -> Value {
    let mut source = vec![
        ("id", id()),
        ("project_id", id()),
        ("name", text()),
        ("status", one_of(&[1, 2, 3])),
        ("is_retired", flag()),
        ("run_count", count()),
        ("test_count_average", nullable(count())),
        ("elapsed_average", nullable(count())),
        ("ran_at", nullable(time())),
        ("retired_at", nullable(time())),
        ("retired_by", nullable(id())),
    ];
    source.extend(made_and_changed());
    row(source)
}

fn test() -> Value {
    row(vec![
        ("id", id()),
        ("automation_test_id", id()),
        ("automation_case_id", id()),
        ("repository_case_id", nullable(id())),
        ("repository_case_ids", list(id())),
        ("key", text()),
        ("name", text()),
        ("folder", text()),
        ("status", one_of(&[1, 2, 3, 4])),
        ("status_id", within(1, 25)),
        ("elapsed", nullable(count())),
        ("file", nullable(text())),
        ("line", nullable(count())),
        ("assertions", nullable(count())),
        ("thread_id", id()),
        ("created_at", time()),
    ])
}

fn case() -> Value {
    row(vec![
        ("id", id()),
        ("project_id", id()),
        ("source_id", id()),
        ("key", text()),
        ("name", text()),
        ("folder", text()),
        ("status", one_of(&[1, 2, 3, 4])),
        ("test_count", count()),
        ("success_count", count()),
        ("failure_count", count()),
        ("flaky_count", count()),
        ("flaky_percent", within(0, 100)),
        ("elapsed_average", nullable(count())),
        ("created_at", time()),
        ("updated_at", nullable(time())),
    ])
}

fn pages() -> Vec<(&'static str, Value)> {
    let of_runs = RUN_EXPANDS.map(|name| (name, if name == "statuses" { "Status" } else { "Named" }));
    vec![
        ("AutomationRunExpands", expands(&of_runs)),
        ("AutomationRunRow", one("AutomationRun", "AutomationRunExpands")),
        (
            "AutomationRunPage",
            page("AutomationRun", Some("AutomationRunExpands")),
        ),
        ("AutomationSourceRow", one("AutomationSource", "UserExpands")),
        (
            "AutomationSourcePage",
            page("AutomationSource", Some("UserExpands")),
        ),
        ("NoExpands", expands(&[])),
        ("AutomationTestPage", page("AutomationTest", Some("NoExpands"))),
        (
            "AutomationCaseExpands",
            expands(&[("automation_sources", "Named"), ("statuses", "Status")]),
        ),
        (
            "AutomationCasePage",
            page("AutomationCase", Some("AutomationCaseExpands")),
        ),
    ]
}
