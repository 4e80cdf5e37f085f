//! The description can't lie: it names every operation, every parameter that a handler asks for, and all of the contract.

use super::{Described, document, groups};
use crate::context::Cx;
use crate::params::asked;
use crate::table::table;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::Path;
use testkit::app::TestApp;

const CONTRACT: &str = include_str!("../../tests/contract/testmo-api-v1.json");

fn described() -> Vec<Described> {
    groups().into_iter().flat_map(|group| group.operations).collect()
}

#[test]
fn every_operation_is_described() {
    let table: BTreeSet<&str> = table().iter().map(|o| o.name).collect();
    let all = described();
    let known: BTreeSet<&str> = all.iter().map(|d| d.name).collect();
    for name in &table {
        assert!(
            known.contains(name),
            "operation {name} is not described: add it to a file of crates/api/src/openapi/ (a new resource gets a file of \
             its own, listed in `groups` of mod.rs), then run `INSTA_UPDATE=always cargo nextest run -p api --lib openapi`"
        );
    }
    for name in &known {
        assert!(
            table.contains(name),
            "{name} is described in crates/api/src/openapi/ and is no operation of table.rs"
        );
    }
    assert_eq!(all.len(), known.len(), "an operation is described twice");
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the variable by which all reviewed files are made anew"
)]
fn the_checked_in_document_is_fresh() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let made = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
    if std::env::var("INSTA_UPDATE").is_ok_and(|how| how == "always") {
        std::fs::write(&file, &made).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).unwrap_or_default() == made,
        "docs/openapi.json is not fresh: run `INSTA_UPDATE=always cargo nextest run -p api --lib openapi` and read what changed"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    for reference in &found {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for part in ["schemas", "responses", "parameters"] {
        for name in document["components"][part].as_object().unwrap().keys() {
            assert!(
                found.contains(&format!("#/components/{part}/{name}")),
                "nobody uses the component {name}"
            );
        }
    }
    let all = table();
    for d in described() {
        for (to, parameter, _) in &d.links {
            let to = all.iter().find(|o| o.name == *to).unwrap();
            assert!(to.path.contains(parameter), "{} has no {parameter}", to.name);
        }
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(all) => {
            found.extend(all.get("$ref").and_then(Value::as_str).map(str::to_owned));
            all.values().for_each(|v| references(v, found));
        }
        Value::Array(all) => all.iter().for_each(|v| references(v, found)),
        _ => {}
    }
}

#[tokio::test]
async fn handlers_ask_for_exactly_the_parameters_that_are_described() {
    let test = TestApp::new().await;
    let (_, key) = test.admin().await;
    let origin = app::Request::default();
    let actor = app::keys::authenticate(&test.app, &key, &origin).await.unwrap();
    let all = described();
    for operation in table() {
        asked::take();
        // It fails when there is no such object, which is after it asked for its parameters.
        let _ = (operation.work)(Cx::bare(test.app.clone(), actor.clone())).await;
        let mut asked = asked::take();
        // A handler that takes no expand asks for none, so that it refuses them.
        asked.remove(&("expands".to_owned(), "expands []".to_owned()));
        let d = all.iter().find(|d| d.name == operation.name).unwrap();
        let told: BTreeSet<_> = d
            .params
            .iter()
            .map(|p| (p.name.to_owned(), p.kind.clone()))
            .collect();
        assert_eq!(asked, told, "{}: asked for, and described", operation.name);
        assert_eq!(told.len(), d.params.len(), "{}: described twice", operation.name);
    }
}

/// The contract beside our document.
struct Both {
    models: Map<String, Value>,
    ours: Value,
    wrong: Vec<String>,
}

impl Both {
    /// Our schema behind references and beside null.
    fn bare<'a>(&'a self, schema: &'a Value) -> &'a Value {
        if let Some(reference) = schema["$ref"].as_str() {
            let found = self.ours.pointer(reference.trim_start_matches('#'));
            return self.bare(found.unwrap());
        }
        let either = schema["anyOf"].as_array().and_then(|all| all.first());
        either.map_or(schema, |first| self.bare(first))
    }

