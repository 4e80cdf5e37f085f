//! What a reviewer would reject in a case.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{Case, terms};
use crate::document::Document;
use crate::words::{self, Words};

/// What is wrong with a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LintKind {
    /// No title.
    NoTitle,
    /// A title that another case has too.
    SameTitle,
    /// No step, or one without an action.
    NoStep,
    /// Nothing is expected at the end.
    NoExpectation,
    /// An expectation that nobody can see ("handles", "supports").
    Unobservable,
    /// An expectation with a word that everybody understands differently.
    Vague,
    /// A `<name>` that nothing fills.
    Placeholder,
    /// A word or a number that the source does not have.
    InventedTerm,
    /// The same preconditions, actions, data and expectations as another case.
    Duplicate,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lint {
    /// Id of the case.
    pub case: String,
    /// What is wrong.
    pub kind: LintKind,
    /// The words that it is about; id of the other case for a duplicate.
    pub words: String,
}

/// Checks all cases.
pub(super) fn lint(document: &Document, cases: &[Case]) -> Vec<Lint> {
    let mut found = Vec::new();
    let mut titles: HashMap<&str, &str> = HashMap::new();
    let mut contents: HashMap<String, &str> = HashMap::new();
    let vocabulary = terms::Vocabulary::of(document);
    for case in cases {
        let mut add = |kind, words: &str| {
            found.push(Lint {
                case: case.id.clone(),
                kind,
                words: words.to_owned(),
            });
        };
        if case.title.trim().is_empty() {
            add(LintKind::NoTitle, "");
        }
        if titles.insert(&case.title, &case.id).is_some() {
            add(LintKind::SameTitle, &case.title);
        }
        let same = format!("{:?}\n{}", case.criteria, case.content());
        if let Some(other) = contents.insert(same, &case.id) {
            add(LintKind::Duplicate, other);
        }
        if case.steps.is_empty() || case.steps.iter().any(|step| step.action.trim().is_empty()) {
            add(LintKind::NoStep, "");
        }
        if case.steps.last().is_none_or(|step| step.expected.is_empty()) {
            add(LintKind::NoExpectation, "");
        }
        for term in vocabulary.invented(case) {
            add(LintKind::InventedTerm, &term);
        }
        if let Some(words) = document.language.as_deref().and_then(Words::of) {
            expectations(case, words, &mut add);
        }
    }
    found
}

/// Words in expectations that can't be looked at.
fn expectations(case: &Case, words: &Words, add: &mut impl FnMut(LintKind, &str)) {
    for expected in case.steps.iter().flat_map(|step| &step.expected) {
        if let Some(range) = words::find(expected, &words.ambiguous) {
            add(LintKind::Vague, expected.get(range).unwrap_or_default());
        }
        // "The system handles errors": the verb stands behind the subject.
        let verb = expected.split(' ').take(6).collect::<Vec<_>>().join(" ");
        if let Some(range) = words::find(&verb, &words.unobservable) {
            add(LintKind::Unobservable, verb.get(range).unwrap_or_default());
        }
    }
}
