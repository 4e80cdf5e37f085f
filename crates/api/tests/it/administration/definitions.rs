//! Result statuses, workflow states, custom fields and templates of the instance.

mod fields;

use super::{World, told, wrong};
use http::Method;
use serde_json::{Value, json};
use testkit::app::Reply;

const STATUSES: &str = "/api/attest/v1/statuses";
const STATES: &str = "/api/attest/v1/states";
const FIELDS: &str = "/api/attest/v1/fields";
const TEMPLATES: &str = "/api/attest/v1/templates";

impl World {
    async fn put(&self, path: &str, body: Value) -> Reply {
        self.test.call(Method::PATCH, path, &self.key, &body).await
    }

    async fn drop(&self, path: &str) -> Reply {
        self.test
            .call(Method::DELETE, path, &self.key, &Value::Null)
            .await
    }

    async fn make(&self, path: &str, body: Value) -> Value {
        let reply = self.test.post(path, &self.key, body).await;
        assert_eq!(reply.status, 201, "{}", reply.json());
        reply.json()["result"].clone()
    }

    async fn refused(&self, path: &str, body: Value) -> Vec<String> {
        wrong(&self.test.post(path, &self.key, body).await)
    }

    async fn rows(&self, path: &str) -> Vec<Value> {
        let reply = self.test.get(path, &self.key).await;
        assert_eq!(reply.status, 200, "{path} {}", reply.json());
        reply.json()["result"].as_array().unwrap().clone()
    }

    async fn case(&self, body: Value) -> i64 {
        let path = format!("/api/v1/projects/{}/cases", self.project);
        let reply = self.test.post(&path, &self.key, json!({"cases": [body]})).await;
        assert!(reply.status.is_success(), "{}", reply.json());
        reply.json()["result"][0]["id"].as_i64().unwrap()
    }

    fn of_project(&self, what: &str) -> String {
        format!("/api/v1/projects/{}/{what}", self.project)
    }
}

fn ids(rows: &[Value]) -> Vec<i64> {
    rows.iter().map(|r| r["id"].as_i64().unwrap()).collect()
}

fn in_use(reply: &Reply, count: &str) {
    assert_eq!(told(reply), (409, "in_use".to_owned()), "{}", reply.json());
    let message = reply.json()["message"].as_str().unwrap().to_owned();
    assert!(message.contains(count), "{message}");
}

#[tokio::test]
async fn statuses_are_made_changed_ordered_and_deleted() {
    let world = World::new().await;
    let body = json!({"name": "Known issue", "color": "#AA5500", "is_failed": true, "aliases": ["xfail", "Expected"]});
    let made = world.make(STATUSES, body).await;
    assert_eq!(
        made,
        json!({"id": 7, "name": "Known issue", "system_name": "known_issue", "color": "#aa5500", "is_final": true,
            "is_untested": false, "is_passed": false, "is_failed": true, "aliases": ["xfail", "expected"],
            "is_built_in": false, "version": 1})
    );
    let order = world.put(STATUSES, json!({"ids": [1, 2, 3, 7, 4, 5, 6]})).await;
    assert_eq!(order.status, 200, "{}", order.json());
    assert_eq!(
        ids(&world.rows(&world.of_project("statuses")).await),
        [1, 2, 3, 7, 4, 5, 6]
    );
    assert_eq!(
        wrong(&world.put(STATUSES, json!({"ids": [1, 2, 3]})).await),
        ["ids"]
    );

    // Automation sends the alias, and then the status is in use.
    let runs = world.of_project("automation/runs");
    let run = world
        .test
        .post(&runs, &world.key, json!({"name": "n", "source": "s"}))
        .await
        .json()["id"]
        .clone();
    let threads = format!("/api/v1/automation/runs/{run}/threads");
    let thread = world.test.post(&threads, &world.key, json!({})).await.json()["id"].clone();
    let append = format!("/api/v1/automation/runs/threads/{thread}/append");
    let body = json!({"tests": [{"key": "a", "name": "a", "folder": "f", "status": "XFAIL"}]});
    assert!(
        world
            .test
            .post(&append, &world.key, body)
            .await
            .status
            .is_success()
    );
    let path = format!("{STATUSES}/7");
    in_use(&world.drop(&path).await, "1 automated tests");
    let run = world
        .test
        .get(&format!("/api/v1/automation/runs/{run}"), &world.key)
        .await
        .json();
    assert_eq!(
        [&run["result"]["status6_count"], &run["result"]["failure_count"]],
        [&json!(1), &json!(1)]
    );

    let eighth = world
        .make(STATUSES, json!({"name": "Later", "is_final": false}))
        .await;
    let path = format!("{STATUSES}/{}", eighth["id"]);
    let case = world.case(json!({"name": "c"})).await;
    let run = world
        .test
        .post(
            &world.of_project("runs"),
            &world.key,
            json!({"name": "r", "cases": [case]}),
        )
        .await;
    let run = run.json()["result"]["id"].clone();
    let test = world.rows(&format!("/api/v1/runs/{run}/tests")).await[0]["id"].clone();
    let results = format!("/api/v1/runs/{run}/tests/{test}/results");
    assert_eq!(
        world
            .test
            .post(&results, &world.key, json!({"status_id": 8}))
            .await
            .status,
        201
    );
    assert_eq!(
        world
            .test
            .post(&results, &world.key, json!({"status_id": 2}))
            .await
            .status,
        201
    );
    in_use(&world.drop(&path).await, "1 tests and results of runs");

    let ninth = world.make(STATUSES, json!({"name": "Never"})).await;
    assert_eq!(
        world.drop(&format!("{STATUSES}/{}", ninth["id"])).await.status,
        204
    );
    assert_eq!(
        world.actions("status").await,
        [
            "status.created",
            "statuses.ordered",
            "status.created",
            "status.created",
            "status.deleted"
        ]
    );
}

