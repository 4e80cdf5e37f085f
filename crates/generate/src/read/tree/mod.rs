//! JSON and YAML to one tree, with the place of every value.

mod json;
mod yaml;

use std::collections::HashMap;

use serde_json::Value;

use crate::error::ReadError;
use crate::span::{Source, Span};

/// Values of a document at most, aliases counted as often as they are used.
pub(crate) const MAX_NODES: usize = 500_000;

/// Values inside of values at most.
pub(crate) const MAX_DEPTH: usize = 100;

/// A document and where its values stand, by JSON pointer (RFC 6901).
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) root: Value,
    places: HashMap<String, (usize, usize)>,
}

impl Tree {
    /// Where a value stands, from its key to its end; the nearest value around it if it has no place.
    pub(crate) fn span(&self, pointer: &str, source: &Source<'_>) -> Span {
        let mut pointer = pointer;
        loop {
            if let Some((start, end)) = self.places.get(pointer) {
                return source.span(*start..*end);
            }
            match pointer.rfind('/') {
                Some(cut) => pointer = pointer.get(..cut).unwrap_or_default(),
                None => return source.span(0..0),
            }
        }
    }

    /// Offset at which a value begins, for sorting in the order of the source.
    pub(crate) fn order(&self, pointer: &str) -> usize {
        self.places.get(pointer).map_or(usize::MAX, |(start, _)| *start)
    }
}

/// Reads JSON, or YAML if the text does not start as JSON does.
pub(crate) fn parse(text: &str) -> Result<Tree, ReadError> {
    let bare = text.trim_start_matches('\u{feff}').trim_start();
    if bare.starts_with(['{', '[']) {
        json::parse(text)
    } else {
        yaml::parse(text)
    }
}

/// A pointer to a child.
pub(crate) fn child(pointer: &str, key: &str) -> String {
    let mut child = String::with_capacity(pointer.len() + key.len() + 1);
    child.push_str(pointer);
    child.push('/');
    for c in key.chars() {
        match c {
            '~' => child.push_str("~0"),
            '/' => child.push_str("~1"),
            _ => child.push(c),
        }
    }
    child
}
