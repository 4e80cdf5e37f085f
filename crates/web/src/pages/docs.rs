//! `/api/docs`: the description of the REST API for people. It is for everybody, as the description itself is.

use crate::assets::{DOCS_CSS, DOCS_JS, DOCS_LICENCE};
use crate::respond;
use crate::ui::{Frame, shell};
use crate::visit::Visit;
use app::App;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use maud::{Markup, html};

/// Where the page is.
pub const PATH: &str = "/api/docs";
/// Where the API serves its description.
const DESCRIPTION: &str = "/api/openapi.json";

pub(crate) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show))
}

async fn show(visit: Visit) -> Response {
    respond::page(docs(&visit.frame))
}

/// Draws it. The viewer needs script; without it the description is still a link away.
pub fn docs(frame: &Frame) -> Markup {
    let body = html! {
        link rel="stylesheet" href=(DOCS_CSS);
        div.api-docs {
            header {
                h1 { "Attest API" }
                a href=(DESCRIPTION) { "Description (OpenAPI 3.1)" }
                a href=(DOCS_LICENCE) { "Licence of the viewer" }
            }
            noscript { p { "This page needs JavaScript. The description holds the same for programs." } }
            div #api-docs data-url=(DESCRIPTION) {}
        }
        script type="module" src=(DOCS_JS) {}
    };
    shell::plain(frame, "API", body)
}
