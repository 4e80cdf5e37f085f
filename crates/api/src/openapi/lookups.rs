//! What cases, runs and sessions of a project may refer to (contract §9), and trackers (contract §2.3).

use super::param::{entity, ids, ids_of, paging, sort, text as text_like, yes_or_no};
use super::schema::{
    about, count, flag, id, list, nullable, one_of, only, page_with, refer, row, text, time, within, word,
};
use super::{Described, Group, operation};
use model::{Entity, FieldType};
use serde_json::Value;

pub(super) fn group() -> Group {
    Group {
        name: "Look-ups",
        about: "Lists that a client keeps: configurations, fields, states, statuses, tags, templates, trackers. Not paged, \
                but for trackers.",
        operations: operations(),
        schemas: schemas(),
    }
}

fn operations() -> Vec<Described> {
    vec![
        operation("getConfigs", "List the configurations of a project").shows("Names"),
        operation("getFields", "List the custom fields of a project")
            .params([entity(&[Entity::Case, Entity::Session, Entity::RunResult])])
            .shows("Fields"),
        operation("getRepos", "List the repositories of a project, which is one").shows("Names"),
        operation("getStates", "List the workflow states of a project")
            .params([entity(&[Entity::Case, Entity::Run, Entity::Session])])
            .shows("States"),
        operation("getStatuses", "List the result statuses").shows("Statuses"),
        operation("getTags", "List the tags of a project").shows("Names"),
        operation("getTemplates", "List the templates of a project")
            .notes("Those of cases unless another entity is named.")
            .params([entity(&[Entity::Case, Entity::Session])])
            .shows("Templates"),
        connections(),
    ]
}

fn connections() -> Described {
    let keys = [
        "integration_name",
        "integration_id",
        "connection_id",
        "connection_name",
        "connection_project_id",
        "connection_project_name",
        "integration_type",
        "is_active",
        "created_at",
        "updated_at",
    ];
    let keys = keys.map(|key| format!("connections:{key}"));
    operation(
        "getConnectionsPage",
        "List trackers with their connections and projects",
    )
    .params([
        ids("integration_id", "Only these trackers."),
        text_like(
            "integration_name",
            "Only trackers whose name contains this.",
            "Jira",
        ),
        ids("connection_id", "Only these connections."),
        text_like(
            "connection_name",
            "Only connections whose name contains this.",
            "Cloud",
        ),
        ids("connection_project_id", "Only these projects of trackers."),
        text_like(
            "connection_project_name",
            "Only projects whose name contains this.",
            "Web",
        ),
        ids_of(
            "integration_type",
            "Only trackers of these types: 1 other, 2 GitHub, 3 GitLab, 4 Jira.",
            &[1, 2, 3, 4],
        ),
        yes_or_no("is_active", "Only trackers that are, or are not, in use."),
    ])
    .params(sort(&keys.each_ref().map(String::as_str), false))
    .params(paging())
    .shows("ConnectionPage")
}

fn schemas() -> Vec<(&'static str, Value)> {
    let kind = || {
        about(
            within(1, 10),
            "1 line, 2 text, 3 whole number, 4 number, 5 checkbox, 6 day, 7 link, 8 one of several, \
        9 some of several, 10 steps.",
        )
    };
    debug_assert_eq!(FieldType::ALL.len(), 10, "the types that are named here");
    let entities = Entity::ALL.map(Entity::name);
    let option = row(vec![
        ("id", id()),
        ("value", text()),
        ("name", text()),
        ("color", nullable(text())),
    ]);
    let field = row(vec![
        ("id", id()),
        ("entity", word(&entities)),
        ("type", kind()),
        ("name", text()),
        (
            "column_name",
            about(
                text(),
                "Its name in bodies and rows: `custom_` and the system name.",
            ),
        ),
        ("system_name", text()),
        ("note", nullable(text())),
        ("is_active", flag()),
        ("is_compact", flag()),
        ("is_multi", flag()),
        ("is_required", flag()),
        ("is_restricted", flag()),
        ("include_all", flag()),
        ("display_order", count()),
        ("options", list(refer("FieldOption"))),
    ]);
    let template_field = row(vec![
        ("id", id()),
        ("name", text()),
        ("system_name", text()),
        ("type", kind()),
        ("is_required", flag()),
        ("options?", list(refer("FieldOption"))),
    ]);
    let template = row(vec![
        ("id", id()),
        ("name", text()),
        ("is_default", flag()),
        ("fields", list(template_field)),
    ]);
    let state = row(vec![
        ("id", id()),
        ("name", text()),
        ("is_default", flag()),
        ("entity", word(&entities)),
    ]);
    vec![
        ("Names", only(list(refer("Named")))),
        ("FieldOption", option),
        ("Fields", only(list(field))),
        ("Templates", only(list(template))),
        ("States", only(list(state))),
        ("Statuses", only(list(refer("Status")))),
        ("Connection", connection()),
        (
            "ConnectionPage",
            page_with("Connection", None, vec![("message?", text())]),
        ),
    ]
}

fn connection() -> Value {
    row(vec![
        ("integration_id", id()),
        ("integration_type", one_of(&[1, 2, 3, 4])),
        ("integration_name", text()),
        ("connection_id", nullable(id())),
        ("connection_name", nullable(text())),
        ("connection_project_id", nullable(id())),
        ("connection_project_name", nullable(text())),
        ("is_active", flag()),
        ("created_at", time()),
        ("updated_at", nullable(time())),
    ])
}
