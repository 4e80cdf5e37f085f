//! Automated tests across their runs, and cases that are linked to them (contract §9).

use crate::cases::World;
use http::StatusCode;
use serde_json::{Value, json};

impl World {
    /// A run of a source with these tests: key and status each.
    async fn run(&self, source: &str, tests: &[(&str, &str)]) -> i64 {
        let path = format!("/api/v1/projects/{}/automation/runs", self.project);
        let body = json!({"name": "n", "source": source});
        let run = self.test.post(&path, &self.key, body).await.json()["id"].clone();
        let path = format!("/api/v1/automation/runs/{run}/threads");
        let thread = self.test.post(&path, &self.key, json!({})).await.json()["id"].clone();
        let path = format!("/api/v1/automation/runs/threads/{thread}/append");
        let test = |(key, status): &(&str, &str)| {
            json!({"key": key, "name": format!("Test {key}"), "folder": source, "status": status,
                "elapsed": if *status == "failed" { json!(30) } else { json!(10) }})
        };
        let tests: Vec<Value> = tests.iter().map(test).collect();
        let reply = self.test.post(&path, &self.key, json!({ "tests": tests })).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
        run.as_i64().unwrap()
    }

    async fn automation(&self, query: &str) -> Value {
        let path = format!("/api/v1/projects/{}/automation/cases?{query}", self.project);
        let reply = self.test.get(&path, &self.key).await;
        assert_eq!(reply.status, StatusCode::OK, "{query}: {}", reply.json());
        reply.json()
    }

    async fn link(&self, body: Value) -> testkit::app::Reply {
        let bulk = if body["links"].is_array() { "/bulk" } else { "" };
        let path = format!("/api/v1/projects/{}/automation-links{bulk}", self.project);
        self.test.post(&path, &self.key, body).await
    }
}

#[tokio::test]
async fn automated_tests_say_what_their_results_say() {
    let world = World::new().await;
    world
        .run("web", &[("a", "passed"), ("b", "failed"), ("c", "skipped")])
        .await;
    world.test.clock.advance(1_000_000);
    world
        .run("web", &[("a", "failed"), ("b", "failed"), ("a", "passed")])
        .await;
    world.test.clock.advance(1_000_000);
    world.run("api", &[("a", "passed")]).await;
    let list = world.automation("expands=automation_sources,statuses").await;
    let row = &list["result"][0];
    assert_eq!(
        *row,
        json!({"id": row["id"], "project_id": world.project, "source_id": row["source_id"], "key": "a", "name": "Test a",
            "folder": "web", "status": 2, "test_count": 3, "success_count": 2, "failure_count": 1, "flaky_count": 2,
            "flaky_percent": 100, "elapsed_average": 16, "created_at": row["created_at"],
            "updated_at": row["updated_at"]})
    );
    assert!(row["created_at"].as_str() < row["updated_at"].as_str());
    let sources = list["expands"]["automation_sources"].as_array().unwrap();
    assert_eq!((sources.len(), &sources[0]["name"]), (2, &json!("web")));
    assert_eq!(list["expands"]["statuses"].as_array().unwrap().len(), 6);
    for (query, keys) in [
        ("", ["a web", "b web", "c web", "a api"].as_slice()),
        ("order=desc", &["a api", "c web", "b web", "a web"]),
        (
            "sort=automation_cases:name&order=desc",
            &["c web", "b web", "a api", "a web"],
        ),
        (
            "sort=automation_cases:failure_count&order=desc",
            &["b web", "a web", "a api", "c web"],
        ),
        (
            "sort=automation_cases:flaky_percent&order=desc",
            &["a web", "a api", "c web", "b web"],
        ),
        (
            "sort=automation_cases:elapsed_average",
            &["c web", "a api", "a web", "b web"],
        ),
        ("source_id=2", &["a api"]),
        ("status=3", &["b web"]),
        ("status=1,3", &["b web", "c web"]),
        ("name=TEST%20a", &["a web", "a api"]),
        ("folder=AP", &["a api"]),
        ("name=a_", &[]),
    ] {
        let list = world.automation(query).await;
        let rows = list["result"].as_array().unwrap();
        let text = |r: &Value, name: &str| r[name].as_str().unwrap().to_owned();
        let found: Vec<String> = rows
            .iter()
            .map(|r| format!("{} {}", text(r, "key"), text(r, "folder")))
            .collect();
        assert_eq!(found, keys, "{query}");
        assert_eq!(list["total"], keys.len(), "{query}");
    }
    for wrong in ["sort=automation_cases:key", "expands=users", "status=5"] {
        let path = format!("/api/v1/projects/{}/automation/cases?{wrong}", world.project);
        let reply = world.test.get(&path, &world.key).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
    }
}

