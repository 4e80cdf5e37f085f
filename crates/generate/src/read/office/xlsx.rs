//! Excel workbooks to tables, one for each sheet.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx};

use super::problem;
use crate::error::ReadError;
use crate::read::block::BlockKind;
use crate::read::extract::Extract;

/// Cells with content at most, in all sheets together.
const MAX_CELLS: usize = 500_000;

/// Columns that are read.
const MAX_COLUMNS: u32 = 256;

/// The sheets of a workbook. Only cells with content take space, however far apart they lie.
pub(in crate::read) fn extract(bytes: &[u8]) -> Result<Extract, ReadError> {
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|error: calamine::XlsxError| problem(&error.to_string()))?;
    let mut extract = Extract::default();
    let mut left = MAX_CELLS;
    for name in book.sheet_names() {
        let rows = sheet(&mut book, &name, &mut left)?;
        if !rows.is_empty() {
            extract.block(BlockKind::Heading(1), &name);
            extract.table(rows);
        }
    }
    Ok(extract)
}

fn sheet(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    left: &mut usize,
) -> Result<Vec<Vec<String>>, ReadError> {
    let Ok(mut cells) = book.worksheet_cells_reader(name) else {
        // A sheet that holds a chart has no cells.
        return Ok(Vec::new());
    };
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(|error| problem(&error.to_string()))? {
        let (row, column) = cell.get_position();
        let value = value(cell.get_value());
        if value.trim().is_empty() || column >= MAX_COLUMNS {
            continue;
        }
        *left = left
            .checked_sub(1)
            .ok_or_else(|| problem("it holds too many cells; split the workbook"))?;
        rows.entry(row).or_default().insert(column, value);
    }
    let first = rows
        .values()
        .filter_map(|row| row.keys().next())
        .min()
        .copied()
        .unwrap_or(0);
    let full = |row: BTreeMap<u32, String>| {
        let last = row.keys().next_back().copied().unwrap_or(first);
        let mut row = row;
        (first..=last)
            .map(|column| row.remove(&column).unwrap_or_default())
            .collect()
    };
    Ok(rows.into_values().map(full).collect())
}

fn value(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(flag) => flag.to_string(),
        DataRef::DateTime(date) => date.to_string(),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}
