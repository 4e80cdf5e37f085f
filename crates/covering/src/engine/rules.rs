//! Which rows are allowed: constraints on positions instead of names, and the search for a completion.

use super::space::{FREE, level};
use crate::constraint::{Constraint, Expression, Operand, Relation, is_like};
use crate::error::Error;
use crate::model::Model;
use crate::random::Random;

/// Most steps of one search before it is given up.
const MAX_STEPS: u64 = 200_000;

/// Which values rows may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Valid values alone.
    Valid,
    /// At most one negative value.
    Negative,
}

/// An expression over positions. Leaves are tables of truth.
#[derive(Debug)]
enum Node {
    One(usize, Vec<bool>),
    /// Both parameters, the number of values of the second, and a row of truths for each of the first.
    Two(usize, usize, usize, Vec<bool>),
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
}

/// The constraints of a model in one phase.
#[derive(Debug)]
pub(crate) struct Rules {
    nodes: Vec<Node>,
    /// The constraints of each parameter.
    touching: Vec<Vec<usize>>,
    /// Parameters that are in a constraint.
    constrained: Vec<usize>,
    /// Whether each value of each parameter is negative.
    negative: Vec<Vec<bool>>,
    phase: Phase,
    /// The parameters of each constraint, as places in `constrained`.
    scopes: Vec<Vec<usize>>,
}

impl Rules {
    pub(crate) fn new(model: &Model, phase: Phase) -> Rules {
        let nodes: Vec<Node> = model
            .constraints()
            .iter()
            .map(|constraint| compile(model, constraint))
            .collect();
        let mut touching = vec![Vec::new(); model.parameters().len()];
        let mut scopes = Vec::new();
        for (position, node) in nodes.iter().enumerate() {
            let mut scope = Vec::new();
            node.scope(&mut scope);
            scope.sort_unstable();
            scope.dedup();
            for parameter in &scope {
                touching[*parameter].push(position);
            }
            scopes.push(scope);
        }
        let constrained: Vec<usize> = (0..touching.len())
            .filter(|parameter| !touching[*parameter].is_empty())
            .collect();
        for parameter in scopes.iter_mut().flatten() {
            *parameter = constrained.binary_search(parameter).unwrap_or(0);
        }
        let negative = model
            .parameters()
            .iter()
            .map(|parameter| parameter.values.iter().map(|value| value.is_negative).collect())
            .collect();
        Rules {
            nodes,
            touching,
            constrained,
            negative,
            phase,
            scopes,
        }
    }

    /// Whether any row is as good as any other.
    pub(crate) fn is_free(&self) -> bool {
        self.nodes.is_empty() && !self.negative.iter().flatten().any(|negative| *negative)
    }

    pub(crate) fn is_constrained(&self, parameter: usize) -> bool {
        !self.touching[parameter].is_empty()
    }

    pub(crate) fn is_negative(&self, parameter: usize, value: u16) -> bool {
        value != FREE && self.negative[parameter][usize::from(value)]
    }

    /// About how much work a completion is, in tuples looked at.
    pub(crate) fn completion_work(&self) -> u64 {
        4 * (self.constrained.len() as u64).pow(2) + 100
    }

    /// The first valid value.
    pub(crate) fn some_valid(&self, parameter: usize) -> u16 {
        level(
            self.negative[parameter]
                .iter()
                .position(|negative| !negative)
                .unwrap_or(0),
        )
    }

    /// How many negative values the row holds.
    pub(crate) fn negatives(&self, row: &[u16]) -> usize {
        (0..row.len())
            .filter(|parameter| self.is_negative(*parameter, row[*parameter]))
            .count()
    }

    /// Whether the value is possible where `negatives` others of the row are negative.
    fn admits(&self, parameter: usize, value: u16, negatives: usize) -> bool {
        !self.is_negative(parameter, value) || (self.phase == Phase::Negative && negatives == 0)
    }

    /// Whether the number of negative values is in order.
    pub(crate) fn admits_negatives(&self, row: &[u16]) -> bool {
        self.negatives(row) <= usize::from(self.phase == Phase::Negative)
    }

    /// Whether a whole row stays allowed after `parameter` was changed.
    pub(crate) fn allows_change(&self, row: &[u16], parameter: usize) -> bool {
        self.admits_negatives(row) && self.keeps(row, parameter)
    }

