//! `/livez` and `/readyz`.

use std::path::Path;

use app::App;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use cli::serve::accept::Stage;
use cli::serve::health::{Readiness, router};
use testkit::app::TestApp;
use tokio::sync::watch;
use tokio::time::{Duration, advance};
use tower::ServiceExt as _;

fn routes(app: &App, folder: &Path, stage: &watch::Sender<Stage>) -> Router {
    router(Readiness::new(app.clone(), folder.to_owned(), stage.subscribe()))
}

async fn ask(router: &Router, path: &str) -> (u16, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let answer = router.clone().oneshot(request).await.unwrap();
    let status = answer.status().as_u16();
    let body = to_bytes(answer.into_body(), 1000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn ready_while_everything_works_and_not_while_stopping() {
    let test = TestApp::new().await;
    let folder = tempfile::tempdir().unwrap();
    let stage = watch::Sender::new(Stage::Serving);
    let router = routes(&test.app, folder.path(), &stage);
    assert_eq!(ask(&router, "/livez").await, (200, "alive\n".to_owned()));
    assert_eq!(ask(&router, "/readyz").await, (200, "ready\n".to_owned()));
    assert_eq!(
        folder.path().read_dir().unwrap().count(),
        0,
        "the probe leaves nothing behind"
    );
    stage.send_replace(Stage::Draining);
    assert_eq!(
        ask(&router, "/readyz").await,
        (503, "not ready: the server is shutting down\n".to_owned())
    );
    assert_eq!(ask(&router, "/livez").await.0, 200, "still alive");
}

#[tokio::test]
async fn not_ready_without_the_database_or_the_data_directory() {
    let test = TestApp::new().await;
    let stage = watch::Sender::new(Stage::Serving);
    let gone = routes(&test.app, Path::new("/nowhere/at/all"), &stage);
    assert_eq!(
        ask(&gone, "/readyz").await,
        (
            503,
            "not ready: the data directory cannot be written\n".to_owned()
        )
    );

    let folder = tempfile::tempdir().unwrap();
    let router = routes(&test.app, folder.path(), &stage);
    assert_eq!(ask(&router, "/readyz").await.0, 200);
    test.db().close().await;
    assert_eq!(
        ask(&router, "/readyz").await.0,
        200,
        "a verdict holds for a second"
    );
    tokio::time::pause();
    advance(Duration::from_secs(1)).await;
    assert_eq!(
        ask(&router, "/readyz").await,
        (503, "not ready: the database does not answer\n".to_owned())
    );
    assert_eq!(ask(&router, "/livez").await.0, 200);
}
