//! Who is told what, and what they no longer see.

use app::cases::review::{Step, step};
use app::cases::{self, New};
use app::once::Answer;
use app::{Actor, Error, notifications, runs};
use model::page::PageRequest;
use model::{CaseId, NoticeKind, ProjectId, Rights, RunId, StateId, UserId};
use store::notification::{About, Notification};
use store::project::DefaultAccess;
use testkit::app::{NewKey, TestApp, UserKind};

struct World {
    test: TestApp,
    project: ProjectId,
    /// Site admin.
    ada: Actor,
    /// A lead, who may approve.
    ben: Actor,
    /// A tester.
    tess: Actor,
}

impl World {
    async fn new() -> World {
        let test = TestApp::new().await;
        let (admin, _) = test.admin().await;
        let project = test.project(admin, "Storefront").await;
        let ben = test.user("ben", "Lead", UserKind::Person).await;
        let tess = test.user("tess", "Tester", UserKind::Person).await;
        World {
            ada: test.actor(admin).await,
            ben: test.actor(ben).await,
            tess: test.actor(tess).await,
            test,
            project,
        }
    }

    async fn cases(&self, by: &Actor, n: usize) -> Vec<CaseId> {
        let new = (0..n).map(|n| New {
            name: format!("Case {n}"),
            state_id: Some(StateId(4)),
            ..New::default()
        });
        let render = |_: &cases::Cases| (201, String::new());
        let made = cases::create(&self.test.app, by, self.project, new.collect(), None, render).await;
        match made.unwrap() {
            Answer::Fresh(made) => made.cases.iter().map(|(c, _)| c.id).collect(),
            Answer::Known(..) => panic!("nothing was claimed"),
        }
    }

    async fn run(&self, by: &Actor, cases: &[CaseId], assignee: Option<UserId>) -> RunId {
        let new = runs::New {
            change: runs::Change {
                name: Some("RC 1".to_owned()),
                assignee_id: Some(assignee),
                ..runs::Change::default()
            },
            include_all: false,
            cases: cases.iter().map(|id| id.0).collect(),
        };
        let render = |_: &(store::run::Run, runs::Looks)| (201, String::new());
        match runs::create(&self.test.app, by, self.project, new, None, render)
            .await
            .unwrap()
        {
            Answer::Fresh((run, _)) => run.id,
            Answer::Known(..) => panic!("nothing was claimed"),
        }
    }

    async fn change(&self, by: &Actor, run: RunId, change: runs::Change) {
        runs::update(&self.test.app, by, run, change).await.unwrap();
    }

    async fn assign(&self, by: &Actor, run: RunId, to: UserId) {
        let change = runs::Change {
            assignee_id: Some(Some(to)),
            ..runs::Change::default()
        };
        self.change(by, run, change).await;
    }

    async fn give(&self, by: &Actor, run: RunId, n: usize, to: UserId) {
        let page = PageRequest {
            page: 1,
            per_page: 100,
        };
        let tests = runs::tests(&self.test.app, by, run, page).await.unwrap().rows;
        let results = tests.iter().take(n).map(|t| {
            let change = runs::results::Change {
                status_id: Some(2),
                assignee_id: Some(Some(to)),
                ..runs::results::Change::default()
            };
            (t.id, change)
        });
        let render = |_: &runs::results::Made| (201, String::new());
        runs::results::create(&self.test.app, by, run, (results.collect(), true), None, render)
            .await
            .unwrap();
    }

    async fn of(&self, actor: &Actor) -> Vec<Notification> {
        let page = PageRequest {
            page: 1,
            per_page: 100,
        };
        let page = notifications::page(&self.test.app, actor, true, page)
            .await
            .unwrap();
        assert_eq!(page.total, i64::try_from(page.rows.len()).unwrap());
        page.rows
    }

    async fn told(&self, actor: &Actor) -> Vec<(NoticeKind, i64)> {
        self.of(actor).await.iter().map(|n| (n.kind, n.count)).collect()
    }

    async fn let_in(&self, default: DefaultAccess) {
        let project = self.project;
        let set = move |tx: &mut store::Tx<'_>| store::project::set_default_access(tx, project, default);
        self.test.db().write(set).await.unwrap();
    }

    async fn unread(&self, actor: &Actor) -> i64 {
        notifications::unread(&self.test.app, actor).await.unwrap()
    }
}

