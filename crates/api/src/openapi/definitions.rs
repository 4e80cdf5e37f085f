//! What the instance defines for all projects: result statuses, workflow states, custom fields, templates.

use super::param::entity;
use super::schema::{
    Properties, about, anything, body, change, color, count, flag, id, list, list_of, name, nullable, only,
    refer, row, text, text_of, within, word,
};
use super::shared::version;
use super::{Described, Group, operation};
use app::definitions::{fields, states, templates};
use model::text::NAME_MAX;
use model::{Entity, FieldType};
use serde_json::{Value, json};

/// Most aliases of a status, and characters of one; as in `app`.
const ALIASES_MAX: usize = 50;
/// Most fields of a template; as in `app`.
const FIELDS_MAX: usize = 100;
/// Most options of a field; as in `app`.
const OPTIONS_MAX: usize = 500;
/// Most characters of a note; as in `app`.
const NOTE_MAX: usize = 1000;
/// Most projects that a body names: all that there may be.
const PROJECTS_MAX: usize = 100_000;

pub(super) fn group() -> Group {
    let all = [of_statuses(), of_states(), of_fields(), of_templates()];
    Group {
        name: "Definitions",
        about: "Statuses, states, custom fields and templates of all projects, for administrators.",
        operations: all.into_iter().flatten().collect(),
        schemas: [status(), state(), field(), template(), orders()]
            .into_iter()
            .flatten()
            .collect(),
    }
}

const ORDERED: &str = "`ids` names all of them, each once.";
const KEPT: &str = "What is in use, and what every instance starts with, is not deleted: archive it instead.";

fn of_statuses() -> Vec<Described> {
    let made = json!({"name": "Known issue", "is_failed": true, "aliases": ["xfail"]});
    vec![
        operation("getAdminStatuses", "List result statuses with their versions").shows("AdminStatuses"),
        operation("createStatus", "Make a result status")
            .notes("There are up to 25.")
            .takes("StatusIn", made)
            .makes("AdminStatusRow")
            .leads_to(&[
                ("getAdminStatus", "status_id", "/result/id"),
                ("deleteStatus", "status_id", "/result/id"),
            ]),
        operation("orderStatuses", "Put result statuses in order")
            .notes(ORDERED)
            .takes("OrderIn", json!({"ids": [1, 2, 3, 4, 5, 6]}))
            .shows("AdminStatuses"),
        operation("getAdminStatus", "Show a result status").shows("AdminStatusRow"),
        operation("updateStatus", "Change a result status")
            .notes("What the six that every instance starts with count as stays.")
            .takes("StatusChange", json!({"color": "#259a5b"}))
            .shows("AdminStatusRow"),
        operation("deleteStatus", "Delete a result status that nothing has"),
    ]
}

fn of_states() -> Vec<Described> {
    vec![
        operation("getAdminStates", "List workflow states")
            .params([entity(&states::ENTITIES)])
            .shows("AdminStates"),
        operation("createState", "Make a workflow state")
            .takes("StateIn", json!({"entity": "run", "name": "On hold"}))
            .makes("AdminStateRow")
            .leads_to(&[
                ("getAdminState", "state_id", "/result/id"),
                ("deleteState", "state_id", "/result/id"),
            ]),
        operation("orderStates", "Put the workflow states of an entity in order")
            .notes(ORDERED)
            .takes("StateOrder", json!({"entity": "session", "ids": [1, 2]}))
            .shows("AdminStates"),
        operation("getAdminState", "Show a workflow state").shows("AdminStateRow"),
        operation("updateState", "Change a workflow state")
            .takes("StateChange", json!({"name": "Ready"}))
            .shows("AdminStateRow"),
        operation("deleteState", "Delete a workflow state that nothing has").notes(KEPT),
    ]
}

fn of_fields() -> Vec<Described> {
    let made = json!({"entity": "repository_case", "type": 8, "name": "Risk", "options": [{"value": "High"}, {"value": "Low"}]});
    vec![
        operation("getAdminFields", "List custom fields")
            .params([entity(&fields::ENTITIES)])
            .shows("AdminFields"),
        operation("createField", "Make a custom field")
            .notes("Templates show it once they name it.")
            .takes("FieldIn", made)
            .makes("AdminFieldRow")
            .leads_to(&[
                ("getAdminField", "field_id", "/result/id"),
                ("deleteField", "field_id", "/result/id"),
            ]),
        operation("orderFields", "Put the custom fields of an entity in order")
            .notes(ORDERED)
            .takes("FieldOrder", json!({"entity": "session", "ids": [1, 2]}))
            .shows("AdminFields"),
        operation("getAdminField", "Show a custom field").shows("AdminFieldRow"),
        operation("updateField", "Change a custom field")
            .notes("`options` are the whole list in its order; those without an id are new.")
            .takes("FieldChange", json!({"note": "How bad it would be"}))
            .shows("AdminFieldRow"),
        operation("deleteField", "Delete a custom field that nothing has a value of").notes(KEPT),
    ]
}

