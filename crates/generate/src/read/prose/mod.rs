//! Running text to requirements: headings, user stories, sentences that demand, scenarios and lists.

mod label;
mod section;
mod sentence;
mod steps;
mod story;

use super::block::{BlockKind, Blocks};
use super::text::Text;
use crate::requirement::{Criterion, Form, Phrase, Requirement, fold};
use crate::span::{Source, Span};
use crate::words::{self, Words};

pub(crate) use section::{complete, title};

/// Characters of a title that is taken out of a sentence.
const MAX_TITLE: usize = 120;

/// The level of a requirement that no heading opened.
const NO_HEADING: u8 = u8::MAX;

/// The requirements of a text. With `whole`, in a language without a table, nothing is left out: every
/// paragraph and every point of a list is kept as one criterion.
pub(crate) fn requirements(
    blocks: &Blocks,
    words: &Words,
    source: &Source<'_>,
    whole: bool,
) -> Vec<Requirement> {
    let mut reader = Prose::new(words, source, whole);
    for block in &blocks.list {
        match &block.kind {
            BlockKind::Heading(level) => reader.heading(*level, &block.text),
            BlockKind::Paragraph => reader.paragraph(&block.text),
            BlockKind::Item { depth, label } => reader.item(*depth, label.as_deref(), &block.text),
            BlockKind::Code | BlockKind::Table(_) => {}
        }
    }
    for (language, text) in &blocks.code {
        if matches!(language.as_str(), "gherkin" | "feature" | "cucumber") {
            reader.paragraph(text);
        }
    }
    reader.close();
    reader.requirements
}

/// Adds to a requirement what a text says about it: the cell of a table, or the description of an operation.
/// Returns where the requirement's own text stands.
pub(crate) fn fill(
    requirement: &mut Requirement,
    blocks: &Blocks,
    words: &Words,
    source: &Source<'_>,
    criteria: bool,
) -> Span {
    let mut reader = Prose::new(words, source, false);
    reader.open = Some(Open {
        requirement: std::mem::take(requirement),
        level: 0,
        body: Vec::new(),
        span: Span::default(),
    });
    reader.mode = if criteria { Mode::Criteria } else { Mode::Body };
    reader.cell = true;
    for block in &blocks.list {
        match &block.kind {
            BlockKind::Heading(_) | BlockKind::Paragraph => reader.paragraph(&block.text),
            BlockKind::Item { depth, label } => reader.item(*depth, label.as_deref(), &block.text),
            BlockKind::Code | BlockKind::Table(_) => {}
        }
    }
    reader.finish_scenario();
    let Some(open) = reader.open.take() else {
        return Span::default();
    };
    *requirement = open.requirement;
    if requirement.text.is_empty() {
        requirement.text = fold(&open.body.join(" "));
    }
    open.span
}

/// What points of a list are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Text of a requirement.
    Body,
    /// Acceptance criteria.
    Criteria,
    /// Steps.
    Scenario,
}

struct Open {
    requirement: Requirement,
    /// Of the heading that opened it.
    level: u8,
    body: Vec<String>,
    /// Of the body.
    span: Span,
}

impl Open {
    /// Adds to the body.
    fn say(&mut self, text: &Text, source: &Source<'_>) {
        let span = text.span(source);
        self.body.push(text.as_str().to_owned());
        self.span = joined_span(self.span, span);
        self.requirement.span = joined_span(self.requirement.span, span);
    }
}

struct Prose<'a> {
    words: &'a Words,
    source: &'a Source<'a>,
    whole: bool,
    /// Inside of a cell: everything belongs to the one requirement.
    cell: bool,
    requirements: Vec<Requirement>,
    open: Option<Open>,
    mode: Mode,
    /// The scenario whose steps are being read, and whether a heading or a name opened it.
    scenario: Option<(Criterion, bool)>,
    /// The last heading that opened nothing.
    heading: Option<(u8, Text)>,
    /// Level of a heading whose section holds no requirements.
    skipped: Option<u8>,
    /// Depth of the points that are criteria.
    depth: Option<usize>,
}

impl<'a> Prose<'a> {
    fn new(words: &'a Words, source: &'a Source<'a>, whole: bool) -> Self {
        Self {
            words,
            source,
            whole,
            cell: false,
            requirements: Vec::new(),
            open: None,
            mode: Mode::Body,
            scenario: None,
            heading: None,
            skipped: None,
            depth: None,
        }
    }

