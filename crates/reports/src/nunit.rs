//! `NUnit` 3 results.

use std::io::{BufRead, Seek};

use junit::{Element, Elements, Misread, NewTest, Status};

use crate::error::Error;
use crate::measure::seconds;
use crate::spool::Sink;
use crate::xml::{self, Problem, children};

pub(crate) fn read<R: BufRead + Seek>(source: &mut R, sink: &mut Sink<'_>) -> Result<(), Error> {
    xml::read(source, |elements, _| suite(elements, sink))
}

fn suite<R: BufRead>(elements: &mut Elements<R>, sink: &mut Sink<'_>) -> Result<(), Misread> {
    children(elements, |elements, child| match child.name.as_str() {
        "test-suite" => suite(elements, sink),
        "test-case" => case(elements, &child, sink),
        _ => elements.skip(),
    })
}

#[derive(Default)]
struct Contents {
    problem: Problem,
    reason: Problem,
    output: String,
    properties: Vec<(String, String)>,
    files: Vec<String>,
}

fn case<R: BufRead>(elements: &mut Elements<R>, case: &Element, sink: &mut Sink<'_>) -> Result<(), Misread> {
    let contents = contents(elements)?;
    let full = case.get("fullname");
    let Some(name) = case.get("name").or(full) else {
        sink.unnamed();
        return Ok(());
    };
    let by_full = || full?.strip_suffix(name)?.strip_suffix('.');
    let class = case.get("classname").or_else(by_full);
    let mut test = NewTest::new(class, name, status(case));
    test.elapsed(case.get("duration").or(case.get("time")).and_then(seconds));
    let told = contents.problem.text();
    // A test that took too long has no message, only this label.
    let told = if told.is_empty() && contents.reason.message.is_empty() {
        case.get("label").unwrap_or_default()
    } else {
        &told
    };
    test.problem(contents.problem.headline(), None, told);
    test.problem(None, None, &contents.reason.message);
    test.output("Output", &contents.output);
    for (name, value) in &contents.properties {
        test.property(name, value);
    }
    for file in &contents.files {
        test.attach(file);
    }
    sink.put(&test.finish());
    Ok(())
}

fn status(case: &Element) -> Status {
    match (case.get("result"), case.get("label")) {
        (Some("Passed" | "Warning"), _) => Status::Passed,
        (Some("Skipped" | "Inconclusive"), _) => Status::Skipped,
        (Some("Failed"), Some("Error" | "Cancelled" | "Invalid")) => Status::Error,
        (Some("Failed"), _) => Status::Failure,
        _ => Status::Error,
    }
}

fn contents<R: BufRead>(elements: &mut Elements<R>) -> Result<Contents, Misread> {
    let mut contents = Contents::default();
    children(elements, |elements, child| {
        match child.name.as_str() {
            "failure" => contents.problem = Problem::read(elements, "message", "stack-trace")?,
            "reason" => contents.reason = Problem::read(elements, "message", "stack-trace")?,
            "output" => contents.output = elements.text()?,
            "properties" => children(elements, |elements, property| {
                if let (Some(name), Some(value)) = (property.get("name"), property.get("value")) {
                    // The runner's own start with an underscore.
                    if !name.starts_with('_') {
                        contents.properties.push((name.to_owned(), value.to_owned()));
                    }
                }
                elements.skip()
            })?,
            "attachments" => children(elements, |elements, _| {
                children(elements, |elements, part| {
                    if part.name == "filePath" {
                        contents.files.push(elements.text()?);
                        Ok(())
                    } else {
                        elements.skip()
                    }
                })
            })?,
            _ => elements.skip()?,
        }
        Ok(())
    })?;
    Ok(contents)
}
