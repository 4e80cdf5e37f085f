//! Custom fields of all types, and their options.

use super::super::{World, told, wrong};
use super::{FIELDS, TEMPLATES, ids, in_use};
use serde_json::{Value, json};

/// Every type, made and used with a value, through to the case.
#[tokio::test]
async fn fields_of_all_ten_types_work_from_their_making_to_a_case() {
    let world = World::new().await;
    let mut fields = Vec::new();
    for (kind, value) in [
        (1, json!("one line")),
        (2, json!("two\nlines")),
        (3, json!(7)),
        (4, json!(1.5)),
        (5, json!(true)),
        (6, json!("2026-11-30")),
        (7, json!("https://example.com/")),
        (8, Value::Null),
        (9, Value::Null),
        (10, json!([{"text1": "do", "text3": "see"}])),
    ] {
        let mut body = json!({"entity": "repository_case", "type": kind, "name": format!("Kind {kind}")});
        if value.is_null() {
            body["options"] = json!([{"value": "Red", "color": "#FF0000"}, {"value": "Blue"}]);
        }
        let made = world.make(FIELDS, body).await;
        assert_eq!(
            [&made["type"], &made["system_name"]],
            [&json!(kind), &json!(format!("kind_{kind}"))]
        );
        let option = made["options"][0]["id"].clone();
        let value = match kind {
            8 => option,
            9 => json!([option]),
            _ => value,
        };
        fields.push((made, value));
    }
    let named: Vec<Value> = fields.iter().map(|(f, _)| f["id"].clone()).collect();
    let template = world
        .make(
            TEMPLATES,
            json!({"entity": "repository_case", "name": "All", "fields": named}),
        )
        .await;
    let mut case = json!({"name": "c", "template_id": template["id"]});
    for (field, value) in &fields {
        case[format!("custom_{}", field["system_name"].as_str().unwrap())] = value.clone();
    }
    let id = world.case(case.clone()).await;
    let row = world
        .test
        .get(&format!("/api/v1/cases/{id}"), &world.key)
        .await
        .json()["result"]
        .clone();
    for (field, value) in &fields[..9] {
        let name = format!("custom_{}", field["system_name"].as_str().unwrap());
        assert_eq!(row[&name], *value, "{name}");
        in_use(&world.drop(&format!("{FIELDS}/{}", field["id"])).await, "1 cases");
    }
    assert_eq!(row["custom_kind_10"][0]["text1"], "do");
    in_use(
        &world.drop(&format!("{TEMPLATES}/{}", template["id"])).await,
        "1 cases",
    );
}

#[tokio::test]
async fn options_are_changed_archived_and_deleted() {
    let world = World::new().await;
    let body = json!({"entity": "repository_case", "type": 8, "name": "Risk", "options": [{"value": "High"},
        {"value": "Low"}, {"value": "None"}]});
    let made = world.make(FIELDS, body).await;
    let path = format!("{FIELDS}/{}", made["id"]);
    let options = made["options"].as_array().unwrap().clone();
    let (high, low) = (options[0]["id"].clone(), options[1]["id"].clone());
    let steps = world
        .put(
            &format!("{TEMPLATES}/1"),
            json!({"fields": [1, 2, 3, made["id"]]}),
        )
        .await;
    assert_eq!(steps.json()["result"]["fields"], json!([1, 2, 3, made["id"]]));
    let case = world.case(json!({"name": "c", "custom_risk": high})).await;

    let only_low = json!({"options": [{"id": low, "value": "Low"}]});
    in_use(&world.put(&path, only_low).await, "1 cases");
    let body = json!({"options": [{"id": low, "value": "Small", "color": "#00ff00"},
        {"id": high, "value": "High", "is_active": false}, {"value": "Medium"}], "default_value": low, "version": made["version"]});
    let new = world.put(&path, body).await;
    assert_eq!(new.status, 200, "{}", new.json());
    let values: Vec<Value> = new.json()["result"]["options"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["value"].clone())
        .collect();
    assert_eq!(values, ["Small", "High", "Medium"]);
    assert_eq!(new.json()["result"]["default_value"], low);
    let fields = world
        .rows(&world.of_project("fields?entity=repository_case"))
        .await;
    let offered = fields.iter().find(|f| f["system_name"] == "risk").unwrap()["options"].clone();
    assert_eq!(
        offered.as_array().unwrap().len(),
        2,
        "archived ones are not offered: {offered}"
    );
    let fresh = world.case(json!({"name": "d"})).await;
    let row = world
        .test
        .get(&format!("/api/v1/cases/{fresh}"), &world.key)
        .await
        .json();
    assert_eq!(row["result"]["custom_risk"], low, "the default");
    let row = world
        .test
        .get(&format!("/api/v1/cases/{case}"), &world.key)
        .await
        .json();
    assert_eq!(row["result"]["custom_risk"], high, "what has it keeps it");

    for (body, field) in [
        (json!({"options": [{"id": 1, "value": "theirs"}]}), "options.0.id"),
        (
            json!({"options": [{"value": "a"}, {"value": "A"}]}),
            "options.1.value",
        ),
        (json!({"options": [{"value": ""}]}), "options.0.value"),
        (
            json!({"options": [{"value": "a", "color": "red"}]}),
            "options.0.color",
        ),
        (json!({"default_value": 999}), "default_value"),
        (json!({"default_value": high}), "default_value"),
    ] {
        assert_eq!(wrong(&world.put(&path, body.clone()).await), [field], "{body}");
    }
}

