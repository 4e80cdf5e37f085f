//! Exploratory sessions (contract §2.13, §9).

use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};
use testkit::app::{Reply, TestApp, UserKind, request};

const EXPANDS: &str = "expands=configs,field_values,issues,milestones,states,statuses,templates,users";

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
        let sql = [
            "INSERT INTO configs (id, project_id, name) VALUES (7, $1, 'Firefox')",
            "INSERT INTO integrations (id, type, name, is_active, created_at) VALUES (3, 4, 'Jira', TRUE, $1)",
            "INSERT INTO integrations (id, type, name, is_active, created_at) VALUES (4, 2, 'GitHub', TRUE, $1)",
            "INSERT INTO fields (id, entity, type, name, system_name, is_active, is_compact, include_all, is_required, \
             is_restricted, display_order) VALUES ($1 + 200, 'session', 8, 'Device', 'device', TRUE, TRUE, TRUE, FALSE, \
             FALSE, 3)",
            "INSERT INTO field_options (id, field_id, value, color, is_active, display_order) \
             VALUES (301, $1 + 200, 'Phone', '#112233', TRUE, 1)",
            "INSERT INTO template_fields (template_id, field_id, display_order) VALUES (21, $1 + 200, 3)",
        ];
        test.db()
            .write(move |tx| {
                for sql in sql {
                    tx.execute(sql, store::args![project])?;
                }
                Ok::<_, store::Error>(())
            })
            .await
            .unwrap();
        World { test, key, project }
    }

    fn path(&self) -> String {
        format!("/api/v1/projects/{}/sessions", self.project)
    }

    async fn create(&self, body: Value) -> Reply {
        self.test.post(&self.path(), &self.key, body).await
    }

    async fn make(&self, body: Value) -> i64 {
        let reply = self.create(body).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
        reply.json()["result"]["id"].as_i64().unwrap()
    }

    async fn milestone(&self, name: &str) -> i64 {
        let path = format!("/api/v1/projects/{}/milestones", self.project);
        let made = self.test.post(&path, &self.key, json!({"name": name})).await;
        made.json()["result"]["id"].as_i64().unwrap()
    }

    async fn send_as(&self, key: &str, method: Method, id: i64, body: Value) -> Reply {
        let request = request(method, &format!("/api/v1/sessions/{id}"), key);
        self.test
            .send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    async fn send(&self, method: Method, id: i64, body: Value) -> Reply {
        self.send_as(&self.key, method, id, body).await
    }

    async fn change(&self, id: i64, body: Value) -> Value {
        let reply = self.send(Method::PATCH, id, body).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.json());
        reply.json()["result"].clone()
    }

    async fn get(&self, id: i64, query: &str) -> Value {
        let path = format!("/api/v1/sessions/{id}?{query}");
        self.test.get(&path, &self.key).await.json()
    }

    async fn list(&self, key: &str, query: &str) -> Value {
        let path = format!("{}?{query}", self.path());
        self.test.get(&path, key).await.json()
    }

    async fn names(&self, query: &str) -> Vec<String> {
        let list = self.list(&self.key, query).await;
        let rows = list["result"]
            .as_array()
            .unwrap_or_else(|| panic!("{query}: {list}"));
        assert_eq!(list["total"], rows.len(), "{query}");
        rows.iter()
            .map(|r| r["name"].as_str().unwrap().to_owned())
            .collect()
    }

    async fn counters(&self) -> [i64; 3] {
        let path = format!("/api/v1/projects/{}", self.project);
        let row = self.test.get(&path, &self.key).await.json();
        ["session_count", "session_active_count", "session_closed_count"]
            .map(|name| row["result"][name].as_i64().unwrap())
    }
}

#[track_caller]
fn errors(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.json());
    let errors = reply.json()["errors"].as_object().unwrap().clone();
    errors.keys().cloned().collect()
}

