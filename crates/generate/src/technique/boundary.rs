//! Boundary value analysis of the limits that sentences set: the last value inside and the first outside, and with
//! three values the next one inside too.

use crate::case::{Datum, Polarity};
use crate::quantity::{Amount, Bound, Quantity, quantities};
use crate::requirement::{Criterion, Ears, Form, Requirement};
use crate::say::{capital, english, fill, sentence as whole};
use crate::technique::draft::with_data;
use crate::technique::equivalence::{self, Side};
use crate::technique::{Draft, Plan, Technique, requirement as based, sentence};
use crate::words;

/// What a limit is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A condition: on one side the response follows, on the other not.
    Condition,
    /// What something may be: on one side it is accepted, on the other refused.
    Constraint,
    /// What is measured; a tester can't choose it.
    Observed,
}

/// Lists partitions and boundaries of every limit, and proposes a case for each boundary.
pub(super) fn plan(plan: &mut Plan<'_>, requirement: &Requirement, criterion: &Criterion) {
    let language = plan.document.language.clone();
    let mut number = 0;
    for (role, text, ears) in parts(plan, criterion) {
        for quantity in quantities(&text, language.as_deref()) {
            if !quantity.said || quantity.unit.text.is_empty() && matches!(quantity.bound, Bound::Exactly) {
                continue;
            }
            number += 1;
            if role == Role::Observed || (role == Role::Constraint && quantity.is_time()) {
                continue;
            }
            let limit = text.get(quantity.range.clone()).unwrap_or_default().to_owned();
            let limit = Limit {
                number,
                role,
                quantity,
                words: limit,
                clause: text.clone(),
                ears: ears.clone(),
            };
            limit.propose(plan, requirement, criterion);
        }
    }
}

/// The parts of a criterion that limits stand in.
fn parts(plan: &Plan<'_>, criterion: &Criterion) -> Vec<(Role, String, Option<Ears>)> {
    match &criterion.form {
        Form::Ears(ears) => {
            let mut parts: Vec<_> = ears
                .clauses
                .iter()
                .map(|clause| (Role::Condition, clause.condition.text.clone(), Some(ears.clone())))
                .collect();
            let is = words::find(&ears.response.text, &plan.words.being).is_some();
            let role = if ears.clauses.is_empty() && is {
                Role::Constraint
            } else {
                Role::Observed
            };
            parts.push((role, ears.response.text.clone(), Some(ears.clone())));
            parts
        }
        Form::Statement => vec![(Role::Constraint, criterion.text.clone(), None)],
        _ => Vec::new(),
    }
}

struct Limit {
    number: usize,
    role: Role,
    quantity: Quantity,
    /// Its words.
    words: String,
    /// The text that it stands in.
    clause: String,
    ears: Option<Ears>,
}

impl Limit {
    fn propose(&self, plan: &mut Plan<'_>, requirement: &Requirement, criterion: &Criterion) {
        for side in equivalence::sides(&self.quantity) {
            equivalence::item(plan, criterion, self.number, &self.quantity, &self.words, *side);
        }
        for amount in values(&self.quantity, plan.options.three_values) {
            self.value(plan, requirement, criterion, amount);
        }
    }

    fn value(&self, plan: &mut Plan<'_>, requirement: &Requirement, criterion: &Criterion, amount: Amount) {
        let language = plan.document.language.clone();
        let value = self.quantity.written(amount, language.as_deref());
        let holds = self.quantity.holds(amount);
        let side = match (holds, amount < self.quantity.amount) {
            (true, _) => Side::Inside,
            (_, true) => Side::Below,
            _ if self.quantity.bound == Bound::MoreThan => Side::Below,
            _ => Side::Above,
        };
        let key = format!("{}.{}", self.number, amount.text(None));
        let text = fill(
            &plan.phrases.boundary,
            &[("value", &value), ("limit", &self.words)],
        );
        let mut items = Vec::new();
        items.extend(plan.item(
            Technique::BoundaryValue,
            &criterion.id,
            &key,
            text,
            criterion.span,
        ));
        if let Some(item) = equivalence::item(plan, criterion, self.number, &self.quantity, &self.words, side)
        {
            items.push(item);
        }
        // What lies inside of the limit also shows that the criterion is met.
        if holds {
            items.extend(based::item(plan, criterion));
            items.extend(crate::technique::cause_effect::present(plan, criterion));
        }
        if !holds && self.role == Role::Condition {
            items.extend(crate::technique::cause_effect::absent_alone(plan, criterion));
        }
        let technique = if plan.wants(Technique::BoundaryValue) {
            Technique::BoundaryValue
        } else {
            Technique::EquivalencePartitioning
        };
        let said = self.said(plan, requirement, criterion, &value, holds);
        let risk = plan.risk(criterion) + u8::from(!holds);
        plan.propose(Draft {
            technique,
            items,
            requirement: requirement.id.clone(),
            criteria: vec![criterion.id.clone()],
            polarity: if holds {
                Polarity::Positive
            } else {
                Polarity::Negative
            },
            risk,
            title: said.title,
            preconditions: said.preconditions,
            steps: vec![with_data(
                said.action,
                vec![Datum::new(self.words.clone(), value)],
                said.expected,
            )],
            spans: vec![criterion.span],
        });
    }

