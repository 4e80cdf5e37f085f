//! Manual runs, their tests and results (contract §2.11, §2.12, §9).

use super::param::{between, expands as expanding, ids, ids_of, paging, sort, texts, yes_or_no};
use super::schema::{
    Properties, about, body, count, expands, flag, id, id_or_none, list, list_of, name, nullable, one, only,
    page, refer, row, text, text_of, time, with_custom, within,
};
use super::shared::{counters, made_and_changed};
use super::{Described, Group, operation};
use app::runs::results::MOST;
use model::text::{LONG_NAME_MAX, NAME_MAX};
use serde_json::{Value, json};

/// Most characters of a note; as in `app`.
const NOTE_MAX: usize = 10_000;
/// Most cases of a run; as in `app`.
const CASES_MAX: usize = 100_000;
/// Most tags, issues and links; as in `app`.
const LIST_MAX: usize = 100;
/// Most microseconds of a result; as in `app`.
const ELAPSED_MAX: i64 = 365 * model::clock::DAY;

const EXPANDS: [&str; 6] = ["configs", "issues", "milestones", "states", "statuses", "users"];
const RESULT_EXPANDS: [&str; 3] = ["issues", "users", "statuses"];

/// Most characters of the words of a live run; as in `app`.
const SEARCH_MAX: usize = 200;
/// Most steps of a text; as in `app`.
const STEPS_MAX: usize = 1000;

pub(super) fn group() -> Group {
    Group {
        name: "Runs",
        about: "Manual runs: cases of the repository with one result after the other.",
        operations: [runs(), results()].into_iter().flatten().collect(),
        schemas: [inputs(), rows(), pages()].into_iter().flatten().collect(),
    }
}

fn runs() -> Vec<Described> {
    vec![
        operation("getRun", "Show a run")
            .params([expanding(&EXPANDS)])
            .shows("RunRow"),
        operation("getRunPage", "List the runs of a project")
            .params([
                ids("config_id", "Only runs with these configurations."),
                ids("created_by", "Only runs that these users made."),
                ids("milestone_id", "Only runs of these milestones."),
                ids("state_id", "Only runs in these states."),
                texts("tags", "Only runs with one of these tags.", "smoke"),
                yes_or_no("is_closed", "Only runs that are, or are not, closed."),
            ])
            .params(between("closed_after", "closed_before"))
            .params(between("created_after", "created_before"))
            .params(sort(&["runs:created_at", "runs:closed_at"], true))
            .params(paging())
            .params([expanding(&EXPANDS)])
            .shows("RunPage"),
        operation("createRun", "Make a run")
            .takes("NewRun", json!({"name": "RC 1", "include_all": true}))
            .makes("OnlyRun")
            .leads_to(
                &["getRun", "updateRun", "deleteRun", "getRunTestPage"].map(|o| (o, "run_id", "/result/id")),
            ),
        operation("updateRun", "Change a run")
            .notes("With `version`, only when that is still the current one.")
            .takes("RunChange", json!({"is_closed": true}))
            .shows("OnlyRun"),
        operation("deleteRun", "Delete a run with its results"),
    ]
}

