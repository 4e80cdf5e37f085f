//! Numbers in attributes.

use crate::text::trim;

/// Seconds as whole microseconds: the first comma may stand for the decimal point, a sign is
/// allowed, an exponent, a unit and thousands separators are not. `None` when unusable or negative.
pub(crate) fn microseconds(value: &str) -> Option<u64> {
    let value = trim(value).replacen(',', ".", 1);
    if !is_decimal(&value) {
        return None;
    }
    let micros = (value.parse::<f64>().ok()? * 1e6).round();
    #[expect(
        clippy::cast_precision_loss,
        reason = "the limit need not be exact to the microsecond"
    )]
    let representable = (0.0..i64::MAX as f64).contains(&micros);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    representable.then_some(micros as u64)
}

/// An integer of 0 or more, with an optional sign.
pub(crate) fn integer(value: &str) -> Option<u64> {
    let value = trim(value);
    let digits = unsigned(value);
    let negative = value.starts_with('-');
    let number = all_digits(digits).then(|| digits.parse().ok()).flatten()?;
    (!negative || number == 0).then_some(number)
}

/// `12`, `12.5` or `.5`, with an optional sign. `12.` is none.
fn is_decimal(value: &str) -> bool {
    let value = unsigned(value);
    match value.split_once('.') {
        None => all_digits(value),
        Some((whole, fraction)) => (whole.is_empty() || all_digits(whole)) && all_digits(fraction),
    }
}

fn unsigned(value: &str) -> &str {
    value.strip_prefix(['+', '-']).unwrap_or(value)
}

fn all_digits(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_microseconds() {
        let cases = [
            ("1", 1_000_000),
            ("0", 0),
            ("0.5", 500_000),
            (".5", 500_000),
            ("+.5", 500_000),
            ("1,5", 1_500_000),
            ("-0", 0),
            (" 2 ", 2_000_000),
            ("00.5", 500_000),
            ("0.0000005", 1),
            ("0.0000004", 0),
            ("1.0000005", 1_000_001),
            ("1.5\u{a0}", 1_500_000),
            ("99999999999", 99_999_999_999_000_000),
        ];
        for (value, expected) in cases {
            assert_eq!(microseconds(value), Some(expected), "{value:?}");
        }
    }

    #[test]
    fn unusable_seconds_are_dropped() {
        let unusable = [
            "",
            " ",
            "abc",
            "1.",
            ".",
            "+",
            "1e3",
            "1.5s",
            "1,234.5",
            "1.234,5",
            "1,,5",
            "1,5,5",
            "-1",
            "-.5",
            "0x10",
            "1 000",
            "1_0",
            "Infinity",
            "NaN",
            "٣",
            "123456789012345678901234567890",
        ];
        for value in unusable {
            assert_eq!(microseconds(value), None, "{value:?}");
        }
    }

    #[test]
    fn integers_are_zero_or_more() {
        for (value, expected) in [("1", 1), ("0", 0), ("01", 1), ("+1", 1), ("-0", 0), (" 7 ", 7)] {
            assert_eq!(integer(value), Some(expected), "{value:?}");
        }
        for value in [
            "",
            "-1",
            "1.0",
            "1e2",
            "abc",
            "0x10",
            "1,0",
            "12a",
            "99999999999999999999",
            "+",
            "++1",
        ] {
            assert_eq!(integer(value), None, "{value:?}");
        }
    }
}
