//! Reading what a test holds in memory.

use std::io::Cursor;
use std::path::Path;

use junit::Summary;
use reports::{Detected, Error, Format, Spool, detect};
use serde_json::Value;

/// The format of a text.
pub(crate) fn format_of(text: &str) -> Option<Format> {
    match detect(Path::new("file.txt"), &mut Cursor::new(text)).unwrap() {
        Detected::Results(format) => Some(format),
        _ => None,
    }
}

/// The tests of a text, by its own format.
pub(crate) fn try_read(text: &str) -> Result<(Summary, Vec<Value>), Error> {
    let format = format_of(text).expect("a known format");
    let mut spool = Spool::new()?;
    spool.add(format, &mut Cursor::new(text))?;
    let summary = spool.summary();
    let tests = spool
        .into_lines()?
        .map(|line| serde_json::from_slice(&line.unwrap()).unwrap());
    Ok((summary, tests.collect()))
}

/// As [`try_read`], for a valid text.
pub(crate) fn read(text: &str) -> (Summary, Vec<Value>) {
    try_read(text).unwrap()
}
