//! Notifications: those of the caller, and how they are marked as read.

use http::StatusCode;
use serde_json::json;
use testkit::app::{TestApp, UserKind};

#[tokio::test]
async fn people_list_and_mark_their_own() {
    let test = TestApp::new().await;
    let (admin, ada) = test.admin().await;
    let project = test.project(admin, "Storefront").await.0;
    let tess = test.user("tess", "Tester", UserKind::Person).await;
    let key = test.key(tess).await;
    let cases = json!({"cases": [{"name": "a", "state_id": 4}, {"name": "b", "state_id": 4}]});
    let path = format!("/api/v1/projects/{project}/cases");
    test.post(&path, &ada, cases).await;
    let path = format!("/api/v1/projects/{project}/runs");
    for name in ["RC 1", "RC 2"] {
        let run = json!({"name": name, "include_all": true, "assignee_id": tess.0});
        let made = test.post(&path, &ada, run).await;
        assert_eq!(made.status, StatusCode::CREATED);
    }
    let list = "/api/attest/v1/notifications";
    let all = test.get(list, &key).await.json();
    assert_eq!(all["total"], 2);
    let newest = &all["result"][0];
    assert_eq!(newest["kind"], "assigned");
    assert_eq!(
        (newest["title"].as_str(), newest["count"].as_i64()),
        (Some("RC 2"), Some(2))
    );
    assert_eq!(
        (&newest["target_kind"], &newest["project_id"]),
        (&json!("run"), &json!(project))
    );
    assert_eq!(
        (&newest["actor_id"], &newest["read_at"]),
        (&json!(admin.0), &json!(null))
    );
    let one = format!("{list}/{}/read", newest["id"]);
    let read = test.post(&one, &key, json!({})).await;
    assert_eq!(read.status, StatusCode::OK);
    assert!(read.json()["result"]["read_at"].is_string());
    let unread = test.get(&format!("{list}?unread=true"), &key).await.json();
    assert_eq!(
        (&unread["total"], &unread["result"][0]["title"]),
        (&json!(1), &json!("RC 1"))
    );
    // Nobody reads or marks those of others.
    assert_eq!(
        test.post(&one, &ada, json!({})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(test.get(list, &ada).await.json()["total"], 0);
    let marked = test.post(&format!("{list}/read"), &key, json!({})).await;
    assert_eq!(marked.status, StatusCode::NO_CONTENT);
    let unread = test.get(&format!("{list}?unread=1"), &key).await.json();
    assert_eq!(unread["total"], 0);
    assert_eq!(test.get(list, &key).await.json()["total"], 2);
}
