//! Paths through a machine as steps of a case.

use super::Walk;
use crate::case::{Datum, Polarity, Step};
use crate::machine::{StateKind, Transition};
use crate::say::{capital, fill, sentence as whole, short};
use crate::technique::draft::with_data;
use crate::technique::{Draft, Plan, Technique, sentence::MAX_TITLE};

impl Walk<'_> {
    /// Whether a transition only marks where the machine begins.
    pub(super) fn is_mark(&self, transition: &Transition) -> bool {
        let from = self.machine.state(&transition.from);
        let initial = from.is_some_and(|state| state.kind == StateKind::Initial);
        initial && transition.event.is_empty() && transition.guard.is_none()
    }

    /// The state in which a path begins, if it is one that a tester knows.
    pub(super) fn start(&self, plan: &Plan<'_>, first: &Transition) -> Vec<String> {
        if self.is_mark(first) {
            return Vec::new();
        }
        let state = self.name(&first.from);
        vec![fill(&plan.phrases.in_state, &[("state", &state)])]
    }

    pub(super) fn step(&self, plan: &Plan<'_>, index: usize) -> Option<Step> {
        let transition = self.machine.transitions.get(index)?;
        let state = self.name(&transition.to);
        let expected = match &transition.action {
            Some(action) => fill(
                &plan.phrases.reached_action,
                &[("action", action), ("state", &state)],
            ),
            None => fill(&plan.phrases.reached, &[("state", &state)]),
        };
        let action = match (transition.event.is_empty(), &transition.guard) {
            (true, Some(guard)) => fill(&plan.phrases.condition, &[("condition", guard)]),
            (true, None) => fill(&plan.phrases.inspect, &[("actor", &format!("“{state}”"))]),
            (false, _) => fill(&plan.phrases.fire, &[("event", &transition.event)]),
        };
        let mut data = Vec::new();
        if !self.is_mark(transition) {
            data.push(Datum::new("transition", self.told(plan, transition)));
        }
        if let Some(guard) = &transition.guard {
            data.push(Datum::new("guard", guard));
        }
        Some(with_data(action, data, vec![expected]))
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a case")]
    pub(super) fn add(
        &self,
        plan: &mut Plan<'_>,
        items: Vec<String>,
        polarity: Polarity,
        title: &str,
        preconditions: Vec<String>,
        steps: Vec<Step>,
        path: &[usize],
    ) {
        let spans: Vec<_> = path
            .iter()
            .filter_map(|index| self.machine.transitions.get(*index))
            .map(|transition| transition.span)
            .collect();
        let mut criteria = Vec::new();
        let mut requirement = String::new();
        for found in &plan.document.requirements {
            for criterion in found
                .criteria
                .iter()
                .filter(|criterion| spans.contains(&criterion.span))
            {
                requirement.clone_from(&found.id);
                if !criteria.contains(&criterion.id) {
                    criteria.push(criterion.id.clone());
                }
            }
        }
        let mut items = items;
        if polarity == Polarity::Positive {
            for criterion in &criteria {
                let span = self.machine.span;
                let text = criterion.clone();
                items.extend(plan.item(Technique::RequirementsBased, criterion, "met", text, span));
            }
        }
        let title = if self.machine.title.is_empty() {
            title.to_owned()
        } else {
            format!("{}: {title}", self.machine.title)
        };
        plan.propose(Draft {
            technique: Technique::StateTransition,
            items,
            requirement,
            criteria,
            polarity,
            risk: if polarity == Polarity::Negative { 1 } else { 2 },
            title: short(&capital(&title), MAX_TITLE),
            preconditions: preconditions.iter().map(|text| whole(text)).collect(),
            steps,
            spans: if spans.is_empty() {
                vec![self.machine.span]
            } else {
                spans
            },
        });
    }
}
