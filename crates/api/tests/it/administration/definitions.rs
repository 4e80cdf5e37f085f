//! Result statuses, workflow states, custom fields and templates of the instance.

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
