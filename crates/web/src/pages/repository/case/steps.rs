//! The step editor. Each of its buttons sends the form, which comes back with the step added, moved or gone; script does the
//! same on the spot.

use super::values::Step;
use crate::ui::{Icon, icon};
use maud::{Markup, html};

/// Draws it for the field with this name in the form and this system name.
pub fn editor(name: &str, system_name: &str, steps: &[Step]) -> Markup {
    html! {
        at-steps data-name=(system_name) {
            ol.step-editor { @for (n, step) in steps.iter().enumerate() { (one(name, system_name, n, step)) } }
            template { (one(name, system_name, 0, &Step::default())) }
            button.btn.btn-outline name="do" value={ "add:" (system_name) } data-step-add formnovalidate { (icon(Icon::Plus)) "Add step" }
            span.vh role="status" {}
        }
    }
}

fn one(name: &str, system_name: &str, n: usize, step: &Step) -> Markup {
    let button = |deed: &str, label: &str, sign| {
        let label = format!("{label} step {}", n + 1);
        html! { button.btn.btn-ghost.btn-icon.btn-sm name="do" value={ (deed) ":" (system_name) ":" (n) } data-deed=(deed) aria-label=(label) title=(label) formnovalidate { (icon(sign)) } }
    };
    let area = |column: &str, label: &str, text: &str| {
        html! { label { span { (label) span.vh { " of step " span data-n { (n + 1) } } }
            textarea.input name={ (name) "." (column) } rows="2" { "\n" (text) }
        } }
    };
    html! {
        li {
            span.step-number data-n { (n + 1) }
            input type="hidden" name={ (name) ".id" } value=[step.id];
            input type="hidden" name={ (name) ".text2" } value=(step.others[0]);
            input type="hidden" name={ (name) ".text4" } value=(step.others[1]);
            (area("text1", "Action", &step.action))
            (area("text3", "Expected", &step.expected))
            span.step-deeds {
                (button("up", "Move up", Icon::ArrowUp))
                (button("down", "Move down", Icon::ArrowDown))
                (button("copy", "Duplicate", Icon::Copy))
                (button("remove", "Remove", Icon::Trash2))
            }
        }
    }
}
