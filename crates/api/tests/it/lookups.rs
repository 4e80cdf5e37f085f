//! Look-ups of a project (contract §9).

use http::StatusCode;
use serde_json::{Value, json};
use store::Tx;
use testkit::app::{TestApp, UserKind};

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

    async fn get(&self, path: &str) -> Value {
        let path = format!("/api/v1/projects/{}/{path}", self.project);
        let reply = self.test.get(&path, &self.key).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.json());
        reply.json()["result"].clone()
    }

    async fn run(&self, statements: &'static [&'static str]) {
        let work = move |tx: &mut Tx<'_>| {
            for sql in statements {
                tx.execute(sql, &[])?;
            }
            Ok::<_, store::Error>(())
        };
        self.test.db().write(work).await.unwrap();
    }
}

#[tokio::test]
async fn a_new_project_has_what_clients_look_for() {
    let world = World::new().await;
    let mut all = serde_json::Map::new();
    for path in ["configs", "fields", "repos", "states", "tags", "templates"] {
        all.insert(path.to_owned(), world.get(path).await);
    }
    insta::assert_json_snapshot!("lookups", all);
    let statuses = world.get("statuses").await;
    let expand = json!({"id": 2, "name": "Passed", "system_name": "passed", "is_final": true, "is_untested": false,
        "is_passed": true, "is_failed": false});
    for (name, value) in expand.as_object().unwrap() {
        assert_eq!(&statuses[1][name], value, "{name}");
    }
    assert_eq!(statuses.as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn lists_are_narrowed_to_an_entity() {
    let world = World::new().await;
    let runs = world.get("states?entity=run").await;
    let ids: Vec<i64> = runs
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["id"].as_i64().unwrap())
        .collect();
    assert_eq!(ids, [6, 7, 8, 9, 10]);
    assert_eq!(world.get("fields?entity=run_result").await, json!([]));
    let templates = world.get("templates?entity=session").await;
    assert_eq!(
        (&templates[0]["name"], &templates[0]["fields"][0]["system_name"]),
        (&json!("Session"), &json!("mission"))
    );
    let path = format!("/api/v1/projects/{}/fields?entity=run", world.project);
    let wrong = world.test.get(&path, &world.key).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.json()["errors"]["entity"][0]
            .as_str()
            .unwrap()
            .contains("repository_case, session, run_result")
    );
}

/// A field and a template that are only in one of two projects, and options and rules that differ.
#[tokio::test]
async fn a_project_sees_its_own_fields_options_and_templates() {
    let world = World::new().await;
    let other = world.test.project(model::UserId(1), "Other").await.0;
    assert_eq!((world.project, other), (1, 2));
    world
        .run(&[
            "INSERT INTO fields (id, entity, type, name, system_name, is_active, is_compact, include_all, is_required,
                is_restricted, display_order)
                VALUES (50, 'repository_case', 9, 'Browsers', 'browsers', TRUE, FALSE, FALSE, FALSE, FALSE, 9)",
            "INSERT INTO field_projects (field_id, project_id, is_required, is_restricted) VALUES (50, 1, TRUE, TRUE)",
            "INSERT INTO field_options (id, field_id, project_id, value, is_active, display_order) VALUES
                (50, 50, NULL, 'Firefox', TRUE, 2), (51, 50, 1, 'Lynx', TRUE, 1), (52, 50, 2, 'Other', TRUE, 1),
                (53, 50, NULL, 'Mosaic', FALSE, 1)",
            "INSERT INTO templates (id, entity, name, is_default, include_all)
                VALUES (50, 'repository_case', 'Only here', FALSE, FALSE)",
            "INSERT INTO template_projects (template_id, project_id) VALUES (50, 1)",
            "INSERT INTO template_fields (template_id, field_id, display_order) VALUES (50, 50, 1), (50, 1, 2)",
            "INSERT INTO tags (project_id, name, name_key) VALUES (1, 'smoke', 'smoke'), (1, 'API', 'api'), (2, 'x', 'x')",
            "INSERT INTO configs (project_id, name) VALUES (1, 'Firefox'), (2, 'Chrome')",
        ])
        .await;
    let fields = world.get("fields").await;
    let browsers = fields
        .as_array()
        .unwrap()
        .iter()
        .find(|f| f["id"] == 50)
        .unwrap()
        .clone();
    assert_eq!(
        (
            &browsers["is_required"],
            &browsers["is_restricted"],
            &browsers["is_multi"],
            &browsers["column_name"]
        ),
        (
            &json!(true),
            &json!(true),
            &json!(true),
            &json!("custom_browsers")
        )
    );
    let values = |f: &Value| -> Vec<String> {
        f["options"]
            .as_array()
            .unwrap()
            .iter()
            .map(|o| o["value"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(values(&browsers), ["Lynx", "Firefox"]);
    let templates = world.get("templates").await;
    let own = templates
        .as_array()
        .unwrap()
        .iter()
        .find(|t| t["id"] == 50)
        .unwrap()
        .clone();
    let fields: Vec<&Value> = own["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| &f["id"])
        .collect();
    assert_eq!(fields, [50, 1]);
    let names = |list: &Value| -> Vec<String> {
        list.as_array()
            .unwrap()
            .iter()
            .map(|t| t["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&world.get("tags").await), ["API", "smoke"]);
    assert_eq!(names(&world.get("configs").await), ["Firefox"]);

    let world = World {
        project: other,
        ..world
    };
    assert!(
        world
            .get("fields")
            .await
            .as_array()
            .unwrap()
            .iter()
            .all(|f| f["id"] != 50)
    );
    assert!(
        world
            .get("templates")
            .await
            .as_array()
            .unwrap()
            .iter()
            .all(|t| t["id"] != 50)
    );
}

#[tokio::test]
async fn whoever_sees_the_project_may_look() {
    let world = World::new().await;
    let reader = world.test.user("reader", "Read-only", UserKind::Person).await;
    let key = world.test.key(reader).await;
    let path = format!("/api/v1/projects/{}/templates", world.project);
    assert_eq!(world.test.get(&path, &key).await.status, StatusCode::OK);
}
