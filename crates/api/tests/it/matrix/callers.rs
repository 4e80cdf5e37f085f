//! The kinds of caller.

use model::{ProjectId, Scope, UserId};
use testkit::app::{BEGINNING, NewKey, TestApp, UserKind};

/// How a caller shows who it is.
pub(super) enum Caller {
    Key(String),
    Headers(Vec<(&'static str, String)>),
    Query(String),
}

/// Callers that nobody knows.
pub(super) fn strangers() -> Vec<(&'static str, Caller)> {
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
pub(super) async fn people(
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

pub(super) async fn api_users(test: &TestApp, project: ProjectId, callers: &mut Vec<(&'static str, Caller)>) {
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
    let manager = test.user("API user, manager", "Lead", UserKind::Api).await;
    give(test, project, manager, Some("Lead")).await;
    let sql = "UPDATE users SET manages_api_users = TRUE WHERE id = $1";
    let change = test
        .db()
        .write(move |tx| tx.execute(sql, store::args![manager.0]));
    change.await.unwrap();
    callers.push(("API user, manager", Caller::Key(test.key(manager).await)));
}

/// The site admin, who has a password.
pub(super) async fn owner(test: &TestApp) -> UserId {
    let owner = app::setup::Owner {
        name: "ada".to_owned(),
        email: "ada@demo.example".to_owned(),
        password: PASSWORD.to_owned(),
    };
    app::setup::init(&test.app, &owner).await.unwrap()
}

const PASSWORD: &str = "violet kettle ninety spruce";

/// The site admin in a browser: from a page of ours, and from somewhere else.
pub(super) async fn browsers(test: &TestApp, callers: &mut Vec<(&'static str, Caller)>) {
    let session = crate::administration::sign_in(test, "ada@demo.example", PASSWORD);
    let cookie = ("cookie", format!("att_sid={}", session.await.unwrap()));
    let from_us = vec![cookie.clone(), ("x-attest-csrf", "1".to_owned())];
    callers.push(("signed-in site admin", Caller::Headers(from_us)));
    callers.push((
        "signed-in site admin, foreign page",
        Caller::Headers(vec![cookie]),
    ));
}

/// The password counts as given just now.
pub(super) async fn confirm(test: &TestApp) {
    let now = test.app.now().0;
    let sql = "UPDATE sessions SET confirmed_at = $1";
    let change = test.db().write(move |tx| tx.execute(sql, store::args![now]));
    change.await.unwrap();
}

/// What shows that somebody changed something of the instance.
pub(super) async fn versions(test: &TestApp) -> Vec<Vec<i64>> {
    let read = test.db().read(|tx| {
        [
            "SELECT id FROM api_keys WHERE revoked_at IS NULL ORDER BY id",
            "SELECT version FROM users ORDER BY id",
            "SELECT version FROM roles ORDER BY id",
            "SELECT version FROM groups ORDER BY id",
            "SELECT access_version FROM projects ORDER BY id",
            "SELECT COUNT(*) FROM settings",
            "SELECT version FROM statuses ORDER BY id",
            "SELECT version FROM states ORDER BY id",
            "SELECT version FROM fields ORDER BY id",
            "SELECT version FROM templates ORDER BY id",
        ]
        .into_iter()
        .map(|sql| tx.all(sql, &[], |r| r.get(0)))
        .collect::<store::Result<_>>()
    });
    read.await.unwrap()
}

/// Only what every instance starts with is left of what it defines.
pub(super) async fn drop_definitions(test: &TestApp) {
    let drop = test.db().write(|tx| {
        for sql in [
            "DELETE FROM statuses WHERE id > 6",
            "DELETE FROM states WHERE id > 100",
            "DELETE FROM fields WHERE id > 100",
            "DELETE FROM templates WHERE id > 100",
        ] {
            tx.execute(sql, &[])?;
        }
        Ok::<_, store::Error>(())
    });
    drop.await.unwrap();
}

/// Keys that gave themselves up are back.
pub(super) async fn revive(test: &TestApp) {
    let sql = "UPDATE api_keys SET revoked_at = NULL WHERE revoke_reason = 'given up by its holder'";
    test.db().write(move |tx| tx.execute(sql, &[])).await.unwrap();
}

/// An API user that looks at the project.
pub(super) async fn robot(test: &TestApp, project: ProjectId) -> UserId {
    let id = test.user("robot", "Read-only", UserKind::Api).await;
    give(test, project, id, Some("Read-only")).await;
    id
}

/// Keys of one lead that may do less than their owner.
pub(super) async fn limited_keys(
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
