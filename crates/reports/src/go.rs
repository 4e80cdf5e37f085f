//! The events of `go test -json`.

use std::collections::HashMap;
use std::io::BufRead;

use junit::{NewTest, Status};
use serde::Deserialize;

use crate::detect::skip_bom;
use crate::error::Error;
use crate::lines::{Ends, TextLines};
use crate::measure::micros;
use crate::spool::Sink;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    action: String,
    #[serde(alias = "ImportPath", default)]
    package: String,
    test: Option<String>,
    elapsed: Option<f64>,
    output: Option<String>,
    failed_build: Option<String>,
}

/// Tests that are running, and packages. Only what did not end yet is in memory.
#[derive(Default)]
struct Running {
    tests: HashMap<(String, String), Ends>,
    packages: HashMap<String, Package>,
    /// What the compiler said, by the package that it compiled.
    builds: HashMap<String, Ends>,
}

#[derive(Default)]
struct Package {
    output: Ends,
    failures: u64,
}

/// Reads one event a line. Lines that are no JSON come from the compiler or from tests that write past the tool.
pub(crate) fn read(source: &mut impl BufRead, sink: &mut Sink<'_>) -> Result<(), Error> {
    skip_bom(source)?;
    let mut lines = TextLines::new(source);
    let mut running = Running::default();
    while let Some(line) = lines.next_line()? {
        if !line.trim_start().starts_with('{') {
            continue;
        }
        let event: Event =
            serde_json::from_str(&line).map_err(|error| Error::json(error, lines.number - 1))?;
        running.take(event, sink);
    }
    if running.tests.is_empty() {
        Ok(())
    } else {
        Err(Error::Incomplete(
            "the file ends while tests are running".to_owned(),
        ))
    }
}

impl Running {
    fn take(&mut self, event: Event, sink: &mut Sink<'_>) {
        match (event.action.as_str(), event.test.clone()) {
            ("run", Some(test)) => {
                self.tests.entry((event.package, test)).or_default();
            }
            ("output", Some(test)) => {
                let ends = self.tests.entry((event.package, test)).or_default();
                ends.push(event.output.as_deref().unwrap_or_default());
            }
            ("output", None) => {
                let package = self.packages.entry(event.package).or_default();
                package.output.push(event.output.as_deref().unwrap_or_default());
            }
            ("build-output", _) => {
                let ends = self.builds.entry(event.package).or_default();
                ends.push(event.output.as_deref().unwrap_or_default());
            }
            ("pass" | "fail" | "skip" | "bench", Some(test)) => self.end_test(&event, test, sink),
            ("pass" | "fail" | "skip", None) => self.end_package(&event, sink),
            _ => {}
        }
    }

    fn end_test(&mut self, event: &Event, test: String, sink: &mut Sink<'_>) {
        let status = match event.action.as_str() {
            "fail" => Status::Failure,
            "skip" => Status::Skipped,
            _ => Status::Passed,
        };
        if status == Status::Failure {
            self.packages.entry(event.package.clone()).or_default().failures += 1;
        }
        let output = self
            .tests
            .remove(&(event.package.clone(), test.clone()))
            .unwrap_or_default();
        put(&event.package, &test, status, event.elapsed, &output.text(), sink);
    }

    /// A package that failed although no test of it did could not be built, or ended in the middle of its tests.
    fn end_package(&mut self, event: &Event, sink: &mut Sink<'_>) {
        let package = self.packages.remove(&event.package).unwrap_or_default();
        let mut left: Vec<_> = self
            .tests
            .keys()
            .filter(|(of, _)| *of == event.package)
            .cloned()
            .collect();
        left.sort();
        for key in &left {
            let output = self.tests.remove(key).unwrap_or_default();
            put(&key.0, &key.1, Status::Error, None, &output.text(), sink);
        }
        if event.action == "fail" && package.failures == 0 && left.is_empty() {
            let built = event.failed_build.as_ref();
            let mut text = built
                .and_then(|name| self.builds.remove(name))
                .unwrap_or_default()
                .text();
            text.push_str(&package.output.text());
            put(
                &event.package,
                "TestMain",
                Status::Error,
                event.elapsed,
                &text,
                sink,
            );
        }
    }
}

fn put(package: &str, name: &str, status: Status, elapsed: Option<f64>, output: &str, sink: &mut Sink<'_>) {
    let mut test = NewTest::new(Some(package), name, status);
    test.elapsed(elapsed.and_then(|seconds| micros(seconds, 1e6)));
    // The tool's own lines tell nothing that the test does not.
    let is_own = |line: &&str| {
        let line = line.trim_start();
        let own = [
            "=== RUN",
            "=== PAUSE",
            "=== CONT",
            "=== NAME",
            "--- PASS",
            "--- FAIL",
            "--- SKIP",
        ];
        own.iter().any(|start| line.starts_with(start))
    };
    let said: Vec<&str> = output.lines().filter(|line| !is_own(line)).collect();
    let said = said.join("\n");
    if status == Status::Passed {
        test.output("Output", &said);
    } else {
        test.problem(None, None, &said);
    }
    sink.put(&test.finish());
}
