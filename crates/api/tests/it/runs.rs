//! Manual runs and their results (contract §2.11, §2.12, §9).

use crate::cases::{World, errors};
use http::{Method, StatusCode};
use model::{Action, Area, Right, Rights};
use serde_json::{Value, json};
use testkit::app::{NewKey, Reply, UserKind};

impl World {
    pub(crate) async fn run_call(&self, method: Method, path: &str, body: Value) -> Reply {
        self.test
            .call(method, &format!("/api/v1{path}"), &self.key, &body)
            .await
    }

    pub(crate) async fn run_ok(&self, method: Method, path: &str, body: Value) -> Value {
        let reply = self.run_call(method, path, body).await;
        assert!(reply.status.is_success(), "{path}: {}", reply.json());
        reply.json()
    }

    pub(crate) async fn make_run(&self, body: Value) -> i64 {
        let path = format!("/projects/{}/runs", self.project);
        self.run_ok(Method::POST, &path, body).await["result"]["id"]
            .as_i64()
            .unwrap()
    }

    pub(crate) async fn run_row(&self, id: i64) -> Value {
        self.run_ok(Method::GET, &format!("/runs/{id}"), Value::Null)
            .await["result"]
            .clone()
    }

    pub(crate) async fn run_tests(&self, id: i64) -> Vec<Value> {
        let tests = self
            .run_ok(Method::GET, &format!("/runs/{id}/tests"), Value::Null)
            .await;
        tests["result"].as_array().unwrap().clone()
    }

    pub(crate) async fn run_results(&self, id: i64, query: &str) -> Vec<i64> {
        let path = format!("/runs/{id}/results?{query}");
        let list = self.run_ok(Method::GET, &path, Value::Null).await;
        let rows = list["result"].as_array().unwrap();
        rows.iter().map(|r| r["status_id"].as_i64().unwrap()).collect()
    }
}

#[tokio::test]
async fn a_result_counts_in_its_run_and_only_the_newest_is_latest() {
    let world = World::new().await;
    let made = world
        .make(json!([{"name": "Pay", "estimate": 100}, {"name": "Refund", "estimate": 30}]))
        .await;
    let run = world
        .make_run(json!({"name": "RC", "cases": [made[0]["id"], made[1]["id"]]}))
        .await;
    let row = world.run_row(run).await;
    assert_eq!(
        [
            &row["untested_count"],
            &row["total_count"],
            &row["forecast"],
            &row["forecast_completed"]
        ],
        [2, 2, 130, 0]
    );
    let test = world.run_tests(run).await[0]["id"].clone();
    let path = format!("/runs/{run}/tests/{test}/results");
    for (status, elapsed) in [(3, 5), (2, 7)] {
        let body = json!({"status_id": status, "comment": "seen", "elapsed": elapsed});
        let made = world.run_ok(Method::POST, &path, body).await;
        assert_eq!(
            (&made["result"]["note"], &made["result"]["is_latest"]),
            (&json!("seen"), &json!(true))
        );
    }
    let row = world.run_row(run).await;
    assert_eq!(
        [
            &row["untested_count"],
            &row["status1_count"],
            &row["status2_count"]
        ],
        [1, 1, 0]
    );
    assert_eq!(
        [&row["success_count"], &row["forecast_completed"], &row["elapsed"]],
        [1, 100, 12]
    );
    assert_eq!(row["is_started"], true);
    assert_eq!(world.run_results(run, "").await, [2, 3]);
    assert_eq!(world.run_results(run, "get_latest_result=true").await, [2]);
    assert_eq!(world.run_results(run, "status_id=3").await, [3]);
    assert_eq!(world.run_results(run, "assignee_id=0").await, [2, 3]);
    assert_eq!(world.run_results(run, "assignee_id=1").await, [0; 0]);
    let history = format!(
        "/projects/{}/cases/{}/result-history",
        world.project, made[0]["id"]
    );
    assert_eq!(world.run_ok(Method::GET, &history, Value::Null).await["total"], 2);
}

