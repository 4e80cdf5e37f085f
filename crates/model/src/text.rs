//! Rules for text that people and programs send.

/// Why a text was refused; completes the sentence "The FIELD …".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Nothing but blanks.
    Empty,
    /// More characters than allowed; the limit.
    TooLong(usize),
    /// Control or direction characters, which make names look like others.
    Invisible,
}

/// Most characters of a name.
pub const NAME_MAX: usize = 100;
/// Most characters of the names that automation sends.
pub const LONG_NAME_MAX: usize = 1000;

/// A name: trimmed, 1 to `max` characters, nothing invisible.
pub fn name(text: &str, max: usize) -> Result<&str, Refused> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refused::Empty);
    }
    if text.chars().nth(max).is_some() {
        return Err(Refused::TooLong(max));
    }
    if text.chars().any(is_invisible) {
        return Err(Refused::Invisible);
    }
    Ok(text)
}

/// Whether `text` is a day as `YYYY-MM-DD` that the calendar has (RFC 3339 `full-date`).
pub fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// Whether `text` looks like a mail address: one `@` with something on both sides, no blanks.
pub fn is_email(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else {
        return false;
    };
    !user.is_empty()
        && !host.is_empty()
        && !host.contains('@')
        && text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || is_invisible(c))
}

/// Control characters and the marks that change the direction or width of what follows.
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// `text` without NUL, which PostgreSQL can't store.
pub fn storable(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{fffd}")
    } else {
        text
    }
}

/// `text` as searches see it: in lower case and without accents (Unicode NFKD without its marks).
pub fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refused::Empty => write!(f, "is required"),
            Refused::TooLong(max) => write!(f, "may have at most {max} characters"),
            Refused::Invisible => write!(f, "must not contain control or invisible characters"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        assert_eq!(name("  Nightly CI ", 100), Ok("Nightly CI"));
        assert_eq!(name(" \t", 100), Err(Refused::Empty));
        assert_eq!(name("ééé", 2), Err(Refused::TooLong(2)));
        assert_eq!(name("ééé", 3), Ok("ééé"));
        assert_eq!(name("a\u{202e}b", 9), Err(Refused::Invisible));
    }

    #[test]
    fn mail_addresses() {
        assert!(is_email("mara@demo.example"));
        for wrong in ["", "mara", "@demo", "mara@", "a@b@c", "a b@c", "a@b\n"] {
            assert!(!is_email(wrong), "{wrong:?}");
        }
    }
}
