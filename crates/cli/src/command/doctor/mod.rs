//! `attest doctor`: what is wrong with a configuration and its surroundings, and how to mend it.

mod certificate;
mod instance;
mod network;

use std::process::ExitCode;

use crate::config::{Config, Environment, Flags, Loaded};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    /// As it should be.
    Ok,
    /// Works, but somebody will be surprised.
    Warning,
    /// Does not work.
    Error,
}

/// What was found, and what to do about it.
#[derive(Debug)]
struct Finding {
    level: Level,
    text: String,
    remedy: String,
}

/// What was found so far.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn ok(&mut self, text: impl Into<String>) {
        self.add(Level::Ok, text, "");
    }

    fn warning(&mut self, text: impl Into<String>, remedy: impl Into<String>) {
        self.add(Level::Warning, text, remedy);
    }

    fn error(&mut self, text: impl Into<String>, remedy: impl Into<String>) {
        self.add(Level::Error, text, remedy);
    }

    fn add(&mut self, level: Level, text: impl Into<String>, remedy: impl Into<String>) {
        self.0.push(Finding {
            level,
            text: text.into(),
            remedy: remedy.into(),
        });
    }

    fn report(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        for finding in &self.0 {
            let mark = match finding.level {
                Level::Ok => "ok     ",
                Level::Warning => "warning",
                Level::Error => "error  ",
            };
            let _ = writeln!(text, "{mark}  {}", finding.text);
            if !finding.remedy.is_empty() {
                let _ = writeln!(text, "         remedy: {}", finding.remedy);
            }
        }
        let count = |level| self.0.iter().filter(|finding| finding.level == level).count();
        let _ = writeln!(
            text,
            "{} errors, {} warnings",
            count(Level::Error),
            count(Level::Warning)
        );
        text
    }

    fn exit_code(&self) -> ExitCode {
        let worst = self.0.iter().map(|finding| finding.level).max();
        if worst == Some(Level::Error) {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}

/// Examines everything and prints the findings; the exit code tells whether there was an error.
pub(super) fn run(flags: &Flags, environment: &Environment) -> anyhow::Result<ExitCode> {
    let mut findings = Findings::default();
    match Config::load(flags, environment) {
        Ok(loaded) => super::block_on(async {
            examine(&loaded, &mut findings).await;
            Ok(())
        })?,
        Err(error) => findings.error(
            format!("{}: {}", error.key, error.problem),
            format!("{} (set by {})", error.remedy, error.origin),
        ),
    }
    super::print(&findings.report());
    Ok(findings.exit_code())
}

async fn examine(loaded: &Loaded, findings: &mut Findings) {
    findings.ok("the configuration can be read");
    for warning in &loaded.warnings {
        findings.warning(warning.clone(), "unset it, or mend its name");
    }
    let config = &loaded.config;
    instance::folder(config, findings);
    instance::database(config, findings).await;
    instance::blobs(config, findings).await;
    certificate::examine(config, findings);
    network::listeners(config, findings);
    network::public_url(config, findings);
    network::files(config, findings);
}
