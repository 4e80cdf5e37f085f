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

async fn exported(test: &TestApp, query: &str, key: &str) -> String {
    let reply = test.get(&format!("{PATH}/export?{query}"), key).await;
    assert_eq!(reply.status, StatusCode::OK, "{query}: {}", reply.json());
    String::from_utf8(reply.bytes).unwrap()
}

/// Rows past the size of the pages that an export reads, each with an action of two.
async fn fill(test: &TestApp, count: i64) {
    let fill = test.db().write(move |tx| {
        for n in 0..count {
            let entry = store::audit::Entry {
                at: BEGINNING.plus(n),
                actor_id: None,
                actor_name: "=cmd".to_owned(),
                via: "cli".to_owned(),
                via_id: None,
                ip: None,
                request_id: None,
                action: ["a.one", "a.two"][usize::from(n % 2 == 1)].to_owned(),
                project_id: Some(model::ProjectId(7)),
                target_kind: "thing".to_owned(),
                target_id: Some(n),
                target_name: Some("x, \"y\"".to_owned()),
                detail: None,
            };
            store::audit::insert(tx, &entry)?;
        }
        Ok::<_, store::Error>(())
    });
    fill.await.unwrap();
}

#[tokio::test]
async fn an_export_has_every_row_once_in_order() {
    let test = TestApp::new().await;
    let (_, key) = test.admin().await;
    fill(&test, 1203).await;
    let lines = exported(&test, "format=jsonl&target_kind=thing", &key).await;
    let rows: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let targets: Vec<i64> = rows.iter().map(|r| r["target_id"].as_i64().unwrap()).collect();
    assert_eq!(targets, (0..1203).collect::<Vec<_>>());

    let page = test
        .get(&format!("{PATH}?target_kind=thing&order=asc"), &key)
        .await
        .json();
    assert_eq!(
        rows[..100],
        page["result"].as_array().unwrap()[..],
        "the same rows as in pages"
    );

    let half = exported(&test, "format=jsonl&project_id=7&action=a.two", &key).await;
    assert_eq!(half.lines().count(), 601);
    let (from, to) = (BEGINNING.plus(999_000), BEGINNING.plus(1));
    assert_eq!(
        exported(&test, &format!("created_after={from}"), &key)
            .await
            .lines()
            .count(),
        1
    );
    let early = exported(
        &test,
        &format!("format=jsonl&action=a.one&created_before={}", to.plus(1_000_000)),
        &key,
    )
    .await;
    assert_eq!(early.lines().count(), 602);

    let csv = exported(&test, "target_id=5&target_kind=thing", &key).await;
    let mut lines = csv.split("\r\n");
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("id,action,actor_id,actor_name,"),
        "{csv}"
    );
    let row = lines.next().unwrap();
    assert!(
        row.contains(",a.two,,'=cmd,cli,") && row.contains(",thing,5,\"x, \"\"y\"\"\","),
        "{row}"
    );
}

#[tokio::test]
async fn an_export_is_a_file_for_whole_site_admins() {
    let test = TestApp::new().await;
    let (admin, key) = test.admin().await;
    let path = format!("{PATH}/export");
    let reply = test.get(&path, &key).await;
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        reply.header("content-disposition"),
        "attachment; filename=\"audit.csv\""
    );
    let wrong = test.get(&format!("{path}?format=xlsx&actor_id=x"), &key).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let narrow = NewKey {
        scope: Scope::Read,
        ..NewKey::default()
    };
    let narrow = test.key_with(admin, "read", narrow).await.1;
    assert_eq!(test.get(&path, &narrow).await.status, StatusCode::FORBIDDEN);
}
