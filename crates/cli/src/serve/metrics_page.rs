//! `/metrics`, for those who watch the server.

use std::sync::Arc;

use app::App;
use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};

use super::metrics::{self, Metrics, counter, gauge};

/// Writes every metric.
pub(super) type Render = Arc<dyn Fn() -> String + Send + Sync>;

/// Everything that `/metrics` shows.
pub(super) fn render(app: App, requests: Arc<Metrics>) -> Render {
    Arc::new(move || {
        let mut page = String::with_capacity(8 * 1024);
        requests.render(&mut page);
        let stats = app.db().stats();
        counter(
            &mut page,
            "attest_db_commits_total",
            "Transactions on stable storage.",
            stats.groups,
        );
        counter(
            &mut page,
            "attest_db_writes_total",
            "Writes that these answered.",
            stats.closures,
        );
        counter(
            &mut page,
            "attest_db_repeated_total",
            "Writes that had to run again.",
            stats.repeated,
        );
        gauge(
            &mut page,
            "attest_db_queued",
            "Writes queued or running.",
            stats.queued,
        );
        gauge(
            &mut page,
            "attest_db_ingests",
            "Ingests queued or running.",
            stats.ingests,
        );
        gauge(
            &mut page,
            "attest_db_wal_bytes",
            "Size of the write-ahead log.",
            stats.wal_bytes,
        );
        gauge(
            &mut page,
            "attest_db_connections",
            "Connections to PostgreSQL.",
            stats.connections,
        );
        metrics::process(&mut page);
        page
    })
}

/// `/metrics` on the main address, for a site admin's key.
pub(super) fn admin_metrics(app: App, render: Render) -> Router {
    Router::new()
        .route("/metrics", get(show))
        .with_state((app, render))
}

/// `/metrics` on an address of its own, for anybody who reaches it.
pub(super) fn open_metrics(render: Render) -> Router {
    Router::new()
        .route(
            "/metrics",
            get(|State(render): State<Render>| async move { text(&render) }),
        )
        .with_state(render)
}

async fn show(State((app, render)): State<(App, Render)>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    match api::auth::authenticate(&app, &parts).await {
        Ok(actor) if actor.is_admin() => text(&render),
        Ok(_) => refuse(&app::Error::Denied(store::access::Denied::AdminOnly)),
        Err(error) => refuse(&error),
    }
}

/// The page in Prometheus's format.
fn text(render: &Render) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, render()).into_response()
}

fn refuse(error: &app::Error) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let text = format!("{}\n", error.message());
    if status == StatusCode::UNAUTHORIZED {
        return (
            status,
            [(header::WWW_AUTHENTICATE, "Bearer realm=\"attest\"")],
            text,
        )
            .into_response();
    }
    (status, text).into_response()
}
