//! Headings, stories and scenarios: what opens and closes a requirement.

use super::{MAX_TITLE, Mode, NO_HEADING, Open, Prose, label, sentence, steps};
use crate::read::text::Text;
use crate::requirement::{Criterion, Form, Requirement, StepRole, Story, fold};
use crate::span::Span;
use crate::words::{self, Words};

impl Prose<'_> {
    pub(super) fn heading(&mut self, level: u8, text: &Text) {
        self.finish_scenario();
        if self.skipped.is_some_and(|skipped| level <= skipped) {
            self.skipped = None;
        }
        if self.skipped.is_some() {
            return;
        }
        let text = label::unnumbered(text);
        let title = text.as_str().trim_end_matches(':');
        if words::is(title, &self.words.criteria_heading)
            || label::labelled(&text, &self.words.criteria_heading).is_some()
        {
            self.criteria_mode();
            return;
        }
        if let Some((_, title)) =
            label::named(&text, &self.words.scenario_heading).filter(|_| self.open.is_some())
        {
            self.begin_scenario(&title);
            return;
        }
        self.leave(level);
        if words::is(title, &self.words.background_heading) {
            self.skipped = Some(level);
            return;
        }
        let named = label::named(&text, &self.words.requirement_heading).map(|(_, title)| title);
        let titled = named.as_ref().unwrap_or(&text);
        if let Some((id, rest)) = label::id(titled) {
            self.close();
            self.open_requirement(&rest, Some(id), level, true);
        } else if let Some(title) = named.filter(|title| !title.is_blank()) {
            self.close();
            self.open_requirement(&title, None, level, true);
        } else if self.open.is_none() {
            self.heading = Some((level, text));
        }
    }

    /// Closes what a heading of a level ends.
    fn leave(&mut self, level: u8) {
        if self.open.as_ref().is_some_and(|open| level <= open.level) {
            self.close();
        }
        self.mode = Mode::Body;
        self.depth = None;
        if self.open.is_none() {
            self.heading = None;
        }
    }

    /// What follows are acceptance criteria.
    pub(super) fn criteria_mode(&mut self) {
        self.finish_scenario();
        if self.open.is_none()
            && let Some((level, heading)) = self.heading.clone()
        {
            self.open_requirement(&heading, None, level, true);
        }
        self.mode = Mode::Criteria;
        self.depth = None;
    }

    pub(super) fn begin_scenario(&mut self, title: &Text) {
        self.finish_scenario();
        if self.open.is_none() {
            match self.heading.clone() {
                Some((level, heading)) => self.open_requirement(&heading, None, level, true),
                None => self.open_requirement(title, None, NO_HEADING, false),
            }
        }
        self.scenario = Some((steps::open(Some(title), self.source), true));
        self.mode = Mode::Scenario;
        self.depth = None;
    }

    /// Opens a requirement; with `heading` the text is a heading, else the sentence that it is made of.
    pub(super) fn open_requirement(&mut self, text: &Text, id: Option<String>, level: u8, heading: bool) {
        let first = sentence::sentences(text.as_str(), self.words).into_iter().next();
        let title = if heading {
            text.clone()
        } else {
            first.map_or_else(|| text.clone(), |range| text.slice(range))
        };
        self.open = Some(Open {
            requirement: Requirement {
                id: id.unwrap_or_default(),
                title: short(&fold(title.as_str())),
                span: text.span(self.source),
                ..Requirement::default()
            },
            level,
            body: Vec::new(),
            span: Span::default(),
        });
        self.mode = Mode::Body;
        self.depth = None;
    }

    pub(super) fn story(&mut self, text: &Text, parts: Story) {
        self.finish_scenario();
        let taken = self
            .open
            .as_ref()
            .is_none_or(|open| open.requirement.story.is_some() || !open.requirement.criteria.is_empty());
        if taken && !self.cell {
            let level = self.open.as_ref().map_or(NO_HEADING, |open| open.level);
            self.close();
            match self.heading.take() {
                Some((level, heading)) => self.open_requirement(&heading, None, level, true),
                None => {
                    self.open_requirement(text, None, level, false);
                    if let Some(open) = &mut self.open {
                        open.requirement.title = short(&parts.want.text);
                    }
                }
            }
        }
        if let Some(open) = &mut self.open {
            open.say(text, self.source);
            open.requirement.story = Some(parts);
        }
        self.mode = Mode::Body;
    }

    /// Takes a text as one or several steps; false if it is none.
    pub(super) fn steps(&mut self, text: &Text, item: Option<(usize, Option<&str>)>) -> bool {
        let depth = item.map(|(depth, _)| depth);
        let whole = text.as_str();
        let named = self.scenario.as_ref().is_some_and(|(_, named)| *named) && self.mode == Mode::Scenario;
        let ears = sentence::conditional(whole, self.words) && sentence::demands(whole, self.words);
        if !named && !ears && steps::inline(whole, self.words) && self.ready() {
            self.finish_scenario();
            let mut scenario = steps::open(None, self.source);
            scenario.label = item.and_then(|(_, number)| number).map(str::to_owned);
            for part in steps::split(text, self.words) {
                steps::add(&mut scenario, &part, self.words, self.source);
            }
            self.depth = depth;
            self.add(scenario);
            return true;
        }
        let role = steps::role(whole, self.words);
        let begins = match role {
            Some((Some(StepRole::Given), _)) => true,
            Some((Some(StepRole::When), _)) => !ears,
            _ => false,
        };
        let may_begin = begins && self.scenario.is_none() && self.ready();
        match (&mut self.scenario, role) {
            (Some((scenario, _)), Some((role, _))) => {
                let again = matches!(role, Some(StepRole::Given | StepRole::When))
                    && steps::has(scenario, StepRole::Then)
                    && !named;
                if again || (ears && !named && role == Some(StepRole::When)) {
                    self.finish_scenario();
                    if !begins {
                        return false;
                    }
                    self.scenario = Some((steps::open(None, self.source), false));
                }
            }
            (None, Some(_)) if may_begin => {
                self.scenario = Some((steps::open(None, self.source), false));
            }
            _ => return false,
        }
        if let Some((scenario, _)) = &mut self.scenario {
            self.depth = depth.or(self.depth);
            steps::add(scenario, text, self.words, self.source);
        }
        if self.mode == Mode::Body {
            self.mode = Mode::Scenario;
        }
        true
    }

    /// Makes sure that there is a requirement that a scenario can belong to.
    fn ready(&mut self) -> bool {
        if self.open.is_none()
            && let Some((level, heading)) = self.heading.clone()
        {
            self.open_requirement(&heading, None, level, true);
        }
        self.open.is_some()
    }

    /// Ends the open requirement.
    pub(super) fn close(&mut self) {
        self.finish_scenario();
        self.depth = None;
        let Some(Open {
            mut requirement,
            body,
            span,
            ..
        }) = self.open.take()
        else {
            return;
        };
        requirement.text = fold(&body.join(" "));
        complete(&mut requirement, span);
        let empty =
            requirement.criteria.is_empty() && requirement.id.is_empty() && requirement.text.is_empty();
        if !empty {
            self.requirements.push(requirement);
        }
    }
}

