//! Allure results: a file for each attempt of a test.

use std::io::BufRead;

use junit::{NewTest, Status};
use serde::Deserialize;

use crate::detect::skip_bom;
use crate::error::Error;
use crate::measure::millis;
use crate::spool::Sink;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attempt {
    #[serde(default)]
    uuid: String,
    history_id: Option<String>,
    full_name: Option<String>,
    #[serde(default)]
    name: String,
    status: Option<String>,
    #[serde(default)]
    status_details: Details,
    #[serde(default)]
    labels: Vec<Pair>,
    #[serde(default)]
    parameters: Vec<Parameter>,
    #[serde(default)]
    links: Vec<Link>,
    #[serde(default)]
    steps: Vec<Step>,
    #[serde(default)]
    attachments: Vec<Attachment>,
    start: Option<u64>,
    stop: Option<u64>,
}

#[derive(Default, Deserialize)]
struct Details {
    message: Option<String>,
    trace: Option<String>,
    #[serde(default)]
    flaky: bool,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct Parameter {
    #[serde(default)]
    name: String,
    #[serde(default)]
    value: String,
    #[serde(default)]
    excluded: bool,
}

#[derive(Deserialize)]
struct Link {
    name: Option<String>,
    #[serde(default)]
    url: String,
}

#[derive(Deserialize)]
struct Step {
    #[serde(default)]
    name: String,
    status: Option<String>,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

#[derive(Deserialize)]
struct Attachment {
    #[serde(default)]
    source: String,
}

pub(crate) fn read(source: &mut impl BufRead, sink: &mut Sink<'_>) -> Result<(), Error> {
    skip_bom(source)?;
    let attempt: Attempt = serde_json::from_reader(source).map_err(|error| Error::json(error, 0))?;
    if attempt.name.trim().is_empty() {
        sink.unnamed();
        return Ok(());
    }
    let status = match attempt.status.as_deref() {
        Some("passed") => Status::Passed,
        Some("failed") => Status::Failure,
        Some("broken") => Status::Error,
        _ => Status::Skipped,
    };
    let mut test = NewTest::new(attempt.folder().as_deref(), &attempt.full_title(), status);
    test.elapsed(attempt.elapsed());
    let details = &attempt.status_details;
    test.problem(
        details.message.as_deref(),
        None,
        details.trace.as_deref().unwrap_or_default(),
    );
    if details.flaky {
        test.property("Flaky", "yes");
    }
    for kind in ["severity", "owner", "epic", "feature", "story", "tag"] {
        for label in attempt.labels.iter().filter(|label| label.name == kind) {
            test.property(kind, &label.value);
        }
    }
    for link in &attempt.links {
        test.property(link.name.as_deref().unwrap_or("link"), &link.url);
    }
    for step in &attempt.steps {
        test.step(&step.name, step.status.as_deref().unwrap_or_default());
    }
    let of_steps = attempt.steps.iter().flat_map(|step| &step.attachments);
    for attachment in attempt.attachments.iter().chain(of_steps) {
        test.attach(&attachment.source);
    }
    let identity = attempt.history_id.unwrap_or(attempt.uuid);
    sink.put_attempt(identity, attempt.stop.unwrap_or(0), &test.finish());
    Ok(())
}

impl Attempt {
    fn label(&self, name: &str) -> Option<&str> {
        let label = self.labels.iter().find(|label| label.name == name)?;
        Some(label.value.as_str()).filter(|value| !value.is_empty())
    }

    /// The class, else the suites from the outermost, else the package, else what stands before the test's own name.
    fn folder(&self) -> Option<String> {
        if let Some(class) = self.label("testClass") {
            return Some(class.to_owned());
        }
        let suites: Vec<&str> = ["parentSuite", "suite", "subSuite"]
            .iter()
            .filter_map(|name| self.label(name))
            .collect();
        if !suites.is_empty() {
            return Some(suites.join(" › "));
        }
        let full = self.full_name.as_deref();
        let before = full
            .and_then(|full| full.rsplit_once(['#', ':']))
            .map(|(before, _)| before);
        self.label("package").or(before).map(str::to_owned)
    }

    /// The name with the parameters that it does not tell itself.
    fn full_title(&self) -> String {
        let told: Vec<String> = self
            .parameters
            .iter()
            .filter(|parameter| {
                !parameter.excluded && !self.name.contains(parameter.value.trim_matches('\''))
            })
            .map(|parameter| format!("{}={}", parameter.name, parameter.value))
            .collect();
        if told.is_empty() {
            self.name.clone()
        } else {
            format!("{} [{}]", self.name, told.join(", "))
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a duration in milliseconds")]
    fn elapsed(&self) -> Option<u64> {
        millis(self.stop?.checked_sub(self.start?)? as f64)
    }
}