#[tokio::test]
async fn a_run_keeps_the_text_that_was_tested() {
    let world = World::new().await;
    let case = world.make_named("Pay by card").await;
    let run = world.make_run(json!({"name": "RC", "include_all": true})).await;
    world.change(json!({"ids": [case], "name": "Pay by phone"})).await;
    let test = world.run_tests(run).await.remove(0);
    assert_eq!(
        (&test["name"], &test["case_version"]),
        (&json!("Pay by card"), &json!(1))
    );
    assert_eq!(world.delete(&[case]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.run_tests(run).await[0]["name"], "Pay by card");
}

#[tokio::test]
async fn bulk_results_are_all_or_nothing_and_a_change_moves_the_counters() {
    let world = World::new().await;
    world.make(json!([{"name": "a"}, {"name": "b"}])).await;
    let run = world
        .make_run(json!({"name": "RC", "include_all": true, "assignee_id": 1}))
        .await;
    let tests = world.run_tests(run).await;
    let ids = [&tests[0]["id"], &tests[1]["id"]];
    assert_eq!(tests[0]["assignee_id"], 1);
    let path = format!("/runs/{run}/tests/results/bulk");
    let wrong =
        json!({"results": [{"test_id": ids[0], "status_id": 2}, {"test_id": 999_999, "status_id": 99}]});
    let wrong = world.run_call(Method::POST, &path, wrong).await;
    let fields: Vec<String> = errors(&wrong)
        .iter()
        .map(|e| e.split(':').next().unwrap().to_owned())
        .collect();
    assert_eq!(fields, ["results.1.status_id", "results.1.test_id"]);
    assert_eq!(world.run_results(run, "").await, [0; 0]);
    let right =
        json!({"results": [{"test_id": ids[1], "status_id": 3}, {"test_id": ids[0], "status_id": 2}]});
    let made = world.run_ok(Method::POST, &path, right).await["result"].clone();
    assert_eq!((&made[0]["test_id"], &made[1]["test_id"]), (ids[1], ids[0]));
    let result = format!("/runs/{run}/results/{}", made[0]["id"]);
    world
        .run_ok(Method::PATCH, &result, json!({"status_id": 2, "elapsed": 9}))
        .await;
    let row = world.run_row(run).await;
    assert_eq!(
        [&row["success_count"], &row["failure_count"], &row["elapsed"]],
        [2, 0, 9]
    );
}

#[tokio::test]
async fn a_closed_run_is_frozen_for_testers_and_counted_in_its_project() {
    let world = World::new().await;
    world.make_named("a").await;
    let run = world.make_run(json!({"name": "RC", "include_all": true})).await;
    let test = world.run_tests(run).await[0]["id"].clone();
    let path = format!("/api/v1/runs/{run}");
    let stale = json!({"name": "x", "version": 7});
    let stale = world.test.call(Method::PATCH, &path, &world.key, &stale).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let closed = world
        .test
        .call(Method::PATCH, &path, &world.key, &json!({"is_closed": true}))
        .await;
    assert!(
        !closed.json()["result"]["closed_at"].is_null(),
        "{}",
        closed.json()
    );
    let tester = world
        .test
        .user("tester", "Tester", testkit::app::UserKind::Person)
        .await;
    let tester = world.test.key(tester).await;
    let results = format!("{path}/tests/{test}/results");
    let refused = world.test.post(&results, &tester, json!({"status_id": 2})).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.json());
    let allowed = world
        .test
        .post(&results, &world.key, json!({"status_id": 2}))
        .await;
    assert_eq!(allowed.status, StatusCode::CREATED, "{}", allowed.json());
    let project = world
        .run_ok(Method::GET, &format!("/projects/{}", world.project), Value::Null)
        .await;
    let counters = ["run_count", "run_active_count", "run_closed_count"].map(|n| &project["result"][n]);
    assert_eq!(counters, [1, 0, 1]);
}

