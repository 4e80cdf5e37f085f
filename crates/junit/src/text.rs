//! Trimming, joining and cutting of text by the rules of JavaScript, in which the contract is written.

use crate::error::Problem;
use crate::escape;

/// Longest name, folder, file, address, string value and meta value, in UTF-16 code units.
pub(crate) const SHORT: usize = 750;
/// Longest text, console and HTML value, in UTF-16 code units.
pub(crate) const LONG: usize = 16_384;
/// Code units that are kept of each end of a longer text.
const END: usize = 8182;
/// Stands for what was cut out between the two ends.
const MARKER: &str = "...\n\n[...]\n\n...";

/// White space of JavaScript's `trim`: Unicode's, with U+FEFF and without U+0085.
pub(crate) fn is_blank(character: char) -> bool {
    (character.is_whitespace() && character != '\u{85}') || character == '\u{FEFF}'
}

/// `text` without blanks at both ends.
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// The first `units` UTF-16 code units of `text`. Half a surrogate pair at the cut is dropped.
pub(crate) fn head(text: &str, units: usize) -> &str {
    // UTF-8 never has fewer bytes than UTF-16 has code units.
    if text.len() <= units {
        return text;
    }
    let mut left = units;
    let end = text.char_indices().find(|(_, character)| {
        let fits = character.len_utf16() <= left;
        left = left.saturating_sub(character.len_utf16());
        !fits
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// The last `units` UTF-16 code units of `text`. Half a surrogate pair at the cut is dropped.
fn tail(text: &str, units: usize) -> &str {
    let mut left = units;
    let last_cut = text.char_indices().rev().find(|(_, character)| {
        let fits = character.len_utf16() <= left;
        left = left.saturating_sub(character.len_utf16());
        !fits
    });
    last_cut.map_or(text, |(start, character)| &text[start + character.len_utf8()..])
}

/// `text` itself up to [`LONG`] code units, otherwise both its ends around a marker.
pub(crate) fn both_ends(text: &str) -> String {
    if head(text, LONG).len() == text.len() {
        return text.to_owned();
    }
    [head(text, END), MARKER, tail(text, END)].concat()
}

/// The text of one element, joined from its pieces: a stretch of character data is trimmed and then
/// decoded, CDATA is kept verbatim. Child elements and processing instructions end a stretch,
/// comments do not.
#[derive(Debug, Default)]
pub(crate) struct Content {
    joined: String,
    stretch: String,
}

impl Content {
    pub(crate) fn push_raw(&mut self, raw: &str) {
        self.stretch.push_str(raw);
    }

    pub(crate) fn push_reference(&mut self, name: &str) {
        self.stretch.push('&');
        self.stretch.push_str(name);
        self.stretch.push(';');
    }

    pub(crate) fn push_cdata(&mut self, verbatim: &str) -> Result<(), Problem> {
        self.end_stretch()?;
        self.joined.push_str(&escape::line_ends(verbatim));
        Ok(())
    }

    pub(crate) fn end_stretch(&mut self) -> Result<(), Problem> {
        self.joined.push_str(&escape::decode(trim(&self.stretch))?);
        self.stretch.clear();
        Ok(())
    }

    /// Bytes so far.
    pub(crate) fn len(&self) -> usize {
        self.joined.len() + self.stretch.len()
    }

    pub(crate) fn finish(mut self) -> Result<String, Problem> {
        self.end_stretch()?;
        Ok(self.joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> usize {
        text.encode_utf16().count()
    }

    #[test]
    fn trim_is_that_of_javascript() {
        assert_eq!(trim("\u{feff}\u{a0}\u{2028}\u{3000}\t\r\n a b \u{b}\u{c}"), "a b");
        assert_eq!(trim("\u{85}a\u{200b}"), "\u{85}a\u{200b}");
    }

    #[test]
    fn heads_are_cut_by_code_units() {
        assert_eq!(head("abc", 3), "abc");
        assert_eq!(head("abc", 2), "ab");
        assert_eq!(head("ééé", 2), "éé");
        assert_eq!(head("a😀b", 3), "a😀");
        assert_eq!(head("a😀b", 2), "a", "half a pair is dropped");
        assert_eq!(head("a😀b", 1), "a");
    }

    #[test]
    fn long_text_keeps_both_ends() {
        for length in [LONG - 1, LONG] {
            let text = "x".repeat(length);
            assert_eq!(both_ends(&text), text);
        }
        let text = format!("{}{}", "a".repeat(LONG), "z".repeat(LONG));
        let cut = both_ends(&text);
        assert_eq!(units(&cut), 16_379);
        assert_eq!(cut, format!("{}{MARKER}{}", "a".repeat(END), "z".repeat(END)));
        assert_eq!(units(MARKER), 15);
    }

    #[test]
    fn long_text_with_pairs_on_the_cuts_drops_their_halves() {
        let text = format!(
            "{}😀{}😀{}",
            "x".repeat(END - 1),
            "y".repeat(9000),
            "z".repeat(END - 1)
        );
        assert_eq!(
            both_ends(&text),
            format!("{}{MARKER}{}", "x".repeat(END - 1), "z".repeat(END - 1))
        );
        let wide = "é".repeat(LONG);
        assert_eq!(both_ends(&wide), wide, "code units count, not bytes");
    }

    #[test]
    fn content_trims_stretches_and_keeps_cdata() {
        let mut content = Content::default();
        content.push_raw(" a ");
        content.push_cdata(" b\r\n&lt; ").expect("valid");
        content.push_raw("  ");
        content.push_cdata("c").expect("valid");
        content.push_raw(" d ");
        content.push_reference("lt");
        content.push_raw(" e ");
        content.end_stretch().expect("valid");
        content.push_raw(" f ");
        assert_eq!(content.finish().expect("valid"), "a b\n&lt; cd < ef");
    }
}
