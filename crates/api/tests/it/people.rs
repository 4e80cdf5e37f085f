//! Users, groups and roles (contract §2.5, §2.10, §2.15).

use http::StatusCode;
use model::clock::SECOND;
use model::{ProjectId, UserId};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use store::project::DefaultAccess;
use store::{Tx, args};
use testkit::app::{BEGINNING, NewKey, TestApp, UserKind};

struct World {
    test: TestApp,
    admin: UserId,
    key: String,
}

impl World {
    async fn new() -> World {
        let test = TestApp::new().await;
        let (admin, key) = test.admin().await;
        World { test, admin, key }
    }

    async fn get(&self, path: &str) -> Value {
        let reply = self.test.get(&format!("/api/v1/{path}"), &self.key).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.json());
        reply.json()
    }

    async fn status(&self, path: &str, key: &str) -> u16 {
        let reply = self.test.get(&format!("/api/v1/{path}"), key).await;
        reply.status.as_u16()
    }

    /// A group made by the admin and changed by them a second later.
    async fn group(&self, name: &'static str, members: &[UserId]) -> i64 {
        let (by, members) = (self.admin.0, members.to_vec());
        let making = move |tx: &mut Tx<'_>| {
            let sql = "INSERT INTO groups (name, created_at, created_by, updated_at, updated_by)
                VALUES ($1, $2, $3, $4, $3) RETURNING id";
            let changed = BEGINNING.plus(SECOND).0;
            let id: i64 = tx.one(sql, args![name, BEGINNING.0, by, changed], |r| r.get(0))?;
            for user in &members {
                let sql = "INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)";
                tx.execute(sql, args![id, user.0])?;
            }
            Ok::<_, store::Error>(id)
        };
        self.test.db().write(making).await.unwrap()
    }

    /// People whose names are numbers from 1.
    async fn crowd(&self, n: usize) -> Vec<UserId> {
        let making = move |tx: &mut Tx<'_>| {
            let role_id = store::role::by_name(tx, "Tester")?.ok_or(store::Error::NoRow)?;
            (1..=n)
                .map(|n| {
                    let (name, email) = (n.to_string(), format!("{n}@demo.example"));
                    let new = store::user::NewUser {
                        is_api: false,
                        name: &name,
                        email: &email,
                        password_hash: None,
                        role_id,
                        is_admin: false,
                    };
                    store::user::insert(tx, &new, None, BEGINNING)
                })
                .collect::<store::Result<Vec<UserId>>>()
        };
        self.test.db().write(making).await.unwrap()
    }
}

fn ids(page: &Value) -> Vec<i64> {
    let rows = page["result"].as_array().unwrap();
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Rows, pages and expands as clients see them.
#[tokio::test]
async fn rows_are_those_of_the_contract() {
    let world = World::new().await;
    let reader = world.test.user("reader", "Read-only", UserKind::Person).await;
    let robot = world.test.user("robot", "Tester", UserKind::Api).await;
    let change = move |tx: &mut Tx<'_>| {
        let sql = "UPDATE users SET timezone = 'Europe/Berlin', date_format = 'Y-m-d', time_format = 'H:i',
            notifications = 2, is_active = FALSE, is_forgotten = TRUE, created_by = 1, updated_at = $2, updated_by = 1
            WHERE id = $1";
        tx.execute(sql, args![reader.0, BEGINNING.plus(SECOND).0])?;
        let sql = "UPDATE roles SET created_by = $1, updated_at = $2, updated_by = 1 WHERE name = 'Tester'";
        tx.execute(sql, args![robot.0, BEGINNING.plus(SECOND).0])
    };
    world.test.db().write(change).await.unwrap();
    let payments = world.group("Payments", &[robot, reader]).await;
    world.group("Nobody", &[]).await;
    let mut all = serde_json::Map::new();
    for path in [
        "users?expands=groups,roles,users".to_owned(),
        format!("users/{reader}?expands=users"),
        format!("users/{robot}"),
        "groups?expands=users".to_owned(),
        format!("groups/{payments}"),
        "roles?expands=users".to_owned(),
        "roles/1".to_owned(),
    ] {
        all.insert(path.clone(), world.get(&path).await);
    }
    insta::assert_json_snapshot!("people", all);
}

#[tokio::test]
async fn pages_go_by_id_and_bring_their_own_groups() {
    let world = World::new().await;
    let crowd = world.crowd(39).await;
    let even = world
        .group(
            "Even",
            &crowd.iter().skip(1).step_by(2).copied().collect::<Vec<_>>(),
        )
        .await;
    let last = world.group("Last", &crowd[38..]).await;
    let mut seen = Vec::new();
    for page in 1..=3 {
        let answer = world
            .get(&format!("users?per_page=15&page={page}&expands=groups,roles"))
            .await;
        assert_eq!(
            [
                &answer["page"],
                &answer["last_page"],
                &answer["per_page"],
                &answer["total"]
            ],
            [&json!(page), &json!(3), &json!(15), &json!(40)]
        );
        for row in answer["result"].as_array().unwrap() {
            let number = row["name"].as_str().unwrap().parse::<i64>().unwrap_or(1);
            let mut groups = Vec::new();
            if number % 2 == 0 {
                groups.push(even);
            }
            if number == 39 {
                groups.push(last);
            }
            assert_eq!(row["groups"], json!(groups), "{row}");
        }
        let named = if page == 3 { vec![even, last] } else { vec![even] };
        let expand: Vec<i64> = answer["expands"]["groups"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| g["id"].as_i64().unwrap())
            .collect();
        assert_eq!(expand, named, "page {page}");
        seen.extend(ids(&answer));
    }
    assert!(seen.is_sorted() && seen.len() == 40, "{seen:?}");
    let beyond = world.get("users?per_page=15&page=9").await;
    assert_eq!(
        (&beyond["result"], &beyond["total"], &beyond["next_page"]),
        (&json!([]), &json!(40), &Value::Null)
    );
    // The second page of groups has the members of its own groups.
    for n in 0..15 {
        let name: &'static str = Box::leak(format!("more {n}").into_boxed_str());
        world.group(name, &crowd[n..=n]).await;
    }
    let second = world.get("groups?per_page=15&page=2").await;
    let members: Vec<&Value> = second["result"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| &g["members"])
        .collect();
    assert_eq!(members, [&json!([crowd[13]]), &json!([crowd[14]])]);
    assert_eq!(second["expands"], json!({}));
}

