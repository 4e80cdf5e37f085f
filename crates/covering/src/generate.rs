//! From a model to rows.

use std::collections::HashMap;

use crate::construct;
use crate::engine::greedy::{Greedy, Left};
use crate::engine::rules::{Phase, Rules};
use crate::engine::search::Search;
use crate::engine::space::{FREE, Space, level};
use crate::error::Error;
use crate::model::Model;
use crate::random::Random;

/// How rows are made.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many parameters are combined with each other: 1 to [`crate::MAX_STRENGTH`], and at most the number
    /// of parameters. 2 by default.
    pub strength: usize,
    /// Another number gives other rows; the same number always the same. 0 by default.
    pub random_seed: u64,
    /// How long fewer rows are searched for, in millions of tuples looked at (some tenths of a second for 30,
    /// the default). 0 keeps what the constructions and the greedy pass give.
    pub effort: u32,
    /// Rows that are kept, as positions of values; open values are completed. They come first, in this order.
    pub seed_rows: Vec<Vec<Option<usize>>>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            strength: 2,
            random_seed: 0,
            effort: 30,
            seed_rows: Vec::new(),
        }
    }
}

/// Rows that cover a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows {
    /// For each row the position of the value of each parameter.
    pub rows: Vec<Vec<usize>>,
    /// Positions in [`Options::seed_rows`] of rows that break a constraint however they are completed, or hold
    /// two negative values. They are left out.
    pub skipped: Vec<usize>,
    /// How many tuples the rows cover: all that the constraints allow.
    pub tuples: usize,
    /// How many tuples no allowed row can hold.
    pub excluded: usize,
}

/// Makes rows that cover every combination of values that the constraints allow.
///
/// Combinations of valid values are covered by rows without a negative value; each combination with one
/// negative value by a row that has no other negative value.
///
/// # Errors
///
/// When the strength is out of range, the model is too large, or its constraints allow no row or are too hard
/// to decide.
pub fn generate(model: &Model, options: &Options) -> Result<Rows, Error> {
    let most = crate::MAX_STRENGTH.min(model.parameters().len());
    if options.strength == 0 || options.strength > most {
        return Err(Error::Strength {
            strength: options.strength,
            most,
        });
    }
    let space = Space::new(model, options.strength)?;
    let (seeds, skipped) = seeds(model, options)?;
    let mut random = Random::new(options.random_seed);
    let mut made = Made::default();
    let mut first = vec![Vec::new(); seeds.len()];
    let mut rest = Vec::new();
    let mut is_possible = false;
    let all_tuples = count_wanted(model, &space);
    for phase in phases(model) {
        let rules = Rules::new(model, phase);
        if !rules.is_possible(&vec![FREE; space.levels.len()])? {
            continue;
        }
        is_possible = true;
        let own: Vec<usize> = (0..seeds.len()).filter(|seed| seeds[*seed].1 == phase).collect();
        let fixed: Vec<Vec<u16>> = own.iter().map(|seed| seeds[*seed].0.clone()).collect();
        let run = Run {
            greedy: Greedy {
                model,
                space: &space,
                rules: &rules,
            },
            options,
            phase,
        };
        let mut rows = run.rows(&fixed, &mut random, &mut made)?;
        rest.extend(rows.split_off(fixed.len()));
        for (seed, row) in own.into_iter().zip(rows) {
            first[seed] = row;
        }
    }
    if !is_possible {
        return Err(Error::Unsatisfiable);
    }
    let positions = |row: Vec<u16>| row.into_iter().map(usize::from).collect();
    Ok(Rows {
        rows: first.into_iter().chain(rest).map(positions).collect(),
        skipped,
        tuples: made.tuples,
        excluded: all_tuples - made.tuples,
    })
}

/// Sums over the phases.
#[derive(Debug, Default)]
struct Made {
    tuples: usize,
}

/// Tuples with at most one negative value, whether constraints allow them or not.
fn count_wanted(model: &Model, space: &Space) -> usize {
    (0..space.len)
        .filter(|tuple| {
            let negatives = space.decode(*tuple).filter(|(parameter, value)| {
                model.parameters()[*parameter].values[usize::from(*value)].is_negative
            });
            negatives.count() <= 1
        })
        .count()
}

