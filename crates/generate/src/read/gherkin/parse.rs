//! The grammar of Gherkin as a recursive descent over lines.
//!
//! After a line that may not stand where it stands, reading goes on with the next one, so that one run
//! names all problems. The grammar is that of the Gherkin reference
//! (<https://cucumber.io/docs/gherkin/reference/>).

use super::ast::{Child, Comment, Feature, File, Location, Rule, Tag};
use super::dialect::Dialect;
use super::line::{Kind, Line};
use crate::error::ReadError;
use crate::span::narrow;

/// Problems named in one run.
const MAX_PROBLEMS: usize = 20;

/// Whose tags a line of tags holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Examples,
    Scenario,
    Rule,
}

/// Reads a feature file; `markdown` for one that is written as Markdown (`*.feature.md`).
///
/// # Errors
///
/// Every line that may not stand where it stands, tags with white space, languages that do not exist,
/// and rows of different length in a table.
pub fn parse(text: &str, markdown: bool) -> Result<File, ReadError> {
    let mut parser = Parser::new(text, markdown);
    let feature = parser.file();
    match ReadError::of(parser.problems) {
        Some(problem) => Err(problem),
        None => Ok(File {
            feature,
            comments: parser.comments,
        }),
    }
}

pub(super) struct Parser<'a> {
    lines: Vec<Line<'a>>,
    pub(super) at: usize,
    pub(super) dialect: &'static Dialect,
    markdown: bool,
    comments: Vec<Comment>,
    problems: Vec<ReadError>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, markdown: bool) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let lines = text
            .lines()
            .enumerate()
            .map(|(index, text)| Line {
                number: narrow(index + 1),
                text,
                markdown,
            })
            .collect();
        Self {
            lines,
            at: 0,
            dialect: Dialect::english(),
            markdown,
            comments: Vec::new(),
            problems: Vec::new(),
        }
    }

    pub(super) fn line(&self) -> Option<Line<'a>> {
        self.lines.get(self.at).copied()
    }

    /// The first kind of a list that the current line is of.
    pub(super) fn kind(&self, kinds: &[Kind]) -> Option<Kind> {
        let line = self.line()?;
        kinds.iter().copied().find(|kind| line.is(*kind, self.dialect))
    }

    /// Takes a line that is empty or a comment.
    pub(super) fn blank(&mut self) -> bool {
        let Some(line) = self.line() else { return false };
        if line.is(Kind::Empty, self.dialect) {
            self.at += 1;
            return true;
        }
        if line.is(Kind::Comment, self.dialect) {
            if !self.markdown {
                let location = Location {
                    line: line.number,
                    column: 1,
                };
                self.comments.push(Comment {
                    location,
                    text: line.text.to_owned(),
                });
            }
            self.at += 1;
            return true;
        }
        false
    }

    /// Reports the current line and skips it. In a Markdown file it is prose, and no problem.
    pub(super) fn unexpected(&mut self, expected: &str) {
        let Some(line) = self.line() else {
            return self.ended(expected);
        };
        if !self.markdown {
            let location = line.location();
            let found: String = line.text.trim().chars().take(80).collect();
            self.problem(ReadError::new(
                location.line,
                location.column,
                format!("expected {expected}, found '{found}'"),
            ));
        }
        self.at += 1;
    }

    pub(super) fn ended(&mut self, expected: &str) {
        let line = narrow(self.lines.len() + 1);
        self.problem(ReadError::new(
            line,
            0,
            format!("the file ends too early: expected {expected}"),
        ));
    }

    pub(super) fn problem(&mut self, problem: ReadError) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }

    fn file(&mut self) -> Option<Feature> {
        let mut tags = Vec::new();
        let mut begun = false;
        loop {
            let Some(line) = self.line() else {
                if begun {
                    self.ended("a feature");
                }
                return None;
            };
            if let Some(key) = line.language().filter(|_| !begun && !self.markdown) {
                begun = self.language(line, key);
            } else if line.is(Kind::Tag, self.dialect) {
                begun = true;
                self.tag_line(&mut tags);
            } else if let Some(feature) = self.feature(line, &mut tags) {
                return Some(feature);
            } else if !self.blank() {
                self.unexpected("a feature, tags, a language or a comment");
            }
        }
    }

    fn language(&mut self, line: Line<'a>, key: &str) -> bool {
        self.at += 1;
        if let Some(dialect) = Dialect::find(key) {
            self.dialect = dialect;
            return true;
        }
        let location = line.location();
        self.problem(ReadError::new(
            location.line,
            location.column,
            format!("there is no language '{key}'; write a key such as en, de or fr"),
        ));
        false
    }

    fn feature(&mut self, line: Line<'a>, tags: &mut Vec<Tag>) -> Option<Feature> {
        let mut feature = Feature {
            language: self.dialect.language.to_owned(),
            ..Feature::default()
        };
        match line.title(&[self.dialect.feature]) {
            Some(title) => {
                feature.location = title.location;
                title.keyword.clone_into(&mut feature.keyword);
                feature.name = title.name;
            }
            None if self.markdown => {
                feature.location = Location {
                    line: line.number,
                    column: 1,
                };
                line.text.trim_end().clone_into(&mut feature.name);
            }
            None => return None,
        }
        feature.tags = std::mem::take(tags);
        self.at += 1;
        feature.description = self.description(&[Kind::Background, Kind::Tag, Kind::Scenario, Kind::Rule]);
        self.body(&mut feature.children, false);
        Some(feature)
    }

    /// Free text up to a line of one of the kinds.
    pub(super) fn description(&mut self, ends: &[Kind]) -> String {
        let mut lines: Vec<&str> = Vec::new();
        while let Some(line) = self.line() {
            if self.kind(ends).is_some() {
                break;
            }
            if line.is(Kind::Comment, self.dialect) || self.markdown {
                if !self.blank() {
                    self.at += 1;
                }
                continue;
            }
            self.at += 1;
            if !(lines.is_empty() && line.is(Kind::Empty, self.dialect)) {
                lines.push(line.text);
            }
        }
        while lines.last().is_some_and(|line| line.trim().is_empty()) {
            lines.pop();
        }
        lines.join("\n")
    }

    /// Background and scenarios; of a feature also its rules.
    fn body(&mut self, children: &mut Vec<Child>, inside_rule: bool) {
        while let Some(line) = self.line() {
            match self.kind(&[Kind::Background, Kind::Tag, Kind::Scenario, Kind::Rule]) {
                Some(Kind::Background) if children.is_empty() => {
                    let section = self.section(line, Vec::new(), true);
                    children.push(Child::Background(section));
                }
                Some(Kind::Scenario) => {
                    let section = self.section(line, Vec::new(), false);
                    children.push(Child::Scenario(section));
                }
                Some(Kind::Rule) => {
                    if inside_rule {
                        return;
                    }
                    let rule = self.rule(line, Vec::new());
                    children.push(Child::Rule(rule));
                }
                Some(Kind::Tag) => {
                    let owner = self.owner();
                    if owner == Owner::Rule && inside_rule {
                        return;
                    }
                    let Some((line, tags)) = self.tagged(owner) else {
                        return;
                    };
                    if owner == Owner::Rule {
                        let rule = self.rule(line, tags);
                        children.push(Child::Rule(rule));
                    } else {
                        let section = self.section(line, tags, false);
                        children.push(Child::Scenario(section));
                    }
                }
                _ => {
                    if !self.blank() {
                        self.unexpected("a scenario, a rule, tags or a comment");
                    }
                }
            }
        }
    }

    /// Whose the tags of the current line are: of what comes next behind tags, comments and empty lines.
    pub(super) fn owner(&self) -> Owner {
        let skipped = [Kind::Tag, Kind::Empty, Kind::Comment];
        let rest = self.lines.get(self.at..).unwrap_or_default();
        let next = rest
            .iter()
            .find(|line| !skipped.iter().any(|kind| line.is(*kind, self.dialect)));
        match next {
            Some(line) if line.is(Kind::Examples, self.dialect) => Owner::Examples,
            Some(line) if line.is(Kind::Scenario, self.dialect) => Owner::Scenario,
            _ => Owner::Rule,
        }
    }

    /// Takes tags up to the line that they belong to.
    pub(super) fn tagged(&mut self, owner: Owner) -> Option<(Line<'a>, Vec<Tag>)> {
        let (kind, expected) = match owner {
            Owner::Examples => (Kind::Examples, "examples"),
            Owner::Scenario => (Kind::Scenario, "a scenario"),
            Owner::Rule => (Kind::Rule, "a rule, tags or a comment"),
        };
        let mut tags = Vec::new();
        while let Some(line) = self.line() {
            if line.is(Kind::Tag, self.dialect) {
                self.tag_line(&mut tags);
            } else if line.is(kind, self.dialect) {
                return Some((line, tags));
            } else if !self.blank() {
                self.unexpected(expected);
            }
        }
        if !self.markdown {
            self.ended(expected);
        }
        None
    }

    fn tag_line(&mut self, tags: &mut Vec<Tag>) {
        let Some(line) = self.line() else { return };
        let (found, problem) = line.tags();
        tags.extend(found);
        if let Some(problem) = problem {
            self.problem(problem);
        }
        self.at += 1;
    }

    fn rule(&mut self, line: Line<'a>, tags: Vec<Tag>) -> Rule {
        let mut rule = Rule {
            tags,
            location: line.location(),
            ..Rule::default()
        };
        if let Some(title) = line.title(&[self.dialect.rule]) {
            rule.location = title.location;
            title.keyword.clone_into(&mut rule.keyword);
            rule.name = title.name;
        }
        self.at += 1;
        rule.description = self.description(&[Kind::Background, Kind::Tag, Kind::Scenario, Kind::Rule]);
        self.body(&mut rule.children, true);
        rule
    }
}
