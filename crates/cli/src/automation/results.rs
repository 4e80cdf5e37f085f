//! Result files: which there are, and their tests in batches.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use client::automation_threads::Batch;
use junit::{Known, Report, Tests};
use reports::{Detected, Format, Spool, detect};

use super::failure::Failure;
use super::pattern;
use super::say::Say;

/// Tests of one request, as Testmo's command line sends them.
pub(super) const BATCH: usize = 250;
/// Bytes of one read.
const BUFFER: usize = 64 * 1024;

/// Result files that are known to be valid.
#[derive(Default)]
pub(super) struct Collected {
    files: Vec<ResultFile>,
    /// Tests of all files.
    pub(super) tests: u64,
    /// Those that passed.
    pub(super) passed: u64,
    /// Those that were skipped.
    pub(super) skipped: u64,
    /// Their duration in microseconds.
    pub(super) elapsed: u64,
}

struct ResultFile {
    name: PathBuf,
    known: Known,
    /// Where stdin was kept, which cannot be opened again.
    spooled: Option<BufReader<File>>,
}

impl Collected {
    pub(super) fn files(&self) -> usize {
        self.files.len()
    }

    /// Hands each batch to `send`, in the order of files and tests.
    pub(super) async fn batches(
        self,
        mut send: impl AsyncFnMut(Batch) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut batch = Batch::default();
        for file in self.files {
            let told = |error: &dyn std::fmt::Display| unreadable(&file.name, error);
            let source = match file.spooled {
                Some(spooled) => spooled,
                None => open(&file.name).map_err(|error| told(&error))?,
            };
            let mut report = file.known.reopen(source);
            let tests: Tests<'_, _> = report.tests().map_err(|error| told(&error))?;
            for test in tests {
                batch.push(&test.map_err(|error| told(&error))?)?;
                if batch.len() == BATCH {
                    send(std::mem::take(&mut batch)).await?;
                }
            }
        }
        if !batch.is_empty() {
            send(batch).await?;
        }
        Ok(())
    }
}

/// Finds and reads the files that `values` name. A file that cannot be read ends it unless `ignores_errors`.
pub(super) fn collect(values: &[String], ignores_errors: bool, say: Say) -> Result<Collected, Failure> {
    let mut collected = Collected::default();
    for name in pattern::files(values)? {
        let is_stdin = name.as_os_str() == "-";
        let source = if is_stdin {
            junit::spool(io::stdin().lock())
        } else {
            open(&name)
        };
        let mut source = source.map_err(|error| unreadable(&name, &error))?;
        if !is_stdin && !is_junit(&name, &mut source, say)? {
            continue;
        }
        match Report::open(&mut source) {
            Ok(report) => {
                let known = report.close();
                let summary = known.summary();
                collected.tests += summary.tests;
                collected.passed += summary.passed;
                collected.skipped += summary.skipped;
                collected.elapsed = collected.elapsed.saturating_add(summary.elapsed_computed);
                collected.files.push(ResultFile {
                    name,
                    known,
                    spooled: is_stdin.then_some(source),
                });
            }
            Err(error) => {
                let failure = Failure::new(format!("Failed to parse file: {}", name.display())).and(error);
                if !ignores_errors {
                    return Err(failure);
                }
                say.fail(failure);
            }
        }
    }
    Ok(collected)
}

/// Reads the files that `values` name, in any format that is known. A file that cannot be read ends it unless
/// `ignores_errors`. The number of files, and their tests.
pub(super) fn gather(values: &[String], ignores_errors: bool, say: Say) -> Result<(usize, Spool), Failure> {
    let room = |error: io::Error| Failure::new(format!("Cannot make a temporary file: {error}"));
    let (mut spool, mut files) = (Spool::new().map_err(room)?, 0);
    for name in pattern::files(values)? {
        let is_stdin = name.as_os_str() == "-";
        let source = if is_stdin {
            junit::spool(io::stdin().lock())
        } else {
            open(&name)
        };
        let mut source = source.map_err(|error| unreadable(&name, &error))?;
        // What comes from a pipe has no name to go by, and is meant.
        let named = if is_stdin { Path::new("stdin.xml") } else { &name };
        let format = match detect(named, &mut source).map_err(|error| unreadable(&name, &error))? {
            Detected::Results(format) => format,
            Detected::Other(format) => {
                let name = name.display();
                say.warn(format_args!("Left out: {name} is {format}, which is not read"));
                continue;
            }
            Detected::NotResults if is_stdin => Format::Junit,
            Detected::NotResults => continue,
        };
        match spool.add(format, &mut source) {
            Ok(()) => files += 1,
            Err(error) => {
                let failure = Failure::new(format!("Failed to parse file: {}", name.display()));
                let failure = failure.and(format_args!("It is {}; {error}", format.name()));
                if !ignores_errors {
                    return Err(failure);
                }
                say.fail(failure);
            }
        }
    }
    Ok((files, spool))
}

/// Whether the file has JUnit results, the only ones that Testmo's tool sends. Another format is named; what holds no
/// results is left out in silence.
fn is_junit(name: &Path, source: &mut BufReader<File>, say: Say) -> Result<bool, Failure> {
    let detected = detect(name, source).map_err(|error| unreadable(name, &error))?;
    let name = name.display();
    match detected {
        Detected::Results(Format::Junit) => return Ok(true),
        Detected::Results(format) => say.warn(format_args!(
            "Left out: {name} is {}, not JUnit XML; attest submit sends it",
            format.name()
        )),
        Detected::Other(format) => say.warn(format_args!("Left out: {name} is {format}, not JUnit XML")),
        Detected::NotResults => {}
    }
    Ok(false)
}

fn open(name: &Path) -> io::Result<BufReader<File>> {
    let file = File::open(name)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::other("it is a folder; name the files in it"));
    }
    Ok(BufReader::with_capacity(BUFFER, file))
}

fn unreadable(name: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!("Cannot read the result file {}: {error}", name.display()))
}
