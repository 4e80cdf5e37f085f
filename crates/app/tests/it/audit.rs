//! Each change leaves one row of the audit log in its own transaction; what failed leaves none (`security.md` A6).

use crate::keys::named;
use crate::support::{
    EMAIL, PASSWORD, actions, code, colleague, dump, execute, from, instance, refused, sign_in, typed,
};
use app::account::{self, Account};
use app::automation::{runs, threads};
use app::projects::{self, NewProject};
use app::{Actor, Answer, Request, keys, login};
use model::clock::DAY;
use model::{AutomationRunId, ProjectId, ThreadId};
use std::sync::Arc;
use store::audit::Recorded;
use store::automation::Additions;
use store::automation::thread::Elapsed;
use testkit::app::{BEGINNING, TestApp};

const OTHER_PASSWORD: &str = "copper lantern forty meadow";

fn done<T>(_: &T) -> (u16, String) {
    (200, String::new())
}

fn fresh<T>(answer: Answer<T>) -> T {
    match answer {
        Answer::Fresh(made) => made,
        Answer::Known(status, _) => panic!("answered before, {status}"),
    }
}

fn storefront() -> NewProject {
    NewProject {
        name: "Storefront".to_owned(),
        note: None,
        is_demo: false,
    }
}

fn renamed(name: &str) -> Account {
    Account {
        name: name.to_owned(),
        timezone: Some("Europe/Berlin".to_owned()),
    }
}

async fn run(
    test: &TestApp,
    actor: &Actor,
    project: ProjectId,
    source: &str,
) -> app::Result<AutomationRunId> {
    let new = runs::NewRun {
        name: "nightly".to_owned(),
        source: source.to_owned(),
        ..runs::NewRun::default()
    };
    Ok(fresh(
        runs::create(&test.app, actor, project, new, None, done).await?,
    ))
}

async fn thread(test: &TestApp, actor: &Actor, run: AutomationRunId) -> app::Result<ThreadId> {
    let new = threads::NewThread::default();
    Ok(fresh(
        threads::create(&test.app, actor, run, new, None, done).await?,
    ))
}

/// Rows of the audit log that were written since the last look.
struct Watch<'t> {
    test: &'t TestApp,
    seen: usize,
}

impl Watch<'_> {
    async fn begin(test: &TestApp) -> Watch<'_> {
        let seen = actions(test.db()).await.len();
        Watch { test, seen }
    }

    #[track_caller]
    fn is_new(&self, all: &[String], expected: &[&str]) {
        assert_eq!(all[self.seen..], *expected);
    }

    async fn expect(&mut self, expected: &[&str]) {
        let all = actions(self.test.db()).await;
        self.is_new(&all, expected);
        self.seen = all.len();
    }
}

#[tokio::test]
async fn each_change_of_people_and_keys_leaves_one_row() {
    let (test, ada) = instance().await;
    let mut watch = Watch { test: &test, seen: 0 };
    watch.expect(&["instance.set_up"]).await;
    let (actor, _) = sign_in(&test, EMAIL).await;
    let (there, _) = sign_in(&test, EMAIL).await;
    watch.expect(&["user.signed_in", "user.signed_in"]).await;
    account::update(&test.app, &actor, &renamed("Ada L."))
        .await
        .unwrap();
    watch.expect(&["user.updated"]).await;
    projects::create(&test.app, &actor, &storefront()).await.unwrap();
    watch.expect(&["project.created"]).await;

    let made = keys::create(&test.app, &actor, &named("one")).await.unwrap();
    watch.expect(&["key.created"]).await;
    let made = keys::rotate(&test.app, &actor, made.key.id, DAY).await.unwrap();
    watch.expect(&["key.rotated"]).await;
    let made = keys::rotate(&test.app, &actor, made.key.id, 0).await.unwrap();
    watch.expect(&["key.rotated"]).await;
    keys::revoke(&test.app, &actor, made.key.id, None).await.unwrap();
    watch.expect(&["key.revoked"]).await;
    keys::revoke(&test.app, &actor, made.key.id, None).await.unwrap();
    watch.expect(&[]).await;

    let id = there.session.as_ref().unwrap().id;
    login::revoke_device(&test.app, &actor, id).await.unwrap();
    watch.expect(&["user.signed_out"]).await;
    login::revoke_other_devices(&test.app, &actor).await.unwrap();
    watch.expect(&["user.signed_out_elsewhere"]).await;
    login::change_password(&test.app, &actor, PASSWORD, OTHER_PASSWORD)
        .await
        .unwrap();
    watch.expect(&["user.password_changed"]).await;
    login::sign_out(&test.app, &actor).await.unwrap();
    watch.expect(&["user.signed_out"]).await;

    // Looking leaves nothing.
    let ada = test.actor(ada).await;
    keys::list(&test.app, &ada).await.unwrap();
    login::devices(&test.app, &ada).await.unwrap();
    projects::page(
        &test.app,
        &ada,
        &store::project::Filter::default(),
        model::page::PageRequest::default(),
    )
    .await
    .unwrap();
    watch.expect(&[]).await;
}

