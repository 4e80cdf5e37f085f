//! Places of the values of a JSON text.

use std::collections::HashMap;

use serde_json::Value;

use super::{MAX_DEPTH, MAX_NODES, Tree, child};
use crate::error::ReadError;
use crate::span::{Source, narrow};

pub(super) fn parse(text: &str) -> Result<Tree, ReadError> {
    let mark = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let bare = text.get(mark..).unwrap_or_default();
    let root: Value = serde_json::from_str(bare).map_err(|error| {
        // serde_json counts bytes; the place is given in characters.
        let line = narrow(error.line());
        let source = Source::new(bare);
        let before = source.offset(line, 1) + error.column().saturating_sub(1);
        let (line, column) = source.place(before);
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
        ReadError::new(line, column, format!("not valid JSON: {message}"))
    })?;
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: mark,
        places: HashMap::new(),
    };
    let start = scanner.blank();
    scanner.value("", start, 0)?;
    Ok(Tree {
        root,
        places: scanner.places,
    })
}

/// Walks through a text that is known to be JSON.
struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    places: HashMap<String, (usize, usize)>,
}

impl Scanner<'_> {
    /// Skips white space; returns where it ends.
    fn blank(&mut self) -> usize {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.at
    }

    fn value(&mut self, pointer: &str, start: usize, depth: usize) -> Result<(), ReadError> {
        if depth > MAX_DEPTH || self.places.len() >= MAX_NODES {
            let (line, column) = Source::new(self.text).place(self.at);
            return Err(ReadError::new(
                line,
                column,
                "too many values, or too deep inside of each other; split the document",
            ));
        }
        match self.bytes.get(self.at) {
            Some(b'{') => self.members(pointer, depth, b'}')?,
            Some(b'[') => self.members(pointer, depth, b']')?,
            Some(b'"') => self.string(),
            _ => {
                while self
                    .bytes
                    .get(self.at)
                    .is_some_and(|byte| !matches!(byte, b',' | b'}' | b']') && !byte.is_ascii_whitespace())
                {
                    self.at += 1;
                }
            }
        }
        self.places.insert(pointer.to_owned(), (start, self.at));
        Ok(())
    }

    fn members(&mut self, pointer: &str, depth: usize, close: u8) -> Result<(), ReadError> {
        self.at += 1;
        let mut index = 0_usize;
        loop {
            let start = self.blank();
            match self.bytes.get(self.at) {
                None => return Ok(()),
                Some(byte) if *byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b',') => self.at += 1,
                Some(_) if close == b'}' => {
                    self.string();
                    let key = self.text.get(start..self.at).unwrap_or_default();
                    let key: String = serde_json::from_str(key).unwrap_or_default();
                    self.blank();
                    self.at += 1;
                    self.blank();
                    self.value(&child(pointer, &key), start, depth + 1)?;
                }
                Some(_) => {
                    self.value(&child(pointer, &index.to_string()), start, depth + 1)?;
                    index += 1;
                }
            }
        }
    }

    fn string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += 1;
            match byte {
                b'\\' => self.at += 1,
                b'"' => return,
                _ => {}
            }
        }
    }
}
