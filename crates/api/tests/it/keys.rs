//! Keys at the edge: what they answer, and when they stop working (`security.md` A1).

use axum::body::Body;
use http::{Method, StatusCode};
use model::Scope;
use model::clock::{DAY, SECOND};
use serde_json::{Value, json};
use testkit::app::{BEGINNING, NewKey, TestApp, request};

#[tokio::test]
async fn the_user_is_a_bare_object() {
    let test = TestApp::new().await;
    let (id, key) = test.admin().await;
    let reply = test.get("/api/v1/user", &key).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(reply.header("content-type"), "application/json");
    let expected =
        json!({"id": id.0, "name": "ada", "timezone": null, "date_format": null, "time_format": null});
    assert_eq!(reply.json(), expected);
}

#[tokio::test]
async fn strangers_are_challenged() {
    let test = TestApp::new().await;
    let reply = test.get("/api/v1/user", "").await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"attest\"");
    assert!(reply.json()["message"].is_string());
    let reply = test.get("/api/v1/user", "nonsense").await;
    assert_eq!(
        reply.header("www-authenticate"),
        "Bearer realm=\"attest\", error=\"invalid_token\""
    );
}

#[tokio::test]
async fn the_scheme_is_taken_in_any_case() {
    let test = TestApp::new().await;
    let (_, key) = test.admin().await;
    let builder = request(Method::GET, "/api/v1/user", "").header("authorization", format!("bEARER {key}"));
    assert_eq!(
        test.send(builder.body(Body::empty()).unwrap()).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_key_expires_to_the_microsecond() {
    let test = TestApp::new().await;
    let (id, _) = test.admin().await;
    let ends = NewKey {
        expires_at: Some(BEGINNING.plus(3 * DAY)),
        ..NewKey::default()
    };
    let (_, key) = test.key_with(id, "short", ends).await;
    let reply = test.get("/api/v1/user", &key).await;
    assert_eq!(reply.header("x-key-expires-in"), "3d");
    test.clock.advance(3 * DAY - 1);
    assert_eq!(test.get("/api/v1/user", &key).await.status, StatusCode::OK);
    test.clock.advance(1);
    let reply = test.get("/api/v1/user", &key).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert!(
        reply
            .header("www-authenticate")
            .ends_with("error_description=\"expired 2026-11-05\""),
        "{reply:?}"
    );
}

#[tokio::test]
async fn a_revoked_key_stops_with_the_next_request() {
    let test = TestApp::new().await;
    let (id, _) = test.admin().await;
    let (key_id, key) = test.key_with(id, "leaked", NewKey::default()).await;
    assert_eq!(test.get("/api/v1/user", &key).await.status, StatusCode::OK);
    app::keys::revoke(&test.app, &test.actor(id).await, key_id, Some("leaked"))
        .await
        .unwrap();
    let reply = test.get("/api/v1/user", &key).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert!(
        reply
            .header("www-authenticate")
            .contains("error_description=\"revoked\"")
    );
}

#[tokio::test]
async fn a_rotated_key_lives_on_for_its_overlap() {
    let test = TestApp::new().await;
    let (id, _) = test.admin().await;
    let (key_id, old) = test.key_with(id, "nightly", NewKey::default()).await;
    let made = app::keys::rotate(&test.app, &test.actor(id).await, key_id, 3600 * SECOND)
        .await
        .unwrap();
    assert_eq!(
        (made.key.name.as_str(), made.key.previous_id),
        ("nightly", Some(key_id))
    );
    for key in [&old, &made.secret] {
        assert_eq!(test.get("/api/v1/user", key).await.status, StatusCode::OK);
    }
    test.clock.advance(3600 * SECOND);
    assert_eq!(
        test.get("/api/v1/user", &old).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        test.get("/api/v1/user", &made.secret).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_narrow_scope_says_what_is_missing() {
    let test = TestApp::new().await;
    let (id, _) = test.admin().await;
    let project = test.project(id, "Storefront").await;
    let (_, key) = test
        .key_with(
            id,
            "reader",
            NewKey {
                scope: Scope::Read,
                ..NewKey::default()
            },
        )
        .await;
    let path = format!("/api/v1/projects/{project}/automation/runs");
    let reply = test.post(&path, &key, json!({"name": "n", "source": "s"})).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert_eq!(
        reply.header("www-authenticate"),
        "Bearer realm=\"attest\", error=\"insufficient_scope\", scope=\"results:write\""
    );
    assert_eq!(reply.json()["code"], json!("insufficient_scope"));
}

#[tokio::test]
async fn guesses_are_throttled_and_the_valid_neighbour_is_not() {
    let test = TestApp::new().await;
    let (_, key) = test.admin().await;
    let guess = model::key::generate(model::key::Kind::User, || 3);
    let mut answers: Vec<u16> = Vec::new();
    for _ in 0..40 {
        answers.push(test.get("/api/v1/user", &guess).await.status.as_u16());
        assert_eq!(test.get("/api/v1/user", &key).await.status, StatusCode::OK);
    }
    assert_eq!((answers[29], answers[30]), (401, 429));
    let reply = test.get("/api/v1/user", &guess).await;
    assert!(reply.header("retry-after").parse::<u64>().unwrap() <= 60);
}

#[tokio::test]
async fn a_key_of_an_api_user_rests_without_the_edition() {
    let test = TestApp::new().await;
    let id = test.user("robot", "Tester", testkit::app::UserKind::Api).await;
    let key = test.key(id).await;
    assert!(key.starts_with("att_api_"));
    let set = |edition: &'static str| {
        test.db()
            .write(move |tx| store::setting::put(tx, store::setting::EDITION, edition))
    };
    for (edition, status) in [
        ("\"standard\"", 401),
        ("\"business\"", 200),
        ("\"enterprise\"", 200),
    ] {
        set(edition).await.unwrap();
        assert_eq!(
            test.get("/api/v1/user", &key).await.status.as_u16(),
            status,
            "{edition}"
        );
    }
}

#[tokio::test]
async fn last_use_is_written_once_it_was_gathered() {
    let test = TestApp::new().await;
    let (id, _) = test.admin().await;
    let (key_id, key) = test.key_with(id, "used", NewKey::default()).await;
    assert_eq!(test.get("/api/v1/user", &key).await.status, StatusCode::OK);
    test.app.start_jobs().stop().await;
    let actor = test.actor(id).await;
    let row = app::keys::get(&test.app, &actor, key_id).await.unwrap();
    assert_eq!(row.last_used_at, Some(BEGINNING));
    assert_eq!(row.last_used_ip.as_deref(), Some("192.0.2.7"));
}

#[tokio::test]
async fn projects_are_listed_as_far_as_the_key_reaches() {
    let test = TestApp::new().await;
    let (admin, key) = test.admin().await;
    let (one, _two) = (test.project(admin, "One").await, test.project(admin, "Two").await);
    let names = |value: Value| -> Vec<String> {
        value["result"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        names(test.get("/api/v1/projects?order=asc", &key).await.json()),
        ["One", "Two"]
    );
    let (_, limited) = test
        .key_with(
            admin,
            "one",
            NewKey {
                projects: Some(vec![one]),
                ..NewKey::default()
            },
        )
        .await;
    assert_eq!(
        names(test.get("/api/v1/projects", &limited).await.json()),
        ["One"]
    );
    let robot = test.user("robot", "Lead", testkit::app::UserKind::Api).await;
    let robot = test.key(robot).await;
    assert_eq!(
        test.get("/api/v1/projects", &robot).await.json()["total"],
        json!(0)
    );
}

#[tokio::test]
async fn a_key_learns_what_it_may_do() {
    let test = TestApp::new().await;
    let (admin, _) = test.admin().await;
    let (shop, other) = (
        test.project(admin, "Storefront").await,
        test.project(admin, "Other").await,
    );
    let new = NewKey {
        scope: Scope::CasesWrite,
        projects: Some(vec![shop]),
        ..NewKey::default()
    };
    let (id, key) = test.key_with(admin, "suite", new).await;
    let row = test.get("/api/attest/v1/keys/current", &key).await.json()["result"].clone();
    assert_eq!(
        (
            &row["id"],
            &row["name"],
            &row["scope"],
            &row["projects"],
            &row["user"]["id"]
        ),
        (
            &json!(id.0),
            &json!("suite"),
            &json!("cases:write"),
            &json!([shop.0]),
            &json!(admin.0)
        )
    );
    assert!(row.get("project").is_none() && key.ends_with(row["last4"].as_str().unwrap()));
    let path = |project: model::ProjectId| format!("/api/attest/v1/keys/current?project_id={project}");
    let rights = test.get(&path(shop), &key).await.json()["result"]["project"]["rights"].clone();
    assert_eq!(rights["cases"], json!(["view", "edit", "delete", "complete"]));
    assert_eq!(
        (&rights["automation"], rights.get("runs")),
        (&json!(["view"]), None)
    );
    assert_eq!(test.get(&path(other), &key).await.status, StatusCode::NOT_FOUND);
    let wrong = test.get("/api/attest/v1/keys/current?project_id=x", &key).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
}
