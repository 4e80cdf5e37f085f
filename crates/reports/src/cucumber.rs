//! The JSON of Cucumber's formatters.

use std::collections::HashMap;
use std::io::BufRead;

use junit::{NewTest, Status};
use serde::Deserialize;

use crate::error::Error;
use crate::json::{self, Texts};
use crate::measure::micros;
use crate::spool::Sink;

#[derive(Deserialize)]
struct Feature {
    #[serde(default)]
    name: String,
    #[serde(default)]
    uri: String,
    #[serde(default)]
    elements: Vec<Element>,
}

#[derive(Deserialize)]
struct Element {
    #[serde(default)]
    name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    line: Option<u64>,
    #[serde(default)]
    tags: Vec<Tag>,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    before: Vec<Step>,
    #[serde(default)]
    after: Vec<Step>,
}

#[derive(Deserialize)]
struct Tag {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct Step {
    #[serde(default)]
    keyword: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    result: Outcome,
    #[serde(default)]
    output: Texts,
    #[serde(default)]
    before: Vec<Step>,
    #[serde(default)]
    after: Vec<Step>,
}

#[derive(Default, Deserialize)]
struct Outcome {
    #[serde(default)]
    status: String,
    duration: Option<f64>,
    error_message: Option<String>,
}

pub(crate) fn read(source: &mut impl BufRead, sink: &mut Sink<'_>) -> Result<(), Error> {
    json::each(source, &[], |feature: Feature| put(&feature, sink))
}

/// Writes each scenario. What a background did comes just before the scenario that it ran for.
fn put(feature: &Feature, sink: &mut Sink<'_>) {
    let class = if feature.name.trim().is_empty() {
        &feature.uri
    } else {
        &feature.name
    };
    let mut seen: HashMap<&str, u32> = HashMap::new();
    let mut background = None;
    for element in &feature.elements {
        if element.kind.as_deref() == Some("background") {
            background = Some(element);
            continue;
        }
        let background = background.take();
        let title = element.name.trim();
        let title = if title.is_empty() { "Scenario" } else { title };
        // The examples of an outline have one name: from the second on they are numbered.
        let number = seen.entry(title).or_default();
        *number += 1;
        let name = match *number {
            1 => title.to_owned(),
            number => format!("{title} ({number})"),
        };
        scenario(feature, class, &name, background, element, sink);
    }
}

fn scenario(
    feature: &Feature,
    class: &str,
    name: &str,
    background: Option<&Element>,
    element: &Element,
    sink: &mut Sink<'_>,
) {
    let steps: Vec<&Step> = background
        .into_iter()
        .chain([element])
        .flat_map(|part| part.before.iter().chain(&part.steps).chain(&part.after))
        .flat_map(|step| step.before.iter().chain([step]).chain(&step.after))
        .collect();
    let status = steps
        .iter()
        .map(|step| status(&step.result.status))
        .max()
        .unwrap_or(Status::Skipped);
    let mut test = NewTest::new(Some(class), name, status);
    let nanos: f64 = steps.iter().filter_map(|step| step.result.duration).sum();
    test.elapsed(micros(nanos, 1e-3))
        .place(Some(&feature.uri), element.line);
    for step in &steps {
        if let Some(message) = &step.result.error_message {
            test.problem(message.lines().next(), None, message);
        }
    }
    let undefined: Vec<_> = steps
        .iter()
        .filter(|step| matches!(step.result.status.as_str(), "undefined" | "ambiguous" | "pending"))
        .map(|step| format!("{}: {}{}", step.result.status, step.keyword, step.name))
        .collect();
    test.problem(None, None, &undefined.join("\n"));
    let output: Vec<_> = steps
        .iter()
        .map(|step| step.output.joined("\n"))
        .filter(|text| !text.is_empty())
        .collect();
    test.output("Output", &output.join("\n"));
    let tags: Vec<&str> = element.tags.iter().map(|tag| tag.name.as_str()).collect();
    test.property("Tags", &tags.join(" "));
    for step in steps {
        let text = format!("{}{}", step.keyword, step.name);
        // Hooks that went well say nothing.
        if !step.name.is_empty() || step.result.error_message.is_some() {
            test.step(text.trim(), &step.result.status);
        }
    }
    sink.put(&test.finish());
}

/// What is neither passed nor skipped lets a scenario fail; a step that cannot be run is an error.
fn status(of_step: &str) -> Status {
    match of_step {
        "passed" => Status::Passed,
        "skipped" => Status::Skipped,
        "failed" => Status::Failure,
        _ => Status::Error,
    }
}
