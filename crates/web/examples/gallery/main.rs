//! Serves every page with labelled sample data, for looking at them: `cargo run -p web --example gallery`.
//!
//! `/` lists the pages; `?theme=dark` after a page's name draws it dark.
#![expect(clippy::print_stdout, reason = "it says where it serves")]
#![expect(
    clippy::unwrap_used,
    reason = "sample data that cannot be made ends the program"
)]

#[path = "../../tests/it/drawn.rs"]
mod drawn;
#[path = "../../tests/it/sample/mod.rs"]
mod sample;

use axum::Router;
use axum::extract::{Path, Query};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use http::header::CONTENT_SECURITY_POLICY;
use http::{HeaderMap, StatusCode};
use std::collections::HashMap;
use web::ui::{Theme, hx};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                   connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let router = Router::new()
        .route("/", get(index))
        .route("/page/{name}", get(page))
        .route("/automation/runs/view/{id}", get(run))
        .route("/assets/{name}", get(web::assets::serve));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:4180").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router).await
}

async fn index() -> Html<String> {
    let names = drawn::pages(Theme::System).into_iter().map(|(name, _)| name);
    let links: Vec<String> = names
        .map(|n| format!("<li><a href=\"/page/{n}\">{n}</a>"))
        .collect();
    Html(format!(
        "<!doctype html><title>Gallery</title><ul>{}</ul>",
        links.join("")
    ))
}

fn theme(query: &HashMap<String, String>) -> Theme {
    query
        .get("theme")
        .map_or(Theme::System, |name| Theme::from_name(name))
}

async fn page(Path(name): Path<String>, Query(query): Query<HashMap<String, String>>) -> Response {
    let found = drawn::pages(theme(&query)).into_iter().find(|(n, _)| *n == name);
    match found {
        Some((_, markup)) => answer(markup.into_string()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The page of a run with its links alive: chunks without end, and the pane of a test.
async fn run(headers: HeaderMap, Query(query): Query<HashMap<String, String>>) -> Response {
    let frame = sample::frame(theme(&query), true);
    let has_detail = query.contains_key("test_id");
    let place = sample::place();
    let run = sample::run(model::automation::Outcome::Failure);
    let markup = match hx::region(&headers) {
        Some("detail") => {
            let detail = sample::detail();
            let place = place.open(has_detail.then_some(detail.id));
            web::pages::run::detail::pane(&frame, place, has_detail.then_some(&detail))
        }
        Some("more") => web::pages::run::tests::chunk(&run, place.from(sample::list().next), &sample::list()),
        _ => drawn::run_page(
            &frame,
            web::pages::run::address::Tab::Tests,
            has_detail,
            model::automation::Outcome::Failure,
        ),
    };
    answer(markup.into_string())
}

fn answer(html: String) -> Response {
    ([(CONTENT_SECURITY_POLICY, CSP)], Html(html)).into_response()
}
