//! Checks of input that several use cases share; each collects what is wrong instead of stopping at the first.

use crate::{Error, FieldError, Result};
use model::text;

/// Gathers wrong fields.
#[derive(Default)]
pub(crate) struct Clean(Vec<FieldError>);

impl Clean {
    /// A name of 1 to `max` characters.
    pub(crate) fn name(&mut self, field: &str, value: &str, max: usize) -> String {
        match text::name(value, max) {
            Ok(name) => name.to_owned(),
            Err(refused) => {
                self.refuse(field, format!("The {} {refused}.", words(field)));
                String::new()
            }
        }
    }

    /// A mail address.
    pub(crate) fn email(&mut self, field: &str, value: &str) -> String {
        let value = value.trim();
        if !text::is_email(value) {
            self.refuse(field, "This is no mail address; it looks like name@example.com.");
        }
        value.to_owned()
    }

    /// A text that may be missing; blanks count as missing.
    pub(crate) fn note(&mut self, field: &str, value: Option<&str>, max: usize) -> Option<String> {
        let value = value.map(str::trim).filter(|v| !v.is_empty())?;
        if value.chars().nth(max).is_some() {
            self.refuse(
                field,
                format!("The {} may have at most {max} characters.", words(field)),
            );
        }
        Some(text::storable(value.to_owned()))
    }

    /// A list of 1 to `max` items.
    pub(crate) fn count(&mut self, field: &str, count: usize, max: usize) {
        if count == 0 || count > max {
            self.refuse(field, format!("The {field} must have 1 to {max} items."));
        }
    }

    /// A list of no more than `max` items.
    pub(crate) fn at_most(&mut self, field: &str, count: usize, max: usize) {
        if count > max {
            self.refuse(field, format!("The {field} may have at most {max} items."));
        }
    }

    /// A day as `YYYY-MM-DD`; blanks count as none.
    pub(crate) fn day(&mut self, field: &str, day: Option<String>) -> Option<String> {
        let day = day.filter(|day| !day.trim().is_empty())?;
        if !text::is_day(day.trim()) {
            let text = format!("The {} must be a day such as 2026-11-30.", words(field));
            self.refuse(field, text);
        }
        Some(day.trim().to_owned())
    }

    /// Something is wrong with a field.
    pub(crate) fn refuse(&mut self, field: &str, text: impl Into<String>) {
        let error = FieldError::new(field, text);
        // Many cases that get the same wrong value are one mistake.
        if self.0.last() != Some(&error) {
            self.0.push(error);
        }
    }

    /// Keeps an error made elsewhere.
    pub(crate) fn check(&mut self, result: std::result::Result<(), FieldError>) {
        self.0.extend(result.err());
    }

    /// All wrong fields at once, or nothing.
    pub(crate) fn finish(self) -> Result<()> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.0))
        }
    }
}

/// A field's name in a sentence.
fn words(field: &str) -> String {
    field.replace('_', " ")
}
