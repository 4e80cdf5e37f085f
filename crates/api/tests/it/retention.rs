//! How long results are kept: what goes, what stays, and who says so.

use crate::attachments::{MULTIPART, body as form};
use app::automation::removal::{Removed, remove_old};
use axum::body::Body;
use http::{Method, StatusCode};
use model::clock::{DAY, HOUR};
use serde_json::{Value, json};
use std::cell::Cell;
use testkit::app::{TestApp, request};

struct World {
    test: TestApp,
    key: String,
    project: i64,
}

impl World {
    async fn new() -> World {
        let test = TestApp::new().await;
        let (admin, key) = test.admin().await;
        let project = test.project(admin, "Storefront").await.0;
        World { test, key, project }
    }

    async fn ok(&self, method: Method, path: &str, body: Value) -> Value {
        let reply = self.test.call(method, path, &self.key, &body).await;
        assert!(reply.status.is_success(), "{path}: {:?}", reply.json());
        if reply.status == StatusCode::NO_CONTENT {
            Value::Null
        } else {
            reply.json()
        }
    }

    async fn get(&self, path: &str) -> Value {
        self.ok(Method::GET, path, json!({})).await
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        self.ok(Method::POST, path, body).await
    }

    async fn patch(&self, path: &str, body: Value) -> Value {
        self.ok(Method::PATCH, path, body).await["result"].clone()
    }

    /// An open run with `tests` tests, the first of which failed with output.
    async fn open(&self, more: Value, tests: usize) -> i64 {
        let mut run = json!({"name": "nightly", "source": "web", "artifacts": [{"name": "log", "url": "https://ci.example/log"}]});
        run.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let path = format!("/api/v1/projects/{}/automation/runs", self.project);
        let run = self.post(&path, run).await["id"].as_i64().unwrap();
        let path = format!("/api/v1/automation/runs/{run}/threads");
        let thread = self.post(&path, json!({})).await["id"].clone();
        let test = |n: usize| {
            let mut test = json!({"key": format!("k{n}"), "name": format!("t{n}"), "folder": "shop",
                "status": if n == 0 { "failed" } else { "passed" }});
            if n == 0 {
                test["fields"] = json!([{"type": 4, "name": "Output", "value": "expected 3 but was 4"}]);
            }
            test
        };
        let tests: Vec<Value> = (0..tests).map(test).collect();
        let path = format!("/api/v1/automation/runs/threads/{thread}/append");
        self.post(&path, json!({ "tests": tests })).await;
        run
    }

    async fn complete(&self, run: i64) {
        let path = format!("/api/v1/automation/runs/{run}/complete");
        self.post(&path, json!({})).await;
    }

    /// A completed run.
    async fn run(&self, more: Value, tests: usize) -> i64 {
        let run = self.open(more, tests).await;
        self.complete(run).await;
        run
    }

    /// So many newer runs that those before them are not kept for their place.
    async fn fifty_newer(&self) {
        for _ in 0..50 {
            self.run(json!({}), 0).await;
        }
    }

    async fn remove(&self) -> Removed {
        remove_old(&self.test.app, "a", || true).await.unwrap()
    }

    async fn kept(&self, run: i64) -> Value {
        self.get(&format!("/api/attest/v1/automation/runs/{run}/retention"))
            .await["result"]
            .clone()
    }

    async fn pin(&self, run: i64, is_pinned: bool) {
        let path = format!("/api/attest/v1/automation/runs/{run}/retention");
        let kept = self.patch(&path, json!({ "is_pinned": is_pinned })).await;
        assert_eq!(kept["is_pinned"], is_pinned);
    }

    /// Tests that are listed, and output of the first one.
    async fn left(&self, run: i64) -> (i64, usize) {
        let page = self
            .get(&format!("/api/v1/automation/runs/{run}/tests?order=asc"))
            .await;
        let rows = page["result"].as_array().unwrap();
        let mut fields = 0;
        if let Some(first) = rows.first() {
            let actor = self.test.actor(model::UserId(1)).await;
            let (run, id) = (model::AutomationRunId(run), first["id"].as_i64().unwrap());
            let id = model::AutomationTestId(id);
            let whole = app::automation::tests::get(&self.test.app, &actor, run, id)
                .await
                .unwrap();
            fields = whole.details.fields.len();
        }
        (page["total"].as_i64().unwrap(), fields)
    }

