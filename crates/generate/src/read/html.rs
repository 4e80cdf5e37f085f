//! Web pages to blocks.

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::block::BlockKind;
use super::extract::Extract;

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

/// The blocks of a page. The tokens of the page are enough: blocks, points and cells end where the next one begins,
/// whether their end is written or not.
pub(super) fn extract(text: &str) -> Extract {
    let mut emitter = DefaultEmitter::<()>::new_with_span();
    emitter.naively_switch_states(true);
    let mut reader = Page::default();
    for token in Tokenizer::new_with_emitter(text, emitter).flatten() {
        match token {
            Token::StartTag(tag) => reader.open(&String::from_utf8_lossy(&tag.name)),
            Token::EndTag(tag) => reader.close(&String::from_utf8_lossy(&tag.name)),
            Token::String(piece) => reader.piece(&String::from_utf8_lossy(&piece)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    while reader.tables > 0 {
        reader.close("table");
    }
    reader.flush();
    reader.extract
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
    /// Inside of a cell of it.
    cell: bool,
    rows: Vec<Vec<String>>,
}

impl Page {
    fn open(&mut self, name: &str) {
        if name == "body" {
            self.hidden = 0;
        } else if HIDDEN.contains(&name) {
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
            self.end_cell();
            self.rows.push(Vec::new());
        } else if self.tables == 1 && matches!(name, "td" | "th") {
            self.end_cell();
            self.current.clear();
            self.cell = true;
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
            self.end_cell();
        } else if name == "table" && self.tables > 0 {
            self.tables -= 1;
            if self.tables == 0 {
                self.end_cell();
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

    fn end_cell(&mut self) {
        if !std::mem::take(&mut self.cell) {
            return;
        }
        let cell = std::mem::take(&mut self.current);
        if let Some(row) = self.rows.last_mut() {
            row.push(cell);
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
        if words.trim().is_empty() {
            return;
        }
        let kind = match (self.heading.take(), self.lists.len()) {
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
