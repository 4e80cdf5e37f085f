//! Decision table testing: every rule; combinations without a rule and rules that contradict each other are asked
//! about.

use crate::case::{Datum, Polarity};
use crate::requirement::Phrase;
use crate::say::{capital, fill, short};
use crate::span::Span;
use crate::table::{DecisionTable, Rule, Table};
use crate::technique::draft::with_data;
use crate::technique::{Draft, Plan, Technique, sentence::MAX_TITLE};

/// Combinations of conditions that are looked through at most.
const MAX_COMBINATIONS: usize = 65_536;

/// Questions about one table at most.
const MAX_QUESTIONS: usize = 20;

/// Lists the rules of a decision table and proposes a case for each.
pub(super) fn plan(plan: &mut Plan<'_>, index: usize, table: &Table) {
    let Table::Decision(table) = table else {
        return;
    };
    if !plan.wants(Technique::DecisionTable) {
        return;
    }
    let of = format!("table-{}", index + 1);
    for (number, rule) in table.rules.iter().enumerate() {
        propose(plan, &of, table, number, rule);
    }
    contradictions(plan, &of, table);
    missing(plan, &of, table);
}

fn name(rule: &Rule, number: usize) -> String {
    if rule.name.is_empty() {
        (number + 1).to_string()
    } else {
        rule.name.clone()
    }
}

/// Conditions of a rule in words; those that do not matter are left out.
fn conditions(table: &DecisionTable, values: &[Option<String>]) -> String {
    let pairs = table.conditions.iter().zip(values);
    let told: Vec<String> = pairs
        .filter_map(|(name, value)| Some(format!("{} = {}", name.text, value.as_ref()?)))
        .collect();
    told.join(", ")
}

fn texts(values: &[Option<Phrase>]) -> Vec<Option<String>> {
    values
        .iter()
        .map(|value| value.as_ref().map(|value| value.text.clone()))
        .collect()
}

/// The values that a condition has in any rule, in the order of the table.
fn domain(table: &DecisionTable, condition: usize) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for rule in &table.rules {
        if let Some(Some(value)) = rule.conditions.get(condition)
            && !values.contains(&value.text)
        {
            values.push(value.text.clone());
        }
    }
    values
}

/// Id of the requirement and of the criterion that the reader made of a rule.
fn origin(plan: &Plan<'_>, span: Span) -> (String, Vec<String>) {
    for requirement in &plan.document.requirements {
        let found = requirement
            .criteria
            .iter()
            .find(|criterion| criterion.span == span);
        if let Some(criterion) = found {
            return (requirement.id.clone(), vec![criterion.id.clone()]);
        }
    }
    (String::new(), Vec::new())
}

/// What a rule does, in words: the name of an action that is only ticked, else name and value.
fn effects(table: &DecisionTable, rule: &Rule) -> Vec<String> {
    let pairs = table.actions.iter().zip(&rule.actions);
    pairs
        .filter_map(|(action, value)| {
            let value = value.as_ref()?.text.trim();
            let ticked = matches!(value.to_lowercase().as_str(), "x" | "✓" | "✔");
            Some(if ticked {
                action.text.clone()
            } else {
                format!("{} = {value}", action.text)
            })
        })
        .collect()
}

