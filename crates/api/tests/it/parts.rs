//! Runs that several jobs share: found by a key, filled by parts, completed by the last one.

use http::StatusCode;
use model::clock::DAY;
use serde_json::{Value, json};
use testkit::app::{Reply, TestApp};

use crate::lifecycle::one;

struct Shop {
    test: TestApp,
    key: String,
    project: i64,
}

impl Shop {
    async fn new() -> Shop {
        let test = TestApp::new().await;
        let (admin, key) = test.admin().await;
        let project = test.project(admin, "Storefront").await.0;
        Shop { test, key, project }
    }

    async fn try_begin(&self, run_key: &str, part: &str, source: &str) -> Reply {
        let body = json!({"run_key": run_key, "part": part, "name": "nightly", "source": source,
            "thread": {"elapsed_computed": 7, "fields": [{"type": 1, "name": "Shard", "value": part}]}});
        let path = format!("/api/attest/v1/projects/{}/automation/parts", self.project);
        self.test.post(&path, &self.key, body).await
    }

    /// Run, thread and attempt.
    async fn begin(&self, run_key: &str, part: &str) -> (i64, i64, i64) {
        let reply = self.try_begin(run_key, part, "web").await;
        assert_eq!(reply.status, StatusCode::CREATED, "{:?}", reply.json());
        let json = reply.json();
        let number = |name: &str| json[name].as_i64().unwrap();
        (number("run_id"), number("thread_id"), number("attempt"))
    }

    async fn append(&self, thread: i64, tests: &[Value]) -> StatusCode {
        let path = format!("/api/v1/automation/runs/threads/{thread}/append");
        self.test
            .post(&path, &self.key, json!({ "tests": tests }))
            .await
            .status
    }

    async fn complete(&self, thread: i64, parts: Value) -> Reply {
        let path = format!("/api/attest/v1/automation/parts/{thread}/complete");
        self.test.post(&path, &self.key, json!({ "parts": parts })).await
    }

    async fn get(&self, path: &str) -> Value {
        let reply = self.test.get(path, &self.key).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {:?}", reply.json());
        reply.json()
    }

    async fn run(&self, id: i64) -> Value {
        self.get(&format!("/api/v1/automation/runs/{id}")).await["result"].clone()
    }

    /// Names and thread ids of the tests that count.
    async fn tests(&self, run: i64) -> Vec<(String, i64)> {
        let page = self
            .get(&format!(
                "/api/v1/automation/runs/{run}/tests?sort=automation_run_tests:id&order=asc"
            ))
            .await;
        let rows = page["result"].as_array().unwrap();
        rows.iter()
            .map(|row| {
                (
                    row["name"].as_str().unwrap().to_owned(),
                    row["thread_id"].as_i64().unwrap(),
                )
            })
            .collect()
    }
}

#[tokio::test]
async fn jobs_share_a_run_and_the_last_one_completes_it() {
    let shop = Shop::new().await;
    let (run, first, attempt) = shop.begin("pipeline-1", "1").await;
    let (same, second, _) = shop.begin("pipeline-1", "2").await;
    assert_eq!((run, attempt), (same, 1));
    let (other, ..) = shop.begin("pipeline-2", "1").await;
    assert_ne!(run, other);
    let elsewhere = shop.try_begin("pipeline-1", "1", "api").await.json()["run_id"].as_i64();
    assert_ne!(elsewhere, Some(run), "a key belongs to its source");
    for (thread, name, status) in [(first, "a", "passed"), (second, "b", "failed")] {
        assert_eq!(
            shop.append(thread, &[one(name, status)]).await,
            StatusCode::NO_CONTENT
        );
    }
    let ended = shop.complete(first, json!(2)).await.json();
    assert_eq!(
        ended,
        json!({"run_id": run, "parts_completed": 1, "is_completed": false})
    );
    let again = shop.complete(first, json!(2)).await.json();
    assert_eq!(again, ended, "a repeated completion counts once");
    assert_eq!(shop.run(run).await["is_completed"], false);
    let ended = shop.complete(second, json!(2)).await.json();
    assert_eq!(
        ended,
        json!({"run_id": run, "parts_completed": 2, "is_completed": true})
    );
    let row = shop.run(run).await;
    assert_eq!(
        (&row["is_completed"], &row["status"], &row["total_count"]),
        (&json!(true), &json!(3), &json!(2))
    );
    assert_eq!(row["elapsed"], 7);
}

