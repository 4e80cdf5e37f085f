//! Rows as text: tab-separated with a header, as `pict` prints them.

use std::fmt::Write as _;

use crate::model::Model;
use crate::text::same;

/// The rows with a header, tab-separated. Values with aliases show their names in turn, negative ones after
/// a `~`. Positions that the model does not have become empty.
pub fn to_table(model: &Model, rows: &[Vec<usize>]) -> String {
    let mut shown: Vec<Vec<usize>> = model
        .parameters()
        .iter()
        .map(|parameter| vec![0; parameter.values.len()])
        .collect();
    let names: Vec<&str> = model
        .parameters()
        .iter()
        .map(|parameter| parameter.name.as_str())
        .collect();
    let mut text = names.join("\t") + "\n";
    for row in rows {
        let columns = model.parameters().iter().zip(&mut shown).zip(row);
        for (position, ((parameter, shown), value)) in columns.enumerate() {
            if position > 0 {
                text.push('\t');
            }
            let (Some(value), Some(times)) = (parameter.values.get(*value), shown.get_mut(*value)) else {
                continue;
            };
            let turn = *times % value.names.len().max(1);
            *times += 1;
            let sign = if value.is_negative { "~" } else { "" };
            let _ = write!(text, "{sign}{}", value.names.get(turn).map_or("", String::as_str));
        }
        text.push('\n');
    }
    text
}

/// Seed rows as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeedRows {
    /// For [`crate::Options::seed_rows`].
    pub rows: Vec<Vec<Option<usize>>>,
    /// The line of each row, from 1.
    pub lines: Vec<usize>,
    /// What was left out, and why.
    pub warnings: Vec<String>,
}

/// Reads seed rows: a header with names of parameters, then a row on each line, all tab-separated. What
/// [`to_table`] and `pict` print can be read; empty cells are open.
///
/// An alias in a seed row means its value; [`to_table`] shows the names in turn, so that another may stand there.
///
/// Nothing fails: columns that the model does not have, and values that a parameter does not have, are left
/// open with a warning that says where.
pub fn read_seed_rows(model: &Model, text: &str) -> SeedRows {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut seeds = SeedRows::default();
    let mut lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    let Some((number, header)) = lines.next() else {
        seeds
            .warnings
            .push("there are no seed rows; write a header with names of parameters first".to_owned());
        return seeds;
    };
    let columns = columns(model, number, header, &mut seeds.warnings);
    for (number, line) in lines {
        let mut row = vec![None; model.parameters().len()];
        let mut start = 1;
        for (position, cell) in line.split('\t').enumerate() {
            let place = format!("line {number}, column {start}");
            start += cell.chars().count() + 1;
            let name = cell.trim();
            match columns.get(position) {
                Some(Some(parameter)) => match value(model, *parameter, name) {
                    Some(value) => row[*parameter] = Some(value),
                    None if name.is_empty() => {}
                    None => seeds.warnings.push(format!(
                        "{place}: `{}` has no value `{name}`; the cell is left open",
                        model.parameters()[*parameter].name
                    )),
                },
                Some(None) => {}
                None if name.is_empty() => {}
                None => seeds
                    .warnings
                    .push(format!("{place}: `{name}` stands under no name; it is left out")),
            }
        }
        seeds.rows.push(row);
        seeds.lines.push(number);
    }
    seeds
}

/// The parameter of each column. One that appears again, or that the model does not have, is left out.
fn columns(model: &Model, number: usize, header: &str, warnings: &mut Vec<String>) -> Vec<Option<usize>> {
    let mut columns: Vec<Option<usize>> = Vec::new();
    let mut start = 1;
    for cell in header.split('\t') {
        let found = model.position(cell.trim());
        let is_again = found.is_some() && columns.contains(&found);
        if found.is_none() || is_again {
            let why = if is_again {
                "appears twice"
            } else {
                "is not in the model"
            };
            warnings.push(format!(
                "line {number}, column {start}: the parameter `{}` {why}; its column is left out",
                cell.trim()
            ));
        }
        start += cell.chars().count() + 1;
        columns.push(found.filter(|_| !is_again));
    }
    columns
}

/// The value of this name or alias. The `~` of negative values may be left out where no other has the name.
fn value(model: &Model, parameter: usize, name: &str) -> Option<usize> {
    let values = &model.parameters()[parameter].values;
    let has = |name: &str, value: &crate::Value| {
        let mut names = value.names.iter();
        names.any(|own| same(own, name, model.is_case_sensitive()))
    };
    let negative = name.strip_prefix('~').map(str::trim);
    let signed = values.iter().position(|value| match negative {
        Some(name) => value.is_negative && has(name, value),
        None => !value.is_negative && has(name, value),
    });
    signed.or_else(|| values.iter().position(|value| has(name, value)))
}
