//! The tuples that are to be covered, numbered.

use crate::error::Error;
use crate::model::Model;

/// A value that is not chosen yet.
pub(crate) const FREE: u16 = u16::MAX;

/// Most tuples that are kept track of.
pub(crate) const MAX_TUPLES: u128 = 1 << 25;

/// Most sets of parameters, weighed by their size.
const MAX_SETS: u128 = 1 << 23;

/// Parameters whose values are all combined with each other.
#[derive(Debug)]
pub(crate) struct Group {
    /// The number of its first tuple.
    pub(crate) first: usize,
    /// Each parameter and how far apart the tuples of neighbouring values are.
    pub(crate) members: Vec<(usize, usize)>,
}

/// One group as one of its parameters sees it.
#[derive(Debug, Clone, Copy)]
struct Use {
    first: u32,
    stride: u32,
    /// Where the other parameters stand in [`Uses::others`].
    start: u32,
    end: u32,
}

/// The groups of one parameter.
#[derive(Debug, Default)]
struct Uses {
    uses: Vec<Use>,
    others: Vec<(u16, u32)>,
}

/// All groups of a model at a strength.
#[derive(Debug)]
pub(crate) struct Space {
    pub(crate) levels: Vec<usize>,
    pub(crate) groups: Vec<Group>,
    /// How many tuples there are.
    pub(crate) len: usize,
    /// How many tuples the largest group has.
    pub(crate) largest: usize,
    uses: Vec<Uses>,
}

impl Space {
    pub(crate) fn new(model: &Model, strength: usize) -> Result<Space, Error> {
        let levels: Vec<usize> = model
            .parameters()
            .iter()
            .map(|parameter| parameter.values.len())
            .collect();
        check_size(model, &levels, strength)?;
        let inner: Vec<Vec<usize>> = model
            .sub_models()
            .iter()
            .map(|sub_model| {
                let mut parameters = sub_model.parameters.clone();
                parameters.sort_unstable();
                parameters
            })
            .collect();
        let all: Vec<usize> = (0..levels.len()).collect();
        let mut sets = Vec::new();
        subsets(&all, strength, &mut |set| {
            let is_inside =
                |sub_model: &Vec<usize>| set.iter().all(|one| sub_model.binary_search(one).is_ok());
            if !inner.iter().any(is_inside) {
                sets.push(set.to_vec());
            }
        });
        for (sub_model, parameters) in model.sub_models().iter().zip(&inner) {
            let own = sub_model.strength.unwrap_or(strength).min(parameters.len());
            subsets(parameters, own, &mut |set| sets.push(set.to_vec()));
        }
        sets.sort();
        sets.dedup();
        Ok(Space::of(levels, sets))
    }

    fn of(levels: Vec<usize>, sets: Vec<Vec<usize>>) -> Space {
        let mut uses: Vec<Uses> = levels.iter().map(|_| Uses::default()).collect();
        let mut groups = Vec::with_capacity(sets.len());
        let mut len = 0;
        let mut largest = 1;
        for set in sets {
            let mut size = 1;
            let mut members: Vec<(usize, usize)> = set
                .iter()
                .rev()
                .map(|parameter| {
                    let stride = size;
                    size *= levels[*parameter];
                    (*parameter, stride)
                })
                .collect();
            members.reverse();
            for (parameter, stride) in &members {
                let of = &mut uses[*parameter];
                let start = small(of.others.len());
                let others = members.iter().filter(|(other, _)| other != parameter);
                of.others
                    .extend(others.map(|(other, stride)| (level(*other), small(*stride))));
                of.uses.push(Use {
                    first: small(len),
                    stride: small(*stride),
                    start,
                    end: small(of.others.len()),
                });
            }
            groups.push(Group { first: len, members });
            len += size;
            largest = largest.max(size);
        }
        Space {
            levels,
            groups,
            len,
            largest,
            uses,
        }
    }