    fn said(
        &self,
        plan: &Plan<'_>,
        requirement: &Requirement,
        criterion: &Criterion,
        value: &str,
        holds: bool,
    ) -> Said {
        let told = sentence::told(plan, requirement, criterion).unwrap_or_default();
        if self.role == Role::Constraint {
            let subject = self
                .ears
                .as_ref()
                .map_or(requirement.title.as_str(), |ears| ears.actor.text.as_str());
            let outcome = if holds {
                &plan.phrases.accepted
            } else {
                &plan.phrases.refused
            };
            let values = [
                ("value", value),
                ("limit", self.words.as_str()),
                ("outcome", outcome.as_str()),
                ("subject", subject),
            ];
            let seen = if holds {
                &plan.phrases.is_accepted
            } else {
                &plan.phrases.is_refused
            };
            return Said {
                title: sentence::title(
                    requirement,
                    &format!(
                        "{}: {}",
                        capital(subject),
                        fill(&plan.phrases.title_limit, &values)
                    ),
                ),
                preconditions: told.preconditions,
                action: fill(&plan.phrases.with_value, &values),
                expected: vec![capital(&fill(seen, &values))],
            };
        }
        let expected = match (&self.ears, holds) {
            (_, true) => told.expected.clone(),
            (Some(ears), false) if plan.is_english() && !criterion.negative => {
                let first = sentence::effects(plan, &sentence::core(ears))
                    .into_iter()
                    .next()
                    .unwrap_or_default();
                let denied = english::deny(&ears.actor.text, first.trim_end_matches(['.', ':']));
                vec![whole(&format!("{} {denied}", sentence::lower(&ears.actor.text)))]
            }
            (ears, false) => {
                let response = ears.as_ref().map_or_else(
                    || criterion.text.clone(),
                    |ears| format!("{} {}", ears.actor.text, ears.response.text),
                );
                vec![whole(&fill(&plan.phrases.absent, &[("response", &response)]))]
            }
        };
        let swap = |text: &String| self.swapped(text, value);
        let replaced = swap(&self.clause);
        let outcome = expected.first().cloned().unwrap_or_default();
        let outcome = outcome.trim_end_matches(['.', ':']);
        let mut clauses = self.ears.iter().flat_map(|ears| &ears.clauses);
        let clause = clauses.find(|clause| clause.condition.text == self.clause);
        let headline = match clause.filter(|_| plan.is_english()) {
            Some(clause) => {
                let lead = format!(
                    "{} {}",
                    sentence::keyword(plan, clause),
                    sentence::lower(&replaced)
                );
                sentence::headline(&lead, outcome)
            }
            None => format!("{replaced}: {}", sentence::lower(outcome)),
        };
        let action = swap(&told.action);
        Said {
            title: sentence::title(requirement, &headline),
            preconditions: told.preconditions.iter().map(swap).collect(),
            action,
            expected,
        }
    }
}

impl Limit {
    /// A text with the value in place of the limit; in English the verb behind it agrees.
    fn swapped(&self, text: &str, value: &str) -> String {
        let Some(at) = text.to_lowercase().find(&self.words.to_lowercase()) else {
            return text.to_owned();
        };
        let (Some(before), Some(after)) = (text.get(..at), text.get(at + self.words.len()..)) else {
            return text.to_owned();
        };
        let single = value.starts_with("1 ");
        let pairs = [(" is ", " are "), (" has ", " have "), (" was ", " were ")];
        for (one, many) in pairs {
            let (from, to) = if single { (many, one) } else { (one, many) };
            if let Some(rest) = after.strip_prefix(from) {
                return format!("{before}{value}{to}{rest}");
            }
        }
        format!("{before}{value}{after}")
    }
}

struct Said {
    title: String,
    preconditions: Vec<String>,
    action: String,
    expected: Vec<String>,
}

/// The values at the edges of a limit, in order.
pub(super) fn values(quantity: &Quantity, three: bool) -> Vec<Amount> {
    let step = quantity.step();
    let near = |amount: Amount, inside: i64| {
        let mut values = vec![amount, amount.moved(-inside, step)];
        if three {
            values.push(amount.moved(inside, step));
        }
        values
    };
    let first = quantity.amount;
    let mut values = match quantity.bound {
        Bound::AtLeast | Bound::LessThan => near(first, 1),
        Bound::AtMost | Bound::MoreThan => near(first, -1),
        Bound::Exactly => vec![first.moved(-1, step), first, first.moved(1, step)],
        Bound::Between => {
            let mut values = near(first, 1);
            values.extend(quantity.last.map(|last| near(last, -1)).unwrap_or_default());
            values
        }
    };
    // Nothing is counted or measured below zero.
    values.retain(|amount| match amount {
        Amount::Number(number) => {
            !number.is_negative() || matches!(first, Amount::Number(limit) if limit.is_negative())
        }
        Amount::Date(_) => true,
    });
    values.sort_unstable();
    values.dedup();
    values
}
