//! What arrives as a body: lenient where clients are sloppy, exact about what is wrong (contract §1.4, §5).

use crate::lifecycle::{Run, one};
use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::app::{Reply, request};

async fn raw(run: &Run, path: &str, body: impl Into<Body>) -> Reply {
    run.test
        .send(request(Method::POST, path, &run.key).body(body.into()).unwrap())
        .await
}

#[tokio::test]
async fn unpaired_surrogates_become_replacement_characters() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let path = format!("/api/v1/automation/runs/threads/{thread}/append");
    let body = r#"{"tests":[{"key":"a","name":"cut \ud83d","status":"passed","folder":"f \ud83d\ude00"}]}"#;
    assert_eq!(raw(&run, &path, body).await.status, StatusCode::NO_CONTENT);
    let row = run.test.get(&run.path("tests"), &run.key).await.json()["result"][0].clone();
    assert_eq!(
        (&row["name"], &row["folder"]),
        (&json!("cut \u{fffd}"), &json!("f \u{1f600}"))
    );
}

#[tokio::test]
async fn nul_characters_are_stored_as_replacement_characters() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let mut test = one("a", "passed");
    test["name"] = json!("nul \0 here");
    test["fields"] = json!([{"type": 4, "name": "Output", "value": "a\0b"}]);
    assert_eq!(
        run.append(thread, json!({"tests": [test]})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        run.test.get(&run.path("tests"), &run.key).await.json()["result"][0]["name"],
        json!("nul \u{fffd} here")
    );
}

#[tokio::test]
async fn missing_null_and_empty_lists_are_equal() {
    let run = Run::new().await;
    let thread = run.thread().await;
    for body in [
        json!({}),
        json!({"tests": null}),
        json!({"tests": [], "fields": null, "artifacts": []}),
        Value::Null,
    ] {
        assert_eq!(run.append(thread, body).await.status, StatusCode::NO_CONTENT);
    }
    let path = format!("/api/v1/automation/runs/threads/{thread}/complete");
    assert_eq!(raw(&run, &path, " \n").await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_malformed_body_names_its_place() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let path = format!("/api/v1/automation/runs/threads/{thread}/append");
    for (body, field) in [
        (
            r#"{"tests":[{"key":5,"name":"n","status":"passed","folder":"f"}]}"#,
            "tests.0.key",
        ),
        (
            r#"{"tests":[{"key":"k","name":"n","status":"passed","folder":"f","elapsed":"1s"}]}"#,
            "tests.0.elapsed",
        ),
        (r#"{"tests":{}}"#, "tests"),
        (r#"{"elapsed_observed":1.5}"#, "elapsed_observed"),
        ("[1]", "body"),
        ("{", "body"),
        (r#"{"tests":[]} x"#, "body"),
    ] {
        let reply = raw(&run, &path, body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(
            reply.json()["errors"]
                .as_object()
                .unwrap()
                .keys()
                .collect::<Vec<_>>(),
            [field],
            "{body}"
        );
    }
    assert_eq!(run.get().await["total_count"], json!(0));
}

#[tokio::test]
async fn every_wrong_test_is_named_and_none_is_stored() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let tests = json!([
        one("a", "passed"),
        {"name": "no key", "status": "passed", "folder": "f"},
        one("b", "purple"),
        {"key": "c", "name": "n", "status": "passed", "folder": "f", "line": -1,
         "fields": [{"type": 1, "name": "x"}, {"type": 0}]},
    ]);
    let reply = run.append(thread, json!({ "tests": tests })).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields: Vec<String> = reply.json()["errors"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(
        fields,
        [
            "tests.1.key",
            "tests.2.status",
            "tests.3.fields.1.name",
            "tests.3.fields.1.type",
            "tests.3.line"
        ]
    );
    assert_eq!(run.get().await["total_count"], json!(0));
}

#[tokio::test]
async fn numbers_that_languages_write_with_a_point_are_whole() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let path = format!("/api/v1/automation/runs/threads/{thread}/append");
    assert_eq!(
        raw(&run, &path, r#"{"elapsed_observed":1500.0,"unknown":{"a":[1]}}"#)
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(run.get().await["threads"][0]["elapsed"], json!(1500));
}

#[tokio::test]
async fn a_body_larger_than_memory_is_written_in_pieces() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let mut tests: Vec<Value> = (0..2600).map(|i| one(&format!("k{i}"), "passed")).collect();
    for test in tests.iter_mut().step_by(10) {
        test["status"] = json!("failed");
        test["fields"] =
            json!([{"type": 4, "name": "Failure", "value": "x".repeat(6000), "is_highlight": true}]);
    }
    let body =
        json!({"tests": tests, "elapsed_computed": 5, "fields": [{"type": 1, "name": "host", "value": "a"}]});
    assert!(body.to_string().len() > 1024 * 1024 + 500_000);
    assert_eq!(run.append(thread, body).await.status, StatusCode::NO_CONTENT);
    let row = run.get().await;
    assert_eq!(
        (&row["success_count"], &row["failure_count"]),
        (&json!(2340), &json!(260))
    );
    assert_eq!(
        (
            &row["threads"][0]["elapsed"],
            &row["threads"][0]["fields"][0]["name"]
        ),
        (&json!(5), &json!("host"))
    );
    let page = run
        .test
        .get(&run.path("tests?order=asc&per_page=1000&page=3"), &run.key)
        .await
        .json();
    assert_eq!(page["result"].as_array().unwrap().len(), 600);
    assert_eq!(
        page["result"][599]["key"],
        json!("k2599"),
        "in the order of the body"
    );
}

#[tokio::test]
async fn a_large_body_with_one_wrong_test_stores_nothing() {
    let run = Run::new().await;
    let thread = run.thread().await;
    let mut tests: Vec<Value> = (0..9000).map(|i| one(&format!("k{i}"), "passed")).collect();
    tests[8999]["status"] = json!("purple");
    let reply = run.append(thread, json!({ "tests": tests })).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        reply.json()["errors"]["tests.8999.status"][0].is_string(),
        "{:?}",
        reply.json()
    );
    assert_eq!(run.get().await["total_count"], json!(0));
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_it_is_read() {
    let run = Run::new().await;
    for (path, length) in [(run.path("append"), 9 << 20), (run.path("complete"), 200 << 20)] {
        let request = request(Method::POST, &path, &run.key).header("content-length", length.to_string());
        let reply = run.test.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(reply.json()["code"], json!("body_too_large"));
    }
}

#[tokio::test]
async fn rights_are_decided_before_the_body_is_looked_at() {
    let run = Run::new().await;
    let reply = run
        .test
        .send(
            request(Method::POST, &run.path("append"), "")
                .body(Body::from("{"))
                .unwrap(),
        )
        .await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    let reply = raw(&run, "/api/v1/automation/runs/99999/append", "{").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn unknown_routes_and_methods_answer_in_json() {
    let run = Run::new().await;
    let reply = run.test.get("/api/v1/nothing/here", &run.key).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert!(
        reply.json()["message"]
            .as_str()
            .unwrap()
            .contains("api/v1/nothing/here")
    );
    let reply = run
        .test
        .call(Method::DELETE, "/api/v1/user", &run.key, &Value::Null)
        .await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(reply.json()["message"].is_string());
}
