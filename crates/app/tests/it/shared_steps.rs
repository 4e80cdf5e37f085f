//! Shared steps: edited once they change in all cases, and what was tested stays.

use app::cases::{self, Change, New};
use app::once::Answer;
use app::shared_steps::{self, Change as Shared};
use app::{Actor, Error, runs};
use model::page::PageRequest;
use model::{CaseId, ProjectId, Rights, RunId, SharedStepsId};
use serde_json::{Value, json};
use store::access::Denied;
use testkit::app::{TestApp, UserKind};

struct World {
    test: TestApp,
    actor: Actor,
    project: ProjectId,
}

impl World {
    async fn new() -> World {
        let test = TestApp::new().await;
        let (admin, _) = test.admin().await;
        let project = test.project(admin, "Storefront").await;
        let actor = test.actor(admin).await;
        World { test, actor, project }
    }

    async fn shared(&self, name: &str, steps: &[&str]) -> SharedStepsId {
        let new = Shared {
            name: Some(name.to_owned()),
            steps: Some(texts(steps)),
            version: None,
        };
        let (app, render) = (&self.test.app, |_: &store::shared_steps::SharedSteps| {
            (201, String::new())
        });
        match shared_steps::create(app, &self.actor, self.project, new, None, render).await {
            Ok(Answer::Fresh(made)) => made.id,
            other => panic!("{other:?}"),
        }
    }

    async fn write(&self, id: SharedStepsId, steps: &[&str]) {
        let change = Shared {
            steps: Some(texts(steps)),
            ..Shared::default()
        };
        shared_steps::update(&self.test.app, &self.actor, id, change)
            .await
            .unwrap();
    }

    async fn try_case(&self, steps: Value) -> Result<CaseId, Error> {
        let custom = json!({"custom_steps": steps});
        let new = New {
            name: "Pay".to_owned(),
            custom: custom.as_object().unwrap().clone(),
            ..New::default()
        };
        let render = |_: &cases::Cases| (201, String::new());
        match cases::create(&self.test.app, &self.actor, self.project, vec![new], None, render).await? {
            Answer::Fresh(made) => Ok(made.cases[0].0.id),
            Answer::Known(..) => panic!("nothing was claimed"),
        }
    }

    /// The actions of a case, each with the shared steps that it is part of, and the ids of its steps.
    async fn steps(&self, id: CaseId) -> (Vec<(String, Option<i64>)>, Vec<i64>) {
        let found = cases::get(&self.test.app, &self.actor, id).await.unwrap();
        let steps = found.cases[0].0.values.custom["steps"]
            .as_array()
            .unwrap()
            .clone();
        let each = steps.iter().map(|s| {
            let action = s["text1"].as_str().unwrap_or_default().to_owned();
            (action, s["shared_steps_id"].as_i64())
        });
        (
            each.collect(),
            steps.iter().map(|s| s["id"].as_i64().unwrap()).collect(),
        )
    }

    async fn version(&self, id: CaseId) -> i64 {
        let found = cases::get(&self.test.app, &self.actor, id).await.unwrap();
        found.cases[0].0.version
    }
}

fn texts(steps: &[&str]) -> Value {
    steps.iter().map(|text| json!({"text1": text})).collect()
}

fn own(text: &str) -> (String, Option<i64>) {
    (text.to_owned(), None)
}

fn of(text: &str, id: SharedStepsId) -> (String, Option<i64>) {
    (text.to_owned(), Some(id.0))
}

