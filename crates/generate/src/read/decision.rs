//! Which kind of table rows of cells are.

use super::text::Text;
use crate::requirement::{Criterion, Form, Phrase, Requirement, fold};
use crate::span::{Source, Span};
use crate::table::{DecisionTable, ParameterTable, Rule, Table, TableParameter};
use crate::words::{self, Words};

/// Cells that stand for any value, or for an action that is not done.
const ANY: [&str; 8] = ["", "-", "*", "\u{2013}", "\u{2014}", "any", "n/a", "~"];

/// Marks in front of a column's name that say what it is: `C1: Age`, `A1: Refuse`.
const PREFIXES: [(char, bool); 2] = [('c', true), ('a', false)];

/// Characters between which a cell lists several values.
const SEPARATORS: [char; 4] = [';', ',', '|', '\n'];

/// Reads a table: with columns for actions it is a decision table, with a column of values or without actions
/// a list of parameters. `None` for less than two rows or columns of text.
pub(super) fn table(rows: &[Vec<Text>], title: &str, source: &Source<'_>) -> Option<Table> {
    let (header, body) = rows.split_first()?;
    if body.is_empty() || header.iter().filter(|cell| !cell.is_blank()).count() < 2 {
        return None;
    }
    let span = rows
        .iter()
        .flatten()
        .filter(|cell| !cell.is_blank())
        .map(|cell| cell.span(source))
        .reduce(Span::to)?;
    if let Some(table) = across(rows, title, span, source) {
        return Some(Table::Decision(table));
    }
    if let Some(table) = listed(header, body, title, span, source) {
        return Some(Table::Parameters(table));
    }
    if let Some(table) = down(header, body, title, span, source) {
        return Some(Table::Decision(table));
    }
    Some(Table::Parameters(columns(header, body, title, span, source)))
}

