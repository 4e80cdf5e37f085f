//! Reading PICT's model format.

mod constraint;
mod definition;
mod token;

use std::str::FromStr;

use crate::error::{ModelError, ParseError, Problem};
use crate::model::{MAX_PARAMETERS, Model};

/// A line and its number from 1.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'a> {
    number: usize,
    text: &'a str,
}

impl Line<'_> {
    /// A problem at this byte of the line.
    fn at(self, byte: usize, problem: impl Into<Problem>) -> ParseError {
        ParseError {
            line: self.number,
            column: 1 + self.text.get(..byte).unwrap_or(self.text).chars().count(),
            problem: problem.into(),
        }
    }

    /// Where the text begins.
    fn indent(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }
}

/// What a line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    Parameters,
    SubModels,
    Constraints,
}

impl Model {
    /// Reads a model in PICT's format.
    ///
    /// With `is_case_sensitive`, `a` and `A` are different names and values (PICT's option `/c`).
    ///
    /// # Errors
    ///
    /// With line and column, when the text is not such a model.
    pub fn parse(text: &str, is_case_sensitive: bool) -> Result<Model, ParseError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let first = Line { number: 1, text: "" };
        if text.len() > crate::MAX_TEXT {
            return Err(first.at(0, Problem::TooLong));
        }
        let mut parameters = Vec::new();
        let mut sub_models = Vec::new();
        let mut rules = Vec::new();
        let mut section = Section::Parameters;
        let mut last = first;
        for (number, text) in (1..).zip(text.lines()) {
            let line = Line { number, text };
            last = line;
            let trimmed = text.trim();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            section = section.max(section_of(trimmed));
            match section {
                Section::Parameters if parameters.len() == MAX_PARAMETERS => {
                    return Err(line.at(line.indent(), ModelError::TooManyParameters));
                }
                Section::Parameters => {
                    parameters.push(definition::parameter(line, &parameters, is_case_sensitive)?);
                }
                Section::SubModels if !trimmed.starts_with('{') => {
                    return Err(line.at(line.indent(), Problem::Order));
                }
                Section::SubModels => {
                    sub_models.push(definition::sub_model(line, &parameters, is_case_sensitive)?);
                }
                Section::Constraints if trimmed.starts_with('{') && rules.is_empty() => {
                    return Err(line.at(line.indent(), Problem::Order));
                }
                Section::Constraints => rules.push(line),
            }
        }
        let constraints = constraint::constraints(&rules, &parameters, is_case_sensitive)?;
        Model::build(parameters, sub_models, constraints, is_case_sensitive)
            .map_err(|problem| last.at(0, problem))
    }
}

impl FromStr for Model {
    type Err = ParseError;

    /// Reads a model whose names and constraints don't tell `a` from `A`, as `pict` does by default.
    fn from_str(text: &str) -> Result<Model, ParseError> {
        Model::parse(text, false)
    }
}

/// Where a line belongs at the earliest: PICT has no headings, the first characters tell.
fn section_of(trimmed: &str) -> Section {
    let has_name = || trimmed.contains('[') && trimmed.contains(']');
    let has_function = |text: &str| {
        let upper = text.to_ascii_uppercase();
        upper.contains("ISNEGATIVE") || upper.contains("ISPOSITIVE")
    };
    let begins_with = |word: &str| {
        let Some((begin, rest)) = trimmed.split_at_checked(word.len()) else {
            return false;
        };
        begin.eq_ignore_ascii_case(word)
            && (rest.is_empty()
                || rest.starts_with([' ', '\t', '(', '[']) && (has_name() || has_function(rest)))
    };
    if trimmed.starts_with('{') && trimmed.contains('}') {
        Section::SubModels
    } else if begins_with("IF")
        || begins_with("NOT")
        || trimmed.starts_with('[') && (trimmed.contains(']') || !trimmed.contains([':', ',']))
        || trimmed.starts_with('(') && (has_name() || has_function(trimmed))
        || begins_with_function(trimmed)
    {
        Section::Constraints
    } else {
        Section::Parameters
    }
}

/// `IsNegative(…)` or `IsPositive(…)`, unless that is the name of a parameter.
fn begins_with_function(trimmed: &str) -> bool {
    let Some((word, rest)) = trimmed.split_once('(') else {
        return false;
    };
    let is_function = ["ISNEGATIVE", "ISPOSITIVE"].contains(&word.trim_end().to_ascii_uppercase().as_str());
    let behind = rest.split_once(')').map_or("", |(_, behind)| behind.trim_start());
    is_function && !behind.starts_with(':')
}