#[tokio::test]
async fn each_step_of_a_run_leaves_one_row() {
    let (test, ada) = instance().await;
    let ada = test.actor(ada).await;
    let project = projects::create(&test.app, &ada, &storefront()).await.unwrap();
    let mut watch = Watch::begin(&test).await;
    run(&test, &ada, project, "backend").await.unwrap();
    watch
        .expect(&["automation_source.created", "automation_run.created"])
        .await;
    let id = run(&test, &ada, project, "backend").await.unwrap();
    watch.expect(&["automation_run.created"]).await;
    let one = thread(&test, &ada, id).await.unwrap();
    watch.expect(&["automation_thread.created"]).await;
    threads::complete(&test.app, &ada, one, Elapsed::default(), None, done)
        .await
        .unwrap();
    watch.expect(&["automation_thread.completed"]).await;
    // Batches are not audited one by one.
    runs::append(&test.app, &ada, id, Additions::default(), None, done)
        .await
        .unwrap();
    watch.expect(&[]).await;
    runs::complete(&test.app, &ada, id, true, None, done)
        .await
        .unwrap();
    watch.expect(&["automation_run.completed"]).await;

    test.clock.advance(DAY + 1);
    assert_eq!(runs::close_abandoned(&test.app).await.unwrap(), 1);
    watch.expect(&["automation_run.closed_as_incomplete"]).await;
    let last = recorded(&test).await.pop().unwrap().entry;
    assert_eq!(
        (last.via.as_str(), last.actor_id, last.actor_name.as_str()),
        ("system", None, "Attest")
    );
    let closed = AutomationRunId(last.target_id.unwrap());
    runs::append(&test.app, &ada, closed, Additions::default(), None, done)
        .await
        .unwrap();
    watch.expect(&["automation_run.reopened"]).await;
}

#[tokio::test]
async fn what_failed_leaves_no_row() {
    let (test, ada) = instance().await;
    let bob = colleague(&test, ada, "bob").await;
    let bob = test.actor(bob).await;
    let (actor, _) = sign_in(&test, EMAIL).await;
    let project = projects::create(&test.app, &actor, &storefront()).await.unwrap();
    let made = keys::create(&test.app, &actor, &named("one")).await.unwrap();
    let id = run(&test, &actor, project, "backend").await.unwrap();
    runs::complete(&test.app, &actor, id, false, None, done)
        .await
        .unwrap();
    let mut watch = Watch::begin(&test).await;

    refused(login::sign_in(&test.app, &typed(EMAIL, "wrong"), &Request::default()).await);
    refused(login::confirm(&test.app, &actor, "wrong").await);
    refused(login::change_password(&test.app, &actor, "wrong", OTHER_PASSWORD).await);
    refused(login::revoke_device(&test.app, &actor, model::SessionId(404)).await);
    refused(account::update(&test.app, &actor, &renamed(" ")).await);
    refused(projects::create(&test.app, &bob, &storefront()).await);
    refused(keys::create(&test.app, &actor, &named("one")).await);
    refused(keys::rotate(&test.app, &bob, made.key.id, 0).await);
    refused(keys::revoke(&test.app, &bob, made.key.id, None).await);
    refused(run(&test, &actor, ProjectId(404), "backend").await);
    refused(thread(&test, &actor, id).await);
    refused(runs::complete(&test.app, &actor, id, false, None, done).await);
    watch.expect(&[]).await;
}

