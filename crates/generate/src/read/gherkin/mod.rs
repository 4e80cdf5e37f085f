//! Feature files: a rule, else the feature, is a requirement, and every scenario a criterion.

mod ast;
mod dialect;
mod line;
mod parse;
mod pickle;
mod section;

pub use ast::*;
pub use parse::parse;
pub use pickle::{Pickle, PickleStep, pickles};

use crate::document::{Document, Format};
use crate::error::ReadError;
use crate::requirement::{self as model, Criterion, Form, Requirement, StepRole};
use crate::span::{Source, Span};

/// Whether one of the first lines that are neither empty, nor a comment, nor tags begins a feature.
pub(super) fn looks_like(text: &str) -> bool {
    let mut dialect = dialect::Dialect::english();
    for (index, text) in text.trim_start_matches('\u{feff}').lines().take(200).enumerate() {
        let line = line::Line {
            number: crate::span::narrow(index + 1),
            text,
            markdown: false,
        };
        if let Some(key) = line.language() {
            let Some(found) = dialect::Dialect::find(key) else {
                return true;
            };
            dialect = found;
        } else if line.is(line::Kind::Feature, dialect) {
            return true;
        } else if !(line.is(line::Kind::Empty, dialect)
            || line.is(line::Kind::Comment, dialect)
            || line.is(line::Kind::Tag, dialect))
        {
            return false;
        }
    }
    false
}

/// Reads a feature file to a document.
pub(super) fn read(name: &str, text: &str, markdown: bool) -> Result<Document, ReadError> {
    let file = parse(text, markdown)?;
    let mut document = Document::new(name, Format::Gherkin, text);
    if let Some(feature) = &file.feature {
        document.language = Some(feature.language.clone());
        document.requirements = Reader {
            source: Source::new(text),
        }
        .feature(feature);
    }
    document.feature = file.feature;
    Ok(document.finish())
}

struct Reader<'a> {
    source: Source<'a>,
}

impl Reader<'_> {
    fn feature(&self, feature: &Feature) -> Vec<Requirement> {
        let mut requirements = Vec::new();
        let mut whole = Requirement {
            title: feature.name.clone(),
            text: model::fold(&feature.description),
            span: self.span(feature.location),
            tags: names(&feature.tags),
            ..Requirement::default()
        };
        let mut before = Vec::new();
        let mut rules = Vec::new();
        for child in &feature.children {
            match child {
                Child::Background(section) => before.extend(section.steps.iter().cloned()),
                Child::Scenario(section) => self.add(&mut whole, section, &before),
                Child::Rule(rule) => rules.push(self.rule(rule, &feature.tags, &before)),
            }
        }
        if !whole.criteria.is_empty() || rules.is_empty() {
            requirements.push(whole);
        }
        requirements.extend(rules);
        requirements
    }

    fn rule(&self, rule: &Rule, inherited: &[Tag], before: &[Step]) -> Requirement {
        let mut requirement = Requirement {
            title: rule.name.clone(),
            text: model::fold(&rule.description),
            span: self.span(rule.location),
            tags: inherited.iter().chain(&rule.tags).map(bare).collect(),
            ..Requirement::default()
        };
        let mut before = before.to_vec();
        for child in &rule.children {
            match child {
                Child::Background(section) => before.extend(section.steps.iter().cloned()),
                Child::Scenario(section) => self.add(&mut requirement, section, &before),
                Child::Rule(_) => {}
            }
        }
        requirement
    }

    fn add(&self, requirement: &mut Requirement, section: &Section, before: &[Step]) {
        let criterion = self.criterion(section, before);
        requirement.span = requirement.span.to(criterion.span);
        requirement.criteria.push(criterion);
    }

    fn criterion(&self, section: &Section, before: &[Step]) -> Criterion {
        let mut last = StepRole::Other;
        let before = if section.steps.is_empty() { &[] } else { before };
        let steps: Vec<_> = before
            .iter()
            .chain(&section.steps)
            .map(|step| self.step(step, &mut last))
            .collect();
        let own = steps.get(before.len()..).unwrap_or_default();
        let span = own
            .iter()
            .fold(self.span(section.location), |span, step| span.to(step.span));
        let text = steps
            .iter()
            .map(|step| step.text.as_str())
            .collect::<Vec<_>>()
            .join("; ");
        let examples: Vec<_> = section
            .examples
            .iter()
            .map(|examples| self.examples(examples))
            .collect();
        let span = examples.iter().fold(span, |span, table| span.to(table.span));
        Criterion {
            title: section.name.clone(),
            text,
            span,
            form: Form::Scenario(model::Scenario { steps, examples }),
            ..Criterion::default()
        }
    }

    fn step(&self, step: &Step, last: &mut StepRole) -> model::Step {
        match step.keyword_type {
            KeywordType::Context => *last = StepRole::Given,
            KeywordType::Action => *last = StepRole::When,
            KeywordType::Outcome => *last = StepRole::Then,
            KeywordType::Unknown => *last = StepRole::Other,
            KeywordType::Conjunction => {}
        }
        let rows = step
            .data_table
            .as_ref()
            .map(|table| table.rows.as_slice())
            .unwrap_or_default();
        let table = rows
            .iter()
            .map(|row| row.cells.iter().map(|cell| cell.value.clone()).collect())
            .collect();
        model::Step {
            role: *last,
            text: step.text.clone(),
            span: self.span(step.location),
            table,
            block: step.doc_string.as_ref().map(|block| block.content.clone()),
        }
    }

    fn examples(&self, examples: &Examples) -> model::Examples {
        let (header, rows) = pickle::table(examples);
        let lines = examples.table_header.iter().chain(&examples.table_body);
        let span = lines.fold(self.span(examples.location), |span, row| {
            span.to(self.span(row.location))
        });
        model::Examples {
            title: examples.name.clone(),
            header,
            rows,
            span,
        }
    }

    /// From a place to the end of its line.
    fn span(&self, location: Location) -> Span {
        let start = self.source.offset(location.line, location.column);
        let end = self.source.line(location.line).end.max(start);
        self.source.span(start..end)
    }
}

fn bare(tag: &Tag) -> String {
    tag.name.trim_start_matches('@').to_owned()
}

fn names(tags: &[Tag]) -> Vec<String> {
    tags.iter().map(bare).collect()
}