#[tokio::test]
async fn a_milestone_counts_manual_runs_and_leaves_them_when_it_goes() {
    let world = World::new().await;
    world.make_named("a").await;
    let path = format!("/projects/{}/milestones", world.project);
    let milestone = world.run_ok(Method::POST, &path, json!({"name": "2.0"})).await["result"]["id"].clone();
    let run = world
        .make_run(json!({"name": "RC", "include_all": true, "milestone_id": milestone, "tags": ["rc"]}))
        .await;
    let stats = format!("/milestones/{milestone}?expands=milestone_stats");
    let stats = world.run_ok(Method::GET, &stats, Value::Null).await;
    assert_eq!(stats["expands"]["milestone_stats"][0]["untested_count"], 1);
    let list = |query: String| format!("/projects/{}/runs?{query}", world.project);
    for (query, total) in [
        (format!("milestone_id={milestone}"), 1),
        ("tags=RC".to_owned(), 1),
        ("tags=other".to_owned(), 0),
        ("is_closed=true".to_owned(), 0),
        ("state_id=6".to_owned(), 1),
        ("created_by=1".to_owned(), 1),
        ("config_id=9".to_owned(), 0),
    ] {
        let page = world.run_ok(Method::GET, &list(query.clone()), Value::Null).await;
        assert_eq!(page["total"], total, "{query}");
    }
    world
        .run_ok_empty(Method::DELETE, &format!("/milestones/{milestone}"))
        .await;
    assert_eq!(world.run_row(run).await["milestone_id"], Value::Null);
    world.run_ok_empty(Method::DELETE, &format!("/runs/{run}")).await;
    let gone = world
        .run_call(Method::GET, &format!("/runs/{run}"), Value::Null)
        .await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

impl World {
    async fn run_ok_empty(&self, method: Method, path: &str) {
        let reply = self.run_call(method, path, json!({})).await;
        assert_eq!(reply.status, StatusCode::NO_CONTENT, "{path}");
    }
}

/// A tracker, a required field, a restricted one and one of choices for results.
async fn with_fields() -> (World, i64, String) {
    let world = World::new().await;
    for sql in [
        "INSERT INTO integrations (id, type, name, is_active, created_at) VALUES (3, 4, 'Jira', TRUE, 1)",
        "INSERT INTO fields (id, entity, type, name, system_name, is_active, is_compact, include_all, is_required,
            is_restricted, display_order) VALUES
         (71, 'run_result', 1, 'Build', 'build', TRUE, FALSE, TRUE, TRUE, FALSE, 1),
         (72, 'run_result', 2, 'Secret', 'secret', TRUE, FALSE, TRUE, FALSE, TRUE, 2),
         (73, 'run_result', 8, 'Device', 'device', TRUE, FALSE, TRUE, FALSE, FALSE, 3)",
        "INSERT INTO field_options (id, field_id, value, is_active, display_order) VALUES (71, 73, 'Phone', TRUE, 1)",
    ] {
        world.sql(sql).await;
    }
    world.make(json!([{"name": "Pay"}, {"name": "Refund"}])).await;
    let run = world.make_run(json!({"name": "RC", "include_all": true})).await;
    let tests = world.run_tests(run).await;
    let path = format!("/runs/{run}/tests/{}/results", tests[0]["id"]);
    (world, run, path)
}

