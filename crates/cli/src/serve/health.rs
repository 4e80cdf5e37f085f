//! `/livez` and `/readyz` for those who operate the server, `/metrics` for those who watch it.

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, timeout};

use super::accept::Stage;

/// How long a verdict holds, so that asking often costs nothing.
const FRESH: Duration = Duration::from_secs(1);
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// What the store says about itself.
pub trait Probe: Send + Sync + 'static {
    /// One round trip to the database.
    fn ping(&self) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + '_>>;

    /// How full the writer's queue is, from 0 to 1.
    fn queue_fill(&self) -> f64;
}

/// Tells whether requests should be sent here.
#[derive(Clone)]
pub struct Readiness(Arc<Inner>);

struct Inner {
    probe: Box<dyn Probe>,
    data_dir: PathBuf,
    stage: watch::Receiver<Stage>,
    last: Mutex<Option<(Instant, Result<(), String>)>>,
}

impl Readiness {
    /// Asks `probe`, and whether `data_dir` can be written.
    pub fn new(probe: Box<dyn Probe>, data_dir: PathBuf, stage: watch::Receiver<Stage>) -> Readiness {
        Readiness(Arc::new(Inner {
            probe,
            data_dir,
            stage,
            last: Mutex::new(None),
        }))
    }

    /// Why requests should go elsewhere, if they should.
    ///
    /// # Errors
    /// The first reason found.
    pub async fn check(&self) -> Result<(), String> {
        if *self.0.stage.borrow() != Stage::Serving {
            return Err("the server is shutting down".to_owned());
        }
        let mut last = self.0.last.lock().await;
        if let Some((at, verdict)) = &*last
            && at.elapsed() < FRESH
        {
            return verdict.clone();
        }
        let verdict = self.look().await;
        *last = Some((Instant::now(), verdict.clone()));
        verdict
    }

    async fn look(&self) -> Result<(), String> {
        timeout(PATIENCE, self.0.probe.ping())
            .await
            .unwrap_or_else(|_| Err("the database does not answer".to_owned()))?;
        if self.0.probe.queue_fill() >= 0.9 {
            return Err("the writer's queue is almost full".to_owned());
        }
        writable(&self.0.data_dir).await
    }
}

/// Whether a file can be made in the folder.
async fn writable(folder: &std::path::Path) -> Result<(), String> {
    let probe = folder.join(".readyz");
    tokio::fs::write(&probe, b"ready").await.map_err(|cause| {
        tracing::error!(folder = %folder.display(), %cause, "the data directory cannot be written");
        "the data directory cannot be written".to_owned()
    })?;
    let _ = tokio::fs::remove_file(&probe).await;
    Ok(())
}

/// `/livez` and `/readyz`.
pub fn router(readiness: Readiness) -> Router {
    Router::new()
        .route("/livez", get(|| async { "alive\n" }))
        .route("/readyz", get(ready))
        .with_state(readiness)
}

async fn ready(State(readiness): State<Readiness>) -> Response {
    match readiness.check().await {
        Ok(()) => "ready\n".into_response(),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")).into_response(),
    }
}

/// Writes every metric.
pub type Render = Arc<dyn Fn() -> String + Send + Sync>;

/// `/metrics` for the listener of its own, which anybody who reaches it may read.
pub fn metrics_router(render: Render) -> Router {
    Router::new().route("/metrics", get(metrics)).with_state(render)
}

async fn metrics(State(render): State<Render>) -> Response {
    (
        [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        render(),
    )
        .into_response()
}
