//! Markdown to blocks.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::block::{BlockKind, Blocks};
use super::text::Text;

/// Lists inside of lists at most; what lies deeper is read as if it lay there.
const MAX_DEPTH: usize = 32;

/// The blocks of a Markdown text.
pub(crate) fn blocks(source: &str) -> Blocks {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader = Reader::default();
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        match event {
            Event::Start(tag) => reader.start(tag),
            Event::End(tag) => reader.end(tag),
            Event::Text(text) => reader.piece(source, &text, range.start, range.end),
            Event::Code(code) => {
                let quoted = source.get(range.clone()).unwrap_or_default();
                let before = quoted.find(&*code).unwrap_or(0);
                reader.text.push(&code, range.start + before);
            }
            Event::SoftBreak | Event::HardBreak => reader.text.push("\n", range.start),
            Event::InlineHtml(html) | Event::Html(html) if html.trim_start().starts_with("<br") => {
                reader.text.push("\n", range.start);
            }
            _ => {}
        }
    }
    reader.flush();
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Blocks,
    text: Text,
    /// Next number of each open list; none for bullets.
    lists: Vec<Option<u64>>,
    /// Number of the open point.
    label: Option<String>,
    heading: Option<u8>,
    /// Language of the open code block.
    code: Option<String>,
    skipped: bool,
    rows: Vec<Vec<Text>>,
}

impl Reader {
    fn piece(&mut self, source: &str, text: &str, start: usize, end: usize) {
        let same = source.get(start..end) == Some(text);
        // An escape or an entity differs from its source in length; the piece then only starts there.
        self.text.push(text, if same { start } else { start.min(end) });
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.flush(),
            Tag::Heading { level, .. } => {
                self.flush();
                self.heading = Some(level as u8);
            }
            Tag::List(first) => {
                self.flush();
                if self.lists.len() < MAX_DEPTH {
                    self.lists.push(first);
                }
            }
            Tag::Item => {
                self.flush();
                self.label = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let label = number.to_string();
                        *number = number.saturating_add(1);
                        Some(label)
                    }
                    _ => None,
                };
            }
            Tag::CodeBlock(kind) => {
                self.flush();
                self.code = Some(match kind {
                    CodeBlockKind::Fenced(language) => language.trim().to_lowercase(),
                    CodeBlockKind::Indented => String::new(),
                });
            }
            Tag::Table(_) => {
                self.flush();
                self.rows.clear();
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::TableCell => self.text = Text::default(),
            Tag::MetadataBlock(_) => {
                self.flush();
                self.skipped = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item => self.flush(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::CodeBlock => {
                let text = std::mem::take(&mut self.text);
                let language = self.code.take().unwrap_or_default();
                self.blocks.push(BlockKind::Code, text.clone());
                if !language.is_empty() {
                    self.blocks.code.push((language, text));
                }
            }
            TagEnd::TableCell => {
                let text = std::mem::take(&mut self.text);
                if let Some(row) = self.rows.last_mut() {
                    row.push(text.trim());
                }
            }
            TagEnd::Table => {
                let rows = std::mem::take(&mut self.rows);
                self.blocks.table(rows);
            }
            TagEnd::MetadataBlock(_) => {
                self.text = Text::default();
                self.skipped = false;
            }
            _ => {}
        }
    }

    /// Ends the open block.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if self.skipped {
            return;
        }
        let kind = match (self.heading.take(), self.lists.len()) {
            (Some(level), _) => BlockKind::Heading(level),
            (None, 0) => BlockKind::Paragraph,
            (None, depth) => BlockKind::Item {
                depth: depth - 1,
                label: self.label.clone(),
            },
        };
        self.blocks.push(kind, text);
    }
}
