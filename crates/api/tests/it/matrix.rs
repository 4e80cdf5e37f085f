//! Every endpoint with every kind of caller: the table of operations against the table of callers.
//!
//! What comes out is compared with `snapshots/`, which a person reviews line by line. A new operation or caller
//! without a line fails.

mod callers;

use axum::body::Body;
use callers::{Caller, api_users, browsers, limited_keys, people, strangers};
use http::{Method, Request};
use model::{ProjectId, UserId};
use serde_json::{Value, json};
use std::fmt::Write as _;
use store::project::DefaultAccess;
use testkit::app::{BEGINNING, NewKey, TestApp, request};

/// The objects that the paths name, in a project that nobody gets into by default.
struct World {
    test: TestApp,
    project: ProjectId,
    callers: Vec<(&'static str, Caller)>,
}

async fn world() -> World {
    let test = TestApp::new().await;
    let admin = callers::owner(&test).await;
    let project = test.project(admin, "Storefront").await;
    let other = test.project(admin, "Other").await;
    let mut callers = strangers();
    people(&test, project, other, &mut callers).await;
    api_users(&test, project, &mut callers).await;
    limited_keys(&test, admin, project, other, &mut callers).await;
    browsers(&test, &mut callers).await;
    test.db()
        .write(move |tx| {
            let sql = "INSERT INTO groups (name, created_at) VALUES ('Payments', $1)";
            tx.execute(sql, store::args![BEGINNING.0])?;
            store::project::set_default_access(tx, project, DefaultAccess::None)?;
            store::project::set_default_access(tx, other, DefaultAccess::None)
        })
        .await
        .unwrap();
    World {
        test,
        project,
        callers,
    }
}

/// Fresh objects, so that no call finds what the one before it left.
struct Objects {
    project: i64,
    source: i64,
    run: i64,
    thread: i64,
    folder: i64,
    case: i64,
    comment: i64,
    milestone: i64,
    session: i64,
    manual_run: i64,
    test: i64,
    result: i64,
    automation_case: i64,
    robot: i64,
    key: i64,
    person: i64,
    role: i64,
    group: i64,
    status: i64,
    state: i64,
    field: i64,
    template: i64,
}

impl Objects {
    fn in_path(&self, path: &str) -> String {
        let [user, role, group] = if path.starts_with("/api/attest/v1/api-users") {
            [self.robot, 1, 1]
        } else if path.starts_with("/api/attest/v1/") {
            [self.person, self.role, self.group]
        } else {
            [1, 1, 1]
        };
        let ids = [
            ("{project_id}", self.project),
            ("{folder_id}", self.folder),
            ("{case_id}", self.case),
            ("{comment_id}", self.comment),
            ("{version}", 1),
            ("{milestone_id}", self.milestone),
            ("{session_id}", self.session),
            ("{run_id}", self.manual_run),
            ("{test_id}", self.test),
            ("{result_id}", self.result),
            ("{automation_source_id}", self.source),
            ("{automation_run_id}", self.run),
            ("{automation_run_thread_id}", self.thread),
            ("{group_id}", group),
            ("{role_id}", role),
            ("{user_id}", user),
            ("{key_id}", self.key),
            ("{status_id}", self.status),
            ("{state_id}", self.state),
            ("{field_id}", self.field),
            ("{template_id}", self.template),
        ];
        ids.iter().fold(path.to_owned(), |path, (name, id)| {
            path.replace(name, &id.to_string())
        })
    }
}

impl World {
    async fn objects(&self, admin: &str) -> Objects {
        let project = self.project.0;
        let made = |reply: testkit::app::Reply| reply.json()["id"].as_i64().unwrap();
        let body = json!({"name": "nightly", "source": "web"});
        let run = made(
            self.test
                .post(
                    &format!("/api/v1/projects/{project}/automation/runs"),
                    admin,
                    body,
                )
                .await,
        );
        let path = format!("/api/v1/automation/runs/{run}/threads");
        let thread = made(self.test.post(&path, admin, json!({})).await);
        let row = self
            .test
            .get(&format!("/api/v1/automation/runs/{run}"), admin)
            .await
            .json();
        let path = format!("/api/v1/automation/runs/threads/{thread}/append");
        let test = json!({"key": "a", "name": "a", "folder": "f", "status": "passed"});
        self.test.post(&path, admin, json!({ "tests": [test] })).await;
        let path = format!("/api/v1/projects/{project}/automation/cases");
        let tests = self.test.get(&path, admin).await.json();
        let path = format!("/api/v1/projects/{project}/folders");
        let folders = self
            .test
            .post(&path, admin, json!({"folders": [{"name": "Payment"}]}))
            .await;
        let path = format!("/api/v1/projects/{project}/milestones");
        let milestone = self.test.post(&path, admin, json!({"name": "2.0"})).await;
        let path = format!("/api/v1/projects/{project}/sessions");
        let session = self.test.post(&path, admin, json!({"name": "tour"})).await;
        let path = format!("/api/v1/projects/{project}/cases");
        let cases = self
            .test
            .post(&path, admin, json!({"cases": [{"name": "Pay by card"}]}))
            .await;
        let case = cases.json()["result"][0]["id"].as_i64().unwrap();
        let path = format!("/api/attest/v1/cases/{case}/comments");
        let comment = self.test.post(&path, admin, json!({"text": "Which card?"})).await;
        let path = format!("/api/v1/projects/{project}/runs");
        let body = json!({"name": "RC 1", "cases": [case]});
        let manual_run = self.test.post(&path, admin, body).await.json()["result"]["id"]
            .as_i64()
            .unwrap();
        let path = format!("/api/v1/runs/{manual_run}/tests");
        let test = self.test.get(&path, admin).await.json()["result"][0]["id"]
            .as_i64()
            .unwrap();
        let path = format!("{path}/{test}/results");
        let result = self.test.post(&path, admin, json!({"status_id": 3})).await;
        let robot = callers::robot(&self.test, self.project).await;
        let (key, _) = self.test.key_with(robot, "theirs", NewKey::default()).await;
        let name = format!("fresh {key}");
        let made_ours = async |path: &str, body: Value| {
            let made = self.test.post(path, admin, body).await.json();
            made["result"]["id"].as_i64().unwrap()
        };
        let email = format!("fresh{key}@demo.example");
        let person = made_ours("/api/attest/v1/users", json!({"name": name, "email": email})).await;
        let role = made_ours("/api/attest/v1/roles", json!({"name": name})).await;
        let group = made_ours("/api/attest/v1/groups", json!({"name": name})).await;
        // There is room for few of them.
        callers::drop_definitions(&self.test).await;
        let entity = "session";
        let body = json!({"entity": entity, "name": name, "type": 1});
        let state = made_ours("/api/attest/v1/states", body.clone()).await;
        let field = made_ours("/api/attest/v1/fields", body.clone()).await;
        let template = made_ours("/api/attest/v1/templates", body.clone()).await;
        let status = made_ours("/api/attest/v1/statuses", body).await;
        Objects {
            status,
            state,
            field,
            template,
            robot: robot.0,
            key: key.0,
            person,
            role,
            group,
            manual_run,
            test,
            result: result.json()["result"]["id"].as_i64().unwrap(),
            project,
            session: session.json()["result"]["id"].as_i64().unwrap(),
            run,
            case,
            comment: comment.json()["result"]["id"].as_i64().unwrap(),
            milestone: milestone.json()["result"]["id"].as_i64().unwrap(),
            folder: folders.json()["result"][0]["id"].as_i64().unwrap(),
            thread,
            automation_case: tests["result"][0]["id"].as_i64().unwrap(),
            source: row["result"]["source_id"].as_i64().unwrap(),
        }
    }

