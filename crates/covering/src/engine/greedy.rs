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
        if !self.rules.is_possible(start)? {
            return Ok(None);
        }
        let mut best: Option<(usize, Vec<u16>)> = None;
        let open = start.iter().filter(|value| **value == FREE).count();
        let candidates = if open == 0 { 1 } else { self.candidates() };
        for _ in 0..candidates {
            let mut row = start.to_vec();
            let gain = self.fill(&mut row, left, random)?;
            if best.as_ref().is_none_or(|(most, _)| gain > *most) {
                best = Some((gain, row));
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
            let mut row = vec![FREE; self.space.levels.len()];
            for (parameter, value) in self.space.decode(tuple) {
                row[parameter] = value;
            }
            let gain = self.fill(&mut row, left, random)?;
            if best.as_ref().is_none_or(|(most, _)| gain > *most) {
                best = Some((gain, row));
            }
        }
        Ok(best.map(|(_, row)| row))
    }

    fn candidates(&self) -> usize {
        let levels = self.space.levels.iter().enumerate();
        let work: usize = levels
            .map(|(parameter, level)| level * self.space.degree(parameter))
            .sum();
        (ROW_WORK / work.max(1)).clamp(1, 40)
    }

    /// Chooses all open values, and says how much the row covers anew.
    fn fill(&self, row: &mut [u16], left: &Left, random: &mut Random) -> Result<usize, Error> {
        let mut order: Vec<usize> = (0..row.len())
            .filter(|parameter| row[*parameter] == FREE)
            .collect();
        random.shuffle(&mut order);
        let mut gain = 0;
        self.space
            .tuples(row, |tuple| gain += usize::from(left.is_left(tuple)));
        for parameter in order {
            gain += self.choose(row, parameter, left, random)?;
        }
        Ok(gain)
    }

    /// Chooses one value: what covers most; among equals, by weight.
    fn choose(
        &self,
        row: &mut [u16],
        parameter: usize,
        left: &Left,
        random: &mut Random,
    ) -> Result<usize, Error> {
        let mut gains = vec![0_usize; self.space.levels[parameter]];
        self.space.around(parameter, row, |mut tuple, stride| {
            for gain in &mut gains {
                *gain += usize::from(left.is_left(tuple));
                tuple += stride;
            }
        });
        let values = &self.model.parameters()[parameter].values;
        let is_bound = !self.rules.is_free();
        let mut is_out = vec![false; gains.len()];
        loop {
            let most = (0..gains.len())
                .filter(|value| !is_out[*value])
                .map(|value| gains[value])
                .max();
            let weights = (0..gains.len()).map(|value| {
                let is_best = !is_out[value] && Some(gains[value]) == most;
                if is_best { values[value].weight } else { 0 }
            });
            let Some(value) = random.weighted(weights) else {
                // A row that can be completed has a value for each parameter.
                return Err(Error::Unsatisfiable);
            };
            row[parameter] = level(value);
            let is_possible = !is_bound
                || if self.rules.is_constrained(parameter) || self.rules.is_negative(parameter, level(value))
                {
                    self.rules.is_possible(row)?
                } else {
                    self.rules.admits_negatives(row)
                };
            if is_possible {
                return Ok(gains[value]);
            }
            is_out[value] = true;
        }
    }
}
