//! Calendar dates in sentences.

use serde::{Serialize, Serializer};

/// A date, as days since 1970-01-01 and the way it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    days: i64,
    dotted: bool,
}

impl Date {
    /// Reads `2026-01-31` or `31.01.2026`.
    pub fn read(text: &str) -> Option<Self> {
        let parts = |sign| {
            let parts: Option<Vec<i64>> = text.split(sign).map(|part| part.parse().ok()).collect();
            parts.filter(|parts| parts.len() == 3)
        };
        let (dotted, [year, month, day]) = match (parts('-'), parts('.')) {
            (Some(iso), _) if text.len() == 10 => (false, <[i64; 3]>::try_from(iso).ok()?),
            (_, Some(dots)) => {
                let [day, month, year] = <[i64; 3]>::try_from(dots).ok()?;
                (true, [year, month, day])
            }
            _ => return None,
        };
        let date = Self {
            days: days(year, month, day),
            dotted,
        };
        let real = (1..=12).contains(&month) && (1000..=9999).contains(&year);
        (real && date.civil() == (year, month, day)).then_some(date)
    }

    /// The date so many days later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self {
            days: self.days.saturating_add(days),
            ..self
        }
    }

    /// The date as it was written: with dots, or in the order of ISO 8601.
    pub fn text(self) -> String {
        let (year, month, day) = self.civil();
        if self.dotted {
            format!("{day:02}.{month:02}.{year}")
        } else {
            format!("{year:04}-{month:02}-{day:02}")
        }
    }

    /// Year, month and day (Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013).
    fn civil(self) -> (i64, i64, i64) {
        let shifted = self.days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        (year_of_era + era * 400 + i64::from(month <= 2), month, day)
    }
}

/// Days from 1970-01-01 to a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_each_other() {
        let next = |text| Date::read(text).map(|date| date.plus_days(1).text());
        assert_eq!(next("2024-02-28").as_deref(), Some("2024-02-29"));
        assert_eq!(next("2026-02-28").as_deref(), Some("2026-03-01"));
        assert_eq!(next("31.12.1999").as_deref(), Some("01.01.2000"));
        assert_eq!(next("2026-02-30"), None);
        assert_eq!(next("1.2.3"), None);
    }
}
