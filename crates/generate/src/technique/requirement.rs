//! Requirements-based testing: each criterion, and each point of the lists that it introduces.

use crate::case::Polarity;
use crate::requirement::{Criterion, Form, Requirement};
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

/// Lists a criterion and its points, and proposes the case that shows all of them.
pub(super) fn plan(plan: &mut Plan<'_>, requirement: &Requirement, criterion: &Criterion) {
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
