//! What every reader makes: requirements with acceptance criteria.

use std::collections::HashMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::span::Span;

/// A few words of the source and where they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Phrase {
    /// The words, without markup, with single blanks.
    pub text: String,
    /// Where they stand.
    pub span: Span,
}

/// One requirement.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Requirement {
    /// The source's own id (`cES1000`, `REQ-12`, `GET /pets`), else `R-` and eight hexadecimal digits of the
    /// hash of its title; a second one of the same id gets `-2`. The same after re-reading, after an edit
    /// of the body and after a move.
    pub id: String,
    /// Its heading, else its first sentence.
    pub title: String,
    /// The whole text without markup.
    pub text: String,
    /// Where it stands, with its criteria.
    pub span: Span,
    /// Hash of title, text and criteria, blanks folded: changes when and only when the words do.
    pub hash: String,
    /// The user story, if it is written as one.
    pub story: Option<Story>,
    /// Why it exists, if the source says so.
    pub rationale: Option<Phrase>,
    /// Labels of the source, without `@` or `#`.
    pub tags: Vec<String>,
    /// What must hold for the requirement to be met, in the order of the source.
    pub criteria: Vec<Criterion>,
}

/// "As a role I want something so that a benefit" (Cohn, User Stories Applied, 2004).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Story {
    /// Who wants it, without the article.
    pub role: Phrase,
    /// What is wanted.
    pub want: Phrase,
    /// What for; many stories leave it out.
    pub benefit: Option<Phrase>,
}

/// One condition that a test can prove or refute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Criterion {
    /// Id of the requirement, a slash, and the source's own label or eight hexadecimal digits of the hash.
    pub id: String,
    /// The number or name that the source gives it (`1`, `AC-3`).
    pub label: Option<String>,
    /// The name of a scenario; empty for a sentence.
    pub title: String,
    /// The whole text without markup.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Hash of title and text, blanks folded.
    pub hash: String,
    /// How it is written.
    pub form: Form,
    /// How binding it is, if it says so.
    pub modality: Option<Modality>,
    /// Whether it forbids ("must not", "can't").
    pub negative: bool,
    /// The points of a list that the sentence introduces.
    pub items: Vec<Phrase>,
}

/// How a criterion is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Form {
    /// A sentence.
    #[default]
    Statement,
    /// The wish of a user story that has no criteria of its own.
    Wish,
    /// A sentence in the Easy Approach to Requirements Syntax (Mavin et al., RE 2009).
    Ears(Ears),
    /// Given, when, then.
    Scenario(Scenario),
    /// A documented answer of an operation: what `Api` says under this status.
    Response {
        /// Status code, class (`4XX`) or `default`.
        status: String,
    },
    /// A row of a decision table.
    Rule,
    /// A transition of a state machine.
    Transition,
}

/// How binding a sentence is, after RFC 2119 and ISO/IEC/IEEE 29148.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    /// Must, shall, will: required.
    Must,
    /// Should: recommended.
    Should,
    /// May, can: allowed.
    May,
}

/// The parts of a sentence in EARS form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ears {
    /// While, when, where, if … in the order of the sentence; none for a ubiquitous requirement.
    pub clauses: Vec<Clause>,
    /// Who answers ("the system").
    pub actor: Phrase,
    /// What the actor does.
    pub response: Phrase,
}

/// One condition of a sentence in EARS form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Clause {
    /// Its keyword's meaning.
    pub kind: ClauseKind,
    /// The condition without its keyword.
    pub condition: Phrase,
}

/// The keywords of EARS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClauseKind {
    /// While: a state.
    State,
    /// When: an event.
    Event,
    /// Where: an optional feature.
    Option,
    /// If: an unwanted behaviour.
    Unwanted,
}

/// A scenario with steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scenario {
    /// The steps in order, those of a background first.
    pub steps: Vec<Step>,
    /// Tables that the steps' `<names>` are taken from.
    pub examples: Vec<Examples>,
}

/// A step of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What the step is for; that of the step before for "and" and "but".
    pub role: StepRole,
    /// The text without its keyword.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// A table that belongs to the step.
    pub table: Vec<Vec<String>>,
    /// A text that belongs to the step.
    pub block: Option<String>,
}

/// What a step is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StepRole {
    /// The state before.
    Given,
    /// The action.
    When,
    /// The observable outcome.
    Then,
    /// Not said (`*`).
    Other,
}

/// A table of values for the `<names>` of a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Examples {
    /// Its name.
    pub title: String,
    /// Names of the columns.
    pub header: Vec<String>,
    /// Values.
    pub rows: Vec<Vec<String>>,
    /// Where the table stands.
    pub span: Span,
}

/// Folds white space to single blanks.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Hash of words: 32 hexadecimal digits of SHA-256 over the texts with blanks folded.
pub(crate) fn hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(fold(part).as_bytes());
        hasher.update([0]);
    }
    let mut text = String::with_capacity(32);
    for byte in hasher.finalize().iter().take(16) {
        text.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        text.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
    }
    text
}

/// Gives ids and hashes to requirements and criteria, in place. Ids that a reader has set are kept.
pub(crate) fn identify(requirements: &mut [Requirement]) {
    let mut seen = HashMap::new();
    for requirement in requirements {
        if requirement.id.is_empty() {
            let named = if requirement.title.is_empty() {
                &requirement.text
            } else {
                &requirement.title
            };
            requirement.id = format!("R-{}", short(&hash([named.as_str()])));
        }
        requirement.id = unique(&mut seen, std::mem::take(&mut requirement.id));
        let mut inside = HashMap::new();
        for criterion in &mut requirement.criteria {
            criterion.hash = hash(
                [criterion.title.as_str(), criterion.text.as_str()]
                    .into_iter()
                    .chain(criterion.items.iter().map(|item| item.text.as_str())),
            );
            let name = match &criterion.label {
                Some(label) => label.clone(),
                None => short(&criterion.hash).to_owned(),
            };
            criterion.id = unique(&mut inside, format!("{}/{name}", requirement.id));
        }
        requirement.hash = hash(
            [requirement.title.as_str(), requirement.text.as_str()]
                .into_iter()
                .chain(
                    requirement
                        .criteria
                        .iter()
                        .map(|criterion| criterion.hash.as_str()),
                ),
        );
    }
}

/// The first eight digits of a hash.
fn short(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}

/// The id, or the id with `-2`, `-3` … if it was given before.
fn unique(seen: &mut HashMap<String, usize>, id: String) -> String {
    let count = seen.entry(id.clone()).or_insert(0);
    *count += 1;
    if *count == 1 {
        return id;
    }
    let mut number = *count;
    loop {
        let candidate = format!("{id}-{number}");
        if !seen.contains_key(&candidate) {
            seen.insert(candidate.clone(), 1);
            return candidate;
        }
        number += 1;
    }
}
