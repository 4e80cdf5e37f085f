//! Units, and the step across a limit that makes sense for each.

use serde::{Deserialize, Serialize};

use super::number::Number;
use super::table;

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// A duration.
    Time,
    /// A size of data.
    Size,
    /// A length in characters.
    Length,
    /// Money.
    Money,
    /// A share of a hundred.
    /// A hundredth.
    Percent,
    /// A count of things, or a bare number.
    Count,
    /// A calendar date.
    /// A day of the calendar.
    Date,
}

/// The units that have names of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// Milliseconds.
    Millisecond,
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
    /// Bytes.
    Byte,
    /// Characters, also letters or digits.
    Character,
    /// kB, MB, GB and the like; the sign is kept as written.
    Multiple,
    Percent,
    /// Money; the sign is kept as written.
    Currency,
    /// Any noun that is counted.
    Thing,
    Date,
}

/// What an amount is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Which.
    pub name: Name,
    /// As the source writes it; empty for a bare number or a date.
    pub text: String,
    /// Whether it stands in front of the number (`$5`).
    pub leads: bool,
}

/// Signs of sizes.
pub(super) const SIZES: [&str; 12] = [
    "kb",
    "mb",
    "gb",
    "tb",
    "kib",
    "mib",
    "gib",
    "tib",
    "kilobytes",
    "megabytes",
    "gigabytes",
    "mbyte",
];

/// Signs of money.
pub(super) const MONEY: [&str; 9] = ["€", "$", "£", "eur", "usd", "gbp", "chf", "euro", "euros"];

impl Unit {
    /// What it measures.
    pub fn dimension(&self) -> Dimension {
        match self.name {
            Name::Millisecond
            | Name::Second
            | Name::Minute
            | Name::Hour
            | Name::Day
            | Name::Week
            | Name::Month
            | Name::Year => Dimension::Time,
            Name::Byte | Name::Multiple => Dimension::Size,
            Name::Character => Dimension::Length,
            Name::Percent => Dimension::Percent,
            Name::Currency => Dimension::Money,
            Name::Thing => Dimension::Count,
            Name::Date => Dimension::Date,
        }
    }

    /// The unit behind one or several, in a language.
    pub(super) fn written(&self, single: bool, language: Option<&str>) -> String {
        let forms = table(language).and_then(|table| table.units.get(&self.name));
        // A word that the language uses in both numbers, or a short sign, stays as it was written.
        let listed = forms.is_some_and(|forms| {
            forms
                .iter()
                .take(2)
                .any(|form| form.to_lowercase() == self.text.to_lowercase())
        });
        match forms {
            Some(forms) if listed => forms
                .get(usize::from(!single))
                .or(forms.first())
                .cloned()
                .unwrap_or_else(|| self.text.clone()),
            _ if self.name == Name::Thing && language == Some("en") => number_of(&self.text, single),
            _ => self.text.clone(),
        }
    }

    /// The least step that a tester makes across a limit of so much: a tenth of a short time, a cent, a
    /// hundredth of a megabyte, one of what is counted.
    pub(super) fn step(&self, limit: Number) -> Number {
        let written = Number::new(1, limit.scale());
        match self.name {
            Name::Second | Name::Minute | Name::Hour if limit.scale() == 0 && limit < Number::whole(10) => {
                Number::new(1, 1)
            }
            Name::Multiple if limit.scale() == 0 => Number::new(1, 2),
            Name::Currency => Number::new(1, limit.scale().max(2)),
            _ => written,
        }
    }
}

/// An English noun in the singular or in the plural.
fn number_of(noun: &str, single: bool) -> String {
    let plural = noun.ends_with('s') && !noun.ends_with("ss");
    match (single, plural) {
        (true, true) if noun.ends_with("ies") => format!("{}y", noun.trim_end_matches("ies")),
        (true, true) => noun.trim_end_matches('s').to_owned(),
        (false, false)
            if noun
                .chars()
                .skip(1)
                .all(|c| c.is_lowercase() || c == ' ' || c == '-') =>
        {
            match noun {
                _ if noun.ends_with('y') && !noun.ends_with("ay") => {
                    format!("{}ies", noun.trim_end_matches('y'))
                }
                _ if noun.ends_with(['x', 's']) || noun.ends_with("ch") => format!("{noun}es"),
                _ => format!("{noun}s"),
            }
        }
        _ => noun.to_owned(),
    }
}