#[tokio::test]
async fn fields_say_what_is_wrong_and_what_stays() {
    let world = World::new().await;
    let base = json!({"entity": "session", "type": 3, "name": "Bugs"});
    for (field, value) in [
        ("entity", json!("run")),
        ("type", json!(11)),
        ("type", json!(10)),
        ("name", json!("")),
        ("system_name", json!("Bugs")),
        ("system_name", json!("mission")),
        ("options", json!([{"value": "a"}])),
        ("default_value", json!("many")),
        ("projects", json!([{"project_id": 999}])),
    ] {
        let mut body = base.clone();
        body[field] = value;
        let fields = world.refused(FIELDS, body.clone()).await;
        assert!(fields.contains(&field.to_owned()), "{body} {fields:?}");
    }
    let all = world.rows(FIELDS).await.len();
    let elsewhere = world.test.project(world.admin, "Elsewhere").await;
    let mut body = base.clone();
    body["include_all"] = json!(false);
    body["projects"] = json!([{"project_id": world.project, "is_required": true, "default_value": 3}]);
    let made = world.make(FIELDS, body).await;
    let path = format!("{FIELDS}/{}", made["id"]);
    assert_eq!(
        world.rows(FIELDS).await.len(),
        all + 1,
        "a refused one left nothing"
    );
    let here = world.rows(&world.of_project("fields?entity=session")).await;
    let here = here.iter().find(|f| f["system_name"] == "bugs").unwrap().clone();
    assert_eq!(here["is_required"], true);
    assert_eq!(made["projects"][0]["default_value"], 3);
    let there = world
        .rows(&format!("/api/v1/projects/{elsewhere}/fields?entity=session"))
        .await;
    assert!(there.iter().all(|f| f["system_name"] != "bugs"));

    assert_eq!(
        told(&world.drop(&format!("{FIELDS}/1")).await),
        (409, "built_in".to_owned())
    );
    assert_eq!(
        told(&world.put(&path, json!({})).await),
        (400, "nothing_to_change".to_owned())
    );
    let off = world
        .put(&path, json!({"is_active": false, "note": "Count them"}))
        .await;
    assert_eq!(
        [&off.json()["result"]["is_active"], &off.json()["result"]["note"]],
        [&json!(false), &json!("Count them")]
    );
    let order: Vec<i64> = ids(&world.rows(&format!("{FIELDS}?entity=session")).await)
        .into_iter()
        .rev()
        .collect();
    assert_eq!(
        world
            .put(FIELDS, json!({"entity": "session", "ids": order}))
            .await
            .status,
        200
    );
    assert_eq!(ids(&world.rows(&format!("{FIELDS}?entity=session")).await), order);
    assert_eq!(world.drop(&path).await.status, 204);
    assert_eq!(
        world.actions("field").await,
        [
            "field.created",
            "field.updated",
            "fields.ordered",
            "field.deleted"
        ]
    );
}
