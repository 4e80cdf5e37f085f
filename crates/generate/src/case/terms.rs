//! Words and numbers of a case that its source does not have.

use std::collections::{HashMap, HashSet};

use super::Case;
use crate::document::Document;
use crate::say::Phrases;
use crate::technique::Technique;

/// Words that steps may bring along: verbs of using something, and what grammar needs.
const ALLOWED: &str = "send sends as can cannot seen see sees longer found find change result afterwards works not \
    does do did is are their they them your you it its that this the when if unless while defined valid available known enabled disabled present successful with without and or user \
    nothing what has have forbidden bring about event condition holds hold try use used operation observe inspect \
    refused accepted chosen sent given written hidden embedded message limit named names changed case cases wants want someone out put into";

/// What each requirement may talk of.
pub(super) struct Vocabulary {
    allowed: HashSet<String>,
    /// Stems by id of requirement; the whole document for cases without one.
    sources: HashMap<String, HashSet<String>>,
    all: HashSet<String>,
}

impl Vocabulary {
    pub(super) fn of(document: &Document) -> Self {
        let language = document.language.as_deref();
        let allowed = ALLOWED.split_whitespace().map(stem);
        let allowed = allowed.chain(Phrases::vocabulary(language).map(stem)).collect();
        let sources = document
            .requirements
            .iter()
            .map(|requirement| {
                let span = document.text.get(requirement.span.range()).unwrap_or_default();
                let mut stems = stems(span);
                stems.extend(self::stems(&requirement.title));
                stems.extend(self::stems(&requirement.text));
                (requirement.id.clone(), stems)
            })
            .collect();
        Self {
            allowed,
            sources,
            all: stems(&document.text),
        }
    }

    /// The invented terms of a case. Values that techniques compute stand in its data and are none.
    pub(super) fn invented(&self, case: &Case) -> Vec<String> {
        // Of an interface and of tables the values are made after their rules.
        let whole = case.requirement.is_empty()
            || matches!(
                case.technique,
                Technique::Rest | Technique::StateTransition | Technique::DecisionTable
            );
        if case.technique == Technique::Rest || case.technique == Technique::Syntax {
            return Vec::new();
        }
        let source = if whole {
            &self.all
        } else {
            self.sources.get(&case.requirement).unwrap_or(&self.all)
        };
        let computed: HashSet<String> = case
            .steps
            .iter()
            .flat_map(|step| &step.data)
            .flat_map(|datum| stems(&datum.value))
            .collect();
        let mut text = format!("{}\n{}", case.title, case.preconditions.join("\n"));
        for step in &case.steps {
            text.push('\n');
            text.push_str(&step.action);
            text.push('\n');
            text.push_str(&step.expected.join("\n"));
        }
        let mut seen = HashSet::new();
        let words = words(&text).filter(|word| {
            let stem = stem(word);
            let counts = word.chars().count() > 3 || word.chars().any(|c| c.is_ascii_digit());
            counts
                && !source.contains(&stem)
                && !self.allowed.contains(&stem)
                && !computed.contains(&stem)
                && seen.insert(stem)
        });
        words.map(str::to_owned).collect()
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn stems(text: &str) -> HashSet<String> {
    words(text).map(stem).collect()
}

/// A word in lower case without the endings of English grammar.
fn stem(word: &str) -> String {
    let lower = word.to_lowercase();
    for ending in ["ies", "ied"] {
        if let Some(front) = lower.strip_suffix(ending).filter(|front| front.len() > 2) {
            return format!("{front}y");
        }
    }
    if lower.ends_with("ss") {
        return single(&lower);
    }
    for ending in ["ing", "ed", "es", "s", "e"] {
        if let Some(front) = lower.strip_suffix(ending).filter(|front| front.len() > 1) {
            return single(front.trim_end_matches('e'));
        }
    }
    single(&lower)
}

/// Without the second of two same letters at the end: "submitted" is of "submit".
fn single(stem: &str) -> String {
    let mut chars = stem.chars();
    let (last, before) = (chars.next_back(), chars.next_back());
    let doubled = last.filter(|last| last.is_alphabetic() && Some(*last) == before);
    let end = stem.len() - doubled.map_or(0, char::len_utf8);
    stem.get(..end).unwrap_or(stem).to_owned()
}
