//! The steps of a test, each with a status of its own; and what the results said of them.

use super::result::{Choice, Form};
use crate::pages::repository::case::values::{list_with, steps};
use crate::sent::Pairs;
use crate::ui::status::Kind;
use crate::ui::strip;
use app::custom::PREFIX;
use app::runs::execution::Open;
use maud::{Markup, html};
use model::status::StepStatus;
use model::{FieldType, TemplateId};
use serde_json::{Map, Value};
use store::field::Field;

/// Steps that have a status of their own; those behind them are only shown.
const MOST: usize = 100;

/// How many steps the text has that is tested, as the page shows it.
pub fn of(open: &Open) -> usize {
    let template = open.content.get("template_id").and_then(Value::as_i64);
    let fields = template.map_or_else(Vec::new, |id| open.schema.fields_of(TemplateId(id)));
    fields.into_iter().map(|f| count(&open.content, f)).sum()
}

/// How many steps a field holds.
pub fn count(content: &Map<String, Value>, field: &Field) -> usize {
    let value = content.get(&format!("{PREFIX}{}", field.system_name));
    value
        .filter(|_| field.kind == FieldType::Steps)
        .map_or(0, |v| steps(v).len())
}

/// The steps of one field; `before` are those of the fields before it.
pub fn shown(value: &Value, before: usize, form: &Form) -> Markup {
    list_with(&steps(value), |n| {
        let step = before + n + 1;
        html! { @if step <= MOST { (select(step, form)) } }
    })
}

fn select(step: usize, form: &Form) -> Markup {
    let chosen = form
        .steps
        .iter()
        .find(|s| usize::try_from(s.step) == Ok(step))
        .map(|s| s.status_id);
    let offered = |c: &&Choice| c.weight.is_some();
    html! {
        select.input name={ "step." (step) } form="result" data-step-status aria-label={ "Status of step " (step) } {
            option value="" { "–" }
            @for c in form.statuses.iter().filter(offered) {
                option value=(c.id) data-weight=[c.weight] selected[chosen == Some(c.id)] { (c.name) }
            }
        }
    }
}

/// The statuses of steps that a form sent, in their order.
pub(crate) fn read(given: &Pairs) -> Vec<StepStatus> {
    let each = given.0.iter().filter_map(|(name, value)| {
        Some(StepStatus {
            step: name.strip_prefix("step.")?.parse().ok()?,
            status_id: value.parse().ok()?,
        })
    });
    let mut all: Vec<StepStatus> = each.collect();
    all.sort_by_key(|s| s.step);
    all
}

/// What a result said of its steps: step, family and words of each.
pub fn past(steps: &[(i64, Kind, String)]) -> Markup {
    let words: Vec<String> = steps
        .iter()
        .map(|(step, _, word)| format!("step {step} {}", word.to_lowercase()))
        .collect();
    let kinds: Vec<Kind> = steps.iter().map(|(_, kind, _)| *kind).collect();
    html! {
        li.past-strip { span.muted { "Steps" } (strip::results(&words.join(", "), &kinds)) }
        @for (step, _, word) in steps.iter().filter(|(_, kind, _)| *kind != Kind::Passed) { li { span.muted { "Step " (step) } " " (word) } }
    }
}
