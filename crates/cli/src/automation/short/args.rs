//! The options of `attest submit`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use super::settings::{FailOn, OnUnreachable};
use crate::automation::args::Common;

#[expect(clippy::doc_markdown, reason = "the help is no Markdown")]
#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct Submit {
    /// Result files; patterns in quotes; - is stdin. Otherwise those of attest.toml.
    ///
    /// The format is found by what a file holds: JUnit XML, TRX, NUnit 3, xUnit.net, CTRF, Cucumber JSON, Playwright
    /// JSON, go test JSON, TAP, Allure results.
    #[arg(value_name = "FILES")]
    pub(super) files: Vec<String>,
    /// Address of the instance; otherwise that of the environment or of attest.toml.
    #[arg(long, value_name = "URL")]
    pub(super) instance: Option<String>,
    /// Project, by name or id.
    #[arg(long)]
    pub(super) project: Option<String>,
    /// Source that the run belongs to, such as backend-unit; runs of one source are compared.
    #[arg(long)]
    pub(super) source: Option<String>,
    /// Name of the run; otherwise made of source, branch and commit.
    #[arg(long)]
    pub(super) name: Option<String>,
    /// A tag; may be repeated.
    #[arg(long = "tag")]
    pub(super) tags: Vec<String>,
    /// Send to the run of this key, which the first job makes; `ci` takes what the CI service gives each build.
    #[arg(long, value_name = "KEY")]
    pub(super) run_key: Option<String>,
    /// Name of this job's part of the run. A part that is sent again replaces what it sent before.
    #[arg(long, value_name = "NAME")]
    pub(super) part: Option<String>,
    /// Complete the run when so many parts have been sent.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) parts: Option<u32>,
    /// JSON file with fields, links and artifacts of the run.
    #[arg(long, value_name = "FILE")]
    pub(super) resources: Option<PathBuf>,
    /// HTTP(S) proxy for all requests, instead of that of the environment.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) proxy: Option<String>,
    /// Address of a second instance that gets the same results; if it fails, that is only told.
    ///
    /// The API token for it is that of ATTEST_ALSO_TOKEN.
    #[arg(long, value_name = "URL")]
    pub(super) also: Option<String>,
    /// Project at the second instance, by name or id, if it is another there.
    #[arg(long, value_name = "PROJECT")]
    pub(super) also_project: Option<String>,
    /// Requests with results that are under way at once.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u8).range(1..=16))]
    pub(super) parallel: u8,
    /// What to do when the instance cannot be reached: keep the results for --flush (warn), or fail.
    #[arg(long, value_name = "WHAT")]
    pub(super) on_unreachable: Option<OnUnreachable>,
    /// Exit with 3 when tests failed.
    #[arg(long, value_name = "WHICH")]
    pub(super) fail_on: Option<FailOn>,
    /// Send what was kept because the instance could not be reached, and nothing else.
    #[arg(long, conflicts_with_all = ["files", "source", "name", "tags", "run_key", "part", "parts", "resources", "also", "also_project", "program"])]
    pub(super) flush: bool,
    /// Add a summary in Markdown to this file; otherwise to that of GITHUB_STEP_SUMMARY.
    #[arg(long, value_name = "FILE")]
    pub(super) summary: Option<PathBuf>,
    /// Print the result as JSON on stdout, instead of the run's id.
    #[arg(long)]
    pub(super) json: bool,
    /// Leave out result files that cannot be read, and send the others.
    #[arg(long)]
    pub(super) ignore_parse_error: bool,
    /// Send nothing when the program fails.
    #[arg(long)]
    pub(super) exec_stop_error: bool,
    #[command(flatten)]
    pub(in crate::automation) common: Common,
    /// A program to run first. Its output and time are sent, and its exit code is that of this command.
    #[arg(last = true, value_name = "PROGRAM")]
    pub(super) program: Vec<OsString>,
}
