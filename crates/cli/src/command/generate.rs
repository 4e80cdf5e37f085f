//! `attest generate`: test cases from requirements.

mod output;

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use generate::{Document, Options, Technique, TestSet};

const HELP: &str = "\
Reads user stories and requirements in Markdown, text, Word, PDF, HTML, CSV and Excel, feature files,
OpenAPI and JSON Schema, state diagrams of Mermaid, PlantUML and GraphML, and models of PICT. What a
file is, its content says. The same input and options give the same output on every machine.

Techniques (of ISO/IEC/IEEE 29119-4): equivalence_partitioning, boundary_value, syntax,
combinatorial, decision_table, cause_effect, state_transition, scenario, requirements_based,
role_action and rest are used where they suit the input; classification_tree, each_choice and
base_choice when asked for.

Cases go to stdout, the report of coverage (with --explain) and errors to stderr. The JSON form is
documented in docs/GENERATE.md.

Exit codes:
  0  cases were printed; with --check-only, there are no open questions
  1  a file cannot be read
  2  the command line is wrong
  3  a document breaks the rules of its format; the message gives line and column
  4  with --check-only, there are open questions";

/// A file cannot be read.
const UNREADABLE: u8 = 1;

/// A document breaks the rules of its format.
const WRONG: u8 = 3;

/// There are open questions.
const QUESTIONS: u8 = 4;

/// How cases are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line for each case, to look over.
    Table,
    /// Everything, for programs.
    Json,
    /// To read.
    Markdown,
    /// A feature file.
    Gherkin,
    /// A row for each step, for spreadsheets and imports.
    Csv,
}

#[derive(Debug, Args)]
#[command(after_help = HELP, after_long_help = HELP)]
pub(super) struct Generate {
    /// Files to read, or `-` for stdin.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// How cases are printed.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Use only these techniques, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = technique)]
    technique: Vec<Technique>,
    /// How many parameters are combined with each other, from 1 to 6.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=6))]
    strength: u8,
    /// Cases for one criterion at most; those with most risk stay.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    budget: usize,
    /// Cases for one requirement at most.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    requirement_budget: usize,
    /// Boundaries with three values instead of two.
    #[arg(long)]
    three_values: bool,
    /// Only check the requirements, and print the open questions.
    #[arg(long, conflicts_with_all = ["since", "scenarios", "keep"])]
    check_only: bool,
    /// Only a line for each case: ids, titles and what they cover.
    #[arg(long)]
    scenarios: bool,
    /// Keep only the cases whose ids stand in this file, one in each line.
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,
    /// JSON of an earlier run: what did not change stays as it is there, ids stay, and the output says what is
    /// kept, changed, new and stale. One file can be read then.
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Tell on stderr what is covered, what is not and why.
    #[arg(long)]
    explain: bool,
    /// Write the report of coverage to a file: a page if its name ends with `.html`, JSON with `.json`, else text.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

/// Why there is no output: the exit code and the message.
type Failure = (u8, String);

fn technique(name: &str) -> Result<Technique, String> {
    Technique::of(name).ok_or_else(|| {
        let all: Vec<&str> = Technique::ALL.iter().map(|technique| technique.key()).collect();
        format!("not a technique; take one of {}", all.join(", "))
    })
}

impl Generate {
    pub(super) fn run(&self) -> ExitCode {
        match self.make() {
            Ok((text, code)) => {
                super::print(&text);
                ExitCode::from(code)
            }
            Err((code, message)) => {
                super::complain(&format!("error: {message}"));
                ExitCode::from(code)
            }
        }
    }

