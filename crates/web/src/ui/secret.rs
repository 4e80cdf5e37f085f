//! A secret that is shown once.

use super::button::{Look, copy};
use maud::{Markup, html};

/// The field with its Copy button. The page that shows it is never stored by browsers.
pub fn secret(id: &str, label: &str, value: &str) -> Markup {
    html! {
        div.field {
            div.field-head { label for=(id) { (label) } }
            div.secret {
                input.mono id=(id) type="text" readonly value=(value) autocomplete="off" spellcheck="false"
                    autocapitalize="none" data-1p-ignore data-lpignore="true";
                (copy(Look::Primary, &format!("#{id}"), "Copy"))
            }
        }
    }
}
