//! The data set of a case, written as the tables of Gherkin are
//! (<https://cucumber.io/docs/gherkin/reference/#data-tables>): a line for the names, a line for each row, `|` between.
//! What was copied from a spreadsheet, with tabs between, is read as well.

use maud::{Markup, html};
use model::data_set::DataSet;

/// A data set as the form shows it; nothing for none.
pub fn written(set: Option<&DataSet>) -> String {
    let Some(set) = set else { return String::new() };
    let lines = std::iter::once(&set.parameters).chain(&set.rows);
    let lines: Vec<String> = lines.map(|line| line_of(line)).collect();
    lines.join("\n")
}

fn line_of(cells: &[String]) -> String {
    let escaped = |cell: &String| {
        cell.replace('\\', r"\\")
            .replace('|', r"\|")
            .replace('\n', r"\n")
            .replace('\t', r"\t")
    };
    let cells: Vec<String> = cells.iter().map(escaped).collect();
    format!("| {} |", cells.join(" | "))
}

/// What was typed; none for nothing.
pub fn read(text: &str) -> Option<DataSet> {
    let is_copied = text.contains('\t');
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let mut lines = lines.map(|line| if is_copied { copied(line) } else { cells(line) });
    Some(DataSet {
        parameters: lines.next()?,
        rows: lines.collect(),
    })
}

fn copied(line: &str) -> Vec<String> {
    line.split('\t').map(str::to_owned).collect()
}

/// The cells of a line; the bars at its ends may be left out.
fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let (mut done, mut cell) = (Vec::new(), String::new());
    let mut rest = line.strip_prefix('|').unwrap_or(line).chars();
    while let Some(c) = rest.next() {
        match c {
            '|' => done.push(std::mem::take(&mut cell)),
            '\\' => match rest.next() {
                Some('n') => cell.push('\n'),
                Some('t') => cell.push('\t'),
                Some(c @ ('|' | '\\')) => cell.push(c),
                other => cell.extend(std::iter::once(c).chain(other)),
            },
            c => cell.push(c),
        }
    }
    let is_closed = line.starts_with('|') && cell.is_empty() && !done.is_empty();
    if !is_closed {
        done.push(cell);
    }
    done
}

/// What an error of a data set is about, in a sentence.
pub fn place(field: &str, text: &str) -> String {
    let row = field
        .strip_prefix("data_set.rows.")
        .and_then(|rest| rest.split('.').next());
    match row.and_then(|n| n.parse::<usize>().ok()) {
        Some(n) => format!("Row {}: {text}", n + 1),
        None => text.to_owned(),
    }
}

/// Draws it as a table.
pub fn section(set: &DataSet) -> Markup {
    html! {
        section {
            h2 { "Data set" }
            div.table-box tabindex="0" role="region" aria-label="Data set" { table.table {
                thead { tr { th.num scope="col" { "Row" } @for name in &set.parameters { th scope="col" { (name) } } } }
                tbody { @for (n, row) in set.rows.iter().enumerate() { tr {
                    td.num { (n + 1) } @for value in row { td { (value) } }
                } } }
            } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells_of(set: Option<DataSet>) -> Vec<Vec<String>> {
        let set = set.unwrap();
        std::iter::once(set.parameters)
            .chain(set.rows)
            .map(|row| row.iter().map(|c| c.trim().to_owned()).collect())
            .collect()
    }

    #[test]
    fn tables_are_read_as_they_are_typed_and_copied() {
        for text in [
            "role | browser\nadmin | Firefox\n\nguest |",
            "| role | browser |\r\n| admin | Firefox |\r\n| guest |  |\r\n",
            "role\tbrowser\nadmin\tFirefox\nguest\t",
        ] {
            let rows = cells_of(read(text));
            assert_eq!(rows[..2], [["role", "browser"], ["admin", "Firefox"]], "{text}");
        }
        assert_eq!(cells_of(read("| a | b |\n| 1 | |"))[1], ["1", ""]);
        assert_eq!(cells_of(read("one\n1\n2")), [["one"], ["1"], ["2"]]);
        assert_eq!(read(" \n\t\n"), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let texts = |list: &[&str]| -> Vec<String> { list.iter().map(|t| (*t).to_owned()).collect() };
        let set = DataSet {
            parameters: texts(&["pattern", "text"]),
            rows: vec![
                texts(&[r"a|b\n\\", "two\nlines\tand a tab"]),
                texts(&["", ""]),
                texts(&["x", ""]),
            ],
        };
        let again = cells_of(read(&written(Some(&set))));
        assert_eq!(again[1..], set.rows);
        assert_eq!(written(None), "");
    }

    #[test]
    fn errors_name_the_row() {
        assert_eq!(place("data_set.rows.2", "No."), "Row 3: No.");
        assert_eq!(place("data_set.rows.0.4", "No."), "Row 1: No.");
        assert_eq!(place("data_set.parameters.1", "No."), "No.");
    }
}