/// When the audit row can't be written, nothing is.
#[tokio::test]
async fn without_its_row_nothing_is_changed() {
    let (test, _) = instance().await;
    let (actor, _) = sign_in(&test, EMAIL).await;
    let (there, _) = sign_in(&test, EMAIL).await;
    let project = projects::create(&test.app, &actor, &storefront()).await.unwrap();
    let made = keys::create(&test.app, &actor, &named("one")).await.unwrap();
    let id = run(&test, &actor, project, "backend").await.unwrap();
    let one = thread(&test, &actor, id).await.unwrap();
    execute(test.db(), "ALTER TABLE audit RENAME COLUMN detail TO gone")
        .await
        .unwrap();
    let before = dump(test.db()).await;

    let (app, key) = (&test.app, made.key.id);
    let device = there.session.as_ref().unwrap().id;
    let results = [
        login::sign_in(app, &typed(EMAIL, PASSWORD), &Request::default())
            .await
            .map(drop),
        login::change_password(app, &actor, PASSWORD, OTHER_PASSWORD).await,
        login::revoke_device(app, &actor, device).await,
        login::revoke_other_devices(app, &actor).await.map(drop),
        login::sign_out(app, &actor).await,
        account::update(app, &actor, &renamed("Eve")).await,
        projects::create(app, &actor, &storefront()).await.map(drop),
        keys::create(app, &actor, &named("two")).await.map(drop),
        keys::rotate(app, &actor, key, 0).await.map(drop),
        keys::rotate(app, &actor, key, DAY).await.map(drop),
        keys::revoke(app, &actor, key, None).await,
        run(&test, &actor, project, "backend").await.map(drop),
        run(&test, &actor, project, "frontend").await.map(drop),
        thread(&test, &actor, id).await.map(drop),
        threads::complete(app, &actor, one, Elapsed::default(), None, done)
            .await
            .map(drop),
        runs::complete(app, &actor, id, false, None, done).await.map(drop),
    ];
    for (n, result) in results.into_iter().enumerate() {
        assert_eq!(code(result), "internal", "{n}");
    }
    assert_eq!(dump(test.db()).await, before);
}

async fn recorded(test: &TestApp) -> Vec<Recorded> {
    test.db()
        .read(|tx| store::audit::unsealed(tx, 1000))
        .await
        .unwrap()
}

#[tokio::test]
async fn a_row_says_who_by_what_from_where() {
    let (test, ada) = instance().await;
    let request = Request {
        request_id: Some(Arc::from("req-1")),
        agent: Some(Arc::from("Firefox")),
        ..from("192.0.2.7")
    };
    let signed_in = login::sign_in(&test.app, &typed(EMAIL, PASSWORD), &request)
        .await
        .unwrap();
    let actor = login::authenticate(&test.app, &signed_in.cookie, &request)
        .await
        .unwrap();
    let session = actor.session.as_ref().unwrap().id;
    let made = keys::create(&test.app, &actor, &named("robot")).await.unwrap();
    let by_key = keys::authenticate(&test.app, &made.secret, &request)
        .await
        .unwrap();
    let project = projects::create(&test.app, &by_key, &storefront()).await.unwrap();

    let rows: Vec<store::audit::Entry> = recorded(&test).await.into_iter().map(|r| r.entry).collect();
    let said: Vec<_> = rows
        .iter()
        .map(|e| {
            (
                e.action.as_str(),
                e.via.as_str(),
                e.via_id,
                e.target_kind.as_str(),
                e.target_id,
            )
        })
        .collect();
    let key = made.key.id.0;
    assert_eq!(
        said,
        [
            ("instance.set_up", "cli", None, "user", Some(ada.0)),
            (
                "user.signed_in",
                "session",
                Some(session.0),
                "session",
                Some(session.0)
            ),
            ("key.created", "session", Some(session.0), "api_key", Some(key)),
            ("project.created", "key", Some(key), "project", Some(project.0)),
        ]
    );
    for row in &rows {
        assert_eq!(
            (row.at, row.actor_id, row.actor_name.as_str()),
            (BEGINNING, Some(ada), "Ada")
        );
    }
    for row in &rows[1..] {
        assert_eq!(row.ip.as_deref(), Some("192.0.2.7"));
        assert_eq!(row.request_id.as_deref(), Some("req-1"));
    }
    assert_eq!(rows[3].project_id, Some(project));
    let detail: serde_json::Value = serde_json::from_str(rows[2].detail.as_deref().unwrap()).unwrap();
    assert_eq!(
        (&detail["scope"], &detail["expires_at"]),
        (&"full".into(), &serde_json::Value::Null)
    );
}

#[tokio::test]
async fn rows_and_seals_never_change_and_never_go() {
    let (test, _) = instance().await;
    app::audit::seal_all(&test.app, "test").await.unwrap();
    let before = dump(test.db()).await;
    let mut changes = vec![
        "UPDATE audit SET actor_name = 'Eve'",
        "UPDATE audit SET at = at WHERE id > 0",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE action = 'instance.set_up'",
        "UPDATE audit_seals SET seq = seq + 1",
        "DELETE FROM audit_seals WHERE seq = 1",
    ];
    if test.db().is_postgres() {
        changes.extend([
            "TRUNCATE audit",
            "TRUNCATE audit_seals",
            "DELETE FROM audit WHERE FALSE",
        ]);
    }
    for change in changes {
        let error = execute(test.db(), change).await.unwrap_err().to_string();
        assert!(error.contains("never"), "{change}: {error}");
    }
    assert_eq!(dump(test.db()).await, before);
}
