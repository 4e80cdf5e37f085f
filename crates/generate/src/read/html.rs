//! Web pages to blocks.

use ego_tree::iter::Edge;
use scraper::{Html, Node};

use super::block::BlockKind;
use super::extract::Extract;
use crate::error::ReadError;
use crate::span::Source;

/// Elements whose content is not text of the page.
const HIDDEN: [&str; 9] = [
    "script", "style", "head", "template", "noscript", "svg", "nav", "select", "iframe",
];

/// Elements that begin and end a block.
const BLOCKS: [&str; 24] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "blockquote",
    "pre",
    "dl",
    "dt",
    "dd",
    "figure",
    "figcaption",
    "form",
    "fieldset",
    "address",
    "details",
    "summary",
    "body",
    "hr",
    "thead",
    "tbody",
];

/// Lists inside of lists at most.
const MAX_DEPTH: usize = 32;

/// Whether a text is a web page.
pub(super) fn looks_like(text: &str) -> bool {
    let head: String = text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .chars()
        .take(64)
        .collect();
    let head = head.to_lowercase();
    head.starts_with("<!doctype html") || head.starts_with("<html")
}

/// Elements that browsers close on their own, or that hold nothing.
const IMPLIED: [&str; 24] = [
    "p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead", "tfoot", "colgroup", "br", "hr",
    "img", "input", "meta", "link", "col", "wbr", "source", "area", "base", "body",
];

/// Elements inside of each other at most: what browsers allow. The time that broken markup takes to repair grows
/// with the square of it.
const MAX_OPEN: usize = 512;

/// Reports the place where a page has too many open elements.
fn deep(text: &str) -> Option<usize> {
    let mut open: usize = 0;
    for (at, _) in text.match_indices('<') {
        let rest = text.get(at + 1..).unwrap_or_default();
        let closing = rest.starts_with('/');
        let name = rest.trim_start_matches('/');
        let length = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        let name = name.get(..length).unwrap_or_default().to_ascii_lowercase();
        if name.is_empty() || IMPLIED.contains(&name.as_str()) {
            continue;
        }
        if closing {
            open = open.saturating_sub(1);
        } else {
            open += 1;
        }
        if open > MAX_OPEN {
            return Some(at);
        }
    }
    None
}

/// The blocks of a page.
pub(super) fn extract(text: &str) -> Result<Extract, ReadError> {
    if let Some(at) = deep(text) {
        let (line, column) = Source::new(text).place(at);
        return Err(ReadError::new(
            line,
            column,
            "more than 512 elements are open; close them where they end",
        ));
    }
    let page = Html::parse_document(text);
    let mut reader = Page::default();
    for edge in page.tree.root().traverse() {
        match edge {
            Edge::Open(node) => match node.value() {
                Node::Element(element) => reader.open(element.name()),
                Node::Text(piece) => reader.piece(&piece.text),
                _ => {}
            },
            Edge::Close(node) => {
                if let Node::Element(element) = node.value() {
                    reader.close(element.name());
                }
            }
        }
    }
    reader.flush();
    Ok(reader.extract)
}

#[derive(Default)]
struct Page {
    extract: Extract,
    current: String,
    /// Elements around the place whose content is left out.
    hidden: usize,
    /// Open lists: the next number of a numbered one.
    lists: Vec<Option<usize>>,
    label: Option<String>,
    heading: Option<u8>,
    /// Tables around the place; only the outer one is a table.
    tables: usize,
    rows: Vec<Vec<String>>,
}

impl Page {
    fn open(&mut self, name: &str) {
        if HIDDEN.contains(&name) {
            self.hidden += 1;
        } else if let Some(level) = heading(name) {
            self.flush();
            self.heading = Some(level);
        } else if matches!(name, "ul" | "ol") {
            self.flush();
            self.lists.push((name == "ol").then_some(1));
        } else if name == "li" {
            self.flush();
            self.label = self.lists.last_mut().and_then(Option::as_mut).map(|number| {
                *number += 1;
                (*number - 1).to_string()
            });
        } else if name == "br" {
            self.current.push('\n');
        } else if name == "table" {
            self.flush();
            self.tables += 1;
        } else if self.tables == 1 && name == "tr" {
            self.rows.push(Vec::new());
        } else if self.tables > 0 && matches!(name, "td" | "th") {
            if self.tables == 1 {
                self.current.clear();
            }
        } else if BLOCKS.contains(&name) {
            self.flush();
        }
    }

    fn close(&mut self, name: &str) {
        if HIDDEN.contains(&name) {
            self.hidden = self.hidden.saturating_sub(1);
        } else if heading(name).is_some() || name == "li" {
            self.flush();
            self.heading = None;
        } else if matches!(name, "ul" | "ol") {
            self.flush();
            self.lists.pop();
        } else if self.tables == 1 && matches!(name, "td" | "th") {
            let cell = std::mem::take(&mut self.current);
            if let Some(row) = self.rows.last_mut() {
                row.push(cell);
            }
        } else if name == "table" {
            self.tables = self.tables.saturating_sub(1);
            if self.tables == 0 {
                let rows = std::mem::take(&mut self.rows);
                self.extract.table(rows);
                self.current.clear();
            }
        } else if BLOCKS.contains(&name) {
            self.flush();
        }
    }

    fn piece(&mut self, piece: &str) {
        if self.hidden > 0 {
            return;
        }
        for c in piece.chars() {
            let blank = c.is_whitespace();
            if !(blank && (self.current.is_empty() || self.current.ends_with(char::is_whitespace))) {
                self.current.push(if blank { ' ' } else { c });
            }
        }
    }

    fn flush(&mut self) {
        if self.tables > 0 {
            // Blocks inside of a cell are lines of the cell.
            if !self.current.is_empty() && !self.current.ends_with('\n') {
                self.current.push('\n');
            }
            return;
        }
        let words = std::mem::take(&mut self.current);
        let kind = match (self.heading, self.lists.len()) {
            (Some(level), _) => BlockKind::Heading(level),
            (None, 0) => BlockKind::Paragraph,
            (None, depth) => BlockKind::Item {
                depth: depth.min(MAX_DEPTH) - 1,
                label: self.label.clone(),
            },
        };
        self.extract.block(kind, &words);
    }
}

fn heading(name: &str) -> Option<u8> {
    let level = name.strip_prefix('h')?.parse().ok()?;
    (1..=6).contains(&level).then_some(level)
}
