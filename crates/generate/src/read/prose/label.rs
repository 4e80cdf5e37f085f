//! Names and numbers in front of a text.

use crate::read::text::Text;
use crate::words;

/// Letters of ids that are followed by a blank instead of a colon.
const KNOWN: [&str; 16] = [
    "req", "us", "fr", "nfr", "uc", "br", "sr", "story", "rq", "ac", "st", "rs", "srs", "sys", "swr", "urs",
];

/// Characters that an id has at most.
const MAX_ID: usize = 24;

/// What a text that starts with one of the names says behind it: its number, and the rest.
/// The name must be followed by a number, a colon, a dash or the end.
pub(super) fn named(text: &Text, names: &[String]) -> Option<(Option<String>, Text)> {
    let length = words::starts(text.as_str(), names)?;
    let rest = text.from(length);
    let after = rest.as_str();
    let number_length = after
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(after.len());
    let number = after
        .get(..number_length)
        .unwrap_or_default()
        .trim_end_matches('.');
    let behind = after.get(number_length..).unwrap_or_default();
    if number.is_empty() && !(behind.is_empty() || behind.starts_with([':', '-', '\u{2013}', '\u{2014}'])) {
        return None;
    }
    let skipped = behind.len()
        - behind
            .trim_start_matches([':', '-', '\u{2013}', '\u{2014}', ' ', '.'])
            .len();
    let number = (!number.is_empty()).then(|| number.to_owned());
    Some((number, rest.from(number_length + skipped)))
}

/// A name with its colon in front of a text: what stands behind.
pub(super) fn labelled(text: &Text, names: &[String]) -> Option<Text> {
    let length = words::starts(text.as_str(), names)?;
    let rest = text.as_str().get(length..)?;
    let colon = rest.trim_start().strip_prefix(':')?;
    Some(text.from(text.as_str().len() - colon.len()))
}

/// An id in front of a text (`REQ-12:`, `[US3]`, `cES1000 -`): the id and the rest.
pub(super) fn id(text: &Text) -> Option<(String, Text)> {
    let whole = text.as_str();
    let bracket = whole.strip_prefix(['[', '(']);
    let inside = bracket.unwrap_or(whole);
    let length = inside.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))?;
    let id = inside.get(..length)?.trim_end_matches(['.', '-']);
    let letters: String = id.chars().take_while(char::is_ascii_alphabetic).collect();
    let formed = id.len() <= MAX_ID
        && !letters.is_empty()
        && id.ends_with(|c: char| c.is_ascii_alphanumeric())
        && id.chars().any(|c| c.is_ascii_digit())
        && id.chars().any(|c| c.is_ascii_uppercase());
    if !formed {
        return None;
    }
    let rest = inside.get(id.len()..)?;
    let behind = if bracket.is_some() {
        rest.strip_prefix([']', ')'])?
    } else {
        let known = KNOWN.contains(&letters.to_lowercase().as_str());
        let open = rest.trim_start();
        match open
            .strip_prefix([':', '\u{2013}', '\u{2014}', '|'])
            .or_else(|| open.strip_prefix("- "))
        {
            Some(behind) => behind,
            None if known && rest.starts_with([' ', '\t']) => rest,
            None => return None,
        }
    };
    let own = behind.trim_start_matches([':', '-', ' ', '\t', '\u{2013}', '\u{2014}']);
    Some((id.to_owned(), text.from(whole.len() - own.len())))
}

/// A heading without its number ("2.3 Login").
pub(super) fn unnumbered(text: &Text) -> Text {
    let whole = text.as_str();
    let rest = whole.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ')');
    if rest.len() < whole.len() && rest.starts_with([' ', '\t']) {
        return text.from(whole.len() - rest.len());
    }
    text.clone()
}