#[tokio::test]
async fn a_session_has_all_fields_of_the_contract() {
    let world = World::new().await;
    let milestone = world.milestone("2.0").await;
    let reply = world
        .create(
            json!({"name": " Checkout tour ", "template_id": 21, "state_id": 12, "config_id": 7,
            "milestone_id": milestone, "assignee_id": 1, "estimate": 3_600_000_000_i64, "is_started": true,
            "tags": ["Tour", "money", "tour"], "issues": [{"display_id": "WEB-1", "integration_id": 3}],
            "custom_mission": "Find out how refunds fail", "custom_device": 301}),
        )
        .await;
    assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
    let row = reply.json()["result"].clone();
    let (id, at, issue) = (&row["id"], &row["created_at"], &row["issues"][0]);
    let mut expected = json!({"id": id, "project_id": world.project, "template_id": 21, "name": "Checkout tour",
        "config_id": 7, "milestone_id": milestone, "state_id": 12, "assignee_id": 1, "estimate": 3_600_000_000_i64,
        "forecast": 3_600_000_000_i64, "elapsed": null, "is_started": true, "is_closed": false, "issues": [issue],
        "tags": ["Tour", "money"], "untested_count": 0, "success_count": 0, "failure_count": 0, "completed_count": 0,
        "total_count": 0, "started_at": at, "created_at": at, "created_by": 1, "updated_at": null, "updated_by": null,
        "closed_at": null, "closed_by": null, "version": 1, "custom_mission": "Find out how refunds fail",
        "custom_areas": null, "custom_device": 301});
    for n in 1..=24 {
        expected[format!("status{n}_count")] = json!(0);
    }
    let sorted = |mut row: Value| {
        row["tags"].as_array_mut().unwrap().sort_by_key(Value::to_string);
        row
    };
    assert_eq!(sorted(row.clone()), sorted(expected));
    let one = world.get(id.as_i64().unwrap(), EXPANDS).await;
    assert_eq!(one["result"], row);
    let mut expands = one["expands"].clone();
    assert_eq!(expands["statuses"].as_array().unwrap().len(), 6);
    expands.as_object_mut().unwrap().remove("statuses");
    let user = expands["users"][0]["name"].clone();
    assert_eq!(
        expands,
        json!({"configs": [{"id": 7, "name": "Firefox"}],
            "field_values": [{"id": 301, "name": "Phone", "icon": null, "color": "#112233"}],
            "issues": [{"id": issue, "type": 4, "display_id": "WEB-1", "external_project_id": null,
                "external_project_key": null}],
            "milestones": [{"id": milestone, "name": "2.0"}],
            "states": [{"id": 12, "name": "In progress", "is_default": false}],
            "templates": [{"id": 21, "name": "Session", "is_default": true}],
            "users": [{"id": 1, "name": user}]})
    );
    assert_eq!(
        world.list(&world.key, EXPANDS).await["expands"]["configs"][0]["id"],
        7
    );
    assert_eq!(world.get(id.as_i64().unwrap(), "").await["expands"], json!({}));
    let plain = world.make(json!({"name": "x"})).await;
    let plain = world.get(plain, "").await["result"].clone();
    assert_eq!(
        (&plain["template_id"], &plain["state_id"], &plain["forecast"]),
        (&json!(21), &json!(11), &Value::Null),
        "the default template and state"
    );
}

