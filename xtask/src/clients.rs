//! Testmo's own command line, unchanged, against this server over HTTPS.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

use crate::context::Context;
use crate::http::Api;
use crate::postgres::Engine;
use crate::server::{Build, Server, build};
use crate::tools;

/// The version of the tests.
pub(crate) const CURRENT: &str = "1.4.5";
/// All versions that the npm registry still installs.
pub(crate) const ALL: &[&str] = &[
    "1.0.12", "1.0.13", "1.2.0", "1.3.0", "1.4.0", "1.4.1", "1.4.5", "1.5.0",
];
/// Node starts slowly; two at a time use both cores of a small machine.
const AT_ONCE: usize = 2;

/// What a file must become.
#[derive(Debug)]
struct Expected {
    file: String,
    outcome: String,
    /// Tests, passed, failed, skipped.
    numbers: [u64; 4],
}

/// A client at one version and the server that it talks to.
struct Bench<'a> {
    program: PathBuf,
    version: &'a str,
    server: &'a Server,
    api: Api,
    project: i64,
    data: PathBuf,
}

/// Runs the flows of each version.
pub(crate) fn check(context: &Context, versions: &[&str]) -> anyhow::Result<()> {
    let data = context.root.join("testdata/junit");
    let expected = read_expected(&data)?;
    let program = build(context, Build::Dev)?;
    let server = Server::start_with(
        context,
        &program,
        "clients",
        Engine::Sqlite,
        &["--tls", "self-signed"],
    )?;
    let project = server.project("Clients")?;
    let api = server.api()?;
    for version in versions {
        let bench = Bench {
            program: tools::testmo(context, version)?,
            version,
            server: &server,
            api: api.clone(),
            project,
            data: data.clone(),
        };
        bench.every_file(&expected)?;
        bench.three_threads(&expected)?;
        println!(
            "Testmo CLI {version}: {} files as expected, and a run of three threads",
            expected.len()
        );
    }
    Ok(())
}

