//! Cause-effect testing: each cause of a sentence present with its effect, and each absent without it.
//!
//! Causes are the conditions of a sentence: its clauses, and what "and" or "or" joins in them. Of causes joined by
//! "and" each is left out once while the others hold; of causes joined by "or" each holds once alone, as in
//! modified condition/decision coverage (Chilenski, Miller 1994). An event that does not happen has no case: what
//! then must not be seen is said by no sentence.

use crate::case::Polarity;
use crate::requirement::{Clause, ClauseKind, Criterion, Ears, Form, Requirement};
use crate::say::{capital, english, fill, sentence as whole, short};
use crate::technique::draft::step;
use crate::technique::{Draft, Plan, Technique, sentence};

/// A cause that can be absent.
struct Cause {
    /// Which clause it is part of.
    clause: usize,
    text: String,
    /// Other causes of the same clause that "or" joins.
    or: Vec<String>,
}

/// The item that all causes are present; `None` for a sentence without a cause that can be absent.
pub(super) fn present(plan: &mut Plan<'_>, criterion: &Criterion) -> Option<String> {
    let ears = suited(plan, criterion)?;
    let causes: Vec<&str> = ears
        .clauses
        .iter()
        .map(|clause| clause.condition.text.as_str())
        .collect();
    let text = fill(
        &plan.phrases.cause,
        &[("condition", &short(&causes.join(", "), 140))],
    );
    plan.item(Technique::CauseEffect, &criterion.id, "all", text, criterion.span)
}

/// The item of the only cause being absent, for a value outside of the limit that it sets.
pub(super) fn absent_alone(plan: &mut Plan<'_>, criterion: &Criterion) -> Option<String> {
    let ears = suited(plan, criterion)?;
    let [clause] = ears.clauses.as_slice() else {
        return None;
    };
    let [cause] = split(plan, 0, &clause.condition.text).try_into().ok()?;
    absence(plan, criterion, 0, &cause)
}

/// Lists the absence of a cause.
fn absence(plan: &mut Plan<'_>, criterion: &Criterion, index: usize, cause: &Cause) -> Option<String> {
    let text = fill(&plan.phrases.no_cause, &[("condition", &short(&cause.text, 140))]);
    let key = format!("not-{}", index + 1);
    plan.item(Technique::CauseEffect, &criterion.id, &key, text, criterion.span)
}

/// The sentence, if absent causes say something about it.
fn suited<'c>(plan: &Plan<'_>, criterion: &'c Criterion) -> Option<&'c Ears> {
    let Form::Ears(ears) = &criterion.form else {
        return None;
    };
    let lasting = ears.clauses.iter().any(|clause| clause.kind != ClauseKind::Event);
    // "Unless" turns the condition around, and of what is forbidden nothing else follows.
    let turned = ears
        .clauses
        .iter()
        .any(|clause| matches!(sentence::keyword(plan, clause).as_str(), "unless" | "es sei denn"));
    // "During bulk operations" and "while rejecting unknown keys" tell when, not under which condition.
    let moment = plan.is_english()
        && ears.clauses.iter().any(|clause| {
            let text = clause.condition.text.trim();
            let gerund = text
                .split(' ')
                .next()
                .is_some_and(|word| word.len() > 5 && word.ends_with("ing"));
            clause.kind == ClauseKind::State && (gerund || text.split(' ').count() < 3)
        });
    (lasting && !turned && !moment && !criterion.negative && criterion.items.is_empty()).then_some(ears)
}

/// Lists each absent cause and proposes its case.
pub(super) fn plan(plan: &mut Plan<'_>, requirement: &Requirement, criterion: &Criterion) {
    let Some(ears) = suited(plan, criterion) else {
        return;
    };
    let lasting = |clause: &Clause| clause.kind != ClauseKind::Event;
    let mut causes = Vec::new();
    for (clause, of) in ears
        .clauses
        .iter()
        .enumerate()
        .filter(|(_, clause)| lasting(clause))
    {
        causes.extend(split(plan, clause, &of.condition.text));
    }
    for (index, cause) in causes.iter().enumerate() {
        let Some(item) = absence(plan, criterion, index, cause) else {
            continue;
        };
        let draft = absent(plan, requirement, criterion, ears, cause, item);
        plan.propose(draft);
    }
}

