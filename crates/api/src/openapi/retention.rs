//! How long results of automation are kept, which the contract does not say.

use super::param::Param;
use super::schema::{
    about, body, change, count, flag, id, list, nullable, only, row, text, time, within, word,
};
use super::{Described, operation};
use model::retention::{DAYS_MAX, DAYS_MIN, Removal};
use serde_json::{Value, json};

pub(super) fn operations() -> Vec<Described> {
    const RULE: &str = "Null follows the level above: a source its project, a project the instance, the instance the factory \
                        values of 90 and 365 days. 0 keeps for ever.";
    let example = || json!({"output_days": 30, "tests_days": null});
    vec![
        operation("getRetention", "Show how long the instance keeps results").shows("RetentionRow"),
        operation("updateRetention", "Change how long the instance keeps results")
            .notes(RULE)
            .takes("RetentionChange", example())
            .shows("RetentionRow"),
        operation("getProjectRetention", "Show how long a project keeps results").shows("RetentionRow"),
        operation("updateProjectRetention", "Change how long a project keeps results")
            .notes(RULE)
            .takes("RetentionChange", example())
            .shows("RetentionRow"),
        operation("previewProjectRetention", "Show what would go from a project now")
            .notes(
                "Runs that are open, pinned, linked to an open milestone, or among the last 50 of their source stay whole. \
                 With days, as if the project had this rule; sources that have their own keep it.",
            )
            .params([
                days_param("output_days", "As if output were kept for so many days."),
                days_param("tests_days", "As if tests were kept for so many days."),
            ])
            .shows("RetentionPreview"),
        operation("getAutomationSourceRetention", "Show how long a source keeps results").shows("RetentionRow"),
        operation("updateAutomationSourceRetention", "Change how long a source keeps results")
            .notes(RULE)
            .takes("RetentionChange", example())
            .shows("RetentionRow"),
        operation("getAutomationRunRetention", "Show what is kept of a run, and why").shows("RunRetentionRow"),
        operation("updateAutomationRunRetention", "Pin a run, so that all of it stays, or let it go")
            .takes("RunRetentionChange", json!({"is_pinned": true}))
            .shows("RunRetentionRow"),
    ]
}

fn days() -> Value {
    let mut days = within(0, DAYS_MAX);
    days["not"] = json!({"type": "integer", "minimum": 1, "maximum": DAYS_MIN - 1});
    days
}

fn days_param(name: &'static str, what: &str) -> Param {
    Param::new(name, "id", what, days(), json!(90))
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    const OUTPUT: &str = "Days that output of tests, artifacts and uploaded files are kept.";
    const TESTS: &str = "Days that tests are kept; their output goes with them.";
    let in_force = || {
        row(vec![
            ("output_days", about(within(0, DAYS_MAX), "0: for ever.")),
            ("tests_days", about(within(0, DAYS_MAX), "0: for ever.")),
        ])
    };
    let rule = row(vec![
        ("output_days", about(nullable(days()), OUTPUT)),
        ("tests_days", about(nullable(days()), TESTS)),
        ("in_force", in_force()),
    ]);
    let gone = row(vec![
        ("source_id", id()),
        ("source", text()),
        ("runs", about(count(), "Runs that lose something.")),
        ("tests", count()),
        ("files", count()),
        (
            "bytes",
            about(count(), "Of output and files, and about 150 for each test."),
        ),
    ]);
    let run = row(vec![
        ("is_pinned", flag()),
        ("has_open_milestone", flag()),
        (
            "is_among_newest",
            about(flag(), "One of the last 50 of its source."),
        ),
        (
            "removed",
            about(
                word(&Removal::ALL.map(Removal::name)),
                "How much of it is gone because of its age.",
            ),
        ),
        ("removed_at", nullable(time())),
        ("in_force", in_force()),
    ]);
    vec![
        (
            "RetentionChange",
            change(vec![
                ("output_days?", about(days(), OUTPUT)),
                ("tests_days?", about(days(), TESTS)),
            ]),
        ),
        ("RetentionRow", only(rule)),
        ("RetentionPreview", only(list(gone))),
        ("RunRetentionChange", body(vec![("is_pinned", flag())])),
        ("RunRetentionRow", only(run)),
    ]
}
