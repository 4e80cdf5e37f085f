//! Combinatorial testing: each choice, base choice, and every combination of any *t* parameters.

use std::collections::BTreeSet;

use crate::case::{Datum, Polarity};
use crate::say::{capital, fill, short};
use crate::span::Span;
use crate::table::{ParameterTable, Table};
use crate::technique::draft::with_data;
use crate::technique::{Draft, Plan, Technique, classification, sentence::MAX_TITLE};

/// Combinations that are listed one by one at most; more are beyond what anybody reads.
const MAX_TUPLES: usize = 60_000;

/// Values that the title of a case names.
const SHOWN: usize = 4;

/// Something to combine.
pub(super) struct Combination<'m> {
    /// What items are of.
    pub(super) of: String,
    pub(super) title: String,
    pub(super) model: &'m covering::Model,
    pub(super) span: Span,
}

/// Lists what is to be combined in a table of parameters and proposes rows.
pub(super) fn plan(plan: &mut Plan<'_>, index: usize, table: &Table) {
    let Table::Parameters(table) = table else {
        return;
    };
    let own;
    let model = match &plan.document.model {
        Some(model) => model,
        None => match model_of(table) {
            Some(model) => {
                own = model;
                &own
            }
            None => return,
        },
    };
    let of = format!("table-{}", index + 1);
    let combination = Combination {
        of,
        title: table.title.clone(),
        model,
        span: table.span,
    };
    propose(plan, &combination);
}

/// The model of a table: values that begin with `~` are ones to be refused, as in PICT.
fn model_of(table: &ParameterTable) -> Option<covering::Model> {
    let parameters = table.parameters.iter().map(|parameter| {
        let values = parameter.values.iter().map(|value| {
            let plain = value.text.strip_prefix('~');
            let mut made = covering::Value::new(plain.unwrap_or(&value.text));
            made.is_negative = plain.is_some();
            made
        });
        covering::Parameter {
            name: parameter.name.text.clone(),
            values: values.collect(),
        }
    });
    covering::Model::new(parameters.collect(), Vec::new(), Vec::new()).ok()
}

fn propose(plan: &mut Plan<'_>, combination: &Combination<'_>) {
    classification::leaves(plan, combination);
    choices(plan, combination, Technique::EachChoice);
    choices(plan, combination, Technique::BaseChoice);
    let most = combination.model.parameters().len().min(covering::MAX_STRENGTH);
    let strength = plan.options.strength.clamp(1, most.max(1));
    let rows = if plan.wants(Technique::Combinatorial) {
        made(plan, combination, strength)
    } else {
        made(plan, combination, 1)
    };
    if plan.wants(Technique::BaseChoice) {
        base_rows(plan, combination);
    }
    for row in rows {
        row_case(plan, combination, strength, &row);
    }
}

/// Rows of a strength, kept rows first; a model without an allowed row is asked about.
fn made(plan: &mut Plan<'_>, combination: &Combination<'_>, strength: usize) -> Vec<Vec<usize>> {
    let options = covering::Options {
        strength,
        seed_rows: seeds(plan, combination),
        ..covering::Options::default()
    };
    match covering::generate(combination.model, &options) {
        Ok(made) => made.rows,
        Err(error) => {
            plan.ask(&combination.of, None, combination.span, error.to_string());
            Vec::new()
        }
    }
}

/// Rows of earlier cases that still fit.
fn seeds(plan: &Plan<'_>, combination: &Combination<'_>) -> Vec<Vec<Option<usize>>> {
    let parameters = combination.model.parameters();
    let renamed: Vec<Option<(&str, usize)>> = parameters
        .iter()
        .map(|parameter| renamed(&plan.options.seeds, parameter))
        .collect();
    let row = |data: &Vec<Datum>| {
        let value = |(parameter, renamed): (&covering::Parameter, &Option<(&str, usize)>)| {
            let datum = data.iter().find(|datum| datum.name == parameter.name)?;
            let mut values = parameter.values.iter();
            let known = values.position(|value| value.name() == datum.value);
            known.or_else(|| renamed.filter(|(old, _)| *old == datum.value).map(|(_, new)| new))
        };
        parameters.iter().zip(&renamed).map(value).collect::<Vec<_>>()
    };
    let rows = plan.options.seeds.iter().map(row);
    rows.filter(|row| row.iter().filter(|value| value.is_some()).count() * 2 > parameters.len())
        .collect()
}

