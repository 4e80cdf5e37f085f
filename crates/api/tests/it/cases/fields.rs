//! Custom fields of cases: required, restricted, with defaults, of all ten types.

use super::{World, errors};
use http::{Method, StatusCode};
use model::{Action, Area, Right, Rights};
use serde_json::{Value, json};
use testkit::app::NewKey;
use testkit::app::UserKind;

/// One more field of each type but text and steps, in a template of their own.
async fn all_types(world: &World) {
    world
        .sql(
            "INSERT INTO fields (id, entity, type, name, system_name, is_active, is_compact, include_all, is_required,
                is_restricted, default_value, display_order) VALUES
             (51, 'repository_case', 1, 'Owner', 'owner', TRUE, FALSE, TRUE, FALSE, FALSE, '\"nobody\"', 51),
             (53, 'repository_case', 3, 'Count', 'count', TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 53),
             (54, 'repository_case', 4, 'Ratio', 'ratio', TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 54),
             (55, 'repository_case', 5, 'Ready', 'ready', TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 55),
             (56, 'repository_case', 6, 'Since', 'since', TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 56),
             (57, 'repository_case', 7, 'Spec', 'spec', TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 57),
             (58, 'repository_case', 8, 'Risk', 'risk', TRUE, FALSE, TRUE, TRUE, FALSE, NULL, 58),
             (59, 'repository_case', 9, 'Areas', 'areas', TRUE, FALSE, TRUE, FALSE, FALSE, NULL, 59),
             (60, 'repository_case', 2, 'Secret', 'secret', TRUE, FALSE, TRUE, FALSE, TRUE, NULL, 60)",
        )
        .await;
    world
        .sql(
            "INSERT INTO field_options (id, field_id, value, is_active, display_order) VALUES
             (51, 58, 'High', TRUE, 1), (52, 58, 'Low', TRUE, 2), (53, 59, 'Web', TRUE, 1), (54, 59, 'App', TRUE, 2)",
        )
        .await;
    world
        .sql("INSERT INTO templates (id, entity, name, is_default, include_all) VALUES (50, 'repository_case', 'All', FALSE, TRUE)")
        .await;
    world
        .sql("INSERT INTO template_fields (template_id, field_id, display_order) SELECT 50, id, id FROM fields WHERE id > 50")
        .await;
}

#[tokio::test]
async fn each_type_comes_back_as_it_was_given() {
    let world = World::new().await;
    all_types(&world).await;
    let given = json!({"custom_count": 5, "custom_ratio": 0.5, "custom_ready": true, "custom_since": "2026-11-01",
        "custom_spec": "https://example.com/spec", "custom_risk": 51, "custom_areas": [54, 53],
        "custom_secret": "in a <b>safe</b>"});
    let mut case = given.as_object().unwrap().clone();
    case.insert("name".to_owned(), json!("n"));
    case.insert("template_id".to_owned(), json!(50));
    let row = world.make(json!([case])).await.remove(0);
    for (name, value) in given.as_object().unwrap() {
        let stored = if name == "custom_areas" {
            json!([53, 54])
        } else {
            value.clone()
        };
        assert_eq!(row[name], stored, "{name}");
    }
    assert_eq!(row["custom_owner"], "nobody", "the default");
    assert!(row.get("custom_priority").is_none(), "of another template");
}

#[tokio::test]
async fn required_fields_must_be_there() {
    let world = World::new().await;
    all_types(&world).await;
    let text = "The field Risk is required in this project. Give it a value.";
    let without = world.post(json!([{"name": "n", "template_id": 50}])).await;
    assert_eq!(errors(&without), [format!("cases.0.custom_risk: {text}")]);
    let empty = world
        .post(json!([{"name": "n", "template_id": 50, "custom_risk": null}]))
        .await;
    assert_eq!(errors(&empty), [format!("cases.0.custom_risk: {text}")]);
    let rows = world
        .make(json!([{"name": "n", "template_id": 50, "custom_risk": 52}]))
        .await;
    let id = rows[0]["id"].clone();
    let removed = world.patch(json!({"ids": [id], "custom_risk": null})).await;
    assert_eq!(errors(&removed), [format!("custom_risk: {text}")]);
    world.change(json!({"ids": [id], "custom_count": 1})).await;
}

