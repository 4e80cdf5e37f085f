//! Comma-separated values (RFC 4180), also with semicolons or tabs, and with the place of every cell.
//!
//! The crates for this format tell the place of a record, not that of a cell; a requirement that stands
//! in a cell needs the latter.

use super::block::Blocks;
use super::text::Text;
use crate::document::{Document, Format};
use crate::error::ReadError;
use crate::span::Source;

/// Cells of a document at most.
const MAX_CELLS: usize = 1_000_000;

/// Reads a CSV document.
pub(super) fn read(name: &str, text: &str) -> Result<Document, ReadError> {
    let rows = rows(text)?;
    let mut blocks = Blocks::default();
    blocks.table(rows);
    Ok(super::running::read(
        Document::new(name, Format::Csv, text),
        &blocks,
    ))
}

/// Whether a text without a telling name is such a table: short names in the first row, and as many cells in the
/// next rows.
pub(super) fn looks_like(text: &str) -> bool {
    let head: String = text.split_inclusive('\n').take(20).collect();
    let Ok(rows) = rows(&head) else { return false };
    let Some((header, body)) = rows.split_first() else {
        return false;
    };
    let short = header
        .iter()
        .all(|cell| (1..=40).contains(&cell.as_str().trim().len()));
    header.len() > 1 && short && !body.is_empty() && body.iter().all(|row| row.len() == header.len())
}

/// The rows of a CSV text.
pub(super) fn rows(source: &str) -> Result<Vec<Vec<Text>>, ReadError> {
    let separator = separator(source);
    let mut reader = Reader {
        source,
        at: 0,
        separator,
    };
    if source.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    let mut rows = Vec::new();
    let mut cells = 0;
    while reader.at < source.len() {
        let row = reader.row()?;
        cells += row.len();
        if cells > MAX_CELLS {
            let (line, column) = Source::new(source).place(reader.at);
            return Err(ReadError::new(
                line,
                column,
                format!("more than {MAX_CELLS} cells; split the table"),
            ));
        }
        if row.iter().any(|cell| !cell.is_blank()) {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The separator that the first line holds most often, outside of quotes.
fn separator(source: &str) -> char {
    let mut counts = [(',', 0_usize), (';', 0), ('\t', 0)];
    let mut quoted = false;
    for c in source.chars() {
        match c {
            '"' => quoted = !quoted,
            '\n' if !quoted => break,
            _ if !quoted => {
                if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| *separator == c) {
                    *count += 1;
                }
            }
            _ => {}
        }
    }
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(',', |(separator, _)| *separator)
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    separator: char,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn row(&mut self) -> Result<Vec<Text>, ReadError> {
        let mut row = Vec::new();
        loop {
            let cell = if self.rest().starts_with('"') {
                self.quoted()?
            } else {
                self.bare()
            };
            row.push(cell);
            let mut rest = self.rest().chars();
            match rest.next() {
                Some(c) if c == self.separator => self.at += c.len_utf8(),
                Some('\r') if rest.next() == Some('\n') => {
                    self.at += 2;
                    return Ok(row);
                }
                Some('\n' | '\r') => {
                    self.at += 1;
                    return Ok(row);
                }
                Some(_) => {
                    return Err(self.problem(
                        self.at,
                        "text behind a closing quote; double the quotes inside of a cell",
                    ));
                }
                None => return Ok(row),
            }
        }
    }

    fn bare(&mut self) -> Text {
        let start = self.at;
        let separator = self.separator;
        let rest = self.rest();
        let length = rest.find([separator, '\n', '\r']).unwrap_or(rest.len());
        let text = Text::at(rest.get(..length).unwrap_or_default(), start);
        self.at += length;
        text
    }

    fn quoted(&mut self) -> Result<Text, ReadError> {
        let open = self.at;
        self.at += 1;
        let mut text = Text::default();
        loop {
            let rest = self.rest();
            let Some(length) = rest.find('"') else {
                return Err(self.problem(open, "a quote that is not closed; close it or double it"));
            };
            let piece = rest.get(..length).unwrap_or_default().to_owned();
            text.push(&piece, self.at);
            self.at += length + 1;
            if !self.rest().starts_with('"') {
                return Ok(text);
            }
            text.push("\"", self.at);
            self.at += 1;
        }
    }

    fn problem(&self, at: usize, message: &str) -> ReadError {
        let (line, column) = Source::new(self.source).place(at);
        ReadError::new(line, column, message)
    }
}
