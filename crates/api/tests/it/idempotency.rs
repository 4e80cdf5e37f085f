//! `Idempotency-Key`: a repeated request has its effect once.

use crate::lifecycle::{Run, one};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::app::{Reply, request};

async fn post(run: &Run, path: &str, claim: &str, body: &Value) -> Reply {
    let request = request(Method::POST, path, &run.key).header("idempotency-key", claim);
    run.test
        .send(request.body(Body::from(body.to_string())).unwrap())
        .await
}

#[tokio::test]
async fn every_post_repeats_its_answer_and_not_its_effect() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let project = format!("/api/v1/projects/{}/automation/runs", run.project);
    let calls = [
        (project.clone(), json!({"name": "n", "source": "web"}), 201),
        (run.path("threads"), json!({}), 201),
        (
            format!("/api/v1/automation/runs/threads/{thread}/append"),
            json!({"tests": [one("a", "passed")]}),
            204,
        ),
        (
            run.path("append"),
            json!({"links": [{"name": "l", "url": "u"}]}),
            204,
        ),
        (
            format!("/api/v1/automation/runs/threads/{thread}/complete"),
            json!({}),
            204,
        ),
        (run.path("complete"), json!({}), 204),
    ];
    for (n, (path, body, status)) in calls.iter().enumerate() {
        let claim = format!("claim-{n}");
        let (first, again) = (
            post(&run, path, &claim, body).await,
            post(&run, path, &claim, body).await,
        );
        assert_eq!(
            (first.status.as_u16(), again.status.as_u16()),
            (*status, *status),
            "{path} {:?}",
            again.json()
        );
        assert_eq!(first.bytes, again.bytes, "{path}");
    }
    let row = run.get().await;
    assert_eq!(
        (&row["total_count"], &row["thread_count"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(row["links"].as_array().unwrap().len(), 1);
    assert_eq!(run.test.get(&project, &run.key).await.json()["total"], json!(2));
}

#[tokio::test]
async fn a_key_used_for_something_else_is_refused() {
    let run = Run::new().await;
    let path = run.path("threads");
    post(&run, &path, "mine", &json!({})).await;
    for (path, body) in [
        (path.clone(), json!({"elapsed_computed": 1})),
        (run.path("append"), json!({})),
    ] {
        let reply = post(&run, &path, "mine", &body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.json()["errors"]["Idempotency-Key"][0].is_string());
    }
    let reply = post(&run, &path, &"x".repeat(256), &json!({})).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_refused_request_does_not_use_its_key_up() {
    let run = Run::new().await;
    let path = format!("/api/v1/projects/{}/automation/runs", run.project);
    let wrong = json!({"name": "n", "source": "web", "config": "none"});
    assert_eq!(
        post(&run, &path, "k", &wrong).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        post(&run, &path, "k", &json!({"name": "n", "source": "web"}))
            .await
            .status,
        StatusCode::CREATED
    );
}

#[tokio::test]
async fn a_body_in_pieces_is_stored_once() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let path = format!("/api/v1/automation/runs/threads/{thread}/append");
    let tests: Vec<Value> = (0..9000).map(|i| one(&format!("k{i}"), "passed")).collect();
    let body = json!({ "tests": tests });
    for _ in 0..2 {
        assert_eq!(
            post(&run, &path, "large", &body).await.status,
            StatusCode::NO_CONTENT
        );
    }
    assert_eq!(run.get().await["total_count"], json!(9000));
}

#[tokio::test]
async fn the_same_request_many_times_at_once_has_one_effect() {
    let run = std::sync::Arc::new(Run::new().await);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let run = std::sync::Arc::clone(&run);
        tasks.spawn(async move {
            post(&run, &run.path("threads"), "same", &json!({})).await.json()["id"].clone()
        });
    }
    let ids = tasks.join_all().await;
    assert!(ids.iter().all(|id| id.is_i64() && *id == ids[0]), "{ids:?}");
    assert_eq!(run.get().await["thread_count"], json!(1));
}
