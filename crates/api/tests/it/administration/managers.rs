//! Escalation: an API user that manages API users gives nobody more than it has, by no way.

use super::{API_USERS, KEYS, World, scoped, told, wrong};
use http::Method;
use model::clock::DAY;
use model::{Action, Area, Right, Rights, Scope};
use serde_json::{Value, json};
use testkit::app::{BEGINNING, NewKey, UserKind};

const VIEW: Rights = Rights::view();
const EDIT_CASES: Rights = Rights::of(Right(Area::Cases, Action::Edit));

fn refused(code: &str) -> (u16, String) {
    (403, code.to_owned())
}

#[tokio::test]
async fn makes_keys_only_of_other_api_users_no_wider_than_itself() {
    let world = World::new().await;
    let manager = world.manager("manager", VIEW).await;
    let equal = world.robot("equal", VIEW).await;
    let wider = world.robot("wider", VIEW.with(EDIT_CASES)).await;
    let peer = world.manager("peer", VIEW).await;
    let person = world.test.user("person", "Lead", UserKind::Person).await;
    let key = world.key_of(manager, "k", NewKey::default()).await;
    let make = async |user: Value, scope: &str| {
        let body = json!({"name": "made", "scope": scope, "user_id": user});
        world.test.post(KEYS, &key, body).await
    };

    assert_eq!(told(&make(json!(manager), "read").await), refused("not_its_own"));
    assert_eq!(told(&make(Value::Null, "read").await), refused("not_its_own"));
    assert_eq!(
        told(&make(json!(person), "read").await),
        refused("not_an_api_user")
    );
    assert_eq!(
        told(&make(json!(world.admin), "read").await),
        refused("not_an_api_user")
    );
    assert_eq!(wrong(&make(json!(wider), "full").await), ["projects"]);
    assert_eq!(wrong(&make(json!(wider), "cases:write").await), ["projects"]);
    assert_eq!(wrong(&make(json!(peer), "full").await), ["manages_api_users"]);
    let narrow = make(json!(wider), "read").await;
    assert_eq!(
        narrow.status,
        201,
        "with less scope it is no wider: {}",
        narrow.json()
    );
    let made = make(json!(equal), "full").await;
    assert_eq!(made.status, 201, "{}", made.json());
    let secret = made.json()["result"]["secret"].as_str().unwrap().to_owned();
    let body = json!({"name": "again", "scope": "read", "user_id": wider});
    let chained = world.test.post(KEYS, &secret, body).await;
    assert_eq!(told(&chained), refused("keys_make_no_keys"));
}

#[tokio::test]
async fn limits_of_its_key_are_limits_of_what_it_makes() {
    let world = World::new().await;
    let manager = world.manager("manager", VIEW).await;
    let robot = world.robot("robot", VIEW).await;
    let end = BEGINNING.plus(30 * DAY);
    let limited = NewKey {
        projects: Some(vec![world.project]),
        expires_at: Some(end),
        ..NewKey::default()
    };
    let key = world.key_of(manager, "k", limited).await;
    let make = async |projects: Value, expires_at: Value| {
        let body = json!({"name": "made", "scope": "full", "user_id": robot, "projects": projects,
            "expires_at": expires_at});
        world.test.post(KEYS, &key, body).await
    };
    let (here, at_end) = (json!([world.project]), json!(end.to_string()));
    assert_eq!(wrong(&make(Value::Null, at_end.clone()).await), ["projects"]);
    assert_eq!(wrong(&make(here.clone(), Value::Null).await), ["expires_at"]);
    let later = json!(end.plus(1_000_000).to_string());
    assert_eq!(wrong(&make(here.clone(), later).await), ["expires_at"]);
    let made = make(here, at_end).await;
    assert_eq!(made.status, 201, "{}", made.json());

    // Replacing starts a new life, which must end in time as well.
    world.test.clock.advance(DAY);
    let path = format!("{KEYS}/{}/rotate", made.json()["result"]["id"]);
    assert_eq!(
        wrong(&world.test.post(&path, &key, json!({})).await),
        ["expires_at"]
    );
    let path = format!("{KEYS}/{}", made.json()["result"]["id"]);
    assert_eq!(
        world.test.get(&path, &key).await.json()["result"]["revoked_at"],
        Value::Null
    );
    let gone = world.test.call(Method::DELETE, &path, &key, &Value::Null).await;
    assert_eq!(gone.status, 204);
}