impl Bench<'_> {
    /// `automation:run:submit` with each file: exit code and numbers.
    fn every_file(&self, expected: &[Expected]) -> anyhow::Result<()> {
        let next = AtomicUsize::new(0);
        let wrong = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    while let Some(file) = expected.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if let Err(error) = self.one_file(file)
                            && let Ok(mut wrong) = wrong.lock()
                        {
                            wrong.push(format!("{}: {error:#}", file.file));
                        }
                    }
                });
            }
        });
        let wrong = wrong.into_inner().unwrap_or_default();
        ensure!(
            wrong.is_empty(),
            "Testmo CLI {}: {} of {} files differ:\n  {}",
            self.version,
            wrong.len(),
            expected.len(),
            wrong.join("\n  ")
        );
        Ok(())
    }

    fn one_file(&self, expected: &Expected) -> anyhow::Result<()> {
        let name = format!("{} by {}", expected.file, self.version);
        let output = self.testmo(&[
            "automation:run:submit",
            "--project-id",
            &self.project.to_string(),
            "--name",
            &name,
            "--source",
            &self.source("cli"),
            "--results",
            &self.path(&expected.file)?,
        ])?;
        let run = self.run_named(&name)?;
        if self.version != CURRENT {
            return told(&output, run.as_ref());
        }
        let refused = expected.outcome == "refused";
        ensure!(
            output.status.success() != refused,
            "expected {}, exit code {:?}: {}",
            expected.outcome,
            output.status.code(),
            said(&output)
        );
        if refused {
            ensure!(run.is_none(), "refused, and there is a run nevertheless");
            return Ok(());
        }
        let run = run.context("no such run")?;
        let (tests, passed, failed) = (
            count(&run, "total_count"),
            count(&run, "success_count"),
            count(&run, "failure_count"),
        );
        let got = [tests, passed, failed, tests - passed - failed];
        ensure!(
            got == expected.numbers,
            "expected tests, passed, failed, skipped {:?}, got {got:?}",
            expected.numbers
        );
        Ok(())
    }

    /// `create`, three `submit-thread` at once with two files each, `complete`.
    fn three_threads(&self, expected: &[Expected]) -> anyhow::Result<()> {
        let six: Vec<&Expected> = expected
            .iter()
            .filter(|file| file.outcome == "ok" && file.numbers[0] > 1)
            .take(6)
            .collect();
        ensure!(six.len() == 6, "fewer than six usable files");
        let name = format!("three threads by {}", self.version);
        let project = self.project.to_string();
        let source = self.source("threads");
        let create = [
            "automation:run:create",
            "--project-id",
            &project,
            "--name",
            &name,
            "--source",
            &source,
        ];
        let created = succeeded(&self.testmo(&create)?)?;
        let run: String = created
            .split_whitespace()
            .last()
            .context("no run id on stdout")?
            .to_owned();
        let all: Vec<anyhow::Result<u64>> = std::thread::scope(|scope| {
            let threads: Vec<_> = six
                .chunks(2)
                .map(|two| {
                    let run = &run;
                    scope.spawn(move || {
                        let (first, second) = (self.path(&two[0].file)?, self.path(&two[1].file)?);
                        let submit = [
                            "automation:run:submit-thread",
                            "--run-id",
                            run,
                            "--results",
                            &first,
                            &second,
                        ];
                        let output = self.testmo(&submit)?;
                        succeeded(&output)?;
                        read(&output)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| bail!("a thread panicked")))
                .collect()
        });
        let wanted = all.into_iter().sum::<anyhow::Result<u64>>()?;
        succeeded(&self.testmo(&["automation:run:complete", "--run-id", &run])?)?;
        let answer = self.api.get(&format!("automation/runs/{run}"))?;
        let total = count(&answer["result"], "total_count");
        ensure!(wanted > 0, "the six files have no test");
        ensure!(
            total == wanted,
            "three threads: expected {wanted} tests, got {total}"
        );
        let threads = count(&answer["result"], "thread_count");
        ensure!(threads == 3, "expected 3 threads, got {threads}");
        Ok(())
    }

    /// A source of this version; dots are not allowed in its name.
    fn source(&self, what: &str) -> String {
        format!("{what}-{}", self.version.replace('.', "-"))
    }

    /// The run of a name; names are used once.
    fn run_named(&self, name: &str) -> anyhow::Result<Option<Value>> {
        let mut page = 1;
        loop {
            let answer = self.api.get(&format!(
                "projects/{}/automation/runs?per_page=100&page={page}",
                self.project
            ))?;
            let runs = answer["result"].as_array().context("no list of runs")?;
            if let Some(found) = runs.iter().find(|run| run["name"] == name) {
                return Ok(Some(found.clone()));
            }
            match answer["next_page"].as_i64() {
                Some(next) => page = next,
                None => return Ok(None),
            }
        }
    }

    fn path(&self, file: &str) -> anyhow::Result<String> {
        let path = self.data.join(file);
        Ok(path.to_str().context("the path is not text")?.to_owned())
    }

    fn testmo(&self, arguments: &[&str]) -> anyhow::Result<Output> {
        Ok(Command::new(&self.program)
            .args(arguments)
            .args(["--instance", &format!("https://{}", self.server.secure)])
            .env("NODE_EXTRA_CA_CERTS", self.server.data.join("tls/ca.pem"))
            .env("TESTMO_TOKEN", &self.api.key)
            .output()?)
    }
}

/// Other versions read some files in another way, or not at all. What they say they read is what has to arrive.
fn told(output: &Output, run: Option<&Value>) -> anyhow::Result<()> {
    match (output.status.success(), run) {
        (true, Some(run)) => {
            let (sent, got) = (read(output)?, count(run, "total_count"));
            ensure!(sent == got, "{sent} tests were sent, {got} arrived");
            ensure!(run["is_completed"] == true, "the run is not completed");
            Ok(())
        }
        (true, None) => bail!("exit code 0, and there is no run: {}", said(output)),
        (false, Some(_)) => bail!("the client gave up: {}", said(output)),
        (false, None) => {
            let text = said(output);
            ensure!(
                text.contains("Failed to parse file"),
                "the client gave up: {text}"
            );
            Ok(())
        }
    }
}

/// The tests that the client says it found.
fn read(output: &Output) -> anyhow::Result<u64> {
    let text = said(output);
    if text.contains("Could not find any valid result files or tests") {
        return Ok(0);
    }
    let (_, after) = text
        .split_once("with a total of ")
        .with_context(|| format!("the client does not say what it found: {text}"))?;
    let number = after.split_whitespace().next().unwrap_or_default();
    Ok(number.parse()?)
}

fn read_expected(data: &Path) -> anyhow::Result<Vec<Expected>> {
    let table = fs::read_to_string(data.join("expected.csv"))?;
    table.lines().skip(1).map(expected_line).collect()
}

fn expected_line(line: &str) -> anyhow::Result<Expected> {
    let fields: Vec<&str> = line.split(',').collect();
    let [file, outcome, tests, passed, failed, skipped] = fields.as_slice() else {
        bail!("not six fields: {line}");
    };
    Ok(Expected {
        file: (*file).to_owned(),
        outcome: (*outcome).to_owned(),
        numbers: [tests.parse()?, passed.parse()?, failed.parse()?, skipped.parse()?],
    })
}

fn count(value: &Value, name: &str) -> u64 {
    value[name].as_u64().unwrap_or_default()
}

fn succeeded(output: &Output) -> anyhow::Result<String> {
    ensure!(
        output.status.success(),
        "exit code {:?}: {}",
        output.status.code(),
        said(output)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn said(output: &Output) -> String {
    let text = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    String::from_utf8_lossy(&text).trim().to_owned()
}