fn phases(model: &Model) -> Vec<Phase> {
    let mut values = model.parameters().iter().flat_map(|parameter| &parameter.values);
    if values.any(|value| value.is_negative) {
        vec![Phase::Valid, Phase::Negative]
    } else {
        vec![Phase::Valid]
    }
}

/// A seed row and the phase it belongs to.
type Seed = (Vec<u16>, Phase);

/// The seed rows that can be kept, and the positions of those that cannot.
fn seeds(model: &Model, options: &Options) -> Result<(Vec<Seed>, Vec<usize>), Error> {
    let rules: Vec<(Phase, Rules)> = phases(model)
        .into_iter()
        .map(|phase| (phase, Rules::new(model, phase)))
        .collect();
    let (mut kept, mut skipped) = (Vec::new(), Vec::new());
    for (number, seed) in options.seed_rows.iter().enumerate() {
        let fits = |(value, parameter): (&Option<usize>, &crate::Parameter)| {
            value.is_none_or(|value| value < parameter.values.len())
        };
        if seed.len() != model.parameters().len() || !seed.iter().zip(model.parameters()).all(fits) {
            return Err(Error::SeedRow { row: number + 1 });
        }
        let row: Vec<u16> = seed.iter().map(|value| value.map_or(FREE, level)).collect();
        let mut home = None;
        for (phase, rules) in &rules {
            if home.is_none() && rules.is_possible(&row)? {
                home = Some(*phase);
            }
        }
        match home {
            Some(phase) => kept.push((row, phase)),
            None => skipped.push(number),
        }
    }
    Ok((kept, skipped))
}

/// Which tuples some allowed row holds.
struct Possible<'a> {
    space: &'a Space,
    rules: &'a Rules,
    /// Tuples of constrained parameters that were in a row already.
    is_seen: Vec<bool>,
    /// What is known of the constrained parts of other tuples.
    parts: HashMap<Vec<(usize, u16)>, bool>,
    turn: usize,
}

impl Possible<'_> {
    fn holds(&mut self, tuple: usize, values: Vec<(usize, u16)>) -> Result<bool, Error> {
        let width = values.len();
        let mut part = values;
        // A negative value counts wherever it stands: it forbids others.
        part.retain(|(parameter, value)| {
            self.rules.is_constrained(*parameter) || self.rules.is_negative(*parameter, *value)
        });
        if part.is_empty() || self.is_seen[tuple] {
            return Ok(true);
        }
        if let Some(known) = self.parts.get(&part) {
            return Ok(*known);
        }
        let mut row = vec![FREE; self.space.levels.len()];
        for (parameter, value) in &part {
            row[*parameter] = *value;
        }
        self.turn += 1;
        let is_possible = self.rules.complete_from(&mut row, self.turn)?;
        if part.len() < width {
            self.parts.insert(part, is_possible);
        } else if is_possible {
            self.space.tuples(&row, |tuple| self.is_seen[tuple] = true);
        }
        Ok(is_possible)
    }
}

/// The work of one phase.
struct Run<'a> {
    greedy: Greedy<'a>,
    options: &'a Options,
    phase: Phase,
}

