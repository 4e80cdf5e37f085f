//! The Gherkin reader against the conformance suite: trees, pickles, and the places of errors.

use std::path::Path;

use generate::read::gherkin::{self, PickleStep};
use generate::{Form, StepRole};
use serde_json::{Value, json};

use crate::{content, files};

const GOOD: &str = "gherkin/cucumber/good";
const BAD: &str = "gherkin/cucumber/bad";

fn markdown(name: &str) -> bool {
    name.rsplit('.').next() == Some("md")
}

fn good() -> Vec<std::path::PathBuf> {
    let mut all = files(GOOD, ".feature");
    all.extend(files(GOOD, ".feature.md"));
    all
}

/// The values that a published file holds under a key, without ids, which are a matter of the producer.
fn published(path: &Path, ending: &str, key: &str) -> Vec<Value> {
    let path = path.with_file_name(format!("{}{ending}", path.file_name().unwrap().to_str().unwrap()));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str::<Value>(line).unwrap()[key].take())
        .map(without_ids)
        .collect()
}

fn without_ids(value: Value) -> Value {
    match value {
        Value::Object(map) => map
            .into_iter()
            .filter(|(key, _)| !matches!(key.as_str(), "id" | "uri" | "astNodeIds" | "astNodeId"))
            .map(|(key, value)| (key, without_ids(value)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(list) => list.into_iter().map(without_ids).collect::<Vec<_>>().into(),
        other => other,
    }
}

/// A section of the kind in question has fields that the other lacks, and vice versa.
fn as_published(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut map: serde_json::Map<_, _> = map
                .into_iter()
                .map(|(key, value)| (key, as_published(value)))
                .collect();
            if let Some(background) = map.get_mut("background").and_then(Value::as_object_mut) {
                background.remove("tags");
                background.remove("examples");
            }
            if map.get("keyword") == Some(&json!("")) && map.contains_key("language") {
                map.remove("keyword");
            }
            map.into()
        }
        Value::Array(list) => list.into_iter().map(as_published).collect::<Vec<_>>().into(),
        other => other,
    }
}

fn pickle_step(step: &PickleStep) -> Value {
    let mut value = serde_json::to_value(step).unwrap();
    let mut argument = serde_json::Map::new();
    if let Some((media_type, content)) = &step.block {
        let mut block = json!({"content": content});
        if let Some(media_type) = media_type {
            block["mediaType"] = json!(media_type);
        }
        argument.insert("docString".to_owned(), block);
    }
    if !step.table.is_empty() {
        let cells =
            |row: &Vec<String>| json!({"cells": row.iter().map(|v| json!({"value": v})).collect::<Vec<_>>()});
        let rows: Vec<Value> = step.table.iter().map(cells).collect();
        argument.insert("dataTable".to_owned(), json!({"rows": rows}));
    }
    if argument.len() == 2 {
        argument["docString"]["argumentIndex"] = json!(if step.block_first { 1 } else { 2 });
        argument["dataTable"]["argumentIndex"] = json!(if step.block_first { 2 } else { 1 });
    }
    if !argument.is_empty() {
        value["argument"] = argument.into();
    }
    value
}

#[test]
fn trees_of_all_good_files_are_the_published_ones() {
    for path in good() {
        let (name, bytes) = content(&path);
        let text = String::from_utf8(bytes).unwrap();
        let file = gherkin::parse(&text, markdown(&name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let read = as_published(serde_json::to_value(&file).unwrap());
        let expected = published(&path, ".ast.ndjson", "gherkinDocument");
        assert_eq!(vec![read], expected, "{name}");
    }
}

#[test]
fn pickles_of_all_good_files_are_the_published_ones() {
    let mut seen = 0;
    for path in good() {
        let (name, bytes) = content(&path);
        let text = String::from_utf8(bytes).unwrap();
        let file = gherkin::parse(&text, markdown(&name)).unwrap();
        let made = file.feature.as_ref().map(gherkin::pickles).unwrap_or_default();
        let read: Vec<Value> = made
            .iter()
            .map(|pickle| {
                let mut value = serde_json::to_value(pickle).unwrap();
                value["steps"] = pickle.steps.iter().map(pickle_step).collect::<Vec<_>>().into();
                let tags = pickle.tags.iter().map(|tag| json!({"name": tag.name}));
                value["tags"] = tags.collect::<Vec<_>>().into();
                value
            })
            .collect();
        let expected = published(&path, ".pickles.ndjson", "pickle");
        seen += expected.len();
        assert_eq!(read, expected, "{name}");
    }
    assert!(seen > 150, "only {seen} pickles were compared");
}

#[test]
fn bad_files_are_refused_with_the_published_places() {
    for path in files(BAD, ".feature") {
        let (name, bytes) = content(&path);
        let error = generate::read(&name, &bytes).expect_err(&name);
        let mut places = vec![(error.line, error.column)];
        places.extend(error.more.iter().map(|more| (more.line, more.column)));
        let expected: Vec<(u32, u32)> = published(&path, ".errors.ndjson", "parseError")
            .iter()
            .map(|error| {
                let location = &error["source"]["location"];
                let number = |key: &str| u32::try_from(location[key].as_u64().unwrap_or(0)).unwrap();
                (number("line"), number("column"))
            })
            .collect();
        assert_eq!(places, expected, "{name}: {error:?}");
    }
}

#[test]
fn a_scenario_is_a_criterion_with_the_steps_of_its_background() {
    for path in files("gherkin/whitehall", ".feature") {
        let (name, bytes) = content(&path);
        let document = generate::read(&name, &bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        let text = std::str::from_utf8(&bytes).unwrap();
        let scenarios = text
            .lines()
            .filter(|line| line.trim_start().starts_with("Scenario"))
            .count();
        assert_eq!(document.criteria().count(), scenarios, "{name}");
        for criterion in document.criteria() {
            let quote = &text[criterion.span.range()];
            assert!(
                quote.starts_with("Scenario") && quote.contains(criterion.title.as_str()),
                "{name}: {quote}"
            );
            let Form::Scenario(scenario) = &criterion.form else {
                panic!("{name}: {criterion:?}")
            };
            assert!(scenario.steps.len() > 1, "{name}: {criterion:?}");
            for step in &scenario.steps {
                assert!(
                    text[step.span.range()].contains(step.text.as_str()),
                    "{name}: {step:?}"
                );
            }
        }
    }
}

#[test]
fn rules_are_requirements_and_inherit_tags_and_backgrounds() {
    let text = "@a\nFeature: F\n  Background:\n    Given one\n  @b\n  Rule: R\n    Background:\n      Given two\n    \
                Scenario Outline: S <n>\n      When <n>\n      Then it is\n      Examples:\n        | n |\n        | 1 |\n";
    let document = generate::read("r.feature", text.as_bytes()).unwrap();
    let [rule] = document.requirements.as_slice() else {
        panic!("{:?}", document.requirements)
    };
    assert_eq!(
        (rule.title.as_str(), rule.tags.as_slice()),
        ("R", ["a".to_owned(), "b".to_owned()].as_slice())
    );
    let Form::Scenario(scenario) = &rule.criteria[0].form else {
        panic!()
    };
    let steps: Vec<_> = scenario
        .steps
        .iter()
        .map(|step| (step.role, step.text.as_str()))
        .collect();
    assert_eq!(
        steps,
        [
            (StepRole::Given, "one"),
            (StepRole::Given, "two"),
            (StepRole::When, "<n>"),
            (StepRole::Then, "it is")
        ]
    );
    assert_eq!(scenario.examples[0].rows, [["1"]]);
}
