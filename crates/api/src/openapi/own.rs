//! What the contract has not: the audit log and the calling key.

use super::param::{Param, choice, instant, one_id, order, paging, text as text_like};
use super::schema::{
    about, anything, count, flag, id, list, map, nullable, only, page, row, text, time, word,
};
use super::{Group, operation};
use model::Scope;
use serde_json::Value;

pub(super) fn group() -> Group {
    Group {
        name: "Instance",
        about: "The instance itself: its audit log, and what a key may do.",
        operations: vec![
            operation("getAuditPage", "List the audit log, for site admins")
                .params(filters())
                .params(paging())
                .shows("AuditPage"),
            operation("exportAudit", "Save the audit log, for site admins")
                .notes("All rows that are there when it begins, as a file. Cells that a spreadsheet would run begin with an apostrophe.")
                .params(filters())
                .params([choice("format", "With a line of names first, or one object a line.", &["csv", "jsonl"])])
                .sends(&["text/csv; charset=utf-8", "application/jsonl"]),
            operation("getCurrentKey", "Show what the calling key may do")
                .params([one_id("project_id", "Also what it may do in this project.")])
                .shows("CurrentKey"),
            operation("revokeCurrentKey", "Revoke the calling key")
                .notes("At once and for good: this is the last request that it may make."),
        ],
        schemas: schemas(),
    }
}

fn filters() -> Vec<Param> {
    vec![
        one_id("actor_id", "Only what this user did."),
        text_like("action", "Only this action.", "milestone.created"),
        one_id("project_id", "Only what concerns this project."),
        text_like(
            "target_kind",
            "Only what concerns this kind of thing.",
            "milestone",
        ),
        one_id("target_id", "Only what concerns the thing with this id."),
        instant("created_after", "Only what happened after this instant."),
        instant("created_before", "Only what happened before this instant."),
        order(true),
    ]
}

fn schemas() -> Vec<(&'static str, Value)> {
    let entry = row(vec![
        ("id", id()),
        ("action", text()),
        ("actor_id", nullable(id())),
        ("actor_name", text()),
        ("via", text()),
        ("via_id", nullable(id())),
        ("ip", nullable(text())),
        ("request_id", nullable(text())),
        ("project_id", nullable(id())),
        ("target_kind", text()),
        (
            "target_id",
            about(nullable(count()), "0: the instance, or all of the kind."),
        ),
        ("target_name", nullable(text())),
        ("detail", about(anything(), "What changed: before and after.")),
        ("created_at", time()),
    ]);
    let owner = row(vec![
        ("id", id()),
        ("name", text()),
        ("is_api", flag()),
        ("is_admin", flag()),
    ]);
    let actions = list(word(&["view", "edit", "delete", "complete"]));
    let project = row(vec![
        ("id", id()),
        ("rights", about(map(actions), "Actions by area.")),
    ]);
    let scopes = [Scope::Full, Scope::Read, Scope::ResultsWrite, Scope::CasesWrite].map(Scope::name);
    let key = row(vec![
        ("id", id()),
        ("name", text()),
        ("last4", text()),
        ("scope", word(&scopes)),
        (
            "projects",
            about(nullable(list(id())), "Null: all projects of its owner."),
        ),
        ("addresses", nullable(list(text()))),
        ("created_at", time()),
        ("expires_at", nullable(time())),
        ("last_used_at", nullable(time())),
        ("user", owner),
        ("project?", project),
    ]);
    vec![
        ("AuditEntry", entry),
        ("AuditPage", page("AuditEntry", None)),
        ("CurrentKey", only(key)),
    ]
}
