//! Constraints on rows that may have open values, straight from their expressions.

use std::collections::BTreeSet;

use crate::constraint::{Constraint, Expression, Operand, Relation, is_like};
use crate::model::{Model, Value};

/// Whether a constraint holds; `None` while that depends on values that are not chosen.
pub(super) fn holds(model: &Model, constraint: &Constraint, chosen: &[Option<usize>]) -> Option<bool> {
    let truth = |expression| evaluate(model, expression, chosen);
    match constraint {
        Constraint::Always(expression) => truth(expression),
        Constraint::If {
            condition,
            then,
            otherwise,
        } => match truth(condition) {
            Some(true) => truth(then),
            Some(false) => otherwise.as_ref().map_or(Some(true), truth),
            None => {
                let branches = (truth(then), otherwise.as_ref().map_or(Some(true), truth));
                if branches.0 == branches.1 {
                    branches.0
                } else {
                    None
                }
            }
        },
    }
}

fn evaluate(model: &Model, expression: &Expression, chosen: &[Option<usize>]) -> Option<bool> {
    let value = |parameter: usize| -> Option<&Value> {
        let position = chosen.get(parameter).copied().flatten()?;
        model.parameters().get(parameter)?.values.get(position)
    };
    let name = |parameter: usize| value(parameter).map(Value::name);
    let case = model.is_case_sensitive();
    match expression {
        Expression::Compare {
            parameter,
            relation,
            operand,
        } => {
            let left = name(*parameter)?;
            match operand {
                Operand::Literal(literal) => Some(relation.holds_for(left, literal, case)),
                Operand::Parameter(right) => Some(relation.holds(left, name(*right)?, case)),
            }
        }
        Expression::Like { parameter, pattern } => Some(is_like(name(*parameter)?, pattern, case)),
        Expression::In { parameter, set } => {
            let left = name(*parameter)?;
            Some(
                set.iter()
                    .any(|literal| Relation::Equal.holds_for(left, literal, case)),
            )
        }
        Expression::IsNegative(Some(parameter)) => Some(value(*parameter)?.is_negative),
        Expression::IsNegative(None) => {
            let mut all =
                (0..model.parameters().len()).map(|parameter| value(parameter).map(|of| of.is_negative));
            if all.clone().any(|one| one == Some(true)) {
                Some(true)
            } else {
                all.all(|one| one.is_some()).then_some(false)
            }
        }
        Expression::Not(inner) => evaluate(model, inner, chosen).map(|truth| !truth),
        Expression::And(all) => {
            let truths: Vec<Option<bool>> = all.iter().map(|inner| evaluate(model, inner, chosen)).collect();
            if truths.contains(&Some(false)) {
                Some(false)
            } else if truths.contains(&None) {
                None
            } else {
                Some(true)
            }
        }
        Expression::Or(all) => {
            let truths: Vec<Option<bool>> = all.iter().map(|inner| evaluate(model, inner, chosen)).collect();
            if truths.contains(&Some(true)) {
                Some(true)
            } else if truths.contains(&None) {
                None
            } else {
                Some(false)
            }
        }
    }
}

/// The parameters that an expression speaks of.
pub(super) fn speaks_of(model: &Model, expression: &Expression, into: &mut BTreeSet<usize>) {
    match expression {
        Expression::Compare {
            parameter, operand, ..
        } => {
            into.insert(*parameter);
            if let Operand::Parameter(other) = operand {
                into.insert(*other);
            }
        }
        Expression::Like { parameter, .. }
        | Expression::In { parameter, .. }
        | Expression::IsNegative(Some(parameter)) => {
            into.insert(*parameter);
        }
        Expression::IsNegative(None) => into.extend(0..model.parameters().len()),
        Expression::Not(inner) => speaks_of(model, inner, into),
        Expression::And(all) | Expression::Or(all) => {
            for inner in all {
                speaks_of(model, inner, into);
            }
        }
    }
}
