//! What lies around a case: versions, comments, issues, links to automated tests.

use super::{World, errors};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::app::UserKind;

#[tokio::test]
async fn every_version_can_be_read_and_restored() {
    let world = World::new().await;
    let folder = world.folder("Payment", None).await;
    let row = world
        .make(json!([{"name": "one", "folder_id": folder, "tags": ["x"], "custom_preconditions": "p"}]))
        .await
        .remove(0);
    let id = row["id"].as_i64().unwrap();
    let change =
        json!({"ids": [id], "name": "two", "tags": [], "custom_preconditions": null, "custom_priority": 1});
    world.change(change).await;
    let base = format!("/api/attest/v1/cases/{id}/versions");
    let list = world.test.get(&base, &world.key).await.json();
    assert_eq!(
        (&list["total"], &list["result"][0]["version"]),
        (&json!(2), &json!(2))
    );
    let fields: Vec<&str> = list["result"][0]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        ["custom_preconditions", "custom_priority", "name", "tags"]
    );
    let first = world.test.get(&format!("{base}/1"), &world.key).await.json()["result"].clone();
    assert_eq!(
        (&first["content"]["name"], &first["content"]["tags"]),
        (&json!("one"), &json!(["x"]))
    );
    let reply = world
        .test
        .post(&format!("{base}/1/restore"), &world.key, json!({}))
        .await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.json());
    let restored = reply.json()["result"].clone();
    for field in [
        "name",
        "folder_id",
        "tags",
        "custom_preconditions",
        "custom_priority",
    ] {
        assert_eq!(restored[field], row[field], "{field}");
    }
    assert_eq!(restored["version"], 3);
    assert_eq!(world.names("search=one").await, ["one"]);
    let none = world.test.get(&format!("{base}/9"), &world.key).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn comments_belong_to_who_wrote_them() {
    let world = World::new().await;
    let id = world.make_named("a").await;
    let path = format!("/api/attest/v1/cases/{id}/comments");
    assert_eq!(
        errors(&world.test.post(&path, &world.key, json!({"text": " "})).await),
        ["text: The text is required."]
    );
    let made = world.test.post(&path, &world.key, json!({"text": "Why?"})).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let one = format!("{path}/{}", made.json()["result"]["id"]);
    let body = json!({"text": "Because."});
    let changed = world
        .test
        .call(Method::PATCH, &one, &world.key, &body)
        .await
        .json();
    assert_eq!(
        (&changed["result"]["text"], &changed["result"]["updated_by"]),
        (&json!("Because."), &json!(1))
    );
    let lead = world.test.user("lead", "Lead", UserKind::Person).await;
    let other = world.test.key(lead).await;
    for method in [Method::PATCH, Method::DELETE] {
        let reply = world.test.call(method, &one, &other, &body).await;
        assert_eq!(
            (reply.status, &reply.json()["code"]),
            (StatusCode::FORBIDDEN, &json!("not_owner"))
        );
    }
    let elsewhere = format!("/api/attest/v1/cases/{}/comments", world.make_named("b").await);
    let wrong = format!("{elsewhere}/{}", made.json()["result"]["id"]);
    assert_eq!(
        world
            .test
            .call(Method::DELETE, &wrong, &world.key, &json!({}))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        world
            .test
            .call(Method::DELETE, &one, &world.key, &json!({}))
            .await
            .status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(
        world.test.get(&path, &world.key).await.json()["result"],
        json!([])
    );
}

async fn trackers(world: &World) {
    world
        .sql(
            "INSERT INTO integrations (id, type, name, is_active, created_at) VALUES
             (1, 4, 'Jira', TRUE, 0), (2, 2, 'GitHub', TRUE, 0), (3, 1, 'Bugs', FALSE, 0)",
        )
        .await;
    world
        .sql("INSERT INTO connections (id, integration_id, name) VALUES (1, 1, 'Cloud'), (2, 2, 'acme')")
        .await;
    world
        .sql(
            "INSERT INTO connection_projects (id, connection_id, name, external_key) VALUES
             (1, 1, 'Web', 'WEB'), (2, 2, 'acme/shop', NULL), (3, 2, 'acme/app', NULL)",
        )
        .await;
}

#[tokio::test]
async fn issues_are_found_or_made() {
    let world = World::new().await;
    trackers(&world).await;
    let jira = json!({"display_id": "WEB-7", "integration_id": 1});
    let github = json!({"display_id": "12", "integration_id": 2, "connection_project_id": 2});
    let rows = world
        .make(json!([{"name": "a", "issues": [jira, github, jira]}, {"name": "b", "issues": [jira]}]))
        .await;
    let issues = rows[0]["issues"].as_array().unwrap();
    assert_eq!(issues.len(), 2);
    let known = issues.iter().find(|i| i["display_id"] == "WEB-7").unwrap();
    assert_eq!(
        (&known["integration_id"], &known["connection_project_id"]),
        (&json!(1), &Value::Null)
    );
    assert_eq!(&rows[1]["issues"][0], known, "the same issue");
    let row = world
        .change(json!({"ids": [rows[1]["id"]], "issues": [known["issue_id"], github]}))
        .await;
    assert_eq!(row["issues"].as_array().unwrap().len(), 2);
    for (wrong, part) in [
        (
            json!({"display_id": "12", "integration_id": 2}),
            "need a connection_project_id",
        ),
        (
            json!({"display_id": "1", "integration_id": 3}),
            "There is no active integration 3",
        ),
        (
            json!({"display_id": "1", "integration_id": 1, "connection_project_id": 2}),
            "no active integration 1",
        ),
        (json!({"integration_id": 1}), "must be the id of an issue"),
    ] {
        let told = errors(&world.post(json!([{"name": "c", "issues": [wrong]}])).await);
        assert!(
            told[0].starts_with("cases.0.issues.0: ") && told[0].contains(part),
            "{told:?}"
        );
    }
    // Another project knows other issues.
    let other = world.test.project(model::UserId(1), "Other").await.0;
    let path = format!("/api/v1/projects/{other}/cases");
    let body = json!({"cases": [{"name": "a", "issues": [known["issue_id"]]}]});
    assert_eq!(errors(&world.test.post(&path, &world.key, body).await).len(), 1);
}

#[tokio::test]
async fn trackers_are_listed_with_their_projects() {
    let world = World::new().await;
    let get = async |query: &str| {
        let path = format!("/api/v1/issues/connections?{query}");
        world.test.get(&path, &world.key).await.json()
    };
    let empty = get("").await;
    assert_eq!(
        (&empty["result"], empty["message"].is_string()),
        (&json!([]), true)
    );
    trackers(&world).await;
    let rows = async |query: &str| -> Vec<String> {
        let page = get(query).await;
        let rows = page["result"]
            .as_array()
            .unwrap_or_else(|| panic!("{query}: {page}"));
        assert!(page.get("expands").is_none() && page.get("message").is_none());
        rows.iter()
            .map(|r| {
                format!(
                    "{} {}",
                    r["integration_name"].as_str().unwrap(),
                    r["connection_project_id"]
                )
            })
            .collect()
    };
    assert_eq!(rows("").await, ["Bugs null", "GitHub 2", "GitHub 3", "Jira 1"]);
    for (query, found) in [
        ("integration_type=4", vec!["Jira 1"]),
        ("integration_name=git", vec!["GitHub 2", "GitHub 3"]),
        ("connection_project_name=APP", vec!["GitHub 3"]),
        ("connection_name=acme&connection_project_id=2", vec!["GitHub 2"]),
        ("is_active=false", vec!["Bugs null"]),
        ("integration_id=3&connection_id=1", vec![]),
    ] {
        let list = if found.is_empty() {
            get(query).await["result"].clone()
        } else {
            json!(rows(query).await)
        };
        assert_eq!(list, json!(found), "{query}");
    }
    for column in [
        "integration_name",
        "integration_id",
        "connection_id",
        "connection_name",
        "connection_project_id",
        "connection_project_name",
        "integration_type",
        "is_active",
        "created_at",
        "updated_at",
    ] {
        assert_eq!(
            rows(&format!("sort=connections:{column}&order=desc")).await.len(),
            4,
            "{column}"
        );
    }
    assert_eq!(
        rows("sort=connections:connection_project_id&order=desc").await[0],
        "GitHub 3"
    );
}
