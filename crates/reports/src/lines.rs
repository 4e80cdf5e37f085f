//! Text read line by line.

use std::io::{BufRead, Read as _};

use crate::error::Error;

/// The lines of a file, each up to [`junit::MAX_TEXT`] bytes; what is no UTF-8 becomes U+FFFD.
pub(crate) struct TextLines<R> {
    source: R,
    /// Lines read so far.
    pub(crate) number: u64,
}

impl<R: BufRead> TextLines<R> {
    pub(crate) fn new(source: R) -> TextLines<R> {
        TextLines { source, number: 0 }
    }

    /// The next line without its end.
    pub(crate) fn next_line(&mut self) -> Result<Option<String>, Error> {
        let mut bytes = Vec::new();
        let most = junit::MAX_TEXT as u64;
        self.source.by_ref().take(most).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        if bytes.len() as u64 == most && bytes.last() != Some(&b'\n') {
            return Err(Error::TooLong { line: self.number });
        }
        let text = String::from_utf8_lossy(&bytes);
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

/// Bytes that are kept of each end of an output; far more than what is sent of it.
const END: usize = 32 * 1024;

/// Both ends of an output that comes in pieces.
#[derive(Debug, Default)]
pub(crate) struct Ends {
    start: String,
    end: String,
}

impl Ends {
    pub(crate) fn push(&mut self, piece: &str) {
        if self.end.is_empty() && self.start.len() + piece.len() <= END {
            self.start.push_str(piece);
            return;
        }
        self.end.push_str(piece);
        if self.end.len() > 4 * END {
            let mut cut = self.end.len() - END;
            while !self.end.is_char_boundary(cut) {
                cut += 1;
            }
            self.end.drain(..cut);
        }
    }

    pub(crate) fn text(&self) -> String {
        [self.start.as_str(), self.end.as_str()].concat()
    }
}
