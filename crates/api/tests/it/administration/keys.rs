//! Making, listing, replacing and revoking keys through the API.

use super::{API_USERS, KEYS, World, scoped, told, wrong};
use http::Method;
use model::{Rights, Scope};
use serde_json::{Value, json};
use testkit::app::{BEGINNING, NewKey, UserKind, request};

#[tokio::test]
async fn a_person_manages_the_own_keys_in_a_session() {
    let world = World::new().await;
    let body = json!({"name": "CI", "scope": "results:write", "projects": [world.project], "addresses": ["192.0.2.0/24"],
        "expires_at": "2027-01-01T00:00:00Z"});
    let made = world.browse(Method::POST, KEYS, &body).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let row = made.json()["result"].clone();
    let secret = row["secret"].as_str().unwrap().to_owned();
    assert_eq!(world.test.get("/api/v1/user", &secret).await.status, 200);

    let path = format!("{KEYS}/{}", row["id"]);
    let read = world.browse(Method::GET, &path, &Value::Null).await.json()["result"].clone();
    assert_eq!(read["secret"], Value::Null, "it is shown once");
    for name in [
        "name",
        "scope",
        "projects",
        "addresses",
        "expires_at",
        "user_id",
        "last4",
    ] {
        assert_eq!(read[name], row[name], "{name}");
    }
    assert_eq!(read["expires_at"], "2027-01-01T00:00:00.000Z");

    let rotated = world
        .browse(
            Method::POST,
            &format!("{path}/rotate"),
            &json!({"overlap": 3_600_000_000_i64}),
        )
        .await;
    assert_eq!(rotated.status, 201, "{}", rotated.json());
    assert_eq!(rotated.json()["result"]["previous_id"], row["id"]);
    assert_eq!(
        world.test.get("/api/v1/user", &secret).await.status,
        200,
        "it lives on"
    );

    let gone = world
        .browse(Method::DELETE, &path, &json!({"reason": "it leaked"}))
        .await;
    assert_eq!(gone.status, 204);
    assert_eq!(world.test.get("/api/v1/user", &secret).await.status, 401);
    let left = world.browse(Method::GET, KEYS, &Value::Null).await.json();
    let names: Vec<&str> = left["result"]
        .as_array()
        .unwrap()
        .iter()
        .map(|k| k["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["CI", "test"]);
    assert_eq!(
        world.actions("api_key").await,
        ["key.created", "key.created", "key.rotated", "key.revoked"]
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_new_key_is_named() {
    let world = World::new().await;
    for (body, field) in [
        (json!({"name": "CI"}), "scope"),
        (json!({"name": "CI", "scope": "everything"}), "scope"),
        (json!({"scope": "read"}), "name"),
        (json!({"name": "test", "scope": "read"}), "name"),
        (
            json!({"name": "CI", "scope": "read", "expires_at": "soon"}),
            "expires_at",
        ),
        (
            json!({"name": "CI", "scope": "read", "expires_at": "2020-01-01T00:00:00Z"}),
            "expires_at",
        ),
        (json!({"name": "CI", "scope": "read", "projects": []}), "projects"),
        (
            json!({"name": "CI", "scope": "read", "projects": [999]}),
            "projects",
        ),
        (
            json!({"name": "CI", "scope": "read", "addresses": ["home"]}),
            "addresses",
        ),
        (json!({"name": "CI", "scope": "read", "user_id": 999}), "user_id"),
    ] {
        let reply = world.browse(Method::POST, KEYS, &body).await;
        assert_eq!(wrong(&reply), [field], "{body}");
    }
    let path = format!("{KEYS}/1/rotate");
    let reply = world
        .browse(Method::POST, &path, &json!({"overlap": 604_800_000_001_i64}))
        .await;
    assert_eq!(wrong(&reply), ["overlap"]);
}

#[tokio::test]
async fn a_secret_is_never_told_twice() {
    let world = World::new().await;
    let send = async || {
        let request = request(Method::POST, KEYS, "")
            .header("cookie", format!("att_sid={}", world.cookie))
            .header("x-attest-csrf", "1")
            .header("idempotency-key", "once");
        let body = json!({"name": "CI", "scope": "read"}).to_string();
        world.test.send(request.body(body.into()).unwrap()).await
    };
    let first = send().await;
    assert_eq!(first.status, 201);
    let again = send().await;
    assert_eq!(told(&again), (409, "secret_already_shown".to_owned()));
    let secret = first.json()["result"]["secret"].as_str().unwrap().to_owned();
    assert!(!String::from_utf8_lossy(&again.bytes).contains(&secret));
    let audit = world.test.get("/api/attest/v1/audit", &world.key).await;
    assert!(!String::from_utf8_lossy(&audit.bytes).contains(&secret));
}

#[tokio::test]
async fn keys_of_people_make_no_keys() {
    let world = World::new().await;
    let lead = world.test.user("lead", "Lead", UserKind::Person).await;
    let robot = world.robot("robot", Rights::ALL).await;
    let keys = [
        world.key.clone(),
        world.key_of(lead, "lead", NewKey::default()).await,
        world.key_of(robot, "robot", NewKey::default()).await,
    ];
    for key in &keys {
        for (method, path) in [
            (Method::GET, KEYS.to_owned()),
            (Method::POST, KEYS.to_owned()),
            (Method::GET, format!("{KEYS}/1")),
            (Method::DELETE, format!("{KEYS}/1")),
            (Method::POST, format!("{KEYS}/1/rotate")),
        ] {
            let reply = world
                .test
                .call(method, &path, key, &json!({"name": "n", "scope": "read"}))
                .await;
            assert_eq!(told(&reply), (403, "keys_make_no_keys".to_owned()), "{path}");
        }
    }
    let one = world.key_of(lead, "other", scoped(Scope::Read)).await;
    let gone = world
        .test
        .call(Method::DELETE, &format!("{KEYS}/current"), &one, &Value::Null)
        .await;
    assert_eq!(gone.status, 204, "but each may give itself up");
    assert_eq!(world.test.get("/api/v1/user", &one).await.status, 401);
}

#[tokio::test]
async fn other_peoples_keys_are_nobodys_business() {
    let world = World::new().await;
    let lead = world.test.user("lead", "Lead", UserKind::Person).await;
    let (id, secret) = world.test.key_with(lead, "mine", NewKey::default()).await;
    let path = format!("{KEYS}/{id}");
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::DELETE, path.clone()),
        (Method::POST, format!("{path}/rotate")),
        (Method::GET, format!("{KEYS}/999")),
    ] {
        let reply = world.browse(method, &path, &json!({})).await;
        assert_eq!(reply.status, 404, "{path}");
    }
    let of_lead = world
        .browse(Method::GET, &format!("{KEYS}?user_id={lead}"), &Value::Null)
        .await;
    assert_eq!(told(&of_lead), (403, "not_an_api_user".to_owned()));
    let for_lead = json!({"name": "n", "scope": "read", "user_id": lead});
    let reply = world.browse(Method::POST, KEYS, &for_lead).await;
    assert_eq!(told(&reply), (403, "not_an_api_user".to_owned()));
    assert_eq!(world.test.get("/api/v1/user", &secret).await.status, 200);
}

#[tokio::test]
async fn administrators_make_keys_of_api_users_after_their_password() {
    let world = World::new().await;
    let robot = world.robot("robot", Rights::view()).await;
    let body = json!({"name": "CI", "scope": "full", "user_id": robot, "projects": [world.project]});
    let made = world.browse(Method::POST, KEYS, &body).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let secret = made.json()["result"]["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("att_api_"));
    let project = format!("/api/v1/projects/{}", world.project);
    assert_eq!(world.test.get(&project, &secret).await.status, 200);
    let listed = world
        .browse(Method::GET, &format!("{KEYS}?user_id={robot}"), &Value::Null)
        .await;
    assert_eq!(listed.json()["result"][0]["name"], "CI");
    let elsewhere = world.test.project(world.admin, "Elsewhere").await;
    let body = json!({"name": "n", "scope": "full", "user_id": robot, "projects": [elsewhere]});
    assert_eq!(
        wrong(&world.browse(Method::POST, KEYS, &body).await),
        ["projects"]
    );

    world.test.clock.advance(11 * model::clock::MINUTE);
    let body = json!({"name": "late", "scope": "full", "user_id": robot});
    let reply = world.browse(Method::POST, KEYS, &body).await;
    assert_eq!(told(&reply), (403, "confirm_password".to_owned()));
    let path = format!("{KEYS}/{}", made.json()["result"]["id"]);
    assert_eq!(world.browse(Method::DELETE, &path, &json!({})).await.status, 204);
    assert_eq!(world.test.get(&project, &secret).await.status, 401);
}

#[tokio::test]
async fn api_users_are_made_changed_and_deleted() {
    let world = World::new().await;
    let project = world.project;
    let body = json!({"name": "Nightly", "projects": [{"project_id": project, "role_id": 5}]});
    let made = world.test.post(API_USERS, &world.key, body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let row = made.json()["result"].clone();
    assert_eq!(row["projects"], body["projects"]);
    assert_eq!(row["manages_api_users"], false);
    let path = format!("{API_USERS}/{}", row["id"]);
    let key = world
        .key_of(model::UserId(row["id"].as_i64().unwrap()), "k", NewKey::default())
        .await;
    let patch = async |body: Value| world.test.call(Method::PATCH, &path, &world.key, &body).await;

    let stale = patch(json!({"name": "n", "version": 9})).await;
    assert_eq!(told(&stale), (409, "version_conflict".to_owned()));
    assert_eq!(
        told(&patch(json!({})).await),
        (400, "nothing_to_change".to_owned())
    );
    assert_eq!(wrong(&patch(json!({"role_id": 99})).await), ["role_id"]);
    let unknown = json!({"projects": [{"project_id": 999, "role_id": 1}]});
    assert_eq!(wrong(&patch(unknown).await), ["projects"]);
    let manages = patch(json!({"manages_api_users": true})).await;
    assert_eq!(told(&manages), (403, "session_required".to_owned()));
    let manages = world
        .browse(Method::PATCH, &path, &json!({"manages_api_users": true}))
        .await;
    assert_eq!(manages.json()["result"]["manages_api_users"], true);

    assert_eq!(row["owner_id"], world.admin.0, "whoever makes it answers for it");
    assert_eq!(row["purpose"], "");
    assert_eq!(wrong(&patch(json!({"owner_id": row["id"]})).await), ["owner_id"]);
    assert_eq!(
        wrong(&patch(json!({"purpose": "x".repeat(256)})).await),
        ["purpose"]
    );
    let told_why = patch(json!({"purpose": " Every night "})).await;
    assert_eq!(told_why.json()["result"]["purpose"], "Every night");
    let manages = told_why;

    let out = patch(json!({"projects": [], "version": manages.json()["result"]["version"]})).await;
    assert_eq!(out.json()["result"]["projects"], json!([]));
    assert_eq!(
        world
            .test
            .get(&format!("/api/v1/projects/{project}"), &key)
            .await
            .status,
        404
    );
    let off = patch(json!({"is_active": false})).await;
    assert_eq!(off.json()["result"]["is_active"], false);
    assert_eq!(world.test.get("/api/v1/user", &key).await.status, 401);
    assert_eq!(world.test.get(API_USERS, &world.key).await.json()["total"], 1);
    let gone = world
        .test
        .call(Method::DELETE, &path, &world.key, &Value::Null)
        .await;
    assert_eq!(gone.status, 204);
    assert_eq!(world.test.get(&path, &world.key).await.status, 404);
    assert_eq!(world.test.get(API_USERS, &world.key).await.json()["total"], 0);
    let actions = world.actions("user").await;
    assert_eq!(actions[0], "instance.set_up");
    assert_eq!(
        actions[1..],
        [
            "api_user.created",
            "api_user.updated",
            "api_user.updated",
            "api_user.updated",
            "api_user.updated",
            "api_user.deleted"
        ]
    );
}

#[tokio::test]
async fn the_standard_edition_has_no_api_users() {
    let world = World::new().await;
    let robot = world.robot("robot", Rights::view()).await;
    let key = world.key_of(robot, "k", scoped(Scope::Full)).await;
    let put = world
        .test
        .db()
        .write(|tx| store::setting::put(tx, store::setting::EDITION, "\"standard\""));
    put.await.unwrap();
    let refused = (403, "edition_required".to_owned());
    let made = world.test.post(API_USERS, &world.key, json!({"name": "n"})).await;
    assert_eq!(told(&made), refused);
    let body = json!({"name": "n", "scope": "read", "user_id": robot});
    assert_eq!(told(&world.browse(Method::POST, KEYS, &body).await), refused);
    assert_eq!(world.test.get("/api/v1/user", &key).await.status, 401);
    let seats = world.test.db().read(store::user::seats).await.unwrap();
    assert_eq!(seats, 1, "an API user takes no seat");
}

#[tokio::test]
async fn a_policy_holds_for_new_keys() {
    let world = World::new().await;
    let policy = r#"{"max_days": 30, "is_expiry_required": true}"#;
    let put = world
        .test
        .db()
        .write(move |tx| store::setting::put(tx, store::setting::KEY_POLICY, policy));
    put.await.unwrap();
    let body = |end: Value| json!({"name": "CI", "scope": "read", "expires_at": end});
    let day = |n: i64| json!(BEGINNING.plus(n * model::clock::DAY).to_string());
    assert_eq!(
        wrong(&world.browse(Method::POST, KEYS, &body(Value::Null)).await),
        ["expires_at"]
    );
    assert_eq!(
        wrong(&world.browse(Method::POST, KEYS, &body(day(31))).await),
        ["expires_at"]
    );
    assert_eq!(world.browse(Method::POST, KEYS, &body(day(30))).await.status, 201);
}

#[tokio::test]
async fn signed_in_people_who_are_no_administrators_have_their_own_keys_only() {
    let world = World::new().await;
    let robot = world.robot("robot", Rights::view()).await;
    let (robots, _) = world.test.key_with(robot, "theirs", NewKey::default()).await;
    let password = "copper lantern seventy moss";
    let body = json!({"name": "Mara", "email": "mara@demo.example", "role_id": 1, "password": password});
    let made = world.browse(Method::POST, "/api/attest/v1/users", &body).await;
    assert_eq!(made.status, 201, "{}", made.json());
    let mara = super::sign_in(&world.test, "mara@demo.example", password)
        .await
        .unwrap();
    let call =
        async |method: Method, path: &str, body: Value| world.browse_as(&mara, method, path, &body).await;

    let own = call(Method::POST, KEYS, json!({"name": "mine", "scope": "full"})).await;
    assert_eq!(own.status, 201, "{}", own.json());
    let secret = own.json()["result"]["secret"].as_str().unwrap().to_owned();
    let me = world.test.get("/api/v1/user", &secret).await.json();
    assert_eq!(me["name"], "Mara", "{me}");

    let admin_only = (403, "admin_only".to_owned());
    let for_robot = json!({"name": "n", "scope": "read", "user_id": robot});
    let of_robot = format!("{KEYS}?user_id={robot}");
    for (method, path, body) in [
        (Method::POST, KEYS, for_robot),
        (Method::GET, of_robot.as_str(), Value::Null),
        (Method::GET, API_USERS, Value::Null),
        (Method::POST, API_USERS, json!({"name": "n"})),
        (Method::GET, "/api/attest/v1/users", Value::Null),
        (Method::PATCH, "/api/attest/v1/settings", json!({"seats": null})),
        (Method::GET, "/api/attest/v1/audit/export", Value::Null),
    ] {
        assert_eq!(told(&call(method, path, body).await), admin_only, "{path}");
    }
    let path = format!("{KEYS}/{robots}");
    assert_eq!(call(Method::GET, &path, Value::Null).await.status, 404);
    assert_eq!(call(Method::DELETE, &path, json!({})).await.status, 404);
}
