//! Scenario testing: the main course of a requirement, its alternatives and its exceptions, each with every row of
//! its examples.

mod wording;

use crate::case::{Datum, Polarity, Step as CaseStep};
use crate::requirement::{Criterion, Examples, Requirement, Scenario, Step, StepRole, hash};
use crate::say::{capital, english, fill, sentence as whole, short};
use crate::technique::{Draft, Plan, Technique, requirement as based, sentence};
use crate::words;

use wording::{action, acts, addressed, any_given, lasts, seen, stays_away};

/// Lists a scenario and the rows of its examples, and proposes their cases.
pub(super) fn plan(
    plan: &mut Plan<'_>,
    requirement: &Requirement,
    criterion: &Criterion,
    scenario: &Scenario,
) {
    let negative = is_exception(plan, criterion, scenario);
    let first = requirement
        .criteria
        .iter()
        .find(|other| matches!(other.form, crate::requirement::Form::Scenario(_)))
        .is_some_and(|other| other.id == criterion.id);
    let phrase = match (negative, first) {
        (true, _) => &plan.phrases.exception,
        (false, true) => &plan.phrases.main,
        (false, false) => &plan.phrases.alternative,
    };
    let name = if criterion.title.is_empty() {
        &criterion.text
    } else {
        &criterion.title
    };
    let text = fill(phrase, &[("text", &short(name, 140))]);
    let polarity = if negative {
        Polarity::Negative
    } else {
        Polarity::Positive
    };
    if !observable(scenario) {
        // The requirement check asks what can be seen; there is nothing to look at in a case.
        for technique in [Technique::Scenario, Technique::RequirementsBased] {
            let key = if technique == Technique::Scenario {
                "course"
            } else {
                "met"
            };
            plan.infeasible(
                technique,
                &criterion.id,
                key,
                text.clone(),
                criterion.span,
                "no outcome is said",
            );
        }
        let text = fill(&plan.phrases.not_testable, &[("text", &short(name, 140))]);
        plan.ask(&requirement.id, Some(&criterion.id), criterion.span, text);
        return;
    }
    let course = plan.item(Technique::Scenario, &criterion.id, "course", text, criterion.span);
    let met = based::item(plan, criterion);
    let rows: Vec<(&Examples, &Vec<String>)> = scenario
        .examples
        .iter()
        .flat_map(|examples| examples.rows.iter().map(move |row| (examples, row)))
        .collect();
    let risk = plan.risk(criterion);
    let mut met: Vec<String> = met.into_iter().collect();
    let mut criteria = vec![criterion.id.clone()];
    for general in based::shown_by(requirement, criterion) {
        met.extend(based::item(plan, general));
        criteria.push(general.id.clone());
    }
    let propose = |plan: &mut Plan<'_>, items: Vec<String>, values: &[(String, String)]| {
        let (preconditions, mut steps) = steps(plan, scenario, values);
        listed(criterion, &mut steps);
        let title = titled(plan, criterion, &steps, values);
        plan.propose(Draft {
            technique: if plan.wants(Technique::Scenario) {
                Technique::Scenario
            } else {
                Technique::RequirementsBased
            },
            items,
            requirement: requirement.id.clone(),
            criteria: criteria.clone(),
            polarity,
            risk,
            title,
            preconditions,
            steps,
            spans: vec![criterion.span],
        });
    };
    if plan.is_english() && !acts(scenario) && !any_given(scenario) && stays_away(plan, scenario) {
        let text = fill(&plan.phrases.no_action, &[("text", &short(name, 140))]);
        plan.ask(&requirement.id, Some(&criterion.id), criterion.span, text);
    }
    if rows.is_empty() {
        propose(plan, course.into_iter().chain(met).collect(), &[]);
        return;
    }
    for (number, (examples, row)) in rows.iter().enumerate() {
        let values: Vec<(String, String)> =
            examples.header.iter().cloned().zip(row.iter().cloned()).collect();
        let text: Vec<String> = values
            .iter()
            .map(|(name, value)| format!("{name} = {value}"))
            .collect();
        let key = hash(row.iter().map(String::as_str).chain([examples.title.as_str()]));
        let key = format!("row-{}", key.get(..8).unwrap_or_default());
        let item = plan.item(
            Technique::Scenario,
            &criterion.id,
            &key,
            short(&text.join(", "), 160),
            examples.span,
        );
        let mut items: Vec<String> = item.into_iter().collect();
        if number == 0 {
            items.extend(course.clone().into_iter().chain(met.clone()));
        }
        propose(plan, items, &values);
    }
}

/// The points of a list belong to the outcome that introduces them.
fn listed(criterion: &Criterion, steps: &mut [CaseStep]) {
    let Some(last) = steps.last_mut().filter(|_| !criterion.items.is_empty()) else {
        return;
    };
    let points: Vec<String> = criterion
        .items
        .iter()
        .map(|item| item.text.trim().to_owned())
        .collect();
    let at = last
        .expected
        .iter()
        .position(|text| text.ends_with(':'))
        .or_else(|| {
            let open = |text: &String| text.ends_with(" with.") || text.contains(" following ");
            let at = last.expected.iter().position(open)?;
            let text = last.expected.get_mut(at)?;
            *text = format!("{}:", text.trim_end_matches('.'));
            Some(at)
        });
    let at = at.map_or(last.expected.len(), |at| at + 1);
    last.expected.splice(at..at, points);
}

