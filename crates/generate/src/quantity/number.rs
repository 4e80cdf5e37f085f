//! Decimal numbers, exact.

use serde::{Serialize, Serializer};

/// A decimal number with up to nine digits behind the point, as a count of billionths would be, but kept with
/// the digits that it was written with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Number {
    /// The number without its decimal point.
    digits: i64,
    /// Digits behind the point.
    scale: u8,
}

/// Digits behind the point at most.
const MOST: u8 = 9;

impl Number {
    /// A number without a fraction.
    pub fn whole(value: i64) -> Self {
        Self {
            digits: value,
            scale: 0,
        }
    }

    /// `digits` divided by ten to the power of `scale`.
    pub fn new(digits: i64, scale: u8) -> Self {
        Self {
            digits,
            scale: scale.min(MOST),
        }
    }

    /// Digits behind the point.
    pub fn scale(self) -> u8 {
        self.scale
    }

    /// Whether it is 1.
    pub fn is_one(self) -> bool {
        self == Self::whole(1)
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// The value in billionths.
    fn fine(self) -> i128 {
        i128::from(self.digits) * 10_i128.pow(u32::from(MOST - self.scale))
    }

    /// The sum; what does not fit is the greatest number that does.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let scale = self.scale.max(other.scale);
        let up = |number: Self| {
            let factor = 10_i64.saturating_pow(u32::from(scale - number.scale));
            number.digits.saturating_mul(factor)
        };
        Self {
            digits: up(self).saturating_add(up(other)),
            scale,
        }
    }

    /// So many times the number.
    #[must_use]
    pub fn times(self, factor: i64) -> Self {
        Self {
            digits: self.digits.saturating_mul(factor),
            scale: self.scale,
        }
    }

    /// The number in digits.
    pub fn text(self, decimal: &str) -> String {
        let sign = if self.digits < 0 { "\u{2212}" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        if scale == 0 {
            return format!("{sign}{digits}");
        }
        let digits = format!("{digits:0>width$}", width = scale + 1);
        let (whole, part) = digits.split_at(digits.len() - scale);
        format!("{sign}{whole}{decimal}{part}")
    }

    /// Reads digits with the separators of a language: `1,000.5` in English, `1.000,5` elsewhere. Blanks
    /// that do not break may stand between thousands.
    pub fn read(text: &str, decimal: &str) -> Option<Self> {
        let point = if decimal == "," { ',' } else { '.' };
        let group = if point == ',' { '.' } else { ',' };
        let groups = text.split(point).next()?.split(group).skip(1);
        if groups.clone().count() > 0 && groups.into_iter().any(|group| group.len() != 3) {
            // Not thousands, so it can only be the other point: "0.5" in a German text.
            let (whole, part) = text.split_once(group)?;
            return Self::parts(whole, part);
        }
        let plain = text.replace([group, '\u{a0}', '\u{202f}', '_'], "");
        match plain.split_once(point) {
            Some((whole, part)) => Self::parts(whole, part),
            None => plain.parse().ok().map(Self::whole),
        }
    }

    fn parts(whole: &str, part: &str) -> Option<Self> {
        let scale = u8::try_from(part.len()).ok().filter(|scale| *scale <= MOST)?;
        let digits = format!("{whole}{part}").parse().ok()?;
        Some(Self { digits, scale })
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.fine() == other.fine()
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.fine().cmp(&other.fine())
    }
}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.fine().hash(state);
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text(".").replace('\u{2212}', "-"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_those_of_the_language() {
        let read = |text, decimal| Number::read(text, decimal).map(|number| number.text("."));
        assert_eq!(read("1,000", ".").as_deref(), Some("1000"));
        assert_eq!(read("1.000", ",").as_deref(), Some("1000"));
        assert_eq!(read("99.90", ".").as_deref(), Some("99.90"));
        assert_eq!(read("99,9", ",").as_deref(), Some("99.9"));
        assert_eq!(read("0.5", ",").as_deref(), Some("0.5"));
        assert_eq!(read("12x", "."), None);
    }

    #[test]
    fn sums_are_exact() {
        let tenth = Number::new(1, 1);
        let sum = (0..10).fold(Number::default(), |sum, _| sum.plus(tenth));
        assert_eq!(sum, Number::whole(1));
        assert_eq!(Number::whole(2).plus(tenth.times(-1)).text(","), "1,9");
        assert_eq!(Number::whole(0).plus(tenth.times(-1)).text("."), "\u{2212}0.1");
        assert!(Number::new(100, 2) < Number::new(11, 1));
    }
}