#[tokio::test]
async fn restricted_fields_are_for_those_with_the_right() {
    let world = World::new().await;
    all_types(&world).await;
    let rows = world
        .make(json!([{"name": "n", "template_id": 50, "custom_risk": 52, "custom_secret": "s"}]))
        .await;
    let id = rows[0]["id"].as_i64().unwrap();
    world.change(json!({"ids": [id], "custom_secret": "t"})).await;
    let rights = Rights::of(Right(Area::Documentation, Action::View))
        .with(Rights::of(Right(Area::Cases, Action::View)))
        .with(Rights::of(Right(Area::Cases, Action::Edit)));
    world.test.role("Writer", rights).await;
    let writer = world.test.user("writer", "Writer", UserKind::Person).await;
    let key = world.test.key_with(writer, "k", NewKey::default()).await.1;
    let get = async |path: &str| world.test.get(path, &key).await.json();
    let row = get(&format!("/api/v1/cases/{id}")).await["result"].clone();
    assert!(
        row.get("custom_secret").is_none() && row["custom_risk"] == 52,
        "{row}"
    );
    let list = get(&format!("{}?expands=history", world.path())).await;
    assert!(list["result"][0].get("custom_secret").is_none());
    assert_eq!(list["expands"]["history"][1]["changes"], json!([]));
    let versions = get(&format!("/api/attest/v1/cases/{id}/versions")).await;
    assert!(!versions.to_string().contains("secret"), "{versions}");
    let patch = async |body: Value| world.test.call(Method::PATCH, &world.path(), &key, &body).await;
    let unseen = patch(json!({"ids": [id], "custom_secret": "u"})).await;
    assert_eq!(
        unseen.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a field that they can't see is none"
    );
    assert_eq!(
        patch(json!({"ids": [id], "name": "m"})).await.status,
        StatusCode::OK
    );
    assert_eq!(
        world.get(id).await["custom_secret"],
        "t",
        "what they can't see stays"
    );
}

#[tokio::test]
async fn what_stands_in_restricted_fields_is_not_searched() {
    let world = World::new().await;
    all_types(&world).await;
    let mut cases = vec![
        json!({"name": "first", "template_id": 50, "custom_risk": 52, "custom_secret": "swordfish",
        "custom_owner": "harbour"}),
    ];
    cases.push(json!({"name": "last", "template_id": 50, "custom_risk": 52, "custom_secret": "swordfish"}));
    let rows = world.make(cases.into()).await;
    assert_eq!(world.names("search=swordfish").await, [""; 0]);
    assert_eq!(world.names("search=harbour").await, ["first"]);
    let suggest = format!(
        "/api/attest/v1/projects/{}/cases/search?q=swordfish",
        world.project
    );
    assert_eq!(
        world.test.get(&suggest, &world.key).await.json()["result"],
        json!([])
    );
    let restrict = async |body: Value| {
        let reply = world
            .test
            .call(Method::PATCH, "/api/attest/v1/fields/60", &world.key, &body)
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json());
    };
    restrict(json!({"is_restricted": false})).await;
    assert_eq!(world.names("search=swordfish").await, ["last", "first"]);
    assert_eq!(world.names("search=harbour").await, ["first"]);
    restrict(json!({"projects": [{"project_id": world.project, "is_restricted": true}]})).await;
    assert_eq!(world.names("search=swordfish").await, [""; 0]);
    world
        .change(json!({"ids": [rows[0]["id"]], "custom_secret": "marlin"}))
        .await;
    assert_eq!(world.names("search=marlin").await, [""; 0]);
    assert_eq!(world.names("name=first").await, ["first"]);
}