fn wrong<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    match result {
        Err(Error::Invalid(fields)) => fields.into_iter().map(|f| f.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_shared_step_that_is_edited_once_shows_in_all_cases_while_runs_keep_the_old_text() {
    let world = World::new().await;
    let sign_in = world
        .shared("Sign in", &["Open the page", "Type the password"])
        .await;
    let mark = json!({"shared_steps_id": sign_in});
    let first = world.try_case(json!([mark, {"text1": "Pay"}])).await.unwrap();
    let second = world
        .try_case(json!([{"text1": "Prepare"}, mark, {"text1": "Leave"}]))
        .await
        .unwrap();
    let plain = world.try_case(json!([{"text1": "Alone"}])).await.unwrap();
    let (steps, ids) = world.steps(first).await;
    assert_eq!(
        steps,
        [
            of("Open the page", sign_in),
            of("Type the password", sign_in),
            own("Pay")
        ]
    );
    assert_eq!(ids, [1, 3, 2]);

    let run = run(&world).await;
    let before = tested(&world, run).await;
    world
        .write(sign_in, &["Open the page", "Take the passkey", "Confirm"])
        .await;
    let (steps, ids) = world.steps(first).await;
    assert_eq!(
        steps,
        [
            of("Open the page", sign_in),
            of("Take the passkey", sign_in),
            of("Confirm", sign_in),
            own("Pay")
        ]
    );
    assert_eq!(ids, [1, 3, 4, 2], "steps keep their ids");
    let (steps, _) = world.steps(second).await;
    assert_eq!(steps.len(), 5);
    assert_eq!([&steps[0], &steps[4]], [&own("Prepare"), &own("Leave")]);
    let versions = [
        world.version(first).await,
        world.version(second).await,
        world.version(plain).await,
    ];
    assert_eq!(versions, [2, 2, 1]);
    assert_eq!(
        tested(&world, run).await,
        before,
        "the run keeps the version that it took"
    );
    let old = cases::version(&world.test.app, &world.actor, first, 1)
        .await
        .unwrap();
    assert_eq!(old.content["custom_steps"][1]["text1"], "Type the password");
    let all = shared_steps::all(&world.test.app, &world.actor, world.project)
        .await
        .unwrap();
    assert_eq!((all[0].version, all[0].cases), (2, 2));
}

async fn run(world: &World) -> RunId {
    let new = runs::New {
        change: runs::Change {
            name: Some("RC".to_owned()),
            ..runs::Change::default()
        },
        include_all: true,
        cases: Vec::new(),
    };
    let render = |_: &(store::run::Run, runs::Looks)| (201, String::new());
    match runs::create(&world.test.app, &world.actor, world.project, new, None, render).await {
        Ok(Answer::Fresh((run, _))) => run.id,
        other => panic!("{other:?}"),
    }
}

async fn tested(world: &World, run: RunId) -> Vec<(CaseId, i64)> {
    let first = PageRequest {
        page: 1,
        per_page: 10,
    };
    let page = runs::tests(&world.test.app, &world.actor, run, first)
        .await
        .unwrap();
    page.rows
        .into_iter()
        .map(|t| (t.case_id, t.case_version))
        .collect()
}

#[tokio::test]
async fn what_a_caller_says_about_shared_text_counts_for_nothing_and_the_mark_may_be_left_out() {
    let world = World::new().await;
    let sign_in = world
        .shared("Sign in", &["Open the page", "Type the password"])
        .await;
    let forged = json!([{"shared_steps_id": sign_in, "text1": "Forged"}, {"text1": "Pay"}]);
    let case = world.try_case(forged).await.unwrap();
    let (steps, _) = world.steps(case).await;
    assert_eq!(steps[0], of("Open the page", sign_in));

    // As a client reads and writes it back.
    let found = cases::get(&world.test.app, &world.actor, case).await.unwrap();
    let mut sent = found.cases[0].0.values.custom["steps"].clone();
    let update = |steps: Value| {
        let change = Change {
            custom: json!({"custom_steps": steps}).as_object().unwrap().clone(),
            ..Change::default()
        };
        cases::update(&world.test.app, &world.actor, world.project, vec![case], change)
    };
    update(sent.clone()).await.unwrap();
    assert_eq!(world.version(case).await, 1, "nothing changed");
    for step in sent.as_array_mut().unwrap() {
        step.as_object_mut().unwrap().remove("shared_steps_id");
    }
    update(sent).await.unwrap();
    let (steps, _) = world.steps(case).await;
    assert_eq!(
        steps,
        [own("Open the page"), own("Type the password"), own("Pay")]
    );
    world.write(sign_in, &["Other"]).await;
    assert_eq!(world.version(case).await, 2, "it is no longer theirs");
    let unknown = world.try_case(json!([{"shared_steps_id": 999}])).await;
    assert_eq!(wrong(unknown), ["cases.0.custom_steps"]);
    let elsewhere = world.test.project(world.actor.user.id, "Elsewhere").await;
    let foreign = cases::create(
        &world.test.app,
        &world.actor,
        elsewhere,
        vec![New {
            name: "Pay".to_owned(),
            custom: json!({"custom_steps": [{"shared_steps_id": sign_in}]})
                .as_object()
                .unwrap()
                .clone(),
            ..New::default()
        }],
        None,
        |_| (201, String::new()),
    );
    assert_eq!(
        wrong(foreign.await),
        ["cases.0.custom_steps"],
        "of another project"
    );
}

#[tokio::test]
async fn deleted_shared_steps_become_steps_of_their_cases() {
    let world = World::new().await;
    let sign_in = world.shared("Sign in", &["Open the page"]).await;
    let other = world.shared("Sign out", &["Close it"]).await;
    let case = world
        .try_case(json!([{"shared_steps_id": sign_in}, {"shared_steps_id": other}]))
        .await
        .unwrap();
    shared_steps::delete(&world.test.app, &world.actor, sign_in)
        .await
        .unwrap();
    let (steps, _) = world.steps(case).await;
    assert_eq!(steps, [own("Open the page"), of("Close it", other)]);
    let gone = shared_steps::get(&world.test.app, &world.actor, sign_in).await;
    assert!(matches!(gone, Err(Error::Denied(Denied::NotFound))), "{gone:?}");
    cases::delete(&world.test.app, &world.actor, world.project, vec![case])
        .await
        .unwrap();
    let all = shared_steps::all(&world.test.app, &world.actor, world.project)
        .await
        .unwrap();
    assert_eq!(all.iter().map(|s| s.cases).collect::<Vec<_>>(), [0]);
}

#[tokio::test]
async fn names_are_once_in_a_project_and_a_stale_change_is_refused() {
    let world = World::new().await;
    let sign_in = world.shared("Sign in", &["Open the page"]).await;
    world.shared("Sign out", &["Close it"]).await;
    let (app, actor) = (&world.test.app, &world.actor);
    let change = |name: &str, version| Shared {
        name: Some(name.to_owned()),
        steps: None,
        version,
    };
    let taken = shared_steps::update(app, actor, sign_in, change("SIGN OUT", None)).await;
    assert_eq!(wrong(taken), ["name"]);
    let stale = shared_steps::update(app, actor, sign_in, change("Log in", Some(7))).await;
    assert!(
        matches!(stale, Err(Error::Conflict("version_conflict", _))),
        "{stale:?}"
    );
    for steps in [json!([]), json!([{"text1": " "}]), json!("steps"), Value::Null] {
        let empty = Shared {
            steps: Some(steps),
            ..Shared::default()
        };
        assert_eq!(
            wrong(shared_steps::update(app, actor, sign_in, empty).await),
            ["steps"]
        );
    }
    let nothing = shared_steps::update(app, actor, sign_in, Shared::default()).await;
    assert!(matches!(nothing, Err(Error::NothingToChange)), "{nothing:?}");
}

#[tokio::test]
async fn the_area_shared_steps_decides_who_changes_them() {
    let world = World::new().await;
    let sign_in = world.shared("Sign in", &["Open the page"]).await;
    world.test.role("Reader", Rights::view()).await;
    let reader = world.test.user("rae", "Reader", UserKind::Person).await;
    let reader = world.test.actor(reader).await;
    let app = &world.test.app;
    shared_steps::get(app, &reader, sign_in).await.unwrap();
    let change = Shared {
        name: Some("Log in".to_owned()),
        ..Shared::default()
    };
    let denied = shared_steps::update(app, &reader, sign_in, change).await;
    assert!(
        matches!(denied, Err(Error::Denied(Denied::Missing(shared_steps::EDIT)))),
        "{denied:?}"
    );
    let denied = shared_steps::delete(app, &reader, sign_in).await;
    assert!(
        matches!(denied, Err(Error::Denied(Denied::Missing(shared_steps::DELETE)))),
        "{denied:?}"
    );
}
