//! The life of an automation run (contract §5).

use http::StatusCode;
use model::clock::{DAY, HOUR, SECOND};
use serde_json::{Value, json};
use testkit::app::TestApp;

pub(crate) struct Run {
    pub(crate) test: TestApp,
    pub(crate) key: String,
    pub(crate) project: i64,
    pub(crate) id: i64,
}

impl Run {
    /// An open run of the source *web* in a project of its own.
    pub(crate) async fn new() -> Run {
        let test = TestApp::new().await;
        let (admin, key) = test.admin().await;
        let project = test.project(admin, "Storefront").await.0;
        let id = create(&test, &key, project).await;
        Run {
            test,
            key,
            project,
            id,
        }
    }

    pub(crate) async fn thread(&self) -> i64 {
        let reply = self.test.post(&self.path("threads"), &self.key, json!({})).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{:?}", reply.json());
        reply.json()["id"].as_i64().unwrap()
    }

    pub(crate) async fn append(&self, thread: i64, body: Value) -> testkit::app::Reply {
        self.test
            .post(
                &format!("/api/v1/automation/runs/threads/{thread}/append"),
                &self.key,
                body,
            )
            .await
    }

    pub(crate) async fn get(&self) -> Value {
        self.test
            .get(&format!("/api/v1/automation/runs/{}", self.id), &self.key)
            .await
            .json()["result"]
            .clone()
    }

    pub(crate) fn path(&self, end: &str) -> String {
        format!("/api/v1/automation/runs/{}/{end}", self.id)
    }

    async fn complete(&self, body: Value) -> testkit::app::Reply {
        self.test.post(&self.path("complete"), &self.key, body).await
    }
}

pub(crate) async fn create(test: &TestApp, key: &str, project: i64) -> i64 {
    let body = json!({"name": "nightly", "source": "web", "fields": [], "links": null, "tags": ["main"]});
    let reply = test
        .post(&format!("/api/v1/projects/{project}/automation/runs"), key, body)
        .await;
    assert_eq!(reply.status, StatusCode::CREATED);
    reply.json()["id"].as_i64().unwrap()
}

pub(crate) fn one(key: &str, status: &str) -> Value {
    json!({"key": key, "name": format!("test {key}"), "status": status, "folder": "checkout", "elapsed": 1500,
           "artifacts": [], "fields": []})
}