#[tokio::test]
async fn the_six_statuses_keep_what_they_mean() {
    let world = World::new().await;
    let passed = format!("{STATUSES}/2");
    assert_eq!(told(&world.drop(&passed).await), (409, "built_in".to_owned()));
    for (body, field) in [
        (json!({"is_passed": false}), "is_final"),
        (json!({"aliases": ["passed"]}), "aliases"),
        (
            json!({"aliases": ["passed", "pass", "success", "ok", "failed"]}),
            "aliases.4",
        ),
        (json!({"name": "failed"}), "name"),
        (json!({"color": "green"}), "color"),
    ] {
        assert_eq!(wrong(&world.put(&passed, body.clone()).await), [field], "{body}");
    }
    let new = world
        .put(
            &passed,
            json!({"name": "Good", "aliases": ["passed", "pass", "success", "ok", "green"]}),
        )
        .await;
    assert_eq!(new.json()["result"]["name"], "Good");
    for (body, field) in [
        (
            json!({"name": "X", "is_passed": true, "is_failed": true}),
            "is_failed",
        ),
        (
            json!({"name": "X", "is_passed": true, "is_final": false}),
            "is_final",
        ),
        (json!({"name": "X", "system_name": "passed"}), "system_name"),
        (json!({"name": "日本"}), "system_name"),
        (json!({"color": "#112233"}), "name"),
    ] {
        let fields = world.refused(STATUSES, body.clone()).await;
        assert!(fields.contains(&field.to_owned()), "{body} {fields:?}");
    }
    for n in 7..=25 {
        world.make(STATUSES, json!({"name": format!("S{n}")})).await;
    }
    let full = world
        .test
        .post(STATUSES, &world.key, json!({"name": "S26"}))
        .await;
    assert_eq!(told(&full), (409, "too_many".to_owned()));
}

#[tokio::test]
async fn states_are_made_changed_archived_and_deleted() {
    let world = World::new().await;
    let made = world
        .make(STATES, json!({"entity": "repository_case", "name": "Waiting"}))
        .await;
    let path = format!("{STATES}/{}", made["id"]);
    let case = world.case(json!({"name": "c", "state_id": made["id"]})).await;
    in_use(&world.drop(&path).await, "1 cases");
    let archived = world.put(&path, json!({"is_active": false, "version": 1})).await;
    assert_eq!(archived.json()["result"]["is_active"], false);
    let offered = ids(&world
        .rows(&world.of_project("states?entity=repository_case"))
        .await);
    assert_eq!(offered, [1, 2, 3, 4, 5], "it is no longer offered");
    let cases = world.of_project("cases");
    let named = json!({"cases": [{"name": "d", "state_id": made["id"]}]});
    assert_eq!(world.test.post(&cases, &world.key, named).await.status, 422);
    let kept = world.put(&cases, json!({"ids": [case], "name": "renamed"})).await;
    assert_eq!(kept.status, 200, "what has it keeps it: {}", kept.json());
    assert_eq!(
        world
            .test
            .get(&format!("/api/v1/cases/{case}"), &world.key)
            .await
            .json()["result"]["state_id"],
        made["id"]
    );

    let default = (409, "is_default".to_owned());
    assert_eq!(
        told(&world.put(&path, json!({"is_default": true})).await),
        default,
        "an archived one is none"
    );
    let active = format!("{STATES}/4");
    assert_eq!(
        told(&world.put(&active, json!({"is_active": false})).await),
        default
    );
    assert_eq!(
        wrong(&world.put(&active, json!({"is_default": false})).await),
        ["is_default"]
    );
    assert_eq!(told(&world.drop(&active).await), (409, "built_in".to_owned()));
    let draft = world
        .put(&format!("{STATES}/1"), json!({"is_default": true}))
        .await;
    assert_eq!(draft.json()["result"]["is_default"], true);
    let fresh = world.case(json!({"name": "e"})).await;
    assert_eq!(
        world
            .test
            .get(&format!("/api/v1/cases/{fresh}"), &world.key)
            .await
            .json()["result"]["state_id"],
        1
    );

    for (body, field) in [
        (json!({"name": "X"}), "entity"),
        (json!({"entity": "run_result", "name": "X"}), "entity"),
        (json!({"entity": "run"}), "name"),
        (json!({"entity": "run", "name": "Done"}), "name"),
    ] {
        assert_eq!(world.refused(STATES, body.clone()).await, [field], "{body}");
    }
    let order = json!({"entity": "session", "ids": [15, 14, 13, 12, 11]});
    assert_eq!(world.put(STATES, order).await.status, 200);
    assert_eq!(
        ids(&world.rows(&format!("{STATES}?entity=session")).await),
        [15, 14, 13, 12, 11]
    );
    let unused = world.make(STATES, json!({"entity": "run", "name": "Idea"})).await;
    assert_eq!(
        world.drop(&format!("{STATES}/{}", unused["id"])).await.status,
        204
    );
    let stale = world.put(&path, json!({"name": "n", "version": 1})).await;
    assert_eq!(told(&stale), (409, "version_conflict".to_owned()));
}