/// The one value of earlier rows that a parameter no longer has, and the place of the only one that is new in it.
fn renamed<'s>(rows: &'s [Vec<Datum>], parameter: &covering::Parameter) -> Option<(&'s str, usize)> {
    let data = rows.iter().flatten();
    let old: BTreeSet<&str> = data
        .filter(|datum| datum.name == parameter.name)
        .map(|datum| datum.value.as_str())
        .collect();
    let names: Vec<&str> = parameter.values.iter().map(covering::Value::name).collect();
    let mut gone = old.iter().filter(|value| !names.contains(*value));
    let mut fresh = names.iter().enumerate().filter(|(_, name)| !old.contains(*name));
    match (gone.next(), gone.next(), fresh.next(), fresh.next()) {
        (Some(gone), None, Some((fresh, _)), None) => Some((gone, fresh)),
        _ => None,
    }
}

/// Name and value of a position.
fn value(model: &covering::Model, parameter: usize, value: usize) -> Option<(&str, &covering::Value)> {
    let parameter = model.parameters().get(parameter)?;
    Some((parameter.name.as_str(), parameter.values.get(value)?))
}

/// Lists every value for each choice, or every value beside the base choice.
fn choices(plan: &mut Plan<'_>, combination: &Combination<'_>, technique: Technique) {
    for (index, parameter) in combination.model.parameters().iter().enumerate() {
        for (position, one) in parameter.values.iter().enumerate() {
            let text = fill(
                &plan.phrases.value_of,
                &[("name", &parameter.name), ("value", one.name())],
            );
            plan.item(
                technique,
                &combination.of,
                &format!("{index}={position}"),
                text,
                combination.span,
            );
        }
    }
}

/// The first values together, and each other value in their place (Ammann, Offutt, "Using formal methods to
/// derive test frames in category-partition testing", 1994).
fn base_rows(plan: &mut Plan<'_>, combination: &Combination<'_>) {
    let parameters = combination.model.parameters();
    let base: Vec<Option<usize>> = parameters
        .iter()
        .map(|parameter| parameter.values.iter().position(|value| !value.is_negative))
        .collect();
    let mut wanted = vec![base.clone()];
    for (index, parameter) in parameters.iter().enumerate() {
        for position in 0..parameter.values.len() {
            if base.get(index) != Some(&Some(position)) {
                let mut row = base.clone();
                if let Some(slot) = row.get_mut(index) {
                    *slot = Some(position);
                }
                wanted.push(row);
            }
        }
    }
    let options = covering::Options {
        strength: 1,
        effort: 0,
        seed_rows: wanted.clone(),
        ..covering::Options::default()
    };
    // Seed rows that no allowed row can hold are left out; the rest come first.
    let Ok(made) = covering::generate(combination.model, &options) else {
        return;
    };
    let kept = wanted.len() - made.skipped.len();
    for row in made.rows.iter().take(kept) {
        let wanted: Vec<Option<usize>> = row.iter().copied().map(Some).collect();
        let differs = wanted.iter().zip(&base).filter(|(a, b)| a != b).count();
        let mut items = Vec::new();
        for (index, position) in row.iter().enumerate() {
            let is_base = base.get(index) == Some(&Some(*position));
            if differs <= 1 && (!is_base || differs == 0) {
                items.push(format!(
                    "{}:{}:{index}={position}",
                    Technique::BaseChoice.prefix(),
                    combination.of
                ));
            }
        }
        let draft = draft(plan, combination, row, items, Technique::BaseChoice);
        plan.propose(draft);
    }
}

fn row_case(plan: &mut Plan<'_>, combination: &Combination<'_>, strength: usize, row: &[usize]) {
    let mut items = Vec::new();
    if plan.wants(Technique::Combinatorial) {
        items = tuples(plan, combination, strength, row);
    }
    for technique in [Technique::EachChoice, Technique::ClassificationTree] {
        if plan.wants(technique) {
            let prefix = technique.prefix();
            items.extend(
                row.iter()
                    .enumerate()
                    .map(|(index, position)| format!("{prefix}:{}:{index}={position}", combination.of)),
            );
        }
    }
    let technique = if plan.wants(Technique::Combinatorial) {
        Technique::Combinatorial
    } else if plan.wants(Technique::EachChoice) {
        Technique::EachChoice
    } else {
        Technique::ClassificationTree
    };
    let draft = draft(plan, combination, row, items, technique);
    plan.propose(draft);
}

