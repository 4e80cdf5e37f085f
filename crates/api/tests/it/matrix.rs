//! Every endpoint with every kind of caller: the table of operations against the table of callers.
//!
//! What comes out is compared with `matrix.snap`, which a person reviews line by line. A new operation or caller
//! without a line fails.

use axum::body::Body;
use http::{Method, Request};
use model::{ProjectId, Scope, UserId};
use serde_json::{Value, json};
use std::fmt::Write as _;
use store::project::DefaultAccess;
use testkit::app::{BEGINNING, NewKey, TestApp, UserKind, request};

/// The objects that the paths name, in a project that nobody gets into by default.
struct World {
    test: TestApp,
    project: ProjectId,
    callers: Vec<(&'static str, Caller)>,
}

enum Caller {
    Key(String),
    Headers(Vec<(&'static str, String)>),
    Query(String),
}

async fn world() -> World {
    let test = TestApp::new().await;
    let (admin, _) = test.admin().await;
    let project = test.project(admin, "Storefront").await;
    let other = test.project(admin, "Other").await;
    let mut callers = strangers();
    people(&test, project, other, &mut callers).await;
    api_users(&test, project, &mut callers).await;
    limited_keys(&test, admin, project, other, &mut callers).await;
    test.db()
        .write(move |tx| {
            let sql = "INSERT INTO groups (id, name, created_at) VALUES (1, 'Payments', $1)";
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

/// Callers that nobody knows.
fn strangers() -> Vec<(&'static str, Caller)> {
    let unknown = model::key::generate(model::key::Kind::User, || 9);
    let mut typo = unknown.clone();
    typo.replace_range(10..11, "x");
    let both = vec![
        ("authorization", format!("Bearer {unknown}")),
        ("authorization", format!("Bearer {unknown}")),
    ];
    vec![
        ("anonymous", Caller::Headers(vec![])),
        (
            "other scheme",
            Caller::Headers(vec![("authorization", "Basic YTpi".to_owned())]),
        ),
        (
            "empty bearer",
            Caller::Headers(vec![("authorization", "Bearer ".to_owned())]),
        ),
        ("garbage key", Caller::Key("garbage".to_owned())),
        ("key with a typing error", Caller::Key(typo)),
        ("unknown key", Caller::Key(unknown.clone())),
        ("two headers", Caller::Headers(both)),
        (
            "key in the query",
            Caller::Query(format!("access_token={unknown}")),
        ),
        (
            "session cookie only",
            Caller::Headers(vec![("cookie", "att_sid=abc".to_owned())]),
        ),
    ]
}

/// A person for each factory role in the project, and some in another one.
async fn people(
    test: &TestApp,
    project: ProjectId,
    other: ProjectId,
    callers: &mut Vec<(&'static str, Caller)>,
) {
    let roles = [
        ("lead", "Lead", project),
        ("designer", "Designer", project),
        ("tester", "Tester", project),
        ("reader", "Read-only", project),
        ("lead elsewhere", "Lead", other),
    ];
    for (name, role, place) in roles {
        let id = test.user(name, "Lead", UserKind::Person).await;
        give(test, place, id, Some(role)).await;
        callers.push((name, Caller::Key(test.key(id).await)));
    }
    let out = test.user("taken out", "Lead", UserKind::Person).await;
    callers.push(("taken out", Caller::Key(test.key(out).await)));
    give(test, project, out, None).await;
    let gone = test.user("inactive", "Lead", UserKind::Person).await;
    give(test, project, gone, Some("Lead")).await;
    callers.push(("inactive owner", Caller::Key(test.key(gone).await)));
    test.db()
        .write(move |tx| store::user::set_active(tx, gone, false, BEGINNING))
        .await
        .unwrap();
}

async fn api_users(test: &TestApp, project: ProjectId, callers: &mut Vec<(&'static str, Caller)>) {
    let lost = test.user("API user without project", "Lead", UserKind::Api).await;
    callers.push(("API user without project", Caller::Key(test.key(lost).await)));
    for (name, role) in [
        ("API user, submitter", "Results submitter"),
        ("API user, case writer", "Case writer"),
    ] {
        let id = test.user(name, "Read-only", UserKind::Api).await;
        give(test, project, id, Some(role)).await;
        callers.push((name, Caller::Key(test.key(id).await)));
    }
}

/// Keys of one lead that may do less than their owner.
async fn limited_keys(
    test: &TestApp,
    admin: UserId,
    project: ProjectId,
    other: ProjectId,
    callers: &mut Vec<(&'static str, Caller)>,
) {
    let lead = test.user("limited", "Lead", UserKind::Person).await;
    give(test, project, lead, Some("Lead")).await;
    give(test, other, lead, Some("Lead")).await;
    let scoped = |scope| NewKey {
        scope,
        ..NewKey::default()
    };
    let to = |project| NewKey {
        projects: Some(vec![project]),
        ..NewKey::default()
    };
    let from = |address: &str| NewKey {
        addresses: Some(vec![address.to_owned()]),
        ..NewKey::default()
    };
    let ended = NewKey {
        expires_at: Some(BEGINNING.plus(1)),
        ..NewKey::default()
    };
    for (name, new) in [
        ("read key", scoped(Scope::Read)),
        ("results key", scoped(Scope::ResultsWrite)),
        ("cases key", scoped(Scope::CasesWrite)),
        ("key for the project", to(project)),
        ("key for another project", to(other)),
        ("key from here", from("192.0.2.0/24")),
        ("key from elsewhere", from("198.51.100.1")),
        ("expired key", ended),
    ] {
        callers.push((name, Caller::Key(test.key_with(lead, name, new).await.1)));
    }
    let (id, secret) = test.key_with(lead, "revoked key", NewKey::default()).await;
    app::keys::revoke(&test.app, &test.actor(lead).await, id, None)
        .await
        .unwrap();
    callers.push(("revoked key", Caller::Key(secret)));
    callers.push((
        "site admin",
        Caller::Key(test.key_with(admin, "full", NewKey::default()).await.1),
    ));
    callers.push((
        "site admin, read key",
        Caller::Key(test.key_with(admin, "read", scoped(Scope::Read)).await.1),
    ));
    test.clock.advance(2);
}

async fn give(test: &TestApp, project: ProjectId, user: UserId, role: Option<&'static str>) {
    test.db()
        .write(move |tx| {
            let role = role
                .map(|name| store::role::by_name(tx, name))
                .transpose()?
                .flatten();
            store::project::set_user_access(tx, project, user, role)
        })
        .await
        .unwrap();
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
}

impl Objects {
    fn in_path(&self, path: &str) -> String {
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
            // These lie in no project and no call changes them.
            ("{group_id}", 1),
            ("{role_id}", 1),
            ("{user_id}", 1),
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
        Objects {
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
                Body::from(json!({"ids": [id], "name": "n", "text": "t", "status_id": 2}).to_string())
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
    async fn rows(&self, admin: &str, objects: &Objects) -> Value {
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
            project, runs, folders, milestones, sessions, cases, manual, results
        ])
    }
}

#[tokio::test]
async fn every_operation_with_every_kind_of_caller() {
    let world = world().await;
    let admin = world.callers.iter().find_map(|(n, c)| match c {
        Caller::Key(key) if *n == "site admin" => Some(key.clone()),
        _ => None,
    });
    let admin = admin.unwrap();
    let mut matrix = String::new();
    for operation in api::table() {
        writeln!(matrix, "{} {}", operation.method, operation.path).unwrap();
        let writes = *operation.method != Method::GET;
        let mut objects = world.objects(&admin).await;
        let mut before = world.rows(&admin, &objects).await;
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
            writeln!(matrix, "    {status} {name}").unwrap();
            if writes && status < 400 {
                objects = world.objects(&admin).await;
                before = world.rows(&admin, &objects).await;
            } else if writes {
                let after = world.rows(&admin, &objects).await;
                assert_eq!(after, before, "{name}: a refused {path} changed something");
            }
        }
    }
    insta::with_settings!({omit_expression => true}, { insta::assert_snapshot!("matrix", matrix) });
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