    async fn call(&self, caller: &Caller, method: &Method, path: &str, objects: &Objects) -> u16 {
        // One body for all: each operation takes what it knows.
        let body = match *method {
            Method::GET => Body::empty(),
            Method::POST => {
                let mut lists = json!({"folders": [{"name": "n"}], "cases": [{"name": "n"}], "name": "n", "source": "web",
                    "text": "t", "status_id": 2, "case_id": objects.case, "automation_case_id": objects.automation_case,
                    "results": [{"test_id": objects.test, "status_id": 2}]});
                if path.starts_with("/api/attest/v1/") {
                    lists["entity"] = json!("session");
                    lists["type"] = json!(1);
                    lists["name"] = json!(format!("n{}", objects.key));
                    lists["email"] = json!(format!("n{}@demo.example", objects.key));
                }
                if path == "/api/attest/v1/keys" {
                    lists["scope"] = json!("read");
                    lists["user_id"] = json!(objects.robot);
                }
                if path.ends_with("/automation-links/bulk") {
                    lists["links"] =
                        json!([{"case_id": objects.case, "automation_case_id": objects.automation_case}]);
                }
                if path.ends_with("/runs") {
                    lists["cases"] = json!([objects.case]);
                }
                Body::from(lists.to_string())
            }
            _ => {
                let id = if path.ends_with("/cases") {
                    objects.case
                } else {
                    objects.folder
                };
                let name = if path.starts_with("/api/attest/v1/") {
                    format!("n{}", objects.key)
                } else {
                    "n".to_owned()
                };
                let ids = match path.strip_prefix("/api/attest/v1/") {
                    Some("statuses") => vec![objects.status, 6, 5, 4, 3, 2, 1],
                    Some("states") => vec![objects.state, 15, 14, 13, 12, 11],
                    Some("fields") => vec![objects.field, 22, 21],
                    Some("templates") => vec![objects.template, 21],
                    _ => vec![id],
                };
                let body = json!({"ids": ids, "entity": "session", "name": name, "text": "t", "status_id": 2, "key_policy": {},
                    "users": [{"user_id": objects.robot, "role_id": 4}]});
                Body::from(body.to_string())
            }
        };
        let request: Request<Body> = match caller {
            Caller::Key(key) => request(method.clone(), path, key).body(body).unwrap(),
            Caller::Headers(headers) => {
                let builder = request(method.clone(), path, "");
                headers
                    .iter()
                    .fold(builder, |b, (name, value)| b.header(*name, value))
                    .body(body)
                    .unwrap()
            }
            Caller::Query(query) => request(
                method.clone(),
                &format!("{path}{}{query}", if path.contains('?') { '&' } else { '?' }),
                "",
            )
            .body(body)
            .unwrap(),
        };
        self.test.send(request).await.status.as_u16()
    }

