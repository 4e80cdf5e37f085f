//! Buttons, and links that look like them.

use super::{Icon, icon};
use maud::{Markup, html};

/// How a button looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// The one thing to do.
    Primary,
    /// Something else to do.
    Outline,
    /// Something to do beside a row.
    Ghost,
    /// Something that destroys.
    Danger,
    /// The way to something that destroys.
    TextDanger,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::Primary => "btn btn-primary",
            Look::Outline => "btn btn-outline",
            Look::Ghost => "btn btn-ghost",
            Look::Danger => "btn btn-danger",
            Look::TextDanger => "btn btn-text-danger",
        }
    }
}

/// Sends the form that it stands in.
pub fn submit(look: Look, label: &str) -> Markup {
    html! { button type="submit" class=(look.class()) { (label) } }
}

/// Leads somewhere.
pub fn link(look: Look, label: &str, href: &str) -> Markup {
    html! { a class=(look.class()) href=(href) { (label) } }
}

/// Leads somewhere, with an icon before the words.
pub fn icon_link(look: Look, sign: Icon, label: &str, href: &str) -> Markup {
    html! { a class=(look.class()) href=(href) { (icon(sign)) (label) } }
}

/// Copies the words or the value of another element. There is none without script.
pub fn copy(look: Look, from: &str, label: &str) -> Markup {
    html! {
        at-copy data-from=(from) {
            button type="button" class=(look.class()) { (icon(Icon::Copy)) span data-label { (label) } }
            span.vh role="status" {}
        }
    }
}

/// Copies, as an icon with a name.
pub fn copy_icon(from: &str, name: &str) -> Markup {
    html! {
        at-copy data-from=(from) {
            button.btn.btn-ghost.btn-icon.btn-sm type="button" aria-label=(name) title=(name) { (icon(Icon::Copy)) }
            span.vh role="status" {}
        }
    }
}

/// Offers the words of another element as a file. There is none without script.
pub fn save(from: &str, file: &str, label: &str) -> Markup {
    html! {
        at-save data-from=(from) data-name=(file) {
            button.btn.btn-outline type="button" { (icon(Icon::Download)) (label) }
        }
    }
}
