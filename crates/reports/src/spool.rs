//! Tests of any number of files, kept as the JSON that is sent.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write as _};

use junit::{Status, Summary, Test};

use crate::error::Error;
use crate::{Format, allure, ctrf, cucumber, go, nunit, playwright, tap, trx, xunit};

/// The tests of files in any [`Format`]. They lie in a temporary file without a name, which vanishes when this is
/// dropped.
pub struct Spool {
    file: BufWriter<File>,
    length: u64,
    summary: Summary,
    attempts: HashMap<String, Attempt>,
    replaced: HashSet<u64>,
}

/// The newest attempt of a test that may be run again: its own result file each.
struct Attempt {
    stopped: u64,
    start: u64,
    status: Status,
    elapsed: u64,
}

impl Spool {
    /// An empty one.
    ///
    /// # Errors
    /// When no temporary file can be made.
    pub fn new() -> io::Result<Spool> {
        Ok(Spool {
            file: BufWriter::new(tempfile::tempfile()?),
            length: 0,
            summary: Summary::default(),
            attempts: HashMap::new(),
            replaced: HashSet::new(),
        })
    }

    /// Reads a file from its start and adds its tests; of one that cannot be read nothing is added.
    ///
    /// # Errors
    /// What is wrong with the file, and where.
    pub fn add<R: BufRead + Seek>(&mut self, format: Format, source: &mut R) -> Result<(), Error> {
        source.seek(SeekFrom::Start(0))?;
        let before = (self.length, self.summary);
        let mut sink = Sink {
            spool: self,
            broken: None,
        };
        let read = match format {
            Format::Allure => allure::read(source, &mut sink),
            Format::Ctrf => ctrf::read(source, &mut sink),
            Format::Cucumber => cucumber::read(source, &mut sink),
            Format::Go => go::read(source, &mut sink),
            Format::Junit => junit(source, &mut sink),
            Format::NUnit3 => nunit::read(source, &mut sink),
            Format::Playwright => playwright::read(source, &mut sink),
            Format::Tap => tap::read(source, &mut sink),
            Format::Trx => trx::read(source, &mut sink),
            Format::XUnit => xunit::read(source, &mut sink),
        };
        // Room that ran out is told rather than what follows from it.
        let read = sink.broken.take().map_or(read, |error| Err(Error::Io(error)));
        if read.is_err() {
            (self.length, self.summary) = before;
            self.file.seek(SeekFrom::Start(self.length))?;
        }
        read
    }

    /// What all files hold. `elapsed_computed` is the sum of the tests; of JUnit what the files say.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// The tests in the order in which they were added, each as JSON.
    ///
    /// # Errors
    /// When the temporary file cannot be written or read.
    pub fn into_lines(self) -> io::Result<Lines> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.set_len(self.length)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(Lines {
            file: BufReader::new(file),
            position: 0,
            replaced: self.replaced,
        })
    }

    /// Whether there is no test.
    pub fn is_empty(&self) -> bool {
        self.summary.tests == 0
    }

    fn write(&mut self, test: &Test) -> io::Result<()> {
        let mut line = serde_json::to_vec(test)?;
        line.push(b'\n');
        self.file.write_all(&line)?;
        self.length += line.len() as u64;
        Ok(())
    }
}

/// The tests of a [`Spool`], each as JSON.
pub struct Lines {
    file: BufReader<File>,
    position: u64,
    replaced: HashSet<u64>,
}

impl Lines {
    /// Tests that lie at `path`, one a line, as [`Lines::copy_to`] wrote them.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn open(path: &std::path::Path) -> io::Result<Lines> {
        Ok(Lines {
            file: BufReader::new(File::open(path)?),
            position: 0,
            replaced: HashSet::new(),
        })
    }

    /// Goes back to the first test.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn rewind(&mut self) -> io::Result<()> {
        self.position = 0;
        self.file.rewind()
    }

    /// Writes all tests, one a line.
    ///
    /// # Errors
    /// When they cannot be read or written.
    pub fn copy_to(&mut self, out: &mut impl io::Write) -> io::Result<()> {
        self.rewind()?;
        for line in self {
            out.write_all(&line?)?;
            out.write_all(b"\n")?;
        }
        Ok(())
    }
}

impl Iterator for Lines {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let mut line = Vec::new();
            let start = self.position;
            match self.file.read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(read) => self.position += read as u64,
                Err(error) => return Some(Err(error)),
            }
            if !self.replaced.contains(&start) {
                line.pop();
                return Some(Ok(line));
            }
        }
    }
}

/// Where the reader of a format puts its tests.
pub(crate) struct Sink<'s> {
    spool: &'s mut Spool,
    broken: Option<io::Error>,
}

impl Sink<'_> {
    /// Adds a test. What fails is told by [`Spool::add`].
    pub(crate) fn put(&mut self, test: &Test) {
        if self.broken.is_none() {
            self.broken = self.spool.write(test).err();
            count(&mut self.spool.summary, test.status, test.elapsed.unwrap_or(0));
        }
    }

    /// Adds one attempt of the test `identity` that ended at `stopped`: only the latest counts.
    pub(crate) fn put_attempt(&mut self, identity: String, stopped: u64, test: &Test) {
        let attempt = Attempt {
            stopped,
            start: self.spool.length,
            status: test.status,
            elapsed: test.elapsed.unwrap_or(0),
        };
        self.put(test);
        let older = match self.spool.attempts.remove(&identity) {
            Some(other) if other.stopped > attempt.stopped => {
                self.spool.attempts.insert(identity, other);
                attempt
            }
            other => {
                self.spool.attempts.insert(identity, attempt);
                let Some(other) = other else { return };
                other
            }
        };
        self.spool.replaced.insert(older.start);
        uncount(&mut self.spool.summary, older.status, older.elapsed);
    }

    /// Counts a test without a name, which is left out.
    pub(crate) fn unnamed(&mut self) {
        self.spool.summary.unnamed += 1;
    }
}

/// The tests of JUnit XML, whose total time is that which the file gives.
fn junit<R: BufRead + Seek>(source: &mut R, sink: &mut Sink<'_>) -> Result<(), Error> {
    let before = sink.spool.summary.elapsed_computed;
    let mut report = junit::Report::open(source)?;
    for test in report.tests()? {
        sink.put(&test?);
    }
    let Summary {
        elapsed_computed,
        unnamed,
        ..
    } = report.summary();
    let summary = &mut sink.spool.summary;
    summary.elapsed_computed = before.saturating_add(elapsed_computed);
    summary.unnamed += unnamed;
    Ok(())
}

fn of_status(summary: &mut Summary, status: Status) -> &mut u64 {
    match status {
        Status::Passed => &mut summary.passed,
        Status::Skipped => &mut summary.skipped,
        Status::Failure => &mut summary.failures,
        Status::Error => &mut summary.errors,
    }
}

fn count(summary: &mut Summary, status: Status, elapsed: u64) {
    summary.tests += 1;
    summary.elapsed_computed = summary.elapsed_computed.saturating_add(elapsed);
    *of_status(summary, status) += 1;
}

fn uncount(summary: &mut Summary, status: Status, elapsed: u64) {
    summary.tests = summary.tests.saturating_sub(1);
    summary.elapsed_computed = summary.elapsed_computed.saturating_sub(elapsed);
    let counter = of_status(summary, status);
    *counter = counter.saturating_sub(1);
}
