//! Which criterion of an earlier set a criterion goes on with.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::Case;
use super::set::{Known, KnownCriterion};
use crate::technique::{Item, Technique};

/// Words in common that make a reworded criterion the same one, in percent.
const ALIKE: usize = 50;

/// Criteria and requirements of an earlier set, with those that they are now. Ids go with words or with the numbers of
/// rows: where they disagree, the words are right.
pub(super) struct Renamed<'a> {
    /// By earlier id: the criterion of now, and whether its words are the same.
    criteria: HashMap<&'a str, (&'a str, bool)>,
    requirements: HashMap<&'a str, &'a str>,
    items: HashMap<&'a str, &'a Item>,
}

/// A criterion with the id of its requirement.
type Listed<'a> = (&'a str, &'a KnownCriterion);

impl<'a> Renamed<'a> {
    pub(super) fn new(
        previous: &'a [Known],
        items: &'a BTreeMap<Technique, Vec<Item>>,
        now: &'a [Known],
    ) -> Self {
        let mut open = Open {
            old: listed(previous),
            new: listed(now),
            pairs: Vec::new(),
        };
        open.pair(|(_, old), (_, new)| old.id == new.id && old.hash == new.hash);
        open.pair(|(of, old), (new_of, new)| of == new_of && old.hash == new.hash);
        open.pair(|(_, old), (_, new)| old.hash == new.hash);
        // A number may be another row's now; a name stays.
        open.pair(|(_, old), (_, new)| old.id == new.id && !is_number(&old.id));
        open.pair_alike();
        open.pair(|(_, old), (_, new)| old.id == new.id);
        let criteria = open.pairs.iter();
        Self {
            criteria: criteria
                .map(|((_, old), (_, new))| (old.id.as_str(), (new.id.as_str(), old.hash == new.hash)))
                .collect(),
            requirements: open.requirements(),
            items: items
                .values()
                .flatten()
                .map(|item| (item.id.as_str(), item))
                .collect(),
        }
    }

    /// What the criterion of an earlier id is called now, if it is still there.
    pub(super) fn criterion(&self, id: &str) -> Option<&'a str> {
        self.criteria.get(id).map(|(id, _)| *id)
    }

    /// The criteria of an earlier case as they are called now.
    pub(super) fn criteria(&self, case: &Case) -> Vec<String> {
        let ids = case.criteria.iter();
        ids.map(|id| self.criterion(id).unwrap_or(id).to_owned())
            .collect()
    }

    /// Whether a case is about the same words: some of its criteria are there with them, and none with other words.
    pub(super) fn has_same_words(&self, old: &Case) -> bool {
        let ids = old.criteria.iter();
        let mut found = ids.filter_map(|id| self.criteria.get(id.as_str())).peekable();
        (old.criteria.is_empty() || found.peek().is_some()) && found.all(|(_, same)| *same)
    }

    /// The items of an earlier case as they are called now.
    pub(super) fn items(&self, case: &Case) -> Vec<String> {
        let name = |id: &String| {
            let item = self.items.get(id.as_str())?;
            let of = item.of.as_str();
            let now = self
                .criterion(of)
                .or_else(|| self.requirements.get(of).copied())?;
            let prefix = item.technique.prefix();
            let key = id.strip_prefix(&format!("{prefix}:{of}:"))?;
            Some(format!("{prefix}:{now}:{key}"))
        };
        let ids = case.items.iter();
        ids.map(|id| name(id).unwrap_or_else(|| id.clone())).collect()
    }
}

/// What is not paired yet, and what is.
struct Open<'a> {
    old: Vec<Listed<'a>>,
    new: Vec<Listed<'a>>,
    pairs: Vec<(Listed<'a>, Listed<'a>)>,
}

impl<'a> Open<'a> {
    /// Pairs each earlier criterion with the first that fits.
    fn pair(&mut self, fits: impl Fn(Listed<'a>, Listed<'a>) -> bool) {
        let mut left = Vec::new();
        for old in std::mem::take(&mut self.old) {
            match self.new.iter().position(|new| fits(old, *new)) {
                Some(index) => self.pairs.push((old, self.new.remove(index))),
                None => left.push(old),
            }
        }
        self.old = left;
    }

    /// Pairs reworded criteria: those of the same requirement first, then those with most words in common.
    fn pair_alike(&mut self) {
        let requirements = self.requirements();
        let words = |list: &[Listed<'_>]| list.iter().map(|(_, one)| words(&one.text)).collect::<Vec<_>>();
        let (old_words, new_words) = (words(&self.old), words(&self.new));
        let mut found = Vec::new();
        for (old_index, ((of, old), a)) in self.old.iter().zip(&old_words).enumerate() {
            for (new_index, ((new_of, new), b)) in self.new.iter().zip(&new_words).enumerate() {
                let same = of == new_of || requirements.get(of) == Some(new_of);
                let alike = alike(a, b);
                if alike >= ALIKE {
                    found.push(((same, alike, old.id == new.id), old_index, new_index));
                }
            }
        }
        found.sort_by_key(|(rank, old, new)| (Reverse(*rank), *old, *new));
        let (mut old_done, mut new_done) = (HashSet::new(), HashSet::new());
        for (_, old, new) in found {
            if old_done.contains(&old) || new_done.contains(&new) {
                continue;
            }
            if let (Some(a), Some(b)) = (self.old.get(old), self.new.get(new)) {
                self.pairs.push((*a, *b));
                old_done.insert(old);
                new_done.insert(new);
            }
        }
        self.old = without(&self.old, &old_done);
        self.new = without(&self.new, &new_done);
    }

    /// Requirements by earlier id that go on under the id of their first paired criterion.
    fn requirements(&self) -> HashMap<&'a str, &'a str> {
        let mut requirements = HashMap::new();
        for ((of, _), (new_of, _)) in &self.pairs {
            requirements.entry(*of).or_insert(*new_of);
        }
        requirements
    }
}

fn without<'a>(all: &[Listed<'a>], done: &HashSet<usize>) -> Vec<Listed<'a>> {
    let open = all.iter().enumerate().filter(|(index, _)| !done.contains(index));
    open.map(|(_, one)| *one).collect()
}

fn listed(requirements: &[Known]) -> Vec<Listed<'_>> {
    let mut all = Vec::new();
    for requirement in requirements {
        all.extend(
            requirement
                .criteria
                .iter()
                .map(|one| (requirement.id.as_str(), one)),
        );
    }
    all
}

/// Whether an id ends with a number only: that of a row or of a point of a list.
fn is_number(id: &str) -> bool {
    let label = id.rsplit('/').next().unwrap_or(id);
    label.chars().all(|c| c.is_ascii_digit() || c == '.')
}

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Words in common of all words, in percent.
fn alike(a: &BTreeSet<String>, b: &BTreeSet<String>) -> usize {
    let all = a.union(b).count();
    (a.intersection(b).count() * 100).checked_div(all).unwrap_or(100)
}
