//! Which files are JUnit results.

use std::io::{self, BufRead, Seek, SeekFrom};
use std::path::Path;

use memchr::memmem;
use quick_xml::events::Event;

/// What a file turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detected {
    /// JUnit results: to be read with [`Report::open`](crate::Report::open).
    Junit,
    /// Results in another format, named for a message. They are not read.
    Other(&'static str),
    /// No test results.
    NotResults,
}

/// File extensions that are considered, in lower case.
const EXTENSIONS: [&str; 7] = ["xml", "junit", "log", "report", "reports", "result", "results"];

/// What a file must contain to be considered.
const MARKER: &[u8] = b"<testsuite";

/// Finds out what the file of this name and content is. Only a file with one of a few extensions
/// that contains `<testsuite` somewhere is JUnit, as Testmo's command line decides it; nothing else of
/// its content matters. `source` is at its start afterwards.
pub fn detect<R: BufRead + Seek>(file: &Path, source: &mut R) -> io::Result<Detected> {
    source.seek(SeekFrom::Start(0))?;
    let detected = if has_result_extension(file) && contains_marker(source)? {
        Detected::Junit
    } else {
        source.seek(SeekFrom::Start(0))?;
        root_name(source)?
            .as_deref()
            .and_then(dialect)
            .map_or(Detected::NotResults, Detected::Other)
    };
    source.seek(SeekFrom::Start(0))?;
    Ok(detected)
}

fn has_result_extension(file: &Path) -> bool {
    let extension = file.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        EXTENSIONS
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension))
    })
}

fn contains_marker<R: BufRead>(source: &mut R) -> io::Result<bool> {
    let finder = memmem::Finder::new(MARKER);
    // The end of the previous chunk: the marker may lie across two.
    let mut seam = Vec::new();
    loop {
        let chunk = source.fill_buf()?;
        if chunk.is_empty() {
            return Ok(false);
        }
        seam.extend_from_slice(&chunk[..chunk.len().min(MARKER.len())]);
        if finder.find(chunk).is_some() || finder.find(&seam).is_some() {
            return Ok(true);
        }
        if chunk.len() >= MARKER.len() {
            seam.clear();
            seam.extend_from_slice(&chunk[chunk.len() - MARKER.len()..]);
        } else {
            seam.drain(..seam.len().saturating_sub(MARKER.len()));
        }
        let length = chunk.len();
        source.consume(length);
    }
}

/// The local name of the first element, if it stands near the start of well-formed XML: in the first 64 KiB from where
/// `source` is.
///
/// # Errors
/// When the file cannot be read.
pub fn root_name<R: BufRead>(source: &mut R) -> io::Result<Option<String>> {
    const FAR: u64 = 64 * 1024;
    let mut start = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(source, FAR), &mut start)?;
    let mut reader = quick_xml::Reader::from_reader(start.as_slice());
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(root) | Event::Empty(root)) => {
                return Ok(Some(root.local_name().as_ref().to_owned()));
            }
            Ok(Event::Eof) | Err(_) => return Ok(None),
            Ok(_) => {}
        }
    }
}

fn dialect(root: &str) -> Option<&'static str> {
    Some(match root {
        "test-run" => "NUnit 3",
        "test-results" => "NUnit 2",
        "TestRun" => "TRX",
        "robot" => "Robot Framework",
        "assemblies" | "assembly" => "xUnit.net",
        "testng-results" => "TestNG",
        "testExecutions" => "SonarQube test execution",
        "TestLog" | "TestResult" => "Boost.Test",
        _ => return None,
    })
}