fn of_templates() -> Vec<Described> {
    vec![
        operation("getAdminTemplates", "List templates")
            .params([entity(&templates::ENTITIES)])
            .shows("AdminTemplates"),
        operation("createTemplate", "Make a template")
            .takes(
                "TemplateIn",
                json!({"entity": "repository_case", "name": "Checklist"}),
            )
            .makes("AdminTemplateRow")
            .leads_to(&[
                ("getAdminTemplate", "template_id", "/result/id"),
                ("deleteTemplate", "template_id", "/result/id"),
            ]),
        operation("orderTemplates", "Put the templates of an entity in order")
            .notes(ORDERED)
            .takes("TemplateOrder", json!({"entity": "session", "ids": [1]}))
            .shows("AdminTemplates"),
        operation("getAdminTemplate", "Show a template").shows("AdminTemplateRow"),
        operation("updateTemplate", "Change a template")
            .takes("TemplateChange", json!({"name": "Steps in detail"}))
            .shows("AdminTemplateRow"),
        operation("deleteTemplate", "Delete a template that nothing has").notes(KEPT),
    ]
}

/// The name of something: it must have one when it is made.
fn named(is_new: bool) -> (&'static str, Value) {
    (if is_new { "name" } else { "name?" }, name(NAME_MAX))
}

fn words(entities: &[Entity]) -> Value {
    word(&entities.iter().map(|e| e.name()).collect::<Vec<_>>())
}

fn system_name() -> Value {
    let schema = json!({"type": "string", "pattern": r"^\s*[a-z][a-z0-9_]{0,49}\s*$"});
    about(schema, "As programs see it; from the name unless given.")
}

fn status() -> Vec<(&'static str, Value)> {
    let fields = |is_new: bool| -> Properties {
        vec![
            named(is_new),
            ("color?", color()),
            ("is_final?", flag()),
            ("is_passed?", flag()),
            ("is_failed?", flag()),
            (
                "aliases?",
                about(
                    list_of(name(ALIASES_MAX), 0, ALIASES_MAX),
                    "What automation may send for it.",
                ),
            ),
        ]
    };
    let mut made = fields(true);
    made.push(("system_name?", system_name()));
    let shown = row(vec![
        ("id", within(1, 25)),
        ("name", text()),
        ("system_name", text()),
        ("color", text()),
        ("is_final", flag()),
        ("is_untested", flag()),
        ("is_passed", flag()),
        ("is_failed", flag()),
        ("aliases", list(text())),
        ("is_built_in", flag()),
        ("version", within(1, i64::MAX)),
    ]);
    vec![
        ("AdminStatus", shown),
        ("AdminStatusRow", only(refer("AdminStatus"))),
        ("AdminStatuses", only(list(refer("AdminStatus")))),
        ("StatusIn", body(made)),
        ("StatusChange", change(version(fields(false)))),
    ]
}

/// What states, fields and templates have in common.
fn shown(entities: &[Entity], more: Properties) -> Value {
    let mut properties = vec![
        ("id", id()),
        ("entity", words(entities)),
        ("name", text()),
        ("is_active", flag()),
        ("is_built_in", flag()),
        ("display_order", count()),
        ("version", within(1, i64::MAX)),
    ];
    properties.extend(more);
    row(properties)
}