fn results() -> Vec<Described> {
    vec![
        operation("getRunTestPage", "List the tests of a run, in its order")
            .params(paging())
            .shows("RunTestPage"),
        operation("updateRunTest", "Give a test the newest text of its case")
            .notes("`case_version` is the newest version of the case. The test is untested again; its results stay.")
            .takes("RunTestChange", json!({"case_version": 1}))
            .shows("OnlyRunTest"),
        operation("getRunResultPage", "List the results of a run")
            .params([
                ids("created_by", "Only results that these users wrote."),
                ids("assignee_id", "Only results of these testers."),
                ids_of(
                    "status_id",
                    "Only results with these statuses.",
                    &(1..=25).collect::<Vec<_>>(),
                ),
                yes_or_no("get_latest_result", "Only the latest result of each test."),
            ])
            .params(between("created_after", "created_before"))
            .params(sort(&["run_results:created_at"], true))
            .params(paging())
            .params([expanding(&RESULT_EXPANDS)])
            .shows("ResultPage"),
        operation("createRunResult", "Write a result of a test")
            .takes("ResultIn", json!({"status_id": 2, "note": "as expected"}))
            .makes("OnlyResult")
            .leads_to(&[("updateRunResult", "result_id", "/result/id")]),
        operation("createRunResults", "Write results of several tests")
            .notes("All or none.")
            .takes("ResultsIn", json!({"results": [{"test_id": 1, "status_id": 2}]}))
            .makes("Results"),
        operation("updateRunResult", "Change a result")
            .takes("ResultChange", json!({"note": "as expected"}))
            .shows("OnlyResult"),
        operation(
            "getCaseResultHistory",
            "List the results that a case had, newest first",
        )
        .params(paging())
        .params([expanding(&RESULT_EXPANDS)])
        .shows("ResultPage"),
    ]
}

fn optional() -> Properties {
    let none = |what| about(nullable(id_or_none()), what);
    vec![
        ("state_id?", id()),
        ("config_id?", none("0 and null: none.")),
        ("milestone_id?", none("0 and null: none.")),
        ("assignee_id?", none("0 and null: nobody.")),
        ("note?", nullable(text_of(NOTE_MAX))),
        ("links?", nullable(list_of(refer("LinkIn"), 0, LIST_MAX))),
        ("is_started?", flag()),
        ("is_closed?", flag()),
        (
            "live?",
            about(
                nullable(refer("LiveIn")),
                "What the run takes in cases by that match later, while it is not closed. Null ends that.",
            ),
        ),
        ("tags?", nullable(list_of(name(NAME_MAX), 0, LIST_MAX))),
        ("issues?", nullable(list_of(refer("IssueIn"), 0, LIST_MAX))),
    ]
}

fn result() -> Properties {
    vec![
        ("note?", nullable(text_of(NOTE_MAX))),
        (
            "comment?",
            about(nullable(text_of(NOTE_MAX)), "Another name of `note`."),
        ),
        (
            "elapsed?",
            about(nullable(within(0, ELAPSED_MAX)), "Microseconds."),
        ),
        (
            "assignee_id?",
            about(nullable(id_or_none()), "0 and null: nobody."),
        ),
        ("issues?", nullable(list_of(refer("IssueIn"), 0, LIST_MAX))),
        (
            "steps?",
            about(
                list_of(refer("StepStatus"), 0, STEPS_MAX),
                "The statuses of single steps, in their order.",
            ),
        ),
    ]
}

fn inputs() -> Vec<(&'static str, Value)> {
    let (mut new, mut change) = (optional(), optional());
    new.extend([
        ("name", name(LONG_NAME_MAX)),
        ("include_all?", about(flag(), "All cases of the project.")),
        ("cases?", list_of(id(), 0, CASES_MAX)),
        (
            "case_ids?",
            about(list_of(id(), 0, CASES_MAX), "Another name of `cases`."),
        ),
    ]);
    change.extend([
        ("name?", name(LONG_NAME_MAX)),
        ("version?", about(id(), "The version that is to be changed.")),
    ]);
    let status = || within(1, 25);
    let (mut one, mut of_test, mut changed) = (result(), result(), result());
    one.push(("status_id", status()));
    of_test.extend([("test_id", id()), ("status_id", status())]);
    changed.push(("status_id?", status()));
    vec![
        (
            "LiveIn",
            body(live().map(|(name, schema)| (name, nullable(schema))).into()),
        ),
        ("NewRun", body(new)),
        ("RunChange", super::schema::change(change)),
        ("RunTestChange", body(vec![("case_version", id())])),
        ("ResultIn", with_custom(body(one))),
        (
            "ResultsIn",
            body(vec![("results", list_of(with_custom(body(of_test)), 1, MOST))]),
        ),
        ("ResultChange", with_custom(super::schema::change(changed))),
    ]
}

