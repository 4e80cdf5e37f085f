//! Rows one at a time, each covering as much as possible of what is left.
//!
//! Several candidates are made for each row and the best is kept, as AETG does (Cohen, Dalal, Fredman,
//! Patton 1997); a candidate starts from a tuple that is not covered yet, as PICT's do (Czerwonka 2006).

use super::rules::Rules;
use super::space::{FREE, Space, level};
use crate::error::Error;
use crate::model::Model;
use crate::random::Random;

/// Work on the candidates of one row, in tuples looked at.
const ROW_WORK: usize = 400_000;

/// Work on the candidates of all rows, if there are no more than they must be.
const ALL_WORK: usize = 2_000_000_000;

/// Which tuples are left.
#[derive(Debug, Clone)]
pub(crate) struct Left {
    tuples: Vec<bool>,
    count: usize,
    /// No tuple before this one is left.
    first: usize,
}

impl Left {
    pub(crate) fn new(tuples: Vec<bool>) -> Left {
        let count = tuples.iter().filter(|left| **left).count();
        Left {
            tuples,
            count,
            first: 0,
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn is_left(&self, tuple: usize) -> bool {
        self.tuples[tuple]
    }

    /// Takes out what a row covers.
    pub(crate) fn cover(&mut self, space: &Space, row: &[u16]) {
        space.tuples(row, |tuple| {
            self.count -= usize::from(std::mem::take(&mut self.tuples[tuple]));
        });
    }

    /// The next tuple that is left, at or after a chance position.
    fn some(&mut self, random: &mut Random) -> Option<usize> {
        if self.count == 0 {
            return None;
        }
        while !self.tuples[self.first] {
            self.first += 1;
        }
        let start = self.first + random.below(self.tuples.len() - self.first);
        (start..self.tuples.len())
            .chain(self.first..start)
            .find(|tuple| self.tuples[*tuple])
    }
}

/// What rows are made with.
#[derive(Debug)]
pub(crate) struct Greedy<'a> {
    pub(crate) model: &'a Model,
    pub(crate) space: &'a Space,
    pub(crate) rules: &'a Rules,
}

impl Greedy<'_> {
    /// Completes `start` in the best of several ways. `None` when it cannot be completed.
    pub(crate) fn complete(
        &self,
        start: &[u16],
        left: &Left,
        random: &mut Random,
    ) -> Result<Option<Vec<u16>>, Error> {
        let mut witness = start.to_vec();
        if !self.rules.complete(&mut witness)? {
            return Ok(None);
        }
        let mut best: Option<(usize, Vec<u16>)> = None;
        let is_whole = !start.contains(&FREE);
        for _ in 0..if is_whole { 1 } else { self.candidates() } {
            let made = self.fill(start, &witness, left, random)?;
            if best.as_ref().is_none_or(|(most, _)| made.0 > *most) {
                best = Some(made);
            }
        }
        Ok(best.map(|(_, row)| row))
    }

    /// A new row that covers something, or `None` when nothing is left.
    pub(crate) fn row(&self, left: &mut Left, random: &mut Random) -> Result<Option<Vec<u16>>, Error> {
        let mut best: Option<(usize, Vec<u16>)> = None;
        for _ in 0..self.candidates() {
            let Some(tuple) = left.some(random) else {
                return Ok(None);
            };
            let mut start = vec![FREE; self.space.levels.len()];
            for (parameter, value) in self.space.decode(tuple) {
                start[parameter] = value;
            }
            let mut witness = start.clone();
            if !self.rules.complete(&mut witness)? {
                return Err(Error::Unsatisfiable);
            }
            let made = self.fill(&start, &witness, left, random)?;
            if best.as_ref().is_none_or(|(most, _)| made.0 > *most) {
                best = Some(made);
            }
        }
        Ok(best.map(|(_, row)| row))
    }

    /// How many ways to make a row are tried: fewer where a row is much work or many rows are needed.
    fn candidates(&self) -> usize {
        let levels = self.space.levels.iter().enumerate();
        let work: usize = levels
            .map(|(parameter, level)| level * self.space.degree(parameter))
            .sum();
        let work = work.max(1);
        let most = (ROW_WORK / work).clamp(1, 40);
        (ALL_WORK / work / self.space.largest).clamp(1, most)
    }

    /// Chooses all open values, and says how much the row covers anew. The witness is a completion.
    fn fill(
        &self,
        start: &[u16],
        witness: &[u16],
        left: &Left,
        random: &mut Random,
    ) -> Result<(usize, Vec<u16>), Error> {
        let mut order: Vec<usize> = (0..start.len())
            .filter(|parameter| start[*parameter] == FREE)
            .collect();
        random.shuffle(&mut order);
        let mut partial = Partial {
            row: start.to_vec(),
            witness: witness.to_vec(),
        };
        let mut gain = 0;
        self.space
            .tuples(start, |tuple| gain += usize::from(left.is_left(tuple)));
        for parameter in order {
            gain += self.choose(&mut partial, parameter, left, random)?;
        }
        Ok((gain, partial.row))
    }

    /// Chooses one value: what covers most; among equals, by weight.
    fn choose(
        &self,
        partial: &mut Partial,
        parameter: usize,
        left: &Left,
        random: &mut Random,
    ) -> Result<usize, Error> {
        let mut gains = vec![0_usize; self.space.levels[parameter]];
        self.space.around(parameter, &partial.row, |mut tuple, stride| {
            for gain in &mut gains {
                *gain += usize::from(left.is_left(tuple));
                tuple += stride;
            }
        });
        let values = &self.model.parameters()[parameter].values;
        let mut is_out = vec![false; gains.len()];
        loop {
            let open = (0..gains.len()).filter(|value| !is_out[*value]);
            let most = open.map(|value| gains[value]).max();
            let weights = (0..gains.len()).map(|value| {
                let is_best = !is_out[value] && Some(gains[value]) == most;
                if is_best { values[value].weight } else { 0 }
            });
            let Some(value) = random.weighted(weights) else {
                // A row that can be completed has a value for each parameter.
                return Err(Error::Unsatisfiable);
            };
            if partial.accept(self.rules, parameter, level(value))? {
                return Ok(gains[value]);
            }
            is_out[value] = true;
        }
    }
}

/// A row in the making, and a completion of it that proves that it can be made.
struct Partial {
    row: Vec<u16>,
    /// As far as constraints reach.
    witness: Vec<u16>,
}

impl Partial {
    /// Takes the value if the row can still be completed: often the proof only needs this value changed.
    fn accept(&mut self, rules: &Rules, parameter: usize, value: u16) -> Result<bool, Error> {
        self.row[parameter] = value;
        let before = std::mem::replace(&mut self.witness[parameter], value);
        if rules.is_free() || rules.allows_change(&self.witness, parameter) {
            return Ok(true);
        }
        let mut witness = self.row.clone();
        let is_possible = rules.complete(&mut witness)?;
        if is_possible {
            self.witness = witness;
        } else {
            self.row[parameter] = FREE;
            self.witness[parameter] = before;
        }
        Ok(is_possible)
    }
}
