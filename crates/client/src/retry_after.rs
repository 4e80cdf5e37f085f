//! The header `Retry-After` (RFC 9110, section 10.2.3).

use std::time::Duration;

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// How long the server asks to wait. A date counts from the answer's own `Date`, so that no clocks are compared.
pub(crate) fn of(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until = date(value)?;
    let now = date(headers.get(DATE)?.to_str().ok()?)?;
    Some(Duration::try_from(until.duration_since(now)).unwrap_or_default())
}

fn date(text: &str) -> Option<jiff::Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(http::HeaderName, &str)]) -> Option<u64> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(name, value.parse().unwrap());
        }
        of(&headers).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_and_dates_are_understood() {
        let now = (DATE, "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(asked(&[(RETRY_AFTER, "17")]), Some(17));
        assert_eq!(asked(&[(RETRY_AFTER, " 0 ")]), Some(0));
        assert_eq!(
            asked(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:50:07 GMT"), now.clone()]),
            Some(30)
        );
        assert_eq!(
            asked(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:00 GMT"), now.clone()]),
            Some(0)
        );
    }

    #[test]
    fn nonsense_is_nothing() {
        assert_eq!(asked(&[]), None);
        assert_eq!(asked(&[(RETRY_AFTER, "soon")]), None);
        assert_eq!(asked(&[(RETRY_AFTER, "-1")]), None);
        assert_eq!(asked(&[(RETRY_AFTER, "Sun, 06 Nov 1994 08:50:07 GMT")]), None);
    }
}