fn rows() -> Vec<(&'static str, Value)> {
    let mut run = vec![
        ("id", id()),
        ("project_id", id()),
        ("name", text()),
        ("config_id", nullable(id())),
        ("milestone_id", nullable(id())),
        ("state_id", id()),
        ("note", nullable(text())),
        ("include_all", flag()),
        ("forecast", about(nullable(count()), "Microseconds.")),
        ("forecast_completed", nullable(count())),
        ("elapsed", about(nullable(count()), "Microseconds.")),
        ("is_started", flag()),
        ("is_closed", flag()),
        ("live", nullable(refer("Live"))),
        ("issues", list(id())),
        ("links", list(refer("Link"))),
        ("tags", list(text())),
        ("started_at", nullable(time())),
        ("closed_at", nullable(time())),
        ("closed_by", nullable(id())),
        ("version", id()),
    ];
    run.extend(counters());
    run.extend(made_and_changed());
    let test = row(vec![
        ("id", id()),
        ("run_id", id()),
        ("case_id", id()),
        ("case_version", id()),
        ("data_row", row_of_data()),
        ("name", nullable(text())),
        ("status_id", within(1, 25)),
        ("assignee_id", nullable(id())),
        ("forecast", nullable(count())),
        ("elapsed", nullable(count())),
    ]);
    let mut result = vec![
        ("id", id()),
        ("project_id", id()),
        ("run_id", id()),
        ("test_id", id()),
        ("case_id", id()),
        ("case_version", id()),
        ("data_row", row_of_data()),
        ("status_id", within(1, 25)),
        ("is_latest", flag()),
        ("note", nullable(text())),
        ("elapsed", about(nullable(count()), "Microseconds.")),
        ("assignee_id", nullable(id())),
        ("issues", list(id())),
        ("steps", list(refer("StepStatus"))),
        ("deleted_at", nullable(time())),
        ("deleted_by", nullable(id())),
    ];
    result.extend(made_and_changed());
    vec![
        (
            "Live",
            row(live()
                .map(|(name, schema)| (name.trim_end_matches('?'), nullable(schema)))
                .into()),
        ),
        ("Run", row(run)),
        (
            "StepStatus",
            row(vec![
                ("step", about(id(), "From 1.")),
                ("status_id", within(2, 25)),
            ]),
        ),
        ("RunTest", test),
        ("Result", with_custom(row(result))),
    ]
}

/// What a live run chooses cases by.
fn live() -> [(&'static str, Value); 6] {
    [
        ("folder_id?", about(id(), "In this folder or below it.")),
        (
            "search?",
            about(text_of(SEARCH_MAX), "With all these words in name or text."),
        ),
        ("state_id?", id()),
        ("template_id?", id()),
        ("tag?", text_of(NAME_MAX)),
        ("has_automation?", flag()),
    ]
}

/// Which row of the data set is tested.
fn row_of_data() -> Value {
    about(
        nullable(id()),
        "The row of the data set of that version, from 1; null for a case without one.",
    )
}

fn pages() -> Vec<(&'static str, Value)> {
    vec![
        (
            "RunExpands",
            expands(&[
                ("configs", "Named"),
                ("issues", "Issue"),
                ("milestones", "Named"),
                ("states", "Choice"),
                ("statuses", "Status"),
                ("users", "Named"),
            ]),
        ),
        ("RunRow", one("Run", "RunExpands")),
        ("RunPage", page("Run", Some("RunExpands"))),
        ("OnlyRun", only(refer("Run"))),
        ("RunTestPage", page("RunTest", None)),
        ("OnlyRunTest", only(refer("RunTest"))),
        (
            "ResultExpands",
            expands(&[("issues", "Issue"), ("users", "Named"), ("statuses", "Status")]),
        ),
        ("ResultPage", page("Result", Some("ResultExpands"))),
        ("OnlyResult", only(refer("Result"))),
        ("Results", only(list(refer("Result")))),
    ]
}
