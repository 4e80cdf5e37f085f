//! Steps and outcomes of scenarios in the words of a case.

use crate::requirement::{Scenario, StepRole};
use crate::say::{english, fill, sentence as whole};
use crate::technique::{Plan, sentence};
use crate::words;

/// Whether a step tells how something is.
pub(super) fn lasts(text: &str) -> bool {
    sentence::acted(text).is_none() && sentence::is_state(text)
}

/// Whether any step of a scenario is an action.
pub(super) fn acts(scenario: &Scenario) -> bool {
    scenario
        .steps
        .iter()
        .any(|step| step.role == StepRole::When && !lasts(&step.text))
}

/// Whether a scenario begins with something given.
pub(super) fn any_given(scenario: &Scenario) -> bool {
    scenario.steps.iter().any(|step| step.role == StepRole::Given)
}

/// Whether the outcome is that something does not happen: without an action that is always so.
pub(super) fn stays_away(plan: &Plan<'_>, scenario: &Scenario) -> bool {
    let mut seen = scenario.steps.iter().filter(|step| step.role == StepRole::Then);
    seen.any(|step| words::find(&step.text, &plan.words.negations).is_some())
}

/// What the tester does.
pub(super) fn action(plan: &Plan<'_>, text: &str) -> String {
    if !plan.is_english() {
        return whole(text);
    }
    if let Some(text) = sentence::acted(text) {
        return text;
    }
    if sentence::is_state(text) {
        return fill(
            &plan.phrases.condition,
            &[("condition", &sentence::lower(text.trim_end_matches('.')))],
        );
    }
    let mut in_order = text.split(' ').map(str::to_lowercase);
    let first = in_order.next().unwrap_or_default();
    if let Some(verb) = english::of_gerund(&first, plan.words) {
        return whole(&format!("{verb}{}", text.get(first.len()..).unwrap_or_default()));
    }
    // "shutdown() fails": something acts by itself.
    let mut soon = in_order.take(4);
    let acts = soon.any(|word| word == "runs" || english::is_third(&word, plan.words));
    let known = plan.words.action_verbs.contains(&first) || english::OUTCOMES.contains(&first.as_str());
    let unknown = first.len() > 5 && first.ends_with("ing");
    if (acts && !known)
        || unknown
        || matches!(first.as_str(), "the" | "a" | "an" | "any" | "that" | "another")
    {
        let condition = sentence::lower(text.trim_end_matches('.'));
        return fill(&plan.phrases.trigger, &[("condition", &condition)]);
    }
    whole(text)
}

/// The words of somebody who speaks of themselves, said to the tester: "I am a writer".
pub(super) fn addressed(plan: &Plan<'_>, text: &str) -> String {
    if plan.is_english() {
        english::about(&text.replace("I was ", "I were "), "your", "you", "you")
    } else {
        text.to_owned()
    }
}

/// What is seen.
pub(super) fn seen(plan: &Plan<'_>, text: &str) -> String {
    if !plan.is_english() {
        return whole(text);
    }
    let text = &addressed(plan, text);
    // "the CLI shall not prompt, and SHALL print": the actor was said before.
    let text = ["SHALL ", "MUST "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    if let Some(rest) = ["NOT ", "do not ", "Do not "]
        .iter()
        .find_map(|word| text.strip_prefix(word))
    {
        return whole(&english::deny("", rest));
    }
    if let Some(state) = sentence::ensured(text) {
        return whole(&state);
    }
    let mut in_order = text.split(' ');
    let mut first = in_order.next().unwrap_or_default();
    if first.len() > 4 && first.ends_with("ly") && first != "apply" {
        first = in_order.next().unwrap_or_default();
    }
    let verb = plan.words.action_verbs.iter().any(|verb| verb == first) || english::OUTCOMES.contains(&first);
    if verb && text.contains(' ') {
        return whole(&english::present("", text, plan.words));
    }
    if let Some((subject, rest)) = text.split_once(" SHALL ").or_else(|| text.split_once(" MUST ")) {
        let does = match rest.strip_prefix("NOT ") {
            Some(rest) => english::deny(subject, rest),
            None => english::present(subject, rest, plan.words),
        };
        return whole(&format!("{subject} {does}"));
    }
    whole(text)
}
