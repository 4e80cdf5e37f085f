//! Sentences: where they end, how binding they are, and their parts after EARS.

use std::ops::Range;

use crate::read::text::Text;
use crate::requirement::{Clause, ClauseKind, Criterion, Ears, Form, Modality, fold};
use crate::span::Source;
use crate::words::{self, Words};

/// Words that an actor has at most; a longer one is more likely half of the sentence.
const MAX_ACTOR_WORDS: usize = 14;

/// A modal verb in a sentence.
#[derive(Clone, Debug)]
pub(crate) struct Modal {
    pub(crate) range: Range<usize>,
    pub(crate) modality: Modality,
    pub(crate) negative: bool,
    /// "Will" and its like: a plain future as often as a duty.
    pub(crate) weak: bool,
}

/// The sentences of a text, as ranges without the blanks between them.
pub(crate) fn sentences(text: &str, words: &Words) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if !matches!(c, '.' | '!' | '?') || !ends(text, start, end, words) {
            continue;
        }
        let range = crate::span::trimmed(text, start..end);
        if !range.is_empty() {
            sentences.push(range);
        }
        start = end;
    }
    let rest = crate::span::trimmed(text, start..text.len());
    if !rest.is_empty() {
        sentences.push(rest);
    }
    sentences
}

/// Whether a full stop ends a sentence: white space and no small letter behind it, no abbreviation before it.
fn ends(text: &str, start: usize, end: usize, words: &Words) -> bool {
    let after = text.get(end..).unwrap_or_default();
    if !after.is_empty() && !after.starts_with(char::is_whitespace) {
        return false;
    }
    if after.trim_start().starts_with(|c: char| c.is_lowercase()) {
        return false;
    }
    let before = text.get(start..end).unwrap_or_default();
    let last = before.rsplit(char::is_whitespace).next().unwrap_or_default();
    let last = last.trim_start_matches(['(', '"', '\'']).to_lowercase();
    let initial = last.chars().count() == 2 && last.starts_with(char::is_alphabetic) && last.ends_with('.');
    (after.is_empty() || !initial) && !words.abbreviations.contains(&last)
}

/// The modal verb of a sentence: the first one that demands, else the first one; the longest where several start.
pub(crate) fn modal(text: &str, words: &Words) -> Option<Modal> {
    let lists = [
        (&words.must_not, Modality::Must, true, false),
        (&words.should_not, Modality::Should, true, false),
        (&words.cannot, Modality::Must, true, true),
        (&words.must_not_weak, Modality::Must, true, true),
        (&words.must, Modality::Must, false, false),
        (&words.should, Modality::Should, false, false),
        (&words.must_weak, Modality::Must, false, true),
        (&words.may, Modality::May, false, false),
    ];
    let found = lists.into_iter().filter_map(|(list, modality, negative, weak)| {
        Some(Modal {
            range: words::find(text, list)?,
            modality,
            negative,
            weak,
        })
    });
    let mut best = found.min_by_key(|modal| {
        (
            !modal.demands(),
            modal.weak,
            modal.range.start,
            std::cmp::Reverse(modal.range.end),
        )
    })?;
    best.negative = best.negative || negated(text.get(best.range.end..).unwrap_or_default(), words);
    Some(best)
}

impl Modal {
    /// Whether it demands something: "may" and a weak "will" alone do not.
    fn demands(&self) -> bool {
        self.negative || (self.modality != Modality::May && !self.weak)
    }
}

/// Whether a negation follows the modal verb within a few words ("darf der Nutzer nicht").
fn negated(after: &str, words: &Words) -> bool {
    let near = after.split([',', '.', ';']).next().unwrap_or_default();
    let mut near = near
        .split_whitespace()
        .take(if words.language == "en" { 1 } else { 6 });
    near.any(|word| words::is(word, &words.negations))
}

/// Whether a sentence demands something.
pub(crate) fn demands(text: &str, words: &Words) -> bool {
    modal(text, words).is_some_and(|modal| modal.demands())
}

/// A sentence as a criterion.
pub(crate) fn criterion(text: &Text, words: &Words, source: &Source<'_>) -> Criterion {
    let modal = modal(text.as_str(), words);
    let form = modal
        .as_ref()
        .and_then(|modal| ears(text, modal, words, source))
        .map_or(Form::Statement, Form::Ears);
    Criterion {
        text: fold(text.as_str()),
        span: text.span(source),
        modality: modal.as_ref().map(|modal| modal.modality),
        negative: modal.is_some_and(|modal| modal.negative),
        form,
        ..Criterion::default()
    }
}

