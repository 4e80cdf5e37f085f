//! The commands of Testmo's command line, by their names, options, output and exit codes, so that a CI job switches by
//! one word. They work against Attest and Testmo alike. `docs/CLI.md` lists where they differ on purpose.

mod add;
mod args;
mod check;
mod connect;
mod failure;
mod pattern;
mod program;
mod resources;
mod results;
mod runs;
mod say;
mod short;
mod submit;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use client::RequestKey;

use self::args::Common;
use self::connect::Surroundings;
use self::failure::Failure;
use self::say::Say;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Open a run, send results and complete the run, in one step.
    #[command(name = "automation:run:submit")]
    Submit(Box<args::Submit>),
    /// Open a run for jobs that work side by side, and print its id.
    #[command(name = "automation:run:create")]
    Create(args::Create),
    /// Send results in a thread of their own to an open run.
    #[command(name = "automation:run:submit-thread")]
    SubmitThread(args::SubmitThread),
    /// Complete a run, which takes no more results then.
    #[command(name = "automation:run:complete")]
    Complete(args::Complete),
    /// Add a field to the file of resources.
    #[command(name = "automation:resources:add-field")]
    AddField(args::AddField),
    /// Add a link to the file of resources.
    #[command(name = "automation:resources:add-link")]
    AddLink(args::AddLink),
    /// Add a file that lies on the web to the file of resources.
    #[command(name = "automation:resources:add-artifact")]
    AddArtifact(args::AddArtifact),
}

/// The short form. Testmo's tool has no such command.
pub(crate) use self::short::Submit;

impl Submit {
    /// Runs to the end.
    pub(crate) fn run(&self) -> ExitCode {
        let surroundings = Surroundings::of_process(false);
        let say = Say::new(&self.common, surroundings.no_color);
        ended(block_on(short::submit(self, &surroundings, say)), say)
    }
}

fn ended(outcome: Result<u8, Failure>, say: Say) -> ExitCode {
    outcome.map_or_else(
        |failure| {
            say.fail(failure);
            ExitCode::FAILURE
        },
        ExitCode::from,
    )
}

/// What the binary is under the name `testmo`.
#[derive(Debug, Parser)]
#[command(
    name = "testmo",
    version,
    about = "Submits test results to Attest or Testmo",
    arg_required_else_help = true
)]
struct Testmo {
    /// Colour what is told, also where no terminal is.
    #[arg(long, global = false)]
    ansi: bool,
    /// Never colour what is told.
    #[arg(long, global = false)]
    no_ansi: bool,
    /// Tell on stderr each request and its answer.
    #[arg(long, global = false)]
    debug: bool,
    #[command(subcommand)]
    command: Command,
}

/// Whether the process was started by a link or copy named `testmo`.
pub(crate) fn is_testmo() -> bool {
    let name = std::env::args_os().next().unwrap_or_default();
    std::path::Path::new(&name)
        .file_stem()
        .is_some_and(|stem| stem.eq_ignore_ascii_case("testmo"))
}

/// Whether the first argument is one of these commands: their wrong use has Testmo's exit code.
pub(crate) fn is_asked_for() -> bool {
    std::env::args_os()
        .nth(1)
        .is_some_and(|first| first.to_string_lossy().starts_with("automation:"))
}

/// Runs under the name `testmo`.
pub(crate) fn run_as_testmo() -> ExitCode {
    match Testmo::try_parse() {
        Ok(testmo) => {
            let before = Common::new(testmo.ansi, testmo.no_ansi, testmo.debug);
            testmo.command.run_with(Some(&before), true)
        }
        Err(error) => misused(&error),
    }
}

/// Tells about wrong use, or shows the help that was asked for: exit code 1 or 0.
pub(crate) fn misused(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(u8::from(error.use_stderr()))
}

impl Command {
    /// Runs to the end.
    pub(crate) fn run(&self) -> ExitCode {
        self.run_with(None, false)
    }

    fn run_with(&self, before: Option<&Common>, is_testmo: bool) -> ExitCode {
        let surroundings = Surroundings::of_process(is_testmo);
        let common = self.common().after(before);
        let say = Say::new(&common, surroundings.no_color);
        ended(self.work(&surroundings, say), say)
    }

    fn common(&self) -> &Common {
        match self {
            Command::Submit(args) => &args.common,
            Command::Create(args) => &args.common,
            Command::SubmitThread(args) => &args.common,
            Command::Complete(args) => &args.common,
            Command::AddField(args) => &args.common,
            Command::AddLink(args) => &args.common,
            Command::AddArtifact(args) => &args.common,
        }
    }

    fn work(&self, surroundings: &Surroundings, say: Say) -> Result<u8, Failure> {
        match self {
            Command::Submit(args) => block_on(submit::submit(args, surroundings, say)),
            Command::Create(args) => block_on(runs::create(args, surroundings, say)),
            Command::SubmitThread(args) => block_on(submit::submit_thread(args, surroundings, say)),
            Command::Complete(args) => block_on(runs::complete(args, surroundings, say)),
            Command::AddField(args) => add::field(args).map(|()| 0),
            Command::AddLink(args) => add::link(args).map(|()| 0),
            Command::AddArtifact(args) => add::artifact(args).map(|()| 0),
        }
    }
}

fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::sentence(&error))?
        .block_on(work)
}

/// A new key for one request.
fn key() -> Result<RequestKey, Failure> {
    RequestKey::random().map_err(|error| Failure::sentence(&error))
}
