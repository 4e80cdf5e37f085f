//! Who gets into a project, and that nobody opens it wider than it is open to them.

use super::{World, told, wrong};
use http::Method;
use model::{Action, Area, Right, Rights, Scope, UserId};
use serde_json::{Value, json};
use testkit::app::{NewKey, Reply, UserKind};

/// Setting a project up and looking at it; a role that may do less than others in the project.
const SETTINGS: Rights = Rights::view().with(Rights::areas(&[Area::Settings]));

struct Access {
    world: World,
    path: String,
}

impl Access {
    async fn new() -> Access {
        let world = World::new().await;
        let path = format!("/api/attest/v1/projects/{}/access", world.project);
        Access { world, path }
    }

    async fn set(&self, key: &str, body: Value) -> Reply {
        self.world.test.call(Method::PATCH, &self.path, key, &body).await
    }

    async fn status(&self, key: &str) -> u16 {
        let path = format!("/api/v1/projects/{}", self.world.project);
        self.world.test.get(&path, key).await.status.as_u16()
    }

    /// A person whose role in the project, and nowhere else, is this one.
    async fn editor(&self, rights: Rights) -> (UserId, String, i64) {
        let id = self
            .world
            .test
            .user("editor", "Read-only", UserKind::Person)
            .await;
        let role = self.world.test.role("editing", rights).await;
        let body = json!({"users": [{"user_id": id, "role_id": role}]});
        assert_eq!(self.set(&self.world.key, body).await.status, 200);
        (id, self.world.key_of(id, "k", NewKey::default()).await, role.0)
    }
}

#[tokio::test]
async fn the_default_users_and_groups_decide() {
    let a = Access::new().await;
    let (test, key) = (&a.world.test, &a.world.key);
    let mara = test.user("mara", "Tester", UserKind::Person).await;
    let hers = a.world.key_of(mara, "k", NewKey::default()).await;
    let before = test.get(&a.path, key).await.json()["result"].clone();
    assert_eq!(before["default_access"], "global");
    assert_eq!(a.status(&hers).await, 200);

    let none = a
        .set(
            key,
            json!({"default_access": "none", "version": before["version"]}),
        )
        .await;
    assert_eq!(none.json()["result"]["default_access"], "none");
    assert_eq!(a.status(&hers).await, 404);
    let stale = a
        .set(
            key,
            json!({"default_access": "global", "version": before["version"]}),
        )
        .await;
    assert_eq!(told(&stale), (409, "version_conflict".to_owned()));

    let named = a
        .set(key, json!({"users": [{"user_id": mara, "role_id": 4}]}))
        .await;
    let user = named.json()["result"]["users"][0].clone();
    assert_eq!(
        user,
        json!({"user_id": mara, "name": "mara", "role_id": 4, "is_admin": false})
    );
    assert_eq!(a.status(&hers).await, 200);
    a.set(
        key,
        json!({"default_access": "global", "users": [{"user_id": mara, "role_id": null}]}),
    )
    .await;
    assert_eq!(a.status(&hers).await, 404, "named without a role: out");
    a.set(key, json!({"users": [{"user_id": mara, "remove": true}]}))
        .await;
    assert_eq!(a.status(&hers).await, 200, "named no longer: the default");
    let role = a
        .set(key, json!({"default_access": "role", "default_role_id": 4}))
        .await;
    assert_eq!(role.json()["result"]["default_role_id"], 4);
    let actions = a.world.actions("project").await;
    assert_eq!(
        actions.iter().filter(|n| *n == "project.access_changed").count(),
        5
    );
}

#[tokio::test]
async fn what_is_wrong_is_named_and_then_nothing_changes() {
    let a = Access::new().await;
    let key = &a.world.key;
    let before = a.world.test.get(&a.path, key).await.bytes;
    let good = json!({"user_id": a.world.admin, "role_id": 1});
    for (body, field) in [
        (json!({"default_access": "all"}), "default_access"),
        (json!({"default_access": "role"}), "default_role_id"),
        (json!({"default_role_id": 99}), "role_id"),
        (json!({"users": [good, {"user_id": 1}]}), "users.1.role_id"),
        (json!({"users": [good, good]}), "users"),
        (json!({"users": [good, {"user_id": 999, "role_id": 1}]}), "users"),
        (
            json!({"users": [{"user_id": 1, "role_id": null, "is_admin": true}]}),
            "users.0.role_id",
        ),
        (
            json!({"users": [good], "groups": [{"group_id": 99, "role_id": 1}]}),
            "groups",
        ),
    ] {
        assert_eq!(wrong(&a.set(key, body.clone()).await), [field], "{body}");
    }
    assert_eq!(
        told(&a.set(key, json!({})).await),
        (400, "nothing_to_change".to_owned())
    );
    assert_eq!(a.world.test.get(&a.path, key).await.bytes, before);
}

