//! Word documents (ISO/IEC 29500-1, `WordprocessingML`) to blocks.

use std::borrow::Cow;
use std::collections::HashMap;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, escape};

use super::{Archive, part, problem};
use crate::error::ReadError;
use crate::read::block::BlockKind;
use crate::read::extract::Extract;

/// Lists inside of lists at most.
const MAX_DEPTH: usize = 32;

/// The blocks of a document.
pub(in crate::read) fn extract(archive: &mut Archive<'_>) -> Result<Extract, ReadError> {
    let styles = part(archive, "word/styles.xml")?
        .map(|xml| headings(&xml))
        .transpose()?
        .unwrap_or_default();
    let xml = part(archive, "word/document.xml")?.unwrap_or_default();
    let mut page = Page {
        styles,
        ..Page::default()
    };
    let mut reader = Reader::from_str(&xml);
    loop {
        match reader.read_event().map_err(|error| problem(&error.to_string()))? {
            Event::Start(element) => page.start(&element, false),
            Event::Empty(element) => page.start(&element, true),
            Event::End(element) => page.end(element.local_name().as_ref()),
            Event::Text(piece) if page.run => page.words.push_str(&piece),
            Event::CData(piece) if page.run => page.words.push_str(&piece),
            Event::GeneralRef(name) if page.run => {
                let value = escape::unescape(&format!("&{};", &*name)).map(Cow::into_owned);
                page.words.push_str(&value.unwrap_or_default());
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Ok(page.extract)
}

fn attribute(element: &BytesStart<'_>, wanted: &str) -> Option<String> {
    let found = element
        .attributes()
        .flatten()
        .find(|attribute| attribute.key.local_name().as_ref() == wanted)?;
    Some(found.value.into_owned())
}

/// The levels of the styles that are headings. Their names are English in every language of the program.
fn headings(xml: &str) -> Result<HashMap<String, u8>, ReadError> {
    let mut levels = HashMap::new();
    let mut style = String::new();
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(|error| problem(&error.to_string()))? {
            Event::Start(element) | Event::Empty(element) => match element.local_name().as_ref() {
                "style" => style = attribute(&element, "styleId").unwrap_or_default(),
                "name" => {
                    let name = attribute(&element, "val").unwrap_or_default().to_lowercase();
                    let level = name
                        .strip_prefix("heading ")
                        .and_then(|level| level.parse::<u8>().ok());
                    if let Some(level) = level
                        .filter(|level| (1..=9).contains(level))
                        .or((name == "title").then_some(1))
                    {
                        levels.insert(style.clone(), level);
                    }
                }
                "outlineLvl" => {
                    let level = attribute(&element, "val").and_then(|level| level.parse::<u8>().ok());
                    if let Some(level) = level.filter(|level| *level < 9) {
                        levels.entry(style.clone()).or_insert(level + 1);
                    }
                }
                _ => {}
            },
            Event::Eof => return Ok(levels),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Page {
    extract: Extract,
    styles: HashMap<String, u8>,
    /// Inside of a piece of text.
    run: bool,
    words: String,
    heading: Option<u8>,
    /// Depth of a list point.
    depth: Option<usize>,
    tables: usize,
    rows: Vec<Vec<String>>,
}

impl Page {
    fn start(&mut self, element: &BytesStart<'_>, empty: bool) {
        match element.local_name().as_ref() {
            "p" => {
                self.heading = None;
                self.depth = None;
            }
            "t" => self.run = !empty,
            "tab" => self.words.push(' '),
            "br" | "cr" => self.words.push('\n'),
            "pStyle" => {
                let style = attribute(element, "val").unwrap_or_default();
                self.heading = self.styles.get(&style).copied();
            }
            "numPr" => self.depth = Some(0),
            "ilvl" => {
                let level = attribute(element, "val")
                    .and_then(|level| level.parse::<usize>().ok())
                    .unwrap_or(0);
                self.depth = Some(level.min(MAX_DEPTH));
            }
            "tbl" => self.tables += usize::from(!empty),
            "tr" if self.tables == 1 => self.rows.push(Vec::new()),
            "tc" if self.tables == 1 => self.words.clear(),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "t" => self.run = false,
            "p" if self.tables > 0 => self.words.push('\n'),
            "p" => {
                let words = std::mem::take(&mut self.words);
                let kind = match (self.heading, self.depth) {
                    (Some(level), _) => BlockKind::Heading(level),
                    (None, Some(depth)) => BlockKind::Item { depth, label: None },
                    (None, None) => BlockKind::Paragraph,
                };
                self.extract.block(kind, &words);
            }
            "tc" if self.tables == 1 => {
                let cell = std::mem::take(&mut self.words);
                if let Some(row) = self.rows.last_mut() {
                    row.push(cell);
                }
            }
            "tbl" => {
                self.tables = self.tables.saturating_sub(1);
                if self.tables == 0 {
                    let rows = std::mem::take(&mut self.rows);
                    self.extract.table(rows);
                }
            }
            _ => {}
        }
    }
}