#[tokio::test]
async fn tests_that_are_given_are_told_once() {
    let w = World::new().await;
    let cases = w.cases(&w.ada, 100).await;
    let run = w.run(&w.ada, &cases, Some(w.tess.user.id)).await;
    let told = w.of(&w.tess).await;
    let [one] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!((one.kind, one.count), (NoticeKind::Assigned, 100));
    assert_eq!(one.about, Some(About::Run(run.0)));
    assert_eq!(one.actor, Some((w.ada.user.id, w.ada.user.name.clone())));
    assert_eq!(one.title, "RC 1");
    // The same again changes nothing.
    w.assign(&w.ada, run, w.tess.user.id).await;
    assert_eq!(w.told(&w.tess).await, [(NoticeKind::Assigned, 100)]);
    // Nobody is told of what they did themselves.
    w.assign(&w.ben, run, w.ben.user.id).await;
    assert_eq!(w.told(&w.ben).await, []);
    // More in the same run are one notification, and one test names itself.
    w.give(&w.ada, run, 3, w.ben.user.id).await;
    assert_eq!(w.told(&w.ben).await, []);
    w.give(&w.ada, run, 3, w.tess.user.id).await;
    assert_eq!(w.told(&w.tess).await, [(NoticeKind::Assigned, 103)]);
    w.give(&w.ada, run, 1, w.ben.user.id).await;
    assert!(w.of(&w.ben).await[0].part.is_some());
}

#[tokio::test]
async fn read_ones_stay_for_thirty_days_and_can_be_taken_back() {
    let w = World::new().await;
    let cases = w.cases(&w.ada, 2).await;
    for _ in 0..2 {
        w.run(&w.ada, &cases, Some(w.tess.user.id)).await;
    }
    assert_eq!(w.unread(&w.tess).await, 2);
    let first = w.of(&w.tess).await[0].id;
    let read = notifications::read(&w.test.app, &w.tess, first).await.unwrap();
    assert_eq!(w.unread(&w.tess).await, 1);
    notifications::unread_again(&w.test.app, &w.tess, read.read_at.unwrap())
        .await
        .unwrap();
    assert_eq!(w.unread(&w.tess).await, 2);
    let foreign = notifications::read(&w.test.app, &w.ben, first).await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    notifications::read_all(&w.test.app, &w.tess).await.unwrap();
    assert_eq!(w.unread(&w.tess).await, 0);
    let at = w.test.app.now();
    let old = move |tx: &mut store::Tx<'_>| store::notification::delete_old(tx, at);
    w.test.db().write(old).await.unwrap();
    assert_eq!(w.of(&w.tess).await.len(), 2);
    let old = move |tx: &mut store::Tx<'_>| store::notification::delete_old(tx, at.plus(1));
    w.test.db().write(old).await.unwrap();
    assert_eq!(w.of(&w.tess).await.len(), 0);
}

#[tokio::test]
async fn what_somebody_may_no_longer_see_is_not_shown() {
    let w = World::new().await;
    let cases = w.cases(&w.ada, 1).await;
    let run = w.run(&w.ada, &cases, Some(w.tess.user.id)).await;
    let gone = w.run(&w.ada, &cases, Some(w.tess.user.id)).await;
    assert_eq!(w.of(&w.tess).await.len(), 2);
    runs::delete(&w.test.app, &w.ada, gone).await.unwrap();
    assert_eq!(w.of(&w.tess).await.len(), 1);
    w.let_in(DefaultAccess::None).await;
    assert_eq!(w.of(&w.tess).await.len(), 0);
    assert_eq!(w.unread(&w.tess).await, 0);
    w.let_in(DefaultAccess::Global).await;
    assert_eq!(w.unread(&w.tess).await, 1);
    // A closed run needs the right to look at closed ones.
    let close = runs::Change {
        is_closed: Some(true),
        ..runs::Change::default()
    };
    w.change(&w.ada, run, close).await;
    let rights = Rights::of(runs::VIEW).with(Rights::of(store::access::SEE));
    let role = w.test.role("Open runs", rights).await;
    assert_eq!(w.unread(&w.tess).await, 1);
    w.let_in(DefaultAccess::Role(role)).await;
    assert_eq!(w.unread(&w.tess).await, 0);
}