#[tokio::test]
async fn only_the_last_twenty_results_make_a_test_flaky() {
    let world = World::new().await;
    let steady = [("a", "passed"); 20];
    world.run("web", &[("a", "failed")]).await;
    world.run("web", &steady[1..]).await;
    let flaky = async || world.automation("").await["result"][0]["flaky_percent"].clone();
    assert_eq!(flaky().await, 5);
    world.run("web", &steady[..1]).await;
    assert_eq!(flaky().await, 0);
    assert_eq!(world.automation("").await["result"][0]["test_count"], 21);
}

#[tokio::test]
async fn a_link_shows_on_both_sides_and_only_once() {
    let world = World::new().await;
    let run = world.run("web", &[("a", "passed"), ("b", "passed")]).await;
    let (one, two) = (world.make_named("one").await, world.make_named("two").await);
    for _ in 0..2 {
        let reply = world.link(json!({"case_id": one, "automation_case_id": 1})).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT);
    }
    let links = json!({"links": [{"case_id": two, "automation_case_id": 1}, {"case_id": two, "automation_case_id": 2},
        {"case_id": two, "automation_case_id": 1}, {"case_id": one, "automation_case_id": 1}]});
    assert_eq!(world.link(links).await.status, StatusCode::NO_CONTENT);
    let case = world.get(one).await;
    assert_eq!(
        (&case["has_automation"], &case["version"]),
        (&json!(true), &json!(2)),
        "a repeated link is no change"
    );
    let path = format!("/api/v1/automation/runs/{run}/tests?order=asc");
    let tests = world.test.get(&path, &world.key).await.json()["result"].clone();
    assert_eq!(
        [&tests[0]["repository_case_id"], &tests[0]["repository_case_ids"]],
        [&json!(one), &json!([one, two])]
    );
    assert_eq!(tests[1]["repository_case_ids"], json!([two]));
    let linked = world.list("has_automation=true").await;
    assert_eq!(linked["total"], 2);
}

#[tokio::test]
async fn links_are_made_all_or_none() {
    let world = World::new().await;
    world.run("web", &[("a", "passed")]).await;
    let case = world.make_named("one").await;
    let pair = |case: i64, test: i64| json!({"case_id": case, "automation_case_id": test});
    for (body, fields) in [
        (json!({}), ["automation_case_id", "case_id"].as_slice()),
        (pair(99, 1), &["case_id"]),
        (json!({"links": []}), &["links"]),
        (json!({"links": vec![pair(case, 1); 501]}), &["links"]),
        (
            json!({"links": [pair(case, 1), pair(case, 9), pair(99, 1)]}),
            &["links.1.automation_case_id", "links.2.case_id"],
        ),
    ] {
        let reply = world.link(body).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        let errors = reply.json()["errors"].as_object().unwrap().clone();
        assert_eq!(errors.keys().collect::<Vec<_>>(), fields);
    }
    let unlinked = world.get(case).await;
    assert_eq!(
        (&unlinked["has_automation"], &unlinked["version"]),
        (&json!(false), &json!(1))
    );
    let most = json!({"links": vec![pair(case, 1); 500]});
    assert_eq!(world.link(most).await.status, StatusCode::NO_CONTENT);
}
