//! Steps that bring a condition about.

use super::{lower, repeats};
use crate::requirement::{ClauseKind, Criterion, Ears, Requirement};
use crate::say::{english, fill, sentence};
use crate::technique::Plan;
use crate::words;

/// The step that sets an event off.
pub(in crate::technique) fn trigger(
    plan: &Plan<'_>,
    requirement: &Requirement,
    criterion: &Criterion,
    condition: &str,
    actor: &str,
) -> String {
    let condition = condition.trim_end_matches([',', '.']);
    if plan.is_english() {
        let lowered = condition.to_lowercase();
        for front in ["receipt of ", "reception of ", "receiving "] {
            if let Some(what) = lowered
                .starts_with(front)
                .then(|| condition.get(front.len()..))
                .flatten()
            {
                let about = if repeats(requirement) {
                    String::new()
                } else {
                    format!(" ({})", requirement.title)
                };
                let _ = criterion;
                return format!("Send {what} to {actor}{about}.");
            }
        }
        if let Some(text) = acted(condition) {
            return text;
        }
        // "When providing an address" and "when set to ignore updates" are about the actor itself.
        let first = condition.split(' ').next().unwrap_or_default();
        let rest = condition.get(first.len()..).unwrap_or_default();
        if let Some(verb) = english::of_gerund(first, plan.words) {
            let does = english::present(actor, &format!("{verb}{rest}"), plan.words);
            return fill(
                &plan.phrases.trigger,
                &[("condition", &format!("{actor} {does}"))],
            );
        }
        if !rest.is_empty() && (first == "set" || english::is_participle(first)) {
            let are = if english::is_plural(actor) { "are" } else { "is" };
            return fill(
                &plan.phrases.condition,
                &[("condition", &format!("{actor} {are} {condition}"))],
            );
        }
    }
    if plan.is_english() && is_state(condition) {
        return fill(&plan.phrases.condition, &[("condition", &lower(condition))]);
    }
    fill(&plan.phrases.trigger, &[("condition", &lower(condition))])
}

/// Whether an English condition tells how something is, not what happens.
pub(in crate::technique) fn is_state(condition: &str) -> bool {
    [
        " is ",
        " are ",
        " has ",
        " have ",
        " does not ",
        " do not ",
        " exists",
        " was ",
        " were ",
        " contains ",
        " exist",
        " matches ",
        " lacks ",
    ]
    .iter()
    .any(|verb| condition.contains(verb))
}

/// An English condition in which somebody acts, as the step of a tester.
pub(in crate::technique) fn acted(condition: &str) -> Option<String> {
    let own = ["I ", "we ", "We "]
        .iter()
        .find_map(|front| condition.strip_prefix(front));
    if let Some(rest) = own {
        let past = ["am ", "have ", "was ", "had ", "are ", "want "];
        let plain = !past.iter().any(|word| rest.starts_with(word));
        return plain.then(|| sentence(&english::about(rest, "your", "you", "you")));
    }
    let (who, what) = english::imperative(condition)?;
    let who = who.trim_start_matches("the ").trim_start_matches("a ");
    if who == "user" {
        return Some(sentence(&what));
    }
    Some(sentence(&format!("As {}, {what}", english::article(who))))
}

/// The step where nothing happens by itself: a condition is made, or the thing is looked at.
pub(super) fn without_event(
    plan: &Plan<'_>,
    criterion: &Criterion,
    ears: &Ears,
    actor: &str,
    preconditions: &mut Vec<String>,
) -> String {
    let unwanted = ears
        .clauses
        .iter()
        .position(|clause| clause.kind == ClauseKind::Unwanted);
    if let Some(clause) = unwanted.and_then(|index| ears.clauses.get(index)) {
        let condition = clause.condition.text.trim_end_matches([',', '.']);
        if let Some(text) = plan
            .is_english()
            .then(|| refused_input(&ears.response.text, actor))
            .flatten()
        {
            return text;
        }
        // The condition is what the step makes, so it is none before it.
        preconditions.retain(|known| *known != sentence(&lower(condition)));
        if let Some(text) = plan.is_english().then(|| acted(condition)).flatten() {
            return text;
        }
        return fill(&plan.phrases.condition, &[("condition", &lower(condition))]);
    }
    if criterion.negative {
        let response = ears.response.text.trim_end_matches(['.', ':']);
        return fill(&plan.phrases.attempt, &[("response", response)]);
    }
    let is = words::starts(&ears.response.text, &plan.words.being).is_some();
    let phrase = if is || !ears.clauses.is_empty() {
        &plan.phrases.inspect
    } else {
        &plan.phrases.observe
    };
    fill(phrase, &[("actor", actor)])
}

/// "reject the Command" tells what a tester sends.
fn refused_input(response: &str, actor: &str) -> Option<String> {
    let rest = ["reject ", "refuse ", "deny ", "ignore "]
        .iter()
        .find_map(|verb| response.strip_prefix(verb))?;
    let end = rest.find([',', '.']).unwrap_or(rest.len());
    let end = rest.find(" and ").map_or(end, |at| at.min(end));
    let what = rest.get(..end)?.trim();
    let what = what.split(" with ").next().unwrap_or(what);
    Some(format!("Send {what} to {actor}."))
}