#[tokio::test]
async fn a_result_has_issues_and_the_fields_of_results() {
    let (world, run, path) = with_fields().await;
    let body = json!({"status_id": 3, "custom_build": "7.1", "custom_secret": "s", "custom_device": 71,
        "issues": [{"display_id": "WEB-1", "integration_id": 3}, {"display_id": "WEB-2", "integration_id": 3}]});
    let made = world.run_ok(Method::POST, &path, body).await["result"].clone();
    assert_eq!(
        [
            &made["custom_build"],
            &made["custom_secret"],
            &made["custom_device"],
            &made["issues"]
        ],
        [&json!("7.1"), &json!("s"), &json!(71), &json!([1, 2])]
    );
    let list = format!("/runs/{run}/results?expands=issues");
    let page = world.run_ok(Method::GET, &list, Value::Null).await;
    assert_eq!(page["result"][0], made);
    let issue = |id: i64| {
        json!({"id": id, "type": 4, "display_id": format!("WEB-{id}"), "external_project_id": null,
        "external_project_key": null})
    };
    assert_eq!(page["expands"]["issues"], json!([issue(1), issue(2)]));
    let one = format!("/runs/{run}/results/{}", made["id"]);
    let change = json!({"issues": [2], "custom_device": null, "custom_build": "7.2"});
    let changed = world.run_ok(Method::PATCH, &one, change).await["result"].clone();
    assert_eq!(
        [
            &changed["custom_build"],
            &changed["custom_secret"],
            &changed["custom_device"],
            &changed["issues"]
        ],
        [&json!("7.2"), &json!("s"), &Value::Null, &json!([2])]
    );
    let kept = world.run_ok(Method::PATCH, &one, json!({"note": "seen"})).await["result"].clone();
    assert_eq!(
        [&kept["custom_build"], &kept["issues"]],
        [&json!("7.2"), &json!([2])]
    );
    let history = format!(
        "/projects/{}/cases/{}/result-history?expands=issues",
        world.project, made["case_id"]
    );
    let history = world.run_ok(Method::GET, &history, Value::Null).await;
    assert_eq!(history["result"][0]["custom_secret"], "s");
    assert_eq!(history["expands"]["issues"], json!([issue(2)]));
}

#[tokio::test]
async fn what_is_wrong_with_a_result_is_named_and_nothing_is_left() {
    let (world, run, path) = with_fields().await;
    for (body, wrong) in [
        (
            json!({"status_id": 2}),
            vec!["custom_build: The field Build is required in this project. Give it a value."],
        ),
        (
            json!({"status_id": 2, "custom_build": "1", "custom_nothing": 1, "issues": [9]}),
            vec![
                "custom_nothing: There is no field custom_nothing in this template. It has: custom_build, custom_secret, custom_device.",
                "issues.0: There is no issue 9 in this project.",
            ],
        ),
        (
            json!({"status_id": 2, "custom_build": "1", "custom_device": 4, "issues": [{"display_id": "WEB-9", "integration_id": 3}]}),
            vec!["custom_device: The Device must be one of the option ids: 71 Phone."],
        ),
    ] {
        let reply = world.run_call(Method::POST, &path, body).await;
        assert_eq!(errors(&reply), wrong);
    }
    assert_eq!(world.run_results(run, "").await, [0; 0]);
    let tests = world.run_tests(run).await;
    let results = json!({"results": [{"test_id": tests[0]["id"], "status_id": 2, "custom_build": "1"},
        {"test_id": tests[1]["id"], "status_id": 2, "issues": ["WEB"]}]});
    let bulk = format!("/runs/{run}/tests/results/bulk");
    let reply = world.run_call(Method::POST, &bulk, results).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let results = json!({"results": [{"test_id": tests[0]["id"], "status_id": 2, "custom_build": "1"},
        {"test_id": tests[1]["id"], "status_id": 2}]});
    let reply = world.run_call(Method::POST, &bulk, results).await;
    assert_eq!(
        errors(&reply),
        ["results.1.custom_build: The field Build is required in this project. Give it a value."]
    );
    assert_eq!(world.run_results(run, "").await, [0; 0]);
    let left = world
        .run_ok(Method::GET, "/issues/connections", Value::Null)
        .await;
    assert_eq!(left["total"], 1);
}

