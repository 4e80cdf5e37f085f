//! The questions, in the languages of the tables.

use super::FindingKind;
use crate::words::Words;

/// The question for a finding; `quote` stands in it where the question names the words.
pub(super) fn question(kind: FindingKind, quote: &str, words: Option<&Words>) -> String {
    let table = words.unwrap_or_else(|| Words::english());
    let template = match kind {
        FindingKind::Ambiguous => &table.questions.ambiguous,
        FindingKind::MissingActor => &table.questions.missing_actor,
        FindingKind::MissingBound => &table.questions.missing_bound,
        FindingKind::Unobservable => &table.questions.unobservable,
        FindingKind::Compound => &table.questions.compound,
        FindingKind::Contradiction => &table.questions.contradiction,
        FindingKind::Unfinished => &table.questions.unfinished,
        FindingKind::Incomplete => &table.questions.incomplete,
        FindingKind::Duplicate => &table.questions.duplicate,
    };
    template.replace("{}", quote)
}