/// A requirement without criteria gets one: the wish of its story, else its whole text.
pub(crate) fn complete(requirement: &mut Requirement, body: Span) {
    if !requirement.criteria.is_empty() {
        return;
    }
    if let Some(story) = &requirement.story {
        let wish = Criterion {
            text: story.want.text.clone(),
            span: story.want.span,
            form: Form::Wish,
            ..Criterion::default()
        };
        requirement.criteria.push(wish);
    } else if !requirement.text.is_empty() {
        let kept = Criterion {
            text: requirement.text.clone(),
            span: body,
            ..Criterion::default()
        };
        requirement.criteria.push(kept);
    }
}

/// A title made of the first sentence of a text.
pub(crate) fn title(text: &str, words: &Words) -> String {
    let first = sentence::sentences(text, words)
        .into_iter()
        .next()
        .and_then(|range| text.get(range));
    short(first.unwrap_or(text))
}

/// A title of bounded length, cut between words.
pub(super) fn short(text: &str) -> String {
    if text.chars().count() <= MAX_TITLE {
        return text.to_owned();
    }
    let mut title = String::new();
    for word in text.split(' ') {
        if title.chars().count() + word.chars().count() > MAX_TITLE {
            break;
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(word);
    }
    title.push('\u{2026}');
    title
}
