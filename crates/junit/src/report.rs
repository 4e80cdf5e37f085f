//! A result file that is known to be valid.

use std::io::{BufRead, Seek, SeekFrom};

use crate::error::Error;
use crate::order::MixedElements;
use crate::scan::{Scanned, scan};
use crate::walk::Tests;

/// A validated result file, ready to hand out its tests. See the [crate documentation](crate).
pub struct Report<R> {
    source: R,
    summary: Summary,
    mixed: MixedElements,
}

/// What a result file holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Tests that [`Report::tests`] hands out.
    pub tests: u64,
    /// Those that passed.
    pub passed: u64,
    /// Those that were skipped.
    pub skipped: u64,
    /// Those with a failure and no error.
    pub failures: u64,
    /// Those with an error.
    pub errors: u64,
    /// `testcase` elements without a name. They are left out.
    pub unnamed: u64,
    /// Duration in microseconds: that which the only suite gives, otherwise the sum of the tests.
    pub elapsed_computed: u64,
}

/// What is known of a valid result file that was closed, made by [`Report::close`].
#[derive(Debug)]
pub struct Known {
    summary: Summary,
    mixed: MixedElements,
}

impl Known {
    /// What the file holds.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Goes on with the same file, opened anew. One with other content is noticed as
    /// [`Error::Changed`], or hands out other tests.
    pub fn reopen<R: BufRead + Seek>(self, source: R) -> Report<R> {
        Report {
            source,
            summary: self.summary,
            mixed: self.mixed,
        }
    }
}

impl<R: BufRead + Seek> Report<R> {
    /// Reads `source` once from its start, which proves that all of it is valid.
    pub fn open(mut source: R) -> Result<Self, Error> {
        source.seek(SeekFrom::Start(0))?;
        match scan(&mut source) {
            Ok(Scanned { summary, mixed }) => Ok(Self {
                source,
                summary,
                mixed,
            }),
            Err(fault) => Err(fault.locate(&mut source)),
        }
    }

    /// Closes the file and keeps what was found, so that thousands of files can be known without being open.
    pub fn close(self) -> Known {
        Known {
            summary: self.summary,
            mixed: self.mixed,
        }
    }

    /// What the file holds.
    pub fn summary(&self) -> Summary {
        self.summary
    }

    /// Reads the file a second time, one test at a time. An error can only mean that the file cannot
    /// be read any more or has changed.
    pub fn tests(&mut self) -> Result<Tests<'_, R>, Error> {
        self.source.seek(SeekFrom::Start(0))?;
        Ok(Tests::new(&mut self.source, &self.mixed))
    }
}
