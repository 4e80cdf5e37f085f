//! Every endpoint with every kind of caller: the table of operations against the table of callers.
//!
//! What comes out is compared with `snapshots/`, which a person reviews line by line. A new operation or caller
//! without a line fails.

mod callers;
mod files;
mod objects;
mod rows;

use crate::attachments;
use axum::body::Body;
use callers::{Caller, api_users, browsers, limited_keys, people, strangers};
use http::{Method, Request};
use model::{ProjectId, UserId};
use objects::Objects;
use serde_json::json;
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

impl World {
    async fn call(&self, caller: &Caller, method: &Method, path: &str, objects: &Objects) -> u16 {
        let is_upload = path.contains("/attachments");
        // One body for all: each operation takes what it knows.
        let body = match *method {
            Method::GET => Body::empty(),
            Method::POST if is_upload => Body::from(files::body()),
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
                if path.ends_with("/automation/parts") {
                    lists["run_key"] = json!(format!("k{}", objects.key));
                    lists["part"] = json!("1");
                }
                if path.ends_with("/shared-steps") {
                    lists["steps"] = json!([{"text1": "Sign in"}]);
                }
                if path.ends_with("/runs") {
                    lists["cases"] = json!([objects.case]);
                }
                Body::from(lists.to_string())
            }
            _ => {
                let id = if is_upload {
                    objects.attachment
                } else if path.ends_with("/cases") {
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
                    "output_days": 30, "is_pinned": true,
                    "users": [{"user_id": objects.robot, "role_id": 4}]});
                Body::from(body.to_string())
            }
        };
        let mut request: Request<Body> = match caller {
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
        if is_upload && *method == Method::POST {
            let kind = attachments::MULTIPART.parse().unwrap();
            request.headers_mut().insert("content-type", kind);
        }
        self.test.send(request).await.status.as_u16()
    }
}

/// The parts of the matrix, each with a world of its own, and what the paths of its operations contain.
/// An operation belongs to the first part that it fits.
const PARTS: [(&str, &[&str]); 8] = [
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
    ("files", &["/attachments"]),
    ("automation", &["/automation"]),
    ("cases", &["/cases", "/folders", "/comments", "/shared-steps"]),
    ("runs", &["/runs", "/sessions", "/milestones"]),
    ("others", &["/"]),
];

fn part_of(path: &str) -> Option<&'static str> {
    let fits = |(_, has): &&(&str, &[&str])| has.iter().any(|text| path.contains(text));
    PARTS.iter().find(fits).map(|(name, _)| *name)
}

#[tokio::test]
async fn every_operation_on_files_with_every_kind_of_caller() {
    every_operation("files").await;
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
        let mut objects = world.objects_for(&admin, operation.path).await;
        let mut before = world.rows(&admin, &objects, (part, operation.path)).await;
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
                objects = world.objects_for(&admin, operation.path).await;
                before = world.rows(&admin, &objects, (part, operation.path)).await;
            } else if writes {
                let after = world.rows(&admin, &objects, (part, operation.path)).await;
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
            format!("/api/attest/v1/shared-steps/{}", objects.shared_steps),
            "/api/attest/v1/shared-steps/999999".to_owned(),
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