    async fn upload(&self, path: &str) {
        let parts = form(&[("files[]", Some("a.txt"), Some("text/plain"), b"12345")]);
        let mut request = request(Method::POST, path, &self.key)
            .body(Body::from(parts))
            .unwrap();
        request
            .headers_mut()
            .insert("content-type", MULTIPART.parse().unwrap());
        let reply = self.test.send(request).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{:?}", reply.json());
    }

    async fn audited(&self, action: &str) -> i64 {
        self.get(&format!("/api/attest/v1/audit?action={action}")).await["total"]
            .as_i64()
            .unwrap()
    }
}

#[tokio::test]
async fn a_source_follows_its_project_and_a_project_the_instance() {
    let w = World::new().await;
    let run = w.run(json!({}), 1).await;
    let source = w.get(&format!("/api/v1/automation/runs/{run}")).await["result"]["source_id"].clone();
    let instance = "/api/attest/v1/automation/retention".to_owned();
    let project = format!("/api/attest/v1/projects/{}/automation/retention", w.project);
    let source = format!("/api/attest/v1/automation/sources/{source}/retention");
    let in_force = |value: &Value| {
        let days = |name: &str| value["in_force"][name].as_i64().unwrap();
        (days("output_days"), days("tests_days"))
    };
    assert_eq!(in_force(&w.get(&source).await["result"]), (90, 365));
    w.patch(&instance, json!({"output_days": 30, "tests_days": 60}))
        .await;
    assert_eq!(in_force(&w.get(&source).await["result"]), (30, 60));
    w.patch(&project, json!({"tests_days": 0})).await;
    assert_eq!(in_force(&w.get(&source).await["result"]), (30, 0));
    let own = w.patch(&source, json!({"output_days": 7})).await;
    assert_eq!(own["output_days"], 7);
    assert_eq!(own["tests_days"], Value::Null);
    assert_eq!(in_force(&own), (7, 0));
    w.patch(&project, json!({"tests_days": null})).await;
    assert_eq!(in_force(&w.get(&source).await["result"]), (7, 60));
    w.patch(&source, json!({"output_days": 7})).await;
    assert_eq!(
        w.audited("retention.updated").await,
        4,
        "what changes nothing is not noted"
    );
}

