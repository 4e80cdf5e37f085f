//! The proof that rows cover a model. Nothing here is shared with the generator but the comparison of
//! values: tuples are enumerated, and constraints evaluated, in another and simpler way.

mod evaluate;

use std::collections::{BTreeSet, HashMap};

use crate::error::Error;
use crate::model::{Model, Value};
use evaluate::{holds, speaks_of};

/// Most values that are tried to find out whether one tuple is allowed.
const MAX_STEPS: u64 = 200_000;

/// Values of some parameters: positions of the parameter and of its value.
pub type Tuple = Vec<(usize, usize)>;

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Too few or many values, or one that the parameter does not have.
    #[error("row {row} does not fit the model")]
    Shape {
        /// Its number, from 1.
        row: usize,
    },
    /// More than one negative value, so that one hides the other.
    #[error("row {row} has more than one negative value")]
    Negatives {
        /// Its number, from 1.
        row: usize,
    },
    /// A constraint that does not hold.
    #[error("row {row} breaks constraint {constraint}")]
    Constraint {
        /// Its number, from 1.
        row: usize,
        /// Its number, from 1.
        constraint: usize,
    },
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong with rows. A faulty row covers nothing.
    pub faults: Vec<Fault>,
    /// Allowed tuples that no row covers.
    pub uncovered: Vec<Tuple>,
    /// How many tuples are covered.
    pub covered: usize,
    /// How many tuples no allowed row can hold.
    pub excluded: usize,
}

impl Report {
    /// Whether every row is allowed and every allowed tuple is covered.
    pub fn is_proven(&self) -> bool {
        self.faults.is_empty() && self.uncovered.is_empty()
    }
}

/// Checks that the rows (positions of values) are allowed, and cover what is to be covered at this strength.
///
/// It takes its time: all tuples are held in memory, and each that is not covered is searched for an allowed
/// row by trying values one after the other.
///
/// # Errors
///
/// [`Error::TooHard`] when that search takes too long.
pub fn check(model: &Model, strength: usize, rows: &[Vec<usize>]) -> Result<Report, Error> {
    let mut checker = Checker {
        model,
        rows: Vec::new(),
        report: Report::default(),
        known: HashMap::new(),
        scopes: Vec::new(),
    };
    for constraint in model.constraints() {
        let mut scope = BTreeSet::new();
        for expression in constraint.expressions() {
            speaks_of(model, expression, &mut scope);
        }
        checker.scopes.push(scope);
    }
    for (number, row) in (1..).zip(rows) {
        checker.take_row(number, row);
    }
    for set in sets(model, strength) {
        checker.check_set(&set)?;
    }
    Ok(checker.report)
}

/// The sets of parameters whose values are combined.
fn sets(model: &Model, strength: usize) -> BTreeSet<Vec<usize>> {
    let everything: Vec<usize> = (0..model.parameters().len()).collect();
    let mut sets = BTreeSet::new();
    choose(&everything, strength, &mut Vec::new(), &mut sets);
    for sub_model in model.sub_models() {
        sets.retain(|set| {
            !set.iter()
                .all(|parameter| sub_model.parameters.contains(parameter))
        });
    }
    for sub_model in model.sub_models() {
        let mut inner = sub_model.parameters.clone();
        inner.sort_unstable();
        let own = sub_model.strength.unwrap_or(strength).min(inner.len());
        choose(&inner, own, &mut Vec::new(), &mut sets);
    }
    sets
}

/// Adds each choice of `more` of `from` to what is taken already.
fn choose(from: &[usize], more: usize, taken: &mut Vec<usize>, sets: &mut BTreeSet<Vec<usize>>) {
    if more == 0 {
        sets.insert(taken.clone());
        return;
    }
    for (position, parameter) in from.iter().enumerate() {
        taken.push(*parameter);
        choose(
            from.get(position + 1..).unwrap_or_default(),
            more - 1,
            taken,
            sets,
        );
        taken.pop();
    }
}

struct Checker<'a> {
    model: &'a Model,
    /// Rows without fault, and whether each holds a negative value.
    rows: Vec<(&'a [usize], bool)>,
    report: Report,
    /// Whether tuples of constrained parameters are allowed.
    known: HashMap<Tuple, bool>,
    /// The parameters that each constraint speaks of.
    scopes: Vec<BTreeSet<usize>>,
}

