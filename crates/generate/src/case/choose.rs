//! Chooses cases: no two that say the same, none that adds nothing, no more than the budget allows.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Options;
use crate::technique::{Draft, Technique};

/// What was chosen.
pub(super) struct Chosen {
    pub(super) drafts: Vec<Draft>,
    /// Items that only cases over the budget would have covered.
    pub(super) over: HashSet<String>,
    /// Proposed cases that said the same as another one.
    pub(super) merged: usize,
}

/// The words of a draft that make it what it is; two with the same are one case.
pub(super) fn fingerprint(draft: &Draft) -> String {
    let mut text = String::new();
    let mut push = |part: &str| {
        for word in part
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
        {
            text.push_str(&word.to_lowercase());
            text.push(' ');
        }
        text.push('|');
    };
    // Values tell requests apart; sentences need what they are about.
    let valued = draft.steps.iter().any(|step| !step.data.is_empty());
    push(if valued { &draft.requirement } else { &draft.title });
    draft.preconditions.iter().for_each(|part| push(part));
    for step in &draft.steps {
        push(&step.action);
        step.expected.iter().for_each(|part| push(part));
    }
    // Values differ in a letter or a sign.
    for datum in draft.steps.iter().flat_map(|step| &step.data) {
        text.push_str(&datum.name);
        text.push('=');
        text.push_str(&datum.value);
        text.push('|');
    }
    text
}

/// Chooses among drafts. The order of what is chosen is that of the drafts.
pub(super) fn choose(drafts: Vec<Draft>, options: &Options) -> Chosen {
    let before = drafts.len();
    let drafts = merge(drafts);
    let merged = before - drafts.len();
    let needed = minimal(&drafts);
    let drafts: Vec<Draft> = drafts
        .into_iter()
        .zip(needed)
        .filter_map(|(draft, needed)| needed.then_some(draft))
        .collect();
    let kept = within(&drafts, options);
    let covered: HashSet<&String> = drafts
        .iter()
        .zip(&kept)
        .filter(|(_, kept)| **kept)
        .flat_map(|(draft, _)| &draft.items)
        .collect();
    let over = drafts
        .iter()
        .flat_map(|draft| &draft.items)
        .filter(|item| !covered.contains(item))
        .cloned()
        .collect();
    let drafts = drafts
        .into_iter()
        .zip(kept)
        .filter_map(|(draft, kept)| kept.then_some(draft))
        .collect();
    Chosen { drafts, over, merged }
}

/// One draft of those that say the same, with the items and criteria of all.
fn merge(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut merged: Vec<Draft> = Vec::new();
    for draft in drafts {
        let print = fingerprint(&draft);
        let Some(same) = known.get(&print).and_then(|index| merged.get_mut(*index)) else {
            known.insert(print, merged.len());
            merged.push(draft);
            continue;
        };
        for item in draft.items {
            if !same.items.contains(&item) {
                same.items.push(item);
            }
        }
        for (criterion, span) in draft.criteria.into_iter().zip(draft.spans) {
            if !same.criteria.contains(&criterion) {
                same.criteria.push(criterion);
                same.spans.push(span);
            }
        }
        same.risk = same.risk.max(draft.risk);
    }
    merged
}

/// Which drafts are needed: those that add an item in their order, less those that later ones make superfluous.
fn minimal(drafts: &[Draft]) -> Vec<bool> {
    let mut counts: HashMap<&String, usize> = HashMap::new();
    let mut needed = vec![false; drafts.len()];
    for (draft, needed) in drafts.iter().zip(&mut needed) {
        *needed = is_row(draft) || draft.items.iter().any(|item| !counts.contains_key(item));
        if *needed {
            for item in &draft.items {
                *counts.entry(item).or_insert(0) += 1;
            }
        }
    }
    for (draft, needed) in drafts.iter().zip(&mut needed).rev() {
        let spare = *needed
            && !is_row(draft)
            && draft
                .items
                .iter()
                .all(|item| counts.get(item).is_some_and(|count| *count > 1));
        if spare {
            *needed = false;
            for item in &draft.items {
                if let Some(count) = counts.get_mut(item) {
                    *count -= 1;
                }
            }
        }
    }
    needed
}

/// Whether a draft is a row of a covering array, which is as small as it gets, and whose kept rows stay.
fn is_row(draft: &Draft) -> bool {
    draft.technique == Technique::Combinatorial
}

/// Which drafts stay within the budgets: of each criterion and requirement those with most risk and most items.
fn within(drafts: &[Draft], options: &Options) -> Vec<bool> {
    let mut kept = vec![true; drafts.len()];
    if options.criterion_budget == 0 && options.requirement_budget == 0 {
        return kept;
    }
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_key(|index| {
        drafts.get(*index).map_or((0, 0, 0), |draft| {
            (
                u8::MAX - draft.risk.min(4),
                usize::MAX - draft.items.len(),
                *index,
            )
        })
    });
    let mut criteria: BTreeMap<&str, usize> = BTreeMap::new();
    let mut requirements: BTreeMap<&str, usize> = BTreeMap::new();
    for index in order {
        let Some(draft) = drafts.get(index) else { continue };
        let criterion = draft.criteria.first().map_or("", String::as_str);
        let requirement = draft.requirement.as_str();
        let full = |budget: usize, used: usize| budget > 0 && used >= budget;
        let over = full(
            options.criterion_budget,
            criteria.get(criterion).copied().unwrap_or(0),
        ) || full(
            options.requirement_budget,
            requirements.get(requirement).copied().unwrap_or(0),
        );
        if over {
            if let Some(kept) = kept.get_mut(index) {
                *kept = false;
            }
            continue;
        }
        *criteria.entry(criterion).or_insert(0) += 1;
        *requirements.entry(requirement).or_insert(0) += 1;
    }
    kept
}
