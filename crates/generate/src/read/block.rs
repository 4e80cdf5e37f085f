//! What running text consists of, whatever it was written with.

use super::text::Text;

/// A heading, a paragraph, a point of a list, or a table.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    pub(crate) text: Text,
}

/// The kinds of blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// A heading and its level, from 1.
    Heading(u8),
    Paragraph,
    /// A point of a list: how deep it lies, from 0, and its number if it has one.
    Item {
        depth: usize,
        label: Option<String>,
    },
    /// Code or another block whose text is no prose.
    Code,
    /// A table; its cells stand in the list of tables under this number.
    Table(usize),
}

/// Blocks and tables of a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blocks {
    pub(crate) list: Vec<Block>,
    pub(crate) tables: Vec<Vec<Vec<Text>>>,
    /// Code blocks that name their language.
    pub(crate) code: Vec<(String, Text)>,
}

impl Blocks {
    /// Adds a block unless it is blank.
    pub(crate) fn push(&mut self, kind: BlockKind, text: Text) {
        if !text.is_blank() {
            self.list.push(Block {
                kind,
                text: text.trim(),
            });
        }
    }

    /// Adds a table.
    pub(crate) fn table(&mut self, rows: Vec<Vec<Text>>) {
        if !rows.is_empty() {
            self.list.push(Block {
                kind: BlockKind::Table(self.tables.len()),
                text: Text::default(),
            });
            self.tables.push(rows);
        }
    }
}
