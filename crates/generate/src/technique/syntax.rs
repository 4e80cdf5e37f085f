//! Syntax testing of a JSON Schema: a valid document, and one for each rule that is broken alone. The formats and
//! patterns of an interface are broken by the same rules, see `rest`.

use serde_json::Value;

use crate::case::{Datum, Polarity};
use crate::data::{faults, sample, spoil};
use crate::say::{fill, short};
use crate::technique::draft::with_data;
use crate::technique::sentence::MAX_TITLE;
use crate::technique::{Draft, Plan, Technique};

/// Lists the rules of the document's schema and proposes values that keep all and break each.
pub(super) fn plan(plan: &mut Plan<'_>) {
    let document = plan.document;
    let (Some(schemas), Some(root)) = (&document.schemas, document.root_schema) else {
        return;
    };
    let Some(valid) = sample(schemas, root) else {
        let span = document
            .requirements
            .first()
            .map(|requirement| requirement.span)
            .unwrap_or_default();
        plan.infeasible(
            Technique::Syntax,
            "schema",
            "valid",
            "a valid document",
            span,
            "no value after the schema can be made",
        );
        return;
    };
    propose(
        plan,
        Technique::Syntax,
        "valid",
        "$",
        "a valid document",
        valid.clone(),
        true,
    );
    for fault in faults(schemas, root, false) {
        let mut value = valid.clone();
        if spoil(schemas, root, &mut value, &fault.path, &fault.wrong) {
            let name = std::iter::once("$")
                .chain(fault.path.iter().map(String::as_str))
                .collect::<Vec<_>>()
                .join(".");
            let key = format!("{name}.{}", fault.rule);
            propose(plan, fault.technique, &key, &name, &fault.text, value, false);
        }
    }
}

fn propose(
    plan: &mut Plan<'_>,
    technique: Technique,
    key: &str,
    name: &str,
    text: &str,
    value: Value,
    valid: bool,
) {
    let span = plan
        .document
        .requirements
        .first()
        .map(|requirement| requirement.span)
        .unwrap_or_default();
    let told = format!("{name}: {text}");
    let Some(item) = plan.item(technique, "schema", key, told.clone(), span) else {
        return;
    };
    let outcome = if valid {
        &plan.phrases.accepted
    } else {
        &plan.phrases.refused
    };
    let values = [("value", name), ("subject", name)];
    let seen = if valid {
        &plan.phrases.is_accepted
    } else {
        &plan.phrases.is_refused
    };
    let draft = Draft {
        technique,
        items: vec![item],
        requirement: String::new(),
        criteria: Vec::new(),
        polarity: if valid {
            Polarity::Positive
        } else {
            Polarity::Negative
        },
        risk: 2,
        title: short(&format!("{told}: {outcome}"), MAX_TITLE),
        preconditions: Vec::new(),
        steps: vec![with_data(
            plan.phrases.set_values.clone(),
            vec![Datum::new("document", value.to_string())],
            vec![fill(seen, &values)],
        )],
        spans: vec![span],
    };
    plan.propose(draft);
}
