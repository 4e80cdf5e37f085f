//! Values of the ten types of fields as people read them.

use crate::ui::markdown::markdown;
use crate::ui::text::{duration, is_web};
use crate::ui::{Icon, icon, tag};
use maud::{Markup, html};
use model::FieldType;
use serde_json::Value;
use store::field::Field;
use store::shared_steps::MARK;

/// A step of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Its number among the steps of the case, which stays when others are added; none for one that is new.
    pub id: Option<i64>,
    /// What to do.
    pub action: String,
    /// What should happen.
    pub expected: String,
    /// The two other columns that programs may fill; kept as they are.
    pub others: [String; 2],
    /// The shared steps that it is part of.
    pub shared: Option<i64>,
}

/// The steps of a value of the type [`FieldType::Steps`].
pub fn steps(value: &Value) -> Vec<Step> {
    let text = |step: &Value, name: &str| {
        step.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let list = value.as_array().into_iter().flatten();
    list.map(|step| Step {
        id: step.get("id").and_then(Value::as_i64),
        action: text(step, "text1"),
        expected: text(step, "text3"),
        others: [text(step, "text2"), text(step, "text4")],
        shared: step.get(MARK).and_then(Value::as_i64),
    })
    .collect()
}

/// The same with one entry, which has no text, for shared steps: they are edited elsewhere.
pub fn blocks(value: &Value) -> Vec<Step> {
    let all = steps(value);
    let each = all.chunk_by(|a, b| a.shared.is_some() && a.shared == b.shared);
    each.map(|block| match &block[0] {
        Step { shared: None, .. } => block[0].clone(),
        Step { shared, id, .. } => Step {
            shared: *shared,
            id: *id,
            ..Step::default()
        },
    })
    .collect()
}

/// Whether values of a type need the width of the page.
pub fn is_long(kind: FieldType) -> bool {
    matches!(kind, FieldType::Text | FieldType::Steps)
}

/// A value. `None` is one that the case does not have.
pub fn shown(field: &Field, value: Option<&Value>) -> Markup {
    let Some(value) = value.filter(|v| !v.is_null()) else {
        return html! { span.muted { "–" } };
    };
    match field.kind {
        FieldType::Text => markdown(value.as_str().unwrap_or_default()),
        FieldType::Steps => list(&steps(value)),
        FieldType::Link => address(value.as_str().unwrap_or_default()),
        FieldType::Dropdown => html! { (option(field, value)) },
        FieldType::MultiSelect => html! {
            span.tags { @for one in value.as_array().into_iter().flatten() { (tag(&option(field, one))) } }
        },
        FieldType::Checkbox => html! { (if value.as_bool() == Some(true) { "Yes" } else { "No" }) },
        FieldType::Integer | FieldType::Float => html! { span.num { (plain(value)) } },
        FieldType::String | FieldType::Date => html! { (plain(value)) },
    }
}

fn address(url: &str) -> Markup {
    if is_web(url) {
        html! { a.link href=(url) rel="noopener noreferrer nofollow" { (url) " " (icon(Icon::ExternalLink)) } }
    } else {
        html! { (url) }
    }
}

/// The words of an option; its number when it is gone.
pub fn option(field: &Field, id: &Value) -> String {
    let found = field.options.iter().find(|o| Some(o.id.0) == id.as_i64());
    found.map_or_else(|| plain(id), |o| o.value.clone())
}

/// A value as plain text: strings without quotes.
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A value of a field as lines of text, for comparing.
pub fn lines(field: Option<&Field>, value: &Value) -> String {
    let Some(field) = field else {
        return plain_list(value);
    };
    match field.kind {
        FieldType::Steps => {
            let each = steps(value).into_iter().enumerate().map(|(n, step)| {
                let more = [&step.others[0], &step.expected, &step.others[1]];
                let more = more.into_iter().filter(|t| !t.is_empty());
                let more: Vec<String> = more.map(|t| format!("\n   → {t}")).collect();
                let more = more.concat();
                format!("{}. {}{more}", n + 1, step.action)
            });
            each.collect::<Vec<_>>().join("\n")
        }
        FieldType::Dropdown if !value.is_null() => option(field, value),
        FieldType::MultiSelect => {
            let all = value.as_array().into_iter().flatten().map(|v| option(field, v));
            all.collect::<Vec<_>>().join("\n")
        }
        FieldType::Checkbox => value
            .as_bool()
            .map_or("", |yes| if yes { "Yes" } else { "No" })
            .to_owned(),
        _ => plain(value),
    }
}

fn plain_list(value: &Value) -> String {
    match value.as_array() {
        Some(all) => all.iter().map(plain).collect::<Vec<_>>().join("\n"),
        None => plain(value),
    }
}

/// An estimate.
pub fn estimate(micros: Option<i64>) -> String {
    micros.map_or_else(|| "–".to_owned(), duration)
}

/// Steps with their numbers.
pub fn list(steps: &[Step]) -> Markup {
    list_with(steps, |_| Markup::default())
}

/// The same with something behind each, by its place from 0.
pub fn list_with(steps: &[Step], behind: impl Fn(usize) -> Markup) -> Markup {
    html! {
        ol.case-steps { @for (n, step) in steps.iter().enumerate() {
            li {
                span.step-number aria-hidden="true" { (n + 1) }
                div {
                    @if let Some(id) = step.shared { @if n == 0 || steps[n - 1].shared != step.shared {
                        a.tag.shared href={ "/shared-steps/edit/" (id) } { (icon(Icon::Layers)) "Shared steps" }
                    } }
                    (markdown(&step.action))
                    @for more in [&step.others[0], &step.expected, &step.others[1]] { @if !more.is_empty() {
                        div.expected { (icon(Icon::CornerDownRight)) span.vh { "Expected: " } (markdown(more)) }
                    } }
                }
                (behind(n))
            }
        } }
    }
}
