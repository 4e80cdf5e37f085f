//! The options of Testmo's command line, by the names that CI jobs use.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgAction, Args};

/// The file of the `automation:resources` commands unless another is named.
const RESOURCES: &str = "testmo-resources.json";

/// What every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// Colour what is told, also where no terminal is.
    #[arg(long)]
    ansi: bool,
    /// Never colour what is told.
    #[arg(long, overrides_with = "ansi")]
    no_ansi: bool,
    /// Tell on stderr each request and its answer.
    #[arg(long)]
    pub(super) debug: bool,
}

impl Common {
    /// These options.
    pub(super) fn new(ansi: bool, no_ansi: bool, debug: bool) -> Common {
        Common { ansi, no_ansi, debug }
    }

    /// These options and those that stood before the command.
    pub(super) fn after(&self, before: Option<&Common>) -> Common {
        let before = before
            .cloned()
            .unwrap_or_else(|| Common::new(false, false, false));
        Common {
            ansi: self.ansi || (before.ansi && !self.no_ansi),
            no_ansi: self.no_ansi || (before.no_ansi && !self.ansi),
            debug: self.debug || before.debug,
        }
    }

    /// What was asked for; none leaves it to the terminal.
    pub(super) fn colour(&self) -> Option<bool> {
        match (self.ansi, self.no_ansi) {
            (_, true) => Some(false),
            (true, _) => Some(true),
            _ => None,
        }
    }
}

/// Where the instance is, and how to get there.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// Address of the instance, with https:// before it; http:// is only for this machine.
    #[arg(long, value_name = "URL", allow_hyphen_values = true)]
    pub(super) instance: String,
    /// HTTP(S) proxy for all requests, instead of that of the environment.
    #[arg(long, value_name = "ADDRESS", allow_hyphen_values = true)]
    pub(super) proxy: Option<String>,
}

/// What a new run is.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Id of the project that gets the run.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(super) project_id: String,
    /// Name of the run.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) name: String,
    /// Source that the run belongs to, such as backend-unit; runs of one source are compared.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) source: String,
    /// Tags; they may also link the run to a milestone.
    #[arg(long, num_args = 1.., action = ArgAction::Append)]
    pub(super) tags: Vec<String>,
    /// Configuration, by name.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(super) config: Option<String>,
    /// Configuration, by id.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(super) config_id: Option<String>,
    /// Milestone, by name.
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    pub(super) milestone: Option<String>,
    /// Milestone, by id.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(super) milestone_id: Option<String>,
}

/// Which results are sent, and the program that makes them.
#[derive(Debug, Args)]
pub(crate) struct Results {
    /// Result files in JUnit XML. A single value may be a pattern such as "reports/**/*.xml"; - is stdin.
    #[arg(long = "results", value_name = "FILES", num_args = 1.., required = true, action = ArgAction::Append)]
    pub(super) files: Vec<String>,
    /// A JavaScript file whose rewriteTest changes each test. Not supported: it would need Node.js.
    #[arg(long = "results-rewriter", value_name = "FILE", hide = true)]
    pub(super) rewriter: Option<PathBuf>,
    /// Leave out result files that cannot be read, and send the others.
    #[arg(long)]
    pub(super) ignore_parse_error: bool,
    /// Don't show what the program writes to stdout. It is sent nevertheless.
    #[arg(long)]
    pub(super) exec_suppress: bool,
    /// Send nothing when the program fails.
    #[arg(long)]
    pub(super) exec_stop_error: bool,
    /// A program to run first. Its output and time are sent, and its exit code is that of this command.
    #[arg(last = true, value_name = "PROGRAM")]
    pub(super) program: Vec<OsString>,
}

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct Submit {
    #[command(flatten)]
    pub(super) target: Target,
    #[command(flatten)]
    pub(super) run: Run,
    #[command(flatten)]
    pub(super) results: Results,
    /// JSON file with fields, links and artifacts of the run.
    #[arg(long, value_name = "FILE")]
    pub(super) resources: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct Create {
    #[command(flatten)]
    pub(super) target: Target,
    #[command(flatten)]
    pub(super) run: Run,
    /// JSON file with fields, links and artifacts of the run.
    #[arg(long, value_name = "FILE")]
    pub(super) resources: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct SubmitThread {
    #[command(flatten)]
    pub(super) target: Target,
    /// Id of the run, as automation:run:create printed it.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(super) run_id: String,
    #[command(flatten)]
    pub(super) results: Results,
    /// JSON file with fields, links and artifacts that are added to the run.
    #[arg(long, value_name = "FILE")]
    pub(super) run_resources: Option<PathBuf>,
    /// JSON file with fields and artifacts of the thread. A thread has no links.
    #[arg(long, value_name = "FILE")]
    pub(super) thread_resources: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct Complete {
    #[command(flatten)]
    pub(super) target: Target,
    /// Id of the run, as automation:run:create printed it.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    pub(super) run_id: String,
    /// The run took as long as its longest thread, instead of the time since it was created.
    #[arg(long)]
    pub(super) no_measure_elapsed: bool,
    /// JSON file with fields, links and artifacts that are added to the run.
    #[arg(long, value_name = "FILE")]
    pub(super) resources: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct AddField {
    /// string, url, text, console or html.
    #[arg(long = "type", value_name = "TYPE", allow_hyphen_values = true)]
    pub(super) kind: String,
    /// Name of the field.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) name: String,
    /// Value of a string or url; the other types read stdin.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) value: Option<String>,
    /// JSON file that the field is added to; made when there is none.
    #[arg(long, value_name = "FILE", default_value = RESOURCES)]
    pub(super) resources: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct AddLink {
    /// Name of the link.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) name: String,
    /// Address of the link.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) url: String,
    /// A remark, up to 80 characters.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(super) note: Option<String>,
    /// JSON file that the link is added to; made when there is none.
    #[arg(long, value_name = "FILE", default_value = RESOURCES)]
    pub(super) resources: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Args)]
#[command(args_override_self = true)]
pub(crate) struct AddArtifact {
    /// Name of the file that lies on the web.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) name: String,
    /// Address of the file. Only your team should be able to open it.
    #[arg(long, allow_hyphen_values = true)]
    pub(super) url: String,
    /// A remark, up to 80 characters.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(super) note: Option<String>,
    /// The same file on this machine: its size and media type are noted, it is not uploaded.
    #[arg(long)]
    pub(super) file: Option<PathBuf>,
    /// JSON file that the artifact is added to; made when there is none.
    #[arg(long, value_name = "FILE", default_value = RESOURCES)]
    pub(super) resources: PathBuf,
    #[command(flatten)]
    pub(super) common: Common,
}