#[tokio::test]
async fn lists_are_filtered_and_sorted() {
    let world = World::new().await;
    let milestone = world.milestone("2.0").await;
    let a = world
        .make(json!({"name": "a", "tags": ["Smoke", "y"], "assignee_id": 1}))
        .await;
    world.test.clock.advance(1_000_000);
    let b = world
        .make(json!({"name": "b", "milestone_id": milestone, "config_id": 7, "is_closed": true}))
        .await;
    world.test.clock.advance(1_000_000);
    world
        .make(json!({"name": "c", "state_id": 13, "tags": ["z"]}))
        .await;
    world.change(a, json!({"is_closed": true})).await;
    assert_eq!((a, b), (1, 2));
    for (query, names) in [
        ("", ["c", "b", "a"].as_slice()),
        ("order=asc", &["a", "b", "c"]),
        ("sort=sessions:closed_at", &["a", "b", "c"]),
        ("sort=closed_at&order=asc", &["b", "a", "c"]),
        ("is_closed=true", &["b", "a"]),
        ("is_closed=true&sort=closed_at", &["a", "b"]),
        ("is_closed=true&sort=closed_at&order=asc", &["b", "a"]),
        ("is_closed=0", &["c"]),
        ("assignee_id=1", &["a"]),
        ("config_id=7,9", &["b"]),
        (&format!("milestone_id={milestone}"), &["b"]),
        ("state_id=13", &["c"]),
        ("template_id=21&order=asc", &["a", "b", "c"]),
        ("template_id=22", &[]),
        ("tags=smoke,z", &["c", "a"]),
        ("tags=smo", &[]),
        ("created_by=1", &["c", "b", "a"]),
        ("created_by=2", &[]),
        ("closed_after=2000-01-01T00:00:00Z", &["b", "a"]),
        ("closed_before=2000-01-01T00:00:00Z", &[]),
        ("created_before=2000-01-01T00:00:00Z", &[]),
        ("created_after=2000-01-01T00:00:00Z", &["c", "b", "a"]),
    ] {
        assert_eq!(world.names(query).await, names, "{query}");
    }
    for wrong in ["sort=sessions:name", "expands=tags", "is_closed=x", "per_page=7"] {
        let path = format!("{}?{wrong}", world.path());
        errors(&world.test.get(&path, &world.key).await);
    }
}

