//! Runs that take in cases that match later (our addition).

use crate::cases::{World, errors};
use http::{Method, StatusCode};
use serde_json::{Value, json};

async fn names(world: &World, run: i64) -> Vec<String> {
    let tests = world.run_tests(run).await;
    tests
        .iter()
        .map(|t| t["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_live_run_takes_in_what_matches_later() {
    let world = World::new().await;
    let folder = world.folder("Checkout", None).await;
    let below = world.folder("Cards", Some(folder)).await;
    let other = world.folder("Profile", None).await;
    let make = async |name: &str, folder: i64, tags: &[&str]| {
        let case = json!({"name": name, "folder_id": folder, "tags": tags, "estimate": 10});
        world.make(json!([case])).await[0]["id"].as_i64().unwrap()
    };
    make("Pay", folder, &["smoke"]).await;
    let quiet = make("Refund", folder, &[]).await;
    let elsewhere = make("Rename", other, &["smoke"]).await;
    let live = json!({"folder_id": folder, "tag": "Smoke"});
    let run = world.make_run(json!({"name": "Smoke", "live": live})).await;
    assert_eq!(world.run_row(run).await["live"]["folder_id"], folder);
    assert_eq!(names(&world, run).await, ["Pay"]);

    make("Pay by card", below, &["smoke"]).await;
    world.change(json!({"ids": [quiet], "tags": ["smoke"]})).await;
    world
        .change(json!({"ids": [elsewhere], "folder_id": below}))
        .await;
    let row = world.run_row(run).await;
    assert_eq!(
        [&row["total_count"], &row["untested_count"], &row["forecast"]],
        [4, 4, 40]
    );
    let mut all = names(&world, run).await;
    assert_eq!(all[0], "Pay", "what it had stays in its place");
    all.sort();
    assert_eq!(all, ["Pay", "Pay by card", "Refund", "Rename"]);

    world.change(json!({"ids": [quiet], "tags": []})).await;
    assert_eq!(names(&world, run).await.len(), 4, "what matches no more stays");

    let path = format!("/runs/{run}");
    world
        .run_ok(Method::PATCH, &path, json!({"is_closed": true}))
        .await;
    make("Pay by transfer", folder, &["smoke"]).await;
    assert_eq!(names(&world, run).await.len(), 4, "a closed run is frozen");
    world
        .run_ok(Method::PATCH, &path, json!({"is_closed": false}))
        .await;
    assert_eq!(names(&world, run).await.len(), 5);
    let frozen = world.run_ok(Method::PATCH, &path, json!({"live": null})).await;
    assert_eq!(frozen["result"]["live"], Value::Null);
    make("Pay by phone", folder, &["smoke"]).await;
    assert_eq!(names(&world, run).await.len(), 5);
}

#[tokio::test]
async fn rows_of_data_and_states_count_in_live_runs_too() {
    let world = World::new().await;
    let run = world.make_run(json!({"name": "All", "live": {}})).await;
    assert_eq!(names(&world, run).await, [""; 0]);
    let set = json!({"parameters": ["a"], "rows": [["1"], ["2"]]});
    world
        .make(json!([{"name": "Rows", "data_set": set}, {"name": "Draft", "state_id": 2}]))
        .await;
    assert_eq!(names(&world, run).await, ["Rows (1)", "Rows (2)"]);
    let list = world
        .run_ok(
            Method::GET,
            &format!("/projects/{}/runs", world.project),
            Value::Null,
        )
        .await;
    assert_eq!(list["result"][0]["total_count"], 2);
}

#[tokio::test]
async fn a_folder_that_moves_into_view_brings_its_cases() {
    let world = World::new().await;
    let (folder, other) = (
        world.folder("Checkout", None).await,
        world.folder("Cards", None).await,
    );
    world
        .make(json!([{"name": "Pay by card", "folder_id": other}]))
        .await;
    let run = world
        .make_run(json!({"name": "Checkout", "live": {"folder_id": folder}}))
        .await;
    assert_eq!(names(&world, run).await, [""; 0]);
    let path = format!("/projects/{}/folders", world.project);
    let moved = json!({"ids": [other], "parent_id": folder});
    world.run_ok(Method::PATCH, &path, moved).await;
    assert_eq!(names(&world, run).await, ["Pay by card"]);
}

#[tokio::test]
async fn a_run_is_live_or_names_its_cases() {
    let world = World::new().await;
    let id = world.make_named("Pay").await;
    let path = format!("/projects/{}/runs", world.project);
    for (body, field) in [
        (json!({"live": {}, "cases": [id]}), "live"),
        (json!({"live": {}, "include_all": true}), "live"),
        (json!({"live": {"folder_id": 99}}), "live.folder_id"),
        (json!({"live": {"search": "x".repeat(201)}}), "live.search"),
    ] {
        let mut body = body;
        body["name"] = json!("R");
        let refused = world.run_call(Method::POST, &path, body.clone()).await;
        let named = errors(&refused);
        assert!(
            named.iter().any(|e| e.starts_with(&format!("{field}: "))),
            "{body}: {named:?}"
        );
    }
    let refused = world
        .run_call(Method::POST, &path, json!({"name": "R", "live": [1]}))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}