    /// For each group of `parameter` whose other values in `row` are chosen: the tuple with its first value,
    /// and the distance to the tuple with its next.
    pub(crate) fn around(&self, parameter: usize, row: &[u16], mut see: impl FnMut(usize, usize)) {
        let of = &self.uses[parameter];
        for one in &of.uses {
            let mut tuple = one.first;
            let mut is_chosen = true;
            for (other, stride) in &of.others[one.start as usize..one.end as usize] {
                let value = row[usize::from(*other)];
                if value == FREE {
                    is_chosen = false;
                    break;
                }
                tuple += u32::from(value) * stride;
            }
            if is_chosen {
                see(tuple as usize, one.stride as usize);
            }
        }
    }

    /// How many groups hold `parameter`.
    pub(crate) fn degree(&self, parameter: usize) -> usize {
        self.uses[parameter].uses.len()
    }

    /// All tuples of a row whose values are chosen.
    pub(crate) fn tuples(&self, row: &[u16], mut see: impl FnMut(usize)) {
        for group in &self.groups {
            let mut tuple = group.first;
            let mut is_chosen = true;
            for (parameter, stride) in &group.members {
                let value = row[*parameter];
                is_chosen &= value != FREE;
                tuple += usize::from(value) * stride;
            }
            if is_chosen {
                see(tuple);
            }
        }
    }

    /// The parameters and values of a tuple.
    pub(crate) fn decode(&self, tuple: usize) -> impl Iterator<Item = (usize, u16)> {
        let after = self.groups.partition_point(|group| group.first <= tuple);
        let group = &self.groups[after.saturating_sub(1)];
        let rest = tuple - group.first;
        group
            .members
            .iter()
            .map(move |(parameter, stride)| (*parameter, level(rest / stride % self.levels[*parameter])))
    }
}

/// Fails before anything is laid out that would not fit.
fn check_size(model: &Model, levels: &[usize], strength: usize) -> Result<(), Error> {
    let too_large = |tuples, limit| Err(Error::TooLarge { tuples, limit });
    let mut tuples = symmetric(levels, strength);
    let mut sets = symmetric(&vec![1; levels.len()], strength) * strength as u128;
    for sub_model in model.sub_models() {
        let own = sub_model
            .strength
            .unwrap_or(strength)
            .min(sub_model.parameters.len());
        let inner: Vec<usize> = sub_model
            .parameters
            .iter()
            .map(|parameter| levels[*parameter])
            .collect();
        tuples = tuples.saturating_add(symmetric(&inner, own));
        sets = sets.saturating_add(symmetric(&vec![1; inner.len()], own) * own as u128);
    }
    if tuples > MAX_TUPLES {
        return too_large(tuples, MAX_TUPLES);
    }
    if sets > MAX_SETS {
        return too_large(sets, MAX_SETS);
    }
    Ok(())
}

/// The sum of products of `size` of these numbers, over all choices: how many tuples there are.
fn symmetric(levels: &[usize], size: usize) -> u128 {
    let mut sums = vec![0_u128; size + 1];
    sums[0] = 1;
    for level in levels {
        for taken in (1..=size).rev() {
            sums[taken] = sums[taken].saturating_add(sums[taken - 1].saturating_mul(*level as u128));
        }
    }
    // Far below the largest number, so that what is made of it does not overflow either.
    sums[size].min(1 << 100)
}

/// Every choice of `size` of the items, in order.
fn subsets(items: &[usize], size: usize, see: &mut impl FnMut(&[usize])) {
    if size > items.len() {
        return;
    }
    let mut chosen: Vec<usize> = (0..size).collect();
    loop {
        let set: Vec<usize> = chosen.iter().map(|position| items[*position]).collect();
        see(&set);
        let Some(moved) = (0..size).rev().find(|at| chosen[*at] + size - at < items.len()) else {
            return;
        };
        let start = chosen[moved] + 1;
        for (step, position) in chosen[moved..].iter_mut().enumerate() {
            *position = start + step;
        }
    }
}

/// A number that is bounded by [`MAX_TUPLES`].
#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded by MAX_TUPLES and MAX_SETS"
)]
fn small(number: usize) -> u32 {
    number as u32
}

/// A position of a value or parameter.
#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded by MAX_VALUES and MAX_PARAMETERS"
)]
pub(crate) fn level(number: usize) -> u16 {
    number as u16
}
