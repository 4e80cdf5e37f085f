//! `attest covering`: rows that combine values, from a model in PICT's format.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use covering::{Model, Options, Rows, SeedRows};

const HELP: &str = "\
Rows go to stdout with a header, tab-separated; warnings, statistics and errors to stderr. The same
model, seed rows and options give the same rows on every machine.

Exit codes:
  0  rows were printed
  1  a file cannot be read
  2  the command line is wrong
  3  the model is wrong; the message gives line and column
  4  there are no such rows: the constraints allow none or are too hard to decide, the strength is
     out of range, or there is too much to combine";

/// A file cannot be read.
const UNREADABLE: u8 = 1;

/// The model is wrong.
const WRONG_MODEL: u8 = 3;

/// There are no such rows.
const NO_ROWS: u8 = 4;

#[derive(Debug, Args)]
#[command(after_help = HELP, after_long_help = HELP)]
pub(super) struct Covering {
    /// File with the model in PICT's format, or `-` for stdin.
    #[arg(value_name = "MODEL")]
    model: PathBuf,
    /// How many parameters are combined with each other, from 1 to 6: 2 covers all pairs of values.
    #[arg(long, value_name = "N", default_value_t = 2)]
    strength: usize,
    /// Keep the rows of this file, a header with names of parameters first, tab-separated. Empty cells are
    /// completed. What this command or `pict` printed before can be given.
    #[arg(long, value_name = "FILE")]
    seed_rows: Option<PathBuf>,
    /// Another number gives other rows, the same number always the same.
    #[arg(long, value_name = "N", default_value_t = 0)]
    random_seed: u64,
    /// Tell `a` from `A` in names and constraints.
    #[arg(long)]
    case_sensitive: bool,
    /// Tell how much there is to cover, and prove that the rows do.
    #[arg(long)]
    stats: bool,
}

/// Why there are no rows: the exit code and the message.
type Failure = (u8, String);

impl Covering {
    pub(super) fn run(&self) -> ExitCode {
        match self.make() {
            Ok(table) => {
                super::print(&table);
                ExitCode::SUCCESS
            }
            Err((code, message)) => {
                super::complain(&format!("error: {message}"));
                ExitCode::from(code)
            }
        }
    }

    fn make(&self) -> Result<String, Failure> {
        let text = read(&self.model)?;
        let model = Model::parse(&text, self.case_sensitive)
            .map_err(|error| (WRONG_MODEL, format!("{}: {error}", name(&self.model))))?;
        let seeds = self.seeds(&model)?;
        let options = Options {
            strength: self.strength,
            random_seed: self.random_seed,
            seed_rows: seeds.rows,
            ..Options::default()
        };
        let made = covering::generate(&model, &options).map_err(no_rows)?;
        for line in made.skipped.iter().filter_map(|row| seeds.lines.get(*row)) {
            super::complain(&format!(
                "warning: seed rows, line {line}: no row that meets the constraints has these values; it is left out"
            ));
        }
        if self.stats {
            self.tell(&model, &made)?;
        }
        Ok(covering::to_table(&model, &made.rows))
    }

    fn seeds(&self, model: &Model) -> Result<SeedRows, Failure> {
        let Some(path) = &self.seed_rows else {
            return Ok(SeedRows::default());
        };
        let seeds = covering::read_seed_rows(model, &read(path)?);
        for warning in &seeds.warnings {
            super::complain(&format!("warning: seed rows, {warning}"));
        }
        Ok(seeds)
    }

    /// Statistics, and the verdict of the checker, which shares nothing with the generator.
    fn tell(&self, model: &Model, made: &Rows) -> Result<(), Failure> {
        let report = covering::check(model, self.strength, &made.rows).map_err(no_rows)?;
        if !report.is_proven() {
            let why = "the rows do not cover the model, which is a mistake of this command; please report the model";
            return Err((NO_ROWS, why.to_owned()));
        }
        let values: usize = model
            .parameters()
            .iter()
            .map(|parameter| parameter.values.len())
            .sum();
        super::complain(&format!(
            "parameters    {}\nvalues        {values}\nconstraints   {}\ncombinations  {}\nexcluded      {}\nrows          {}\nproven        every combination is covered, every row is allowed",
            model.parameters().len(),
            model.constraints().len(),
            report.covered,
            report.excluded,
            made.rows.len(),
        ));
        Ok(())
    }
}

fn no_rows(error: covering::Error) -> Failure {
    (NO_ROWS, error.to_string())
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

/// The text of a file or stdin, as long as it may be.
fn read(path: &Path) -> Result<String, Failure> {
    let source: io::Result<Box<dyn Read>> = if is_stdin(path) {
        Ok(Box::new(io::stdin()))
    } else {
        File::open(path).map(|file| Box::new(file) as Box<dyn Read>)
    };
    let mut bytes = Vec::new();
    let most = covering::MAX_TEXT as u64;
    let read = source.and_then(|source| source.take(most + 1).read_to_end(&mut bytes));
    let unreadable = |why: String| (UNREADABLE, format!("{}: {why}", name(path)));
    match read {
        Err(error) => Err(unreadable(format!("cannot be read: {error}"))),
        Ok(length) if length as u64 > most => {
            Err(unreadable(format!("is longer than {most} bytes; split it")))
        }
        Ok(_) => {
            String::from_utf8(bytes).map_err(|_| unreadable("is not UTF-8; save it as UTF-8".to_owned()))
        }
    }
}
