//! The step editor. Each of its buttons sends the form, which comes back with the step added, moved or gone; script does the
//! same on the spot.

use super::values::Step;
use crate::ui::text::count;
use crate::ui::{Icon, icon};
use maud::{Markup, html};
use store::shared_steps::MARK;

/// Most shared steps that are offered.
const OFFERED: usize = 200;

/// Shared steps that can be put into a case.
pub struct Offered {
    /// Their id.
    pub id: i64,
    /// Their name.
    pub name: String,
    /// How many steps these are.
    pub steps: usize,
}

/// Draws it for the field with this name in the form and this system name.
pub fn editor(name: &str, system_name: &str, steps: &[Step], shared: &[Offered]) -> Markup {
    let form = Editor {
        name,
        system_name,
        shared,
    };
    html! {
        at-steps data-name=(system_name) {
            ol.step-editor { @for (n, step) in steps.iter().enumerate() { (form.one(n, step)) } }
            template { (form.one(0, &Step::default())) }
            div.actions {
                button.btn.btn-outline name="do" value={ "add:" (system_name) } data-step-add formnovalidate { (icon(Icon::Plus)) "Add step" }
                @if !shared.is_empty() { (form.menu()) }
            }
            span.vh role="status" {}
        }
    }
}

struct Editor<'e> {
    name: &'e str,
    system_name: &'e str,
    shared: &'e [Offered],
}

impl Editor<'_> {
    fn menu(&self) -> Markup {
        let id = format!("shared-{}", self.system_name);
        html! {
            button.btn.btn-ghost type="button" popovertarget=(id) { (icon(Icon::Layers)) "Insert shared steps" }
            div.popup.shared-menu id=(id) popover {
                at-menu { ul { @for one in self.shared.iter().take(OFFERED) { li {
                    button name="do" value={ "shared:" (self.system_name) ":" (one.id) } data-shared formnovalidate {
                        span.cut { (one.name) } span.muted.num { (one.steps) span.vh { " steps" } }
                    }
                } } } }
            }
        }
    }

    fn button(&self, n: usize, deed: &str, label: &str, sign: Icon) -> Markup {
        let label = format!("{label} step {}", n + 1);
        html! { button.btn.btn-ghost.btn-icon.btn-sm name="do" value={ (deed) ":" (self.system_name) ":" (n) } data-deed=(deed) aria-label=(label) title=(label) formnovalidate { (icon(sign)) } }
    }

    fn hidden(&self, column: &str, value: &str) -> Markup {
        html! { input type="hidden" name={ (self.name) "." (column) } value=(value); }
    }

    fn one(&self, n: usize, step: &Step) -> Markup {
        let id = step.id.map(|id| id.to_string()).unwrap_or_default();
        let area = |column: &str, label: &str, text: &str| {
            html! { label { span { (label) span.vh { " of step " span data-n { (n + 1) } } }
                textarea.input name={ (self.name) "." (column) } rows="2" { "\n" (text) }
            } }
        };
        html! {
            li {
                span.step-number data-n { (n + 1) }
                (self.hidden("id", &id))
                (self.hidden("text2", &step.others[0]))
                (self.hidden("text4", &step.others[1]))
                (self.hidden(MARK, &step.shared.map(|id| id.to_string()).unwrap_or_default()))
                @if let Some(shared) = step.shared { (self.shared_card(shared)) } @else {
                    (area("text1", "Action", &step.action))
                    (area("text3", "Expected", &step.expected))
                }
                span.step-deeds {
                    (self.button(n, "up", "Move up", Icon::ArrowUp))
                    (self.button(n, "down", "Move down", Icon::ArrowDown))
                    @if step.shared.is_none() { (self.button(n, "copy", "Duplicate", Icon::Copy)) }
                    (self.button(n, "remove", "Remove", Icon::Trash2))
                }
            }
        }
    }

    /// Shared steps stand in the list as one entry, which leads to where they are edited.
    fn shared_card(&self, id: i64) -> Markup {
        let known = self.shared.iter().find(|s| s.id == id);
        let steps = known.map(|s| i64::try_from(s.steps).unwrap_or(i64::MAX));
        html! {
            (self.hidden("text1", ""))
            (self.hidden("text3", ""))
            p.shared-card {
                (icon(Icon::Layers))
                a.link href={ "/shared-steps/edit/" (id) } { (known.map_or("Shared steps", |s| s.name.as_str())) }
                @if let Some(steps) = steps { span.muted { (count(steps, "shared step", "shared steps")) } }
            }
        }
    }
}