#[tokio::test]
async fn a_repeated_part_replaces_its_results_and_keeps_the_attempt() {
    let shop = Shop::new().await;
    let (run, first, _) = shop.begin("k", "1").await;
    let (_, other, _) = shop.begin("k", "2").await;
    shop.append(other, &[one("b", "passed")]).await;
    shop.append(first, &[one("a", "failed"), one("c", "passed")])
        .await;
    // Its job is stopped, and the service starts it again.
    let (same, second, attempt) = shop.begin("k", "1").await;
    assert_eq!((same, attempt), (run, 2));
    assert_eq!(
        shop.append(first, &[one("late", "passed")]).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        shop.complete(first, json!(2)).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let row = shop.run(run).await;
    assert_eq!(
        (
            &row["total_count"],
            &row["failure_count"],
            &row["thread_active_count"]
        ),
        (&json!(1), &json!(0), &json!(2))
    );
    shop.append(second, &[one("a", "passed"), one("c", "passed")])
        .await;
    shop.complete(second, json!(2)).await;
    let ended = shop.complete(other, json!(2)).await.json();
    assert_eq!(ended["is_completed"], true);
    let row = shop.run(run).await;
    assert_eq!(
        (&row["status"], &row["total_count"], &row["success_count"]),
        (&json!(2), &json!(3), &json!(3))
    );
    let expected = [("test b", other), ("test a", second), ("test c", second)]
        .map(|(name, thread)| (name.to_owned(), thread));
    assert_eq!(shop.tests(run).await, expected);

    let parts = shop
        .get(&format!("/api/attest/v1/automation/runs/{run}/parts"))
        .await;
    assert_eq!(parts["run_key"], "k");
    let brief: Vec<_> = parts["result"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            json!([
                row["part"],
                row["attempt"],
                row["is_superseded"],
                row["is_completed"],
                row["total_count"]
            ])
        })
        .collect();
    assert_eq!(
        brief,
        [
            json!(["1", 1, true, false, 2]),
            json!(["1", 2, false, true, 2]),
            json!(["2", 1, false, true, 1])
        ]
    );
    let replaced = shop
        .get(&format!("/api/attest/v1/automation/parts/{first}/replaced-tests"))
        .await;
    let names: Vec<_> = replaced["result"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["name"], &row["status"]))
        .collect();
    assert_eq!(
        names,
        [(&json!("test a"), &json!(3)), (&json!("test c"), &json!(2))]
    );
    assert_eq!(replaced["total"], 2);
    let current = shop
        .get(&format!(
            "/api/attest/v1/automation/parts/{second}/replaced-tests"
        ))
        .await;
    assert_eq!((&current["total"], &current["result"]), (&json!(0), &json!([])));

    // Each test is counted once, and its failure before is remembered as flaky.
    let cases = shop
        .get(&format!("/api/v1/projects/{}/automation/cases", shop.project))
        .await;
    let a = cases["result"]
        .as_array()
        .unwrap()
        .iter()
        .find(|case| case["name"] == "test a")
        .unwrap();
    assert_eq!(
        (&a["test_count"], &a["failure_count"], &a["flaky_count"]),
        (&json!(1), &json!(0), &json!(1))
    );
}

#[tokio::test]
async fn a_part_of_a_completed_run_opens_it_for_seven_days() {
    let shop = Shop::new().await;
    let (run, thread, _) = shop.begin("k", "1").await;
    shop.append(thread, &[one("a", "failed")]).await;
    shop.complete(thread, json!(1)).await;
    shop.test.clock.advance(7 * DAY - 1);
    let (same, thread, attempt) = shop.begin("k", "1").await;
    assert_eq!((same, attempt), (run, 2));
    assert_eq!(shop.run(run).await["is_completed"], false);
    shop.append(thread, &[one("a", "passed")]).await;
    assert_eq!(shop.complete(thread, json!(1)).await.json()["is_completed"], true);
    let sources = shop
        .get(&format!("/api/v1/projects/{}/automation/sources", shop.project))
        .await;
    let source = &sources["result"][0];
    assert_eq!(
        (&source["run_count"], &source["test_count_average"]),
        (&json!(1), &json!(1))
    );
    shop.test.clock.advance(7 * DAY + 1);
    let late = shop.try_begin("k", "1", "web").await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        late.json()["errors"]["run_key"][0]
            .as_str()
            .unwrap()
            .contains("Use another key"),
        "{:?}",
        late.json()
    );
}

#[tokio::test]
async fn what_is_wrong_is_told_by_its_path() {
    let shop = Shop::new().await;
    let path = format!("/api/attest/v1/projects/{}/automation/parts", shop.project);
    let body = json!({"run_key": " ", "part": "x".repeat(201), "source": "web", "thread": {"fields": [{"type": 9, "name": "n"}]}});
    let reply = shop.test.post(&path, &shop.key, body).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = reply.json()["errors"].clone();
    let fields: Vec<_> = errors.as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["name", "part", "run_key", "thread.fields.0.type"]);
    let (run, thread, _) = shop.begin("k", "1").await;
    for parts in [json!(0), json!(10_001), json!(-1)] {
        assert_eq!(
            shop.complete(thread, parts).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    // A thread of another run is no part.
    let made = shop
        .test
        .post(
            &format!("/api/v1/automation/runs/{run}/threads"),
            &shop.key,
            json!({}),
        )
        .await;
    let plain = made.json()["id"].as_i64().unwrap();
    assert_eq!(shop.complete(plain, json!(1)).await.status, StatusCode::NOT_FOUND);
    let other = shop
        .test
        .post(
            &format!("/api/v1/projects/{}/automation/runs", shop.project),
            &shop.key,
            json!({"name": "n", "source": "web"}),
        )
        .await
        .json()["id"]
        .as_i64()
        .unwrap();
    let parts = shop
        .get(&format!("/api/attest/v1/automation/runs/{other}/parts"))
        .await;
    assert_eq!(parts, json!({"run_key": null, "result": []}));
}

#[tokio::test]
async fn many_jobs_at_once_make_one_run() {
    let shop = Shop::new().await;
    let begun = futures_util::future::join_all((0..12).map(|n| {
        let part = (n % 6).to_string();
        let shop = &shop;
        async move { shop.begin("k", &part).await }
    }))
    .await;
    assert!(begun.iter().all(|(run, ..)| *run == begun[0].0), "{begun:?}");
    let parts = shop
        .get(&format!("/api/attest/v1/automation/runs/{}/parts", begun[0].0))
        .await;
    let rows = parts["result"].as_array().unwrap();
    assert_eq!(rows.len(), 12);
    assert_eq!(rows.iter().filter(|row| row["is_superseded"] == false).count(), 6);
}
