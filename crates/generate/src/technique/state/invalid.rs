//! Events in states that say nothing about them.

use std::collections::BTreeSet;

use super::Walk;
use crate::case::{Datum, Polarity, Step};
use crate::machine::StateKind;
use crate::say::fill;
use crate::technique::draft::with_data;
use crate::technique::{Plan, Technique};

impl Walk<'_> {
    /// Every event in every state that has no transition for it.
    pub(super) fn invalid(&self, plan: &mut Plan<'_>) {
        let events: BTreeSet<&str> = self
            .machine
            .transitions
            .iter()
            .map(|transition| transition.event.as_str())
            .filter(|event| !event.is_empty())
            .collect();
        for (index, state) in self.machine.states.iter().enumerate() {
            let Some(path) = self.reach.get(index).cloned().flatten() else {
                continue;
            };
            let inner = state.parent.is_some()
                || self
                    .machine
                    .states
                    .iter()
                    .any(|other| other.parent.as_deref() == Some(state.id.as_str()));
            if state.kind != StateKind::Plain || inner {
                continue;
            }
            let leaving = self.leaving.get(index).cloned().unwrap_or_default();
            // A state that is left without an event is not one to wait in.
            let waits = leaving.iter().all(|index| {
                self.machine
                    .transitions
                    .get(*index)
                    .is_some_and(|transition| !transition.event.is_empty())
            });
            for event in events.iter().filter(|_| waits) {
                let known = leaving.iter().any(|index| {
                    self.machine
                        .transitions
                        .get(*index)
                        .is_some_and(|transition| transition.event == **event)
                });
                if known {
                    continue;
                }
                let values = [("event", *event), ("state", state.name.as_str())];
                let text = fill(&plan.phrases.invalid_item, &values);
                let key = format!("invalid-{}-{event}", state.id);
                let Some(item) = plan.item(Technique::StateTransition, &self.of, &key, text, state.span)
                else {
                    continue;
                };
                let mut steps: Vec<Step> = path.iter().filter_map(|index| self.step(plan, *index)).collect();
                let stays = fill(&plan.phrases.stays, &values);
                steps.push(with_data(
                    fill(&plan.phrases.fire, &values),
                    vec![Datum::new("event", *event), Datum::new("state", &state.name)],
                    vec![stays],
                ));
                let first = path
                    .first()
                    .and_then(|index| self.machine.transitions.get(*index));
                let in_state = match first {
                    Some(first) => self.start(plan, first),
                    None => vec![fill(&plan.phrases.in_state, &[("state", &state.name)])],
                };
                let title = fill(&plan.phrases.state_invalid, &values);
                self.add(
                    plan,
                    vec![item],
                    Polarity::Negative,
                    &title,
                    in_state,
                    steps,
                    &path,
                );
            }
        }
    }
}
