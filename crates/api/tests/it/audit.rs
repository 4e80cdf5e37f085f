//! The audit log through the API: what it tells, and to whom alone.

use http::StatusCode;
use model::{Scope, UserId};
use serde_json::{Value, json};
use testkit::app::{BEGINNING, NewKey, TestApp, UserKind};

const PATH: &str = "/api/attest/v1/audit";

async fn rows(test: &TestApp, query: &str, key: &str) -> Value {
    let reply = test.get(&format!("{PATH}?{query}"), key).await;
    assert_eq!(reply.status, StatusCode::OK, "{query}: {}", reply.json());
    reply.json()
}

/// A key that its owner revoked with a reason; its id.
async fn revoked(test: &TestApp, owner: UserId, name: &str) -> i64 {
    let (id, _) = test.key_with(owner, name, NewKey::default()).await;
    let actor = test.actor(owner).await;
    app::keys::revoke(&test.app, &actor, id, Some("it leaked"))
        .await
        .unwrap();
    id.0
}

#[tokio::test]
async fn rows_tell_who_did_what_and_why() {
    let test = TestApp::new().await;
    let (admin, key) = test.admin().await;
    let (first, second) = (
        revoked(&test, admin, "first").await,
        revoked(&test, admin, "second").await,
    );

    let query = "action=key.revoked";
    let page = rows(&test, query, &key).await;
    assert_eq!([&page["total"], &page["per_page"]], [&json!(2), &json!(100)]);
    let row = &page["result"][0];
    let told = [
        "actor_id",
        "actor_name",
        "target_kind",
        "target_id",
        "target_name",
    ]
    .map(|n| row[n].clone());
    assert_eq!(
        told,
        [
            json!(admin.0),
            json!("ada"),
            json!("api_key"),
            json!(second),
            json!("second")
        ]
    );
    assert_eq!(row["detail"], json!({"reason": "it leaked"}));
    assert_eq!(row["created_at"], json!(BEGINNING.to_string()));

    let oldest = rows(&test, &format!("{query}&order=asc"), &key).await;
    assert_eq!(oldest["result"][0]["target_id"], json!(first));
}

#[tokio::test]
async fn filters_narrow_the_log_together() {
    let test = TestApp::new().await;
    let (admin, key) = test.admin().await;
    let other = test.user("other", "Lead", UserKind::Person).await;
    let mine = revoked(&test, admin, "mine").await;
    let theirs = revoked(&test, other, "theirs").await;

    let total = async |query: String| rows(&test, &query, &key).await["total"].clone();
    let revoked = "action=key.revoked";
    let (before, after) = (BEGINNING.plus(-1), BEGINNING.plus(1_000_000));
    for (query, expected) in [
        (format!("{revoked}&actor_id={other}"), 1),
        (format!("{revoked}&target_kind=api_key&target_id={mine}"), 1),
        (format!("{revoked}&actor_id={other}&target_id={mine}"), 0),
        (format!("{revoked}&actor_id={other}&target_id={theirs}"), 1),
        (format!("{revoked}&target_kind=user"), 0),
        (format!("{revoked}&project_id=1"), 0),
        (
            format!("{revoked}&created_after={}", BEGINNING.plus(-1_000_000)),
            2,
        ),
        (format!("{revoked}&created_after={after}"), 0),
        (format!("{revoked}&created_before={after}"), 2),
        (format!("{revoked}&created_before={before}"), 0),
    ] {
        assert_eq!(total(query.clone()).await, json!(expected), "{query}");
    }

    let wrong = test
        .get(
            &format!("{PATH}?actor_id=x&created_after=soon&order=up&per_page=7"),
            &key,
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let errors = wrong.json()["errors"].as_object().unwrap().len();
    assert_eq!(errors, 4, "{}", wrong.json());
}

/// The log tells of the whole instance, so nothing less than the whole right of a site admin reads it.
#[tokio::test]
async fn only_a_whole_key_of_a_site_admin_reads_it() {
    let test = TestApp::new().await;
    let (admin, key) = test.admin().await;
    let project = test.project(admin, "Shop").await;
    let lead = test.user("lead", "Lead", UserKind::Person).await;
    let robot = test.user("robot", "Lead", UserKind::Api).await;
    let limited = NewKey {
        projects: Some(vec![project]),
        ..NewKey::default()
    };
    let mut refused = vec![
        test.key_with(admin, "limited", limited).await.1,
        test.key_with(lead, "lead", NewKey::default()).await.1,
        test.key_with(robot, "robot", NewKey::default()).await.1,
    ];
    for scope in [Scope::Read, Scope::ResultsWrite, Scope::CasesWrite] {
        let narrow = NewKey {
            scope,
            ..NewKey::default()
        };
        refused.push(test.key_with(admin, scope.name(), narrow).await.1);
    }
    for key in &refused {
        let reply = test.get(PATH, key).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{}", reply.json());
    }
    assert_eq!(test.get(PATH, "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(test.get(PATH, &key).await.status, StatusCode::OK);
}