    fn paragraph(&mut self, text: &Text) {
        if self.skipped.is_some() {
            return;
        }
        let lines = text.lines();
        let stepped = |line: &Text| {
            steps::role(line.as_str(), self.words).is_some()
                || label::named(line, &self.words.scenario_heading).is_some()
        };
        if lines.len() > 1 && lines.iter().filter(|line| stepped(line)).count() * 2 > lines.len() {
            for line in &lines {
                self.unit(line, None);
            }
            return;
        }
        // A label at the start of a line begins something new.
        let mut start = 0;
        for index in 1..lines.len() {
            let Some(line) = lines.get(index) else { break };
            if self.begins(line) {
                self.joined(text, &lines, start, index);
                start = index;
            }
        }
        self.joined(text, &lines, start, lines.len());
    }

    /// Reads some lines of a paragraph as one.
    fn joined(&mut self, text: &Text, lines: &[Text], start: usize, end: usize) {
        if start == 0 && end == lines.len() {
            self.unit(text, None);
            return;
        }
        let mut joined = Text::default();
        for line in lines.get(start..end).unwrap_or_default() {
            joined.append(line, "\n");
        }
        self.unit(&joined, None);
    }

    fn begins(&self, line: &Text) -> bool {
        let words = self.words;
        [
            &words.story_label,
            &words.rationale_label,
            &words.criteria_heading,
            &words.scenario_heading,
        ]
        .into_iter()
        .any(|list| label::labelled(line, list).is_some())
            || label::id(line).is_some()
            || words::starts(line.as_str(), &words.story_role).is_some() && self.is_story(line)
    }

    fn is_story(&self, text: &Text) -> bool {
        story::story(text, self.words, self.source).is_some()
    }

    fn item(&mut self, depth: usize, number: Option<&str>, text: &Text) {
        if self.skipped.is_some() {
            return;
        }
        if self.mode == Mode::Scenario
            && depth > self.depth.unwrap_or(depth)
            && steps::role(text.as_str(), self.words).is_none()
            && let Some((scenario, _)) = &mut self.scenario
        {
            steps::detail(scenario, text, self.source);
            return;
        }
        if self.introduced(depth) {
            self.detail(text);
            return;
        }
        self.unit(text, Some((depth, number)));
    }

    /// Whether a point belongs to the criterion before it: it lies deeper, or that one ends with a colon.
    fn introduced(&self, depth: usize) -> bool {
        let Some(last) = self
            .open
            .as_ref()
            .and_then(|open| open.requirement.criteria.last())
        else {
            return false;
        };
        if self.scenario.is_some() {
            return false;
        }
        match self.depth {
            Some(own) => depth > own,
            None => last.text.ends_with(':') || (!last.items.is_empty() && last.text.contains(':')),
        }
    }

    fn detail(&mut self, text: &Text) {
        let phrase = text.phrase(self.source);
        let Some(open) = &mut self.open else { return };
        if let Some(last) = open.requirement.criteria.last_mut() {
            last.span = last.span.to(phrase.span);
            open.requirement.span = open.requirement.span.to(phrase.span);
            last.items.push(phrase);
        }
    }

    /// Reads a paragraph, or a point of a list at a depth.
    fn unit(&mut self, text: &Text, item: Option<(usize, Option<&str>)>) {
        if text.is_blank() || self.labelled(text, item) {
            return;
        }
        if let Some(parts) = story::story(text, self.words, self.source) {
            return self.story(text, parts);
        }
        if let Some((id, rest)) = label::id(text).filter(|_| !self.cell)
            && let Some(parts) = story::story(&rest, self.words, self.source)
        {
            let level = self.open.as_ref().map_or(NO_HEADING, |open| open.level);
            self.close();
            self.open_requirement(&rest, Some(id), level, true);
            if let Some(open) = &mut self.open {
                open.requirement.title = section::short(&parts.want.text);
            }
            return self.story(&rest, parts);
        }
        if self.steps(text, item) {
            return;
        }
        self.finish_scenario();
        if let Some((id, rest)) = label::id(text).filter(|_| !self.cell) {
            if self.mode == Mode::Criteria && self.open.is_some() {
                return self.push_criterion(&rest, item.map(|(depth, _)| depth), Some(id));
            }
            let level = self.open.as_ref().map_or(NO_HEADING, |open| open.level);
            self.close();
            self.open_requirement(&rest, Some(id), level, false);
            self.body(&rest, None);
            return;
        }
        let number = item.and_then(|(_, number)| number).map(str::to_owned);
        let depth = item.map(|(depth, _)| depth);
        if self.mode == Mode::Criteria && (item.is_some() || self.cell) {
            return self.push_criterion(text, depth, number);
        }
        self.body(text, item);
    }

