//! Findings inside of one sentence.

use std::collections::HashSet;

use super::{Finding, FindingKind, question};
use crate::document::Document;
use crate::requirement::{Criterion, Form, Phrase, Requirement, StepRole, fold};
use crate::span::{Source, Span, trimmed};
use crate::words::{self, Words};

/// Words of a quote at most.
const MAX_QUOTE: usize = 30;

/// English participles that do not end with "ed".
const IRREGULAR: [&str; 30] = [
    "sent", "shown", "known", "given", "taken", "written", "chosen", "hidden", "held", "kept", "made",
    "paid", "set", "put", "read", "found", "built", "lost", "left", "seen", "drawn", "thrown", "sold",
    "told", "begun", "frozen", "broken", "driven", "done", "reset",
];

/// A part of a requirement that is looked at: where it stands, and of which criterion it is.
struct Part<'a> {
    span: Span,
    criterion: Option<&'a Criterion>,
}

/// Looks at the words of a requirement and its criteria.
pub(super) fn check(
    document: &Document,
    source: &Source<'_>,
    requirement: &Requirement,
    words: &Words,
    findings: &mut Vec<Finding>,
) {
    let mut finder = Finder {
        document,
        requirement,
        words,
        source,
        findings,
    };
    for part in parts(requirement) {
        finder.listed(&part, FindingKind::Unfinished, &words.unfinished);
        finder.listed(&part, FindingKind::Ambiguous, &words.ambiguous);
        finder.bounds(&part);
    }
    for criterion in &requirement.criteria {
        finder.criterion(criterion);
    }
}

/// The texts of a requirement, none of them twice.
fn parts(requirement: &Requirement) -> Vec<Part<'_>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut seen = HashSet::new();
    let mut add = |span: Span, criterion| {
        if seen.insert(span) {
            parts.push(Part { span, criterion });
        }
    };
    if let Some(story) = &requirement.story {
        add(story.want.span, None);
        if let Some(benefit) = &story.benefit {
            add(benefit.span, None);
        }
    }
    for criterion in &requirement.criteria {
        match &criterion.form {
            Form::Scenario(scenario) => scenario
                .steps
                .iter()
                .for_each(|step| add(step.span, Some(criterion))),
            Form::Response { .. } | Form::Rule | Form::Transition => {}
            _ => add(criterion.span, Some(criterion)),
        }
    }
    parts
}

struct Finder<'a> {
    document: &'a Document,
    requirement: &'a Requirement,
    words: &'a Words,
    source: &'a Source<'a>,
    findings: &'a mut Vec<Finding>,
}

impl Finder<'_> {
    fn text(&self, span: Span) -> &str {
        self.document.text.get(span.range()).unwrap_or_default()
    }

    fn add(&mut self, kind: FindingKind, span: Span, criterion: Option<&Criterion>) {
        let quote = fold(self.text(span));
        let quote = quote.split(' ').take(MAX_QUOTE).collect::<Vec<_>>().join(" ");
        self.findings.push(Finding {
            kind,
            requirement: self.requirement.id.clone(),
            criterion: criterion.map(|criterion| criterion.id.clone()),
            span,
            question: question::question(kind, &quote, Some(self.words)),
            quote,
            other: None,
        });
    }

    /// All phrases of a list in a part.
    fn listed(&mut self, part: &Part<'_>, kind: FindingKind, list: &[String]) {
        for range in words::all(self.text(part.span), list) {
            let span = self
                .source
                .span(part.span.start + range.start..part.span.start + range.end);
            self.add(kind, span, part.criterion);
        }
    }

    /// Words that need a number, in a clause without one.
    fn bounds(&mut self, part: &Part<'_>) {
        let text = self.text(part.span);
        let mut found = Vec::new();
        for range in words::all(text, &self.words.unbounded) {
            let start = text
                .get(..range.start)
                .and_then(|before| before.rfind([';', '.']))
                .map_or(0, |at| at + 1);
            let after = text.get(range.end..).unwrap_or_default();
            let end = after.find([';', '.']).map_or(text.len(), |at| range.end + at);
            // A full stop inside of a number ends nothing.
            let clause = text.get(start..end).unwrap_or_default();
            if !counted(clause, self.words) {
                found.push(range);
            }
        }
        for range in found {
            let span = self
                .source
                .span(part.span.start + range.start..part.span.start + range.end);
            self.add(FindingKind::MissingBound, span, part.criterion);
        }
    }

    fn criterion(&mut self, criterion: &Criterion) {
        match &criterion.form {
            Form::Ears(ears) => {
                self.actor(criterion, &ears.actor, &ears.response);
                self.observable(criterion, &ears.response);
                self.compound(criterion, &ears.response);
            }
            Form::Statement => self.compound(
                criterion,
                &Phrase {
                    text: criterion.text.clone(),
                    span: criterion.span,
                },
            ),
            Form::Scenario(scenario) => {
                for step in scenario.steps.iter().filter(|step| step.role == StepRole::Then) {
                    self.observable(
                        criterion,
                        &Phrase {
                            text: step.text.clone(),
                            span: step.span,
                        },
                    );
                }
            }
            _ => {}
        }
    }

    /// "An error shall be shown": by whom? A sentence about a thing that names no one who acts.
    fn actor(&mut self, criterion: &Criterion, actor: &Phrase, response: &Phrase) {
        let passive = match self.words.language.as_str() {
            // In these the verb of the passive stands behind the participle, at the end of the sentence.
            "de" | "nl" => response
                .text
                .split_whitespace()
                .next_back()
                .is_some_and(|last| words::is(last, &self.words.passive)),
            _ => words::starts(&response.text, &self.words.passive).is_some_and(|length| {
                let next = response.text.get(length..).unwrap_or_default().trim_start();
                let first = next
                    .split(|c: char| !c.is_alphabetic())
                    .next()
                    .unwrap_or_default();
                participle(first, &self.words.language)
            }),
        };
        let agent = words::find(&response.text, &self.words.by).is_some();
        if actor.text.is_empty() || (passive && !agent) {
            let span = if actor.text.is_empty() {
                criterion.span
            } else {
                actor.span.to(response.span)
            };
            self.add(FindingKind::MissingActor, span, Some(criterion));
        }
    }

    /// Verbs that say nothing about what can be seen.
    fn observable(&mut self, criterion: &Criterion, response: &Phrase) {
        let text = self.text(response.span);
        let found = match self.words.language.as_str() {
            // The verb stands at the end.
            "de" | "nl" => words::all(text, &self.words.unobservable).into_iter().next_back(),
            _ => words::starts(text, &self.words.unobservable).map(|length| 0..length),
        };
        if let Some(range) = found {
            let start = response.span.start + range.start;
            let span = self.source.span(start..response.span.start + range.end);
            self.add(FindingKind::Unobservable, span, Some(criterion));
        }
    }

    /// Several demands: a second modal verb behind a conjunction, or a second verb of the same form.
    fn compound(&mut self, criterion: &Criterion, response: &Phrase) {
        let text = self.text(response.span);
        let conjunctions = words::all(text, &self.words.conjunctions);
        let again = conjunctions.iter().any(|found| {
            let rest = text.get(found.end..).unwrap_or_default();
            let near = rest.split([',', '.', ';']).next().unwrap_or_default();
            let near: String = near.split_inclusive(char::is_whitespace).take(6).collect();
            let modals = [
                &self.words.must,
                &self.words.must_not,
                &self.words.should,
                &self.words.should_not,
            ];
            modals.into_iter().any(|list| words::find(&near, list).is_some())
        });
        let verbs = self.words.language == "en"
            && criterion.items.is_empty()
            && verbs(text, &conjunctions, &self.words.action_verbs);
        if again || verbs {
            let range = trimmed(text, 0..text.len());
            let span = self
                .source
                .span(response.span.start + range.start..response.span.start + range.end);
            self.add(FindingKind::Compound, span, Some(criterion));
        }
    }
}

