//! People, roles and groups, as site admins make, change and delete them.

use super::{World, sign_in, told, wrong};
use http::Method;
use model::{Right, Rights, UserId};
use serde_json::{Value, json};
use testkit::app::{NewKey, UserKind};

const USERS: &str = "/api/attest/v1/users";
const ROLES: &str = "/api/attest/v1/roles";
const GROUPS: &str = "/api/attest/v1/groups";

impl World {
    async fn patch(&self, path: &str, body: Value) -> testkit::app::Reply {
        self.test.call(Method::PATCH, path, &self.key, &body).await
    }

    async fn delete(&self, path: &str) -> testkit::app::Reply {
        self.test
            .call(Method::DELETE, path, &self.key, &Value::Null)
            .await
    }
}

fn id(reply: &testkit::app::Reply) -> i64 {
    assert_eq!(reply.status, 201, "{}", reply.json());
    reply.json()["result"]["id"].as_i64().unwrap()
}

#[tokio::test]
async fn people_are_made_changed_and_forgotten() {
    let world = World::new().await;
    let group = id(&world
        .test
        .post(GROUPS, &world.key, json!({"name": "Payments"}))
        .await);
    let body =
        json!({"name": "Mara", "email": "mara@demo.example", "groups": [group], "timezone": "Europe/Berlin"});
    let made = world.test.post(USERS, &world.key, body).await;
    let path = format!("{USERS}/{}", id(&made));
    let row = made.json()["result"].clone();
    assert_eq!([&row["role_id"], &row["is_admin"]], [&json!(3), &json!(false)]);
    assert_eq!(row["groups"], json!([group]));
    assert_eq!(row["timezone"], "Europe/Berlin");

    let new = world
        .patch(
            &path,
            json!({"name": "Mara Lind", "role_id": 1, "groups": [], "version": row["version"]}),
        )
        .await;
    let row = new.json()["result"].clone();
    assert_eq!(
        [&row["name"], &row["role_id"], &row["groups"]],
        [&json!("Mara Lind"), &json!(1), &json!([])]
    );
    let stale = world.patch(&path, json!({"name": "n", "version": 1})).await;
    assert_eq!(told(&stale), (409, "version_conflict".to_owned()));
    assert!(
        stale.json()["message"]
            .as_str()
            .unwrap()
            .contains("has version 3"),
        "{}",
        stale.json()
    );

    let mara = UserId(row["id"].as_i64().unwrap());
    let key = world.key_of(mara, "k", NewKey::default()).await;
    assert_eq!(world.delete(&path).await.status, 204);
    assert_eq!(world.test.get("/api/v1/user", &key).await.status, 401);
    assert_eq!(world.test.get(&path, &world.key).await.status, 404);
    let left = world
        .test
        .get(&format!("/api/v1/users/{mara}"), &world.key)
        .await
        .json();
    let left = &left["result"];
    assert_eq!(
        [&left["name"], &left["email"]],
        [&json!(format!("Deleted user {mara}")), &json!("")]
    );
    assert_eq!(
        [&left["is_forgotten"], &left["is_active"]],
        [&json!(true), &json!(false)]
    );
    let again = world
        .test
        .post(
            USERS,
            &world.key,
            json!({"name": "M", "email": "mara@demo.example"}),
        )
        .await;
    assert_eq!(again.status, 201, "the address is free again: {}", again.json());
    assert_eq!(
        world.actions("user").await,
        [
            "instance.set_up",
            "user.created",
            "user.updated",
            "user.deleted",
            "user.created"
        ]
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_person_is_named() {
    let world = World::new().await;
    let base = json!({"name": "n", "email": "n@demo.example"});
    for (field, value) in [
        ("name", json!("")),
        ("email", json!("nobody")),
        ("email", json!("ADA@demo.example")),
        ("role_id", json!(99)),
        ("groups", json!([99])),
        ("timezone", json!("the moon!")),
    ] {
        let mut body = base.clone();
        body[field] = value;
        assert_eq!(
            wrong(&world.test.post(USERS, &world.key, body.clone()).await),
            [field],
            "{body}"
        );
    }
    let mut weak = base.clone();
    weak["password"] = json!("password");
    assert_eq!(
        wrong(&world.browse(Method::POST, USERS, &weak).await),
        ["password"]
    );
    let robot = world.robot("robot", Rights::NONE).await;
    assert_eq!(
        world
            .patch(&format!("{USERS}/{robot}"), json!({"name": "n"}))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn keys_give_nobody_what_outlives_them() {
    let world = World::new().await;
    let lead = world.test.user("lead", "Lead", UserKind::Person).await;
    let path = format!("{USERS}/{lead}");
    for body in [
        json!({"is_admin": true}),
        json!({"password": "violet kettle ninety spruce"}),
        json!({"email": "other@demo.example"}),
        json!({"name": "x", "email": "other@demo.example"}),
    ] {
        let reply = world.patch(&path, body.clone()).await;
        assert_eq!(told(&reply), (403, "session_required".to_owned()), "{body}");
        let reply = world.browse(Method::PATCH, &path, &body).await;
        assert_eq!(reply.status, 200, "{}", reply.json());
    }
    let cookie = sign_in(&world.test, "other@demo.example", "violet kettle ninety spruce")
        .await
        .unwrap();
    let seen = world.browse_as(&cookie, Method::GET, USERS, &Value::Null).await;
    assert_eq!(seen.status, 200, "the new administrator is in");
    let off = world
        .browse(Method::PATCH, &path, &json!({"is_active": false}))
        .await;
    assert_eq!(off.status, 200);
    let seen = world.browse_as(&cookie, Method::GET, USERS, &Value::Null).await;
    assert_eq!(seen.status, 401, "and out");
}

#[tokio::test]
async fn the_last_active_site_admin_stays() {
    let world = World::new().await;
    let own = format!("{USERS}/{}", world.admin);
    let last = (409, "last_admin".to_owned());
    // An API user and an inactive administrator do not count.
    let other = world.test.user("other", "Lead", UserKind::Admin).await;
    let off = world
        .patch(&format!("{USERS}/{other}"), json!({"is_active": false}))
        .await;
    assert_eq!(off.status, 200, "{}", off.json());
    for body in [json!({"is_admin": false}), json!({"is_active": false})] {
        assert_eq!(
            told(&world.browse(Method::PATCH, &own, &body).await),
            last,
            "{body}"
        );
    }
    assert_eq!(told(&world.delete(&own).await), last);
    let on = world
        .patch(&format!("{USERS}/{other}"), json!({"is_active": true}))
        .await;
    assert_eq!(on.status, 200);
    let down = world
        .browse(Method::PATCH, &own, &json!({"is_admin": false}))
        .await;
    assert_eq!(down.status, 200, "{}", down.json());
    assert_eq!(
        world.test.get(USERS, &world.key).await.status,
        403,
        "from that moment on"
    );
}

#[tokio::test]
async fn seats_are_counted_by_active_people() {
    let world = World::new().await;
    let set = world
        .browse(Method::PATCH, "/api/attest/v1/settings", &json!({"seats": 2}))
        .await;
    assert_eq!(set.status, 200, "{}", set.json());
    world.robot("robot", Rights::NONE).await;
    let make = async |name: &str| {
        let body = json!({"name": name, "email": format!("{name}@demo.example")});
        world.test.post(USERS, &world.key, body).await
    };
    let second = format!("{USERS}/{}", id(&make("second").await));
    let full = (409, "seat_limit".to_owned());
    assert_eq!(told(&make("third").await), full);
    assert_eq!(
        world.patch(&second, json!({"is_active": false})).await.status,
        200
    );
    id(&make("third").await);
    assert_eq!(
        told(&world.patch(&second, json!({"is_active": true})).await),
        full
    );
}

#[tokio::test]
async fn roles_are_made_changed_and_deleted_when_nobody_has_them() {
    let world = World::new().await;
    let view = Rights::of(Right(model::Area::Cases, model::Action::View));
    let made = world
        .test
        .post(
            ROLES,
            &world.key,
            json!({"name": "Auditor", "permissions": view.to_i64()}),
        )
        .await;
    let path = format!("{ROLES}/{}", id(&made));
    assert_eq!(made.json()["result"]["permissions"], view.to_i64());
    assert_eq!(
        wrong(
            &world
                .test
                .post(ROLES, &world.key, json!({"name": "Auditor"}))
                .await
        ),
        ["name"]
    );
    let new = world
        .patch(
            &path,
            json!({"permissions": -1, "is_default": true, "version": 1}),
        )
        .await;
    let row = new.json()["result"].clone();
    assert_eq!(
        [&row["permissions"], &row["is_default"], &row["version"]],
        [&json!(-1), &json!(true), &json!(2)]
    );
    let mara = world
        .test
        .post(USERS, &world.key, json!({"name": "M", "email": "m@demo.example"}))
        .await;
    assert_eq!(
        mara.json()["result"]["role_id"],
        row["id"],
        "new people have the default role"
    );

    assert_eq!(
        wrong(&world.patch(&path, json!({"is_default": false})).await),
        ["is_default"]
    );
    assert_eq!(told(&world.delete(&path).await), (409, "built_in".to_owned()));
    let tester = format!("{ROLES}/3");
    assert_eq!(
        world.patch(&tester, json!({"is_default": true})).await.status,
        200
    );
    assert_eq!(
        world.test.get(&path, &world.key).await.json()["result"]["is_default"],
        false
    );
    let used = world.delete(&path).await;
    assert_eq!(told(&used), (409, "in_use".to_owned()));
    assert!(
        used.json()["message"].as_str().unwrap().contains("1 users"),
        "{}",
        used.json()
    );
    let mara = format!("{USERS}/{}", id(&mara));
    assert_eq!(
        world.delete(&mara).await.status,
        204,
        "who is forgotten needs no role"
    );
    assert_eq!(world.delete(&path).await.status, 204);

    assert_eq!(
        wrong(&world.patch(&tester, json!({"name": "Checker"})).await),
        ["name"]
    );
    assert_eq!(
        told(&world.delete(&format!("{ROLES}/4")).await),
        (409, "built_in".to_owned())
    );
    let changed = world.patch(&tester, json!({"permissions": 1})).await;
    assert_eq!(
        changed.json()["result"]["permissions"],
        1,
        "their rights may be changed"
    );
    assert_eq!(
        world.actions("role").await,
        [
            "role.created",
            "role.updated",
            "role.updated",
            "role.deleted",
            "role.updated"
        ]
    );
}

#[tokio::test]
async fn groups_are_made_changed_and_deleted_when_no_project_names_them() {
    let world = World::new().await;
    let mara = world.test.user("mara", "Tester", UserKind::Person).await;
    let made = world
        .test
        .post(GROUPS, &world.key, json!({"name": "QA", "members": [mara, mara]}))
        .await;
    let group = id(&made);
    let path = format!("{GROUPS}/{group}");
    assert_eq!(made.json()["result"]["members"], json!([mara]));
    assert_eq!(
        wrong(&world.test.post(GROUPS, &world.key, json!({"name": "QA"})).await),
        ["name"]
    );
    assert_eq!(
        wrong(&world.patch(&path, json!({"members": [999]})).await),
        ["members"]
    );
    let new = world
        .patch(&path, json!({"members": [mara, world.admin], "version": 1}))
        .await;
    assert_eq!(new.json()["result"]["members"], json!([world.admin, mara]));
    let access = format!("/api/attest/v1/projects/{}/access", world.project);
    let named = world
        .patch(&access, json!({"groups": [{"group_id": group, "role_id": 3}]}))
        .await;
    assert_eq!(named.status, 200, "{}", named.json());
    assert_eq!(told(&world.delete(&path).await), (409, "in_use".to_owned()));
    let out = world
        .patch(&access, json!({"groups": [{"group_id": group, "remove": true}]}))
        .await;
    assert_eq!(out.json()["result"]["groups"], json!([]));
    assert_eq!(world.delete(&path).await.status, 204);
    assert_eq!(
        world.actions("group").await,
        ["group.created", "group.updated", "group.deleted"]
    );
}

#[tokio::test]
async fn a_repeated_request_makes_nothing_twice() {
    let world = World::new().await;
    for (path, body) in [
        (USERS, json!({"name": "M", "email": "m@demo.example"})),
        (ROLES, json!({"name": "R"})),
        (GROUPS, json!({"name": "G"})),
        (super::API_USERS, json!({"name": "A"})),
    ] {
        let send = async || {
            let request =
                testkit::app::request(Method::POST, path, &world.key).header("idempotency-key", path);
            world
                .test
                .send(request.body(body.to_string().into()).unwrap())
                .await
        };
        let (first, again) = (send().await, send().await);
        assert_eq!(first.status, 201, "{path} {}", first.json());
        assert_eq!((again.status, again.bytes), (first.status, first.bytes), "{path}");
    }
}