    fn make(&self) -> Result<(String, u8), Failure> {
        let documents = self
            .files
            .iter()
            .map(|path| document(path))
            .collect::<Result<Vec<_>, _>>()?;
        if self.check_only {
            return Ok(self.check(&documents));
        }
        let previous = self.previous()?;
        if previous.is_some() && documents.len() > 1 {
            return Err((
                2,
                "--since compares one document with its earlier cases; give one file".to_owned(),
            ));
        }
        let options = self.options();
        let mut sets: Vec<TestSet> = documents
            .iter()
            .map(|document| match &previous {
                Some(previous) => generate::regenerate(document, &options, previous),
                None => generate::generate(document, &options),
            })
            .collect();
        if let Some(path) = &self.keep {
            let text = String::from_utf8(read(path)?).map_err(|_| unreadable(path, "is not UTF-8"))?;
            let ids: HashSet<String> = text.split_whitespace().map(str::to_owned).collect();
            sets = sets.into_iter().map(|set| set.only(&ids)).collect();
        }
        if self.scenarios {
            sets = sets.into_iter().map(TestSet::scenarios).collect();
        }
        self.tell(&sets)?;
        let text = output::cases(self.format, &sets).map_err(|error| (UNREADABLE, error.to_string()))?;
        Ok((text, 0))
    }

    fn options(&self) -> Options {
        Options {
            techniques: self.technique.clone(),
            strength: usize::from(self.strength),
            criterion_budget: self.budget,
            requirement_budget: self.requirement_budget,
            three_values: self.three_values,
            ..Options::default()
        }
    }

    fn check(&self, documents: &[Document]) -> (String, u8) {
        let text = output::questions(self.format, documents);
        let any = documents
            .iter()
            .any(|document| !generate::check(document).is_empty());
        (text, if any { QUESTIONS } else { 0 })
    }

    fn previous(&self) -> Result<Option<TestSet>, Failure> {
        let Some(path) = &self.since else {
            return Ok(None);
        };
        let bytes = read(path)?;
        let set: TestSet = serde_json::from_slice(&bytes).map_err(|error| {
            let why = format!(
                "{}: is not the JSON of 'attest generate --format json' for one document: {error}",
                name(path)
            );
            (WRONG, why)
        })?;
        if set.format_version != generate::FORMAT_VERSION {
            let why = format!(
                "{}: has format version {}, which this version cannot read; make it anew",
                name(path),
                set.format_version
            );
            return Err((WRONG, why));
        }
        Ok(Some(set))
    }

    /// The report, where it was asked for.
    fn tell(&self, sets: &[TestSet]) -> Result<(), Failure> {
        if self.explain {
            for set in sets {
                super::complain(output::explained(set).trim_end());
            }
        }
        let Some(path) = &self.report else {
            return Ok(());
        };
        let text = output::report(path, sets).map_err(|error| (UNREADABLE, error.to_string()))?;
        std::fs::write(path, text).map_err(|error| unreadable(path, &format!("cannot be written: {error}")))
    }
}

/// Reads one document.
fn document(path: &Path) -> Result<Document, Failure> {
    let bytes = read(path)?;
    let file = path
        .file_name()
        .map_or_else(|| name(path), |name| name.to_string_lossy().into_owned());
    let file = if is_stdin(path) { "stdin".to_owned() } else { file };
    generate::read(&file, &bytes).map_err(|error| {
        let all: Vec<String> = std::iter::once(&error)
            .chain(&error.more)
            .map(|error| format!("{}: {error}", name(path)))
            .collect();
        (WRONG, all.join("\n"))
    })
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

/// What messages call a file.
fn name(path: &Path) -> String {
    if is_stdin(path) {
        "stdin".to_owned()
    } else {
        path.display().to_string()
    }
}

fn unreadable(path: &Path, why: &str) -> Failure {
    (UNREADABLE, format!("{}: {why}", name(path)))
}

/// The bytes of a file or stdin, as long as they may be. An earlier set is longer than what it was made of.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let source: io::Result<Box<dyn Read>> = if is_stdin(path) {
        Ok(Box::new(io::stdin()))
    } else {
        File::open(path).map(|file| Box::new(file) as Box<dyn Read>)
    };
    let most = 16 * generate::MAX_BYTES as u64;
    let mut bytes = Vec::new();
    match source.and_then(|source| source.take(most + 1).read_to_end(&mut bytes)) {
        Err(error) => Err(unreadable(path, &format!("cannot be read: {error}"))),
        Ok(length) if length as u64 > most => Err(unreadable(
            path,
            &format!("is longer than {most} bytes; split it"),
        )),
        Ok(_) => Ok(bytes),
    }
}
