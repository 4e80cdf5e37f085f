//! What stands below the keyword of a background or a scenario.

use super::ast::{DataTable, DocString, Examples, Row, Section, Step, Tag};
use super::line::{Kind, Line};
use super::parse::{Owner, Parser};
use crate::error::ReadError;

impl<'a> Parser<'a> {
    /// A background or a scenario with its steps and examples.
    pub(super) fn section(&mut self, line: Line<'a>, tags: Vec<Tag>, background: bool) -> Section {
        let mut section = Section {
            tags,
            location: line.location(),
            ..Section::default()
        };
        let lists: &[_] = if background {
            &[self.dialect.background]
        } else {
            &[self.dialect.scenario, self.dialect.scenario_outline]
        };
        if let Some(title) = line.title(lists) {
            section.location = title.location;
            title.keyword.clone_into(&mut section.keyword);
            section.name = title.name;
        }
        self.at += 1;
        let with_examples = [Kind::Step, Kind::Tag, Kind::Examples, Kind::Scenario, Kind::Rule];
        let without = [Kind::Step, Kind::Tag, Kind::Scenario, Kind::Rule];
        section.description = self.description(if background { &without } else { &with_examples });
        while let Some(line) = self.line() {
            match self.kind(if background { &without } else { &with_examples }) {
                Some(Kind::Step) if section.examples.is_empty() => self.step(line, &mut section.steps),
                Some(Kind::Examples) => {
                    let examples = self.examples(line, Vec::new());
                    section.examples.push(examples);
                }
                Some(Kind::Tag) if !background && self.owner() == Owner::Examples => {
                    let Some((line, tags)) = self.tagged(Owner::Examples) else {
                        break;
                    };
                    let examples = self.examples(line, tags);
                    section.examples.push(examples);
                }
                Some(Kind::Tag | Kind::Scenario | Kind::Rule) => break,
                _ => {
                    if !self.blank() {
                        self.unexpected("a step, a table row, a text block, examples, a scenario or a rule");
                    }
                }
            }
        }
        section
    }

    fn step(&mut self, line: Line<'a>, steps: &mut Vec<Step>) {
        let Some((title, keyword_type)) = line.step(self.dialect) else {
            return;
        };
        self.at += 1;
        let mut step = Step {
            location: title.location,
            keyword: title.keyword.to_owned(),
            keyword_type,
            text: title.name,
            doc_string: None,
            data_table: None,
        };
        while let Some(line) = self.line() {
            if line.is(Kind::Row, self.dialect) && step.data_table.is_none() {
                let rows = self.rows();
                step.data_table = Some(DataTable {
                    location: line.location(),
                    rows,
                });
            } else if line.is(Kind::DocString, self.dialect) && step.doc_string.is_none() {
                step.doc_string = Some(self.doc_string(line));
            } else if !self.blank() {
                break;
            }
        }
        steps.push(step);
    }

    /// Rows of one table; reports the first one of another length.
    fn rows(&mut self) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        while let Some(line) = self.line() {
            if line.is(Kind::Row, self.dialect) {
                rows.push(line.row());
                self.at += 1;
            } else if !self.blank() {
                break;
            }
        }
        let width = rows.first().map_or(0, |row| row.cells.len());
        if let Some(row) = rows.iter().find(|row| row.cells.len() != width) {
            let message = format!(
                "this row has {} cells, the table's first has {width}; give all rows as many",
                row.cells.len()
            );
            self.problem(ReadError::new(row.location.line, row.location.column, message));
        }
        rows
    }

    fn doc_string(&mut self, line: Line<'a>) -> DocString {
        let delimiter = line.delimiter().unwrap_or("\"\"\"");
        let media = line.trimmed().get(delimiter.len()..).unwrap_or_default().trim();
        let indent = line.indent();
        let escaped: String = delimiter.chars().flat_map(|c| ['\\', c]).collect();
        self.at += 1;
        let mut lines = Vec::new();
        loop {
            let Some(line) = self.line() else {
                self.ended("the end of the text block");
                break;
            };
            self.at += 1;
            if line.trimmed().starts_with(delimiter) {
                break;
            }
            let blanks = line.text.chars().take(usize::try_from(indent).unwrap_or(0));
            let removed: usize = blanks.take_while(|c| c.is_whitespace()).map(char::len_utf8).sum();
            lines.push(
                line.text
                    .get(removed..)
                    .unwrap_or_default()
                    .replace(&escaped, delimiter),
            );
        }
        DocString {
            location: line.location(),
            media_type: (!media.is_empty()).then(|| media.to_owned()),
            content: lines.join("\n"),
            delimiter: delimiter.to_owned(),
        }
    }

    fn examples(&mut self, line: Line<'a>, tags: Vec<Tag>) -> Examples {
        let mut examples = Examples {
            tags,
            location: line.location(),
            ..Examples::default()
        };
        if let Some(title) = line.title(&[self.dialect.examples]) {
            examples.location = title.location;
            title.keyword.clone_into(&mut examples.keyword);
            examples.name = title.name;
        }
        self.at += 1;
        examples.description =
            self.description(&[Kind::Row, Kind::Tag, Kind::Examples, Kind::Scenario, Kind::Rule]);
        if self.kind(&[Kind::Row]).is_some() {
            let mut rows = self.rows().into_iter();
            examples.table_header = rows.next();
            examples.table_body = rows.collect();
        }
        examples
    }
}
