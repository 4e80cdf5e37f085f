//! Everything that htmx knows of. No other module writes an `hx-` attribute or reads an `HX-` header, so another
//! transport would be a change here and in `assets/src/transport.ts`.
//!
//! Allowed are `get`, `target`, `swap`, `trigger` without filters, and `push-url`. Script in attributes is not.

use super::{Icon, icon};
use http::HeaderMap;
use maud::{Markup, html};

/// What a response depends on beside its address.
pub const VARY: &str = "HX-Request, HX-Target";

/// The id of the region that the browser asks for; none when it wants the whole page.
pub fn region(headers: &HeaderMap) -> Option<&str> {
    headers.get("hx-request")?;
    let target = headers.get("hx-target")?.to_str().ok()?;
    target.split_once('#').map(|(_, id)| id)
}

/// Whether the request comes from script that swaps fragments.
pub fn is_fragment(headers: &HeaderMap) -> bool {
    headers.contains_key("hx-request")
}

/// The header that makes such script open another page.
pub const REDIRECT: &str = "hx-redirect";

/// The link of a row: opens the page of its thing, or with script only the pane `target` of it.
pub fn row_link(href: &str, target: &str, words: Markup) -> Markup {
    let target = format!("#{target}");
    html! {
        a href=(href) data-open hx-get=(href) hx-target=(target) hx-swap="outerMorph" hx-push-url="true" { (words) }
    }
}

/// Opens the row before or after the one in the pane. They stay away without the list's script.
pub fn step_buttons(what: &str) -> Markup {
    let button = |step: &str, word: &str, sign| {
        let name = format!("{word} {what}");
        html! { button.btn.btn-ghost.btn-icon.btn-sm type="button" data-step=(step) aria-label=(name) title=(name) { (icon(sign)) } }
    };
    html! {
        span.steps-between { (button("-1", "Previous", Icon::ChevronUp)) (button("1", "Next", Icon::ChevronDown)) }
    }
}

/// Closes the pane `target`: a link to the page without it, back to `list` where the pane covers it.
pub fn close_link(href: &str, target: &str, list: &str) -> Markup {
    let target = format!("#{target}");
    html! {
        a.btn.btn-ghost.btn-icon.btn-sm.back href=(href) data-close title="Close"
            hx-get=(href) hx-target=(target) hx-swap="outerMorph" hx-push-url="true" {
            (icon(Icon::ChevronLeft)) span.vh { "Close" } span.back-words { (list) } (icon(Icon::X))
        }
    }
}

/// The end of a list that goes on: a link to its next part, or with script the part itself once it comes in sight.
/// `chunk` is the address that gives the rows alone.
pub fn next_chunk(href: &str, chunk: &str, columns: usize, words: &str) -> Markup {
    html! {
        tbody #more hx-get=(chunk) hx-trigger="intersect once" hx-swap="outerHTML" hx-target="this" {
            tr { td.more-rows colspan=(columns) { a.link href=(href) { (words) } } }
        }
    }
}

/// A region that is fetched again every few seconds while something in it goes on.
pub fn live(id: &str, href: &str, is_live: bool, inside: Markup) -> Markup {
    let href = is_live.then_some(href);
    html! {
        div id=(id) data-live[is_live] hx-get=[href] hx-trigger=[href.map(|_| "every 5s")]
            hx-target=[href.map(|_| "this")] hx-swap=[href.map(|_| "outerMorph")] { (inside) }
    }
}

/// A list that is fetched once it comes in sight, such as when what holds it is unfolded. Until then, and without script, it
/// holds `inside`.
pub fn later(id: &str, href: &str, inside: Markup) -> Markup {
    html! {
        ul id=(id) hx-get=(href) hx-trigger="intersect once" hx-target="this" hx-swap="outerHTML" { (inside) }
    }
}
