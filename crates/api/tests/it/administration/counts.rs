//! No list of ours takes more statements for more rows.

use super::{API_USERS, KEYS, World};
use http::Method;
use model::{Rights, UserId};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Statements that a request may take for reasons of its own: the session is looked up anew after a write of a job.
const AROUND: u64 = 3;
/// Far more rows than that.
const TIMES: usize = 12;

impl World {
    /// One more of everything, each with what belongs to it.
    async fn more(&self, n: usize, robot: UserId) {
        let name = format!("Fresh {n}");
        let post = async |path: &str, body: Value| {
            let made = self
                .browse(Method::POST, &format!("/api/attest/v1/{path}"), &body)
                .await;
            assert_eq!(made.status, 201, "{path}: {}", made.json());
            made.json()["result"]["id"].as_i64().unwrap()
        };
        let places = json!([{"project_id": self.project, "role_id": 4}]);
        post("api-users", json!({"name": name, "projects": places})).await;
        post(
            "keys",
            json!({"name": name, "scope": "read", "user_id": robot, "projects": [self.project]}),
        )
        .await;
        let email = format!("fresh{n}@demo.example");
        let person = post("users", json!({"name": name, "email": email})).await;
        post("roles", json!({"name": name})).await;
        let group = post("groups", json!({"name": name, "members": [person]})).await;
        let options = json!([{"value": "a"}, {"value": "b"}]);
        let projects = json!([{"project_id": self.project}]);
        let body =
            json!({"entity": "session", "type": 8, "name": name, "options": options, "projects": projects});
        let field = post("fields", body).await;
        let body = json!({"entity": "session", "name": name, "fields": [field], "projects": [self.project]});
        post("templates", body).await;
        post("states", json!({"entity": "session", "name": name})).await;
        post("statuses", json!({"name": name})).await;
        let path = format!("/api/attest/v1/projects/{}/access", self.project);
        let body = json!({"users": [{"user_id": person, "role_id": 4}], "groups": [{"group_id": group, "role_id": 4}]});
        let changed = self.browse(Method::PATCH, &path, &body).await;
        assert_eq!(changed.status, 200, "{}", changed.json());
    }

    async fn looked_at(&self, robot: UserId) -> BTreeMap<String, u64> {
        let access = format!("/api/attest/v1/projects/{}/access", self.project);
        let keys = format!("{KEYS}?user_id={robot}");
        let mut paths = vec![
            access,
            keys,
            API_USERS.to_owned(),
            "/api/attest/v1/audit".to_owned(),
        ];
        for list in [
            "users",
            "roles",
            "groups",
            "fields",
            "templates",
            "states",
            "statuses",
        ] {
            paths.push(format!("/api/attest/v1/{list}"));
        }
        let mut looks = BTreeMap::new();
        for path in paths {
            self.browse(Method::GET, &path, &Value::Null).await;
            let before = self.test.db().stats().statements;
            let reply = self.browse(Method::GET, &path, &Value::Null).await;
            assert_eq!(reply.status, 200, "{path}: {}", reply.json());
            looks.insert(path, self.test.db().stats().statements - before);
        }
        looks
    }
}

#[tokio::test]
async fn more_rows_take_no_more_statements() {
    let world = World::new().await;
    let robot = world.robot("robot", Rights::view()).await;
    world.more(0, robot).await;
    let few = world.looked_at(robot).await;
    for n in 1..TIMES {
        world.more(n, robot).await;
    }
    let many = world.looked_at(robot).await;
    let grown: Vec<String> = few
        .iter()
        .filter(|(path, took)| many[*path] > *took + AROUND)
        .map(|(path, took)| format!("{path}: {took}, then {}", many[path]))
        .collect();
    assert_eq!(grown, [""; 0]);
    assert!(
        few.values().all(|took| *took > 0),
        "statements are counted: {few:?}"
    );
}
