//! Shared steps: our own addition.

use super::schema::{body, change, count, id, list, list_of, name, nullable, only, refer, row, text, within};
use super::shared::{made_and_changed, version};
use super::{Described, Group, operation};
use model::text::NAME_MAX;
use serde_json::{Value, json};

/// Most steps; as in `app`.
const STEPS_MAX: usize = 1000;

pub(super) fn group() -> Group {
    Group {
        name: "Shared steps",
        about: "Steps that many cases share. Changed once, they change in all cases that have them.",
        operations: operations(),
        schemas: schemas(),
    }
}

fn operations() -> Vec<Described> {
    let steps = json!([{"text1": "Open the page"}, {"text1": "Sign in", "text3": "The dashboard opens"}]);
    vec![
        operation("getSharedStepsOfProject", "List the shared steps of a project").shows("SharedStepsList"),
        operation("createSharedSteps", "Make shared steps")
            .takes("SharedStepsIn", json!({"name": "Sign in", "steps": steps}))
            .makes("SharedStepsRow")
            .leads_to(
                &["getSharedSteps", "updateSharedSteps", "deleteSharedSteps"]
                    .map(|o| (o, "shared_steps_id", "/result/id")),
            ),
        operation("getSharedSteps", "Show shared steps").shows("SharedStepsRow"),
        operation("updateSharedSteps", "Change shared steps")
            .notes("All cases that have them get a new version with the new text. Runs keep the text that was tested.")
            .takes("SharedStepsChange", json!({"steps": steps, "version": 1}))
            .shows("SharedStepsRow"),
        operation("deleteSharedSteps", "Delete shared steps").notes("Cases keep them as steps of their own."),
    ]
}

fn schemas() -> Vec<(&'static str, Value)> {
    let texts = ["text1", "text2", "text3", "text4"];
    let given = body(
        ["text1?", "text2?", "text3?", "text4?"]
            .map(|n| (n, nullable(text())))
            .into(),
    );
    let shown = row(texts.map(|n| (n, nullable(text()))).into());
    let steps = || list_of(given.clone(), 1, STEPS_MAX);
    let mut all = vec![
        ("id", id()),
        ("project_id", id()),
        ("name", text()),
        ("steps", list(shown)),
        ("case_count", count()),
        ("version", within(1, i64::MAX)),
    ];
    all.extend(made_and_changed());
    vec![
        (
            "SharedStepsIn",
            body(vec![("name", name(NAME_MAX)), ("steps", steps())]),
        ),
        (
            "SharedStepsChange",
            change(version(vec![("name?", name(NAME_MAX)), ("steps?", steps())])),
        ),
        ("SharedSteps", row(all)),
        ("SharedStepsRow", only(refer("SharedSteps"))),
        ("SharedStepsList", only(list(refer("SharedSteps")))),
    ]
}
