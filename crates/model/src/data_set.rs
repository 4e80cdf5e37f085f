//! Data sets: values with which one case is run several times, as the examples of a scenario outline
//! (<https://cucumber.io/docs/gherkin/reference/#examples>).

use crate::text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Most parameters of a data set.
pub const PARAMETERS_MAX: usize = 20;
/// Most rows of a data set.
pub const ROWS_MAX: usize = 200;
/// Most characters of a value.
pub const VALUE_MAX: usize = 1000;
/// Most characters of the name of a parameter.
pub const NAME_MAX: usize = 60;
/// Most characters of the values that a name is followed by.
const SUFFIX_MAX: usize = 120;

/// Parameters with rows of values. A text of the case names a parameter as `{{name}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSet {
    /// Names, each once.
    pub parameters: Vec<String>,
    /// Rows with one value for each parameter.
    pub rows: Vec<Vec<String>>,
}

/// What is wrong with a data set, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Such as `rows.3`, below the name of the data set.
    pub at: String,
    /// A sentence that says what to do.
    pub text: String,
}

impl DataSet {
    /// The data set without blanks around names and values, and without rows that say nothing; or all that is wrong with it.
    ///
    /// # Errors
    /// Names that are empty, doubled or too long, values that are too long, rows of another width, too much of anything.
    pub fn clean(self) -> Result<DataSet, Vec<Wrong>> {
        let trimmed = |texts: Vec<String>| -> Vec<String> {
            texts
                .into_iter()
                .map(|t| text::storable(t.trim().to_owned()))
                .collect()
        };
        let clean = DataSet {
            parameters: trimmed(self.parameters),
            rows: self
                .rows
                .into_iter()
                .map(trimmed)
                .filter(|row| row.iter().any(|value| !value.is_empty()))
                .collect(),
        };
        let wrong: Vec<Wrong> = clean
            .wrong_parameters()
            .into_iter()
            .chain(clean.wrong_rows())
            .collect();
        if wrong.is_empty() { Ok(clean) } else { Err(wrong) }
    }

    fn wrong_parameters(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut refuse = |at: String, text: String| wrong.push(Wrong { at, text });
        if self.parameters.len() > PARAMETERS_MAX {
            refuse(
                "parameters".to_owned(),
                format!("A data set has at most {PARAMETERS_MAX} parameters."),
            );
        }
        if self.parameters.is_empty() {
            refuse("parameters".to_owned(), "Name at least one parameter.".to_owned());
        }
        let mut seen = BTreeSet::new();
        for (n, name) in self.parameters.iter().enumerate() {
            let at = format!("parameters.{n}");
            if let Err(refused) = text::name(name, NAME_MAX) {
                refuse(at, format!("The name of the parameter {refused}."));
            } else if name.contains(['{', '}']) {
                refuse(at, "The name of a parameter has no braces.".to_owned());
            } else if !seen.insert(name) {
                refuse(
                    at,
                    format!("There are two parameters {name}. Give one of them another name."),
                );
            }
        }
        wrong
    }

    fn wrong_rows(&self) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut refuse = |at: String, text: String| wrong.push(Wrong { at, text });
        if self.rows.is_empty() {
            refuse("rows".to_owned(), "Give at least one row of values.".to_owned());
        }
        if self.rows.len() > ROWS_MAX {
            refuse(
                "rows".to_owned(),
                format!("A data set has at most {ROWS_MAX} rows."),
            );
        }
        for (n, row) in self.rows.iter().enumerate() {
            if row.len() != self.parameters.len() {
                let text = format!(
                    "Give one value for each of the {} parameters.",
                    self.parameters.len()
                );
                refuse(format!("rows.{n}"), text);
            }
            if let Some(long) = row.iter().position(|v| v.chars().count() > VALUE_MAX) {
                refuse(
                    format!("rows.{n}.{long}"),
                    format!("A value has at most {VALUE_MAX} characters."),
                );
            }
        }
        wrong
    }

    /// The values of a row by parameter, counted from 1; none when there is no such row.
    pub fn values(&self, row: i64) -> Option<Vec<(&str, &str)>> {
        let at = usize::try_from(row.checked_sub(1)?).ok()?;
        let row = self.rows.get(at)?;
        Some(
            self.parameters
                .iter()
                .map(String::as_str)
                .zip(row.iter().map(String::as_str))
                .collect(),
        )
    }

    /// Where the same values stand that another data set has in a row, counted from 1; else the row with the same number.
    pub fn same_row(&self, other: &DataSet, row: i64) -> Option<i64> {
        let mut wanted = other.values(row)?;
        wanted.sort_unstable();
        let rows = || (1_i64..).take(self.rows.len());
        let same = rows().find(|n| {
            self.values(*n).is_some_and(|mut values| {
                values.sort_unstable();
                values == wanted
            })
        });
        same.or_else(|| rows().find(|n| *n == row))
    }
}

