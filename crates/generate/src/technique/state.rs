//! State transition testing: all states, all transitions, all pairs of transitions that follow each other
//! (1-switch coverage, Chow 1978), and events in states that say nothing about them.

mod invalid;
mod step;

use std::collections::{BTreeSet, HashSet, VecDeque};

use crate::case::{Polarity, Step};
use crate::machine::{Machine, StateKind, Transition};
use crate::say::fill;
use crate::technique::{Plan, Technique};

/// Steps of a path at most, as far as a state can be reached within them.
const MAX_STEPS: usize = 8;

/// Cases of a machine at most.
const MAX_PATHS: usize = 2_000;

/// Lists states, transitions, pairs and invalid transitions, and proposes paths.
pub(super) fn plan(plan: &mut Plan<'_>, index: usize, machine: &Machine) {
    if !plan.wants(Technique::StateTransition) {
        return;
    }
    let mut walk = Walk::new(plan, index, machine);
    walk.list(plan);
    walk.paths(plan);
    walk.invalid(plan);
}

struct Walk<'m> {
    of: String,
    machine: &'m Machine,
    /// For each state the numbers of the transitions that leave it.
    leaving: Vec<Vec<usize>>,
    /// For each state the shortest path to it, as numbers of transitions; `None` if there is none.
    reach: Vec<Option<Vec<usize>>>,
    starts: Vec<usize>,
}

impl<'m> Walk<'m> {
    fn new(_: &Plan<'_>, index: usize, machine: &'m Machine) -> Self {
        let number = |id: &str| machine.states.iter().position(|state| state.id == id);
        let mut leaving = vec![Vec::new(); machine.states.len()];
        for (index, transition) in machine.transitions.iter().enumerate() {
            if let Some(list) = number(&transition.from).and_then(|from| leaving.get_mut(from)) {
                list.push(index);
            }
        }
        let initial = |kind| {
            machine
                .states
                .iter()
                .enumerate()
                .filter(move |(_, state)| state.kind == kind)
                .map(|(index, _)| index)
        };
        let mut starts: Vec<usize> = initial(StateKind::Initial).collect();
        if starts.is_empty() && !machine.states.is_empty() {
            starts.push(0);
        }
        let mut walk = Self {
            of: format!("machine-{}", index + 1),
            machine,
            leaving,
            reach: vec![None; machine.states.len()],
            starts,
        };
        walk.search();
        walk
    }

    fn target(&self, transition: usize) -> Option<usize> {
        let to = &self.machine.transitions.get(transition)?.to;
        self.machine.states.iter().position(|state| state.id == *to)
    }

    /// Breadth first from the start, so that every path is a shortest one.
    fn search(&mut self) {
        let mut queue: VecDeque<usize> = VecDeque::new();
        for start in self.starts.clone() {
            if let Some(slot) = self.reach.get_mut(start) {
                *slot = Some(Vec::new());
                queue.push_back(start);
            }
        }
        while let Some(state) = queue.pop_front() {
            let path = self.reach.get(state).cloned().flatten().unwrap_or_default();
            for transition in self.leaving.get(state).cloned().unwrap_or_default() {
                let Some(to) = self.target(transition) else {
                    continue;
                };
                if let Some(slot) = self.reach.get_mut(to).filter(|slot| slot.is_none()) {
                    let mut longer = path.clone();
                    longer.push(transition);
                    *slot = Some(longer);
                    queue.push_back(to);
                }
            }
        }
    }

    fn name(&self, id: &str) -> String {
        self.machine
            .state(id)
            .map_or(id, |state| state.name.as_str())
            .to_owned()
    }

    /// What sets a transition off, as a person says it.
    fn event(transition: &Transition) -> String {
        let event = if transition.event.is_empty() {
            "→".to_owned()
        } else {
            transition.event.clone()
        };
        match &transition.guard {
            Some(guard) => format!("{event} [{guard}]"),
            None => event,
        }
    }

    fn state_id(&self, state: usize) -> String {
        let id = self
            .machine
            .states
            .get(state)
            .map_or("", |state| state.id.as_str());
        format!("state-{id}")
    }

    fn list(&self, plan: &mut Plan<'_>) {
        for (index, state) in self.machine.states.iter().enumerate() {
            let text = fill(&plan.phrases.state_item, &[("state", &state.name)]);
            let key = self.state_id(index);
            let reached = self.reach.get(index).is_some_and(Option::is_some);
            if reached {
                plan.item(Technique::StateTransition, &self.of, &key, text, state.span);
                continue;
            }
            plan.infeasible(
                Technique::StateTransition,
                &self.of,
                &key,
                text,
                state.span,
                "no transition leads to the state",
            );
            // The states around others are left and entered with them.
            if !self
                .machine
                .states
                .iter()
                .any(|inner| inner.parent.as_deref() == Some(state.id.as_str()))
            {
                let text = fill(&plan.phrases.unreachable, &[("state", &state.name)]);
                plan.ask(&self.of, None, state.span, text);
            }
        }
        for (index, transition) in self.machine.transitions.iter().enumerate() {
            let key = format!("transition-{}", index + 1);
            let text = self.told(plan, transition);
            if self
                .source(index)
                .is_some_and(|from| self.reach.get(from).is_some_and(Option::is_some))
            {
                plan.item(Technique::StateTransition, &self.of, &key, text, transition.span);
            } else {
                plan.infeasible(
                    Technique::StateTransition,
                    &self.of,
                    &key,
                    text,
                    transition.span,
                    "its state cannot be reached",
                );
            }
        }
    }