#[tokio::test]
async fn threads_fill_a_run_and_completion_closes_them() {
    let run = Run::new().await;
    let (first, second) = (run.thread().await, run.thread().await);
    for (thread, statuses) in [(first, ["passed", "failure"]), (second, ["skipped", "passed"])] {
        let tests: Vec<Value> = statuses
            .iter()
            .enumerate()
            .map(|(i, s)| one(&format!("{thread}k{i}"), s))
            .collect();
        let reply = run
            .append(thread, json!({"tests": tests, "elapsed_computed": 3000}))
            .await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{:?}", reply.json());
    }
    let open = run.get().await;
    assert_eq!(
        (&open["status"], &open["is_completed"], &open["elapsed"]),
        (&json!(4), &json!(false), &Value::Null)
    );
    assert_eq!(
        (&open["thread_count"], &open["thread_active_count"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(run.complete(Value::Null).await.status, StatusCode::NO_CONTENT);
    let done = run.get().await;
    assert_eq!(
        (&done["status"], &done["is_completed"], &done["elapsed"]),
        (&json!(3), &json!(true), &json!(3000))
    );
    assert_eq!(
        (&done["thread_active_count"], &done["thread_completed_count"]),
        (&json!(0), &json!(2))
    );
    for (counter, n) in [
        ("status1_count", 2),
        ("status2_count", 1),
        ("status5_count", 1),
        ("untested_count", 0),
        ("success_count", 2),
        ("failure_count", 1),
        ("completed_count", 4),
        ("total_count", 4),
    ] {
        assert_eq!(done[counter], json!(n), "{counter}");
    }
    let states: Vec<&Value> = done["threads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| &t["status"])
        .collect();
    assert_eq!(states, [&json!(3), &json!(2)]);
}

#[tokio::test]
async fn measured_elapsed_is_from_the_making_to_the_completion() {
    let run = Run::new().await;
    run.test.clock.advance(90 * SECOND);
    assert_eq!(
        run.complete(json!({"measure_elapsed": true})).await.status,
        StatusCode::NO_CONTENT
    );
    let done = run.get().await;
    assert_eq!(
        (&done["elapsed"], &done["status"]),
        (&json!(90 * SECOND), &json!(2))
    );
}

#[tokio::test]
async fn elapsed_values_add_up_and_are_replaced_at_the_end() {
    let run = Run::new().await;
    let thread = run.thread().await;
    for _ in 0..2 {
        run.append(thread, json!({"elapsed_observed": 10, "elapsed_computed": 4}))
            .await;
    }
    assert_eq!(run.get().await["threads"][0]["elapsed"], json!(20));
    let path = format!("/api/v1/automation/runs/threads/{thread}/complete");
    run.test
        .post(&path, &run.key, json!({"elapsed_observed": 7}))
        .await;
    assert_eq!(run.get().await["threads"][0]["elapsed"], json!(7));
}

#[tokio::test]
async fn what_is_completed_takes_nothing_more() {
    let run = Run::new().await;
    let (open, closed) = (run.thread().await, run.thread().await);
    let path = format!("/api/v1/automation/runs/threads/{closed}/complete");
    assert_eq!(
        run.test.post(&path, &run.key, json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    let refused = run.append(closed, json!({"tests": [one("k", "passed")]})).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        refused.json()["errors"]
            .as_object()
            .unwrap()
            .keys()
            .next()
            .unwrap(),
        "automation_run_thread_id"
    );
    run.complete(json!({})).await;
    for reply in [
        run.append(open, json!({"tests": [one("k", "passed")]})).await,
        run.complete(json!({})).await,
        run.test.post(&run.path("threads"), &run.key, json!({})).await,
        run.test.post(&run.path("append"), &run.key, json!({})).await,
    ] {
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            reply.json()["errors"]["automation_run_id"][0].is_string(),
            "{:?}",
            reply.json()
        );
    }
    assert_eq!(run.get().await["total_count"], json!(0));
}

#[tokio::test]
async fn an_abandoned_run_is_incomplete_and_a_late_append_opens_it_again() {
    let run = Run::new().await;
    let thread = run.thread().await;
    run.append(thread, json!({"tests": [one("a", "passed")]})).await;
    run.test.clock.advance(DAY - SECOND);
    testkit::app::close_abandoned(&run.test).await;
    assert_eq!(run.get().await["is_completed"], json!(false));
    run.test.clock.advance(HOUR);
    testkit::app::close_abandoned(&run.test).await;
    let closed = run.get().await;
    assert_eq!(
        (&closed["is_completed"], &closed["is_incomplete"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(closed["status"], json!(3), "never as success");
    assert_eq!(closed["completed_by"], Value::Null);
    run.test.clock.advance(6 * DAY);
    let late = run.append(thread, json!({"tests": [one("b", "passed")]})).await;
    assert_eq!(late.status, StatusCode::NO_CONTENT);
    let open = run.get().await;
    assert_eq!(
        (&open["status"], &open["is_incomplete"], &open["total_count"]),
        (&json!(4), &json!(false), &json!(2))
    );
    assert_eq!(open["thread_active_count"], json!(1));
    run.complete(json!({})).await;
    assert_eq!(run.get().await["status"], json!(2));
}

#[tokio::test]
async fn too_late_is_refused() {
    let run = Run::new().await;
    let thread = run.thread().await;
    run.test.clock.advance(2 * DAY);
    testkit::app::close_abandoned(&run.test).await;
    run.test.clock.advance(8 * DAY);
    let late = run.append(thread, json!({"tests": [one("b", "passed")]})).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn many_threads_at_once_count_exactly() {
    let run = std::sync::Arc::new(Run::new().await);
    let mut tasks = tokio::task::JoinSet::new();
    for machine in 0..8 {
        let run = std::sync::Arc::clone(&run);
        tasks.spawn(async move {
            let thread = run.thread().await;
            for batch in 0..3 {
                let tests: Vec<Value> = (0..20)
                    .map(|i| one(&format!("m{machine}b{batch}i{i}"), "passed"))
                    .collect();
                let reply = run.append(thread, json!({"tests": tests})).await;
                assert_eq!(reply.status, StatusCode::NO_CONTENT, "{:?}", reply.json());
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    let row = run.get().await;
    assert_eq!(
        (&row["total_count"], &row["thread_count"]),
        (&json!(480), &json!(8))
    );
    let listed = run.test.get(&run.path("tests"), &run.key).await.json();
    assert_eq!(listed["total"], json!(480));
    let mut places: Vec<i64> = row["threads"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["index"].as_i64().unwrap())
        .collect();
    places.sort_unstable();
    assert_eq!(places, (1..=8).collect::<Vec<i64>>());
}
