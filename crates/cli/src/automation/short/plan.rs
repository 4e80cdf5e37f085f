//! What is submitted, and where to: options count first, then the environment, then the file.

use std::collections::BTreeMap;

use client::automation_runs::{Field, Link, NewRun};
use junit::cut;

use super::also::Also;
use super::args::Submit;
use super::ci::{self, Build};
use super::settings::{self, FailOn, OnUnreachable, Settings};
use crate::automation::args::Results;
use crate::automation::check::{is_source, is_tag};
use crate::automation::connect::Way;
use crate::automation::failure::Failure;

/// What is submitted, where to, and what becomes of it.
pub(super) struct Plan {
    pub(super) way: Way,
    /// A second instance that gets the same.
    pub(super) also: Option<Also>,
    pub(super) project: String,
    pub(super) new: NewRun,
    pub(super) results: Results,
    pub(super) on_unreachable: OnUnreachable,
    pub(super) fail_on: FailOn,
}

impl Plan {
    pub(super) fn of(args: &Submit) -> Result<Plan, Failure> {
        let variables = ci::variables();
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
        let way = Way::to(&instance, args.proxy.as_ref())?;
        Ok(Plan {
            also: also(args, &settings, &way, &project)?,
            way,
            project,
            new: new_run(args, &settings, &source, build)?,
            results: Results {
                files: files.clone(),
                rewriter: None,
                ignore_parse_error: args.ignore_parse_error,
                exec_suppress: false,
                exec_stop_error: args.exec_stop_error,
                program: args.program.clone(),
            },
            on_unreachable: args
                .on_unreachable
                .or(settings.on_unreachable)
                .unwrap_or_default(),
            fail_on: args.fail_on.or(settings.fail_on).unwrap_or_default(),
        })
    }
}

fn also(args: &Submit, settings: &Settings, way: &Way, project: &str) -> Result<Option<Also>, Failure> {
    let there = args.also_project.as_ref().or(settings.also_project.as_ref());
    let Some(address) = args.also.as_ref().or(settings.also.as_ref()) else {
        return match there {
            Some(_) => Err(missing("--also, which the project of a second instance needs")),
            None => Ok(None),
        };
    };
    let there = there.map_or(project, String::as_str).to_owned();
    Also::new(address, there, args.proxy.as_ref(), (way, project)).map(Some)
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