#[tokio::test]
async fn an_instance_without_groups_has_an_empty_page() {
    let world = World::new().await;
    let empty = world.get("groups?expands=users").await;
    assert_eq!(
        empty,
        json!({"page": null, "prev_page": null, "next_page": null, "last_page": null, "per_page": 100, "total": 0,
            "result": [], "expands": {"users": []}})
    );
}

#[tokio::test]
async fn what_is_wrong_or_absent_is_told() {
    let world = World::new().await;
    let project = world.test.project(world.admin, "Storefront").await;
    let of_project = format!("projects/{project}/users");
    for (path, field) in [
        ("users?per_page=10", "per_page"),
        ("groups?page=0", "page"),
        ("roles?per_page=0", "per_page"),
        (&format!("{of_project}?page=x"), "page"),
        ("users?expands=members", "expands"),
        ("groups?expands=roles", "expands"),
        ("roles?expands=groups", "expands"),
        ("users/1?expands=cats", "expands"),
        ("roles/1?expands=cats", "expands"),
        ("groups/1?expands=cats", "expands"),
    ] {
        let reply = world.test.get(&format!("/api/v1/{path}"), &world.key).await;
        assert_eq!(reply.status.as_u16(), 422, "{path}");
        assert_eq!(keys(&reply.json()["errors"]), [field], "{path}");
    }
    for path in [
        "users/999999",
        "users/0",
        "users/x",
        "groups/1",
        "groups/-1",
        "roles/7",
        "roles/1x",
    ] {
        assert_eq!(world.status(path, &world.key).await, 404, "{path}");
    }
    // Neither sorted nor filtered: such parameters are unknown here and left alone.
    let left_alone = world.get("users?sort=name&order=up&is_active=maybe").await;
    assert_eq!(ids(&left_alone), [1]);
}

#[tokio::test]
async fn those_who_see_a_project_are_listed_by_id_and_name() {
    let world = World::new().await;
    let project = world.test.project(world.admin, "Storefront").await;
    let crowd = world.crowd(20).await;
    let path = format!("projects/{project}/users");
    let second = world
        .get(&format!("{path}?per_page=15&page=2&expands=cats"))
        .await;
    assert_eq!(
        keys(&second),
        [
            "last_page",
            "next_page",
            "page",
            "per_page",
            "prev_page",
            "result",
            "total"
        ],
        "nothing is expanded"
    );
    assert_eq!(second["result"][0], json!({"id": crowd[14], "name": "15"}));
    assert_eq!(
        (second["result"].as_array().unwrap().len(), &second["total"]),
        (6, &json!(21))
    );

    let (in_group, alone, out) = (crowd[3], crowd[7], crowd[8]);
    let group = world.group("Payments", &[in_group, out]).await;
    let change = move |tx: &mut Tx<'_>| {
        store::project::set_default_access(tx, project, DefaultAccess::None)?;
        let tester = store::role::by_name(tx, "Tester")?;
        store::project::set_user_access(tx, project, alone, tester)?;
        store::project::set_user_access(tx, project, out, None)?;
        let sql = "INSERT INTO project_groups (project_id, group_id, role_id) VALUES ($1, $2, $3)";
        tx.execute(sql, args![project.0, group, tester.map(|r| r.0)])
    };
    world.test.db().write(change).await.unwrap();
    let listed: BTreeSet<i64> = ids(&world.get(&path).await).into_iter().collect();
    assert_eq!(listed, BTreeSet::from([world.admin.0, in_group.0, alone.0]));
    // Those who are listed get in, and nobody else.
    for user in &crowd {
        let key = world.test.key(*user).await;
        let expected = if listed.contains(&user.0) { 200 } else { 404 };
        assert_eq!(world.status(&path, &key).await, expected, "{user}");
        assert_eq!(
            world.status(&format!("projects/{project}"), &key).await,
            expected,
            "{user}"
        );
    }
}

/// Decided so: whoever has a key sees the people, groups and roles of the instance, as far as the contract shows them.
#[tokio::test]
async fn every_key_sees_the_people() {
    let world = World::new().await;
    let one = world.test.project(world.admin, "One").await;
    let two = world.test.project(world.admin, "Two").await;
    let lead = world.test.user("lead", "Lead", UserKind::Person).await;
    let limited = |scope, projects: Vec<ProjectId>| NewKey {
        scope,
        projects: Some(projects),
        ..NewKey::default()
    };
    world.group("Payments", &[lead]).await;
    for scope in model::Scope::ALL {
        let new = limited(scope, vec![one]);
        let key = world.test.key_with(lead, scope.name(), new).await.1;
        for path in ["users", "users/1", "groups", "groups/1", "roles", "roles/1"] {
            assert_eq!(world.status(path, &key).await, 200, "{path} {scope:?}");
        }
        let of = async |project: ProjectId| world.status(&format!("projects/{project}/users"), &key).await;
        assert_eq!((of(one).await, of(two).await), (200, 404), "{scope:?}");
    }
    for path in ["users", "groups", "roles"] {
        assert_eq!(world.status(path, "").await, 401, "{path}");
    }
}