#[tokio::test]
async fn restricted_fields_of_results_are_for_those_with_the_right() {
    let (world, run, path) = with_fields().await;
    let body = json!({"status_id": 3, "custom_build": "7.1", "custom_secret": "s"});
    let made = world.run_ok(Method::POST, &path, body).await["result"].clone();
    let rights = [Area::Runs, Area::Results, Area::Documentation]
        .into_iter()
        .flat_map(|area| [Right(area, Action::View), Right(area, Action::Edit)])
        .fold(Rights::default(), |all, right| all.with(Rights::of(right)));
    world.test.role("Limited", rights).await;
    let tester = world.test.user("tester", "Limited", UserKind::Person).await;
    let key = world.test.key_with(tester, "k", NewKey::default()).await.1;
    let list = format!("/api/v1/runs/{run}/results");
    let seen = world.test.get(&list, &key).await.json()["result"][0].clone();
    assert!(
        seen.get("custom_secret").is_none() && seen["custom_build"] == "7.1",
        "{seen}"
    );
    let one = format!("/api/v1/runs/{run}/results/{}", made["id"]);
    let patch = async |body: Value| world.test.call(Method::PATCH, &one, &key, &body).await;
    let refused = patch(json!({"custom_secret": "t"})).await;
    assert_eq!(
        refused.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a field that they can't see is none"
    );
    assert_eq!(patch(json!({"note": "n"})).await.status, StatusCode::OK);
    let list = world
        .run_ok(Method::GET, &format!("/runs/{run}/results"), Value::Null)
        .await;
    assert_eq!(
        list["result"][0]["custom_secret"], "s",
        "what they can't see stays"
    );
}

#[tokio::test]
async fn a_test_takes_the_newest_text_over_and_its_results_keep_theirs() {
    let world = World::new().await;
    let id = world.make_named("Pay").await;
    let run = world.make_run(json!({"name": "RC", "include_all": true})).await;
    let test = world.run_tests(run).await[0]["id"].clone();
    let give = format!("/runs/{run}/tests/{test}/results");
    world
        .run_ok(Method::POST, &give, json!({"status_id": 2, "elapsed": 7}))
        .await;
    world.change(json!({"ids": [id], "name": "Pay later"})).await;
    let path = format!("/api/attest/v1/runs/{run}/tests/{test}");
    let take = async |version: i64| {
        let body = json!({"case_version": version});
        world.test.call(Method::PATCH, &path, &world.key, &body).await
    };
    for other in [1, 3] {
        let refused = take(other).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "version {other}");
        assert_eq!(
            refused.json()["message"],
            format!("The case has version 2, not {other}. Look at it again first.")
        );
    }
    let taken = take(2).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.json());
    let row = taken.json()["result"].clone();
    assert_eq!(
        [
            &row["name"],
            &row["case_version"],
            &row["status_id"],
            &row["elapsed"]
        ],
        [&json!("Pay later"), &json!(2), &json!(1), &json!(7)]
    );
    assert_eq!(take(2).await.json()["result"], row, "once more changes nothing");
    let counted = world.run_row(run).await;
    assert_eq!(
        [
            &counted["untested_count"],
            &counted["status1_count"],
            &counted["elapsed"]
        ],
        [&json!(1), &json!(0), &json!(7)]
    );
    assert_eq!(world.run_results(run, "get_latest_result=true").await, [0; 0]);
    world.run_ok(Method::POST, &give, json!({"status_id": 3})).await;
    let results = format!("/runs/{run}/results");
    let results = world.run_ok(Method::GET, &results, Value::Null).await;
    let versions: Vec<_> = results["result"].as_array().unwrap().iter().collect();
    assert_eq!(
        versions
            .iter()
            .map(|r| (
                r["status_id"].as_i64(),
                r["case_version"].as_i64(),
                r["is_latest"].as_bool()
            ))
            .collect::<Vec<_>>(),
        [(Some(3), Some(2), Some(true)), (Some(2), Some(1), Some(false))]
    );
    world.delete(&[id]).await;
    assert_eq!(take(2).await.json()["code"], "case_deleted");
}
