//! The JSON of Playwright's reporter.

use std::io::BufRead;

use junit::{NewTest, Status};
use serde::Deserialize;

use crate::error::Error;
use crate::json;
use crate::measure::millis;
use crate::spool::Sink;

#[derive(Deserialize)]
struct Suite {
    #[serde(default)]
    title: String,
    #[serde(default)]
    file: String,
    #[serde(default)]
    specs: Vec<Spec>,
    #[serde(default)]
    suites: Vec<Suite>,
}

#[derive(Deserialize)]
struct Spec {
    #[serde(default)]
    title: String,
    #[serde(default)]
    file: String,
    line: Option<u64>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    tests: Vec<Test>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    #[serde(default)]
    project_name: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    annotations: Vec<Annotation>,
    #[serde(default)]
    results: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(rename = "type", default)]
    kind: String,
    description: Option<String>,
}

#[derive(Deserialize)]
struct Attempt {
    #[serde(default)]
    status: String,
    duration: Option<f64>,
    error: Option<Problem>,
    #[serde(default)]
    errors: Vec<Problem>,
    #[serde(default)]
    stdout: Vec<Output>,
    #[serde(default)]
    stderr: Vec<Output>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Problem {
    message: Option<String>,
    stack: Option<String>,
}

#[derive(Deserialize)]
struct Output {
    text: Option<String>,
}

#[derive(Deserialize)]
struct Attachment {
    path: Option<String>,
}

#[derive(Deserialize)]
struct Step {
    #[serde(default)]
    title: String,
    error: Option<serde::de::IgnoredAny>,
}

/// The suites, one for each file, come one after the other.
pub(crate) fn read(source: &mut impl BufRead, sink: &mut Sink<'_>) -> Result<(), Error> {
    json::each(source, &["suites"], |file: Suite| {
        // The outermost title is the file's, and so is the folder of its tests.
        let folder = if file.title.is_empty() {
            &file.file
        } else {
            &file.title
        };
        walk(&file, folder, &mut vec![], sink);
    })
}

fn walk<'s>(suite: &'s Suite, folder: &str, titles: &mut Vec<&'s str>, sink: &mut Sink<'_>) {
    for spec in &suite.specs {
        for test in &spec.tests {
            let name: Vec<&str> = titles.iter().copied().chain([spec.title.as_str()]).collect();
            put(folder, &name.join(" › "), spec, test, sink);
        }
    }
    for inner in &suite.suites {
        titles.push(&inner.title);
        walk(inner, folder, titles, sink);
        titles.pop();
    }
}

fn put(folder: &str, name: &str, spec: &Spec, test: &Test, sink: &mut Sink<'_>) {
    if name.trim().is_empty() {
        sink.unnamed();
        return;
    }
    let last = test.results.last();
    let status = match (test.status.as_str(), last.map(|last| last.status.as_str())) {
        ("expected" | "flaky", _) => Status::Passed,
        ("skipped", _) => Status::Skipped,
        (_, Some("timedOut" | "interrupted")) => Status::Error,
        _ => Status::Failure,
    };
    let class = match test.project_name.as_str() {
        "" => folder.to_owned(),
        project => format!("{project} › {folder}"),
    };
    let mut made = NewTest::new(Some(&class), name, status);
    let took: f64 = test.results.iter().filter_map(|attempt| attempt.duration).sum();
    made.elapsed(millis(took)).place(Some(&spec.file), spec.line);
    // Each attempt that failed, the last one first.
    for attempt in test.results.iter().rev() {
        for problem in problems(attempt) {
            let message = problem.message.as_deref().unwrap_or_default();
            made.problem(
                message.lines().next(),
                None,
                problem.stack.as_deref().unwrap_or(message),
            );
        }
    }
    let attempts = test.results.len();
    if attempts > 1 {
        made.property("Attempts", &attempts.to_string());
    }
    if test.status == "flaky" {
        made.property("Flaky", "yes");
    }
    if let Some(last) = last {
        made.output("Output", &text(&last.stdout))
            .output("Errors", &text(&last.stderr));
        for step in &last.steps {
            let status = if step.error.is_some() { "failed" } else { "passed" };
            made.step(&step.title, status);
        }
    }
    for annotation in &test.annotations {
        let value = annotation.description.as_deref().unwrap_or("yes");
        made.property(&annotation.kind, value);
    }
    made.property("Tags", &spec.tags.join(", "));
    let files = test.results.iter().flat_map(|attempt| &attempt.attachments);
    for file in files.filter_map(|attachment| attachment.path.as_deref()) {
        made.attach(file);
    }
    sink.put(&made.finish());
}

/// All that went wrong; older versions only know the first.
fn problems(attempt: &Attempt) -> Vec<&Problem> {
    let all = attempt.errors.iter().collect::<Vec<_>>();
    if all.is_empty() {
        attempt.error.iter().collect()
    } else {
        all
    }
}

fn text(pieces: &[Output]) -> String {
    pieces.iter().filter_map(|piece| piece.text.as_deref()).collect()
}
