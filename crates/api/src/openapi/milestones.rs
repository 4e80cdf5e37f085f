//! Milestones (contract §2.6, §9).

use super::param::{between, expands as expanding, ids, paging, sort, texts, yes_or_no};
use super::schema::{
    Properties, about, body, day, day_or_blank, expands, flag, id, id_or_none, list, list_of, name, nullable,
    one, only, page, refer, row, text, text_of, time,
};
use super::shared::{counters, made_and_changed};
use super::{Described, Group, operation};
use model::text::LONG_NAME_MAX;
use serde_json::{Value, json};

/// Most characters of a note; as in `app`.
const NOTE_MAX: usize = 1000;
/// Most tags and links; as in `app`.
const LIST_MAX: usize = 100;

const EXPANDS: [&str; 6] = [
    "issues",
    "milestone_stats",
    "milestone_types",
    "milestones",
    "statuses",
    "users",
];

pub(super) fn group() -> Group {
    Group {
        name: "Milestones",
        about: "Milestones: a tree with types and dates. Their automation tags link runs by themselves.",
        operations: operations(),
        schemas: schemas(),
    }
}

fn operations() -> Vec<Described> {
    let keys = ["milestones:created_at", "milestones:completed_at"];
    vec![
        operation("getMilestone", "Show a milestone")
            .params([expanding(&EXPANDS)])
            .shows("MilestoneRow"),
        operation("getMilestonePage", "List the milestones of a project")
            .params([
                texts(
                    "automation_tags",
                    "Only milestones with one of these automation tags.",
                    "rc",
                ),
                ids("created_by", "Only milestones that these users made."),
                yes_or_no("is_completed", "Only milestones that are, or are not, completed."),
                ids("parent_id", "Only milestones right below these."),
                ids("root_id", "Only milestones anywhere below these."),
                ids("type_id", "Only milestones of these types."),
            ])
            .params(between("completed_after", "completed_before"))
            .params(between("created_after", "created_before"))
            .params(sort(&keys, true))
            .params(paging())
            .params([expanding(&EXPANDS)])
            .shows("MilestonePage"),
        operation("createMilestone", "Make a milestone")
            .takes(
                "MilestoneIn",
                json!({"name": "2.0", "due_date": "2026-12-01", "automation_tags": ["rc"]}),
            )
            .makes("OnlyMilestone")
            .leads_to(
                &["getMilestone", "updateMilestone", "deleteMilestone"]
                    .map(|o| (o, "milestone_id", "/result/id")),
            ),
        operation("updateMilestone", "Change a milestone")
            .takes("MilestoneChange", json!({"is_completed": true}))
            .shows("OnlyMilestone"),
        operation("deleteMilestone", "Delete a milestone")
            .notes("What lies below it moves up; its runs stay, without a milestone."),
        operation("getMilestoneTypes", "List the types of milestones").shows("MilestoneTypes"),
    ]
}

fn optional() -> Properties {
    vec![
        ("note?", nullable(text_of(NOTE_MAX))),
        ("type_id?", id()),
        ("parent_id?", about(nullable(id_or_none()), "0 and null: none.")),
        ("is_started?", flag()),
        ("is_completed?", flag()),
        ("start_date?", day_or_blank()),
        ("due_date?", day_or_blank()),
        ("automation_tags?", nullable(list_of(name(255), 0, LIST_MAX))),
        ("links?", nullable(list_of(refer("LinkIn"), 0, LIST_MAX))),
        ("issues?", nullable(list_of(refer("IssueIn"), 0, LIST_MAX))),
    ]
}

fn schemas() -> Vec<(&'static str, Value)> {
    let (mut new, mut change) = (optional(), optional());
    new.push(("name", name(LONG_NAME_MAX)));
    change.push(("name?", name(LONG_NAME_MAX)));
    let mut milestone = vec![
        ("id", id()),
        ("project_id", id()),
        ("root_id", nullable(id())),
        ("parent_id", nullable(id())),
        ("type_id", id()),
        ("name", text()),
        ("note", nullable(text())),
        ("is_started", flag()),
        ("is_completed", flag()),
        ("start_date", nullable(day())),
        ("due_date", nullable(day())),
        ("automation_tags", list(text())),
        ("issues", list(id())),
        ("links", list(refer("Link"))),
        ("started_at", nullable(time())),
        ("completed_at", nullable(time())),
    ];
    milestone.extend(made_and_changed());
    let mut stats = vec![("id", id())];
    stats.extend(counters());
    vec![
        ("MilestoneIn", body(new)),
        ("MilestoneChange", super::schema::change(change)),
        ("Milestone", row(milestone)),
        ("OnlyMilestone", only(refer("Milestone"))),
        ("MilestoneStats", row(stats)),
        (
            "MilestoneExpands",
            expands(&[
                ("issues", "Issue"),
                ("milestone_stats", "MilestoneStats"),
                ("milestone_types", "Choice"),
                ("milestones", "Named"),
                ("statuses", "Status"),
                ("users", "Named"),
            ]),
        ),
        ("MilestoneRow", one("Milestone", "MilestoneExpands")),
        ("MilestonePage", page("Milestone", Some("MilestoneExpands"))),
        ("MilestoneTypes", only(list(refer("Choice")))),
    ]
}
