//! What Markdown will look like, while it is written.

use crate::respond;
use crate::sent::{Pairs, Sent};
use crate::ui::markdown::markdown;
use crate::visit::Signed;
use app::App;
use axum::Router;
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use maud::{Markup, html};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/preview", post(show))
}

async fn show(Signed(_): Signed, Sent(given): Sent<Pairs>) -> Response {
    let text = given.one("text");
    let shown = html! {
        @if text.trim().is_empty() { p.muted { "Nothing is written yet." } } @else { (markdown(text)) }
    };
    respond::html(StatusCode::OK, shown)
}

/// A field of Markdown with a button that shows what it will look like. The button needs script.
pub fn around(label: &str, field: &Markup) -> Markup {
    html! {
        at-preview {
            (field)
            div.preview data-shown hidden tabindex="0" role="group" aria-label="As it will look" {}
            button.btn.btn-ghost.btn-sm type="button" aria-pressed="false" { "Preview" span.vh { " of " (label) } }
        }
    }
}
