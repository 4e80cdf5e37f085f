//! Notifications of the caller: our own addition.

use super::param::{paging, yes_or_no};
use super::schema::{about, count, id, nullable, only, page, refer, row, text, time, word};
use super::{Group, operation};
use model::NoticeKind;
use serde_json::Value;

pub(super) fn group() -> Group {
    Group {
        name: "Notifications",
        about: "What the owner of the key is told about what others do. API users are told nothing.",
        operations: vec![
            operation("getNotificationPage", "List one's notifications, newest first")
                .notes("What the caller may no longer see is left out. Those that were read are removed 30 days later.")
                .params([yes_or_no("unread", "Only those that were not read.")])
                .params(paging())
                .shows("NotificationPage"),
            operation("readNotification", "Mark a notification as read")
                .notes("Needs a key of scope full.")
                .shows("NotificationRow"),
            operation("readNotifications", "Mark all of one's notifications as read")
                .notes("Needs a key of scope full."),
        ],
        schemas: schemas(),
    }
}

fn schemas() -> Vec<(&'static str, Value)> {
    let notification = row(vec![
        ("id", id()),
        ("kind", word(&NoticeKind::ALL.map(NoticeKind::name))),
        ("project_id", nullable(id())),
        (
            "target_kind",
            about(nullable(text()), "What it is about: case, run or project."),
        ),
        ("target_id", nullable(id())),
        (
            "part_id",
            about(nullable(id()), "The test of the run, when it is about one."),
        ),
        (
            "count",
            about(count(), "How many things, such as tests that were assigned."),
        ),
        ("title", text()),
        ("actor_id", nullable(id())),
        ("actor_name", nullable(text())),
        ("created_at", time()),
        ("read_at", nullable(time())),
    ]);
    vec![
        ("Notification", notification),
        ("NotificationRow", only(refer("Notification"))),
        ("NotificationPage", page("Notification", None)),
    ]
}
