//! `/livez` and `/readyz`, for those who operate the server.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use tokio::sync::{Mutex, watch};
use tokio::time::{Instant, timeout};

use super::accept::Stage;

/// How long a verdict holds, so that asking often costs nothing.
const FRESH: Duration = Duration::from_secs(1);
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Tells whether requests should be sent here.
#[derive(Clone)]
pub struct Readiness(Arc<Inner>);

struct Inner {
    app: App,
    data_dir: PathBuf,
    stage: watch::Receiver<Stage>,
    last: Mutex<Option<(Instant, Result<(), &'static str>)>>,
}

impl Readiness {
    /// Asks the database of `app`, and whether `data_dir` can be written.
    pub fn new(app: App, data_dir: PathBuf, stage: watch::Receiver<Stage>) -> Readiness {
        Readiness(Arc::new(Inner {
            app,
            data_dir,
            stage,
            last: Mutex::new(None),
        }))
    }

    /// Why requests should go elsewhere, if they should.
    ///
    /// # Errors
    /// The first reason found.
    pub async fn check(&self) -> Result<(), &'static str> {
        if *self.0.stage.borrow() != Stage::Serving {
            return Err("the server is shutting down");
        }
        let mut last = self.0.last.lock().await;
        if let Some((at, verdict)) = &*last
            && at.elapsed() < FRESH
        {
            return *verdict;
        }
        let verdict = self.look().await;
        *last = Some((Instant::now(), verdict));
        verdict
    }

    async fn look(&self) -> Result<(), &'static str> {
        let db = self.0.app.db();
        match timeout(PATIENCE, db.ping()).await {
            Ok(Ok(())) => {}
            silent_or_failed => {
                tracing::error!(answer = ?silent_or_failed, "the database does not answer");
                return Err("the database does not answer");
            }
        }
        if db.stats().queued * 10 >= store::Options::default().queue * 9 {
            return Err("the writer's queue is almost full");
        }
        writable(&self.0.data_dir).await
    }
}

/// Whether a file can be made in the folder.
async fn writable(folder: &std::path::Path) -> Result<(), &'static str> {
    let probe = folder.join(".readyz");
    tokio::fs::write(&probe, b"ready").await.map_err(|cause| {
        tracing::error!(folder = %folder.display(), %cause, "the data directory cannot be written");
        "the data directory cannot be written"
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
