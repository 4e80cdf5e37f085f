//! Quantities in sentences: numbers, dates, lengths, sizes, times and counts, with their limits and units.

mod date;
mod find;
mod number;
mod unit;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

pub use date::Date;
pub use find::quantities;
pub use number::Number;
pub use unit::{Dimension, Unit};

/// How the limit of a quantity is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The number itself and what is above it.
    AtLeast,
    /// The number itself and what is below it.
    AtMost,
    /// What is above the number.
    MoreThan,
    /// What is below the number.
    LessThan,
    /// Only the number.
    Exactly,
    /// From a first to a last number, both counted.
    Between,
}

/// A number or a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(untagged)]
pub enum Amount {
    /// A number.
    Number(Number),
    /// A calendar date.
    Date(Date),
}

/// A limit that a sentence sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quantity {
    /// Bytes of the text that say it, its words for the limit included.
    pub range: Range<usize>,
    /// How it limits.
    pub bound: Bound,
    /// Whether a word says how it limits; a bare number limits nothing by itself.
    pub said: bool,
    /// Whether the words are those of a moment ("after 30 minutes").
    pub after: bool,
    /// The limit; the first of two.
    pub amount: Amount,
    /// The second limit of [`Bound::Between`].
    pub last: Option<Amount>,
    /// What is counted or measured.
    pub unit: Unit,
}

/// How one language says quantities; `quantities.toml` holds them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    decimal: String,
    at_least: Vec<String>,
    at_most: Vec<String>,
    more_than: Vec<String>,
    less_than: Vec<String>,
    exactly: Vec<String>,
    after: Vec<String>,
    between: Vec<String>,
    until: Vec<String>,
    at_least_behind: Vec<String>,
    at_most_behind: Vec<String>,
    without_unit: Vec<String>,
    adjectives: Vec<String>,
    numbers: BTreeMap<String, i64>,
    units: BTreeMap<unit::Name, Vec<String>>,
}

static TABLES: LazyLock<BTreeMap<String, Table>> =
    LazyLock::new(|| toml::from_str(include_str!("quantities.toml")).unwrap_or_default());

/// The table of a language; that of English for one without a table.
fn table(language: Option<&str>) -> Option<&'static Table> {
    language
        .and_then(|language| TABLES.get(language))
        .or_else(|| TABLES.get("en"))
}

impl Amount {
    /// The amount so many steps further.
    #[must_use]
    pub fn moved(self, steps: i64, step: Number) -> Self {
        match self {
            _ if steps == 0 => self,
            Self::Number(number) => Self::Number(number.plus(step.times(steps))),
            Self::Date(date) => Self::Date(date.plus_days(steps)),
        }
    }

    /// The amount as a person of that language writes it.
    pub fn text(self, language: Option<&str>) -> String {
        let decimal = table(language).map_or(".", |table| table.decimal.as_str());
        match self {
            Self::Number(number) => number.text(decimal),
            Self::Date(date) => date.text(),
        }
    }
}

impl Quantity {
    /// Whether an amount is inside of the limit.
    pub fn holds(&self, amount: Amount) -> bool {
        match self.bound {
            Bound::AtLeast => amount >= self.amount,
            Bound::AtMost => amount <= self.amount,
            Bound::MoreThan => amount > self.amount,
            Bound::LessThan => amount < self.amount,
            Bound::Exactly => amount == self.amount,
            Bound::Between => amount >= self.amount && self.last.is_none_or(|last| amount <= last),
        }
    }

    /// The amount with its unit, as a person of that language writes it.
    pub fn written(&self, amount: Amount, language: Option<&str>) -> String {
        let number = amount.text(language);
        let single = matches!(amount, Amount::Number(number) if number.is_one());
        let unit = self.unit.written(single, language);
        match self.unit.name {
            _ if unit.is_empty() => number,
            unit::Name::Currency if self.unit.leads => format!("{unit}{number}"),
            unit::Name::Percent if language.is_none_or(|language| language == "en") => {
                format!("{number}{unit}")
            }
            _ => format!("{number} {unit}"),
        }
    }

    /// The least step that a tester makes across the limit.
    pub fn step(&self) -> Number {
        match self.amount {
            Amount::Date(_) => Number::whole(1),
            Amount::Number(number) => self.unit.step(number),
        }
    }

    /// Whether the unit is one of time.
    pub fn is_time(&self) -> bool {
        self.unit.dimension() == Dimension::Time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_table() {
        let read: Result<BTreeMap<String, Table>, _> = toml::from_str(include_str!("quantities.toml"));
        let keys = read.map(|tables| tables.into_keys().collect::<Vec<_>>());
        let all: Vec<_> = crate::languages().map(str::to_owned).collect();
        assert_eq!(keys.map_err(|error| error.to_string()), Ok(all));
    }
}
