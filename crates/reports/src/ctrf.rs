//! Common Test Report Format.

use std::io::BufRead;

use junit::{NewTest, Status};
use serde::Deserialize;

use crate::error::Error;
use crate::json::{self, Texts};
use crate::measure::millis;
use crate::spool::Sink;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    #[serde(default)]
    name: String,
    status: Status_,
    duration: Option<f64>,
    #[serde(default)]
    suite: Texts,
    message: Option<String>,
    trace: Option<String>,
    file_path: Option<String>,
    line: Option<u64>,
    #[serde(default)]
    flaky: bool,
    retries: Option<u64>,
    browser: Option<String>,
    device: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    stdout: Vec<String>,
    #[serde(default)]
    stderr: Vec<String>,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status_ {
    Passed,
    Failed,
    Skipped,
    Pending,
    Other,
}

#[derive(Deserialize)]
struct Step {
    #[serde(default)]
    name: String,
    #[serde(default)]
    status: String,
}

#[derive(Deserialize)]
struct Attachment {
    #[serde(default)]
    path: String,
}

pub(crate) fn read(source: &mut impl BufRead, sink: &mut Sink<'_>) -> Result<(), Error> {
    json::each(source, &["results", "tests"], |test: Test| put(&test, sink))
}

fn put(test: &Test, sink: &mut Sink<'_>) {
    if test.name.trim().is_empty() {
        sink.unnamed();
        return;
    }
    let status = match test.status {
        Status_::Passed => Status::Passed,
        Status_::Failed => Status::Failure,
        Status_::Skipped | Status_::Pending | Status_::Other => Status::Skipped,
    };
    let suite = test.suite.joined(" › ");
    let class = Some(suite.as_str())
        .filter(|suite| !suite.is_empty())
        .or(test.file_path.as_deref());
    let mut made = NewTest::new(class, &test.name, status);
    made.elapsed(test.duration.and_then(millis))
        .place(test.file_path.as_deref(), test.line);
    made.problem(
        test.message.as_deref(),
        None,
        test.trace.as_deref().unwrap_or_default(),
    );
    made.output("Output", &test.stdout.join("\n"))
        .output("Errors", &test.stderr.join("\n"));
    if test.flaky {
        made.property("Flaky", "yes");
    }
    if let Some(retries) = test.retries.filter(|retries| *retries > 0) {
        made.property("Retries", &retries.to_string());
    }
    for (name, value) in [("Browser", &test.browser), ("Device", &test.device)] {
        made.property(name, value.as_deref().unwrap_or_default());
    }
    made.property("Tags", &test.tags.join(", "));
    for step in &test.steps {
        made.step(&step.name, &step.status);
    }
    for attachment in &test.attachments {
        made.attach(&attachment.path);
    }
    sink.put(&made.finish());
}
