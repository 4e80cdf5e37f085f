//! What people fill in: label above, help and error below, values kept when something was wrong.

use super::{Icon, Tone, banner, icon};
use app::FieldError;
use maud::{Markup, html};

/// What was wrong with a form, by field.
#[derive(Debug, Clone, Default)]
pub struct Errors(pub Vec<FieldError>);

impl Errors {
    /// What is wrong with a field; `addresses.0` belongs to `addresses`.
    pub fn of(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|e| base(&e.field) == field)?;
        Some(&found.text)
    }

    /// Whether the form was fine.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The list above a form. It takes the focus, and its entries lead to the fields.
    pub fn summary(&self) -> Markup {
        html! {
            @if !self.is_empty() {
                div role="alert" tabindex="-1" autofocus {
                    (banner(Tone::Bad, "This did not work yet.", html! {
                        ul { @for e in &self.0 { li { a href={ "#" (base(&e.field)) } { (e.text) } } } }
                    }))
                }
            }
        }
    }
}

fn base(field: &str) -> &str {
    field.split('.').next().unwrap_or(field)
}

/// A field of one line.
#[derive(Default)]
pub struct Input<'a> {
    /// Its name in the form, and its id.
    pub name: &'a str,
    /// Its label.
    pub label: &'a str,
    /// `text` unless it says otherwise.
    pub kind: &'a str,
    /// What it holds.
    pub value: &'a str,
    /// A sentence below.
    pub help: &'a str,
    /// What is wrong with it.
    pub error: Option<&'a str>,
    /// Whether it must be filled in.
    pub is_required: bool,
    /// Whether it takes the focus when the page opens.
    pub has_focus: bool,
    /// What browsers and password managers fill in.
    pub autocomplete: &'a str,
    /// Whether it is drawn larger, on pages with one small form.
    pub is_large: bool,
    /// Most characters.
    pub most: Option<u32>,
}

impl Input<'_> {
    /// Draws the field.
    pub fn render(&self) -> Markup {
        self.draw(self.is_required)
    }

    /// Draws the field without saying that it is required, where that goes without saying.
    pub fn render_plain(&self) -> Markup {
        self.draw(false)
    }

    fn draw(&self, says_required: bool) -> Markup {
        let control = self.control();
        let control = if self.kind == "password" {
            reveal(&control)
        } else {
            control
        };
        field(
            self.name,
            self.label,
            says_required,
            self.help,
            self.error,
            &control,
        )
    }

    fn control(&self) -> Markup {
        let kind = if self.kind.is_empty() { "text" } else { self.kind };
        html! {
            input class={ "input" @if self.is_large { " input-lg" } } id=(self.name) name=(self.name) type=(kind)
                value=(self.value) required[self.is_required] maxlength=[self.most] autofocus[self.has_focus]
                autocomplete=[(!self.autocomplete.is_empty()).then_some(self.autocomplete)]
                spellcheck=[matches!(kind, "password" | "email").then_some("false")]
                aria-invalid=[self.error.map(|_| "true")]
                aria-describedby=[described(self.name, self.help, self.error)];
        }
    }
}

/// Label, control, help and error of a field whose control has the id `name`.
pub fn field(
    name: &str,
    label: &str,
    is_required: bool,
    help: &str,
    error: Option<&str>,
    control: &Markup,
) -> Markup {
    html! {
        div.field {
            div.field-head {
                label for=(name) { (label) }
                @if is_required { (required()) }
            }
            (control)
            (below(name, help, error))
        }
    }
}

/// The mark of fields that must be filled in, outside of the label so that the label stays the name alone.
pub fn required() -> Markup {
    html! { span.note { "(required)" } }
}

/// Help and error below a field.
pub fn below(name: &str, help: &str, error: Option<&str>) -> Markup {
    html! {
        @if let Some(text) = error {
            p.field-error id={ (name) "-error" } { (icon(Icon::CircleAlert)) span { (text) } }
        }
        @if !help.is_empty() { p.note id={ (name) "-help" } { (help) } }
    }
}

/// Ids of what describes a field.
pub fn described(name: &str, help: &str, error: Option<&str>) -> Option<String> {
    let ids = [
        error.map(|_| format!("{name}-error")),
        (!help.is_empty()).then(|| format!("{name}-help")),
    ];
    let ids: Vec<String> = ids.into_iter().flatten().collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// Tells password managers whose password a form asks for.
pub fn username(email: &str) -> Markup {
    html! { input type="text" name="username" value=(email) autocomplete="username" hidden; }
}

/// A password field with a button that shows what is typed.
fn reveal(control: &Markup) -> Markup {
    html! {
        at-reveal {
            (control)
            button.reveal type="button" aria-pressed="false" {
                (icon(Icon::Eye)) span data-label { "Show" } span.vh { " password" }
            }
        }
    }
}

/// A box to tick.
pub fn checkbox(name: &str, value: &str, is_checked: bool, label: Markup) -> Markup {
    html! {
        label.check { input type="checkbox" name=(name) value=(value) checked[is_checked]; span { (label) } }
    }
}

/// One of several choices in a row.
pub struct Segment<'a> {
    /// Its value in the form.
    pub value: &'a str,
    /// Its words.
    pub label: &'a str,
}

/// One choice among several, as one bar. Ids are `name-value`.
pub fn segments(name: &str, legend: &str, options: &[Segment<'_>], chosen: &str) -> Markup {
    html! {
        fieldset.field {
            legend.label { (legend) }
            div.segments {
                @for option in options {
                    label {
                        input type="radio" id={ (name) "-" (option.value) } name=(name) value=(option.value)
                            checked[option.value == chosen];
                        (option.label)
                    }
                }
            }
        }
    }
}
