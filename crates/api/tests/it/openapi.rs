//! The description of the API, as it is served. That it is right is proven by every other test: see `testkit`.

use http::{Method, Request, StatusCode};
use serde_json::json;
use testkit::app::TestApp;

#[tokio::test]
async fn everybody_gets_the_description() {
    let test = TestApp::new().await;
    let request = Request::get("/api/openapi.json").body(axum::body::Body::empty());
    let reply = test.send(request.unwrap()).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.json(), api::openapi::document());
    assert_eq!(reply.json()["openapi"], "3.1.0");
}

#[tokio::test]
async fn numbers_below_zero_and_long_texts_are_no_filters() {
    let test = TestApp::new().await;
    let (admin, key) = test.admin().await;
    let project = test.project(admin, "Storefront").await.0;
    let long = "a".repeat(1001);
    for (query, field) in [
        ("folder_id=1,-1".to_owned(), "folder_id"),
        (format!("name={long}"), "name"),
    ] {
        let path = format!("/api/v1/projects/{project}/cases?{query}");
        let reply = test.get(&path, &key).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(reply.json()["errors"][field].is_array(), "{field}");
    }
    let path = "/api/v1/issues/connections?integration_type=9";
    let reply = test.call(Method::GET, path, &key, &serde_json::Value::Null).await;
    assert!(reply.json()["errors"]["integration_type"].is_array());
}

#[tokio::test]
async fn a_list_of_values_is_no_object() {
    let test = TestApp::new().await;
    let (admin, key) = test.admin().await;
    let project = test.project(admin, "Storefront").await.0;
    let base = format!("/api/v1/projects/{project}");
    let run = json!({"name": "nightly", "source": "web"});
    let run = test
        .post(&format!("{base}/automation/runs"), &key, run)
        .await
        .json()["id"]
        .clone();
    let threads = format!("/api/v1/automation/runs/{run}/threads");
    let thread = test.post(&threads, &key, json!({})).await.json()["id"].clone();
    let append = format!("/api/v1/automation/runs/threads/{thread}/append");
    for (path, body) in [
        (format!("{base}/milestones"), json!(["2.0"])),
        (format!("{base}/folders"), json!({"folders": [["Checkout"]]})),
        (
            format!("{base}/runs"),
            json!({"name": "RC", "links": [["a", "b", "https://example.com"]]}),
        ),
        (
            format!("{base}/sessions"),
            json!({"name": "tour", "issues": [["WEB-1", 1]]}),
        ),
        (threads.clone(), json!({"fields": [[1, "Build", "42"]]})),
        (
            append.clone(),
            json!({"tests": [["a", "pays", "passed", "shop"]]}),
        ),
        (append, json!({"fields": [[1, "Build", "42"]]})),
    ] {
        let reply = test.post(&path, &key, body.clone()).await;
        assert_eq!(
            reply.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{path} took {body}"
        );
        assert_eq!(reply.json()["code"], "invalid");
    }
}

#[tokio::test]
async fn a_folder_takes_no_place_outside_the_order() {
    let test = TestApp::new().await;
    let (admin, key) = test.admin().await;
    let project = test.project(admin, "Storefront").await.0;
    let path = format!("/api/v1/projects/{project}/folders");
    for place in [-1, i64::MAX, 1_000_000_001] {
        let body = json!({"folders": [{"name": "Checkout", "display_order": place}]});
        let reply = test.post(&path, &key, body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{place}");
        assert!(reply.json()["errors"]["folders.0.display_order"].is_array());
    }
    let last = json!({"folders": [{"name": "Checkout", "display_order": 1_000_000_000}]});
    assert_eq!(test.post(&path, &key, last).await.status, StatusCode::CREATED);
    let next = json!({"folders": [{"name": "Payment"}]});
    assert_eq!(test.post(&path, &key, next).await.status, StatusCode::CREATED);
}
