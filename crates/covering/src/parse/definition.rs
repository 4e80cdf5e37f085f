//! Lines that define parameters and sub-models.

use super::Line;
use crate::error::{ModelError, ParseError, Problem};
use crate::model::{Parameter, SubModel, Value, check_parameter, check_sub_model};
use crate::text::{number, same};

/// `Name: value, value | alias, ~negative, weighted (10), <Other>`; a comma may stand for the colon.
pub(super) fn parameter(
    line: Line<'_>,
    earlier: &[Parameter],
    is_case_sensitive: bool,
) -> Result<Parameter, ParseError> {
    let start = line.indent();
    let (name, values) = line
        .text
        .split_once(':')
        .or_else(|| line.text.split_once(','))
        .ok_or_else(|| line.at(start, Problem::NoSeparator))?;
    let mut parameter = Parameter {
        name: name.trim().to_owned(),
        values: Vec::new(),
    };
    if !values.trim().is_empty() {
        for text in values.split(',') {
            match referred(text.trim(), earlier, is_case_sensitive) {
                Some(other) => parameter.values.extend(other.values.iter().cloned()),
                None => parameter.values.push(value(text.trim())),
            }
        }
    }
    check_parameter(&parameter, earlier, is_case_sensitive).map_err(|error| {
        let is_about_name = matches!(error, ModelError::BlankName | ModelError::NameTwice(_));
        line.at(if is_about_name { start } else { name.len() + 1 }, error)
    })?;
    Ok(parameter)
}

/// The parameter that `<Name>` refers to. Without such a parameter it is a value like any other.
fn referred<'a>(text: &str, earlier: &'a [Parameter], is_case_sensitive: bool) -> Option<&'a Parameter> {
    let name = text.strip_prefix('<')?.strip_suffix('>')?;
    earlier
        .iter()
        .find(|other| same(&other.name, name, is_case_sensitive))
}

fn value(text: &str) -> Value {
    let (names, weight) = weight(text);
    let mut names: Vec<String> = names.split('|').map(|name| name.trim().to_owned()).collect();
    let negative = names
        .first()
        .and_then(|name| name.strip_prefix('~'))
        .map(|rest| rest.trim().to_owned());
    let is_negative = negative.is_some();
    if let (Some(first), Some(rest)) = (names.first_mut(), negative) {
        *first = rest;
    }
    Value {
        names,
        weight,
        is_negative,
    }
}

/// Splits `name (10)`. Brackets that hold no whole number above 0 belong to the name.
fn weight(text: &str) -> (&str, u32) {
    let split = || {
        let (name, weight) = text.strip_suffix(')')?.rsplit_once('(')?;
        let weight = weight.trim().parse().ok().filter(|weight| *weight > 0)?;
        Some((name.trim(), weight))
    };
    split().unwrap_or((text, 1))
}

/// `{ Name, Name } @ strength`, the strength being optional.
pub(super) fn sub_model(
    line: Line<'_>,
    parameters: &[Parameter],
    is_case_sensitive: bool,
) -> Result<SubModel, ParseError> {
    let open = line.indent();
    let close = line.text.find('}').unwrap_or(line.text.len());
    let names = line.text.get(open + 1..close).unwrap_or_default();
    let mut at = open + 1;
    let mut positions = Vec::new();
    for name in names.split(',') {
        let start = at + name.len() - name.trim_start().len();
        at += name.len() + 1;
        let position = parameters
            .iter()
            .position(|parameter| same(&parameter.name, name.trim(), is_case_sensitive))
            .ok_or_else(|| line.at(start, Problem::UnknownParameter(name.trim().to_owned())))?;
        if positions.contains(&position) {
            return Err(line.at(start, ModelError::SubModelParameters));
        }
        positions.push(position);
    }
    let rest = line.text.get(close + 1..).unwrap_or_default();
    let sub_model = SubModel {
        parameters: positions,
        strength: strength(rest).map_err(|problem| line.at(close + 1, problem))?,
    };
    check_sub_model(&sub_model, parameters.len()).map_err(|error| line.at(close + 1, error))?;
    Ok(sub_model)
}

fn strength(rest: &str) -> Result<Option<usize>, Problem> {
    let rest = rest.trim();
    if rest.is_empty() {
        return Ok(None);
    }
    let strength = rest
        .strip_prefix('@')
        .ok_or(Problem::SubModel("put `@` before the strength"))?
        .trim();
    let whole = "give the strength as a whole number from 1 to 6";
    if number(strength).is_none() {
        return Err(Problem::SubModel(whole));
    }
    strength.parse().map(Some).map_err(|_| Problem::SubModel(whole))
}
