//! Exploratory sessions and their results (contract §2.13, §9).

use super::param::{between, expands as expanding, ids, paging, sort, texts, yes_or_no};
use super::schema::{
    Properties, about, body, count, expands, flag, id, id_or_none, list, list_of, name, nullable, one, only,
    page, refer, row, text, text_of, time, with_custom, within,
};
use super::shared::{ESTIMATE_MAX, counters, made_and_changed};
use super::{Described, Group, operation};
use model::clock::DAY;
use model::text::{LONG_NAME_MAX, NAME_MAX};
use serde_json::{Value, json};

/// Most characters of what was found; as in `app`.
const NOTE_MAX: usize = 10_000;
/// Most tags and issues; as in `app`.
const LIST_MAX: usize = 100;

const EXPANDS: [&str; 8] = [
    "configs",
    "field_values",
    "issues",
    "milestones",
    "states",
    "statuses",
    "templates",
    "users",
];

pub(super) fn group() -> Group {
    Group {
        name: "Sessions",
        about: "Exploratory sessions: somebody looks at one thing for a while and writes down what is found.",
        operations: operations(),
        schemas: [inputs(), rows()].into_iter().flatten().collect(),
    }
}

fn operations() -> Vec<Described> {
    let all = [
        "getSession",
        "updateSession",
        "deleteSession",
        "getSessionResultPage",
        "createSessionResult",
    ];
    vec![
        operation("getSession", "Show a session")
            .params([expanding(&EXPANDS)])
            .shows("SessionRow"),
        operation("getSessionPage", "List the sessions of a project")
            .params([
                ids("assignee_id", "Only sessions of these testers."),
                ids("config_id", "Only sessions with these configurations."),
                ids("created_by", "Only sessions that these users made."),
                ids("milestone_id", "Only sessions of these milestones."),
                ids("state_id", "Only sessions in these states."),
                ids("template_id", "Only sessions of these templates."),
                texts("tags", "Only sessions with one of these tags.", "tour"),
                yes_or_no("is_closed", "Only sessions that are, or are not, closed."),
            ])
            .params(between("closed_after", "closed_before"))
            .params(between("created_after", "created_before"))
            .params(sort(&["sessions:created_at", "sessions:closed_at"], true))
            .params(paging())
            .params([expanding(&EXPANDS)])
            .shows("SessionPage"),
        operation("createSession", "Make a session")
            .takes(
                "NewSession",
                json!({"name": "Money tour", "estimate": 3_600_000_000_i64}),
            )
            .makes("OnlySession")
            .leads_to(&all.map(|o| (o, "session_id", "/result/id"))),
        operation("updateSession", "Change a session")
            .notes("With `version`, only when that is still the current one.")
            .takes("SessionChange", json!({"is_closed": true}))
            .shows("OnlySession"),
        operation("deleteSession", "Delete a session with its results"),
        operation(
            "getSessionResultPage",
            "List the results of a session, newest first",
        )
        .params(paging())
        .shows("SessionResultPage"),
        operation("createSessionResult", "Write a result of a session")
            .notes("The session adds its time. A closed session takes none.")
            .takes(
                "SessionResultIn",
                json!({"status_id": 3, "note": "The total is wrong."}),
            )
            .makes("OnlySessionResult"),
    ]
}

fn optional() -> Properties {
    let none = |what| about(nullable(id_or_none()), what);
    let time = || about(nullable(within(0, ESTIMATE_MAX)), "Microseconds.");
    vec![
        ("template_id?", id()),
        ("state_id?", id()),
        ("config_id?", none("0 and null: none.")),
        ("milestone_id?", none("0 and null: none.")),
        ("assignee_id?", none("0 and null: nobody.")),
        ("estimate?", time()),
        ("elapsed?", time()),
        ("is_started?", flag()),
        ("is_closed?", flag()),
        ("tags?", nullable(list_of(name(NAME_MAX), 0, LIST_MAX))),
        ("issues?", nullable(list_of(refer("IssueIn"), 0, LIST_MAX))),
    ]
}

fn inputs() -> Vec<(&'static str, Value)> {
    let (mut new, mut change) = (optional(), optional());
    new.push(("name", name(LONG_NAME_MAX)));
    change.extend([
        ("name?", name(LONG_NAME_MAX)),
        ("version?", about(id(), "The version that is to be changed.")),
    ]);
    let result = body(vec![
        ("status_id", within(1, 25)),
        ("note?", nullable(text_of(NOTE_MAX))),
        ("elapsed?", about(nullable(within(0, DAY)), "Microseconds.")),
    ]);
    vec![
        ("NewSession", with_custom(body(new))),
        ("SessionChange", with_custom(super::schema::change(change))),
        ("SessionResultIn", result),
    ]
}

fn rows() -> Vec<(&'static str, Value)> {
    let mut session = vec![
        ("id", id()),
        ("project_id", id()),
        ("template_id", id()),
        ("name", text()),
        ("config_id", nullable(id())),
        ("milestone_id", nullable(id())),
        ("state_id", id()),
        ("assignee_id", nullable(id())),
        ("estimate", about(nullable(count()), "Microseconds.")),
        ("forecast", nullable(count())),
        ("elapsed", about(nullable(count()), "Microseconds.")),
        ("is_started", flag()),
        ("is_closed", flag()),
        ("issues", list(id())),
        ("tags", list(text())),
        ("started_at", nullable(time())),
        ("closed_at", nullable(time())),
        ("closed_by", nullable(id())),
        ("version", id()),
    ];
    session.extend(counters());
    session.extend(made_and_changed());
    let value = row(vec![
        ("id", id()),
        ("name", text()),
        ("icon", nullable(text())),
        ("color", nullable(text())),
    ]);
    let result = row(vec![
        ("id", id()),
        ("session_id", id()),
        ("status_id", within(1, 25)),
        ("note", nullable(text())),
        ("elapsed", nullable(count())),
        ("created_at", time()),
        ("created_by", nullable(id())),
    ]);
    vec![
        ("Session", with_custom(row(session))),
        ("FieldValue", value),
        (
            "SessionExpands",
            expands(&[
                ("configs", "Named"),
                ("field_values", "FieldValue"),
                ("issues", "Issue"),
                ("milestones", "Named"),
                ("states", "Choice"),
                ("statuses", "Status"),
                ("templates", "Choice"),
                ("users", "Named"),
            ]),
        ),
        ("SessionRow", one("Session", "SessionExpands")),
        ("SessionPage", page("Session", Some("SessionExpands"))),
        ("OnlySession", only(refer("Session"))),
        ("SessionResult", result),
        ("SessionResultPage", page("SessionResult", None)),
        ("OnlySessionResult", only(refer("SessionResult"))),
    ]
}
