//! Builds, tests, checks, measures and runs Attest. `cargo xtask help` lists what there is.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line for the people who work on Attest"
)]

mod assets;
mod bench;
mod binding;
mod browser;
mod canaries;
mod check;
mod clients;
mod conformance;
mod context;
mod docs;
mod fault;
mod http;
mod peak;
mod postgres;
mod requests;
mod retention;
mod schemathesis;
mod server;
mod test;
mod tools;
mod up;

use std::process::ExitCode;

use anyhow::bail;
use context::Context;

const HELP: &str = "\
cargo xtask <command>

  up [--check]        build everything, serve it with a demo project, print the address
  test [PART]         all tests; `test help` lists the parts
  check [PART]        formatting, lints, documentation, licences, generated files
  assets              build the style sheets and scripts
  conformance [PART]  the long forms of the tests: all clients, 300 connections, 50 kills, 10,000 races,
                      all callers of every operation
  fault kill|revoke [--database postgres] [--cycles N] [--pairs N]
  bench [PART]        speed and memory beside what this machine can do at best
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> anyhow::Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return Ok(());
    };
    let context = Context::new()?;
    match command.as_str() {
        "up" => up::run(&context, rest),
        "test" => test::run(&context, rest),
        "check" => check::run(&context, rest),
        "assets" => assets::build(&context),
        "conformance" => conformance::run(&context, rest),
        "fault" => fault::run(&context, rest),
        "bench" => bench::run(&context, rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("there is no command {other:?}: `cargo xtask help` lists them"),
    }
}