#[tokio::test]
async fn what_is_wrong_is_named_and_nothing_is_left() {
    let world = World::new().await;
    let stranger = world.test.user("stranger", "Tester", UserKind::Person).await;
    let sql = "UPDATE users SET is_active = FALSE WHERE id = $1";
    world
        .test
        .db()
        .write(move |tx| tx.execute(sql, store::args![stranger.0]))
        .await
        .unwrap();
    let many: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    for (body, fields) in [
        (json!({}), ["name"].as_slice()),
        (json!({"name": " "}), &["name"]),
        (json!({"name": "x", "template_id": 1}), &["template_id"]),
        (json!({"name": "x", "state_id": 4}), &["state_id"]),
        (
            json!({"name": "x", "config_id": 99, "milestone_id": 99, "assignee_id": stranger.0}),
            &["assignee_id", "config_id", "milestone_id"],
        ),
        (
            json!({"name": "x", "estimate": -1, "elapsed": 1_i64 << 60}),
            &["elapsed", "estimate"],
        ),
        (json!({"name": "x", "tags": ["ok", " "]}), &["tags.1"]),
        (json!({"name": "x", "tags": many}), &["tags"]),
        (
            json!({"name": "x", "tags": ["left"], "issues": [99]}),
            &["issues.0"],
        ),
        (
            json!({"name": "x", "issues": [{"display_id": "WEB-1", "integration_id": 3},
                {"display_id": "1", "integration_id": 4}, {"display_id": "1", "integration_id": 99}]}),
            &["issues.1", "issues.2"],
        ),
        (json!({"name": "x", "issues": ["WEB-1"]}), &["issues.0"]),
        (json!({"name": "x", "is_closed": "yes"}), &["is_closed"]),
        (
            json!({"name": "x", "custom_device": 4, "custom_priority": 1, "custom_mission": 5}),
            &["custom_device", "custom_mission", "custom_priority"],
        ),
    ] {
        assert_eq!(errors(&world.create(body.clone()).await), fields, "{body}");
    }
    assert_eq!(world.list(&world.key, "").await["total"], 0);
    assert_eq!(world.counters().await, [0, 0, 0]);
    let left = "SELECT (SELECT COUNT(*) FROM issues) + (SELECT COUNT(*) FROM tags)";
    let left = world
        .test
        .db()
        .read(move |tx| tx.one(left, &[], |r| r.get::<i64>(0)));
    assert_eq!(left.await.unwrap(), 0);
    let id = world.make(json!({"name": "x"})).await;
    for nothing in [json!({}), json!({"version": 1}), json!({"unknown": 1})] {
        let reply = world.send(Method::PATCH, id, nothing).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test]
async fn a_change_keeps_what_it_does_not_name() {
    let world = World::new().await;
    let id = world
        .make(
            json!({"name": "x", "config_id": 7, "assignee_id": 1, "estimate": 5, "tags": ["a", "b"],
            "issues": [{"display_id": "WEB-1", "integration_id": 3}], "custom_mission": "m"}),
        )
        .await;
    let before = world.get(id, "").await["result"].clone();
    assert_eq!(
        world.change(id, json!({"name": "x"})).await,
        before,
        "nothing changed"
    );
    let row = world.change(id, json!({"name": "y", "elapsed": 9})).await;
    let mut expected = before.clone();
    for (name, value) in [
        ("name", json!("y")),
        ("elapsed", json!(9)),
        ("forecast", json!(9)),
        ("version", json!(2)),
        ("updated_by", json!(1)),
        ("updated_at", row["updated_at"].clone()),
    ] {
        expected[name] = value;
    }
    assert_eq!(row, expected);
    let row = world
        .change(
            id,
            json!({"config_id": null, "assignee_id": 0, "estimate": null, "tags": null, "issues": [],
                "custom_mission": null}),
        )
        .await;
    for name in ["config_id", "assignee_id", "estimate", "custom_mission"] {
        assert_eq!(row[name], Value::Null, "{name}");
    }
    assert_eq!((&row["tags"], &row["issues"]), (&json!([]), &json!([])));
    let late = world
        .send(Method::PATCH, id, json!({"name": "z", "version": 2}))
        .await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let text = late.json()["message"].as_str().unwrap().to_owned();
    assert!(text.contains("version 3") && text.contains("version 2"), "{text}");
    assert_eq!(
        world.change(id, json!({"name": "z", "version": 3})).await["version"],
        4
    );
}

#[tokio::test]
async fn closing_needs_its_rights_and_keeps_its_time() {
    use model::{Action, Area, Right, Rights};
    let world = World::new().await;
    let id = world
        .make(json!({"name": "x", "estimate": 9, "elapsed": 4}))
        .await;
    let open = Rights::view()
        .with(Rights::of(app::sessions::EDIT))
        .with(Rights::of(app::sessions::DELETE));
    let blind = Right(Area::ClosedSessions, Action::View);
    world.test.role("Editor", open).await;
    world
        .test
        .role("Blind", Rights(open.0 & !Rights::of(blind).0))
        .await;
    let editor = world.test.user("editor", "Editor", UserKind::Person).await;
    let blind = world.test.user("blind", "Blind", UserKind::Person).await;
    let (editor, blind) = (world.test.key(editor).await, world.test.key(blind).await);
    let patch = async |key: &str, body: Value| world.send_as(key, Method::PATCH, id, body).await.status;
    assert_eq!(patch(&editor, json!({"is_started": true})).await, StatusCode::OK);
    assert_eq!(
        patch(&editor, json!({"is_closed": true})).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(world.counters().await, [1, 1, 0]);
    let row = world.change(id, json!({"is_closed": true})).await;
    assert_eq!(
        (
            row["closed_at"].is_string(),
            row["started_at"].is_string(),
            &row["closed_by"],
            &row["forecast"]
        ),
        (true, true, &json!(1), &json!(4))
    );
    assert_eq!(world.counters().await, [1, 0, 1]);
    for body in [json!({"name": "y"}), json!({"is_closed": false})] {
        assert_eq!(patch(&editor, body).await, StatusCode::FORBIDDEN);
    }
    let delete = world.send_as(&editor, Method::DELETE, id, json!({})).await;
    assert_eq!(delete.status, StatusCode::FORBIDDEN);
    let path = format!("/api/v1/sessions/{id}");
    assert_eq!(world.test.get(&path, &editor).await.status, StatusCode::OK);
    assert_eq!(world.test.get(&path, &blind).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.list(&editor, "").await["total"], 1);
    assert_eq!(world.list(&blind, "").await["total"], 0);
    let closed = format!("{}?is_closed=true", world.path());
    assert_eq!(
        world.test.get(&closed, &blind).await.status,
        StatusCode::FORBIDDEN
    );
    world.test.clock.advance(1_000_000);
    let later = world.change(id, json!({"name": "y"})).await;
    assert_eq!(later["closed_at"], row["closed_at"], "a change is no closing");
    let row = world.change(id, json!({"is_closed": false})).await;
    assert_eq!(
        (&row["closed_at"], &row["closed_by"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(world.counters().await, [1, 1, 0]);
    let delete = world.send_as(&editor, Method::DELETE, id, json!({})).await;
    assert_eq!(delete.status, StatusCode::NO_CONTENT);
    assert_eq!(world.counters().await, [0, 0, 0]);
    assert_eq!(
        world.test.get(&path, &world.key).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn results_are_counted_in_their_session() {
    let world = World::new().await;
    let id = world.make(json!({"name": "x"})).await;
    let path = format!("/api/attest/v1/sessions/{id}/results");
    let post = async |body: Value| world.test.post(&path, &world.key, body).await;
    for (status, elapsed) in [(2, json!(5)), (3, json!(7)), (5, Value::Null)] {
        let reply = post(json!({"status_id": status, "note": "seen", "elapsed": elapsed})).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.json());
    }
    for (body, field) in [
        (json!({}), "status_id"),
        (json!({"status_id": 99}), "status_id"),
        (json!({"status_id": 2, "elapsed": -1}), "elapsed"),
        (json!({"status_id": 2, "note": "x".repeat(10_001)}), "note"),
    ] {
        assert_eq!(errors(&post(body).await), [field]);
    }
    let row = world.get(id, "").await["result"].clone();
    let counters = [
        "status1_count",
        "status2_count",
        "status4_count",
        "success_count",
        "failure_count",
        "completed_count",
        "total_count",
        "elapsed",
    ];
    assert_eq!(
        counters.map(|c| row[c].as_i64().unwrap()),
        [1, 1, 1, 1, 1, 3, 3, 12]
    );
    assert!(row["started_at"].is_string() && row["is_started"] == true);
    let list = world.test.get(&path, &world.key).await.json();
    assert_eq!(
        (&list["total"], &list["result"][0]["status_id"]),
        (&json!(3), &json!(5))
    );
    world.change(id, json!({"is_closed": true})).await;
    assert_eq!(errors(&post(json!({"status_id": 2})).await), ["session_id"]);
    world.send(Method::DELETE, id, json!({})).await;
    let left = "SELECT COUNT(*) FROM exploratory_results";
    let left = world
        .test
        .db()
        .read(move |tx| tx.one(left, &[], |r| r.get::<i64>(0)));
    assert_eq!(left.await.unwrap(), 0);
}

#[tokio::test]
async fn a_milestone_that_goes_away_frees_its_sessions() {
    let world = World::new().await;
    let milestone = world.milestone("2.0").await;
    let id = world.make(json!({"name": "x", "milestone_id": milestone})).await;
    let path = format!("/api/v1/milestones/{milestone}");
    let gone = request(Method::DELETE, &path, &world.key).body(Body::empty());
    assert_eq!(
        world.test.send(gone.unwrap()).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(world.get(id, "").await["result"]["milestone_id"], Value::Null);
}

#[tokio::test]
async fn a_repeated_creation_answers_the_same_and_makes_one() {
    let world = World::new().await;
    let body = json!({"name": "x", "custom_mission": "m"}).to_string();
    let send = async || {
        let request = request(Method::POST, &world.path(), &world.key).header("idempotency-key", "tour-1");
        world
            .test
            .send(request.body(Body::from(body.clone())).unwrap())
            .await
    };
    let (first, again) = (send().await, send().await);
    assert_eq!((first.status, &first.bytes), (StatusCode::CREATED, &again.bytes));
    assert_eq!(world.list(&world.key, "").await["total"], 1);
}