fn propose(plan: &mut Plan<'_>, of: &str, table: &DecisionTable, number: usize, rule: &Rule) {
    let name = name(rule, number);
    let told = conditions(table, &texts(&rule.conditions));
    let text = fill(&plan.phrases.rule, &[("rule", &name), ("condition", &told)]);
    let Some(item) = plan.item(
        Technique::DecisionTable,
        of,
        &format!("rule-{}", number + 1),
        text,
        rule.span,
    ) else {
        return;
    };
    let mut items = vec![item];
    let (requirement, criteria) = origin(plan, rule.span);
    for criterion in &criteria {
        let text = fill(&plan.phrases.criterion, &[("text", &told)]);
        items.extend(plan.item(Technique::RequirementsBased, criterion, "met", text, rule.span));
    }
    // What does not matter takes the first value that it has elsewhere.
    let data = table
        .conditions
        .iter()
        .enumerate()
        .filter_map(|(index, condition)| {
            let value = rule
                .conditions
                .get(index)?
                .as_ref()
                .map(|value| value.text.clone());
            let value = value.or_else(|| domain(table, index).into_iter().next())?;
            Some(Datum::new(condition.text.clone(), value))
        });
    let effects = effects(table, rule);
    let title = format!("{told}: {}", effects.join(", "));
    let title = if table.title.is_empty() {
        title
    } else {
        format!("{}: {title}", table.title)
    };
    let action = plan.phrases.apply.clone();
    let draft = Draft {
        technique: Technique::DecisionTable,
        items,
        requirement,
        criteria,
        polarity: Polarity::Positive,
        risk: 2,
        title: short(&capital(&title), MAX_TITLE),
        preconditions: Vec::new(),
        steps: vec![with_data(action, data.collect(), effects)],
        spans: vec![rule.span],
    };
    plan.propose(draft);
}

/// Whether two rules can apply to the same combination.
fn overlap(a: &Rule, b: &Rule) -> bool {
    a.conditions.iter().zip(&b.conditions).all(|(a, b)| match (a, b) {
        (Some(a), Some(b)) => a.text == b.text,
        _ => true,
    })
}

fn contradictions(plan: &mut Plan<'_>, of: &str, table: &DecisionTable) {
    let mut asked = 0;
    for (first, a) in table.rules.iter().enumerate() {
        for (second, b) in table.rules.iter().enumerate().skip(first + 1) {
            if asked >= MAX_QUESTIONS || !overlap(a, b) || texts(&a.actions) == texts(&b.actions) {
                continue;
            }
            asked += 1;
            let pairs = a.conditions.iter().zip(&b.conditions);
            let both: Vec<Option<String>> = pairs
                .map(|(a, b)| a.as_ref().or(b.as_ref()).map(|value| value.text.clone()))
                .collect();
            let told = conditions(table, &both);
            let values = [("a", name(a, first)), ("b", name(b, second)), ("condition", told)];
            let values: Vec<(&str, &str)> =
                values.iter().map(|(key, value)| (*key, value.as_str())).collect();
            let text = fill(&plan.phrases.contradicting, &values);
            let (requirement, _) = origin(plan, a.span);
            plan.ask(
                if requirement.is_empty() { of } else { &requirement },
                None,
                b.span,
                text,
            );
        }
    }
}

fn missing(plan: &mut Plan<'_>, of: &str, table: &DecisionTable) {
    let domains: Vec<Vec<String>> = (0..table.conditions.len())
        .map(|index| domain(table, index))
        .collect();
    let count = domains
        .iter()
        .try_fold(1_usize, |count, domain| count.checked_mul(domain.len()));
    let Some(count) = count.filter(|count| (1..=MAX_COMBINATIONS).contains(count)) else {
        return;
    };
    let mut asked = 0;
    for number in 0..count {
        let mut rest = number;
        let mut values = Vec::new();
        for domain in &domains {
            values.push(domain.get(rest % domain.len().max(1)).cloned());
            rest /= domain.len().max(1);
        }
        let applies = |rule: &Rule| {
            let mut pairs = rule.conditions.iter().zip(&values);
            pairs.all(|(rule, value)| {
                rule.as_ref()
                    .is_none_or(|rule| Some(&rule.text) == value.as_ref())
            })
        };
        if table.rules.iter().any(applies) {
            continue;
        }
        let told = conditions(table, &values);
        let text = fill(&plan.phrases.missing_rule, &[("condition", &told)]);
        plan.infeasible(
            Technique::DecisionTable,
            of,
            &format!("missing-{}", number + 1),
            told,
            table.span,
            "the table has no rule for it",
        );
        if asked < MAX_QUESTIONS {
            plan.ask(of, None, table.span, text);
        }
        asked += 1;
    }
}
