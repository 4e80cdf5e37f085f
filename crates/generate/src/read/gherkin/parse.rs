//! The grammar of Gherkin as a recursive descent over lines.
//!
//! After a line that may not stand where it stands, reading goes on with the next one, so that one run
//! names all problems. The grammar is that of the Gherkin reference
//! (<https://cucumber.io/docs/gherkin/reference/>).

use super::ast::{
    Child, Comment, DataTable, DocString, Examples, Feature, File, Location, Row, Rule, Section, Step, Tag,
};
use super::dialect::Dialect;
use super::line::{Kind, Line};
use crate::error::ReadError;
use crate::span::narrow;

/// Problems named in one run.
const MAX_PROBLEMS: usize = 20;

/// Whose tags a line of tags holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
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

struct Parser<'a> {
    lines: Vec<Line<'a>>,
    at: usize,
    dialect: &'static Dialect,
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

    fn line(&self) -> Option<Line<'a>> {
        self.lines.get(self.at).copied()
    }

    /// The first kind of a list that the current line is of.
    fn kind(&self, kinds: &[Kind]) -> Option<Kind> {
        let line = self.line()?;
        kinds.iter().copied().find(|kind| line.is(*kind, self.dialect))
    }

    /// Takes a line that is empty or a comment.
    fn blank(&mut self) -> bool {
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
    fn unexpected(&mut self, expected: &str) {
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

    fn ended(&mut self, expected: &str) {
        let line = narrow(self.lines.len() + 1);
        self.problem(ReadError::new(
            line,
            0,
            format!("the file ends too early: expected {expected}"),
        ));
    }

    fn problem(&mut self, problem: ReadError) {
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
    fn description(&mut self, ends: &[Kind]) -> String {
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
    fn owner(&self) -> Owner {
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
    fn tagged(&mut self, owner: Owner) -> Option<(Line<'a>, Vec<Tag>)> {
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

    /// A background or a scenario with its steps and examples.
    fn section(&mut self, line: Line<'a>, tags: Vec<Tag>, background: bool) -> Section {
        let mut section = Section {
            tags,
            location: line.location(),
            ..Section::default()
        };
        let lists: &[_] = if background {
            &[self.dialect.background]
        } else {
            &[self.dialect.scenario, self.dialect.scenario_outline]
        };
        if let Some(title) = line.title(lists) {
            section.location = title.location;
            title.keyword.clone_into(&mut section.keyword);
            section.name = title.name;
        }
        self.at += 1;
        let with_examples = [Kind::Step, Kind::Tag, Kind::Examples, Kind::Scenario, Kind::Rule];
        let without = [Kind::Step, Kind::Tag, Kind::Scenario, Kind::Rule];
        section.description = self.description(if background { &without } else { &with_examples });
        while let Some(line) = self.line() {
            match self.kind(if background { &without } else { &with_examples }) {
                Some(Kind::Step) if section.examples.is_empty() => self.step(line, &mut section.steps),
                Some(Kind::Examples) => {
                    let examples = self.examples(line, Vec::new());
                    section.examples.push(examples);
                }
                Some(Kind::Tag) if !background && self.owner() == Owner::Examples => {
                    let Some((line, tags)) = self.tagged(Owner::Examples) else {
                        break;
                    };
                    let examples = self.examples(line, tags);
                    section.examples.push(examples);
                }
                Some(Kind::Tag | Kind::Scenario | Kind::Rule) => break,
                _ => {
                    if !self.blank() {
                        self.unexpected("a step, a table row, a text block, examples, a scenario or a rule");
                    }
                }
            }
        }
        section
    }

    fn step(&mut self, line: Line<'a>, steps: &mut Vec<Step>) {
        let Some((title, keyword_type)) = line.step(self.dialect) else {
            return;
        };
        self.at += 1;
        let mut step = Step {
            location: title.location,
            keyword: title.keyword.to_owned(),
            keyword_type,
            text: title.name,
            doc_string: None,
            data_table: None,
        };
        while let Some(line) = self.line() {
            if line.is(Kind::Row, self.dialect) && step.data_table.is_none() {
                let rows = self.rows();
                step.data_table = Some(DataTable {
                    location: line.location(),
                    rows,
                });
            } else if line.is(Kind::DocString, self.dialect) && step.doc_string.is_none() {
                step.doc_string = Some(self.doc_string(line));
            } else if !self.blank() {
                break;
            }
        }
        steps.push(step);
    }

    /// Rows of one table; reports the first one of another length.
    fn rows(&mut self) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        while let Some(line) = self.line() {
            if line.is(Kind::Row, self.dialect) {
                rows.push(line.row());
                self.at += 1;
            } else if !self.blank() {
                break;
            }
        }
        let width = rows.first().map_or(0, |row| row.cells.len());
        if let Some(row) = rows.iter().find(|row| row.cells.len() != width) {
            let message = format!(
                "this row has {} cells, the table's first has {width}; give all rows as many",
                row.cells.len()
            );
            self.problem(ReadError::new(row.location.line, row.location.column, message));
        }
        rows
    }

    fn doc_string(&mut self, line: Line<'a>) -> DocString {
        let delimiter = line.delimiter().unwrap_or("\"\"\"");
        let media = line.trimmed().get(delimiter.len()..).unwrap_or_default().trim();
        let indent = line.indent();
        let escaped: String = delimiter.chars().flat_map(|c| ['\\', c]).collect();
        self.at += 1;
        let mut lines = Vec::new();
        loop {
            let Some(line) = self.line() else {
                self.ended("the end of the text block");
                break;
            };
            self.at += 1;
            if line.trimmed().starts_with(delimiter) {
                break;
            }
            let blanks = line.text.chars().take(usize::try_from(indent).unwrap_or(0));
            let removed: usize = blanks.take_while(|c| c.is_whitespace()).map(char::len_utf8).sum();
            lines.push(
                line.text
                    .get(removed..)
                    .unwrap_or_default()
                    .replace(&escaped, delimiter),
            );
        }
        DocString {
            location: line.location(),
            media_type: (!media.is_empty()).then(|| media.to_owned()),
            content: lines.join("\n"),
            delimiter: delimiter.to_owned(),
        }
    }

    fn examples(&mut self, line: Line<'a>, tags: Vec<Tag>) -> Examples {
        let mut examples = Examples {
            tags,
            location: line.location(),
            ..Examples::default()
        };
        if let Some(title) = line.title(&[self.dialect.examples]) {
            examples.location = title.location;
            title.keyword.clone_into(&mut examples.keyword);
            examples.name = title.name;
        }
        self.at += 1;
        examples.description =
            self.description(&[Kind::Row, Kind::Tag, Kind::Examples, Kind::Scenario, Kind::Rule]);
        if self.kind(&[Kind::Row]).is_some() {
            let mut rows = self.rows().into_iter();
            examples.table_header = rows.next();
            examples.table_body = rows.collect();
        }
        examples
    }
}
