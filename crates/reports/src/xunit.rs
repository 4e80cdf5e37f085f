//! xUnit.net results, version 2 and later.

use std::io::{BufRead, Seek};

use junit::{Element, Elements, Misread, NewTest, Status};

use crate::error::Error;
use crate::measure::seconds;
use crate::spool::Sink;
use crate::xml::{self, Problem, children};

pub(crate) fn read<R: BufRead + Seek>(source: &mut R, sink: &mut Sink<'_>) -> Result<(), Error> {
    xml::read(source, |elements, root| {
        if root.name == "assembly" {
            assembly(elements, sink)
        } else {
            children(elements, |elements, child| match child.name.as_str() {
                "assembly" => assembly(elements, sink),
                _ => elements.skip(),
            })
        }
    })
}

fn assembly<R: BufRead>(elements: &mut Elements<R>, sink: &mut Sink<'_>) -> Result<(), Misread> {
    children(elements, |elements, child| match child.name.as_str() {
        "collection" => children(elements, |elements, inner| match inner.name.as_str() {
            "test" => test(elements, &inner, child.get("name"), sink),
            _ => elements.skip(),
        }),
        "errors" => children(elements, |elements, child| error(elements, &child, sink)),
        _ => elements.skip(),
    })
}

/// A test of the collection of this name, which stands for the class where none is given.
fn test<R: BufRead>(
    elements: &mut Elements<R>,
    test: &Element,
    collection: Option<&str>,
    sink: &mut Sink<'_>,
) -> Result<(), Misread> {
    let contents = contents(elements)?;
    let class = test.get("type").or(collection);
    let Some(name) = test.get("name").or(test.get("method")) else {
        sink.unnamed();
        return Ok(());
    };
    // The display name usually begins with the class.
    let name = class
        .and_then(|class| name.strip_prefix(class)?.strip_prefix('.'))
        .filter(|rest| !rest.is_empty())
        .unwrap_or(name);
    let status = match test.get("result") {
        Some("Pass") => Status::Passed,
        Some("Fail") => Status::Failure,
        // jest-xunit has no word for a test that was skipped.
        Some("Skip" | "NotRun" | "undefined") => Status::Skipped,
        _ => Status::Error,
    };
    let mut made = NewTest::new(class, name, status);
    made.elapsed(test.get("time").and_then(seconds));
    let line = test.get("source-line").and_then(|line| line.parse().ok());
    made.place(test.get("source-file"), line);
    made.problem(
        contents.problem.headline(),
        contents.kind.as_deref(),
        &contents.problem.text(),
    );
    made.problem(None, None, &contents.reason);
    made.output("Output", &contents.output);
    for (name, value) in &contents.traits {
        made.property(name, value);
    }
    sink.put(&made.finish());
    Ok(())
}

/// What failed outside of any test: the set-up of an assembly, or the clean-up of a class.
fn error<R: BufRead>(
    elements: &mut Elements<R>,
    error: &Element,
    sink: &mut Sink<'_>,
) -> Result<(), Misread> {
    let contents = contents(elements)?;
    let name = error
        .get("name")
        .or(error.get("type"))
        .unwrap_or("error outside of a test");
    let mut made = NewTest::new(error.get("type"), name, Status::Error);
    made.problem(
        contents.problem.headline(),
        contents.kind.as_deref(),
        &contents.problem.text(),
    );
    sink.put(&made.finish());
    Ok(())
}

#[derive(Default)]
struct Contents {
    kind: Option<String>,
    problem: Problem,
    reason: String,
    output: String,
    traits: Vec<(String, String)>,
}

fn contents<R: BufRead>(elements: &mut Elements<R>) -> Result<Contents, Misread> {
    let mut contents = Contents::default();
    children(elements, |elements, child| {
        match child.name.as_str() {
            "failure" => {
                contents.kind = child.get("exception-type").map(str::to_owned);
                contents.problem = Problem::read(elements, "message", "stack-trace")?;
            }
            "reason" => contents.reason = elements.text()?,
            "output" => contents.output = elements.text()?,
            "traits" => children(elements, |elements, pair| {
                if let (Some(name), Some(value)) = (pair.get("name"), pair.get("value")) {
                    contents.traits.push((name.to_owned(), value.to_owned()));
                }
                elements.skip()
            })?,
            _ => elements.skip()?,
        }
        Ok(())
    })?;
    Ok(contents)
}