#[tokio::test]
async fn nobody_gives_more_than_they_have_there() {
    let a = Access::new().await;
    let (_, editor, own_role) = a.editor(SETTINGS).await;
    let other = a.world.test.user("other", "Lead", UserKind::Person).await;
    let group = a
        .world
        .test
        .post("/api/attest/v1/groups", &a.world.key, json!({"name": "G"}))
        .await;
    let group = group.json()["result"]["id"].clone();
    for (body, field) in [
        (json!({"default_access": "global"}), "default_access"),
        (
            json!({"default_access": "role", "default_role_id": 1}),
            "default_access",
        ),
        (
            json!({"users": [{"user_id": other, "role_id": 1}]}),
            "users.0.role_id",
        ),
        (
            json!({"users": [{"user_id": other, "role_id": 4, "is_admin": true}]}),
            "users.0.role_id",
        ),
        (
            json!({"groups": [{"group_id": group, "role_id": 1}]}),
            "groups.0.role_id",
        ),
    ] {
        assert_eq!(wrong(&a.set(&editor, body.clone()).await), [field], "{body}");
    }
    for body in [
        json!({"users": [{"user_id": other, "role_id": own_role}]}),
        json!({"users": [{"user_id": other, "role_id": 4}]}),
        json!({"groups": [{"group_id": group, "role_id": 4}]}),
        json!({"default_access": "role", "default_role_id": 4}),
        json!({"default_access": "none"}),
    ] {
        let reply = a.set(&editor, body).await;
        assert_eq!(reply.status, 200, "{}", reply.json());
    }
}

/// The ways around: leaving a narrow row for a wider default or group, and taking away from those above.
#[tokio::test]
async fn nobody_rises_by_falling_back() {
    let a = Access::new().await;
    let (id, editor, _) = a.editor(SETTINGS).await;
    let leave = json!({"users": [{"user_id": id, "remove": true}]});
    assert_eq!(
        wrong(&a.set(&editor, leave.clone()).await),
        ["users.0.role_id"],
        "the default is global"
    );
    a.set(&a.world.key, json!({"default_access": "none"})).await;
    let body = json!({"name": "G", "members": [id]});
    let group = a
        .world
        .test
        .post("/api/attest/v1/groups", &a.world.key, body)
        .await
        .json()["result"]["id"]
        .clone();
    let lead_group = json!({"groups": [{"group_id": group, "role_id": 1}]});
    assert_eq!(a.set(&a.world.key, lead_group).await.status, 200);
    assert_eq!(
        wrong(&a.set(&editor, leave.clone()).await),
        ["users.0.role_id"],
        "a group is wider"
    );
    let narrower = json!({"groups": [{"group_id": group, "role_id": 4}]});
    assert_eq!(
        wrong(&a.set(&editor, narrower).await),
        ["groups.0.role_id"],
        "those above stay"
    );
    let out = json!({"groups": [{"group_id": group, "remove": true}]});
    assert_eq!(a.set(&a.world.key, out).await.status, 200);
    let lead = a.world.test.user("lead", "Lead", UserKind::Person).await;
    let body = json!({"users": [{"user_id": lead, "role_id": 1}]});
    assert_eq!(a.set(&a.world.key, body).await.status, 200);
    let demote = json!({"users": [{"user_id": lead, "role_id": null}]});
    assert_eq!(wrong(&a.set(&editor, demote).await), ["users.0.role_id"]);
    assert_eq!(
        a.set(&editor, leave).await.status,
        200,
        "now nothing wider is left"
    );
    assert_eq!(a.status(&editor).await, 404);
}

#[tokio::test]
async fn it_takes_the_right_to_set_the_project_up() {
    let a = Access::new().await;
    let (_, editor, _) = a.editor(Rights::view()).await;
    assert_eq!(a.world.test.get(&a.path, &editor).await.status, 200);
    let body = json!({"default_access": "none"});
    assert_eq!(
        told(&a.set(&editor, body.clone()).await),
        (403, "permission_denied".to_owned())
    );
    let narrow = super::scoped(Scope::CasesWrite);
    let admin = a.world.key_of(a.world.admin, "cases", narrow).await;
    assert_eq!(
        told(&a.set(&admin, body).await),
        (403, "insufficient_scope".to_owned())
    );
    let edit = Right(Area::Settings, Action::Edit);
    assert_eq!(app::members::EDIT, edit);
}
