//! Rows of cells: a list of requirements, if the columns say so.

use super::block::Blocks;
use super::text::Text;
use super::{plain, prose};
use crate::requirement::{Requirement, fold};
use crate::span::Source;
use crate::words::{self, Words};

/// What a column of a list of requirements holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Title,
    Text,
    Criteria,
    Rationale,
    Other,
}

/// The requirements that a table lists: one with a column of texts, and a column of ids, titles or criteria.
pub(super) fn requirements(
    rows: &[Vec<Text>],
    words: &Words,
    source: &Source<'_>,
) -> Option<Vec<Requirement>> {
    let (header, body) = rows.split_first()?;
    let columns: Vec<Column> = header.iter().map(|cell| column(cell.as_str())).collect();
    let has = |column| columns.contains(&column);
    let listed = has(Column::Text) || has(Column::Criteria);
    if !listed || !(has(Column::Id) || has(Column::Title) || has(Column::Criteria) || columns.len() == 1) {
        return None;
    }
    Some(
        body.iter()
            .map(|row| requirement(row, &columns, words, source))
            .collect(),
    )
}

/// What a column holds, after its name in any of the languages. "Custom field (x)" is a column x.
fn column(name: &str) -> Column {
    let name = fold(name).to_lowercase();
    let inner = name
        .strip_prefix("custom field (")
        .and_then(|rest| rest.strip_suffix(')'));
    let name = inner.unwrap_or(&name);
    let is = |list: fn(&'static Words) -> &'static [String]| {
        Words::all().any(|table| words::is(name, list(table)))
    };
    if is(|table| &table.id_column) {
        Column::Id
    } else if is(|table| &table.criteria_column) {
        Column::Criteria
    } else if is(|table| &table.rationale_column) {
        Column::Rationale
    } else if is(|table| &table.text_column) {
        Column::Text
    } else if is(|table| &table.title_column) {
        Column::Title
    } else {
        Column::Other
    }
}

fn requirement(row: &[Text], columns: &[Column], words: &Words, source: &Source<'_>) -> Requirement {
    let cell = |wanted: Column| {
        let mut cells = row.iter().zip(columns);
        cells
            .find(|(cell, column)| **column == wanted && !cell.is_blank())
            .map(|(cell, _)| cell)
    };
    let mut requirement = Requirement::default();
    if let Some(id) = cell(Column::Id) {
        requirement.id = fold(id.as_str());
    }
    if let Some(title) = cell(Column::Title) {
        requirement.title = fold(title.as_str());
    }
    requirement.rationale = cell(Column::Rationale).map(|cell| cell.phrase(source));
    let filled: Vec<_> = row
        .iter()
        .filter(|cell| !cell.is_blank())
        .map(|cell| cell.span(source))
        .collect();
    if let Some(whole) = filled.iter().copied().reduce(crate::Span::to) {
        requirement.span = whole;
    }
    let mut body = requirement.span;
    if let Some(text) = cell(Column::Text) {
        body = prose::fill(&mut requirement, &plain::blocks(text), words, source, false);
    }
    if let Some(criteria) = cell(Column::Criteria) {
        let blocks: Blocks = plain::blocks(criteria);
        prose::fill(&mut requirement, &blocks, words, source, true);
    }
    prose::complete(&mut requirement, body);
    if requirement.title.is_empty() {
        requirement.title = prose::title(&requirement.text, words);
    }
    requirement
}
