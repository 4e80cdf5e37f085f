//! Making, changing and deleting cases.

use super::{World, errors};
use http::StatusCode;
use serde_json::{Value, json};

#[tokio::test]
async fn a_case_needs_only_a_name() {
    let world = World::new().await;
    let row = world.make(json!([{"name": " Pay by card "}])).await.remove(0);
    let at = row["created_at"].clone();
    assert_eq!(
        row,
        json!({"id": row["id"], "key": 1, "project_id": world.project, "repo_id": world.project, "folder_id": 0,
            "template_id": 1, "state_id": 4, "name": "Pay by card", "display_order": 1, "estimate": null,
            "forecast": null, "status_id": 1, "status_at": null, "has_automation": false,
            "has_automation_status": false, "version": 1, "created_at": at, "created_by": 1, "updated_at": null,
            "updated_by": null, "custom_priority": null, "custom_preconditions": null, "custom_steps": [], "data_set": null,
            "automation_links": [], "tags": [], "issues": []})
    );
    assert_eq!(world.get(row["id"].as_i64().unwrap()).await, row);
    let project = format!("/api/v1/projects/{}", world.project);
    assert_eq!(
        world.test.get(&project, &world.key).await.json()["result"]["case_count"],
        Value::Null
    );
}

#[tokio::test]
async fn a_case_has_everything_that_was_given() {
    let world = World::new().await;
    let folder = world.folder("Payment", None).await;
    let steps =
        json!([{"text1": "Pay with a card", "text3": "The order is paid"}, {"text1": "Look", "text2": "42"}]);
    let rows = world
        .make(json!([
            {"name": "Pay", "folder_id": folder, "template_id": 1, "state_id": 1, "estimate": 60_000_000,
             "tags": ["smoke", "Card", "SMOKE"], "custom_priority": 1, "custom_preconditions": "A full cart",
             "custom_steps": steps, "unknown": true},
            {"name": "Pay later", "tags": ["Smoke"]}
        ]))
        .await;
    let (row, id) = (&rows[0], &rows[0]["id"]);
    assert_eq!(
        (
            &row["folder_id"],
            &row["state_id"],
            &row["estimate"],
            &row["status_id"]
        ),
        (&json!(folder), &json!(1), &json!(60_000_000), &json!(2))
    );
    assert_eq!(row["custom_priority"], 1);
    assert_eq!(
        row["custom_steps"],
        json!([
            {"id": 1, "case_id": id, "column_name": "custom_steps", "display_order": 1, "text1": "Pay with a card",
             "text2": null, "text3": "The order is paid", "text4": null},
            {"id": 2, "case_id": id, "column_name": "custom_steps", "display_order": 2, "text1": "Look", "text2": "42",
             "text3": null, "text4": null}
        ])
    );
    let tags: Vec<&str> = row["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["name"].as_str().unwrap())
        .collect();
    assert_eq!(tags, ["smoke", "Card"]);
    assert_eq!(rows[1]["tags"][0], row["tags"][0], "a tag is written in one way");
    assert_eq!(
        (rows[0]["key"].as_i64(), rows[1]["key"].as_i64()),
        (Some(1), Some(2))
    );
}

#[tokio::test]
async fn everything_wrong_is_told_at_once_and_nothing_is_stored() {
    let world = World::new().await;
    let elsewhere = world.test.project(model::UserId(1), "Other").await.0;
    let path = format!("/api/v1/projects/{elsewhere}/folders");
    let folders = world
        .test
        .post(&path, &world.key, json!({"folders": [{"name": "F"}]}))
        .await;
    let foreign = folders.json()["result"][0]["id"].clone();
    let reply = world
        .post(json!([
            {"name": "fine", "tags": ["new"]},
            {"name": "wrong", "folder_id": foreign, "state_id": 6, "custom_priority": 9, "custom_scenario": "no",
             "automation_links": [5], "issues": [7, {"display_id": "WEB-1", "integration_id": 3}]},
        ]))
        .await;
    let told = errors(&reply);
    let fields: Vec<&str> = told.iter().map(|e| e.split_once(": ").unwrap().0).collect();
    assert_eq!(
        fields,
        [
            "cases.1.automation_links.0",
            "cases.1.custom_priority",
            "cases.1.custom_scenario",
            "cases.1.folder_id",
            "cases.1.issues.0",
            "cases.1.issues.1",
            "cases.1.state_id",
        ]
    );
    assert!(
        told.iter()
            .any(|t| t.ends_with("must be one of the option ids: 4 Critical, 1 High, 2 Medium, 3 Low.")),
        "{told:?}"
    );
    assert_eq!(world.list("").await["total"], 0);
    let tags = format!("/api/v1/projects/{}/tags", world.project);
    assert_eq!(
        world.test.get(&tags, &world.key).await.json()["result"],
        json!([])
    );
    assert_eq!(
        errors(&world.post(json!([])).await),
        ["cases: The cases must have 1 to 100 items."]
    );
    let many: Vec<Value> = (0..101).map(|n| json!({"name": format!("case {n}")})).collect();
    assert_eq!(
        errors(&world.post(json!(many)).await),
        ["cases: The cases must have 1 to 100 items."]
    );
    assert_eq!(
        errors(&world.post(json!([{"name": ""}])).await),
        ["cases.0.name: The cases.0.name is required."]
    );
    assert_eq!(
        errors(&world.post(json!([{"name": "n", "folder_id": "x"}])).await)[0]
            .split(':')
            .next(),
        Some("cases.0.folder_id")
    );
}

#[tokio::test]
async fn a_change_reaches_all_ids_and_only_what_was_given() {
    let world = World::new().await;
    let folder = world.folder("Payment", None).await;
    let rows = world
        .make(json!([{"name": "a", "tags": ["x"], "custom_preconditions": "p"}, {"name": "b", "folder_id": folder}]))
        .await;
    let ids: Vec<i64> = rows.iter().map(|r| r["id"].as_i64().unwrap()).collect();
    let reply = world
        .patch(
            json!({"ids": [ids[1], ids[0]], "folder_id": folder, "tags": ["y", "x"], "custom_priority": 4}),
        )
        .await;
    let changed = reply.json()["result"].clone();
    assert_eq!(
        (&changed[0]["name"], &changed[1]["name"]),
        (&json!("b"), &json!("a")),
        "in the order of ids"
    );
    assert_eq!(changed[1]["custom_preconditions"], "p");
    for row in changed.as_array().unwrap() {
        assert_eq!(
            (&row["folder_id"], &row["custom_priority"], &row["version"]),
            (&json!(folder), &json!(4), &json!(2))
        );
        assert_eq!(
            (row["tags"].as_array().unwrap().len(), &row["updated_by"]),
            (2, &json!(1))
        );
        assert_eq!(&world.get(row["id"].as_i64().unwrap()).await, row);
    }
    let row = world
        .change(json!({"ids": [ids[0]], "folder_id": 0, "tags": [], "custom_priority": null}))
        .await;
    assert_eq!(
        (&row["folder_id"], &row["tags"], &row["custom_priority"]),
        (&json!(0), &json!([]), &Value::Null)
    );
    let row = world.change(json!({"ids": [ids[0]], "status_id": 1})).await;
    assert_eq!(
        (&row["status_id"], row["status_at"].is_string()),
        (&json!(1), true)
    );
}

#[tokio::test]
async fn a_change_that_changes_nothing_is_no_version() {
    let world = World::new().await;
    let id = world.make_named("a").await;
    assert_eq!(
        world.change(json!({"ids": [id], "name": "a"})).await["version"],
        1
    );
    let reply = world.patch(json!({"ids": [id]})).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.json()["errors"]["fields"][0], reply.json()["message"]);
    assert_eq!(
        errors(&world.patch(json!({"ids": [], "name": "a"})).await),
        ["ids: The ids must have 1 to 100 items."]
    );
    assert_eq!(
        errors(&world.patch(json!({"ids": [id, 99_999], "name": "b"})).await),
        ["ids.1: There is no case 99999 in this project. Look at the ids of the list."]
    );
    assert_eq!(world.get(id).await["name"], "a", "all or nothing");
    assert_eq!(
        errors(&world.patch(json!({"ids": [id], "status_id": 3})).await),
        ["status_id: The status_id must be 1 (incomplete) or 2 (complete)."]
    );
}