/// The combinations in a row. One that holds a value to be refused counts with it only.
fn tuples(plan: &mut Plan<'_>, combination: &Combination<'_>, strength: usize, row: &[usize]) -> Vec<String> {
    let model = combination.model;
    let negative = (0..row.len()).find(|index| {
        let position = row.get(*index).copied().unwrap_or_default();
        value(model, *index, position).is_some_and(|(_, value)| value.is_negative)
    });
    let mut items = Vec::new();
    let mut chosen = Vec::new();
    each(row.len(), strength, 0, &mut chosen, &mut |chosen| {
        if negative.is_some_and(|negative| !chosen.contains(&negative)) {
            return;
        }
        let parts = chosen
            .iter()
            .filter_map(|index| Some((*index, *row.get(*index)?)));
        let key: Vec<String> = parts
            .clone()
            .map(|(index, position)| format!("{index}={position}"))
            .collect();
        let texts: Vec<String> = parts
            .filter_map(|(index, position)| {
                let (name, value) = value(model, index, position)?;
                Some(fill(
                    &plan.phrases.value_of,
                    &[("name", name), ("value", value.name())],
                ))
            })
            .collect();
        if plan.items.len() >= MAX_TUPLES {
            return;
        }
        let text = fill(&plan.phrases.pair, &[("values", &texts.join(", "))]);
        items.extend(plan.item(
            Technique::Combinatorial,
            &combination.of,
            &key.join(","),
            text,
            combination.span,
        ));
    });
    items
}

/// Every choice of `left` positions out of `of`.
fn each(of: usize, left: usize, from: usize, chosen: &mut Vec<usize>, then: &mut impl FnMut(&[usize])) {
    if left == 0 {
        then(chosen);
        return;
    }
    for index in from..of {
        chosen.push(index);
        each(of, left - 1, index + 1, chosen, then);
        chosen.pop();
    }
}

fn draft(
    plan: &Plan<'_>,
    combination: &Combination<'_>,
    row: &[usize],
    items: Vec<String>,
    technique: Technique,
) -> Draft {
    let model = combination.model;
    let values: Vec<(&str, &covering::Value)> = row
        .iter()
        .enumerate()
        .filter_map(|(index, position)| value(model, index, *position))
        .collect();
    let data = values
        .iter()
        .map(|(name, value)| Datum::new(*name, value.name()))
        .collect();
    let refused = values.iter().find(|(_, value)| value.is_negative);
    let told = |count: usize| -> String {
        let texts: Vec<String> = values
            .iter()
            .take(count)
            .map(|(name, value)| fill(&plan.phrases.value_of, &[("name", name), ("value", value.name())]))
            .collect();
        let more = if values.len() > count { ", …" } else { "" };
        format!("{}{more}", texts.join(", "))
    };
    let (headline, expected) = match refused {
        Some((name, value)) => {
            let values = [("name", *name), ("value", value.name())];
            let text = fill(&plan.phrases.combination_refused, &values);
            (
                fill(&plan.phrases.value_of, &values) + ": " + &plan.phrases.refused,
                text,
            )
        }
        None => {
            let shown = told(SHOWN);
            let title = fill(&plan.phrases.combination_title, &[("values", &shown)]);
            (
                title,
                fill(&plan.phrases.combination_done, &[("values", &told(SHOWN))]),
            )
        }
    };
    let title = if combination.title.is_empty() {
        headline
    } else {
        format!("{}: {headline}", combination.title)
    };
    Draft {
        technique,
        items,
        requirement: String::new(),
        criteria: Vec::new(),
        polarity: if refused.is_some() {
            Polarity::Negative
        } else {
            Polarity::Positive
        },
        risk: if refused.is_some() { 2 } else { 1 },
        title: short(&capital(&title), MAX_TITLE),
        preconditions: Vec::new(),
        steps: vec![with_data(plan.phrases.set_values.clone(), data, vec![expected])],
        spans: vec![combination.span],
    }
}