impl<'a> Checker<'a> {
    fn value(&self, parameter: usize, value: usize) -> Option<&'a Value> {
        self.model.parameters().get(parameter)?.values.get(value)
    }

    fn is_negative(&self, parameter: usize, value: usize) -> bool {
        self.value(parameter, value)
            .is_some_and(|value| value.is_negative)
    }

    /// Keeps rows that are allowed, and reports the others.
    fn take_row(&mut self, number: usize, row: &'a [usize]) {
        let cells = || row.iter().copied().enumerate();
        let is_whole = row.len() == self.model.parameters().len()
            && cells().all(|(parameter, value)| self.value(parameter, value).is_some());
        if !is_whole {
            self.report.faults.push(Fault::Shape { row: number });
            return;
        }
        let negatives = cells()
            .filter(|(parameter, value)| self.is_negative(*parameter, *value))
            .count();
        if negatives > 1 {
            self.report.faults.push(Fault::Negatives { row: number });
            return;
        }
        let chosen: Vec<Option<usize>> = row.iter().copied().map(Some).collect();
        let broken = self
            .model
            .constraints()
            .iter()
            .position(|constraint| holds(self.model, constraint, &chosen) != Some(true));
        match broken {
            Some(constraint) => self.report.faults.push(Fault::Constraint {
                row: number,
                constraint: constraint + 1,
            }),
            None => self.rows.push((row, negatives > 0)),
        }
    }

    /// Counts the tuples of one set of parameters, and lists those that are not covered.
    fn check_set(&mut self, set: &[usize]) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        for (row, has_negative) in &self.rows {
            let tuple: Tuple = set
                .iter()
                .filter_map(|parameter| row.get(*parameter).map(|value| (*parameter, *value)))
                .collect();
            let holds_it = tuple
                .iter()
                .any(|(parameter, value)| self.is_negative(*parameter, *value));
            // Valid values beside an invalid one are not tested: the error comes first.
            if holds_it == *has_negative {
                seen.insert(tuple);
            }
        }
        self.report.covered += seen.len();
        let mut tuple = Tuple::new();
        self.check_tuples(set, &mut tuple, &seen)
    }

    fn check_tuples(
        &mut self,
        set: &[usize],
        tuple: &mut Tuple,
        seen: &BTreeSet<Tuple>,
    ) -> Result<(), Error> {
        let Some((parameter, rest)) = set.split_first() else {
            if !seen.contains(tuple) && self.negatives(tuple) <= 1 {
                if self.is_allowed(tuple)? {
                    self.report.uncovered.push(tuple.clone());
                } else {
                    self.report.excluded += 1;
                }
            }
            return Ok(());
        };
        let values = self
            .model
            .parameters()
            .get(*parameter)
            .map_or(0, |of| of.values.len());
        for value in 0..values {
            tuple.push((*parameter, value));
            self.check_tuples(rest, tuple, seen)?;
            tuple.pop();
        }
        Ok(())
    }

    fn negatives(&self, tuple: &Tuple) -> usize {
        tuple
            .iter()
            .filter(|(parameter, value)| self.is_negative(*parameter, *value))
            .count()
    }

    /// Whether some allowed row holds the tuple, and no negative value beyond it.
    fn is_allowed(&mut self, tuple: &Tuple) -> Result<bool, Error> {
        let key: Tuple = tuple
            .iter()
            .copied()
            .filter(|(parameter, value)| {
                let is_bound = self.scopes.iter().any(|scope| scope.contains(parameter));
                is_bound || self.is_negative(*parameter, *value)
            })
            .collect();
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let mut chosen = vec![None; self.model.parameters().len()];
        for (parameter, value) in tuple {
            set(&mut chosen, *parameter, Some(*value));
        }
        let mut open: Vec<usize> = self.scopes.iter().flatten().copied().collect();
        open.sort_unstable();
        open.dedup();
        open.retain(|parameter| !key.iter().any(|(given, _)| given == parameter));
        let is_allowed = tuple
            .iter()
            .all(|(parameter, _)| self.breaks_nothing(&chosen, *parameter))
            && self.extends(&mut chosen, &open, &mut 0)?;
        self.known.insert(key, is_allowed);
        Ok(is_allowed)
    }

    /// Gives the open parameters valid values, the one with the fewest left first.
    fn extends(&self, chosen: &mut [Option<usize>], open: &[usize], steps: &mut u64) -> Result<bool, Error> {
        *steps += 1;
        if *steps > MAX_STEPS {
            return Err(Error::TooHard { steps: MAX_STEPS });
        }
        let mut fewest: Option<(usize, Vec<usize>)> = None;
        for parameter in open {
            let left = self.left(chosen, *parameter);
            if fewest
                .as_ref()
                .is_none_or(|(_, values)| left.len() < values.len())
            {
                fewest = Some((*parameter, left));
            }
            if fewest.as_ref().is_some_and(|(_, values)| values.len() < 2) {
                break;
            }
        }
        let Some((parameter, values)) = fewest else {
            return Ok(true);
        };
        let rest: Vec<usize> = open.iter().copied().filter(|other| *other != parameter).collect();
        for value in values {
            set(chosen, parameter, Some(value));
            if self.extends(chosen, &rest, steps)? {
                return Ok(true);
            }
        }
        set(chosen, parameter, None);
        Ok(false)
    }

    /// The valid values of a parameter that break no constraint beside what is chosen.
    fn left(&self, chosen: &mut [Option<usize>], parameter: usize) -> Vec<usize> {
        let values = self
            .model
            .parameters()
            .get(parameter)
            .map_or(0, |of| of.values.len());
        let left = (0..values)
            .filter(|value| !self.is_negative(parameter, *value))
            .filter(|value| {
                set(chosen, parameter, Some(*value));
                self.breaks_nothing(chosen, parameter)
            })
            .collect();
        set(chosen, parameter, None);
        left
    }

    /// Whether no constraint that speaks of the parameter fails for certain.
    fn breaks_nothing(&self, chosen: &[Option<usize>], parameter: usize) -> bool {
        let constraints = self.model.constraints().iter().zip(&self.scopes);
        constraints
            .filter(|(_, scope)| scope.contains(&parameter))
            .all(|(constraint, _)| holds(self.model, constraint, chosen) != Some(false))
    }
}

fn set(chosen: &mut [Option<usize>], parameter: usize, value: Option<usize>) {
    if let Some(cell) = chosen.get_mut(parameter) {
        *cell = value;
    }
}
