//! A set of cases with everything that is known of it.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use super::choose::{Chosen, choose};
use super::delta::Delta;
use super::lint::{Lint, lint};
use super::{Case, FORMAT_VERSION, Options, Priority, Question, Quote, coverage};
use crate::check::check;
use crate::document::Document;
use crate::requirement::{fold, hash};
use crate::span::Span;
use crate::technique::{Draft, Item, Plan, Technique};

/// Where a set comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Name of the document.
    pub name: String,
    /// Its format, as [`Format`](crate::Format) is written in JSON.
    pub format: String,
    /// Key of its language.
    pub language: Option<String>,
    /// Hash of its text.
    pub hash: String,
}

/// A requirement as the set knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Hash of its words.
    pub hash: String,
    /// Where it stands.
    pub span: Span,
    /// Its criteria.
    pub criteria: Vec<KnownCriterion>,
}

/// A criterion as the set knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownCriterion {
    /// Its id.
    pub id: String,
    /// Its words.
    pub text: String,
    /// Hash of its words.
    pub hash: String,
    /// Where it stands.
    pub span: Span,
}

/// How much of a technique's items is covered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// The technique.
    pub technique: Technique,
    /// Items that it lists.
    pub items: usize,
    /// Those that a case can cover.
    pub feasible: usize,
    /// Those that a case covers.
    pub covered: usize,
    /// Covered of feasible items, in percent with one digit behind the point, rounded down.
    pub percent: f64,
    /// Items without a case.
    pub missing: Vec<Missing>,
}

/// An item that no case covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Its id.
    pub item: String,
    /// Why.
    pub why: String,
}

/// What [`generate`](crate::generate) makes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestSet {
    /// [`FORMAT_VERSION`].
    pub format_version: u32,
    /// Where it comes from.
    pub origin: Origin,
    /// What was asked for.
    pub options: Options,
    /// Requirements in the order of the source.
    pub requirements: Vec<Known>,
    /// Coverage items by technique, in the order in which they were listed.
    pub items: BTreeMap<Technique, Vec<Item>>,
    /// Cases in the order of the source.
    pub cases: Vec<Case>,
    /// What the author should answer.
    pub questions: Vec<Question>,
    /// Coverage by technique.
    pub coverage: Vec<Coverage>,
    /// What is wrong with cases.
    pub lint: Vec<Lint>,
    /// Proposed cases that said the same as another and became one with it.
    pub merged: usize,
    /// What is different from an earlier set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delta: Option<Delta>,
}

/// Makes the set of a document.
pub(crate) fn build(document: &Document, options: &Options) -> TestSet {
    let plan = Plan::new(document, options);
    let Plan {
        items,
        drafts,
        mut questions,
        ..
    } = plan;
    let Chosen { drafts, over, merged } = choose(drafts, options);
    let mut taken = HashSet::new();
    let cases: Vec<Case> = drafts
        .into_iter()
        .map(|draft| case(document, draft, &mut taken))
        .collect();
    questions.extend(check(document).into_iter().map(|finding| {
        Question {
            requirement: finding.requirement,
            criterion: finding.criterion,
            kind: serde_json::to_value(finding.kind)
                .ok()
                .and_then(|kind| kind.as_str().map(str::to_owned))
                .unwrap_or_default(),
            span: finding.span,
            text: finding.question,
        }
    }));
    questions.sort_by_key(|question| question.span);
    questions.dedup_by(|a, b| a.text == b.text && a.span == b.span);
    let coverage = coverage::measure(&items, &cases, &over);
    let lint = lint(document, &cases);
    let mut by_technique: BTreeMap<Technique, Vec<Item>> = BTreeMap::new();
    for item in items {
        by_technique.entry(item.technique).or_default().push(item);
    }
    TestSet {
        format_version: FORMAT_VERSION,
        origin: Origin {
            name: document.name.clone(),
            format: serde_json::to_value(document.format)
                .ok()
                .and_then(|format| format.as_str().map(str::to_owned))
                .unwrap_or_default(),
            language: document.language.clone(),
            hash: hash([document.text.as_str()]),
        },
        options: Options {
            seeds: Vec::new(),
            ..options.clone()
        },
        requirements: document.requirements.iter().map(known).collect(),
        items: by_technique,
        cases,
        questions,
        coverage,
        lint,
        merged,
        delta: None,
    }
}

fn known(requirement: &crate::Requirement) -> Known {
    let criterion = |criterion: &crate::Criterion| KnownCriterion {
        id: criterion.id.clone(),
        text: if criterion.title.is_empty() {
            criterion.text.clone()
        } else {
            format!("{}: {}", criterion.title, criterion.text)
        },
        hash: criterion.hash.clone(),
        span: criterion.span,
    };
    Known {
        id: requirement.id.clone(),
        title: requirement.title.clone(),
        hash: requirement.hash.clone(),
        span: requirement.span,
        criteria: requirement.criteria.iter().map(criterion).collect(),
    }
}

/// Characters of a quote at most.
const MAX_QUOTE: usize = 300;

fn case(document: &Document, draft: Draft, taken: &mut HashSet<String>) -> Case {
    let mut parts: Vec<&str> = vec![draft.technique.key()];
    parts.extend(draft.criteria.iter().map(String::as_str));
    parts.push("|");
    parts.extend(draft.items.iter().map(String::as_str));
    let key = hash(parts);
    let mut id = format!("C-{}", key.get(..8).unwrap_or(&key));
    let mut again = 1;
    while !taken.insert(id.clone()) {
        again += 1;
        id = format!("C-{}-{again}", key.get(..8).unwrap_or(&key));
    }
    let quote = |span: &Span| Quote {
        text: crate::say::short(
            &fold(document.text.get(span.range()).unwrap_or_default()),
            MAX_QUOTE,
        ),
        span: *span,
    };
    let mut spans = draft.spans.clone();
    spans.dedup();
    let mut case = Case {
        id,
        key,
        title: draft.title,
        requirement: draft.requirement,
        criteria: draft.criteria,
        technique: draft.technique,
        polarity: draft.polarity,
        priority: match draft.risk {
            0 => Priority::Low,
            1 | 2 => Priority::Medium,
            _ => Priority::High,
        },
        preconditions: draft.preconditions,
        steps: draft.steps,
        items: draft.items,
        source: spans.iter().map(quote).collect(),
        made: String::new(),
    };
    case.made = case.made();
    case
}

impl TestSet {
    /// The list of scenarios: every case in one line, without preconditions and steps. The first of two stages:
    /// what is not wanted is left out by [`TestSet::only`].
    #[must_use]
    pub fn scenarios(mut self) -> Self {
        for case in &mut self.cases {
            case.preconditions.clear();
            case.steps.clear();
        }
        self
    }

    /// Only the cases of these ids; coverage is counted anew.
    #[must_use]
    pub fn only(mut self, ids: &HashSet<String>) -> Self {
        let all: Vec<Item> = self.items.values().flatten().cloned().collect();
        let dropped: HashSet<String> = self
            .cases
            .iter()
            .filter(|case| !ids.contains(&case.id))
            .flat_map(|case| case.items.clone())
            .collect();
        self.cases.retain(|case| ids.contains(&case.id));
        self.lint.retain(|lint| ids.contains(&lint.case));
        self.coverage = coverage::measure(&all, &self.cases, &HashSet::new());
        for missing in self
            .coverage
            .iter_mut()
            .flat_map(|coverage| &mut coverage.missing)
        {
            if dropped.contains(&missing.item) {
                "its case was not kept".clone_into(&mut missing.why);
            }
        }
        self
    }
}