/// The keyword of a clause that a text starts with.
fn keyword(text: &str, words: &Words) -> Option<(ClauseKind, usize)> {
    let lists = [
        (ClauseKind::State, &words.state),
        (ClauseKind::Event, &words.event),
        (ClauseKind::Option, &words.option),
        (ClauseKind::Unwanted, &words.unwanted),
    ];
    let found = lists
        .into_iter()
        .filter_map(|(kind, list)| Some((kind, words::starts(text, list)?)));
    found.reduce(|best, next| if next.1 > best.1 { next } else { best })
}

/// Whether a text starts with a keyword of EARS.
pub(crate) fn conditional(text: &str, words: &Words) -> bool {
    keyword(text, words).is_some()
}

/// The parts of a sentence with a modal verb; `None` if it has no actor before the verb.
fn ears(text: &Text, modal: &Modal, words: &Words, source: &Source<'_>) -> Option<Ears> {
    let whole = text.as_str();
    let head = whole.get(..modal.range.start)?;
    let mut clauses = Vec::new();
    let mut actor = 0..head.len();
    if keyword(head, words).is_some() {
        let (condition_end, actor_start) = boundary(head, words)?;
        actor = actor_start..head.len();
        clauses.extend(leading(text, 0..condition_end, words, source));
    }
    let actor = text.slice(actor);
    let length = actor.as_str().split_whitespace().count();
    if length == 0 || length > MAX_ACTOR_WORDS {
        return None;
    }
    let response = text.slice(modal.range.end..whole.trim_end_matches(['.', ' ']).len().max(modal.range.end));
    if response.is_blank() {
        return None;
    }
    clauses.extend(trailing(&response, words, source));
    Some(Ears {
        clauses,
        actor: actor.phrase(source),
        response: response.phrase(source),
    })
}

/// Where the conditions before a modal verb end, and where the actor begins.
fn boundary(head: &str, words: &Words) -> Option<(usize, usize)> {
    let then = words::all(head, &words.then);
    if let Some(then) = then.last() {
        return Some((then.start, then.end));
    }
    if let Some(comma) = head.rfind(',') {
        return Some((comma, comma + 1));
    }
    // "Upon receipt of a command the unit shall …": the last article begins the actor.
    let article = words::all(head, &words.articles)
        .into_iter()
        .rfind(|found| found.start > 0)?;
    let behind = head.get(article.end..).unwrap_or_default();
    let front = head.get(..article.start).unwrap_or_default().trim_end();
    // In "Upon receipt of a request cFE shall …" the article belongs to the condition, and the actor is a name.
    if front.ends_with(" of")
        && let Some((kept, _)) = behind
            .trim_end()
            .rsplit_once(' ')
            .filter(|(kept, _)| !kept.trim().is_empty())
    {
        let at = article.end + kept.len() + 1;
        return Some((at, at));
    }
    (!behind.trim().is_empty()).then_some((article.start, article.start))
}

/// Conditions in front of the actor, each from its keyword to the next.
fn leading(text: &Text, range: Range<usize>, words: &Words, source: &Source<'_>) -> Vec<Clause> {
    let head = text.as_str().get(range.clone()).unwrap_or_default();
    let mut starts = vec![0];
    for (at, _) in head.match_indices(',') {
        let rest = head.get(at + 1..).unwrap_or_default();
        let mut next = at + 1 + (rest.len() - rest.trim_start().len());
        let rest = rest.trim_start();
        if let Some(and) = words::starts(rest, &words.and) {
            let after = rest.get(and..).unwrap_or_default();
            next += and + (after.len() - after.trim_start().len());
        }
        if head
            .get(next..)
            .is_some_and(|rest| keyword(rest, words).is_some())
        {
            starts.push(next);
        }
    }
    let mut clauses = Vec::new();
    for (index, start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(head.len());
        let Some((kind, length)) = head.get(*start..end).and_then(|part| keyword(part, words)) else {
            continue;
        };
        let condition = text.slice(start + length..end);
        let shown = condition.as_str().trim_end_matches([',', ' ']).len();
        let condition = condition.slice(0..shown);
        if !condition.is_blank() {
            clauses.push(Clause {
                kind,
                condition: condition.phrase(source),
            });
        }
    }
    clauses
}

/// A condition behind the response: "… when any command runs".
fn trailing(response: &Text, words: &Words, source: &Source<'_>) -> Option<Clause> {
    let text = response.as_str();
    let certain = [&words.when, &words.unwanted, &words.state];
    let found = certain
        .into_iter()
        .filter_map(|list| words::find(text, list))
        .min_by_key(|range| range.start)?;
    if found.start == 0 {
        return None;
    }
    let (kind, length) = keyword(text.get(found.start..)?, words)?;
    let rest = text.get(found.start + length..)?;
    let end = rest.find([',', '.', ';']).unwrap_or(rest.len());
    let condition = response.slice(found.start + length..found.start + length + end);
    (!condition.is_blank()).then(|| Clause {
        kind,
        condition: condition.phrase(source),
    })
}
