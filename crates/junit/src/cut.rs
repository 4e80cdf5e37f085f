//! The lengths of the contract, in UTF-16 code units, for whatever else is sent beside tests.

use crate::text::{LONG, SHORT, both_ends, head, trim};

/// Longest note of a link or file.
const NOTE: usize = 80;

/// The start of a name, an address, or a value of one line: 750 units.
pub fn short(text: &str) -> &str {
    head(text, SHORT)
}

/// The start of a note: 80 units.
pub fn note(text: &str) -> &str {
    head(text, NOTE)
}

/// The start of an HTML value: 16,384 units.
pub fn html(text: &str) -> &str {
    head(text, LONG)
}

/// A text or console value; of a longer one than 16,384 units both ends are kept, around a marker.
pub fn console(text: &str) -> String {
    both_ends(text)
}

/// `text` without the blanks of JavaScript's `trim` at both ends.
pub fn trimmed(text: &str) -> &str {
    trim(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_contract() {
        let text = "x".repeat(20_000);
        let lengths = [short(&text), note(&text), html(&text), &console(&text)].map(str::len);
        assert_eq!(lengths, [750, 80, 16_384, 16_379]);
    }
}