    /// Texts that start with a name and a colon.
    fn labelled(&mut self, text: &Text, item: Option<(usize, Option<&str>)>) -> bool {
        if let Some(rest) = label::labelled(text, &self.words.criteria_heading) {
            self.criteria_mode();
            if !rest.is_blank() {
                self.unit(&rest, Some(item.unwrap_or((0, None))));
            }
            return true;
        }
        if let Some(rest) = label::labelled(text, &self.words.rationale_label) {
            let phrase: Phrase = rest.phrase(self.source);
            if let Some(open) = self.open.as_mut().filter(|_| !phrase.text.is_empty()) {
                open.requirement.rationale = Some(phrase);
                return true;
            }
            return false;
        }
        if let Some(rest) = label::labelled(text, &self.words.story_label)
            && let Some(parts) = story::story(&rest, self.words, self.source)
        {
            self.story(&rest, parts);
            return true;
        }
        if let Some((_, title)) = label::named(text, &self.words.scenario_heading)
            && text.as_str().contains(':')
        {
            self.begin_scenario(&title);
            return true;
        }
        false
    }

    /// Text of a requirement: each sentence that demands is a criterion.
    fn body(&mut self, text: &Text, item: Option<(usize, Option<&str>)>) {
        let found: Vec<Text> = sentence::sentences(text.as_str(), self.words)
            .into_iter()
            .map(|range| text.slice(range))
            .collect();
        let demanding = |sentence: &Text| sentence::demands(sentence.as_str(), self.words);
        let any = found.iter().any(demanding);
        if self.open.is_none() {
            if !any && !self.whole {
                return;
            }
            match self.heading.clone() {
                Some((level, heading)) => self.open_requirement(&heading, None, level, true),
                None => self.open_requirement(text, None, NO_HEADING, false),
            }
        } else if any
            && item.is_none()
            && !self.cell
            && self.open.as_ref().is_some_and(|open| open.level == NO_HEADING)
            && self
                .open
                .as_ref()
                .is_some_and(|open| !open.body.is_empty() || open.requirement.story.is_some())
        {
            self.close();
            return self.body(text, item);
        }
        let storied = self
            .open
            .as_ref()
            .is_some_and(|open| open.requirement.story.is_some());
        let kept = self.whole || (item.is_some() && storied);
        if kept && !any {
            return self.push_criterion(text, item.map(|(depth, _)| depth), None);
        }
        if let Some(open) = &mut self.open {
            open.say(text, self.source);
        }
        if any && item.is_some() {
            return self.push_criterion(
                text,
                item.map(|(depth, _)| depth),
                item.and_then(|(_, n)| n).map(str::to_owned),
            );
        }
        self.depth = None;
        for sentence in found.iter().filter(|sentence| demanding(sentence)) {
            self.push_criterion(sentence, None, None);
        }
    }

    fn push_criterion(&mut self, text: &Text, depth: Option<usize>, label: Option<String>) {
        let mut criterion = sentence::criterion(text, self.words, self.source);
        criterion.label = label;
        self.depth = depth;
        self.add(criterion);
    }

    fn add(&mut self, criterion: Criterion) {
        let Some(open) = &mut self.open else { return };
        open.requirement.span = joined_span(open.requirement.span, criterion.span);
        open.requirement.criteria.push(criterion);
    }

    fn finish_scenario(&mut self) {
        if let Some((scenario, _)) = self.scenario.take() {
            let stepped = matches!(&scenario.form, Form::Scenario(scenario) if !scenario.steps.is_empty());
            if stepped {
                self.add(scenario);
            }
        }
    }
}

/// Both spans; the empty one that a new requirement has does not count.
fn joined_span(first: Span, second: Span) -> Span {
    if first.line == 0 { second } else { first.to(second) }
}