/// The causes of a clause. Only English is split, and only between two parts with verbs of their own.
fn split(plan: &Plan<'_>, clause: usize, condition: &str) -> Vec<Cause> {
    let whole = || {
        vec![Cause {
            clause,
            text: condition.to_owned(),
            or: Vec::new(),
        }]
    };
    if !plan.is_english() {
        return whole();
    }
    let finite = |part: &str| {
        [" is ", " are ", " has ", " have ", " does ", " do ", " was "]
            .iter()
            .any(|verb| part.contains(verb))
    };
    for (joint, or) in [(" and ", false), (" or ", true)] {
        let parts: Vec<&str> = condition.split(joint).collect();
        if parts.len() > 1 && parts.iter().all(|part| finite(part)) {
            if or {
                return vec![Cause {
                    clause,
                    text: condition.to_owned(),
                    or: parts.iter().map(|part| (*part).to_owned()).collect(),
                }];
            }
            return parts
                .iter()
                .map(|part| Cause {
                    clause,
                    text: (*part).to_owned(),
                    or: Vec::new(),
                })
                .collect();
        }
    }
    whole()
}

/// The case in which one cause is absent.
fn absent(
    plan: &Plan<'_>,
    requirement: &Requirement,
    criterion: &Criterion,
    ears: &Ears,
    cause: &Cause,
    item: String,
) -> Draft {
    let opposite = opposite(plan, cause);
    let mut preconditions = Vec::new();
    for (index, clause) in ears.clauses.iter().enumerate() {
        let condition = sentence::lower(clause.condition.text.trim_end_matches([',', '.']));
        if clause.kind == ClauseKind::Event {
            continue;
        }
        if index != cause.clause {
            preconditions.push(whole(&condition));
            continue;
        }
        for part in condition
            .split(" and ")
            .filter(|part| cause.or.is_empty() && *part != cause.text && condition != cause.text)
        {
            if part != sentence::lower(&cause.text) {
                preconditions.push(whole(part));
            }
        }
    }
    let absent = opposite.clone().unwrap_or_else(|| {
        fill(
            &plan.phrases.holds_not,
            &[("condition", &sentence::lower(&cause.text))],
        )
    });
    preconditions.push(whole(&absent));
    let actor = sentence::lower(&ears.actor.text);
    let made = ears
        .clauses
        .get(cause.clause)
        .is_some_and(|clause| clause.kind == ClauseKind::Unwanted);
    let event = ears
        .clauses
        .iter()
        .find(|clause| clause.kind == ClauseKind::Event);
    let action = match event {
        Some(event) => sentence::trigger(plan, requirement, criterion, &event.condition.text, &actor),
        None => sentence::told(plan, requirement, criterion)
            .filter(|told| told.action.starts_with("Send "))
            .map_or_else(
                || match &opposite {
                    // What the step makes is no condition before it.
                    Some(opposite) if made => {
                        preconditions.pop();
                        fill(
                            &plan.phrases.condition,
                            &[("condition", &sentence::lower(opposite))],
                        )
                    }
                    _ => fill(&plan.phrases.observe, &[("actor", &actor)]),
                },
                |told| told.action,
            ),
    };
    let first = sentence::effects(plan, &sentence::core(ears))
        .into_iter()
        .next()
        .unwrap_or_default();
    let first = first.trim_end_matches(['.', ':', ';']).to_owned();
    let denied = if plan.is_english() {
        format!("{actor} {}", english::deny(&ears.actor.text, &first))
    } else {
        fill(
            &plan.phrases.absent,
            &[("response", &format!("{} {first}", ears.actor.text))],
        )
    };
    let headline = match (&opposite, plan.is_english()) {
        (Some(opposite), true) => sentence::headline(&format!("if {}", sentence::lower(opposite)), &denied),
        (None, true) => sentence::headline(&format!("unless {}", sentence::lower(&cause.text)), &denied),
        _ => fill(&plan.phrases.not_met, &[("condition", &cause.text)]),
    };
    Draft {
        technique: Technique::CauseEffect,
        items: vec![item],
        requirement: requirement.id.clone(),
        criteria: vec![criterion.id.clone()],
        polarity: Polarity::Negative,
        risk: plan.risk(criterion).saturating_sub(1),
        title: sentence::title(requirement, &headline),
        preconditions,
        steps: vec![step(action, vec![whole(&capital(&denied))])],
        spans: vec![criterion.span],
    }
}

/// The opposite of a cause, where a rule of English says it.
fn opposite(plan: &Plan<'_>, cause: &Cause) -> Option<String> {
    if !plan.is_english() {
        return None;
    }
    if cause.or.is_empty() {
        return english::opposite(&cause.text);
    }
    let all: Option<Vec<String>> = cause.or.iter().map(|part| english::opposite(part)).collect();
    all.map(|all| all.join(" and "))
}