    fn source(&self, transition: usize) -> Option<usize> {
        let from = &self.machine.transitions.get(transition)?.from;
        self.machine.states.iter().position(|state| state.id == *from)
    }

    fn told(&self, plan: &Plan<'_>, transition: &Transition) -> String {
        let (from, to) = (self.name(&transition.from), self.name(&transition.to));
        let values = [
            ("from", from.as_str()),
            ("event", &Self::event(transition)),
            ("to", &to),
        ];
        fill(&plan.phrases.transition_item, &values)
    }

    /// All pairs of transitions that follow each other and can be reached.
    fn pairs(&self) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for first in 0..self.machine.transitions.len() {
            let reached = self
                .source(first)
                .is_some_and(|from| self.reach.get(from).is_some_and(Option::is_some));
            let Some(to) = self.target(first).filter(|_| reached) else {
                continue;
            };
            pairs.extend(
                self.leaving
                    .get(to)
                    .into_iter()
                    .flatten()
                    .map(|second| (first, *second)),
            );
        }
        pairs
    }

    /// Paths that take every transition and every pair, each begun at the start and no longer than needed.
    fn paths(&mut self, plan: &mut Plan<'_>) {
        let pairs = self.pairs();
        for (first, second) in &pairs {
            let text = |index: &usize| {
                self.machine
                    .transitions
                    .get(*index)
                    .map(|transition| self.told(plan, transition))
                    .unwrap_or_default()
            };
            let text = format!("{}, {}", text(first), text(second));
            let span = self
                .machine
                .transitions
                .get(*first)
                .map_or(self.machine.span, |transition| transition.span);
            plan.item(
                Technique::StateTransition,
                &self.of,
                &format!("pair-{}-{}", first + 1, second + 1),
                text,
                span,
            );
        }
        let mut left: BTreeSet<(usize, usize)> = pairs.into_iter().collect();
        let mut paths = 0;
        while let Some((first, second)) = left.first().copied() {
            let Some(mut path) = self
                .source(first)
                .and_then(|from| self.reach.get(from).cloned().flatten())
            else {
                left.remove(&(first, second));
                continue;
            };
            path.extend([first, second]);
            while path.len() < MAX_STEPS {
                let Some(last) = path.last().copied() else { break };
                let next = left
                    .range((last, 0)..(last + 1, 0))
                    .map(|(_, next)| *next)
                    .find(|next| !path.windows(2).any(|pair| pair == [last, *next]));
                let Some(next) = next else { break };
                path.push(next);
            }
            for pair in path.windows(2) {
                if let [a, b] = pair {
                    left.remove(&(*a, *b));
                }
            }
            paths += 1;
            if paths > MAX_PATHS {
                break;
            }
            self.propose(plan, &path);
        }
        // A transition behind which nothing follows, and in front of which nothing stands.
        let seen: HashSet<usize> = self.pairs().into_iter().flat_map(|(a, b)| [a, b]).collect();
        for index in (0..self.machine.transitions.len()).filter(|index| !seen.contains(index)) {
            if let Some(mut path) = self
                .source(index)
                .and_then(|from| self.reach.get(from).cloned().flatten())
            {
                path.push(index);
                self.propose(plan, &path);
            }
        }
    }

    fn propose(&self, plan: &mut Plan<'_>, path: &[usize]) {
        let prefix = Technique::StateTransition.prefix();
        let mut items = Vec::new();
        let mut add = |key: String| {
            let id = format!("{prefix}:{}:{key}", self.of);
            if !items.contains(&id) {
                items.push(id);
            }
        };
        for (position, transition) in path.iter().enumerate() {
            if position == 0
                && let Some(from) = self.source(*transition)
            {
                add(self.state_id(from));
            }
            add(format!("transition-{}", transition + 1));
            if let Some(to) = self.target(*transition) {
                add(self.state_id(to));
            }
        }
        for pair in path.windows(2) {
            if let [a, b] = pair {
                add(format!("pair-{}-{}", a + 1, b + 1));
            }
        }
        let steps: Vec<Step> = path.iter().filter_map(|index| self.step(plan, *index)).collect();
        let events: Vec<String> = path
            .iter()
            .filter_map(|index| self.machine.transitions.get(*index))
            .map(Self::event)
            .filter(|event| event != "→")
            .collect();
        let from = path
            .first()
            .and_then(|index| self.machine.transitions.get(*index));
        let to = path.last().and_then(|index| self.machine.transitions.get(*index));
        let (Some(from), Some(to)) = (from, to) else {
            return;
        };
        let (to, preconditions) = (self.name(&to.to), self.start(plan, from));
        // A path begins in a state, not at the mark in front of the first one.
        let from = self.name(if self.is_mark(from) { &from.to } else { &from.from });
        let values = [
            ("from", from.as_str()),
            ("to", to.as_str()),
            ("events", &events.join(", ")),
        ];
        let title = fill(&plan.phrases.state_path, &values);
        self.add(
            plan,
            items,
            Polarity::Positive,
            &title,
            preconditions,
            steps,
            path,
        );
    }
}
