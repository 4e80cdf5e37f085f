//! Visual Studio test results, as `dotnet test --logger trx` and others write them.

use std::collections::HashMap;
use std::io::{BufRead, Seek};
use std::rc::Rc;

use junit::{Element, Elements, Misread, NewTest, Status};

use crate::error::Error;
use crate::measure::time_span;
use crate::spool::Sink;
use crate::xml::{self, Problem, children};

/// The definitions stand behind the results, so that they are read first.
pub(crate) fn read<R: BufRead + Seek>(source: &mut R, sink: &mut Sink<'_>) -> Result<(), Error> {
    let mut classes = Classes::default();
    xml::read(source, |elements, _| {
        inside(elements, "TestDefinitions", |elements, child| {
            classes.define(elements, &child)
        })
    })?;
    xml::read(source, |elements, _| {
        inside(elements, "Results", |elements, child| {
            if child.name.ends_with("Result") {
                result(elements, &child, &classes, sink).map(drop)
            } else {
                elements.skip()
            }
        })
    })
}

/// Hands the children of all elements of this name in the root to `each`.
fn inside<R: BufRead>(
    elements: &mut Elements<R>,
    name: &str,
    mut each: impl FnMut(&mut Elements<R>, Element) -> Result<(), Misread>,
) -> Result<(), Misread> {
    children(elements, |elements, child| {
        if child.name == name {
            children(elements, &mut each)
        } else {
            elements.skip()
        }
    })
}

/// The class of each test by its id.
#[derive(Default)]
struct Classes {
    of_test: HashMap<String, Rc<str>>,
    last: Option<Rc<str>>,
}

impl Classes {
    fn define<R: BufRead>(&mut self, elements: &mut Elements<R>, test: &Element) -> Result<(), Misread> {
        let id = test.get("id").map(str::to_owned);
        children(elements, |elements, child| {
            if let (Some(id), Some(class)) = (&id, child.get("className")) {
                // An assembly may follow the name: "Shop.SumTests, Shop, Version=1.0.0.0".
                let class = class.split(',').next().unwrap_or(class).trim();
                let class = match self.last.take() {
                    Some(last) if *last == *class => last,
                    _ => Rc::from(class),
                };
                self.last = Some(class.clone());
                self.of_test.insert(id.clone(), class);
            }
            elements.skip()
        })
    }
}

/// What a result holds.
#[derive(Default)]
struct Contents {
    problem: Problem,
    output: String,
    errors: String,
    files: Vec<String>,
    /// Rows of a data-driven test, which count in its place.
    rows: u64,
}

/// Reads one result, and its rows instead when it has some.
fn result<R: BufRead>(
    elements: &mut Elements<R>,
    result: &Element,
    classes: &Classes,
    sink: &mut Sink<'_>,
) -> Result<(), Misread> {
    let contents = contents(elements, classes, sink)?;
    let Some(name) = result.get("testName").filter(|_| contents.rows == 0) else {
        if contents.rows == 0 {
            sink.unnamed();
        }
        return Ok(());
    };
    let class = result
        .get("testId")
        .and_then(|id| classes.of_test.get(id))
        .map(|class| &**class);
    // Some adapters repeat the class in the name.
    let name = class
        .and_then(|class| name.strip_prefix(class)?.strip_prefix('.'))
        .unwrap_or(name);
    let status = status(result.get("outcome"));
    let mut test = NewTest::new(class, name, status);
    test.elapsed(result.get("duration").and_then(time_span));
    test.problem(contents.problem.headline(), None, &contents.problem.text());
    test.output("Output", &contents.output)
        .output("Errors", &contents.errors);
    for file in &contents.files {
        test.attach(file);
    }
    sink.put(&test.finish());
    Ok(())
}

/// By the enumeration `TestOutcome`; its first value, which is not written, is an error.
fn status(outcome: Option<&str>) -> Status {
    match outcome.unwrap_or("Error") {
        "Passed" | "PassedButRunAborted" | "Completed" | "Warning" => Status::Passed,
        "Failed" => Status::Failure,
        "NotExecuted" | "NotRunnable" | "Inconclusive" | "Pending" | "InProgress" => Status::Skipped,
        _ => Status::Error,
    }
}

fn contents<R: BufRead>(
    elements: &mut Elements<R>,
    classes: &Classes,
    sink: &mut Sink<'_>,
) -> Result<Contents, Misread> {
    let mut contents = Contents::default();
    children(elements, |elements, child| match child.name.as_str() {
        "Output" => output(elements, &mut contents),
        "InnerResults" => children(elements, |elements, row| {
            contents.rows += 1;
            result(elements, &row, classes, sink)
        }),
        "ResultFiles" => children(elements, |elements, file| {
            contents.files.extend(file.get("path").map(str::to_owned));
            elements.skip()
        }),
        _ => elements.skip(),
    })?;
    Ok(contents)
}

fn output<R: BufRead>(elements: &mut Elements<R>, contents: &mut Contents) -> Result<(), Misread> {
    children(elements, |elements, child| {
        match child.name.as_str() {
            "StdOut" => contents.output = elements.text()?,
            "StdErr" => contents.errors = elements.text()?,
            "ErrorInfo" => contents.problem = Problem::read(elements, "Message", "StackTrace")?,
            _ => elements.skip()?,
        }
        Ok(())
    })
}