/// Whether a verb that tells an action follows a conjunction, in a response that begins with one.
fn verbs(text: &str, conjunctions: &[std::ops::Range<usize>], list: &[String]) -> bool {
    words::starts(text, list).is_some()
        && conjunctions.iter().any(|found| {
            // Of two actions with "or" between them one is enough.
            let choice = text
                .get(found.clone())
                .is_some_and(|word| word.eq_ignore_ascii_case("or"));
            let rest = text.get(found.end..).unwrap_or_default();
            !choice && words::starts(rest.trim_start(), list).is_some()
        })
}

/// Whether a text holds a number, in digits or as a word.
fn counted(text: &str, words: &Words) -> bool {
    text.chars().any(|c| c.is_ascii_digit()) || words::find(text, &words.numbers).is_some()
}

/// Whether a word has the form of a participle.
fn participle(word: &str, language: &str) -> bool {
    let word = word.to_lowercase();
    let endings: &[&str] = match language {
        "en" => &["ed"],
        "fr" => &[
            "é", "és", "ée", "ées", "i", "is", "ie", "ies", "it", "ite", "u", "us", "ue", "ues",
        ],
        "es" => &[
            "ado", "ados", "ada", "adas", "ido", "idos", "ida", "idas", "to", "ta", "tos", "tas",
        ],
        _ => &[],
    };
    if language == "en" && IRREGULAR.contains(&word.as_str()) {
        return true;
    }
    word.chars().count() > 3 && endings.iter().any(|ending| word.ends_with(ending))
}

/// What is missing, which needs no words.
pub(super) fn complete(document: &Document, requirement: &Requirement, findings: &mut Vec<Finding>) {
    let words = document.language.as_deref().and_then(Words::of);
    let mut add = |span: Span,
                   quote: &str,
                   criterion: Option<&Criterion>,
                   template: fn(&crate::words::Questions) -> &str| {
        let table = words.unwrap_or_else(|| Words::english());
        findings.push(Finding {
            kind: FindingKind::Incomplete,
            requirement: requirement.id.clone(),
            criterion: criterion.map(|criterion| criterion.id.clone()),
            span,
            quote: quote.to_owned(),
            question: template(&table.questions).replace("{}", quote),
            other: None,
        });
    };
    if requirement.criteria.is_empty() {
        add(requirement.span, &requirement.title, None, |questions| {
            &questions.incomplete
        });
    }
    if let Some(story) = requirement.story.as_ref().filter(|story| story.benefit.is_none()) {
        add(story.want.span, &story.want.text, None, |questions| {
            &questions.no_benefit
        });
    }
    for criterion in &requirement.criteria {
        let Form::Scenario(scenario) = &criterion.form else {
            continue;
        };
        let said = scenario
            .steps
            .iter()
            .any(|step| matches!(step.role, StepRole::Then | StepRole::Other));
        if !said {
            let quote = if criterion.title.is_empty() {
                &criterion.text
            } else {
                &criterion.title
            };
            add(criterion.span, quote, Some(criterion), |questions| {
                &questions.no_outcome
            });
        }
    }
}