    /// Whether no constraint on `parameter` is broken for certain.
    fn keeps(&self, row: &[u16], parameter: usize) -> bool {
        self.touching[parameter]
            .iter()
            .all(|constraint| self.nodes[*constraint].truth(row) != Some(false))
    }

    /// Whether the chosen values of a row can be completed.
    pub(crate) fn is_possible(&self, row: &[u16]) -> Result<bool, Error> {
        self.complete(&mut row.to_vec())
    }

    /// Chooses the open values of constrained parameters so that all constraints hold, if possible.
    pub(crate) fn complete(&self, row: &mut [u16]) -> Result<bool, Error> {
        self.complete_from(row, 0)
    }

    /// As [`Rules::complete`], beginning with other values in each turn.
    pub(crate) fn complete_from(&self, row: &mut [u16], turn: usize) -> Result<bool, Error> {
        if !self.admits_negatives(row) || self.nodes.iter().any(|node| node.truth(row) == Some(false)) {
            return Ok(false);
        }
        if self.nodes.is_empty() {
            return Ok(true);
        }
        let negatives = self.negatives(row);
        let left = |parameter: &usize| {
            let all = 0..level(self.negative[*parameter].len());
            all.filter(|value| self.admits(*parameter, *value, negatives))
                .collect()
        };
        let mut search = Completion {
            rules: self,
            row,
            left: self.constrained.iter().map(left).collect(),
            undo: Vec::new(),
            turn,
            steps: 0,
        };
        for constraint in 0..self.nodes.len() {
            if !search.narrow(constraint) {
                return Ok(false);
            }
        }
        search.run()
    }
}

/// Backtracking with forward checking: the parameter with the fewest values left comes first, and each choice
/// takes away what it makes impossible for others.
struct Completion<'a> {
    rules: &'a Rules,
    row: &'a mut [u16],
    /// What each constrained parameter can still be, in the order of [`Rules::constrained`].
    left: Vec<Vec<u16>>,
    /// What was narrowed, with what was left before.
    undo: Vec<(usize, Vec<u16>)>,
    /// Chooses the first value that is tried.
    turn: usize,
    steps: u64,
}

impl Completion<'_> {
    fn run(&mut self) -> Result<bool, Error> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(Error::TooHard { steps: MAX_STEPS });
        }
        let rules = self.rules;
        let open = rules.constrained.iter().zip(&self.left).enumerate();
        let next = open
            .filter(|(_, (parameter, _))| self.row[**parameter] == FREE)
            .min_by_key(|(_, (_, left))| left.len());
        let Some((place, (parameter, _))) = next else {
            return Ok(true);
        };
        let parameter = *parameter;
        let negatives = rules.negatives(self.row);
        let mut values = self.left[place].clone();
        if !values.is_empty() {
            // Neighbouring turns and parameters differ, without any pattern that the model may have.
            let mixed = Random::new((self.turn as u64) << 16 | parameter as u64).below(values.len());
            values.rotate_left(if self.turn == 0 { 0 } else { mixed });
        }
        values.sort_by_key(|value| rules.is_negative(parameter, *value));
        for value in values {
            if !rules.admits(parameter, value, negatives) {
                continue;
            }
            let before = self.undo.len();
            self.row[parameter] = value;
            let is_open = rules.touching[parameter]
                .iter()
                .all(|constraint| self.narrow(*constraint));
            if is_open && self.run()? {
                return Ok(true);
            }
            self.row[parameter] = FREE;
            for (place, left) in self.undo.drain(before..).rev() {
                self.left[place] = left;
            }
        }
        Ok(false)
    }

    /// Takes away the values that would break a constraint. Whether it can still hold.
    fn narrow(&mut self, constraint: usize) -> bool {
        let rules = self.rules;
        let node = &rules.nodes[constraint];
        if let Some(truth) = node.truth(self.row) {
            return truth;
        }
        for place in &rules.scopes[constraint] {
            let parameter = rules.constrained[*place];
            if self.row[parameter] != FREE {
                continue;
            }
            let mut still = self.left[*place].clone();
            still.retain(|value| {
                self.row[parameter] = *value;
                node.truth(self.row) != Some(false)
            });
            self.row[parameter] = FREE;
            if still.is_empty() {
                return false;
            }
            if still.len() < self.left[*place].len() {
                let before = std::mem::replace(&mut self.left[*place], still);
                self.undo.push((*place, before));
            }
        }
        true
    }
}

