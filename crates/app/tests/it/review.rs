//! The review of a case: who approves what, and what a run takes.

use app::cases::review::{Review, Step, review, step};
use app::cases::{self, Change, Deed, New, Which};
use app::definitions::states::{self, Change as StateChange};
use app::once::Answer;
use app::{Actor, Error, runs};
use model::{CaseId, ProjectId, RunId, StateId};
use store::access::Denied;
use testkit::app::{TestApp, UserKind};

const DRAFT: StateId = StateId(1);
const REVIEW: StateId = StateId(2);
const ACTIVE: StateId = StateId(4);
const DEPRECATED: StateId = StateId(5);

struct World {
    test: TestApp,
    /// Site admin.
    ada: Actor,
    /// Another designer.
    ben: Actor,
    project: ProjectId,
}

impl World {
    /// Cases become active by a review, if `needs_review`.
    async fn new(needs_review: bool) -> World {
        let test = TestApp::new().await;
        let (admin, _) = test.admin().await;
        let project = test.project(admin, "Storefront").await;
        let ben = test.user("ben", "Designer", UserKind::Person).await;
        let (ada, ben) = (test.actor(admin).await, test.actor(ben).await);
        let world = World {
            test,
            ada,
            ben,
            project,
        };
        if needs_review {
            world
                .state(ACTIVE, |c| c.needs_review = Some(true))
                .await
                .unwrap();
        }
        world
    }

    async fn state(&self, id: StateId, set: impl FnOnce(&mut StateChange)) -> Result<(), Error> {
        let mut change = StateChange::default();
        set(&mut change);
        states::update(&self.test.app, &self.ada, id, change)
            .await
            .map(drop)
    }

    async fn make(&self, by: &Actor, state: Option<StateId>) -> Result<CaseId, Error> {
        let new = New {
            name: "Pay".to_owned(),
            state_id: state,
            ..New::default()
        };
        let render = |_: &cases::Cases| (201, String::new());
        match cases::create(&self.test.app, by, self.project, vec![new], None, render).await? {
            Answer::Fresh(made) => Ok(made.cases[0].0.id),
            Answer::Known(..) => panic!("nothing was claimed"),
        }
    }

    async fn rename(&self, by: &Actor, id: CaseId, name: &str) -> Result<(), Error> {
        let change = Change {
            name: Some(name.to_owned()),
            ..Change::default()
        };
        cases::update(&self.test.app, by, self.project, vec![id], change)
            .await
            .map(drop)
    }

    async fn step(&self, by: &Actor, id: CaseId, state: StateId) -> Result<(), Error> {
        let said = Step {
            state,
            version: None,
            comment: String::new(),
        };
        step(&self.test.app, by, id, said).await
    }

    async fn is_in(&self, id: CaseId) -> StateId {
        let found = cases::get(&self.test.app, &self.ada, id).await.unwrap();
        found.cases[0].0.values.state_id
    }

    async fn review(&self, by: &Actor, id: CaseId) -> Review {
        review(&self.test.app, by, id).await.unwrap()
    }

    async fn run(&self, cases: Option<&[CaseId]>) -> Result<RunId, Error> {
        let new = runs::New {
            change: runs::Change {
                name: Some("RC".to_owned()),
                ..runs::Change::default()
            },
            include_all: cases.is_none(),
            cases: cases.unwrap_or_default().iter().map(|id| id.0).collect(),
        };
        let render = |_: &(store::run::Run, runs::Looks)| (201, String::new());
        match runs::create(&self.test.app, &self.ada, self.project, new, None, render).await? {
            Answer::Fresh((run, _)) => Ok(run.id),
            Answer::Known(..) => panic!("nothing was claimed"),
        }
    }
}

