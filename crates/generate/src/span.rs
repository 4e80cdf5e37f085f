//! Where something stands in a text.

use std::ops::Range;

use serde::Serialize;

/// A part of a document's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// Offset of the first byte in [`Document::text`](crate::Document::text).
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: u32,
    /// Column of the first byte in characters, from 1.
    pub column: u32,
}

impl Span {
    /// Both spans and what lies between them.
    pub fn to(self, other: Self) -> Self {
        let first = if other.start < self.start { other } else { self };
        Self {
            start: first.start,
            end: self.end.max(other.end),
            line: first.line,
            column: first.column,
        }
    }

    /// The bytes that the span covers.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A text with an index of its lines.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    text: &'a str,
    /// Offsets of the first byte of every line.
    starts: Vec<usize>,
}

impl<'a> Source<'a> {
    /// Indexes the lines of a text; a line ends with LF or CR LF.
    pub fn new(text: &'a str) -> Self {
        let ends = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Line and column of an offset, both from 1; one behind the end is taken as the end.
    pub fn place(&self, offset: usize) -> (u32, u32) {
        let offset = floor(self.text, offset);
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let column = self
            .text
            .get(start..offset)
            .map_or(0, |before| before.chars().count())
            + 1;
        (narrow(line), narrow(column))
    }

    /// The span of a range of bytes.
    pub fn span(&self, range: Range<usize>) -> Span {
        let (line, column) = self.place(range.start);
        Span {
            start: range.start,
            end: range.end.max(range.start),
            line,
            column,
        }
    }

    /// The offset of a line and a column, both from 1; behind the end of the line it is that end.
    pub fn offset(&self, line: u32, column: u32) -> usize {
        let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let Some(start) = self.starts.get(index).copied() else {
            return self.text.len();
        };
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        let wanted = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
        let line = self.text.get(start..end).unwrap_or_default();
        let inside = line
            .char_indices()
            .nth(wanted)
            .map_or(line.trim_end().len(), |(at, _)| at);
        start + inside
    }

    /// The span of a whole line without the blanks around it.
    pub fn line(&self, line: u32) -> Span {
        let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        self.span(trimmed(self.text, start..end))
    }
}

/// A range without the white space at both ends; a byte order mark counts as such.
pub(crate) fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
    let part = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (part.len() - part.trim_start_matches(blank).len());
    start..(start + part.trim_matches(blank).len())
}

/// The greatest boundary of a character that is not behind the offset.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// A count of lines or columns; texts are bounded far below the limit.
pub(crate) fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
