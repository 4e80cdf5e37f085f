//! Fewer rows: one is taken away, and the others are changed until they cover what it covered.
//!
//! The walk is that of TCA (Lin, Luo, Cai, Su, Hao, Zhang: TCA: An efficient two-mode meta-heuristic
//! algorithm for combinatorial test generation, ASE 2015): a tuple that is not covered is chosen by
//! chance, and the change of one value that covers it at the least cost is made, unless it undoes a
//! recent one. The work is counted, not timed, so that every machine makes the same rows.

use super::rules::Rules;
use super::space::{FREE, Space, level};
use crate::model::Model;
use crate::random::Random;

/// A set of rows, and how often they cover each tuple.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    space: &'a Space,
    rules: &'a Rules,
    rows: Vec<Vec<u16>>,
    /// Rows before this one stay as they are.
    locked: usize,
    counts: Vec<u32>,
    /// Tuples without a row, in any order, and where each stands there.
    missing: Vec<u32>,
    place: Vec<u32>,
    /// When each value was changed last.
    changed: Vec<Vec<u64>>,
    now: u64,
    work: u64,
}

/// A change of one value.
#[derive(Debug, Clone, Copy)]
struct Change {
    row: usize,
    parameter: usize,
    value: u16,
}

impl<'a> Search<'a> {
    /// `is_wanted` says which tuples count. Rows before `locked` stay as they are.
    pub(crate) fn new(
        space: &'a Space,
        rules: &'a Rules,
        is_wanted: &[bool],
        rows: Vec<Vec<u16>>,
        locked: usize,
    ) -> Search<'a> {
        let mut search = Search {
            space,
            rules,
            locked,
            // What is not wanted looks covered for ever.
            counts: is_wanted.iter().map(|wanted| u32::from(!wanted)).collect(),
            missing: Vec::new(),
            place: vec![0; space.len],
            changed: Vec::new(),
            now: 0,
            work: 0,
            rows: Vec::new(),
        };
        for (tuple, wanted) in is_wanted.iter().enumerate() {
            if *wanted {
                search.miss(tuple);
            }
        }
        for row in rows {
            search.add(row);
        }
        search
    }

    fn miss(&mut self, tuple: usize) {
        self.place[tuple] = number(self.missing.len());
        self.missing.push(number(tuple));
    }

    fn find(&mut self, tuple: usize) {
        let place = self.place[tuple] as usize;
        self.missing.swap_remove(place);
        if let Some(moved) = self.missing.get(place) {
            self.place[*moved as usize] = number(place);
        }
    }

    fn gain(&mut self, tuple: usize) {
        self.counts[tuple] += 1;
        if self.counts[tuple] == 1 {
            self.find(tuple);
        }
    }

    fn lose(&mut self, tuple: usize) {
        self.counts[tuple] -= 1;
        if self.counts[tuple] == 0 {
            self.miss(tuple);
        }
    }

    fn add(&mut self, row: Vec<u16>) {
        let space = self.space;
        space.tuples(&row, |tuple| self.gain(tuple));
        self.changed.push(vec![0; row.len()]);
        self.rows.push(row);
    }

    fn remove(&mut self, row: usize) {
        let space = self.space;
        let gone = self.rows.swap_remove(row);
        self.changed.swap_remove(row);
        space.tuples(&gone, |tuple| self.lose(tuple));
    }

    /// Takes rows away as long as the work allows and `fewest` is not reached; the best rows found.
    pub(crate) fn shrink(mut self, fewest: usize, work: u64, random: &mut Random) -> Vec<Vec<u16>> {
        let mut best = self.rows.clone();
        while self.missing.is_empty() {
            best.clone_from(&self.rows);
            if self.rows.len() <= fewest.max(self.locked) || self.work >= work {
                break;
            }
            let Some(row) = self.least_needed() else { break };
            self.remove(row);
            while !self.missing.is_empty() && self.work < work {
                self.step(random);
            }
        }
        best
    }

    /// Chooses by weight wherever another value covers as much.
    pub(crate) fn weighed(mut self, model: &Model, random: &mut Random) -> Vec<Vec<u16>> {
        for row in self.locked..self.rows.len() {
            for parameter in 0..self.space.levels.len() {
                let mut is_needed = false;
                self.space.around(parameter, &self.rows[row], |tuple, stride| {
                    let value = usize::from(self.rows[row][parameter]);
                    is_needed |= self.counts[tuple + stride * value] == 1;
                });
                if is_needed {
                    continue;
                }
                let values = &model.parameters()[parameter].values;
                let weights: Vec<u32> = (0..)
                    .zip(values)
                    .map(|(value, of)| {
                        let change = Change {
                            row,
                            parameter,
                            value,
                        };
                        // A negative value stands only where it is needed.
                        let is_allowed = !of.is_negative && self.is_allowed(change);
                        if is_allowed { of.weight } else { 0 }
                    })
                    .collect();
                if let Some(value) = random.weighted(weights.iter().copied()) {
                    let value = level(value);
                    if value != self.rows[row][parameter] {
                        self.apply(Change {
                            row,
                            parameter,
                            value,
                        });
                    }
                }
            }
        }
        self.rows
    }

    /// The row that alone covers the fewest tuples.
    fn least_needed(&mut self) -> Option<usize> {
        self.work += (self.rows.len() * self.space.groups.len()) as u64;
        (self.locked..self.rows.len()).min_by_key(|row| {
            let mut alone = 0;
            self.space.tuples(&self.rows[*row], |tuple| {
                alone += usize::from(self.counts[tuple] == 1);
            });
            alone
        })
    }

    /// Covers one of the missing tuples.
    fn step(&mut self, random: &mut Random) {
        self.now += 1;
        let wanted = self.missing[random.below(self.missing.len())] as usize;
        let tuple: Vec<(usize, u16)> = self.space.decode(wanted).collect();
        let tenure = 3 + random.below(6) as u64;
        let mut best: Option<(i64, Change)> = None;
        let mut equals = 0;
        for row in self.locked..self.rows.len() {
            let Some(change) = self.only_difference(row, &tuple) else {
                continue;
            };
            let is_recent = self.changed[row][change.parameter] + tenure > self.now;
            if is_recent && self.now > tenure && self.changed[row][change.parameter] > 0 {
                continue;
            }
            if !self.is_allowed(change) {
                continue;
            }
            let cost = self.cost(change);
            match best {
                Some((least, _)) if cost > least => continue,
                Some((least, _)) if cost == least => equals += 1,
                _ => equals = 1,
            }
            if equals == 1 || random.below(equals) == 0 {
                best = Some((cost, change));
            }
        }
        match best {
            Some((_, change)) => self.apply(change),
            None => self.force(&tuple, random),
        }
    }

    /// The change that gives the row this tuple, if one is enough.
    fn only_difference(&mut self, row: usize, tuple: &[(usize, u16)]) -> Option<Change> {
        self.work += 1;
        let values = &self.rows[row];
        let mut differing = tuple
            .iter()
            .filter(|(parameter, value)| values[*parameter] != *value);
        let (parameter, value) = *differing.next()?;
        differing.next().is_none().then_some(Change {
            row,
            parameter,
            value,
        })
    }

    fn is_allowed(&mut self, change: Change) -> bool {
        if self.rules.is_free() {
            return true;
        }
        // A constraint is about as much work as ten tuples.
        self.work += 10;
        let row = &mut self.rows[change.row];
        let before = std::mem::replace(&mut row[change.parameter], change.value);
        let is_allowed = self.rules.allows_change(row, change.parameter);
        row[change.parameter] = before;
        is_allowed
    }

    /// How many more tuples would be missing.
    fn cost(&mut self, change: Change) -> i64 {
        let (counts, row) = (&self.counts, &self.rows[change.row]);
        let (before, after) = (usize::from(row[change.parameter]), usize::from(change.value));
        let mut cost = 0;
        self.space.around(change.parameter, row, |tuple, stride| {
            cost += i64::from(counts[tuple + stride * before] == 1);
            cost -= i64::from(counts[tuple + stride * after] == 0);
        });
        self.work += self.space.degree(change.parameter) as u64;
        cost
    }

    fn apply(&mut self, change: Change) {
        let space = self.space;
        let row = std::mem::take(&mut self.rows[change.row]);
        let (before, after) = (usize::from(row[change.parameter]), usize::from(change.value));
        space.around(change.parameter, &row, |tuple, stride| {
            self.lose(tuple + stride * before);
            self.gain(tuple + stride * after);
        });
        self.rows[change.row] = row;
        self.rows[change.row][change.parameter] = change.value;
        self.changed[change.row][change.parameter] = self.now;
        self.work += 2 * space.degree(change.parameter) as u64;
    }

    /// Writes the tuple into a row of chance, where the rules allow it.
    fn force(&mut self, tuple: &[(usize, u16)], random: &mut Random) {
        let rows = self.rows.len() - self.locked;
        if rows == 0 {
            self.work = u64::MAX / 2;
            return;
        }
        let start = random.below(rows);
        for step in 0..rows {
            let row = self.locked + (start + step) % rows;
            let mut changed = self.rows[row].clone();
            for (parameter, value) in tuple {
                changed[*parameter] = *value;
            }
            self.work += 50;
            let is_allowed = self.rules.admits_negatives(&changed)
                && tuple
                    .iter()
                    .all(|(parameter, _)| self.rules.allows_change(&changed, *parameter));
            if is_allowed {
                for (parameter, value) in tuple.iter().copied() {
                    if self.rows[row][parameter] != value {
                        self.apply(Change {
                            row,
                            parameter,
                            value,
                        });
                    }
                }
                return;
            }
        }
        self.replace(self.locked + start, tuple);
    }

    /// Replaces a row by one that holds the tuple and meets the constraints.
    fn replace(&mut self, row: usize, tuple: &[(usize, u16)]) {
        let mut fresh = self.rows[row].clone();
        for (parameter, value) in fresh.iter_mut().enumerate() {
            if self.rules.is_constrained(parameter) || self.rules.is_negative(parameter, *value) {
                *value = FREE;
            }
        }
        for (parameter, value) in tuple {
            fresh[*parameter] = *value;
        }
        self.work += self.rules.completion_work();
        if !matches!(self.rules.complete(&mut fresh), Ok(true)) {
            return;
        }
        for (parameter, value) in fresh.into_iter().enumerate() {
            // Free, unconstrained parameters keep their value, unless it is the negative one of before.
            let value = if value == FREE {
                self.rules.some_valid(parameter)
            } else {
                value
            };
            if self.rows[row][parameter] != value {
                self.apply(Change {
                    row,
                    parameter,
                    value,
                });
            }
        }
    }
}

/// A number that is bounded by the number of tuples.
#[expect(clippy::cast_possible_truncation, reason = "bounded by MAX_TUPLES")]
fn number(number: usize) -> u32 {
    number as u32
}
