//! Blocks to a document: prose, tables and diagrams.

use super::block::{BlockKind, Blocks};
use super::{decision, machine, prose, rows};
use crate::document::{Document, Note};
use crate::requirement::fold;
use crate::span::Source;
use crate::table::Table;
use crate::words::{self, Words};

/// Fills a document with what its blocks say.
pub(super) fn read(mut document: Document, blocks: &Blocks) -> Document {
    let text = std::mem::take(&mut document.text);
    let source = Source::new(&text);
    let words = Words::detect(&text);
    document.language = words.map(|words| words.language.clone());
    let whole = words.is_none();
    let words = words.unwrap_or_else(Words::english);
    document.requirements = prose::requirements(blocks, words, &source, whole);
    if whole && !document.requirements.is_empty() {
        document.notes.push(kept(&source));
    }
    tables(&mut document, blocks, words, &source);
    for (language, text) in &blocks.code {
        if let Some(machine) = machine::block(language, text, &source) {
            document.requirements.push(machine::requirement(&machine));
            document.machines.push(machine);
        }
    }
    document.text = text;
    document.finish()
}

/// Lists of requirements, decision tables and lists of parameters.
fn tables(document: &mut Document, blocks: &Blocks, words: &Words, source: &Source<'_>) {
    let mut title = String::new();
    for block in &blocks.list {
        let index = match &block.kind {
            BlockKind::Heading(_) => {
                title = fold(block.text.as_str());
                continue;
            }
            BlockKind::Table(index) => *index,
            _ => continue,
        };
        let Some(cells) = blocks.tables.get(index) else {
            continue;
        };
        if let Some(found) = rows::requirements(cells, words, source) {
            document.requirements.extend(found);
            continue;
        }
        let Some(table) = decision::table(cells, &title, source) else {
            continue;
        };
        if let Table::Decision(table) = &table {
            document
                .requirements
                .push(decision::requirement(table, document.tables.len() + 1));
        }
        document.tables.push(table);
    }
}

fn kept(source: &Source<'_>) -> Note {
    let known = words::languages().collect::<Vec<_>>().join(", ");
    Note {
        span: source.span(0..source.text().len()),
        message: format!(
            "the language is none of {known}: every paragraph was kept whole as one criterion, and \
             techniques that need words (conditions, limits, roles) do not apply"
        ),
    }
}