    /// Rows of everything that an operation could make or change, to see that a refused call left nothing.
    ///
    /// What belongs to the whole instance changes nothing in a project, so there the versions of it are enough.
    async fn rows(&self, admin: &str, objects: &Objects, part: &str) -> Value {
        let ours = callers::versions(&self.test).await;
        if ["keys", "administration", "definitions"].contains(&part) {
            return json!(ours);
        }
        let project = self
            .test
            .get(&format!("/api/v1/projects/{}", self.project), admin)
            .await
            .json();
        let runs = self
            .test
            .get(
                &format!("/api/v1/projects/{}/automation/runs", self.project),
                admin,
            )
            .await
            .json();
        let folders = self
            .test
            .get(&format!("/api/v1/projects/{}/folders", self.project), admin)
            .await
            .json();
        let milestones = self
            .test
            .get(&format!("/api/v1/projects/{}/milestones", self.project), admin)
            .await
            .json();
        let sessions = self
            .test
            .get(&format!("/api/v1/projects/{}/sessions", self.project), admin)
            .await
            .json();
        let cases = self
            .test
            .get(
                &format!(
                    "/api/v1/projects/{}/cases?expands=history,comments,tags,automation_links",
                    self.project
                ),
                admin,
            )
            .await
            .json();
        let results = self
            .test
            .get(&format!("/api/v1/runs/{}/results", objects.manual_run), admin)
            .await
            .json();
        let manual = self
            .test
            .get(&format!("/api/v1/projects/{}/runs", self.project), admin)
            .await
            .json();
        json!([
            project, runs, folders, milestones, sessions, cases, manual, results, ours
        ])
    }
}

/// The parts of the matrix, each with a world of its own, and what the paths of its operations contain.
/// An operation belongs to the first part that it fits.
const PARTS: [(&str, &[&str]); 7] = [
    ("keys", &["/attest/v1/keys", "/attest/v1/api-users"]),
    (
        "administration",
        &[
            "/attest/v1/users",
            "/attest/v1/roles",
            "/attest/v1/groups",
            "/access",
            "/attest/v1/settings",
            "/attest/v1/audit",
        ],
    ),
    (
        "definitions",
        &[
            "/attest/v1/statuses",
            "/attest/v1/states",
            "/attest/v1/fields",
            "/attest/v1/templates",
        ],
    ),
    ("automation", &["/automation"]),
    ("cases", &["/cases", "/folders", "/comments"]),
    ("runs", &["/runs", "/sessions", "/milestones"]),
    ("others", &["/"]),
];

fn part_of(path: &str) -> Option<&'static str> {
    let fits = |(_, has): &&(&str, &[&str])| has.iter().any(|text| path.contains(text));
    PARTS.iter().find(fits).map(|(name, _)| *name)
}

#[tokio::test]
async fn every_operation_on_keys_with_every_kind_of_caller() {
    every_operation("keys").await;
}

#[tokio::test]
async fn every_operation_of_administration_with_every_kind_of_caller() {
    every_operation("administration").await;
}

