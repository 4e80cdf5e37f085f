//! What a line of a feature file is.

use super::ast::{Cell, KeywordType, Location, Row, Tag};
use super::dialect::Dialect;
use crate::error::ReadError;
use crate::span::narrow;

/// The kinds of lines. Which of them may stand in a place is the parser's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Empty,
    Comment,
    Tag,
    Feature,
    Background,
    Rule,
    Scenario,
    Examples,
    Step,
    Row,
    DocString,
}

/// A line and what is needed to recognise it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// From 1.
    pub(super) number: u32,
    /// Without its end.
    pub(super) text: &'a str,
    /// In a Markdown file, headings and list points carry the keywords.
    pub(super) markdown: bool,
}

/// A keyword found in a line.
pub(super) struct Titled {
    pub(super) location: Location,
    pub(super) keyword: &'static str,
    pub(super) name: String,
}

impl<'a> Line<'a> {
    /// Without white space at the start.
    pub(super) fn trimmed(&self) -> &'a str {
        self.text.trim_start()
    }

    /// Characters of white space at the start.
    pub(super) fn indent(&self) -> u32 {
        narrow(self.text.chars().take_while(|c| c.is_whitespace()).count())
    }

    /// Place of the first character that is not white space.
    pub(super) fn location(&self) -> Location {
        Location {
            line: self.number,
            column: self.indent() + 1,
        }
    }

    /// Text behind a Markdown heading's or list point's marks, and how many characters precede it.
    fn marked(&self, heading: bool) -> Option<(&'a str, u32)> {
        let trimmed = self.trimmed();
        if !self.markdown {
            return Some((trimmed, self.indent()));
        }
        let rest = if heading {
            let rest = trimmed.trim_start_matches('#');
            let level = trimmed.len() - rest.len();
            if !(1..=6).contains(&level) || !rest.starts_with([' ', '\t']) {
                return None;
            }
            rest.trim_start()
        } else {
            trimmed.strip_prefix(['*', '+', '-'])?.trim_start()
        };
        let before = self.text.len() - rest.len();
        let count = self.text.get(..before).map_or(0, |before| before.chars().count());
        Some((rest, narrow(count)))
    }

    /// The keyword of one of the lists, followed by a colon and a name.
    pub(super) fn title(&self, lists: &[&'static [&'static str]]) -> Option<Titled> {
        let (text, before) = self.marked(true)?;
        let keyword = Dialect::title(lists, text)?;
        let name = text
            .get(keyword.len() + 1..)
            .unwrap_or_default()
            .trim()
            .to_owned();
        Some(Titled {
            location: Location {
                line: self.number,
                column: before + 1,
            },
            keyword,
            name,
        })
    }

    /// The step keyword, its meaning and the text of the step.
    pub(super) fn step(&self, dialect: &Dialect) -> Option<(Titled, KeywordType)> {
        let (text, before) = self.marked(false)?;
        let (keyword, meaning) = dialect.step(text, !self.markdown)?;
        let name = text.get(keyword.len()..).unwrap_or_default().trim().to_owned();
        Some((
            Titled {
                location: Location {
                    line: self.number,
                    column: before + 1,
                },
                keyword,
                name,
            },
            meaning,
        ))
    }

    /// Whether the line is of a kind.
    pub(super) fn is(&self, kind: Kind, dialect: &Dialect) -> bool {
        let trimmed = self.trimmed();
        match kind {
            Kind::Empty => trimmed.is_empty(),
            Kind::Comment if self.markdown => self.separator(),
            Kind::Comment => trimmed.starts_with('#'),
            Kind::Tag if self.markdown => trimmed.starts_with("`@"),
            Kind::Tag => trimmed.starts_with('@'),
            Kind::Feature => self.title(&[dialect.feature]).is_some(),
            Kind::Background => self.title(&[dialect.background]).is_some(),
            Kind::Rule => self.title(&[dialect.rule]).is_some(),
            Kind::Scenario => self
                .title(&[dialect.scenario, dialect.scenario_outline])
                .is_some(),
            Kind::Examples => self.title(&[dialect.examples]).is_some(),
            Kind::Step => self.step(dialect).is_some(),
            Kind::Row if self.markdown => {
                trimmed.starts_with('|') && (2..=5).contains(&self.indent()) && !self.separator()
            }
            Kind::Row => trimmed.starts_with('|'),
            Kind::DocString => self.delimiter().is_some(),
        }
    }

    /// Whether it divides the header of a Markdown table from its body.
    fn separator(&self) -> bool {
        let trimmed = self.trimmed();
        trimmed.starts_with('|')
            && trimmed.contains('-')
            && trimmed.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'))
    }

    /// The language that a `# language: key` line names.
    pub(super) fn language(&self) -> Option<&'a str> {
        let rest = self
            .trimmed()
            .strip_prefix('#')?
            .trim_start()
            .strip_prefix("language")?;
        let key = rest.trim_start().strip_prefix(':')?.trim();
        let plain = !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_ascii_alphabetic() || c == '-' || c == '_');
        plain.then_some(key)
    }

    /// The delimiter of a text block that the line starts with. Markdown fences may be longer.
    pub(super) fn delimiter(&self) -> Option<&'a str> {
        let trimmed = self.trimmed();
        if self.markdown {
            let length = trimmed.len() - trimmed.trim_start_matches('`').len();
            return if length >= 3 { trimmed.get(..length) } else { None };
        }
        ["\"\"\"", "```"]
            .into_iter()
            .find(|mark| trimmed.starts_with(mark))
            .and_then(|_| trimmed.get(..3))
    }

    /// The tags of the line, and the place of one that contains white space.
    pub(super) fn tags(&self) -> (Vec<Tag>, Option<ReadError>) {
        if self.markdown {
            return (self.quoted_tags(), None);
        }
        let mut previous_blank = false;
        let comment = self.trimmed().char_indices().find(|(_, c)| {
            let starts = *c == '#' && previous_blank;
            previous_blank = c.is_whitespace();
            starts
        });
        let text = self
            .trimmed()
            .get(..comment.map_or(self.trimmed().len(), |(at, _)| at))
            .unwrap_or_default();
        let mut column = self.indent() + 1;
        let mut tags = Vec::new();
        let mut problem = None;
        for item in text.split('@').skip(1) {
            let name = item.trim_end();
            if name.is_empty() {
                column += 1 + narrow(item.chars().count());
                continue;
            }
            if name.contains(char::is_whitespace) && problem.is_none() {
                problem = Some(ReadError::new(
                    self.number,
                    column,
                    format!("the tag '@{name}' contains white space; write it as one word"),
                ));
            }
            tags.push(Tag {
                location: Location {
                    line: self.number,
                    column,
                },
                name: format!("@{name}"),
            });
            column += narrow(item.chars().count()) + 1;
        }
        (tags, problem)
    }

    /// Tags of a Markdown file: each in backticks.
    fn quoted_tags(&self) -> Vec<Tag> {
        let mut tags = Vec::new();
        let mut rest = self.text;
        let mut before = 0;
        while let Some(open) = rest.find("`@") {
            let Some(inside) = rest.get(open + 1..) else { break };
            let Some(close) = inside.find('`') else { break };
            let column = narrow(
                self.text
                    .get(..before + open + 1)
                    .map_or(0, |s| s.chars().count()),
            ) + 1;
            let name = inside.get(..close).unwrap_or_default().to_owned();
            tags.push(Tag {
                location: Location {
                    line: self.number,
                    column,
                },
                name,
            });
            before += open + 1 + close + 1;
            rest = self.text.get(before..).unwrap_or_default();
        }
        tags
    }

    /// The cells of a table row. `\n`, `\|` and `\\` are escapes; what stands outside of the bars is no cell.
    pub(super) fn row(&self) -> Row {
        let mut cells = Vec::new();
        let mut value = String::new();
        let mut start = 0;
        let mut first = true;
        let mut chars = self.text.chars().enumerate();
        while let Some((at, c)) = chars.next() {
            match c {
                '|' if first => {
                    first = false;
                    value.clear();
                    start = at + 1;
                }
                '|' => {
                    cells.push(self.cell(&value, start));
                    value.clear();
                    start = at + 1;
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, escaped @ ('|' | '\\'))) => value.push(escaped),
                    Some((_, other)) => {
                        value.push('\\');
                        value.push(other);
                    }
                    None => value.push('\\'),
                },
                _ => value.push(c),
            }
        }
        Row {
            location: self.location(),
            cells,
        }
    }

    /// A cell without the blanks around it; line ends that were written as escapes stay.
    fn cell(&self, value: &str, start: usize) -> Cell {
        let blank = |c: char| c.is_whitespace() && c != '\n';
        let left = value.trim_start_matches(blank);
        let indent = value.chars().count() - left.chars().count();
        let location = Location {
            line: self.number,
            column: narrow(start + indent) + 1,
        };
        Cell {
            location,
            value: left.trim_end_matches(blank).to_owned(),
        }
    }
}
