//! Text that was taken out of a source, with the way back to where each character stands.

use std::ops::Range;

use crate::requirement::{Phrase, fold};
use crate::span::{Source, Span, trimmed};

/// Text without markup, and where its pieces come from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    text: String,
    /// Where pieces start, in this text and in the source. Inside of a piece both go on in step.
    pieces: Vec<(usize, usize)>,
}

impl Text {
    /// A text that stands as it is in the source, from an offset on.
    pub(crate) fn at(text: &str, source: usize) -> Self {
        Self {
            text: text.to_owned(),
            pieces: vec![(0, source)],
        }
    }

    /// Adds a piece that starts at an offset of the source.
    pub(crate) fn push(&mut self, piece: &str, source: usize) {
        let follows = self
            .pieces
            .last()
            .is_some_and(|(at, from)| from + (self.text.len() - at) == source);
        if !follows {
            self.pieces.push((self.text.len(), source));
        }
        self.text.push_str(piece);
    }

    /// Adds another text behind a separator.
    pub(crate) fn append(&mut self, other: &Self, separator: &str) {
        if !self.text.is_empty() {
            self.text.push_str(separator);
        }
        let base = self.text.len();
        self.pieces
            .extend(other.pieces.iter().map(|(at, source)| (base + at, *source)));
        self.text.push_str(&other.text);
    }

    /// The characters.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing but white space.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Offset in the source of an offset in this text.
    fn source(&self, at: usize) -> usize {
        let index = self
            .pieces
            .partition_point(|(start, _)| *start <= at)
            .saturating_sub(1);
        self.pieces
            .get(index)
            .map_or(0, |(start, source)| source + at.saturating_sub(*start))
    }

    /// A part, without white space at its ends.
    pub(crate) fn slice(&self, range: Range<usize>) -> Self {
        let range = trimmed(&self.text, range);
        let mut slice = Self {
            text: self.text.get(range.clone()).unwrap_or_default().to_owned(),
            pieces: vec![],
        };
        slice.pieces.push((0, self.source(range.start)));
        let inside = self
            .pieces
            .iter()
            .filter(|(at, _)| *at > range.start && *at < range.end);
        slice
            .pieces
            .extend(inside.map(|(at, source)| (at - range.start, *source)));
        slice
    }

    /// The whole without white space at its ends.
    pub(crate) fn trim(&self) -> Self {
        self.slice(0..self.text.len())
    }

    /// From an offset to the end.
    pub(crate) fn from(&self, at: usize) -> Self {
        self.slice(at..self.text.len())
    }

    /// Where it stands.
    pub(crate) fn span(&self, source: &Source<'_>) -> Span {
        let range = trimmed(&self.text, 0..self.text.len());
        if range.is_empty() {
            let at = self.source(range.start);
            return source.span(at..at);
        }
        let last = self
            .text
            .get(range.clone())
            .and_then(|text| text.chars().last())
            .map_or(1, char::len_utf8);
        let end = self.source(range.end - last) + last;
        source.span(self.source(range.start)..end)
    }

    /// Its words and where they stand.
    pub(crate) fn phrase(&self, source: &Source<'_>) -> Phrase {
        Phrase {
            text: fold(&self.text),
            span: self.span(source),
        }
    }

    /// Its lines.
    pub(crate) fn lines(&self) -> Vec<Self> {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let slice = self.slice(start..start + line.len());
            start += line.len();
            if !slice.text.is_empty() {
                lines.push(slice);
            }
        }
        lines
    }
}
