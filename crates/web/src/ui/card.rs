//! A bordered part of a page with a head.

use maud::{Markup, html};

/// What stands on the right of a card's head.
pub fn card(title: &str, beside: Markup, body: Markup) -> Markup {
    html! {
        section.card {
            header.card-head { h2 { (title) } @if !beside.0.is_empty() { span.end.muted { (beside) } } }
            (body)
        }
    }
}

/// A form as a card: fields above, buttons below.
pub fn form(action: &str, class: &str, title: &str, body: Markup, foot: Markup) -> Markup {
    html! {
        form class={ "card " (class) } method="post" action=(action) {
            header.card-head { h2 { (title) } }
            div.card-body { (body) }
            footer.card-foot { (foot) }
        }
    }
}

/// Names and values.
pub fn facts(rows: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts { @for (name, value) in rows { dt { (name) } dd { (value) } } }
    }
}
