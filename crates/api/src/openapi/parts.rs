//! Parts of automation runs, which the contract does not have.

use super::automation::run_in;
use super::param::sizes;
use super::schema::{
    about, body, count, flag, id, list, nullable, one_of, page, refer, row, said, text, time, within,
};
use super::shared::counters;
use super::{Described, operation};
use crate::automation::parts::{NAME_MAX, PARTS_MAX};
use serde_json::{Value, json};

pub(super) fn operations() -> Vec<Described> {
    vec![
        operation("beginAutomationPart", "Begin a part of a run that several jobs share")
            .notes(
                "The run of the key is found in its source, or made. What earlier attempts of the part sent no longer \
                 counts. A run that was completed within the last 7 days is opened again.",
            )
            .takes(
                "PartIn",
                json!({"run_key": "pipeline-42", "part": "3", "name": "nightly", "source": "web"}),
            )
            .makes("BegunPart")
            .leads_to(&[
                (
                    "appendToAutomationRunThread",
                    "automation_run_thread_id",
                    "/thread_id",
                ),
                (
                    "completeAutomationPart",
                    "automation_run_thread_id",
                    "/thread_id",
                ),
            ]),
        operation(
            "completeAutomationPart",
            "Complete a part, and its run with the last one",
        )
        .takes("CompletePart", json!({"parts": 4}))
        .shows("CompletedPart"),
        operation(
            "getAutomationParts",
            "List the parts of a run with all their attempts",
        )
        .shows("AutomationParts"),
        operation(
            "getReplacedAutomationTestPage",
            "List the tests of an attempt that a later one replaced",
        )
        .params(sizes(100, 1000))
        .shows("ReplacedTestPage"),
    ]
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let mut part = vec![
        (
            "run_key",
            about(said(NAME_MAX), "What all jobs of the run have in common."),
        ),
        ("part", about(said(NAME_MAX), "Unique in the run.")),
        ("thread?", refer("ThreadIn")),
    ];
    part.extend(run_in());
    let parts = about(
        nullable(within(1, PARTS_MAX)),
        "The run is completed when so many parts are.",
    );
    let begun = row(vec![
        ("run_id", id()),
        ("thread_id", about(id(), "Takes the tests of this attempt.")),
        ("attempt", id()),
    ]);
    let completed = row(vec![
        ("run_id", id()),
        ("parts_completed", count()),
        ("is_completed", about(flag(), "Of the run.")),
    ]);
    let mut attempt = vec![
        ("part", text()),
        ("attempt", id()),
        ("thread_id", id()),
        ("is_completed", about(flag(), "Its job sent everything.")),
        ("is_superseded", about(flag(), "A later attempt took its place.")),
        ("elapsed", about(nullable(count()), "Microseconds.")),
        ("created_at", time()),
        ("completed_at", nullable(time())),
        ("superseded_at", nullable(time())),
    ];
    attempt.extend(counters());
    let test = row(vec![
        ("id", id()),
        ("key", text()),
        ("name", text()),
        ("folder", text()),
        (
            "status",
            about(
                one_of(&[1, 2, 3, 4]),
                "1 neutral, 2 success, 3 failure, 4 running.",
            ),
        ),
        ("status_id", id()),
        ("elapsed", nullable(count())),
        ("created_at", time()),
    ]);
    vec![
        ("PartIn", body(part)),
        ("CompletePart", body(vec![("parts?", parts)])),
        ("BegunPart", begun),
        ("CompletedPart", completed),
        ("AutomationAttempt", row(attempt)),
        (
            "AutomationParts",
            row(vec![
                ("run_key", nullable(text())),
                ("result", list(refer("AutomationAttempt"))),
            ]),
        ),
        ("ReplacedTest", test),
        ("ReplacedTestPage", page("ReplacedTest", None)),
    ]
}
