//! Durations, as each format writes them.

/// A number of units as whole microseconds; a negative or absurd one is none.
pub(crate) fn micros(value: f64, of_unit: f64) -> Option<u64> {
    let micros = (value * of_unit).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    (0.0..9e18).contains(&micros).then_some(micros as u64)
}

/// Milliseconds.
pub(crate) fn millis(value: f64) -> Option<u64> {
    micros(value, 1e3)
}

/// Seconds in decimal notation.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    micros(text.trim().parse().ok()?, 1e6)
}

/// `hh:mm:ss.fffffff`, with days and a dot before it or not, as .NET writes a time span.
pub(crate) fn time_span(text: &str) -> Option<u64> {
    let mut parts = text.trim().rsplitn(3, ':');
    let seconds: f64 = parts.next()?.parse().ok()?;
    let minutes: f64 = parts.next()?.parse().ok()?;
    let hours = parts.next()?;
    let (days, hours): (f64, f64) = match hours.split_once('.') {
        Some((days, hours)) => (days.parse().ok()?, hours.parse().ok()?),
        None => (0.0, hours.parse().ok()?),
    };
    micros(
        days.mul_add(86_400.0, hours.mul_add(3600.0, minutes.mul_add(60.0, seconds))),
        1e6,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_become_microseconds() {
        assert_eq!(time_span("00:00:00.0123456"), Some(12_346));
        assert_eq!(time_span("01:02:03"), Some(3_723_000_000));
        assert_eq!(time_span("1.00:00:01"), Some(86_401_000_000));
        assert_eq!(time_span("12"), None);
        assert_eq!(seconds("0.25"), Some(250_000));
        assert_eq!(seconds("-1"), None);
        assert_eq!(seconds("NaN"), None);
        assert_eq!(millis(1.5), Some(1500));
        assert_eq!(millis(f64::INFINITY), None);
    }
}
