//! From when until when a certificate is valid: the few bytes of X.509 that we need to read ourselves.

use jiff::civil::DateTime;
use model::Timestamp;

/// A certificate's life (RFC 5280 §4.1.2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// The first instant.
    pub not_before: Timestamp,
    /// The last instant.
    pub not_after: Timestamp,
}

const SEQUENCE: u8 = 0x30;
const EXPLICIT_VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// Reads the validity of a DER certificate; nothing when it is not one.
pub fn validity(der: &[u8]) -> Option<Validity> {
    let (certificate, _) = element(der, Some(SEQUENCE))?;
    let (mut body, _) = element(certificate.body, Some(SEQUENCE)).map(|(tbs, rest)| (tbs.body, rest))?;
    if body.first() == Some(&EXPLICIT_VERSION) {
        body = element(body, None)?.1;
    }
    // Serial number, signature algorithm, issuer.
    for _ in 0..3 {
        body = element(body, None)?.1;
    }
    let (validity, _) = element(body, Some(SEQUENCE))?;
    let (not_before, rest) = element(validity.body, None)?;
    let (not_after, _) = element(rest, None)?;
    Some(Validity {
        not_before: instant(&not_before)?,
        not_after: instant(&not_after)?,
    })
}

struct Element<'a> {
    tag: u8,
    body: &'a [u8],
}

/// The first element of `der` and what follows it.
fn element(der: &[u8], tag: Option<u8>) -> Option<(Element<'_>, &[u8])> {
    let (&found, rest) = der.split_first()?;
    if tag.is_some_and(|tag| tag != found) {
        return None;
    }
    let (&first, mut rest) = rest.split_first()?;
    let mut length = usize::from(first & 0x7f);
    if first & 0x80 != 0 {
        let (bytes, after) = rest.split_at_checked(length)?;
        if bytes.len() > 4 {
            return None;
        }
        length = bytes.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte));
        rest = after;
    }
    let (body, after) = rest.split_at_checked(length)?;
    Some((Element { tag: found, body }, after))
}

/// `YYMMDDHHMMSSZ` (1950 to 2049) or `YYYYMMDDHHMMSSZ`.
fn instant(element: &Element<'_>) -> Option<Timestamp> {
    let text = std::str::from_utf8(element.body).ok()?;
    let full = match element.tag {
        UTC_TIME if text.get(..2)?.parse::<u8>().ok()? < 50 => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let civil = DateTime::strptime("%Y%m%d%H%M%SZ", full).ok()?;
    let at = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp(at.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(from: (i32, u8, u8), to: (i32, u8, u8)) -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(["a.example".to_owned()]).unwrap();
        params.not_before = rcgen::date_time_ymd(from.0, from.1, from.2);
        params.not_after = rcgen::date_time_ymd(to.0, to.1, to.2);
        let key = rcgen::KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn reads_both_forms_of_time() {
        let read = validity(&made((2026, 11, 22), (2061, 1, 2))).unwrap();
        assert_eq!(read.not_before.to_string(), "2026-11-22T00:00:00.000Z");
        assert_eq!(read.not_after.to_string(), "2061-01-02T00:00:00.000Z");
    }

    #[test]
    fn anything_else_is_nothing() {
        let good = made((2026, 1, 1), (2027, 1, 1));
        for end in 0..good.len().min(200) {
            assert_eq!(validity(&good[..end]), None, "{end} bytes");
        }
        assert_eq!(validity(b"-----BEGIN CERTIFICATE-----"), None);
    }
}