    fn compare(&mut self, kind: &str, schema: &Value, at: &str) {
        let schema = self.bare(schema).clone();
        let kinds = match &schema["type"] {
            Value::Array(all) => all.clone(),
            one => vec![one.clone()],
        };
        let wanted = match kind {
            "any" => return,
            "datetime" => "string",
            "map" => "object",
            "integer" | "boolean" | "string" => kind,
            model => return self.compare_model(model, &schema, at),
        };
        if !kinds.contains(&Value::from(wanted)) {
            self.wrong
                .push(format!("{at}: the contract says {kind}, we say {schema}"));
        }
    }

    fn compare_model(&mut self, name: &str, schema: &Value, at: &str) {
        let model = self.models.get(name).unwrap().as_object().unwrap().clone();
        for (field, about) in model
            .iter()
            .filter(|(f, _)| !f.starts_with('_') && !f.contains('<'))
        {
            let at = format!("{at}.{field}");
            let Some(ours) = schema["properties"].get(field).cloned() else {
                self.wrong.push(format!("{at} of {name} is missing"));
                continue;
            };
            let kind = about["type"].as_str().unwrap_or("any");
            match about["items"].as_str() {
                Some(items) if kind == "array" => {
                    let list = self.bare(&ours)["items"].clone();
                    self.compare(items, &list, &at);
                }
                _ => self.compare(kind, &ours, &at),
            }
            let requires = schema["required"]
                .as_array()
                .is_some_and(|all| all.iter().any(|r| r == field));
            if about["required"] == true && !requires {
                self.wrong.push(format!("{at} is required by the contract"));
            }
        }
    }

    fn compare_params(&mut self, theirs: &Value, ours: &Value, at: &str) {
        for param in theirs.as_array().unwrap() {
            let name = param["name"].as_str().unwrap();
            if param["in"] == "formData" {
                let form = &ours["requestBody"]["content"]["multipart/form-data"]["schema"];
                if self.bare(form)["properties"][name].is_null() {
                    self.wrong.push(format!("{at}: no part {name}"));
                }
                continue;
            }
            let found = ours["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .find(|p| p["name"] == name);
            let Some(found) = found else {
                self.wrong.push(format!("{at}: no parameter {name}"));
                continue;
            };
            let schema = if found["schema"]["type"] == "array" {
                &found["schema"]["items"]
            } else {
                &found["schema"]
            };
            for value in param["enum"].as_array().into_iter().flatten() {
                if !schema["enum"].as_array().is_some_and(|all| all.contains(value)) {
                    self.wrong.push(format!("{at}: {name} does not take {value}"));
                }
            }
        }
    }
}

#[test]
fn the_whole_contract_is_described() {
    let contract: Value = serde_json::from_str(CONTRACT).unwrap();
    let mut both = Both {
        models: contract["models"].as_object().unwrap().clone(),
        ours: document(),
        wrong: Vec::new(),
    };
    let mut compared = 0;
    for operation in contract["endpoints"].as_array().unwrap() {
        let at = operation["operation"].as_str().unwrap();
        compared += 1;
        let method = operation["method"].as_str().unwrap().to_ascii_lowercase();
        let ours = both.ours["paths"][operation["path"].as_str().unwrap()][method].clone();
        assert_eq!(ours["operationId"], at);
        both.compare_params(&operation["params"], &ours, at);
        let json = |content: &Value| content["content"]["application/json"]["schema"].clone();
        if let Some(model) = operation["body"].as_str() {
            both.compare(model, &json(&ours["requestBody"]), &format!("{at} body"));
        }
        for status in operation["status"].as_array().unwrap() {
            let answer = &ours["responses"][status.to_string()];
            if answer.is_null() && status != 400 && status != 404 && status != 422 {
                both.wrong.push(format!("{at}: no {status}"));
            }
            if let Some(model) = operation["response"]
                .as_str()
                .filter(|_| status.as_i64() < Some(300))
            {
                let schema = json(answer);
                both.compare(model, &schema, &format!("{at} answer"));
            }
        }
    }
    assert!(compared >= 40, "only {compared} operations were compared");
    assert_eq!(both.wrong, [""; 0], "{:#?}", both.wrong);
}
