//! Data sets of cases: a run tests a case once for each row (our addition).

use crate::cases::{World, errors};
use http::{Method, StatusCode};
use model::data_set::ROWS_MAX;
use serde_json::{Value, json};
use testkit::app::Reply;

const ROLES: [&str; 7] = ["admin", "editor", "viewer", "guest", "owner", "auditor", "nobody"];

fn roles(rows: &[&str]) -> Value {
    let rows: Vec<Value> = rows.iter().map(|role| json!([role, "Firefox"])).collect();
    json!({"parameters": ["role", "browser"], "rows": rows})
}

async fn signing_in(world: &World) -> i64 {
    let steps = json!([{"text1": "Sign in as {{role}}", "text3": "{{role}} sees {{nothing}}"}]);
    let case = json!({"name": "Sign in", "data_set": roles(&ROLES), "custom_steps": steps, "estimate": 10});
    let made = world.make(json!([case, {"name": "Pay"}])).await;
    assert_eq!(made[0]["data_set"], roles(&ROLES));
    assert_eq!(made[1]["data_set"], Value::Null);
    made[0]["id"].as_i64().unwrap()
}

async fn take(world: &World, run: i64, test: &Value, version: i64) -> Reply {
    let path = format!("/api/attest/v1/runs/{run}/tests/{test}");
    let body = json!({ "case_version": version });
    world.test.call(Method::PATCH, &path, &world.key, &body).await
}

#[tokio::test]
async fn seven_rows_are_seven_tests_with_seven_results() {
    let world = World::new().await;
    let id = signing_in(&world).await;
    for new in [json!({"include_all": true}), json!({"cases": [id, id]})] {
        let with_all = new["include_all"] == true;
        let mut new = new;
        new["name"] = json!("RC");
        let run = world.make_run(new).await;
        let tests = world.run_tests(run).await;
        let names: Vec<&str> = tests.iter().map(|t| t["name"].as_str().unwrap()).collect();
        let mut expected: Vec<String> = ROLES
            .iter()
            .map(|role| format!("Sign in ({role}, Firefox)"))
            .collect();
        let mut rows: Vec<Value> = (1..=7).map(Value::from).collect();
        if with_all {
            expected.push("Pay".to_owned());
            rows.push(Value::Null);
        }
        assert_eq!(names, expected);
        assert_eq!(
            tests.iter().map(|t| t["data_row"].clone()).collect::<Vec<_>>(),
            rows
        );
        let results: Vec<Value> = tests
            .iter()
            .map(|t| json!({"test_id": t["id"], "status_id": 2}))
            .collect();
        let path = format!("/runs/{run}/tests/results/bulk");
        world
            .run_ok(Method::POST, &path, json!({ "results": results }))
            .await;
        let row = world.run_row(run).await;
        assert_eq!(row["status1_count"], tests.len());
        assert_eq!(row["forecast"], 70);
        let list = world
            .run_ok(Method::GET, &format!("/runs/{run}/results"), Value::Null)
            .await;
        let mut rows: Vec<Option<i64>> = list["result"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["data_row"].as_i64())
            .collect();
        rows.sort_unstable();
        rows.retain(Option::is_some);
        assert_eq!(rows, (1..=7).map(Some).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_changed_data_set_leaves_runs_alone_until_a_test_takes_it_over() {
    let world = World::new().await;
    let id = signing_in(&world).await;
    let run = world.make_run(json!({"name": "RC", "cases": [id]})).await;
    let changed = world
        .change(json!({"ids": [id], "name": "{{role}} signs in", "data_set": roles(&["root", "viewer", "admin"])}))
        .await;
    assert_eq!(changed["version"], 2);
    let tests = world.run_tests(run).await;
    assert_eq!(tests[0]["name"], "Sign in (admin, Firefox)");
    for (n, name, row) in [
        (0, "admin signs in", 3),
        (1, "viewer signs in", 2),
        (2, "viewer signs in", 2),
    ] {
        let taken = take(&world, run, &tests[n]["id"], 2).await;
        assert_eq!(taken.status, StatusCode::OK, "{}", taken.json());
        let taken = taken.json();
        assert_eq!(
            (&taken["result"]["name"], &taken["result"]["data_row"]),
            (&json!(name), &json!(row))
        );
    }
    let refused = take(&world, run, &tests[4]["id"], 2).await;
    assert_eq!(
        (refused.status, &refused.json()["code"]),
        (StatusCode::CONFLICT, &json!("data_row_gone"))
    );
    world.change(json!({"ids": [id], "data_set": null})).await;
    assert_eq!(world.get(id).await["data_set"], Value::Null);
    let taken = take(&world, run, &tests[4]["id"], 3).await.json();
    assert_eq!(
        (&taken["result"]["name"], &taken["result"]["data_row"]),
        (&json!("{{role}} signs in"), &Value::Null)
    );
    world
        .change(json!({"ids": [id], "data_set": roles(&["admin"])}))
        .await;
    let refused = take(&world, run, &tests[4]["id"], 4).await;
    assert_eq!(
        refused.json()["code"],
        "data_row_gone",
        "a test without a row does not choose one"
    );
    let restored = format!("/api/attest/v1/cases/{id}/versions/1/restore");
    let restored = world
        .test
        .call(Method::POST, &restored, &world.key, &json!({}))
        .await
        .json();
    assert_eq!(restored["result"]["data_set"], roles(&ROLES));
}

fn names(refused: &Reply, field: &str) -> bool {
    errors(refused)
        .iter()
        .any(|e| e.starts_with(&format!("{field}: ")))
}

#[tokio::test]
async fn what_is_wrong_with_a_data_set_is_named() {
    let world = World::new().await;
    let id = world.make_named("Pay").await;
    let many: Vec<Value> = (0..=ROWS_MAX).map(|n| json!([n.to_string()])).collect();
    for (set, at) in [
        (json!({"parameters": [], "rows": []}), "parameters"),
        (
            json!({"parameters": ["a", "a"], "rows": [["1", "2"]]}),
            "parameters.1",
        ),
        (json!({"parameters": ["{a}"], "rows": [["1"]]}), "parameters.0"),
        (
            json!({"parameters": ["a", "b"], "rows": [["1", "2"], ["3"]]}),
            "rows.1",
        ),
        (json!({"parameters": ["a"], "rows": many}), "rows"),
    ] {
        let refused = world.post(json!([{"name": "New", "data_set": set}])).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{set}");
        assert!(names(&refused, &format!("cases.0.data_set.{at}")), "{set}");
        let refused = world.patch(json!({"ids": [id], "data_set": set})).await;
        assert!(names(&refused, &format!("data_set.{at}")), "{set}");
    }
    for set in [
        json!("a"),
        json!([["a"]]),
        json!({"parameters": ["a"]}),
        json!({"parameters": ["a"], "rows": [[1]]}),
    ] {
        let refused = world.patch(json!({"ids": [id], "data_set": set})).await;
        assert!(refused.status.is_client_error(), "{set}");
    }
    assert_eq!(world.get(id).await["version"], 1, "nothing changed");
    let kept = world
        .change(json!({"ids": [id], "data_set": {"parameters": [" a "], "rows": [["1\u{0}"], [" "], ["|"]]}}))
        .await;
    assert_eq!(
        kept["data_set"],
        json!({"parameters": ["a"], "rows": [["1\u{fffd}"], ["|"]]})
    );
}
