//! `attest submit`: the short form, with good defaults from `attest.toml` and the CI service.

mod ci;
mod settings;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use client::automation_runs::{Field, Link, NewRun, RunAddition};
use client::{Client, PageSize};
use junit::cut;
use serde_json::json;

use self::ci::Build;
use self::settings::Settings;
use super::args::{Common, Results};
use super::check::{is_source, is_tag};
use super::connect::{Surroundings, Way};
use super::failure::Failure;
use super::results::{Collected, collect};
use super::say::{Say, print};
use super::submit::{Executed, execute, thread};
use super::{key, pattern, resources};

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct Submit {
    /// Result files in JUnit XML; patterns in quotes; - is stdin. Otherwise those of attest.toml.
    #[arg(value_name = "FILES")]
    files: Vec<String>,
    /// Address of the instance; otherwise that of the environment or of attest.toml.
    #[arg(long, value_name = "URL")]
    instance: Option<String>,
    /// Project, by name or id.
    #[arg(long)]
    project: Option<String>,
    /// Source that the run belongs to, such as backend-unit; runs of one source are compared.
    #[arg(long)]
    source: Option<String>,
    /// Name of the run; otherwise made of source, branch and commit.
    #[arg(long)]
    name: Option<String>,
    /// A tag; may be repeated.
    #[arg(long = "tag")]
    tags: Vec<String>,
    /// JSON file with fields, links and artifacts of the run.
    #[arg(long, value_name = "FILE")]
    resources: Option<PathBuf>,
    /// HTTP(S) proxy for all requests, instead of that of the environment.
    #[arg(long, value_name = "ADDRESS")]
    proxy: Option<String>,
    /// Print the result as JSON on stdout, instead of the run's id.
    #[arg(long)]
    json: bool,
    /// Leave out result files that cannot be read, and send the others.
    #[arg(long)]
    ignore_parse_error: bool,
    /// Send nothing when the program fails.
    #[arg(long)]
    exec_stop_error: bool,
    #[command(flatten)]
    pub(super) common: Common,
    /// A program to run first. Its output and time are sent, and its exit code is that of this command.
    #[arg(last = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

/// What is submitted, and where to.
struct Plan {
    way: Way,
    project: String,
    new: NewRun,
    results: Results,
}

/// Opens a run, sends all results and completes it. stdout gets its id or JSON alone.
pub(super) async fn submit(args: &Submit, surroundings: &Surroundings, say: Say) -> Result<u8, Failure> {
    let say = say.aside();
    let Plan {
        way,
        project,
        mut new,
        mut results,
    } = plan(args)?;
    let client = way.client(surroundings, say)?;
    let ran = match execute(&results, say)? {
        Executed::Stop(code) => return Ok(code),
        Executed::Ran(ran) => ran,
    };
    // Only now: the program may have made the files.
    results.files = pattern::all(&results.files)?;
    let own = resources::read("Resource", args.resources.as_deref())?;
    new.fields.extend(own.fields);
    new.links.extend(own.links);
    new.artifacts.extend(own.artifacts);
    let collected = collect(&results.files, results.ignore_parse_error, say)?;
    if collected.files() == 0 {
        return Err(Failure::new("Nothing was submitted: there are no result files")
            .and("Please verify their names and that they are JUnit XML"));
    }
    let counts = Counts::of(&collected);
    let project = project_id(&client, &project).await?;
    let run = client.create_automation_run(project, &new, &key()?).await?;
    say.line(format_args!("Created new test automation run (ID: {run})"));
    let sent = async {
        thread(&client, run, collected, ran.as_ref(), RunAddition::default(), say).await?;
        client.complete_automation_run(run, false, &key()?).await?;
        Ok(())
    };
    sent.await.map_err(|failure: Failure| failure.in_run(run))?;
    say.line(counts.table());
    if args.json {
        print(counts.json(run, project, &new.name));
    } else {
        print(run);
    }
    Ok(ran.map_or(0, |ran| ran.code))
}

/// Options count first, then the environment, then the file.
fn plan(args: &Submit) -> Result<Plan, Failure> {
    let variables: ci::Variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let here = std::env::current_dir().map_err(|error| Failure::sentence(&error))?;
    let settings = settings::read(&here)?;
    let build = ci::build(&variables);
    let by_variable = variables.get("ATTEST_INSTANCE").filter(|value| !value.is_empty());
    let instance = pick(
        "--instance",
        args.instance.as_ref().or(by_variable),
        settings.instance.as_ref(),
    )?;
    let project = pick("--project", args.project.as_ref(), settings.project.as_ref())?;
    let source = pick("--source", args.source.as_ref(), settings.source.as_ref())?;
    if !is_source(&source) {
        return Err(Failure::new(
            "Invalid source name: needs to be a single word (with dashes allowed)",
        ));
    }
    let files = if args.files.is_empty() {
        &settings.results
    } else {
        &args.files
    };
    if files.is_empty() {
        return Err(missing("result files"));
    }
    let new = new_run(args, &settings, &source, build)?;
    Ok(Plan {
        way: Way::to(&instance, args.proxy.as_ref())?,
        project,
        new,
        results: Results {
            files: files.clone(),
            rewriter: None,
            ignore_parse_error: args.ignore_parse_error,
            exec_suppress: false,
            exec_stop_error: args.exec_stop_error,
            program: args.program.clone(),
        },
    })
}

fn pick(option: &str, first: Option<&String>, second: Option<&String>) -> Result<String, Failure> {
    first.or(second).cloned().ok_or_else(|| missing(option))
}

fn missing(what: &str) -> Failure {
    Failure::new(format!(
        "Missing {what}: give it on the command line, or in the table [submit] of {}",
        settings::NAME
    ))
}

fn new_run(args: &Submit, settings: &Settings, source: &str, build: Build) -> Result<NewRun, Failure> {
    let tags = [settings.tags.as_slice(), &args.tags].concat();
    if !tags.iter().all(|tag| is_tag(tag)) {
        return Err(Failure::new(
            "Invalid tag name: only letters, numbers, underscore and dash allowed",
        ));
    }
    let made = || {
        let branch = build.branch.iter().map(|branch| format!(" on {branch}"));
        let commit = build.commit.iter().map(|commit| format!(" at {commit:.8}"));
        std::iter::once(source.to_owned())
            .chain(branch)
            .chain(commit)
            .collect()
    };
    let name: String = args
        .name
        .clone()
        .or_else(|| settings.name.clone())
        .unwrap_or_else(made);
    let field = |(name, value): (&str, Option<String>)| {
        let value = value?;
        Some(Field {
            kind: 1,
            name: name.to_owned(),
            value: cut::short(&value).to_owned(),
            meta: BTreeMap::new(),
        })
    };
    Ok(NewRun {
        name: cut::short(&name).to_owned(),
        source: source.to_owned(),
        tags,
        fields: [("Branch", build.branch), ("Commit", build.commit)]
            .into_iter()
            .filter_map(field)
            .collect(),
        links: build
            .url
            .map(|url| Link {
                name: "Build".to_owned(),
                note: None,
                url: cut::short(&url).to_owned(),
            })
            .into_iter()
            .collect(),
        ..NewRun::default()
    })
}

/// The id of a project; a name is looked for in all that the key's owner may see.
async fn project_id(client: &Client, project: &str) -> Result<i64, Failure> {
    if let Ok(id) = project.parse::<i64>() {
        return Ok(id);
    }
    let mut next = Some(1);
    while let Some(page) = next {
        let found = client.projects(page, PageSize::Hundred).await?;
        if let Some(found) = found.result.iter().find(|one| one.name == project) {
            return Ok(found.id);
        }
        next = found.next_page;
    }
    Err(Failure::new(format!("There is no project {project:?}"))
        .and("Please verify its name and the rights of the owner of the API token"))
}

/// The numbers of a submit.
struct Counts {
    files: usize,
    tests: u64,
    passed: u64,
    skipped: u64,
    elapsed: u64,
}

impl Counts {
    fn of(collected: &Collected) -> Counts {
        Counts {
            files: collected.files(),
            tests: collected.tests,
            passed: collected.passed,
            skipped: collected.skipped,
            elapsed: collected.elapsed,
        }
    }

    fn failed(&self) -> u64 {
        self.tests - self.passed - self.skipped
    }

    fn table(&self) -> String {
        format!(
            "{:>9} {:>9} {:>9} {:>9}\n{:>9} {:>9} {:>9} {:>9}",
            "tests",
            "passed",
            "failed",
            "skipped",
            self.tests,
            self.passed,
            self.failed(),
            self.skipped
        )
    }

    fn json(&self, run: i64, project: i64, name: &str) -> serde_json::Value {
        json!({
            "run_id": run, "project_id": project, "name": name, "files": self.files, "tests": self.tests,
            "passed": self.passed, "failed": self.failed(), "skipped": self.skipped, "elapsed": self.elapsed,
        })
    }
}