fn is(text: &str, list: fn(&'static Words) -> &'static [String]) -> bool {
    Words::all().any(|table| words::is(text, list(table)))
}

/// Whether a text starts with a phrase of a list ("expected result 1").
fn begins(text: &str, list: fn(&'static Words) -> &'static [String]) -> bool {
    Words::all().any(|table| words::starts(text.trim(), list(table)).is_some())
}

/// Whether a name carries the mark of a condition (`C1`) or of an action (`A1`).
fn marked(name: &str) -> Option<bool> {
    let name = name.trim().to_lowercase();
    let mut chars = name.chars();
    let first = chars.next()?;
    let (_, condition) = PREFIXES.into_iter().find(|(prefix, _)| *prefix == first)?;
    let rest = chars.as_str();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let behind = rest.get(digits..)?;
    (digits > 0 && (behind.is_empty() || behind.starts_with([':', '.', ' ', ')']))).then_some(condition)
}

fn action(name: &str) -> bool {
    marked(name) == Some(false)
        || is(name, |table| &table.action_column)
        || begins(name, |table| &table.action_label)
}

fn value(cell: Option<&Text>, source: &Source<'_>) -> Option<Phrase> {
    let cell = cell?;
    let phrase = cell.phrase(source);
    (!ANY.contains(&phrase.text.to_lowercase().as_str())).then_some(phrase)
}

/// Rules as rows, conditions and actions as columns.
fn down(
    header: &[Text],
    body: &[Vec<Text>],
    title: &str,
    span: Span,
    source: &Source<'_>,
) -> Option<DecisionTable> {
    let actions: Vec<usize> = (0..header.len())
        .filter(|at| header.get(*at).is_some_and(|cell| action(cell.as_str())))
        .collect();
    let first = *actions.first()?;
    let name = header
        .first()
        .filter(|cell| is(cell.as_str(), |table| &table.rule_column))
        .map(|_| 0);
    let all_marked = header.iter().any(|cell| marked(cell.as_str()).is_some());
    // Without marks, what stands behind the first action is an action too.
    let actions = if all_marked {
        actions
    } else {
        (first..header.len()).collect()
    };
    let conditions: Vec<usize> = (0..header.len())
        .filter(|at| !actions.contains(at) && name != Some(*at))
        .collect();
    if conditions.is_empty() {
        return None;
    }
    let phrases = |columns: &[usize]| {
        columns
            .iter()
            .filter_map(|at| header.get(*at))
            .map(|cell| cell.phrase(source))
            .collect::<Vec<_>>()
    };
    let values =
        |row: &[Text], columns: &[usize]| columns.iter().map(|at| value(row.get(*at), source)).collect();
    let rules = body.iter().enumerate().map(|(index, row)| Rule {
        name: name
            .and_then(|at| row.get(at))
            .map_or_else(|| (index + 1).to_string(), |cell| fold(cell.as_str())),
        conditions: values(row, &conditions),
        actions: values(row, &actions),
        span: row_span(row, source),
    });
    Some(DecisionTable {
        title: title.to_owned(),
        rules: rules.collect(),
        conditions: phrases(&conditions),
        actions: phrases(&actions),
        span,
    })
}

fn row_span(row: &[Text], source: &Source<'_>) -> Span {
    row.iter()
        .filter(|cell| !cell.is_blank())
        .map(|cell| cell.span(source))
        .reduce(Span::to)
        .unwrap_or_default()
}

/// Rules as columns: the first column names conditions, then actions, each part under its label or mark.
fn across(rows: &[Vec<Text>], title: &str, span: Span, source: &Source<'_>) -> Option<DecisionTable> {
    let mut table = DecisionTable {
        title: title.to_owned(),
        span,
        ..DecisionTable::default()
    };
    let width = rows.iter().map(Vec::len).max()?.saturating_sub(1);
    let mut rules = vec![Rule::default(); width];
    let mut part = None;
    let mut names: Option<&Vec<Text>> = None;
    for row in rows {
        let Some((first, cells)) = row.split_first() else {
            continue;
        };
        let label = first.as_str().trim();
        let empty = cells.iter().all(Text::is_blank);
        let named = cells
            .iter()
            .filter(|cell| !cell.is_blank())
            .all(|cell| rule_name(cell.as_str()));
        if is(label, |table| &table.condition_label) && (empty || named) {
            part = Some(true);
            names = if empty { names } else { Some(row) };
            continue;
        }
        if is(label, |table| &table.action_label) && (empty || named) && part.is_some() {
            part = Some(false);
            continue;
        }
        if names.is_none() && part.is_none() && !empty && named && marked(label).is_none() {
            names = Some(row);
            continue;
        }
        let condition = marked(label).or(part)?;
        let list = if condition {
            &mut table.conditions
        } else {
            &mut table.actions
        };
        list.push(first.phrase(source));
        for (index, rule) in rules.iter_mut().enumerate() {
            let cell = value(cells.get(index), source);
            if let Some(cell) = &cell {
                rule.span = if rule.span.line == 0 {
                    cell.span
                } else {
                    rule.span.to(cell.span)
                };
            }
            if condition {
                rule.conditions.push(cell);
            } else {
                rule.actions.push(cell);
            }
        }
    }
    if table.conditions.is_empty() || table.actions.is_empty() {
        return None;
    }
    for (index, rule) in rules.iter_mut().enumerate() {
        let name = names
            .and_then(|row| row.get(index + 1))
            .map(|cell| fold(cell.as_str()))
            .unwrap_or_default();
        rule.name = if name.is_empty() {
            (index + 1).to_string()
        } else {
            name
        };
    }
    rules.retain(|rule| rule.span.line > 0);
    table.rules = rules;
    Some(table)
}

/// A rule's name in the head of a column: `R1`, `Rule 1`, `1`.
fn rule_name(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let digits = text.trim_start_matches(|c: char| c.is_alphabetic() || c == ' ' || c == '#');
    let word = text.get(..text.len() - digits.len()).unwrap_or_default().trim();
    let plain = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    plain && (word.is_empty() || word == "r" || is(word, |table| &table.rule_column))
}

/// A column of names and a column of values, the values of a parameter in one cell.
fn listed(
    header: &[Text],
    body: &[Vec<Text>],
    title: &str,
    span: Span,
    source: &Source<'_>,
) -> Option<ParameterTable> {
    let names = header
        .iter()
        .position(|cell| is(cell.as_str(), |table| &table.parameter_column))?;
    let values = header
        .iter()
        .position(|cell| is(cell.as_str(), |table| &table.value_column))?;
    let mut parameters: Vec<TableParameter> = Vec::new();
    for row in body {
        let (Some(name), Some(cell)) = (row.get(names), row.get(values)) else {
            continue;
        };
        let found = split(cell)
            .iter()
            .map(|value| value.phrase(source))
            .collect::<Vec<_>>();
        let name = name.phrase(source);
        match parameters.last_mut() {
            // One value a row: an empty or a repeated name goes on with the parameter.
            Some(last) if name.text.is_empty() || last.name.text == name.text => last.values.extend(found),
            _ => parameters.push(TableParameter { name, values: found }),
        }
    }
    Some(ParameterTable {
        title: title.to_owned(),
        parameters,
        span,
    })
}

/// The values of a cell: between semicolons, else commas, bars or lines.
fn split(cell: &Text) -> Vec<Text> {
    let text = cell.as_str();
    let Some(separator) = SEPARATORS.into_iter().find(|separator| text.contains(*separator)) else {
        return vec![cell.clone()];
    };
    let mut values = Vec::new();
    let mut start = 0;
    for part in text.split_inclusive(separator) {
        let end = start + part.len();
        let value = cell.slice(
            start
                ..end
                    - if part.ends_with(separator) {
                        separator.len_utf8()
                    } else {
                        0
                    },
        );
        if !value.is_blank() {
            values.push(value);
        }
        start = end;
    }
    values
}

/// A parameter for each column, its values below it.
fn columns(
    header: &[Text],
    body: &[Vec<Text>],
    title: &str,
    span: Span,
    source: &Source<'_>,
) -> ParameterTable {
    let parameter = |(at, name): (usize, &Text)| {
        let mut values: Vec<Phrase> = Vec::new();
        for cell in body
            .iter()
            .filter_map(|row| row.get(at))
            .filter(|cell| !cell.is_blank())
        {
            let phrase = cell.phrase(source);
            if !values.iter().any(|known| known.text == phrase.text) {
                values.push(phrase);
            }
        }
        TableParameter {
            name: name.phrase(source),
            values,
        }
    };
    let named = header.iter().enumerate().filter(|(_, cell)| !cell.is_blank());
    ParameterTable {
        title: title.to_owned(),
        parameters: named.map(parameter).collect(),
        span,
    }
}

/// A decision table as a requirement: each rule is a criterion.
pub(super) fn requirement(table: &DecisionTable, number: usize) -> Requirement {
    let title = if table.title.is_empty() {
        format!("Decision table {number}")
    } else {
        table.title.clone()
    };
    let pairs = |names: &[Phrase], values: &[Option<Phrase>]| {
        let said = names.iter().zip(values).filter_map(|(name, value)| {
            value
                .as_ref()
                .map(|value| format!("{} = {}", name.text, value.text))
        });
        said.collect::<Vec<_>>().join(", ")
    };
    let criteria = table.rules.iter().map(|rule| Criterion {
        label: Some(rule.name.clone()),
        text: format!(
            "{} \u{2192} {}",
            pairs(&table.conditions, &rule.conditions),
            pairs(&table.actions, &rule.actions)
        ),
        span: rule.span,
        form: Form::Rule,
        ..Criterion::default()
    });
    Requirement {
        title,
        span: table.span,
        criteria: criteria.collect(),
        ..Requirement::default()
    }
}
