//! Schemas that several groups use.

use super::schema::{Properties, body};
use super::schema::{
    about, count, expands, flag, id, list, map, name, nullable, one_of, row, text, text_of, within,
};
use model::automation::NOTE_MAX;
use model::text::LONG_NAME_MAX;
use serde_json::Value;

/// Most microseconds of an estimate; as in `app`.
pub(super) const ESTIMATE_MAX: i64 = 10 * 366 * model::clock::DAY;

/// Who made and changed a row, and when.
pub(super) fn made_and_changed() -> Properties {
    use super::schema::time;
    vec![
        ("created_at", time()),
        ("created_by", nullable(id())),
        ("updated_at", nullable(time())),
        ("updated_by", nullable(id())),
    ]
}

/// What a change has beside the fields: the version that it is based on.
pub(super) fn version(mut fields: Properties) -> Properties {
    let words = "The version that the change is based on; another one than the current one is a 409.";
    fields.push(("version?", about(within(1, i64::MAX), words)));
    fields
}

/// The counters of results (contract §4.2).
pub(super) fn counters() -> Properties {
    const STATUSES: [&str; 24] = crate::envelope::STATUS_COUNTS;
    let mut counters = vec![("untested_count", count())];
    counters.extend(STATUSES.map(|name| (name, count())));
    counters.extend(
        ["success_count", "failure_count", "completed_count", "total_count"].map(|name| (name, count())),
    );
    counters
}

/// Something by id and name.
fn named() -> Value {
    row(vec![("id", id()), ("name", text())])
}

fn error() -> Value {
    row(vec![
        (
            "message",
            about(text(), "For people: what is wrong and what to do."),
        ),
        (
            "errors?",
            about(
                map(list(text())),
                "Wrong fields by dotted name, such as `tests.0.status`.",
            ),
        ),
        ("code", about(text(), "For programs; it never changes.")),
        ("request_id?", about(text(), "Also in the log of the server.")),
    ])
}

/// An issue, in bodies: its id, or what the tracker calls it.
fn issue_in() -> Value {
    let named = body(vec![
        ("display_id", name(255)),
        ("integration_id", id()),
        ("connection_project_id?", nullable(id())),
    ]);
    serde_json::json!({ "anyOf": [id(), named] })
}

/// A value of a custom field (contract §4.5): text, number, flag, option ids or steps.
fn custom_value() -> Value {
    let step = body(vec![
        ("text1?", nullable(text())),
        ("text2?", nullable(text())),
        ("text3?", nullable(text())),
        ("text4?", nullable(text())),
        (
            "shared_steps_id?",
            about(
                nullable(id()),
                "Only in cases: this step stands for the shared steps with this id.",
            ),
        ),
    ]);
    serde_json::json!({"anyOf": [
        {"type": ["string", "number", "boolean", "null"]},
        {"type": "array", "maxItems": 1000, "items": {"anyOf": [id(), step]}},
    ], "description": "What the type of the field takes: see the fields of the project."})
}

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let choice = || row(vec![("id", id()), ("name", text()), ("is_default", flag())]);
    vec![
        ("Error", error()),
        ("Named", named()),
        ("Choice", choice()),
        ("Created", row(vec![("id", id())])),
        ("IdsIn", body(vec![("ids", super::schema::list_of(id(), 1, 100))])),
        ("IssueIn", issue_in()),
        (
            "LinkIn",
            body(vec![
                ("name", name(LONG_NAME_MAX)),
                ("note?", nullable(text_of(NOTE_MAX))),
                ("url", name(2000)),
            ]),
        ),
        (
            "Link",
            row(vec![
                ("name", text()),
                ("note", nullable(text())),
                ("url", text()),
            ]),
        ),
        ("CustomValue", custom_value()),
        (
            "Issue",
            row(vec![
                ("id", id()),
                ("type", one_of(&[1, 2, 3, 4])),
                ("display_id", text()),
                ("external_project_id", nullable(id())),
                ("external_project_key", nullable(text())),
            ]),
        ),
        (
            "Status",
            row(vec![
                ("id", within(1, 25)),
                ("name", text()),
                ("system_name", text()),
                ("color", text()),
                ("is_final", flag()),
                ("is_untested", flag()),
                ("is_passed", flag()),
                ("is_failed", flag()),
                ("aliases", list(text())),
            ]),
        ),
        ("UserExpands", expands(&[("users", "Named")])),
    ]
}
