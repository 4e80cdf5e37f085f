//! Directives of Testmo inside the output of a test.
//!
//! They must start a line, blanks before them are allowed:
//! - `[[ATTACHMENT|path]]`, the rest of the line is ignored;
//! - `[[PROPERTY|name=value]]`, which must end the line; the first `=` splits;
//! - `[[PROPERTY|name]]`, which must end the line, begins a value of several lines that ends before
//!   the next line with `[[/PROPERTY]]` or with the output.

use crate::findings::{Findings, Property};
use crate::text::{both_ends, is_blank, trim};

const ATTACHMENT: &str = "[[ATTACHMENT|";
const PROPERTY: &str = "[[PROPERTY|";
const PROPERTY_END: &str = "[[/PROPERTY]]";
const CLOSE: &str = "]]";

/// The output of a test, split into what a person wrote and what directives say.
#[derive(Debug, Default)]
pub(crate) struct Output {
    console: String,
    findings: Findings,
}

impl Output {
    /// The console text, trimmed and cut, and the findings.
    pub(crate) fn into_parts(self) -> (String, Findings) {
        (self.console, self.findings)
    }
}

/// A line of output.
enum Line<'a> {
    Plain,
    Attachment(&'a str),
    Property { name: &'a str, value: &'a str },
    PropertyStart { name: &'a str },
}

pub(crate) fn split(output: &str) -> Output {
    let mut console = String::new();
    let mut findings = Findings::default();
    let mut rest = Some(output);
    while let Some((line, after)) = rest.map(next_line) {
        rest = after;
        match classify(line) {
            Line::Plain => {
                console.push_str(line);
                console.push('\n');
            }
            Line::Attachment(path) => findings.attach(trim(path)),
            Line::Property { name, value } => {
                findings.add(&Property {
                    name: trim(name),
                    value: trim(value),
                    is_multi_line: false,
                });
            }
            Line::PropertyStart { name } => {
                let (value, after) = until_property_end(after.unwrap_or_default());
                rest = after;
                if !trim(value).is_empty() {
                    findings.add(&Property {
                        name: trim(name),
                        value: trim(value),
                        is_multi_line: true,
                    });
                }
            }
        }
    }
    Output {
        console: both_ends(trim(&console)),
        findings,
    }
}

fn next_line(text: &str) -> (&str, Option<&str>) {
    text.split_once('\n')
        .map_or((text, None), |(line, rest)| (line, Some(rest)))
}

fn classify(line: &str) -> Line<'_> {
    let line = line.trim_start_matches(is_blank);
    if let Some(path) = line.strip_prefix(ATTACHMENT) {
        // A path ends at its first bracket, which must be that of `]]`.
        return match path.split_once(']') {
            Some((path, rest)) if !path.is_empty() && rest.starts_with(']') => Line::Attachment(path),
            _ => Line::Plain,
        };
    }
    match line
        .strip_prefix(PROPERTY)
        .and_then(|line| line.strip_suffix(CLOSE))
    {
        None | Some("") => Line::Plain,
        Some(property) => match property.split_once('=') {
            Some((name, value)) if !name.is_empty() && !value.is_empty() && is_one_line(value) => {
                Line::Property { name, value }
            }
            _ if is_one_line(property) => Line::PropertyStart { name: property },
            _ => Line::Plain,
        },
    }
}

/// Whether JavaScript sees no line end in `text`: the contract's patterns stop at each of these.
fn is_one_line(text: &str) -> bool {
    !text.contains(['\n', '\r', '\u{2028}', '\u{2029}'])
}

/// The lines before the one that ends a property, and what follows that one.
fn until_property_end(text: &str) -> (&str, Option<&str>) {
    let Some(end) = memchr::memmem::find(text.as_bytes(), PROPERTY_END.as_bytes()) else {
        return (text, None);
    };
    let line_start = text[..end].rfind('\n').map_or(0, |line_end| line_end + 1);
    (&text[..line_start], next_line(&text[end..]).1)
}
