//! Inputs for the values of the ten types of fields.

use super::steps::{Offered, editor};
use super::values::{blocks, is_long, plain};
use crate::pages::preview;
use crate::ui::field::{Errors, checkbox, described, field};
use maud::{Markup, html};
use model::FieldType;
use serde_json::Value;
use store::field::Field;

/// The input of a field, by the name that the field has for programs. `shared` are shared steps to choose from.
pub(crate) fn input(f: &Field, value: Option<&Value>, errors: &Errors, shared: &[Offered]) -> Markup {
    if is_long(f.kind) {
        long(f, value, errors, shared)
    } else {
        short(f, value, errors)
    }
}

fn long(f: &Field, value: Option<&Value>, errors: &Errors, shared: &[Offered]) -> Markup {
    let name = format!("{}{}", app::custom::PREFIX, f.system_name);
    let error = errors.of(&name);
    if f.kind == FieldType::Steps {
        return html! {
            fieldset.field #(name) {
                legend.label { (f.name) @if f.is_required { " " (crate::ui::field::required()) } }
                (editor(&name, &f.system_name, &value.map(blocks).unwrap_or_default(), shared))
                (crate::ui::field::below(&name, f.note.as_deref().unwrap_or_default(), error))
            }
        };
    }
    let help = f.note.as_deref().unwrap_or("Markdown can be used.");
    let control = html! {
        textarea.input id=(name) name=(name) rows="5" aria-invalid=[error.map(|_| "true")] aria-describedby=[described(&name, help, error)] {
            "\n" (value.map(plain).unwrap_or_default())
        }
    };
    let control = preview::around(&f.name, &control);
    field(&name, &f.name, f.is_required, help, error, &control)
}

fn short(f: &Field, value: Option<&Value>, errors: &Errors) -> Markup {
    let name = format!("{}{}", app::custom::PREFIX, f.system_name);
    let value = value.cloned().unwrap_or_default();
    let error = errors.of(&name);
    let help = f.note.as_deref().unwrap_or_default();
    let options: Vec<(String, String)> = f
        .options
        .iter()
        .map(|o| (o.id.to_string(), o.value.clone()))
        .collect();
    let ticked = |id: &str| {
        value
            .as_array()
            .is_some_and(|all| all.iter().any(|v| plain(v) == id))
    };
    match f.kind {
        FieldType::Checkbox => html! {
            div.field { (checkbox(&name, "1", value == Value::Bool(true), html! { (f.name) })) (crate::ui::field::below(&name, help, error)) }
        },
        FieldType::MultiSelect => html! {
            fieldset.field id=(name) {
                legend.label { (f.name) @if f.is_required { " " (crate::ui::field::required()) } }
                @for (id, words) in &options { (checkbox(&name, id, ticked(id), html! { (words) })) }
                (crate::ui::field::below(&name, help, error))
            }
        },
        FieldType::Dropdown => {
            let control = select(&name, &options, &plain(&value), Some("–"), error);
            field(&name, &f.name, f.is_required, help, error, &control)
        }
        kind => {
            let (kind, mode) = match kind {
                FieldType::Date => ("date", None),
                FieldType::Link => ("url", None),
                FieldType::Integer => ("text", Some("numeric")),
                FieldType::Float => ("text", Some("decimal")),
                _ => ("text", None),
            };
            let control = html! {
                input.input id=(name) name=(name) type=(kind) inputmode=[mode] value=(plain(&value)) autocomplete="off"
                    aria-invalid=[error.map(|_| "true")] aria-describedby=[described(&name, help, error)];
            };
            field(&name, &f.name, f.is_required, help, error, &control)
        }
    }
}

/// A list to choose one from; `none` is the choice of nothing.
pub(crate) fn select(
    name: &str,
    options: &[(String, String)],
    chosen: &str,
    none: Option<&str>,
    error: Option<&str>,
) -> Markup {
    html! {
        select.input id=(name) name=(name) aria-invalid=[error.map(|_| "true")] aria-describedby=[described(name, "", error)] {
            @if let Some(none) = none { option value="" { (none) } }
            @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
        }
    }
}