#[tokio::test]
async fn a_key_shows_what_its_projects_have_and_marks_with_scope_full() {
    let w = World::new().await;
    let cases = w.cases(&w.ada, 1).await;
    w.run(&w.ada, &cases, Some(w.tess.user.id)).await;
    let admin = w.ada.user.id;
    let other = w.test.project(admin, "Other").await;
    for (name, projects, scope, seen) in [
        ("all", None, model::Scope::Read, 1),
        ("this", Some(vec![w.project]), model::Scope::Read, 1),
        ("other", Some(vec![other]), model::Scope::Full, 0),
    ] {
        let new = NewKey {
            scope,
            projects,
            ..NewKey::default()
        };
        let (_, secret) = w.test.key_with(w.tess.user.id, name, new).await;
        let key = app::keys::authenticate(&w.test.app, &secret, &app::Request::default())
            .await
            .unwrap();
        assert_eq!(w.of(&key).await.len(), seen);
        if scope == model::Scope::Read {
            let refused = notifications::read_all(&w.test.app, &key).await;
            assert!(matches!(refused, Err(Error::Denied(_))));
        } else {
            notifications::read_all(&w.test.app, &key).await.unwrap();
            assert_eq!(w.unread(&w.tess).await, 1);
        }
    }
}

#[tokio::test]
async fn a_closed_run_is_told_to_who_made_it() {
    let w = World::new().await;
    let cases = w.cases(&w.ada, 1).await;
    for by in [&w.ben, &w.ada] {
        let run = w.run(&w.ben, &cases, None).await;
        let close = runs::Change {
            is_closed: Some(true),
            ..runs::Change::default()
        };
        w.change(by, run, close).await;
    }
    assert_eq!(w.told(&w.ben).await, [(NoticeKind::RunClosed, 1)]);
}

#[tokio::test]
async fn who_may_approve_is_asked_for_a_review() {
    let w = World::new().await;
    let dora = w.test.user("dora", "Designer", UserKind::Person).await;
    let dora = w.test.actor(dora).await;
    let case = w.cases(&dora, 1).await[0];
    let ask = || Step {
        state: StateId(2),
        version: None,
        comment: String::new(),
    };
    step(&w.test.app, &dora, case, ask()).await.unwrap();
    assert_eq!(w.told(&w.ben).await, [(NoticeKind::ReviewAsked, 1)]);
    assert_eq!(w.of(&w.ben).await[0].about, Some(About::Case(case.0)));
    assert_eq!(w.told(&w.tess).await, []);
    assert_eq!(w.told(&dora).await, []);
    // Many at once are one.
    let many = w.cases(&dora, 50).await;
    let change = cases::Change {
        state_id: Some(StateId(2)),
        ..cases::Change::default()
    };
    cases::update(&w.test.app, &dora, w.project, many, change)
        .await
        .unwrap();
    assert_eq!(w.told(&w.ben).await[0], (NoticeKind::ReviewAsked, 50));
}

#[tokio::test]
async fn nobody_is_told_who_does_not_want_it_or_cannot_read_it() {
    let w = World::new().await;
    let cases = w.cases(&w.ada, 1).await;
    let off = vec![NoticeKind::Assigned];
    notifications::mute(&w.test.app, &w.tess, off.clone())
        .await
        .unwrap();
    assert_eq!(notifications::muted(&w.test.app, &w.tess).await.unwrap(), off);
    w.run(&w.ada, &cases, Some(w.tess.user.id)).await;
    assert_eq!(w.told(&w.tess).await, []);
    notifications::mute(&w.test.app, &w.tess, Vec::new())
        .await
        .unwrap();
    w.run(&w.ada, &cases, Some(w.tess.user.id)).await;
    assert_eq!(w.told(&w.tess).await.len(), 1);
    let robot = w.test.user("robot", "Tester", UserKind::Api).await;
    let (ben, project) = (w.ben.user.id, w.project);
    w.test
        .db()
        .write(move |tx| {
            store::user::set_active(tx, ben, false, testkit::app::BEGINNING)?;
            let notice = store::notification::Notice {
                kind: NoticeKind::Assigned,
                place: None,
                about: About::Project(project.0),
                part: None,
                count: 1,
                title: "",
            };
            store::notification::insert(tx, None, &[ben, robot], &notice, testkit::app::BEGINNING)
        })
        .await
        .unwrap();
    let rows = crate::support::number(w.test.db(), "SELECT COUNT(*) FROM notifications").await;
    assert_eq!(rows, 1);
}
