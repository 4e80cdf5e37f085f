//! Milestones (contract §2.6, §9).

use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::app::{Reply, TestApp, UserKind, request};

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

    fn path(&self) -> String {
        format!("/api/v1/projects/{}/milestones", self.project)
    }

    async fn create(&self, body: Value) -> Reply {
        self.test.post(&self.path(), &self.key, body).await
    }

    async fn make(&self, body: Value) -> i64 {
        let reply = self.create(body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
        reply.json()["result"]["id"].as_i64().unwrap()
    }

    async fn send(&self, method: Method, id: i64, body: Value) -> Reply {
        let request = request(method, &format!("/api/v1/milestones/{id}"), &self.key);
        self.test
            .send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    async fn change(&self, id: i64, body: Value) -> Value {
        let reply = self.send(Method::PATCH, id, body).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json());
        reply.json()["result"].clone()
    }

    async fn get(&self, id: i64, query: &str) -> Value {
        let path = format!("/api/v1/milestones/{id}?{query}");
        self.test.get(&path, &self.key).await.json()
    }

    async fn list(&self, query: &str) -> Value {
        self.test
            .get(&format!("{}?{query}", self.path()), &self.key)
            .await
            .json()
    }

    /// An issue tracker with the id 3.
    async fn tracker(&self) {
        self.test
            .db()
            .write(|tx| {
                tx.execute(
                    "INSERT INTO integrations (id, type, name, is_active, created_at) VALUES (3, 4, 'Jira', TRUE, 1)",
                    store::args![],
                )
            })
            .await
            .unwrap();
    }

    async fn names(&self, query: &str) -> Vec<String> {
        let list = self.list(query).await;
        let rows = list["result"]
            .as_array()
            .unwrap_or_else(|| panic!("{query}: {list}"));
        rows.iter()
            .map(|r| r["name"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn counters(&self) -> [i64; 3] {
        let project = format!("/api/v1/projects/{}", self.project);
        let row = self.test.get(&project, &self.key).await.json();
        [
            "milestone_count",
            "milestone_active_count",
            "milestone_completed_count",
        ]
        .map(|name| row["result"][name].as_i64().unwrap())
    }
}

#[track_caller]
fn errors(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.json());
    reply.json()["errors"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

#[tokio::test]
async fn a_milestone_has_all_fields_of_the_contract() {
    let world = World::new().await;
    let top = world.make(json!({"name": "2.0"})).await;
    world.tracker().await;
    let reply = world
        .create(
            json!({"name": " RC 1 ", "note": "frozen", "issues": [{"display_id": "WEB-1", "integration_id": 3}], "type_id": 3, "parent_id": top, "is_started": true,
            "start_date": "2026-11-01", "due_date": "2026-11-30", "automation_tags": ["rc", "nightly", "rc"],
            "links": [{"name": "Plan", "url": "https://example.com/plan"}]}),
        )
        .await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let row = reply.json()["result"].clone();
    let at = row["created_at"].clone();
    assert_eq!(
        row,
        json!({"id": row["id"], "project_id": world.project, "root_id": top, "parent_id": top, "type_id": 3,
            "name": "RC 1", "note": "frozen", "is_started": true, "is_completed": false, "start_date": "2026-11-01",
            "due_date": "2026-11-30", "automation_tags": ["nightly", "rc"], "issues": [1],
            "links": [{"name": "Plan", "note": null, "url": "https://example.com/plan"}], "started_at": at,
            "created_at": at, "created_by": 1, "updated_at": null, "updated_by": null, "completed_at": null})
    );
    let id = row["id"].as_i64().unwrap();
    let all = "expands=issues,milestone_stats,milestone_types,milestones,statuses,users";
    let one = world.get(id, all).await;
    assert_eq!(one["result"], row);
    let expands = &one["expands"];
    assert_eq!(expands["milestones"], json!([{"id": top, "name": "2.0"}]));
    assert_eq!(
        expands["milestone_types"],
        json!([{"id": 3, "name": "Sprint", "is_default": false}])
    );
    let issue = json!({"id": 1, "type": 4, "display_id": "WEB-1", "external_project_id": null, "external_project_key": null});
    assert_eq!(
        (&expands["issues"], &expands["users"][0]["id"]),
        (&json!([issue]), &json!(1))
    );
    let list = world.list("expands=issues").await;
    assert_eq!(
        (&list["result"][0]["issues"], &list["expands"]["issues"]),
        (&json!([1]), &json!([issue]))
    );
    assert_eq!(
        world.change(id, json!({"name": "RC 2"})).await["issues"],
        json!([1])
    );
    assert_eq!(
        world.change(id, json!({"issues": null})).await["issues"],
        json!([])
    );
    assert_eq!(
        (
            &expands["milestone_stats"][0]["id"],
            &expands["milestone_stats"][0]["total_count"]
        ),
        (&json!(id), &json!(0))
    );
    assert_eq!(expands["statuses"].as_array().unwrap().len(), 6);
    assert_eq!(
        world.get(top, "").await["result"]["type_id"],
        1,
        "the default type"
    );
    assert_eq!(world.get(top, "").await["expands"], json!({}));
}

#[tokio::test]
async fn automation_runs_join_by_tag_and_are_counted() {
    let world = World::new().await;
    let id = world
        .make(json!({"name": "2.0", "automation_tags": ["rc"]}))
        .await;
    let runs = format!("/api/v1/projects/{}/automation/runs", world.project);
    let run = world
        .test
        .post(
            &runs,
            &world.key,
            json!({"name": "n", "source": "web", "tags": ["rc"]}),
        )
        .await;
    let run = run.json()["id"].as_i64().unwrap();
    let thread = world
        .test
        .post(
            &format!("/api/v1/automation/runs/{run}/threads"),
            &world.key,
            json!({}),
        )
        .await;
    let path = format!("/api/v1/automation/runs/threads/{}/append", thread.json()["id"]);
    let test = |key: &str, status: &str| json!({"key": key, "name": key, "status": status, "folder": "f"});
    let tests = json!({"tests": [test("a", "passed"), test("b", "failed"), test("c", "passed")]});
    assert_eq!(
        world.test.post(&path, &world.key, tests).await.status,
        StatusCode::NO_CONTENT
    );
    let stats = world.get(id, "expands=milestone_stats").await["expands"]["milestone_stats"][0].clone();
    assert_eq!(
        (
            &stats["total_count"],
            &stats["success_count"],
            &stats["failure_count"]
        ),
        (&json!(3), &json!(2), &json!(1))
    );
    assert_eq!(
        world.send(Method::DELETE, id, json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    let run = world
        .test
        .get(&format!("/api/v1/automation/runs/{run}"), &world.key)
        .await
        .json();
    assert_eq!(run["result"]["milestone_id"], Value::Null);
}

#[tokio::test]
async fn lists_are_filtered_and_sorted() {
    let world = World::new().await;
    let a = world
        .make(json!({"name": "a", "automation_tags": ["x", "y"]}))
        .await;
    world.test.clock.advance(1_000_000);
    let b = world
        .make(json!({"name": "b", "type_id": 2, "parent_id": a, "is_completed": true}))
        .await;
    world.test.clock.advance(1_000_000);
    world
        .make(json!({"name": "c", "parent_id": b, "automation_tags": ["z"]}))
        .await;
    world.change(a, json!({"is_completed": true})).await;
    for (query, names) in [
        ("", ["c", "b", "a"].as_slice()),
        ("order=asc", &["a", "b", "c"]),
        ("sort=milestones:completed_at", &["a", "b", "c"]),
        ("sort=completed_at&order=asc", &["b", "a", "c"]),
        ("is_completed=true", &["b", "a"]),
        ("is_completed=0", &["c"]),
        ("parent_id=1", &["b"]),
        ("root_id=1", &["c", "b"]),
        ("type_id=2,9", &["b"]),
        ("automation_tags=y,z", &["c", "a"]),
        ("created_by=1", &["c", "b", "a"]),
        ("created_by=2", &[]),
        ("completed_after=2000-01-01T00:00:00Z", &["b", "a"]),
        ("completed_before=2000-01-01T00:00:00Z", &[]),
        ("created_before=2000-01-01T00:00:00Z", &[]),
    ] {
        assert_eq!(world.names(query).await, names, "{query}");
        assert_eq!(world.list(query).await["total"], names.len(), "{query}");
    }
    assert_eq!(a, 1);
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_left() {
    let world = World::new().await;
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": "  "}), "name"),
        (json!({"name": "x", "start_date": "2026-02-30"}), "start_date"),
        (json!({"name": "x", "due_date": "tomorrow"}), "due_date"),
        (
            json!({"name": "x", "start_date": "2026-12-01", "due_date": "2026-11-01"}),
            "due_date",
        ),
        (json!({"name": "x", "type_id": 99}), "type_id"),
        (json!({"name": "x", "parent_id": 99}), "parent_id"),
        (json!({"name": "x", "automation_tags": [""]}), "automation_tags.0"),
        (json!({"name": "x", "links": [{"name": "n"}]}), "links.0.url"),
        (json!({"name": "x", "is_completed": "yes"}), "is_completed"),
    ] {
        assert_eq!(errors(&world.create(body.clone()).await), [field], "{body}");
    }
    assert_eq!(world.list("").await["total"], 0);
    assert_eq!(world.counters().await, [0, 0, 0]);
    let id = world.make(json!({"name": "x"})).await;
    assert_eq!(
        world.send(Method::PATCH, id, json!({})).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        errors(&world.send(Method::PATCH, id, json!({"parent_id": id})).await),
        ["parent_id"]
    );
}

#[tokio::test]
async fn the_tree_changes_with_its_roots() {
    let world = World::new().await;
    let ids = [
        ("a", None),
        ("b", Some(1)),
        ("c", Some(2)),
        ("d", Some(3)),
        ("other", None),
    ];
    for (name, parent) in ids {
        world.make(json!({"name": name, "parent_id": parent})).await;
    }
    let place = async |id: i64| {
        let row = world.get(id, "").await["result"].clone();
        (row["parent_id"].as_i64(), row["root_id"].as_i64())
    };
    assert_eq!(place(4).await, (Some(3), Some(1)));
    assert_eq!(
        errors(&world.send(Method::PATCH, 1, json!({"parent_id": 4})).await),
        ["parent_id"]
    );
    world.change(2, json!({"parent_id": 5})).await;
    assert_eq!(
        [place(2).await, place(3).await, place(4).await],
        [(Some(5), Some(5)), (Some(2), Some(5)), (Some(3), Some(5))]
    );
    world.change(3, json!({"parent_id": null})).await;
    assert_eq!(
        [place(3).await, place(4).await],
        [(None, None), (Some(3), Some(3))]
    );
    assert_eq!(
        world.send(Method::DELETE, 3, json!({})).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(place(4).await, (None, None), "what lay below moves up");
    world.send(Method::DELETE, 5, json!({})).await;
    assert_eq!(place(2).await, (None, None));
    assert_eq!(world.counters().await, [3, 3, 0]);
}

#[tokio::test]
async fn completing_needs_its_right_and_keeps_its_time() {
    let world = World::new().await;
    let id = world
        .make(json!({"name": "x", "note": "n", "is_started": true}))
        .await;
    let role = world
        .test
        .role(
            "Editor",
            model::Rights::view().with(model::Rights::of(app::milestones::EDIT)),
        )
        .await;
    let editor = world.test.user("editor", "Editor", UserKind::Person).await;
    assert!(role.0 > 0);
    let key = world.test.key(editor).await;
    let path = format!("/api/v1/milestones/{id}");
    let send = async |body: Value| {
        let request = request(Method::PATCH, &path, &key);
        world
            .test
            .send(request.body(Body::from(body.to_string())).unwrap())
            .await
            .status
    };
    assert_eq!(send(json!({"note": null})).await, StatusCode::OK);
    assert_eq!(send(json!({"is_completed": true})).await, StatusCode::FORBIDDEN);
    let row = world.change(id, json!({"is_completed": true})).await;
    assert_eq!(
        (
            &row["is_completed"],
            row["completed_at"].is_string(),
            &row["note"]
        ),
        (&json!(true), true, &Value::Null)
    );
    assert_eq!(world.counters().await, [1, 0, 1]);
    assert_eq!(send(json!({"is_completed": false})).await, StatusCode::FORBIDDEN);
    let row = world
        .change(id, json!({"is_completed": false, "name": "y"}))
        .await;
    assert_eq!(
        (&row["completed_at"], &row["started_at"]),
        (&Value::Null, &row["created_at"])
    );
    assert_eq!(world.counters().await, [1, 1, 0]);
}