fn state() -> Vec<(&'static str, Value)> {
    let fields = |is_new: bool| -> Properties {
        vec![
            named(is_new),
            ("is_default?", flag()),
            ("is_active?", flag()),
            (
                "in_runs?",
                about(
                    flag(),
                    "Cases that have it may be put into new runs. Only for cases.",
                ),
            ),
            (
                "is_review?",
                about(flag(), "Cases that have it wait for a review. Only for cases."),
            ),
            (
                "needs_review?",
                about(flag(), "Cases get it by a review only. Only for cases."),
            ),
        ]
    };
    let mut made = fields(true);
    made.push(("entity", words(&states::ENTITIES)));
    let flags = vec![
        ("is_default", flag()),
        ("in_runs", flag()),
        ("is_review", flag()),
        ("needs_review", flag()),
    ];
    vec![
        ("AdminState", shown(&states::ENTITIES, flags)),
        ("AdminStateRow", only(refer("AdminState"))),
        ("AdminStates", only(list(refer("AdminState")))),
        ("StateIn", body(made)),
        ("StateChange", change(version(fields(false)))),
    ]
}

fn field() -> Vec<(&'static str, Value)> {
    let option = body(vec![
        ("id?", about(id(), "None for a new one.")),
        ("value", name(NAME_MAX)),
        ("color?", color()),
        ("is_active?", flag()),
        ("project_id?", about(id(), "Only there.")),
    ]);
    let project = body(vec![
        ("project_id", id()),
        ("is_required?", flag()),
        ("is_restricted?", flag()),
        ("default_value?", refer("CustomValue")),
    ]);
    let changed = |is_new: bool| -> Properties {
        vec![
            named(is_new),
            ("note?", text_of(NOTE_MAX)),
            ("is_active?", flag()),
            ("is_compact?", flag()),
            ("include_all?", flag()),
            ("is_required?", flag()),
            ("is_restricted?", flag()),
            ("default_value?", refer("CustomValue")),
            ("options?", list_of(option.clone(), 0, OPTIONS_MAX)),
            ("projects?", list_of(project.clone(), 0, PROJECTS_MAX)),
        ]
    };
    let types = || {
        let last = i64::try_from(FieldType::ALL.len()).unwrap_or(i64::MAX);
        about(within(1, last), "See `type` of the fields of a project.")
    };
    let mut made = changed(true);
    made.extend([
        ("entity", words(&fields::ENTITIES)),
        ("type", types()),
        ("system_name?", system_name()),
    ]);
    let option_row = row(vec![
        ("id", id()),
        ("value", text()),
        ("color", nullable(text())),
        ("is_active", flag()),
        ("project_id", nullable(id())),
    ]);
    let project_row = row(vec![
        ("project_id", id()),
        ("is_required", flag()),
        ("is_restricted", flag()),
        ("default_value", anything()),
    ]);
    let more = vec![
        ("type", types()),
        ("system_name", text()),
        ("note", nullable(text())),
        ("is_compact", flag()),
        ("include_all", flag()),
        ("is_required", flag()),
        ("is_restricted", flag()),
        ("default_value", anything()),
        ("options", list(option_row)),
        ("projects", list(project_row)),
    ];
    vec![
        ("AdminField", shown(&fields::ENTITIES, more)),
        ("AdminFieldRow", only(refer("AdminField"))),
        ("AdminFields", only(list(refer("AdminField")))),
        ("FieldIn", body(made)),
        ("FieldChange", change(version(changed(false)))),
    ]
}

fn template() -> Vec<(&'static str, Value)> {
    let changed = |is_new: bool| -> Properties {
        vec![
            named(is_new),
            ("is_default?", flag()),
            ("is_active?", flag()),
            ("include_all?", flag()),
            ("fields?", list_of(id(), 0, FIELDS_MAX)),
            ("projects?", list_of(id(), 0, PROJECTS_MAX)),
        ]
    };
    let mut made = changed(true);
    made.push(("entity", words(&templates::ENTITIES)));
    let more = vec![
        ("is_default", flag()),
        ("include_all", flag()),
        ("fields", list(id())),
        ("projects", list(id())),
    ];
    vec![
        ("AdminTemplate", shown(&templates::ENTITIES, more)),
        ("AdminTemplateRow", only(refer("AdminTemplate"))),
        ("AdminTemplates", only(list(refer("AdminTemplate")))),
        ("TemplateIn", body(made)),
        ("TemplateChange", change(version(changed(false)))),
    ]
}

fn orders() -> Vec<(&'static str, Value)> {
    let ids = || ("ids", list_of(id(), 1, 100));
    let of = |entities: &[Entity]| body(vec![("entity", words(entities)), ids()]);
    vec![
        ("OrderIn", body(vec![ids()])),
        ("StateOrder", of(&states::ENTITIES)),
        ("FieldOrder", of(&fields::ENTITIES)),
        ("TemplateOrder", of(&templates::ENTITIES)),
    ]
}
