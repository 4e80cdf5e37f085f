//! Where something stands in a text.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A part of a document's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    #[must_use]
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
    /// Characters before every [`STRIDE`]th byte, so that long lines need not be counted again and again.
    marks: Vec<usize>,
}

/// Bytes between two marks.
const STRIDE: usize = 64;

impl<'a> Source<'a> {
    /// Indexes the lines of a text; a line ends with LF or CR LF.
    pub fn new(text: &'a str) -> Self {
        let ends = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        let starts = std::iter::once(0).chain(ends).collect();
        let mut count = 0;
        let marks = text.as_bytes().chunks(STRIDE).map(|chunk| {
            let before = count;
            count += characters(chunk);
            before
        });
        Self {
            text,
            starts,
            marks: marks.collect(),
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
        let column = self.characters_before(offset) - self.characters_before(start) + 1;
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
        let end = start + self.text.get(start..end).unwrap_or_default().trim_end().len();
        let wanted = usize::try_from(column).unwrap_or(usize::MAX).saturating_sub(1);
        let wanted = self.characters_before(start).saturating_add(wanted);
        if wanted >= self.characters_before(end) {
            return end;
        }
        let mark = self
            .marks
            .partition_point(|before| *before <= wanted)
            .saturating_sub(1);
        let mut left = wanted - self.marks.get(mark).copied().unwrap_or(0);
        let bytes = self.text.as_bytes();
        let mut at = mark * STRIDE;
        while let Some(byte) = bytes.get(at) {
            if begins(*byte) {
                if left == 0 {
                    break;
                }
                left -= 1;
            }
            at += 1;
        }
        at.min(end)
    }

    /// Characters in front of an offset.
    fn characters_before(&self, offset: usize) -> usize {
        let mark = (offset / STRIDE).min(self.marks.len().saturating_sub(1));
        let rest = self
            .text
            .as_bytes()
            .get(mark * STRIDE..offset)
            .unwrap_or_default();
        self.marks.get(mark).copied().unwrap_or(0) + characters(rest)
    }

    /// The span of a whole line without the blanks around it.
    pub fn line(&self, line: u32) -> Span {
        let index = usize::try_from(line).unwrap_or(usize::MAX).saturating_sub(1);
        let start = self.starts.get(index).copied().unwrap_or(self.text.len());
        let end = self.starts.get(index + 1).copied().unwrap_or(self.text.len());
        self.span(trimmed(self.text, start..end))
    }
}

/// Whether a byte begins a character.
fn begins(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

/// Characters that begin in some bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| begins(**byte)).count()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_offsets_agree_on_long_lines_of_long_characters() {
        let text = "ä\u{1f600}x".repeat(3_000) + "\r\n" + &"é ".repeat(2_000) + "\nend";
        let source = Source::new(&text);
        let (mut line, mut column) = (1, 1);
        for (offset, c) in text.char_indices() {
            assert_eq!(source.place(offset), (line, column), "{offset}");
            if !c.is_whitespace() {
                assert_eq!(source.offset(line, column), offset);
            }
            column += 1;
            if c == '\n' {
                (line, column) = (line + 1, 1);
            }
        }
        assert_eq!(source.offset(9, 9), text.len());
    }
}