#[tokio::test]
async fn two_who_change_one_case_learn_of_each_other() {
    let world = World::new().await;
    let id = world.make_named("a").await;
    world
        .change(json!({"ids": [id], "version": 1, "name": "b"}))
        .await;
    let reply = world.patch(json!({"ids": [id], "version": 1, "name": "c"})).await;
    assert_eq!(
        (reply.status, &reply.json()["code"]),
        (StatusCode::CONFLICT, &json!("version_conflict"))
    );
    assert_eq!(
        reply.json()["message"],
        format!("Case {id} has version 2, but the change is based on version 1. Read it again first.")
    );
    assert_eq!(world.get(id).await["name"], "b");
}

#[tokio::test]
async fn deleting_is_all_or_nothing_and_frees_no_number() {
    let world = World::new().await;
    let (a, b) = (world.make_named("a").await, world.make_named("b").await);
    assert_eq!(errors(&world.delete(&[a, 99_999]).await).len(), 1);
    assert_eq!(world.list("").await["total"], 2);
    assert_eq!(world.delete(&[a, b]).await.status, StatusCode::NO_CONTENT);
    assert_eq!(world.list("").await["total"], 0);
    assert_eq!(world.names("search=a").await, [""; 0]);
    assert_eq!(world.make(json!([{"name": "c"}])).await[0]["key"], 3);
    let gone = world.test.get(&format!("/api/v1/cases/{a}"), &world.key).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_folder_takes_its_cases_with_it() {
    let world = World::new().await;
    let top = world.folder("Shop", None).await;
    let below = world.folder("Payment", Some(top)).await;
    world
        .make(json!([{"name": "a", "folder_id": top}, {"name": "b", "folder_id": below}, {"name": "c"}]))
        .await;
    let path = format!("/api/v1/projects/{}/folders", world.project);
    let reply = world
        .test
        .call(http::Method::DELETE, &path, &world.key, &json!({"ids": [top]}))
        .await;
    assert_eq!(reply.status, StatusCode::NO_CONTENT);
    assert_eq!(world.names("").await, ["c"]);
    assert_eq!(world.names("search=b").await, [""; 0]);
}

#[tokio::test]
async fn a_repeated_call_makes_nothing_twice() {
    let world = World::new().await;
    let send = async || {
        let request = testkit::app::request(http::Method::POST, &world.path(), &world.key)
            .header("idempotency-key", "once")
            .body(json!({"cases": [{"name": "a"}]}).to_string().into())
            .unwrap();
        world.test.send(request).await
    };
    let (one, other) = (send().await, send().await);
    assert_eq!((one.status, one.json()), (other.status, other.json()));
    assert_eq!(world.list("").await["total"], 1);
}
