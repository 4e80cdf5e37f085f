//! Text that is taken out of a format whose bytes are no text; spans point into what was taken.

use super::block::{BlockKind, Blocks};
use super::text::Text;

/// The text and its blocks.
#[derive(Default)]
pub(super) struct Extract {
    pub(super) text: String,
    pub(super) blocks: Blocks,
}

impl Extract {
    /// Adds a block of text, in lines of its own.
    pub(super) fn block(&mut self, kind: BlockKind, words: &str) {
        let words = words.trim();
        if words.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(words);
        self.text.push('\n');
        self.blocks.push(kind, Text::at(words, start));
    }

    /// Adds a table: a line for each row, tabs between cells.
    pub(super) fn table(&mut self, rows: Vec<Vec<String>>) {
        let mut placed = Vec::new();
        for row in rows {
            let mut cells = Vec::new();
            for cell in row {
                let cell = cell.trim();
                cells.push(Text::at(cell, self.text.len()));
                self.text.push_str(cell);
                self.text.push('\t');
            }
            self.text.push('\n');
            placed.push(cells);
        }
        self.blocks.table(placed);
    }
}
