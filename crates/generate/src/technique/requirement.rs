//! Requirements-based testing: each criterion, and each point of the lists that it introduces.

use std::collections::BTreeSet;

use crate::case::Polarity;
use crate::requirement::{ClauseKind, Criterion, Form, Requirement};
use crate::say::{fill, short};
use crate::technique::draft::step;
use crate::technique::{Draft, Plan, Technique, cause_effect, role, sentence};

/// The item of a criterion itself.
pub(super) fn item(plan: &mut Plan<'_>, criterion: &Criterion) -> Option<String> {
    let text = fill(&plan.phrases.criterion, &[("text", &short(&criterion.text, 160))]);
    plan.item(
        Technique::RequirementsBased,
        &criterion.id,
        "met",
        text,
        criterion.span,
    )
}

/// Sentences that only say in general what a scenario of the same requirement shows. Each belongs to the scenario
/// with which it has most words in common.
pub(super) fn shown_by<'r>(requirement: &'r Requirement, scenario: &Criterion) -> Vec<&'r Criterion> {
    let shown = |criterion: &&Criterion| shown_in(requirement, criterion) == Some(&scenario.id);
    requirement.criteria.iter().filter(shown).collect()
}

/// Id of the scenario that shows what a sentence says in general.
fn shown_in<'r>(requirement: &'r Requirement, criterion: &Criterion) -> Option<&'r String> {
    let suits = match &criterion.form {
        Form::Statement => true,
        Form::Ears(ears) => ears.clauses.iter().all(|clause| clause.kind == ClauseKind::Event),
        _ => false,
    };
    if !suits || !criterion.items.is_empty() {
        return None;
    }
    let own = words(&criterion.text);
    let mut best: Option<(usize, &Criterion)> = None;
    for other in &requirement.criteria {
        let all = words(&format!("{} {} {}", requirement.title, other.title, other.text));
        let shared = own.intersection(&all).count();
        if matches!(other.form, Form::Scenario(_)) && best.is_none_or(|(most, _)| shared > most) {
            best = Some((shared, other));
        }
    }
    best.filter(|(shared, _)| shared * 3 >= own.len())
        .map(|(_, other)| &other.id)
}

/// The words of a text that tell something, without the ending of the plural.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 3)
        .filter(|word| {
            !matches!(
                word.to_lowercase().as_str(),
                "shall" | "must" | "should" | "when" | "with" | "that"
            )
        })
        .map(|word| word.to_lowercase().trim_end_matches('s').to_owned())
        .collect()
}

/// Lists a criterion and its points, and proposes the case that shows all of them.
pub(super) fn plan(plan: &mut Plan<'_>, requirement: &Requirement, criterion: &Criterion) {
    if shown_in(requirement, criterion).is_some() {
        return;
    }
    let mut items = Vec::new();
    items.extend(item(plan, criterion));
    for point in &criterion.items {
        let key = crate::requirement::hash([point.text.as_str()]);
        let text = fill(&plan.phrases.listed, &[("item", &point.text)]);
        items.extend(plan.item(
            Technique::RequirementsBased,
            &criterion.id,
            key.get(..8).unwrap_or(&key),
            text,
            point.span,
        ));
    }
    items.extend(cause_effect::present(plan, criterion));
    items.extend(role::allowed(plan, requirement, criterion));
    let Some(told) = sentence::told(plan, requirement, criterion) else {
        return;
    };
    if matches!(criterion.form, Form::Wish) {
        let text = fill(&plan.phrases.wish_question, &[("text", &criterion.text)]);
        plan.ask(&requirement.id, Some(&criterion.id), criterion.span, text);
    }
    let polarity = if criterion.negative {
        Polarity::Negative
    } else {
        Polarity::Positive
    };
    let risk = plan.risk(criterion);
    let technique = items
        .first()
        .and_then(|first| plan.items.iter().find(|item| item.id == *first))
        .map_or(Technique::RequirementsBased, |item| item.technique);
    plan.propose(Draft {
        technique,
        items,
        requirement: requirement.id.clone(),
        criteria: vec![criterion.id.clone()],
        polarity,
        risk,
        title: sentence::title(requirement, &told.headline),
        preconditions: told.preconditions,
        steps: vec![step(told.action, told.expected)],
        spans: vec![criterion.span],
    });
}