/// Whether any step says what is seen.
fn observable(scenario: &Scenario) -> bool {
    scenario
        .steps
        .iter()
        .any(|step| matches!(step.role, StepRole::Then | StepRole::Other))
}

/// Words of what goes wrong.
fn is_exception(plan: &Plan<'_>, criterion: &Criterion, scenario: &Scenario) -> bool {
    let bad = |text: &str| {
        let lower = text.to_lowercase();
        words::find(text, &plan.words.negations).is_some()
            || [
                "error",
                "fail",
                "invalid",
                "reject",
                "refus",
                "denied",
                "missing",
                "fehler",
                "ungültig",
                "erreur",
                "invalide",
                "fout",
                "ongeldig",
                "inválid",
                "warn",
            ]
            .iter()
            .any(|word| lower.contains(word))
    };
    let then = scenario.steps.iter().filter(|step| step.role == StepRole::Then);
    let seen = then.take(1).any(|step| bad(&step.text));
    criterion.negative || bad(&criterion.title) || (criterion.title.is_empty() && seen)
}

/// Preconditions and steps; each action takes what is expected behind it.
fn steps(plan: &Plan<'_>, scenario: &Scenario, values: &[(String, String)]) -> (Vec<String>, Vec<CaseStep>) {
    let mut preconditions = Vec::new();
    let mut steps: Vec<CaseStep> = Vec::new();
    for step in &scenario.steps {
        let text = filled(&step.text, values);
        match step.role {
            StepRole::Given if steps.is_empty() => {
                preconditions.push(whole(&addressed(plan, &text)));
                preconditions.extend(
                    data(step, values)
                        .into_iter()
                        .map(|datum| format!("{}: {}", datum.name, datum.value)),
                );
            }
            StepRole::Then => {
                if steps.is_empty() {
                    let about = preconditions.pop().unwrap_or_else(|| whole(&text));
                    steps.push(CaseStep {
                        action: about,
                        ..CaseStep::default()
                    });
                }
                if let Some(last) = steps.last_mut() {
                    last.expected.push(seen(plan, &text));
                    last.expected.extend(
                        data(step, values)
                            .into_iter()
                            .map(|datum| format!("{}: {}", datum.name, datum.value)),
                    );
                }
            }
            // What only holds while something else is done is no action of its own.
            StepRole::When
                if plan.is_english() && acts(scenario) && lasts(&text) && step.table.is_empty() =>
            {
                preconditions.push(whole(&text));
            }
            _ => steps.push(CaseStep {
                action: action(plan, &text),
                data: data(step, values),
                expected: Vec::new(),
            }),
        }
    }
    // A step that only says what is there (`*`) and nothing behind it is looked at.
    if steps.iter().all(|step| step.expected.is_empty())
        && let Some(last) = steps.last_mut()
    {
        last.expected.push(last.action.clone());
    }
    (preconditions, steps)
}

/// A step's table and text as data.
fn data(step: &Step, values: &[(String, String)]) -> Vec<Datum> {
    let mut data = Vec::new();
    match step.table.split_first() {
        Some((header, rows)) if !rows.is_empty() => {
            for row in rows {
                let row: Vec<String> = row.iter().map(|cell| filled(cell, values)).collect();
                data.push(Datum::new(header.join(" | "), row.join(" | ")));
            }
        }
        Some((only, _)) => data.push(Datum::new("1", filled(&only.join(" | "), values))),
        None => {}
    }
    if let Some(block) = &step.block {
        data.push(Datum::new("\"\"\"", filled(block, values)));
    }
    data
}

/// `<name>` replaced by its value.
fn filled(text: &str, values: &[(String, String)]) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        made.push_str(before);
        let value = after.split_once('>').and_then(|(name, behind)| {
            let (_, value) = values.iter().find(|(key, _)| key == name)?;
            Some((value, behind))
        });
        match value {
            Some((value, behind)) => {
                made.push_str(value);
                rest = behind;
            }
            None => {
                made.push('<');
                rest = after;
            }
        }
    }
    made.push_str(rest);
    made
}

/// The text with a small letter at the front.
fn uncapital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

/// The scenario's name and its first outcome, or action and outcome where it has no name.
fn titled(plan: &Plan<'_>, criterion: &Criterion, steps: &[CaseStep], values: &[(String, String)]) -> String {
    let outcome = steps
        .iter()
        .flat_map(|step| &step.expected)
        .next()
        .cloned()
        .unwrap_or_default();
    let outcome = outcome.trim_end_matches(['.', ':']);
    let verbal = english::is_third(outcome.split(' ').next().unwrap_or_default(), plan.words);
    let outcome = if plan.is_english() && verbal {
        uncapital(outcome)
    } else {
        sentence::lower(outcome)
    };
    let name = filled(&criterion.title, values);
    let front = if name.is_empty() {
        let action = steps
            .iter()
            .next_back()
            .map(|step| step.action.trim_end_matches('.').to_owned());
        action.unwrap_or_default()
    } else {
        name.clone()
    };
    let mut title = if front.to_lowercase().contains(&outcome.to_lowercase()) {
        front
    } else {
        format!("{front}: {outcome}")
    };
    let untold: Vec<String> = values
        .iter()
        .filter(|(_, value)| !value.is_empty() && !title.contains(value.as_str()))
        .map(|(name, value)| format!("{name} {value}"))
        .collect();
    title = short(&capital(&title), sentence::MAX_TITLE);
    if untold.is_empty() {
        return title;
    }
    format!("{title} ({})", short(&untold.join(", "), 60))
}