/// A text with the values of a row in place of `{{name}}`. What is no parameter stays as it is.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut all = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let (before, after) = rest.split_at(start);
        all.push_str(before);
        let inner = after[2..].find("}}").map(|end| &after[2..2 + end]);
        let known = inner.and_then(|name| {
            values
                .iter()
                .find(|(n, _)| *n == name.trim())
                .map(|(_, v)| (name, v))
        });
        if let Some((name, value)) = known {
            all.push_str(value);
            rest = &after[name.len() + 4..];
        } else {
            all.push('{');
            rest = &after[1..];
        }
    }
    all.push_str(rest);
    all
}

/// A name with the values of a row: in place of its parameters, or behind it when it names none.
pub fn filled_name(name: &str, values: &[(&str, &str)]) -> String {
    let with = filled(name, values);
    if with != name {
        return with;
    }
    let said: Vec<&str> = values.iter().map(|(_, v)| *v).filter(|v| !v.is_empty()).collect();
    let said = said.join(", ").replace(['\r', '\n'], " ");
    match said.char_indices().nth(SUFFIX_MAX) {
        Some((end, _)) => format!("{name} ({}…)", &said[..end]),
        None => format!("{name} ({said})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(parameters: &[&str], rows: &[&[&str]]) -> DataSet {
        let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect();
        DataSet {
            parameters: texts(parameters),
            rows: rows.iter().map(|row| texts(row)).collect(),
        }
    }

    #[test]
    fn texts_are_filled() {
        let values = [("role", "admin"), ("page size", "{{role}}")];
        for (text, expected) in [
            ("as {{role}}", "as admin"),
            ("{{ role }}{{role}}", "adminadmin"),
            ("{{page size}} rows", "{{role}} rows"),
            ("{{nobody}} {{role", "{{nobody}} {{role"),
            ("{{{role}}}", "{admin}"),
            ("{{a {{role}}", "{{a admin"),
            ("}}{{", "}}{{"),
        ] {
            assert_eq!(filled(text, &values), expected, "{text}");
        }
    }

    #[test]
    fn names_say_which_row() {
        let values = [("role", "admin"), ("browser", ""), ("text", "a\nb")];
        assert_eq!(filled_name("As {{role}}", &values), "As admin");
        assert_eq!(filled_name("Log in", &values), "Log in (admin, a b)");
        let long = "x".repeat(500);
        let name = filled_name("Log in", &[("text", &long)]);
        assert_eq!(name.chars().count(), "Log in ".len() + 2 + SUFFIX_MAX + 1);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let places =
            |set: DataSet| -> Vec<String> { set.clean().unwrap_err().into_iter().map(|w| w.at).collect() };
        assert_eq!(places(set(&[], &[])), ["parameters", "rows"]);
        assert_eq!(
            places(set(&["a", " a ", "{b"], &[&["1", "2", "3"]])),
            ["parameters.1", "parameters.2"]
        );
        assert_eq!(places(set(&["a", ""], &[&["1"]])), ["parameters.1", "rows.0"]);
        let long = "x".repeat(VALUE_MAX + 1);
        assert_eq!(places(set(&["a"], &[&["1"], &[&long]])), ["rows.1.0"]);
        let rows = vec![["1"].as_slice(); ROWS_MAX + 1];
        assert_eq!(places(set(&["a"], &rows)), ["rows"]);
        let kept = set(&[" a "], &[&["1 "], &[" "]]).clean().unwrap();
        assert_eq!(kept, set(&["a"], &[&["1"]]), "blanks and empty rows go");
    }

    #[test]
    fn a_row_is_found_again_by_its_values() {
        let old = set(&["a", "b"], &[&["1", "2"], &["3", "4"], &["5", "6"]]);
        let new = set(&["b", "a"], &[&["9", "9"], &["2", "1"]]);
        assert_eq!(new.same_row(&old, 1), Some(2), "whatever the order");
        assert_eq!(
            new.same_row(&old, 2),
            Some(2),
            "else the row with the same number"
        );
        assert_eq!(new.same_row(&old, 3), None);
        assert_eq!(new.same_row(&old, 7), None);
        assert_eq!(old.values(2), Some(vec![("a", "3"), ("b", "4")]));
        assert_eq!((old.values(0), old.values(4)), (None, None));
    }
}
