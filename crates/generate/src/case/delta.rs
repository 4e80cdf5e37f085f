//! What an edit of the source changes: kept, changed, new and stale cases, with ids that stay.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::set::{KnownCriterion, TestSet};
use super::{Case, Datum};

/// The difference of a set from an earlier one, as ids of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// As they were, byte for byte, with everything that people changed in them.
    pub kept: Vec<String>,
    /// Made anew under their old id.
    pub changed: Vec<String>,
    /// Not there before.
    pub new: Vec<String>,
    /// Gone, with the reason.
    pub stale: Vec<Stale>,
}

/// A case of the earlier set that the source no longer asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stale {
    /// Its id.
    pub case: String,
    /// Its title.
    pub title: String,
    /// Why it is stale.
    pub why: String,
}

/// Takes ids and unchanged cases over from an earlier set, and says what is different.
pub(crate) fn apply(mut set: TestSet, previous: &TestSet) -> TestSet {
    let renamed = renamed(previous, &set);
    let before = hashes(previous);
    let mut made = std::mem::take(&mut set.cases);
    let now = hashes(&set);
    let mut free: HashMap<String, &Case> = HashMap::new();
    for case in &previous.cases {
        free.insert(place(case, &renamed), case);
    }
    let mut delta = Delta::default();
    let mut taken: HashSet<String> = HashSet::new();
    for case in &mut made {
        let Some(old) = free.remove(&place(case, &HashMap::new())) else {
            continue;
        };
        let same_words = case.criteria.iter().all(|id| {
            now.get(id.as_str())
                .is_some_and(|hash| before.get(id.as_str()) == Some(hash))
        });
        taken.insert(old.id.clone());
        if same_words
            && old.criteria == case.criteria
            && (!case.criteria.is_empty() || old.content() == case.content())
        {
            let source = std::mem::take(&mut case.source);
            *case = old.clone();
            // The words are the same, but they may stand elsewhere.
            case.source = source;
            delta.kept.push(old.id.clone());
        } else {
            case.id.clone_from(&old.id);
            delta.changed.push(old.id.clone());
        }
    }
    // A new case must not take an id that another one had.
    let old_ids: BTreeSet<&str> = previous.cases.iter().map(|case| case.id.as_str()).collect();
    for case in &mut made {
        if taken.contains(&case.id) {
            continue;
        }
        let base = case.id.clone();
        let mut number = 1;
        while old_ids.contains(case.id.as_str()) || taken.contains(&case.id) {
            number += 1;
            case.id = format!("{base}-{number}");
        }
        taken.insert(case.id.clone());
        delta.new.push(case.id.clone());
    }
    let mut stale: Vec<&Case> = free.into_values().collect();
    stale.sort_by(|a, b| a.id.cmp(&b.id));
    for case in stale {
        let gone = case
            .criteria
            .iter()
            .all(|id| !now.contains_key(renamed.get(id).map_or(id.as_str(), String::as_str)));
        let why = if !case.criteria.is_empty() && gone {
            "its criterion is no longer in the source"
        } else {
            "what it covers is no longer asked for"
        };
        delta.stale.push(Stale {
            case: case.id.clone(),
            title: case.title.clone(),
            why: why.to_owned(),
        });
    }
    drop(now);
    set.cases = made;
    set.delta = Some(delta);
    set
}

/// Rows of earlier cases, which combinations begin with.
pub(crate) fn seeds(previous: &TestSet) -> Vec<Vec<Datum>> {
    let rows = previous.cases.iter().filter(|case| case.criteria.is_empty());
    let data = |case: &Case| {
        case.steps
            .iter()
            .flat_map(|step| step.data.clone())
            .collect::<Vec<_>>()
    };
    rows.map(data).filter(|row| row.len() > 1).collect()
}

/// What a case is for, with the ids that its criteria have now. Numbers in items may change with the words.
fn place(case: &Case, renamed: &HashMap<String, String>) -> String {
    let now = |id: &str| renamed.get(id).map_or(id, String::as_str).to_owned();
    if case.criteria.is_empty() && case.items.len() > 1 {
        return format!("{}|{}", case.technique.key(), case.content());
    }
    let criteria: Vec<String> = case.criteria.iter().map(|id| now(id)).collect();
    let mut items = case.items.clone();
    for (old, new) in renamed {
        for item in &mut items {
            *item = item.replacen(&format!(":{old}:"), &format!(":{new}:"), 1);
        }
    }
    items.sort();
    format!("{}|{criteria:?}|{items:?}", case.technique.key())
}

fn hashes(set: &TestSet) -> HashMap<&str, &str> {
    let criteria = set
        .requirements
        .iter()
        .flat_map(|requirement| &requirement.criteria);
    criteria
        .map(|criterion| (criterion.id.as_str(), criterion.hash.as_str()))
        .collect()
}

/// Criteria that have another id only because their words changed: in the same requirement, or in one at the same
/// place whose id went with its words, and with more than half of the words in common.
fn renamed(previous: &TestSet, set: &TestSet) -> HashMap<String, String> {
    let old_ids = hashes(previous);
    let new_ids = hashes(set);
    let lost: Vec<(&str, &KnownCriterion)> = listed(previous)
        .filter(|(_, one)| !new_ids.contains_key(one.id.as_str()))
        .collect();
    let mut found: Vec<(&str, &KnownCriterion)> = listed(set)
        .filter(|(_, one)| !old_ids.contains_key(one.id.as_str()))
        .collect();
    let mut renamed = HashMap::new();
    for (requirement, old) in lost {
        let best = found
            .iter()
            .enumerate()
            .map(|(index, (of, new))| (alike(&old.text, &new.text), *of == requirement, index))
            .filter(|(alike, _, _)| *alike >= 50)
            .max_by_key(|(alike, same, index)| (*same, *alike, usize::MAX - index));
        if let Some((_, _, index)) = best {
            let (_, new) = found.remove(index);
            renamed.insert(old.id.clone(), new.id.clone());
        }
    }
    renamed
}

fn listed(set: &TestSet) -> impl Iterator<Item = (&str, &KnownCriterion)> {
    set.requirements.iter().flat_map(|requirement| {
        requirement
            .criteria
            .iter()
            .map(|one| (requirement.id.as_str(), one))
    })
}

/// Words in common of all words, in percent.
fn alike(a: &str, b: &str) -> usize {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let (a, b) = (words(a), words(b));
    let all = a.union(&b).count();
    (a.intersection(&b).count() * 100).checked_div(all).unwrap_or(100)
}
