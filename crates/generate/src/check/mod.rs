//! The requirement check: what a tester would ask before writing a case.
//!
//! Each finding names its place, quotes the words and asks one question that an author can answer. The kinds are
//! those of ISO/IEC/IEEE 29148 (5.2.5: unambiguous, complete, singular, verifiable, consistent) and of Femmer et al.,
//! "Rapid quality assurance with requirements smells" (2017).

mod conflict;
mod question;
mod text;

use serde::Serialize;

use crate::document::Document;
use crate::span::{Source, Span};
use crate::words::Words;

/// Findings of a document at most.
const MAX_FINDINGS: usize = 10_000;

/// What is wrong with a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A word that everybody understands differently ("fast", "user-friendly").
    Ambiguous,
    /// Nobody does it: a passive sentence, or one without a subject.
    MissingActor,
    /// A limit without its number ("at least", "times out").
    MissingBound,
    /// Nothing that a tester could see ("supports", "handles").
    Unobservable,
    /// Several demands in one sentence.
    Compound,
    /// Two demands that can't both hold.
    Contradiction,
    /// Not decided yet ("TBD").
    Unfinished,
    /// A story without a benefit, a scenario without an outcome, a requirement without criteria.
    Incomplete,
    /// The same words twice.
    Duplicate,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What is wrong.
    pub kind: FindingKind,
    /// Id of the requirement.
    pub requirement: String,
    /// Id of the criterion, if it is about one.
    pub criterion: Option<String>,
    /// Where.
    pub span: Span,
    /// The words that it is about, as they stand in the source.
    pub quote: String,
    /// The question to ask, in the language of the document.
    pub question: String,
    /// The other place of a contradiction or of a duplicate.
    pub other: Option<Span>,
}

/// Checks all requirements of a document. The findings are in the order of the source.
///
/// A document in a language without a table is checked only for what needs no words: duplicates and what is missing.
pub fn check(document: &Document) -> Vec<Finding> {
    let words = document.language.as_deref().and_then(Words::of);
    let source = Source::new(&document.text);
    let mut findings = Vec::new();
    for requirement in &document.requirements {
        if let Some(words) = words {
            text::check(document, &source, requirement, words, &mut findings);
        }
        text::complete(document, requirement, &mut findings);
        if findings.len() > MAX_FINDINGS {
            break;
        }
    }
    conflict::check(document, words, &mut findings);
    findings.truncate(MAX_FINDINGS);
    findings.sort_by_key(|finding| (finding.span, finding.kind));
    findings.dedup();
    findings
}
