//! The command line: which commands there are, and how their failures are shown.

mod admin;
mod audit;
mod covering;
mod doctor;
mod generate;
mod keys;
mod manual;
mod reference;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::config::{self, Config, Environment, Loaded, ServeFlags, StoreFlags};
use crate::{automation, logging, serve};

/// Attest: test management with an API that Testmo's clients speak.
#[derive(Debug, Parser)]
#[command(name = "attest", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve pages and API.
    Serve(ServeFlags),
    /// Submit test results as a run of their own.
    Submit(Box<automation::Submit>),
    /// Check a configuration and its surroundings, and say how to mend what is wrong.
    Doctor(ServeFlags),
    /// Set an instance up.
    #[command(subcommand)]
    Admin(admin::Command),
    /// Make, list, revoke and replace API keys.
    #[command(subcommand)]
    Keys(keys::Command),
    /// Look after the audit log.
    #[command(subcommand)]
    Audit(Audit),
    /// Combine values: few rows with every pair, triple and so on that the constraints allow.
    Covering(covering::Covering),
    /// Make test cases from requirements, stories, interfaces, tables and state diagrams.
    Generate(Box<generate::Generate>),
    /// About the settings.
    #[command(subcommand)]
    Config(Reference),
    /// Print a script that completes commands and options in a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Write a manual page for each command.
    Manual {
        /// Folder that gets the pages; made when it is not there.
        folder: PathBuf,
    },
    #[command(flatten)]
    Automation(automation::Command),
}

#[derive(Debug, Subcommand)]
enum Audit {
    /// Check that no sealed entry was changed or removed, and count those that have no seal yet.
    Verify(StoreFlags),
}

#[derive(Debug, Subcommand)]
enum Reference {
    /// Print the reference of all settings as Markdown.
    Reference,
    /// Print the reference of all commands as Markdown.
    Commands,
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    if automation::is_testmo() {
        return automation::run_as_testmo();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if automation::is_asked_for() => return automation::misused(&error),
        Err(error) => error.exit(),
    };
    let outcome = match cli.command {
        Command::Serve(flags) => load(&flags.0).and_then(serve),
        Command::Doctor(flags) => doctor::run(&flags.0, &Environment::of_process()),
        Command::Admin(command) => command.run(),
        Command::Keys(command) => command.run(),
        Command::Audit(Audit::Verify(flags)) => audit::verify(&flags),
        Command::Submit(command) => return command.run(),
        Command::Automation(command) => return command.run(),
        Command::Covering(covering) => Ok(covering.run()),
        Command::Generate(generate) => Ok(generate.run()),
        Command::Completions { shell } => {
            print(&manual::completions(Cli::command(), shell));
            Ok(ExitCode::SUCCESS)
        }
        Command::Manual { folder } => manual::write(Cli::command(), &folder).map(|()| ExitCode::SUCCESS),
        Command::Config(about) => {
            print(&about.page());
            Ok(ExitCode::SUCCESS)
        }
    };
    outcome.unwrap_or_else(|error| {
        complain(&format!("error: {error:#}"));
        ExitCode::FAILURE
    })
}

impl Reference {
    fn page(&self) -> String {
        match self {
            Reference::Reference => config::reference(),
            Reference::Commands => reference::commands(Cli::command()),
        }
    }
}

fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve::run(config))?;
    Ok(ExitCode::SUCCESS)
}

/// Reads the configuration and starts the log that it asks for.
fn load(flags: &config::Flags) -> anyhow::Result<Config> {
    let Loaded { config, warnings } = Config::load(flags, &Environment::of_process())?;
    logging::start(&config.log);
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    Ok(config)
}

/// Runs a short command to its end.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// Text for stdout, which others may read by program. A reader that has gone away is no failure.
fn print(text: &str) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Text for people, beside what stdout carries.
fn complain(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
