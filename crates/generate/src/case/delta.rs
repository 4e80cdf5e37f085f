//! What an edit of the source changes: kept, changed, new and stale cases, with ids that stay.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::lint::lint;
use super::renamed::Renamed;
use super::set::TestSet;
use super::{Case, Datum};
use crate::document::Document;

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
pub(crate) fn apply(mut set: TestSet, document: &Document, previous: &TestSet) -> TestSet {
    let mut made = std::mem::take(&mut set.cases);
    let renamed = Renamed::new(&previous.requirements, &previous.items, &set.requirements);
    let pairs = Pairs::of(&made, previous, &renamed);
    // First those that have an id from before; a new one must not take an id that another has or had.
    let mut taken: HashSet<String> = previous.cases.iter().map(|case| case.id.clone()).collect();
    let mut delta = Delta::default();
    for (case, old) in made.iter_mut().zip(&pairs.old) {
        let Some(old) = old.and_then(|old| previous.cases.get(old)) else {
            case.id = free_id(&case.id, &mut taken);
            delta.new.push(case.id.clone());
            continue;
        };
        if old.made() == case.made && renamed.has_same_words(old) {
            keep(case, old);
            delta.kept.push(case.id.clone());
        } else {
            case.id.clone_from(&old.id);
            delta.changed.push(case.id.clone());
        }
    }
    let claimed: HashSet<usize> = pairs.old.iter().flatten().copied().collect();
    let gone = previous.cases.iter().enumerate();
    let mut stale: Vec<Stale> = gone
        .filter(|(index, _)| !claimed.contains(index))
        .map(|(_, case)| {
            let gone = case.criteria.iter().all(|id| renamed.criterion(id).is_none());
            let why = if !case.criteria.is_empty() && gone {
                "its criterion is no longer in the source"
            } else {
                "what it covers is no longer asked for"
            };
            Stale {
                case: case.id.clone(),
                title: case.title.clone(),
                why: why.to_owned(),
            }
        })
        .collect();
    stale.sort_by(|a, b| a.case.cmp(&b.case));
    delta.stale = stale;
    set.lint = lint(document, &made);
    set.cases = made;
    set.delta = Some(delta);
    set
}

/// Takes a case over as people left it. Where it stands in the source, and which ids that has there, is as it is now.
fn keep(case: &mut Case, old: &Case) {
    case.id.clone_from(&old.id);
    case.title.clone_from(&old.title);
    case.polarity = old.polarity;
    case.priority = old.priority;
    // A list of scenarios has no steps.
    if !old.steps.is_empty() {
        case.preconditions.clone_from(&old.preconditions);
        case.steps.clone_from(&old.steps);
    }
}

/// The id, or the id with `-2`, `-3` … if another case has it.
fn free_id(id: &str, taken: &mut HashSet<String>) -> String {
    let mut candidate = id.to_owned();
    let mut number = 1;
    while !taken.insert(candidate.clone()) {
        number += 1;
        candidate = format!("{id}-{number}");
    }
    candidate
}

/// Rows of earlier cases, which combinations begin with.
pub(crate) fn seeds(previous: &TestSet) -> Vec<Vec<Datum>> {
    let rows = previous.cases.iter().filter(|case| case.criteria.is_empty());
    rows.map(|case| data(case).cloned().collect::<Vec<_>>())
        .filter(|row| row.len() > 1)
        .collect()
}

fn data(case: &Case) -> impl Iterator<Item = &Datum> {
    case.steps.iter().flat_map(|step| &step.data)
}

/// Which earlier case each case goes on with; no earlier case goes on in two.
struct Pairs {
    old: Vec<Option<usize>>,
    is_free: Vec<bool>,
}

impl Pairs {
    /// The surest signs first: the same words, the same items, an edited row, the same criteria.
    fn of(made: &[Case], previous: &TestSet, renamed: &Renamed<'_>) -> Self {
        let old = &previous.cases;
        let mut pairs = Self {
            old: vec![None; made.len()],
            is_free: vec![true; old.len()],
        };
        let criteria = |case: &Case| format!("{}|{:?}", case.technique.key(), case.criteria);
        let old_criteria = |case: &Case| format!("{}|{:?}", case.technique.key(), renamed.criteria(case));
        pairs.join(
            made.iter().map(|case| Some(criteria(case) + &case.made)),
            old.iter().map(|case| Some(old_criteria(case) + &case.made())),
        );
        // A criterion more that says the same is cited by the same case.
        pairs.join(
            made.iter().map(|case| Some(case.made.clone())),
            old.iter().map(|case| Some(case.made())),
        );
        // The numbers of values in a row mean others after an edit.
        let items = |criteria: String, case: &Case, mut items: Vec<String>| {
            items.sort();
            (!is_row(case)).then(|| format!("{criteria}{items:?}"))
        };
        pairs.join(
            made.iter()
                .map(|case| items(criteria(case), case, case.items.clone())),
            old.iter()
                .map(|case| items(old_criteria(case), case, renamed.items(case))),
        );
        pairs.rows(made, old);
        let polarity = |criteria: String, case: &Case| {
            (!case.criteria.is_empty()).then(|| format!("{criteria}{:?}", case.polarity))
        };
        pairs.join(
            made.iter().map(|case| polarity(criteria(case), case)),
            old.iter().map(|case| polarity(old_criteria(case), case)),
        );
        pairs
    }

    /// Joins what has the same key, in order.
    fn join(
        &mut self,
        made: impl Iterator<Item = Option<String>>,
        old: impl Iterator<Item = Option<String>>,
    ) {
        let mut known: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (index, key) in old.enumerate() {
            if let Some(key) = key
                && self.is_free.get(index) == Some(&true)
            {
                known.entry(key).or_default().push_back(index);
            }
        }
        for (slot, key) in self.old.iter_mut().zip(made) {
            let found = key.and_then(|key| known.get_mut(&key));
            if slot.is_none()
                && let Some(index) = found.and_then(VecDeque::pop_front)
            {
                *slot = Some(index);
                if let Some(free) = self.is_free.get_mut(index) {
                    *free = false;
                }
            }
        }
    }

    /// Joins rows of combinations with the earlier ones that have most values in common, at least half of them.
    fn rows(&mut self, made: &[Case], old: &[Case]) {
        let mut found = Vec::new();
        for (new_index, case) in made.iter().enumerate().filter(|(_, case)| is_row(case)) {
            if self.old.get(new_index) != Some(&None) {
                continue;
            }
            let values: HashSet<&Datum> = data(case).collect();
            for (old_index, other) in old.iter().enumerate() {
                let is_one = is_row(other) && other.technique == case.technique;
                if !is_one || self.is_free.get(old_index) != Some(&true) {
                    continue;
                }
                let same = data(other).filter(|datum| values.contains(datum)).count();
                if same > 0 && same * 2 >= values.len() {
                    found.push((same, new_index, old_index));
                }
            }
        }
        found.sort_by_key(|(same, new, old)| (usize::MAX - same, *new, *old));
        for (_, new, old) in found {
            if let (Some(slot @ None), Some(free @ true)) = (self.old.get_mut(new), self.is_free.get_mut(old))
            {
                *slot = Some(old);
                *free = false;
            }
        }
    }
}

/// Whether a case is a row of a combination.
fn is_row(case: &Case) -> bool {
    case.criteria.is_empty() && case.technique.is_of_rows()
}