#[tokio::test]
async fn templates_are_made_changed_archived_and_deleted() {
    let world = World::new().await;
    let elsewhere = world.test.project(world.admin, "Elsewhere").await;
    let body = json!({"entity": "repository_case", "name": "API", "fields": [6, 1], "include_all": false,
        "projects": [world.project]});
    let made = world.make(TEMPLATES, body).await;
    let path = format!("{TEMPLATES}/{}", made["id"]);
    assert_eq!(
        [&made["fields"], &made["projects"]],
        [&json!([6, 1]), &json!([world.project])]
    );
    let offered = async |project: model::ProjectId| {
        let rows = world.rows(&format!("/api/v1/projects/{project}/templates")).await;
        rows.iter().any(|t| t["id"] == made["id"])
    };
    assert!(offered(world.project).await && !offered(elsewhere).await);
    let default = (409, "is_default".to_owned());
    assert_eq!(
        told(&world.put(&path, json!({"is_default": true})).await),
        default,
        "not in every project"
    );
    let first = world
        .put(&path, json!({"is_default": true, "include_all": true}))
        .await;
    assert_eq!(first.json()["result"]["is_default"], true);
    let case = world.case(json!({"name": "c"})).await;
    let row = world
        .test
        .get(&format!("/api/v1/cases/{case}"), &world.key)
        .await
        .json();
    assert_eq!(row["result"]["template_id"], made["id"]);
    assert_eq!(
        told(&world.put(&path, json!({"is_active": false})).await),
        default
    );
    assert_eq!(
        world
            .put(&format!("{TEMPLATES}/1"), json!({"is_default": true}))
            .await
            .status,
        200
    );
    in_use(&world.drop(&path).await, "1 cases");
    assert_eq!(world.put(&path, json!({"is_active": false})).await.status, 200);
    assert!(!offered(world.project).await);
    let kept = world
        .put(
            &world.of_project("cases"),
            json!({"ids": [case], "name": "renamed"}),
        )
        .await;
    assert_eq!(kept.status, 200, "what has it keeps it: {}", kept.json());
    assert_eq!(
        told(&world.drop(&format!("{TEMPLATES}/2")).await),
        (409, "built_in".to_owned())
    );
    for (body, field) in [
        (json!({"name": "X"}), "entity"),
        (json!({"entity": "run", "name": "X"}), "entity"),
        (json!({"entity": "session", "name": "X", "fields": [1]}), "fields"),
        (
            json!({"entity": "session", "name": "X", "fields": [21, 21]}),
            "fields",
        ),
        (
            json!({"entity": "session", "name": "X", "projects": [999]}),
            "projects",
        ),
        (json!({"entity": "session", "name": "Session"}), "name"),
    ] {
        assert_eq!(world.refused(TEMPLATES, body.clone()).await, [field], "{body}");
    }
    let order: Vec<i64> = ids(&world.rows(&format!("{TEMPLATES}?entity=repository_case")).await);
    let order: Vec<i64> = order.into_iter().rev().collect();
    let body = json!({"entity": "repository_case", "ids": order});
    assert_eq!(
        ids(world.put(TEMPLATES, body).await.json()["result"]
            .as_array()
            .unwrap()),
        order
    );
    let unused = world
        .make(
            TEMPLATES,
            json!({"entity": "session", "name": "Tour", "fields": [21]}),
        )
        .await;
    assert_eq!(
        world.drop(&format!("{TEMPLATES}/{}", unused["id"])).await.status,
        204
    );
}