#[tokio::test]
async fn days_that_cannot_be_kept_are_refused_with_the_field() {
    let w = World::new().await;
    let path = format!("/api/attest/v1/projects/{}/automation/retention", w.project);
    for days in [-1, 3, 36_501] {
        let body = json!({ "output_days": days });
        let reply = w.test.call(Method::PATCH, &path, &w.key, &body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = reply.json()["errors"]["output_days"][0]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(text.contains("7 to 36500"), "{text}");
    }
    let nothing = w.test.call(Method::PATCH, &path, &w.key, &json!({})).await;
    assert_eq!(nothing.status, StatusCode::BAD_REQUEST, "as the contract has it");
    let query = w.test.get(&format!("{path}/preview?tests_days=1"), &w.key).await;
    assert_eq!(query.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn output_goes_first_and_tests_later_but_numbers_stay() {
    let w = World::new().await;
    let run = w.run(json!({}), 3).await;
    w.fifty_newer().await;
    let before = w.get(&format!("/api/v1/automation/runs/{run}")).await["result"].clone();
    let cases = format!("/api/v1/projects/{}/automation/cases", w.project);
    let summary = w.get(&cases).await["result"].clone();
    assert_eq!(w.left(run).await, (3, 1));

    w.test.clock.advance(90 * DAY - HOUR);
    assert_eq!(w.remove().await, Removed::default());
    assert_eq!(w.left(run).await, (3, 1));

    w.test.clock.advance(2 * HOUR);
    assert_eq!(w.remove().await, Removed { outputs: 1, runs: 0 });
    assert_eq!(w.left(run).await, (3, 0));
    assert_eq!(w.kept(run).await["removed"], "output");
    assert_eq!(w.audited("automation_run.output_removed").await, 1);
    assert_eq!(w.remove().await, Removed::default(), "once is enough");

    w.test.clock.advance(275 * DAY);
    assert_eq!(w.remove().await, Removed { outputs: 0, runs: 1 });
    assert_eq!(w.left(run).await, (0, 0));
    let kept = w.kept(run).await;
    assert_eq!(kept["removed"], "tests");
    assert!(kept["removed_at"].is_string());
    assert_eq!(w.audited("automation_run.tests_removed").await, 1);
    let mut expected = before;
    expected["artifacts"] = json!([]);
    assert_eq!(
        w.get(&format!("/api/v1/automation/runs/{run}")).await["result"],
        expected
    );
    assert_eq!(
        w.get(&cases).await["result"],
        summary,
        "what tests did is remembered"
    );
}

#[tokio::test]
async fn what_must_stay_stays() {
    let w = World::new().await;
    let path = format!("/api/v1/projects/{}/milestones", w.project);
    let milestone = w.post(&path, json!({"name": "2.0"})).await["result"]["id"]
        .as_i64()
        .unwrap();
    let pinned = w.run(json!({}), 1).await;
    let planned = w.run(json!({ "milestone_id": milestone }), 1).await;
    let open = w.open(json!({}), 1).await;
    let other_source = w.run(json!({"source": "mobile"}), 1).await;
    let old = w.run(json!({}), 1).await;
    w.pin(pinned, true).await;
    let newest = w.run(json!({}), 1).await;
    for _ in 0..49 {
        w.run(json!({}), 0).await;
    }
    w.test.clock.advance(400 * DAY);

    assert_eq!(w.remove().await, Removed { outputs: 0, runs: 1 });
    for (run, left) in [
        (pinned, (1, 1)),
        (planned, (1, 1)),
        (open, (1, 1)),
        (other_source, (1, 1)),
        (newest, (1, 1)),
        (old, (0, 0)),
    ] {
        assert_eq!(w.left(run).await, left, "run {run}");
    }
    assert_eq!(w.kept(planned).await["has_open_milestone"], true);
    assert_eq!(w.kept(newest).await["is_among_newest"], true);
    assert_eq!(w.kept(old).await["is_among_newest"], false);

    w.pin(pinned, false).await;
    w.patch(
        &format!("/api/v1/milestones/{milestone}"),
        json!({"is_completed": true}),
    )
    .await;
    w.complete(open).await;
    assert_eq!(w.remove().await, Removed { outputs: 0, runs: 2 });
    assert_eq!(w.left(open).await, (1, 1), "it was completed just now");
}

#[tokio::test]
async fn a_removal_that_was_stopped_goes_on_and_a_pin_keeps_the_rest() {
    let w = World::new().await;
    let run = w.run(json!({}), 1200).await;
    w.fifty_newer().await;
    w.test.clock.advance(400 * DAY);
    let looks = Cell::new(0);
    let once = || {
        looks.set(looks.get() + 1);
        looks.get() <= 1
    };
    remove_old(&w.test.app, "a", once).await.unwrap();
    assert_eq!(
        w.left(run).await,
        (700, 0),
        "one piece is gone, and with it the output"
    );
    assert_eq!(w.kept(run).await["removed"], "some_tests");

    w.pin(run, true).await;
    w.remove().await;
    assert_eq!(w.left(run).await, (700, 0));
    w.pin(run, false).await;
    let done = remove_old(&w.test.app, "b", || true).await.unwrap();
    assert_eq!(
        done,
        Removed { outputs: 0, runs: 1 },
        "who stopped gave the lease back"
    );
    assert_eq!(w.left(run).await, (0, 0));
}

#[tokio::test]
async fn one_server_removes_at_a_time() {
    let w = World::new().await;
    let run = w.run(json!({}), 1).await;
    w.fifty_newer().await;
    w.test.clock.advance(400 * DAY);
    let now = w.test.app.now();
    w.test
        .db()
        .write(move |tx| store::lease::take(tx, "retention", "a server that stalls", now, now.plus(HOUR)))
        .await
        .unwrap();
    assert_eq!(w.remove().await, Removed::default());
    assert_eq!(w.left(run).await.0, 1);
    w.test.clock.advance(HOUR);
    assert_eq!(w.remove().await, Removed { outputs: 0, runs: 1 });
}

#[tokio::test]
async fn what_a_repeated_part_replaced_goes_too() {
    let w = World::new().await;
    let path = format!("/api/attest/v1/projects/{}/automation/parts", w.project);
    let mut threads = Vec::new();
    let mut run = 0;
    for _ in 0..2 {
        let part = json!({"run_key": "k", "part": "1", "name": "nightly", "source": "web"});
        let begun = w.post(&path, part).await;
        let thread = begun["thread_id"].as_i64().unwrap();
        run = begun["run_id"].as_i64().unwrap();
        let tests = json!({"tests": [{"key": "k", "name": "t", "folder": "f", "status": "failed"}]});
        w.post(&format!("/api/v1/automation/runs/threads/{thread}/append"), tests)
            .await;
        threads.push(thread);
    }
    w.complete(run).await;
    let replaced = format!("/api/attest/v1/automation/parts/{}/replaced-tests", threads[0]);
    assert_eq!(w.get(&replaced).await["total"], 1);
    w.fifty_newer().await;
    w.test.clock.advance(400 * DAY);
    w.remove().await;
    assert_eq!(w.get(&replaced).await["result"], json!([]));
    assert_eq!(w.left(run).await, (0, 0));
}

#[tokio::test]
async fn files_go_with_the_output_and_their_bytes_after_them() {
    let w = World::new().await;
    let run = w.run(json!({}), 1).await;
    let test = w.get(&format!("/api/v1/automation/runs/{run}/tests")).await["result"][0]["id"].clone();
    let of_run = format!("/api/attest/v1/automation/runs/{run}/attachments");
    let of_test = format!("/api/attest/v1/automation/runs/{run}/tests/{test}/attachments");
    w.upload(&of_run).await;
    w.upload(&of_test).await;
    w.fifty_newer().await;
    w.test.clock.advance(91 * DAY);
    assert_eq!(w.remove().await, Removed { outputs: 1, runs: 0 });
    assert_eq!(w.get(&of_run).await["total"], 0);
    assert_eq!(w.get(&of_test).await["total"], 0);
    assert_eq!(app::attachments::sweep(&w.test.app, "a").await.unwrap(), 1);
}

#[tokio::test]
async fn the_preview_names_what_goes() {
    let w = World::new().await;
    let run = w.run(json!({}), 3).await;
    w.upload(&format!("/api/attest/v1/automation/runs/{run}/attachments"))
        .await;
    let pinned = w.run(json!({}), 3).await;
    w.pin(pinned, true).await;
    w.fifty_newer().await;
    w.test.clock.advance(30 * DAY);
    let preview = format!(
        "/api/attest/v1/projects/{}/automation/retention/preview",
        w.project
    );
    assert_eq!(w.get(&preview).await["result"], json!([]));

    let output = w.get(&format!("{preview}?output_days=20")).await["result"].clone();
    let [source] = output.as_array().unwrap().as_slice() else {
        panic!("{output}")
    };
    assert_eq!(source["source"], "web");
    assert_eq!(
        (&source["runs"], &source["tests"], &source["files"]),
        (&json!(1), &json!(0), &json!(1))
    );
    let bytes = source["bytes"].as_i64().unwrap();
    assert!(
        (25..300).contains(&bytes),
        "a file of 5 bytes and the output of a test: {bytes}"
    );

    let tests = w.get(&format!("{preview}?tests_days=20")).await["result"][0].clone();
    assert_eq!(tests["tests"], 3);
    assert_eq!(tests["bytes"].as_i64().unwrap(), bytes + 3 * 150);

    let rule = format!("/api/attest/v1/projects/{}/automation/retention", w.project);
    w.patch(&rule, json!({"tests_days": 20})).await;
    assert_eq!(w.remove().await, Removed { outputs: 0, runs: 1 });
    assert_eq!(w.get(&preview).await["result"], json!([]));
}