impl Run<'_> {
    /// The seed rows, completed, and all others.
    fn rows(&self, fixed: &[Vec<u16>], random: &mut Random, made: &mut Made) -> Result<Vec<Vec<u16>>, Error> {
        let space = self.greedy.space;
        let is_wanted = self.wanted()?;
        let wanted = Left::new(is_wanted);
        made.tuples += wanted.count();
        let mut seeded = wanted.clone();
        let mut locked = Vec::new();
        for row in fixed {
            let row = self
                .greedy
                .complete(row, &seeded, random)?
                .ok_or(Error::Unsatisfiable)?;
            seeded.cover(space, &row);
            locked.push(row);
        }
        let fewest = self.bound(&wanted);
        let mut best: Option<Vec<Vec<u16>>> = None;
        for start in self.starts(fixed.is_empty(), random) {
            let rows = self.from(&start, locked.clone(), seeded.clone(), random)?;
            if best.as_ref().is_none_or(|best| rows.len() < best.len()) {
                best = Some(rows);
            }
            if best.as_ref().is_some_and(|best| best.len() <= fewest) {
                break;
            }
        }
        let rows = best.unwrap_or_default();
        let is_wanted: Vec<bool> = (0..space.len).map(|tuple| wanted.is_left(tuple)).collect();
        let search = Search::new(space, self.greedy.rules, &is_wanted, rows, fixed.len());
        let work = u64::from(self.options.effort) * 1_000_000;
        let rows = search.shrink(fewest, work, random);
        if self.has_weights() {
            let search = Search::new(space, self.greedy.rules, &is_wanted, rows, fixed.len());
            return Ok(search.weighed(self.greedy.model, random));
        }
        Ok(rows)
    }

    fn has_weights(&self) -> bool {
        let mut values = self
            .greedy
            .model
            .parameters()
            .iter()
            .flat_map(|parameter| &parameter.values);
        values.any(|value| value.weight != 1)
    }

    /// Which tuples rows of this phase have to cover.
    fn wanted(&self) -> Result<Vec<bool>, Error> {
        let (space, rules) = (self.greedy.space, self.greedy.rules);
        if rules.is_free() {
            return Ok(vec![true; space.len]);
        }
        let negatives = usize::from(self.phase == Phase::Negative);
        let mut is_wanted = vec![false; space.len];
        let mut possible = Possible {
            space,
            rules,
            is_seen: vec![false; space.len],
            parts: HashMap::new(),
            turn: 0,
        };
        for (tuple, wanted) in is_wanted.iter_mut().enumerate() {
            let values: Vec<(usize, u16)> = space.decode(tuple).collect();
            let own = values
                .iter()
                .filter(|(parameter, value)| rules.is_negative(*parameter, *value));
            *wanted = own.count() == negatives && possible.holds(tuple, values)?;
        }
        Ok(is_wanted)
    }

    /// Partial rows to begin with; first of all none.
    fn starts(&self, has_no_seed: bool, random: &mut Random) -> Vec<Vec<Vec<u16>>> {
        let mut starts = vec![Vec::new()];
        let model = self.greedy.model;
        if self.phase == Phase::Valid && has_no_seed && model.constraints().is_empty() {
            let valid: Vec<Vec<u16>> = model
                .parameters()
                .iter()
                .enumerate()
                .map(|(parameter, of)| {
                    let all = 0..level(of.values.len());
                    all.filter(|value| !self.greedy.rules.is_negative(parameter, *value))
                        .collect()
                })
                .collect();
            let levels: Vec<usize> = valid.iter().map(Vec::len).collect();
            for rows in construct::starts(&levels, self.options.strength, random) {
                let value =
                    |(cell, valid): (u16, &Vec<u16>)| valid.get(usize::from(cell)).copied().unwrap_or(FREE);
                starts.push(
                    rows.into_iter()
                        .map(|row| row.into_iter().zip(&valid).map(value).collect())
                        .collect(),
                );
            }
        }
        starts
    }

    /// Completes the rows of a start, leaves out those that add nothing, and adds what is missing.
    fn from(
        &self,
        start: &[Vec<u16>],
        mut rows: Vec<Vec<u16>>,
        mut left: Left,
        random: &mut Random,
    ) -> Result<Vec<Vec<u16>>, Error> {
        let space = self.greedy.space;
        for row in start {
            let before = left.count();
            if let Some(row) = self.greedy.complete(row, &left, random)? {
                left.cover(space, &row);
                if left.count() < before {
                    rows.push(row);
                }
            }
        }
        while let Some(row) = self.greedy.row(&mut left, random)? {
            left.cover(space, &row);
            rows.push(row);
        }
        Ok(rows)
    }

    /// A number of rows below which there is no cover: a row holds one tuple of each group.
    fn bound(&self, wanted: &Left) -> usize {
        let space = self.greedy.space;
        let ends = space
            .groups
            .iter()
            .skip(1)
            .map(|group| group.first)
            .chain([space.len]);
        let most = space
            .groups
            .iter()
            .zip(ends)
            .map(|(group, end)| (group.first..end).filter(|tuple| wanted.is_left(*tuple)).count())
            .max()
            .unwrap_or(0);
        let model = self.greedy.model;
        let is_plain =
            self.greedy.rules.is_free() && model.sub_models().is_empty() && self.options.strength >= 2;
        let columns = space.levels.iter().filter(|level| **level >= 2).count();
        if is_plain && columns >= 2 {
            most.max(construct::binary_rows(columns))
        } else {
            most
        }
    }
}
