//! One case beside the list: its properties and its text, with the way to those before and after it.

use super::address::Place;
use super::case::view::{self, Page};
use crate::ui::button::{Look, copy_icon, icon_link};
use crate::ui::{Frame, Icon, hx, tag};
use maud::{Markup, html};

/// The pane; without a case it is hidden and only a place for one.
pub fn pane(frame: &Frame, place: &Place, shown: Option<&Page>) -> Markup {
    let Some(v) = shown else {
        return html! { aside #detail hidden aria-label="Case" {} };
    };
    let c = &v.case;
    html! {
        aside #detail data-shown aria-label="Case" tabindex="-1" {
            header.detail-head {
                span.muted.num { "C" (c.number) }
                (tag(&v.state))
                span.end {
                    (hx::step_buttons("case"))
                    (copy_icon("#case-name", "Copy the title of the case"))
                    @if v.can_edit { (icon_link(Look::Outline, Icon::Pencil, "Edit", &format!("/cases/edit/{}", c.id))) }
                    (hx::close_link(&place.closed().href(), "detail", "Cases"))
                }
            }
            div.detail-body {
                h1 #case-name tabindex="-1" { (c.values.name) }
                (view::properties(frame, v))
                div.case-text { (view::texts(v)) }
                p { a.link href=(view::href(c)) { "Open the case" } span.muted { " with its history and " (crate::ui::text::count(v.comments, "comment", "comments")) } }
            }
        }
    }
}
