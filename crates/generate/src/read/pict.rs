//! Models in the format of Microsoft's PICT.

use crate::document::{Document, Format};
use crate::requirement::{Phrase, fold};
use crate::span::Source;
use crate::table::{ParameterTable, Table, TableParameter};

/// Reads a model; `None` if the text is none.
pub(super) fn read(name: &str, text: &str) -> Option<Document> {
    let text = text.trim_start_matches('\u{feff}');
    if !looks_like(text) {
        return None;
    }
    let model: covering::Model = text.parse().ok()?;
    let source = Source::new(text);
    let end = text.trim_end().len();
    let parameters = model.parameters().iter().map(|parameter| {
        let start = text.find(&parameter.name).unwrap_or(0);
        let line = source.line(source.place(start).0);
        let phrase = |words: &str| Phrase {
            text: fold(words),
            span: line,
        };
        TableParameter {
            name: phrase(&parameter.name),
            values: parameter
                .values
                .iter()
                .map(|value| {
                    phrase(&format!(
                        "{}{}",
                        if value.is_negative { "~" } else { "" },
                        value.name()
                    ))
                })
                .collect(),
        }
    });
    let table = ParameterTable {
        title: String::new(),
        parameters: parameters.collect(),
        span: source.span(0..end),
    };
    let mut document = Document::new(name, Format::Pict, text);
    document.tables.push(Table::Parameters(table));
    document.model = Some(model);
    Some(document.finish())
}

/// Whether the first lines are parameters: a name, a colon, and several values.
fn looks_like(text: &str) -> bool {
    let mut lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parameter = |line: &str| {
        line.split_once(':')
            .is_some_and(|(name, values)| !name.trim().is_empty() && name.len() < 80 && values.contains(','))
    };
    // PICT takes commas instead of the colon too; then only a constraint tells a model from a table.
    let constraint = |line: &str| line.contains('[') && line.contains(']') && line.ends_with(';');
    if text.lines().any(|line| constraint(line.trim())) {
        return lines.next().is_some_and(|line| line.contains(','));
    }
    lines.next().is_some_and(parameter) && lines.next().is_some_and(parameter)
}