impl Node {
    fn scope(&self, into: &mut Vec<usize>) {
        match self {
            Node::One(parameter, _) => into.push(*parameter),
            Node::Two(left, right, ..) => into.extend([*left, *right]),
            Node::Not(inner) => inner.scope(into),
            Node::And(all) | Node::Or(all) => all.iter().for_each(|inner| inner.scope(into)),
        }
    }

    /// Kleene's three-valued logic: `None` while it depends on what is not chosen.
    fn truth(&self, row: &[u16]) -> Option<bool> {
        match self {
            Node::One(parameter, table) => table.get(usize::from(row[*parameter])).copied(),
            Node::Two(left, right, width, table) => {
                let (left, right) = (row[*left], row[*right]);
                if left == FREE || right == FREE {
                    return None;
                }
                table.get(usize::from(left) * width + usize::from(right)).copied()
            }
            Node::Not(inner) => inner.truth(row).map(|truth| !truth),
            Node::And(all) => decided(all, row, false),
            Node::Or(all) => decided(all, row, true),
        }
    }
}

/// `decisive` as soon as one is, its opposite when all are, else unknown.
fn decided(all: &[Node], row: &[u16], decisive: bool) -> Option<bool> {
    let mut is_open = false;
    for node in all {
        match node.truth(row) {
            Some(truth) if truth == decisive => return Some(decisive),
            Some(_) => {}
            None => is_open = true,
        }
    }
    (!is_open).then_some(!decisive)
}

/// `IF a THEN b ELSE c` is `(NOT a OR b) AND (a OR c)`.
fn compile(model: &Model, constraint: &Constraint) -> Node {
    match constraint {
        Constraint::Always(expression) => node(model, expression),
        Constraint::If {
            condition,
            then,
            otherwise,
        } => {
            let mut all = vec![Node::Or(vec![
                Node::Not(Box::new(node(model, condition))),
                node(model, then),
            ])];
            if let Some(otherwise) = otherwise {
                all.push(Node::Or(vec![node(model, condition), node(model, otherwise)]));
            }
            Node::And(all)
        }
    }
}

fn node(model: &Model, expression: &Expression) -> Node {
    let is_case_sensitive = model.is_case_sensitive();
    let names = |parameter: usize| {
        model.parameters()[parameter]
            .values
            .iter()
            .map(crate::Value::name)
    };
    match expression {
        Expression::Compare {
            parameter,
            relation,
            operand: Operand::Literal(literal),
        } => {
            let truth = names(*parameter).map(|name| relation.holds_for(name, literal, is_case_sensitive));
            Node::One(*parameter, truth.collect())
        }
        Expression::Compare {
            parameter,
            relation,
            operand: Operand::Parameter(other),
        } => {
            let truth = names(*parameter).flat_map(|left| {
                names(*other).map(move |right| relation.holds(left, right, is_case_sensitive))
            });
            Node::Two(*parameter, *other, names(*other).count(), truth.collect())
        }
        Expression::Like { parameter, pattern } => {
            let truth = names(*parameter).map(|name| is_like(name, pattern, is_case_sensitive));
            Node::One(*parameter, truth.collect())
        }
        Expression::In { parameter, set } => {
            let is_in = |name: &str| {
                set.iter()
                    .any(|literal| Relation::Equal.holds_for(name, literal, is_case_sensitive))
            };
            Node::One(*parameter, names(*parameter).map(is_in).collect())
        }
        Expression::IsNegative(Some(parameter)) => {
            let values = &model.parameters()[*parameter].values;
            Node::One(*parameter, values.iter().map(|value| value.is_negative).collect())
        }
        Expression::IsNegative(None) => {
            let any = 0..model.parameters().len();
            Node::Or(
                any.map(|parameter| node(model, &Expression::IsNegative(Some(parameter))))
                    .collect(),
            )
        }
        Expression::Not(inner) => Node::Not(Box::new(node(model, inner))),
        Expression::And(all) => Node::And(all.iter().map(|inner| node(model, inner)).collect()),
        Expression::Or(all) => Node::Or(all.iter().map(|inner| node(model, inner)).collect()),
    }
}
