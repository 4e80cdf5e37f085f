//! Scenarios as they are run: backgrounds merged, outlines expanded, tags inherited.

use serde::Serialize;

use super::ast::{Child, DataTable, Examples, Feature, KeywordType, Location, Row, Section, Step, Tag};

/// Pickles made of one file at most; an outline multiplies its steps by its rows.
const MAX_PICKLES: usize = 100_000;

/// A scenario with everything filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pickle {
    /// Place of the scenario; of the row for an outline.
    pub location: Location,
    /// Key of the spoken language.
    pub language: String,
    /// Name, with the row's values.
    pub name: String,
    /// Steps, those of the backgrounds first.
    pub steps: Vec<PickleStep>,
    /// Tags of feature, rule, scenario and examples.
    pub tags: Vec<Tag>,
}

/// A step with the row's values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PickleStep {
    /// Text.
    pub text: String,
    /// What the step is for; never a conjunction unless there is nothing before it.
    #[serde(rename = "type")]
    pub kind: KeywordType,
    /// Where the step stands.
    #[serde(skip)]
    pub location: Location,
    /// Cells of a table.
    #[serde(skip)]
    pub table: Vec<Vec<String>>,
    /// Media type and content of a text block.
    #[serde(skip)]
    pub block: Option<(Option<String>, String)>,
    /// Whether the text block stands before the table.
    #[serde(skip)]
    pub block_first: bool,
}

/// The pickles of a feature, in the order of the file.
pub fn pickles(feature: &Feature) -> Vec<Pickle> {
    let mut maker = Maker {
        feature,
        made: Vec::new(),
    };
    maker.children(&feature.children, &[], &feature.tags);
    maker.made
}

struct Maker<'a> {
    feature: &'a Feature,
    made: Vec<Pickle>,
}

impl Maker<'_> {
    fn children(&mut self, children: &[Child], before: &[Step], tags: &[Tag]) {
        let mut before = before.to_vec();
        for child in children {
            match child {
                Child::Background(background) => before.extend(background.steps.iter().cloned()),
                Child::Scenario(scenario) => self.scenario(scenario, &before, tags),
                Child::Rule(rule) => self.children(&rule.children, &before, &joined(tags, &rule.tags)),
            }
        }
    }

    fn scenario(&mut self, scenario: &Section, before: &[Step], tags: &[Tag]) {
        let tags = joined(tags, &scenario.tags);
        if scenario.examples.is_empty() {
            let names = Values {
                header: None,
                row: None,
            };
            self.push(scenario, before, scenario.location, names, tags);
            return;
        }
        for examples in &scenario.examples {
            let tags = joined(&tags, &examples.tags);
            for row in &examples.table_body {
                let values = Values {
                    header: examples.table_header.as_ref(),
                    row: Some(row),
                };
                self.push(scenario, before, row.location, values, tags.clone());
            }
        }
    }

    fn push(
        &mut self,
        scenario: &Section,
        before: &[Step],
        location: Location,
        values: Values<'_>,
        tags: Vec<Tag>,
    ) {
        if self.made.len() >= MAX_PICKLES {
            return;
        }
        let mut steps = Vec::new();
        let mut last = KeywordType::Unknown;
        if !scenario.steps.is_empty() {
            let none = Values {
                header: None,
                row: None,
            };
            for step in before {
                steps.push(filled(step, none, &mut last));
            }
            for step in &scenario.steps {
                steps.push(filled(step, values, &mut last));
            }
        }
        self.made.push(Pickle {
            location,
            language: self.feature.language.clone(),
            name: values.fill(&scenario.name),
            steps,
            tags,
        });
    }
}

/// A row and the names of its cells.
#[derive(Clone, Copy)]
struct Values<'a> {
    header: Option<&'a Row>,
    row: Option<&'a Row>,
}

impl Values<'_> {
    /// The text with `<name>` replaced by the value under that name.
    fn fill(&self, text: &str) -> String {
        let (Some(header), Some(row)) = (self.header, self.row) else {
            return text.to_owned();
        };
        let pairs = header.cells.iter().zip(&row.cells);
        pairs.fold(text.to_owned(), |text, (name, cell)| {
            text.replace(&format!("<{}>", name.value), &cell.value)
        })
    }
}

fn filled(step: &Step, values: Values<'_>, last: &mut KeywordType) -> PickleStep {
    if step.keyword_type != KeywordType::Conjunction {
        *last = step.keyword_type;
    }
    let block = step.doc_string.as_ref().map(|block| {
        (
            block.media_type.as_ref().map(|media| values.fill(media)),
            values.fill(&block.content),
        )
    });
    PickleStep {
        text: values.fill(&step.text),
        kind: *last,
        location: step.location,
        table: step
            .data_table
            .as_ref()
            .map(|table| cells(table, values))
            .unwrap_or_default(),
        block,
        block_first: match (&step.doc_string, &step.data_table) {
            (Some(block), Some(table)) => block.location.line < table.location.line,
            _ => false,
        },
    }
}

fn cells(table: &DataTable, values: Values<'_>) -> Vec<Vec<String>> {
    table
        .rows
        .iter()
        .map(|row| row.cells.iter().map(|cell| values.fill(&cell.value)).collect())
        .collect()
}

fn joined(first: &[Tag], second: &[Tag]) -> Vec<Tag> {
    first.iter().chain(second).cloned().collect()
}

/// The names and values of a table of examples.
pub(super) fn table(examples: &Examples) -> (Vec<String>, Vec<Vec<String>>) {
    let values = |row: &Row| row.cells.iter().map(|cell| cell.value.clone()).collect();
    let header = examples.table_header.as_ref().map(values).unwrap_or_default();
    (header, examples.table_body.iter().map(values).collect())
}
