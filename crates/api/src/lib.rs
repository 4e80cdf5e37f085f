//! The REST API: Testmo's contract under `/api/v1`, our own resources under `/api/attest/v1`. Thin over `app`.
//!
//! Every operation is one row of [`table`]: method, path, what it needs, and the function that does it. The router, the
//! checks before a body is read, and the test of every endpoint with every kind of caller come from that table.

mod admin;
mod api_users;
mod attachments;
mod audit;
pub mod auth;
mod automation;
mod body;
mod cases;
mod connections;
mod context;
mod envelope;
mod error;
mod folders;
mod groups;
mod issues;
mod keys;
mod lookups;
mod milestones;
mod notifications;
mod on;
pub mod openapi;
mod params;
mod projects;
mod roles;
mod runs;
mod sessions;
mod shared_steps;
mod surrogate;
mod table;
mod user;
mod users;
mod wire;

pub use context::Options;
pub use table::{Access, On, Operation, table};

use app::App;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodRouter, any, get, on};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The routes of the API. Everything else below `/api/` answers 404 in the API's own words.
pub fn router(app: App, options: Options) -> Router {
    let service = Arc::new(context::Service::new(app, options));
    let mut paths: BTreeMap<&str, MethodRouter> = BTreeMap::new();
    for operation in table() {
        let service = Arc::clone(&service);
        let path = operation.path;
        let handler = on(operation.filter(), move |request| {
            let service = Arc::clone(&service);
            async move { service.answer(&operation, request).await }
        });
        let methods = paths.remove(path).unwrap_or_default().merge(handler);
        paths.insert(path, methods);
    }
    let router = paths.into_iter().fold(Router::new(), |router, (path, methods)| {
        router.route(path, methods.fallback(method_not_allowed))
    });
    router
        .route(openapi::PATH, get(openapi::serve).fallback(method_not_allowed))
        .route("/api/{*path}", any(not_found))
        .route("/api", any(not_found))
}

async fn not_found(request: axum::extract::Request) -> Response {
    let path = said_back(&request);
    let text =
        format!("The route {path} could not be found. Look at the path; the API begins with /api/v1/.");
    error::plain(&request, StatusCode::NOT_FOUND, "not_found", &text)
}

/// The path as an answer may repeat it.
fn said_back(request: &axum::extract::Request) -> &str {
    model::key::before_key(request.uri().path()).trim_start_matches('/')
}

async fn method_not_allowed(request: axum::extract::Request) -> Response {
    let path = said_back(&request);
    let method = model::key::before_key(request.method().as_str());
    let text = format!("The {method} method is not supported for the route {path}.");
    error::plain(
        &request,
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        &text,
    )
}