/// Fields that were refused, with their sentences.
fn wrong<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<(String, String)> {
    match result {
        Err(Error::Invalid(fields)) => fields.into_iter().map(|f| (f.field, f.text)).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_case_becomes_active_when_somebody_else_approves_its_text() {
    let world = World::new(true).await;
    let refused = wrong(world.make(&world.ben, Some(ACTIVE)).await);
    let first = "A case gets the state Active by a review. Give it the state Review first.";
    assert_eq!(refused, [("cases.0.state_id".to_owned(), first.to_owned())]);

    let case = world.make(&world.ben, None).await.unwrap();
    assert_eq!(world.is_in(case).await, REVIEW, "the default needs a review");
    let own = wrong(world.step(&world.ben, case, ACTIVE).await);
    assert!(own[0].1.starts_with("You wrote this text."), "{own:?}");
    world.step(&world.ada, case, DRAFT).await.unwrap();
    let skipped = wrong(world.step(&world.ada, case, ACTIVE).await);
    assert_eq!(skipped, [("state_id".to_owned(), first.to_owned())]);

    world.step(&world.ben, case, REVIEW).await.unwrap();
    world.step(&world.ada, case, ACTIVE).await.unwrap();
    assert_eq!(world.is_in(case).await, ACTIVE);

    world.rename(&world.ada, case, "Pay by card").await.unwrap();
    assert_eq!(world.is_in(case).await, REVIEW, "another text waits again");
    let waiting = world.review(&world.ben, case).await.waiting.unwrap();
    let fields: Vec<&str> = waiting.version.changes.iter().map(|c| c.field.as_str()).collect();
    assert_eq!(fields, ["name"], "the difference to what was approved");
    assert_eq!(waiting.version.changes[0].before, "Pay");
    assert!(!waiting.is_for_others);
    world.step(&world.ben, case, ACTIVE).await.unwrap();
    assert_eq!(
        world.is_in(case).await,
        ACTIVE,
        "ben did not write what ada wrote"
    );
}

#[tokio::test]
async fn numbers_tags_and_folders_need_no_new_review_but_the_text_does() {
    let world = World::new(true).await;
    let case = world.make(&world.ben, None).await.unwrap();
    world.step(&world.ada, case, ACTIVE).await.unwrap();
    let change = Change {
        estimate: Some(Some(60_000_000)),
        tags: Some(vec!["smoke".to_owned()]),
        custom: serde_json::from_value(serde_json::json!({"custom_priority": 1})).unwrap(),
        ..Change::default()
    };
    let (app, ids) = (&world.test.app, vec![case]);
    cases::update(app, &world.ben, world.project, ids.clone(), change)
        .await
        .unwrap();
    assert_eq!(world.is_in(case).await, ACTIVE);
    let text = Change {
        custom: serde_json::from_value(serde_json::json!({"custom_preconditions": "Signed in"})).unwrap(),
        ..Change::default()
    };
    cases::update(app, &world.ben, world.project, ids, text)
        .await
        .unwrap();
    assert_eq!(world.is_in(case).await, REVIEW);
    cases::restore(app, &world.ada, case, 2).await.unwrap();
    assert_eq!(
        world.is_in(case).await,
        REVIEW,
        "who takes back an old text does not approve it"
    );
}

#[tokio::test]
async fn approving_needs_the_right_to_complete_cases_also_for_many_at_once() {
    let world = World::new(true).await;
    let edit = model::Rights::of(cases::EDIT)
        .with(model::Rights::of(cases::VIEW))
        .with(model::Rights::of(store::access::SEE));
    world.test.role("Writer", edit).await;
    let writer = world.test.user("wim", "Writer", UserKind::Person).await;
    let writer = world.test.actor(writer).await;
    let case = world.make(&world.ada, None).await.unwrap();
    let denied = world.step(&writer, case, ACTIVE).await;
    assert!(
        matches!(
            denied,
            Err(Error::Denied(Denied::Missing(cases::workflow::APPROVE)))
        ),
        "{denied:?}"
    );
    assert!(
        world
            .review(&writer, case)
            .await
            .next
            .iter()
            .all(|s| !s.needs_review)
    );

    let mine = world.make(&world.ben, None).await.unwrap();
    let to_active = |ids: Vec<CaseId>| {
        let change = Change {
            state_id: Some(ACTIVE),
            ..Change::default()
        };
        let chosen = cases::Chosen {
            which: Which::Picked(ids),
            expected: None,
        };
        (chosen, Deed::Change(Box::new(change)))
    };
    let (chosen, deed) = to_active(vec![case, mine]);
    let refused = wrong(cases::perform(&world.test.app, &world.ben, world.project, chosen, deed).await);
    assert!(refused[0].1.contains(&format!("the case {mine}")), "{refused:?}");
    assert_eq!(world.is_in(case).await, REVIEW, "all or none");
    let (chosen, deed) = to_active(vec![case]);
    cases::perform(&world.test.app, &world.ben, world.project, chosen, deed)
        .await
        .unwrap();
    assert_eq!(world.is_in(case).await, ACTIVE);
}

#[tokio::test]
async fn a_case_in_review_cannot_be_added_to_a_run() {
    let world = World::new(false).await;
    let active = world.make(&world.ada, None).await.unwrap();
    let waiting = world.make(&world.ada, Some(REVIEW)).await.unwrap();
    world.make(&world.ada, Some(DEPRECATED)).await.unwrap();
    let refused = wrong(world.run(Some(&[active, waiting])).await);
    let text = format!("Case {waiting} is in the state Review, which does not flow into runs. Leave it out.");
    assert_eq!(refused, [("cases.1".to_owned(), text)]);
    world.run(Some(&[active])).await.unwrap();
    let all = world.run(None).await.unwrap();
    let first = model::page::PageRequest {
        page: 1,
        per_page: 10,
    };
    let taken = runs::tests(&world.test.app, &world.ada, all, first)
        .await
        .unwrap();
    assert_eq!(taken.rows.iter().map(|t| t.case_id).collect::<Vec<_>>(), [active]);
    let which = Which::Matching(Box::default());
    let chosen = cases::runnable(&world.test.app, &world.ada, world.project, &which, 10)
        .await
        .unwrap();
    assert_eq!(
        (chosen.total, chosen.left_out, chosen.ids),
        (3, 2, vec![active.0])
    );
    world.step(&world.ada, waiting, ACTIVE).await.unwrap();
    world.run(Some(&[waiting])).await.unwrap();
}

#[tokio::test]
async fn a_step_keeps_its_comment_or_nothing() {
    let world = World::new(false).await;
    let case = world.make(&world.ada, Some(REVIEW)).await.unwrap();
    let said = |version, comment: &str| Step {
        state: DRAFT,
        version: Some(version),
        comment: comment.to_owned(),
    };
    let app = &world.test.app;
    let stale = step(app, &world.ben, case, said(7, "Say which card.")).await;
    assert!(
        matches!(stale, Err(Error::Conflict("version_conflict", _))),
        "{stale:?}"
    );
    assert!(cases::comments(app, &world.ada, case).await.unwrap().is_empty());
    step(app, &world.ben, case, said(1, "Say which card."))
        .await
        .unwrap();
    let kept = cases::comments(app, &world.ada, case).await.unwrap();
    assert_eq!(kept[0].text, "Say which card.");
    assert_eq!(world.is_in(case).await, DRAFT);
}

#[tokio::test]
async fn states_refuse_flags_that_contradict_each_other() {
    let world = World::new(false).await;
    let field = |result: Result<(), Error>| wrong(result)[0].0.clone();
    let both = world.state(REVIEW, |c| c.in_runs = Some(true)).await;
    assert_eq!(field(both), "in_runs");
    let both = world.state(REVIEW, |c| c.needs_review = Some(true)).await;
    assert_eq!(field(both), "needs_review");
    let of_runs = world.state(StateId(6), |c| c.is_review = Some(true)).await;
    assert_eq!(field(of_runs), "is_review");
    world
        .state(ACTIVE, |c| c.needs_review = Some(true))
        .await
        .unwrap();
    let last = world.state(REVIEW, |c| c.is_active = Some(false)).await;
    assert_eq!(field(last), "is_review", "somewhere the review must happen");
    world.state(DRAFT, |c| c.is_review = Some(true)).await.unwrap();
    let all = states::all(&world.test.app, &world.ada, None).await.unwrap();
    let draft = all.into_iter().find(|s| s.id == DRAFT).unwrap();
    assert!(draft.is_review && !draft.in_runs, "it leaves the runs by itself");
    world.state(REVIEW, |c| c.is_active = Some(false)).await.unwrap();
}
