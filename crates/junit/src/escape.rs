//! Line ends and references of XML text.

use std::borrow::Cow;

use crate::error::Problem;

/// Line ends as XML 1.0 §2.11 says: CR LF and a lone CR become LF.
pub(crate) fn line_ends(raw: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', raw.as_bytes()).is_none() {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Raw text or a raw attribute value as the characters it stands for.
///
/// Line ends first, then references, so that `&#13;` stays a carriage return.
pub(crate) fn decode(raw: &str) -> Result<Cow<'_, str>, Problem> {
    let text = line_ends(raw);
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Ok(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(start) = memchr::memchr(b'&', rest.as_bytes()) {
        decoded.push_str(&rest[..start]);
        let (character, length) = reference(&rest[start + 1..])?;
        decoded.push(character);
        rest = &rest[start + 1 + length..];
    }
    decoded.push_str(rest);
    Ok(Cow::Owned(decoded))
}

/// Proves that every reference of `raw` can be decoded.
pub(crate) fn check(raw: &str) -> Result<(), Problem> {
    let mut rest = raw;
    while let Some(start) = memchr::memchr(b'&', rest.as_bytes()) {
        let (_, length) = reference(&rest[start + 1..])?;
        rest = &rest[start + 1 + length..];
    }
    Ok(())
}

/// The character that the reference at the start of `rest` (after its `&`) stands for, and the
/// length of the reference up to and including its `;`.
fn reference(rest: &str) -> Result<(char, usize), Problem> {
    let end = memchr::memchr(b';', rest.as_bytes());
    let name = end.map_or("", |end| &rest[..end]);
    let character =
        resolve(name).ok_or_else(|| Problem::Reference(shown(end.map_or(rest, |end| &rest[..=end]))))?;
    Ok((character, name.len() + 1))
}

/// The character that `&name;` stands for. One that no character has (0, a surrogate, beyond
/// U+10FFFF) becomes U+FFFD: careless writers produce such references, and no test is lost for them.
pub(crate) fn resolve(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
            if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
                return None;
            }
            let number = u32::from_str_radix(digits, radix)
                .ok()
                .filter(|number| *number != 0);
            Some(
                number
                    .and_then(char::from_u32)
                    .unwrap_or(char::REPLACEMENT_CHARACTER),
            )
        }
    }
}

/// `text` as it is written in HTML, also in a quoted attribute.
pub(crate) fn markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The first characters of a malformed piece, for a message.
pub(crate) fn shown(piece: &str) -> String {
    const LONGEST: usize = 40;
    piece.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_once() {
        let decoded = decode("&lt;a&gt; &amp;lt; &apos;&quot;&#x41;&#65;&#x1F600; &amp;#65;").expect("valid");
        assert_eq!(decoded, "<a> &lt; '\"AA😀 &#65;");
    }

    #[test]
    fn numbers_without_a_character_become_the_replacement_character() {
        for raw in ["&#0;", "&#xD83D;", "&#x110000;", "&#99999999999;"] {
            assert_eq!(decode(raw).expect("accepted"), "\u{FFFD}", "{raw}");
        }
        assert_eq!(
            decode("&#27;[0m").expect("control characters are kept"),
            "\u{1b}[0m"
        );
    }

    #[test]
    fn anything_else_after_an_ampersand_is_refused() {
        for raw in [
            "&nbsp;", "& x", "&amp", "&#;", "&#x;", "&#xZZ;", "&#X41;", "&lt ;", "&#+5;", "&;",
        ] {
            assert!(matches!(decode(raw), Err(Problem::Reference(_))), "{raw}");
            assert!(check(raw).is_err(), "{raw}");
        }
        assert_eq!(check("a &amp; &#65; b"), Ok(()));
    }

    #[test]
    fn line_ends_are_unified_before_references() {
        assert_eq!(decode("a\r\nb\rc\n&#13;d").expect("valid"), "a\nb\nc\n\rd");
    }
}
