//! The attributes of a tag, checked as strictly as XML asks.

use crate::error::Problem;
use crate::escape::shown;

/// Names and raw values in order. Ends after the first problem.
pub(crate) struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Attributes<'a> {
    /// Reads `raw`: what stands in a tag after the element's name.
    pub(crate) fn new(raw: &'a str) -> Self {
        Self { rest: raw }
    }

    /// The next attribute of a `rest` that is known to hold one after its blanks.
    fn parse(&mut self) -> Result<(&'a str, &'a str), Problem> {
        let text = self.rest.trim_start_matches(is_xml_blank);
        let has_blank_before = text.len() < self.rest.len();
        let name_end = text
            .find(|character| character == '=' || is_xml_blank(character))
            .unwrap_or(text.len());
        let (name, after) = text.split_at(name_end);
        let malformed = || Problem::Attribute(shown(name));
        if !is_name(name) {
            return Err(Problem::Name(shown(name)));
        }
        let quoted = after
            .trim_start_matches(is_xml_blank)
            .strip_prefix('=')
            .filter(|_| has_blank_before)
            .ok_or_else(malformed)?
            .trim_start_matches(is_xml_blank);
        let is_quote = |byte: &u8| matches!(byte, b'"' | b'\'');
        let quote = quoted.bytes().next().filter(is_quote).ok_or_else(malformed)?;
        let value = &quoted[1..];
        let end = memchr::memchr2(quote, b'<', value.as_bytes()).ok_or_else(malformed)?;
        if value.as_bytes()[end] == b'<' {
            return Err(Problem::BareLess(shown(name)));
        }
        let (value, rest) = (&value[..end], &value[end + 1..]);
        self.rest = rest;
        Ok((name, value))
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<(&'a str, &'a str), Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.chars().all(is_xml_blank) {
            return None;
        }
        let attribute = self.parse();
        if attribute.is_err() {
            self.rest = "";
        }
        Some(attribute)
    }
}

/// White space of XML's grammar.
pub(crate) fn is_xml_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// Whether XML allows `name` for an element or attribute. Beyond ASCII everything passes.
pub(crate) fn is_name(name: &str) -> bool {
    let is_start = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || !byte.is_ascii();
    let is_inner = |byte: &u8| is_start(byte) || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    name.as_bytes().first().is_some_and(is_start) && name.as_bytes().iter().all(is_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Result<Vec<(&str, &str)>, Problem> {
        Attributes::new(raw).collect()
    }

    #[test]
    fn values_are_read_in_both_quotes_and_with_blanks() {
        assert_eq!(read(""), Ok(vec![]));
        assert_eq!(read(" \n"), Ok(vec![]));
        assert_eq!(
            read(" a=\"1\" b = '\"2\"'\tc\n=\n\"\" "),
            Ok(vec![("a", "1"), ("b", "\"2\""), ("c", "")])
        );
        assert_eq!(
            read(" a=\"x > y\" é='1' _x:y-1.2=''"),
            Ok(vec![("a", "x > y"), ("é", "1"), ("_x:y-1.2", "")])
        );
    }

    #[test]
    fn malformed_attributes_are_named() {
        assert_eq!(read(" flag"), Err(Problem::Attribute("flag".into())));
        assert_eq!(read(" a=b"), Err(Problem::Attribute("a".into())));
        assert_eq!(read(" a='b"), Err(Problem::Attribute("a".into())));
        assert_eq!(read(" a='1'b='2'"), Err(Problem::Attribute("b".into())));
        assert_eq!(read(" a='x<y'"), Err(Problem::BareLess("a".into())));
        assert_eq!(read(" 1a='x'"), Err(Problem::Name("1a".into())));
        assert_eq!(read(" ='x'"), Err(Problem::Name(String::new())));
        assert_eq!(read(" a$='x'"), Err(Problem::Name("a$".into())));
    }
}