#[tokio::test]
async fn every_operation_on_definitions_with_every_kind_of_caller() {
    every_operation("definitions").await;
}

#[tokio::test]
async fn every_operation_on_automation_with_every_kind_of_caller() {
    every_operation("automation").await;
}

#[tokio::test]
async fn every_operation_on_cases_with_every_kind_of_caller() {
    every_operation("cases").await;
}

#[tokio::test]
async fn every_operation_on_runs_with_every_kind_of_caller() {
    every_operation("runs").await;
}

#[tokio::test]
async fn every_other_operation_with_every_kind_of_caller() {
    every_operation("others").await;
}

async fn every_operation(part: &str) {
    let world = world().await;
    let admin = world.callers.iter().find_map(|(n, c)| match c {
        Caller::Key(key) if *n == "site admin" => Some(key.clone()),
        _ => None,
    });
    let admin = admin.unwrap();
    let mut matrix = String::new();
    for operation in api::table().into_iter().filter(|o| part_of(o.path) == Some(part)) {
        writeln!(matrix, "{} {}", operation.method, operation.path).unwrap();
        let writes = *operation.method != Method::GET;
        let mut objects = world.objects(&admin).await;
        let mut before = world.rows(&admin, &objects, part).await;
        callers::confirm(&world.test).await;
        for (name, caller) in &world.callers {
            let query = if operation.name == "searchCases" {
                "?q=pay"
            } else {
                ""
            };
            let path = objects.in_path(operation.path) + query;
            // Strangers are held up after 30 failures a minute; the matrix is about who may do what.
            world.test.clock.advance(2 * model::clock::SECOND);
            let status = world.call(caller, operation.method, &path, &objects).await;
            if operation.name == "revokeCurrentKey" {
                callers::revive(&world.test).await;
            }
            writeln!(matrix, "    {status} {name}").unwrap();
            if writes && status < 400 {
                objects = world.objects(&admin).await;
                before = world.rows(&admin, &objects, part).await;
            } else if writes {
                let after = world.rows(&admin, &objects, part).await;
                assert_eq!(after, before, "{name}: a refused {path} changed something");
            }
        }
    }
    insta::with_settings!({omit_expression => true}, { insta::assert_snapshot!(part, matrix) });
}

#[tokio::test]
async fn absent_and_invisible_objects_answer_with_the_same_bytes() {
    let world = world().await;
    let admin = world.test.key_with(UserId(1), "again", NewKey::default()).await.1;
    let objects = world.objects(&admin).await;
    let stranger = world.callers.iter().find_map(|(n, c)| match c {
        Caller::Key(key) if *n == "lead elsewhere" => Some(key.clone()),
        _ => None,
    });
    let stranger = stranger.unwrap();
    for (invisible, absent) in [
        (
            format!("/api/v1/projects/{}", objects.project),
            "/api/v1/projects/999999".to_owned(),
        ),
        (
            format!("/api/v1/automation/runs/{}", objects.run),
            "/api/v1/automation/runs/999999".to_owned(),
        ),
        (
            format!("/api/v1/automation/runs/{}/tests", objects.run),
            "/api/v1/automation/runs/x/tests".to_owned(),
        ),
        (
            format!("/api/v1/automation/sources/{}", objects.source),
            "/api/v1/automation/sources/-1".to_owned(),
        ),
        (
            format!("/api/v1/folders/{}", objects.folder),
            "/api/v1/folders/999999".to_owned(),
        ),
        (
            format!("/api/v1/cases/{}", objects.case),
            "/api/v1/cases/999999".to_owned(),
        ),
        (
            format!("/api/attest/v1/cases/{}/versions/1", objects.case),
            "/api/attest/v1/cases/999999/versions/1".to_owned(),
        ),
        (
            format!("/api/v1/milestones/{}", objects.milestone),
            "/api/v1/milestones/999999".to_owned(),
        ),
        (
            format!("/api/v1/runs/{}", objects.manual_run),
            "/api/v1/runs/999999".to_owned(),
        ),
        (
            format!("/api/v1/sessions/{}", objects.session),
            "/api/v1/sessions/999999".to_owned(),
        ),
    ] {
        let (one, other) = (
            world.test.get(&invisible, &stranger).await,
            world.test.get(&absent, &stranger).await,
        );
        assert_eq!(
            (one.status.as_u16(), other.status.as_u16()),
            (404, 404),
            "{invisible}"
        );
        assert_eq!(one.bytes, other.bytes, "{invisible}");
    }
}