#[tokio::test]
async fn keys_wider_than_its_own_are_not_touched() {
    let world = World::new().await;
    let manager = world.manager("manager", VIEW).await;
    let wider = world.robot("wider", VIEW.with(EDIT_CASES)).await;
    let key = world.key_of(manager, "k", NewKey::default()).await;
    let (id, secret) = world.test.key_with(wider, "theirs", NewKey::default()).await;
    let path = format!("{KEYS}/{id}");
    let gone = world.test.call(Method::DELETE, &path, &key, &Value::Null).await;
    assert_eq!(told(&gone), refused("wider_key"));
    let rotated = world.test.post(&format!("{path}/rotate"), &key, json!({})).await;
    assert_eq!(told(&rotated), refused("wider_key"));
    assert_eq!(world.test.get("/api/v1/user", &secret).await.status, 200);
    let (persons, _) = world
        .test
        .key_with(world.admin, "admin's", NewKey::default())
        .await;
    let gone = world
        .test
        .call(Method::DELETE, &format!("{KEYS}/{persons}"), &key, &Value::Null)
        .await;
    assert_eq!(gone.status, 404);
}

#[tokio::test]
async fn only_a_whole_key_of_a_manager_manages() {
    let world = World::new().await;
    let manager = world.manager("manager", VIEW).await;
    let robot = world.robot("robot", VIEW).await;
    for scope in [Scope::Read, Scope::ResultsWrite, Scope::CasesWrite] {
        let key = world.key_of(manager, scope.name(), scoped(scope)).await;
        let body = json!({"name": "n", "scope": "read", "user_id": robot});
        let made = world.test.post(KEYS, &key, body).await;
        assert_eq!(told(&made), refused("keys_make_no_keys"), "{scope:?}");
        let made = world.test.post(API_USERS, &key, json!({"name": "n"})).await;
        assert_eq!(made.status, 403, "{scope:?}");
    }
}

#[tokio::test]
async fn makes_and_changes_no_api_user_beyond_itself() {
    let world = World::new().await;
    let (test, project) = (&world.test, world.project);
    let elsewhere = test.project(world.admin, "Elsewhere").await;
    let manager = world.manager("manager", VIEW).await;
    let wider = world.robot("wider", VIEW.with(EDIT_CASES)).await;
    let equal = world.robot("equal", VIEW).await;
    let key = world.key_of(manager, "k", NewKey::default()).await;
    let (lead, reader) = (1, 4);
    let place = |project: model::ProjectId, role: i64| json!([{"project_id": project, "role_id": role}]);
    let make = async |body: Value| test.post(API_USERS, &key, body).await;
    let change = async |user: model::UserId, body: Value| {
        test.call(Method::PATCH, &format!("{API_USERS}/{user}"), &key, &body)
            .await
    };

    assert_eq!(
        wrong(&make(json!({"name": "n", "role_id": lead})).await),
        ["role_id"]
    );
    assert_eq!(
        wrong(&make(json!({"name": "n", "projects": place(project, lead)})).await),
        ["projects"]
    );
    assert_eq!(
        wrong(&make(json!({"name": "n", "projects": place(elsewhere, reader)})).await),
        ["projects"]
    );
    let manages = make(json!({"name": "n", "manages_api_users": true})).await;
    assert_eq!(told(&manages), refused("session_required"));
    let made = make(json!({"name": "n", "projects": place(project, reader)})).await;
    assert_eq!(made.status, 201, "{}", made.json());

    assert_eq!(
        wrong(&change(equal, json!({"projects": place(project, lead)})).await),
        ["projects"]
    );
    assert_eq!(wrong(&change(equal, json!({"role_id": lead})).await), ["role_id"]);
    assert_eq!(
        told(&change(wider, json!({"is_active": false})).await),
        refused("wider_user")
    );
    assert_eq!(
        told(&change(manager, json!({"projects": []})).await),
        refused("not_itself")
    );
    let gone = test
        .call(
            Method::DELETE,
            &format!("{API_USERS}/{wider}"),
            &key,
            &Value::Null,
        )
        .await;
    assert_eq!(told(&gone), refused("wider_user"));
    assert_eq!(
        change(world.admin, json!({"name": "n"})).await.status,
        404,
        "people are none"
    );
    assert_eq!(change(equal, json!({"name": "Equal"})).await.status, 200);
    assert_eq!(test.get(API_USERS, &key).await.json()["total"], 4);
}

#[tokio::test]
async fn whose_right_is_taken_away_makes_nothing_any_more() {
    let world = World::new().await;
    let manager = world.manager("manager", VIEW).await;
    let robot = world.robot("robot", VIEW).await;
    let key = world.key_of(manager, "k", NewKey::default()).await;
    let body = json!({"name": "n", "scope": "read", "user_id": robot});
    let path = format!("{API_USERS}/{manager}");
    let off = world
        .browse(Method::PATCH, &path, &json!({"manages_api_users": false}))
        .await;
    assert_eq!(off.status, 200, "{}", off.json());
    let made = world.test.post(KEYS, &key, body).await;
    assert_eq!(told(&made), refused("keys_make_no_keys"));
}
