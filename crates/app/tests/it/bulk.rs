//! One deed for many cases: all of them or none, its limits, and what the audit log says about it.

use app::cases::{self, BULK, Change, Chosen, Deed, Done, IssueRef, Lists, New, Which};
use app::{Actor, Error};
use model::{Action, Area, CaseId, FieldType, IntegrationId, ProjectId, Right, Rights, TemplateId};
use serde_json::{Value, json};
use store::access::SEE;
use store::audit::Entry;
use store::case::Filter;
use store::issue::Reference;
use testkit::app::{TestApp, UserKind};

/// The factory's type with steps.
const STEPS: TemplateId = TemplateId(1);
/// The factory's type with a scenario.
const GHERKIN: TemplateId = TemplateId(4);

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

    /// Cases of these types, named by their place; their ids.
    async fn make(&self, types: &[TemplateId]) -> Vec<CaseId> {
        let new = types
            .iter()
            .enumerate()
            .map(|(n, template)| New {
                name: format!("Case {n}"),
                template_id: Some(*template),
                ..New::default()
            })
            .collect();
        let (app, render) = (&self.test.app, |_: &cases::Cases| (201, String::new()));
        let made = cases::create(app, &self.actor, self.project, new, None, render).await;
        match made.unwrap() {
            app::once::Answer::Fresh(made) => made.cases.into_iter().map(|(c, _)| c.id).collect(),
            app::once::Answer::Known(..) => panic!("nothing was claimed"),
        }
    }

    async fn perform_by(&self, actor: &Actor, chosen: Chosen, deed: Deed) -> Result<Done, Error> {
        cases::perform(&self.test.app, actor, self.project, chosen, deed).await
    }

    async fn perform(&self, chosen: Chosen, deed: Deed) -> Result<Done, Error> {
        self.perform_by(&self.actor, chosen, deed).await
    }

    /// Custom values of cases, in the order of their ids.
    async fn custom(&self, ids: &[CaseId]) -> Vec<Value> {
        let mut all = Vec::new();
        for id in ids {
            let one = cases::get(&self.test.app, &self.actor, *id).await.unwrap();
            all.push(Value::from(one.cases[0].0.values.custom.clone()));
        }
        all
    }

    /// What the audit log says of cases since `after`: action, name and what it was about.
    async fn noted(&self, after: usize) -> Vec<(String, Option<String>, Value)> {
        self.entries()
            .await
            .into_iter()
            .skip(after)
            .map(|entry| {
                let detail: Value = serde_json::from_str(&entry.detail.unwrap()).unwrap();
                (entry.action, entry.target_name, detail["cases"].clone())
            })
            .collect()
    }

    async fn entries(&self) -> Vec<Entry> {
        let rows = self.test.db().read(|tx| store::audit::unsealed(tx, 1000)).await;
        let of_cases = |entry: &Entry| entry.target_kind == "case" && entry.project_id == Some(self.project);
        rows.unwrap()
            .into_iter()
            .map(|row| row.entry)
            .filter(of_cases)
            .collect()
    }
}

fn picked(ids: &[CaseId]) -> Chosen {
    Chosen {
        which: Which::Picked(ids.to_vec()),
        expected: None,
    }
}

fn all(expected: i64) -> Chosen {
    Chosen {
        which: Which::Matching(Box::default()),
        expected: Some(expected),
    }
}

fn change(change: Change) -> Deed {
    Deed::Change(Box::new(change))
}

fn set(name: &str, value: Value) -> Deed {
    change(Change {
        custom: [(name.to_owned(), value)].into_iter().collect(),
        ..Change::default()
    })
}

/// The field that was refused and the words about it; there must be one alone.
fn refusal(result: Result<Done, Error>) -> (String, String) {
    match result {
        Err(Error::Invalid(mut errors)) if errors.len() == 1 => {
            let error = errors.remove(0);
            (error.field, error.text)
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_deed_is_for_five_thousand_cases_at_most() {
    let world = World::new().await;
    world.make(&[STEPS; 100]).await;
    let mut total = 100;
    for n in [100, 200, 400, 800, 1600] {
        let done = world.perform(all(n), Deed::Copy(None)).await.unwrap();
        assert_eq!((done.cases, done.changed), (n, n));
        total += n;
    }
    let app = &world.test.app;
    let (found, ids) = cases::ids(app, &world.actor, world.project, &Filter::default(), 10_000)
        .await
        .unwrap();
    assert_eq!((found, total), (3200, 3200));
    let ids: Vec<CaseId> = ids.into_iter().map(CaseId).collect();
    world
        .perform(picked(&ids[..1801]), Deed::Copy(None))
        .await
        .unwrap();
    let words = format!("Choose between 1 and {BULK} cases; these are 5001.");
    let refused = world.perform(all(5001), Deed::Delete).await;
    assert_eq!(refusal(refused), ("cases".to_owned(), words.clone()));
    let (_, ids) = cases::ids(app, &world.actor, world.project, &Filter::default(), 10_000)
        .await
        .unwrap();
    let ids: Vec<CaseId> = ids.into_iter().map(CaseId).collect();
    let refused = world.perform(picked(&ids), Deed::Delete).await;
    assert_eq!(refusal(refused), ("cases".to_owned(), words));
    let refused = world.perform(picked(&[]), Deed::Delete).await;
    assert!(refusal(refused).1.ends_with("these are 0."));

    // One case less, and named twice, is one deed with one row in the audit log.
    let before = world.entries().await.len();
    let mut chosen = ids[..5000].to_vec();
    chosen.push(ids[0]);
    let done = world
        .perform(picked(&chosen), set("custom_priority", json!(1)))
        .await;
    let most = Done {
        cases: BULK,
        changed: BULK,
    };
    assert_eq!(done.unwrap(), most);
    let noted = world.noted(before).await;
    assert_eq!(noted.len(), 1);
    assert_eq!(noted[0].0, "case.updated");
    let said = noted[0].2.as_array().unwrap();
    assert_eq!(said.len(), 5000);
    // The versions of the cases say what changed; the row says which.
    assert!(
        said.iter()
            .all(|c| c["version"] == 2 && c.get("changes").is_none())
    );
    assert_eq!(
        world.perform(picked(&ids[..5000]), Deed::Delete).await.unwrap(),
        most
    );
    let (left, _) = cases::ids(app, &world.actor, world.project, &Filter::default(), 1)
        .await
        .unwrap();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn fields_that_a_type_lacks_are_refused_for_all() {
    let world = World::new().await;
    let ids = world.make(&[STEPS, GHERKIN, STEPS, GHERKIN, GHERKIN]).await;
    let deed = || set("custom_preconditions", json!("Signed in"));
    let (field, words) = refusal(world.perform(all(5), deed()).await);
    assert_eq!(field, "custom_preconditions");
    assert_eq!(
        words,
        "3 of the 5 cases have a type without this field. Choose others."
    );
    assert!(world.custom(&ids).await.iter().all(|c| c == &json!({})));
    // With the other type in the same deed they have it.
    let with_type = change(Change {
        template_id: Some(STEPS),
        custom: [("custom_preconditions".to_owned(), json!("Signed in"))]
            .into_iter()
            .collect(),
        ..Change::default()
    });
    let done = world.perform(all(5), with_type).await.unwrap();
    assert_eq!((done.cases, done.changed), (5, 5));
    let signed_in = json!({"preconditions": "Signed in"});
    assert!(world.custom(&ids).await.iter().all(|c| *c == signed_in));
    let nowhere = refusal(world.perform(all(5), set("custom_shoe_size", json!(44))).await);
    assert!(nowhere.1.starts_with("5 of the 5 cases"), "{}", nowhere.1);
}

#[tokio::test]
async fn restricted_fields_need_their_own_right() {
    let world = World::new().await;
    let ids = world.make(&[STEPS, STEPS]).await;
    let sql = "UPDATE fields SET is_restricted = TRUE WHERE system_name = 'priority'";
    let restrict = |tx: &mut store::Tx<'_>| tx.execute(sql, store::args![]);
    world.test.db().write(restrict).await.unwrap();
    let rights = [Action::View, Action::Edit].map(|action| Rights::of(Right(Area::Cases, action)));
    let rights = Rights::of(SEE).with(rights[0]).with(rights[1]);
    world
        .test
        .role(
            "Writer",
            rights.with(Rights::of(Right(Area::RestrictedCaseFields, Action::View))),
        )
        .await;
    let writer = world.test.user("wim", "Writer", UserKind::Person).await;
    let writer = world.test.actor(writer).await;
    let refused = world
        .perform_by(&writer, picked(&ids), set("custom_priority", json!(1)))
        .await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    assert!(world.custom(&ids).await.iter().all(|c| c == &json!({})));
    let done = world
        .perform(picked(&ids), set("custom_priority", json!(1)))
        .await;
    assert_eq!(done.unwrap().changed, 2);
    // Who may change cases may not delete them for that reason.
    let refused = world.perform_by(&writer, picked(&ids), Deed::Delete).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
}

#[tokio::test]
async fn an_issue_is_added_to_all_and_made_once() {
    let world = World::new().await;
    let insert = |tx: &mut store::Tx<'_>| {
        let sql =
            "INSERT INTO integrations (id, type, name, is_active, created_at) VALUES (3, 4, 'Jira', TRUE, 1)";
        tx.execute(sql, store::args![])
    };
    world.test.db().write(insert).await.unwrap();
    let ids = world.make(&[STEPS, GHERKIN, STEPS]).await;
    let issue = |tracker: i64, number: &str| {
        IssueRef::Named(Reference {
            integration_id: IntegrationId(tracker),
            connection_project_id: None,
            display_id: number.to_owned(),
        })
    };
    let add = |named: IssueRef, mode: Lists| {
        change(Change {
            issues: Some(vec![named]),
            issue_mode: mode,
            ..Change::default()
        })
    };
    world
        .perform(picked(&ids[..1]), add(issue(3, "SHOP-1"), Lists::Add))
        .await
        .unwrap();
    let done = world.perform(all(3), add(issue(3, "SHOP-2"), Lists::Add)).await;
    assert_eq!(done.unwrap().changed, 3);
    let again = world.perform(all(3), add(issue(3, "SHOP-2"), Lists::Add)).await;
    assert_eq!(again.unwrap().changed, 0);
    let mut made = Vec::new();
    for id in &ids {
        let one = cases::get(&world.test.app, &world.actor, *id).await.unwrap();
        let links = &one.cases[0].1;
        made.push(links.issues.iter().map(|i| i.id.0).collect::<Vec<_>>());
    }
    assert_eq!(made, [vec![1, 2], vec![2], vec![2]]);
    let (field, words) = refusal(world.perform(all(3), add(issue(9, "SHOP-3"), Lists::Add)).await);
    assert_eq!(field, "issues.0");
    assert!(words.starts_with("There is no active integration 9"), "{words}");
    let done = world
        .perform(all(3), add(issue(3, "SHOP-1"), Lists::Remove))
        .await;
    assert_eq!(done.unwrap().changed, 1);
}

#[tokio::test]
async fn each_deed_is_one_row_of_the_audit_log() {
    let world = World::new().await;
    let ids = world.make(&[STEPS, STEPS, STEPS]).await;
    let before = world.entries().await.len();
    let refused = world.perform(all(2), Deed::Delete).await;
    assert_eq!(
        refusal(refused).1,
        "These are 3 cases now, but 2 were shown. Nothing was done; look at them again."
    );
    let gone = [ids[0], CaseId(ids[2].0 + 100)];
    let refused = world
        .perform(picked(&gone), set("custom_priority", json!(1)))
        .await;
    assert_eq!(refusal(refused).0, "ids.1");
    let refused = world.perform(all(3), change(Change::default())).await;
    assert_eq!(refusal(refused).0, "change");
    assert!(world.noted(before).await.is_empty());

    world
        .perform(picked(&ids[..1]), set("custom_priority", json!(1)))
        .await
        .unwrap();
    let done = world
        .perform(picked(&ids[..2]), set("custom_priority", json!(1)))
        .await;
    assert_eq!(done.unwrap().changed, 1);
    let done = world
        .perform(picked(&ids[..2]), set("custom_priority", json!(1)))
        .await;
    assert_eq!(done.unwrap().changed, 0);
    world.perform(picked(&ids), Deed::Copy(None)).await.unwrap();
    world.perform(picked(&ids), Deed::Delete).await.unwrap();
    let noted = world.noted(before).await;
    let actions: Vec<(&str, Option<&str>)> = noted
        .iter()
        .map(|(action, name, _)| (action.as_str(), name.as_deref()))
        .collect();
    assert_eq!(
        actions,
        [
            ("case.updated", Some("Case 0")),
            ("case.updated", Some("Case 1")),
            ("case.copied", Some("3 cases")),
            ("case.deleted", Some("3 cases")),
        ]
    );
    assert_eq!(noted[1].2[0]["id"], ids[1].0);
    let changes = &noted[1].2[0]["changes"];
    assert!(changes.to_string().contains("priority"), "{changes}");
    let copied_from: Vec<i64> = noted[2]
        .2
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|c| c["from"].as_i64())
        .collect();
    assert_eq!(copied_from, ids.iter().map(|id| id.0).collect::<Vec<_>>());
    assert_eq!(noted[3].2[2], json!({"id": ids[2].0, "name": "Case 2"}));
    assert!(
        world
            .entries()
            .await
            .iter()
            .all(|e| e.actor_id == Some(world.actor.user.id))
    );
}

#[tokio::test]
async fn a_preview_shows_the_first_of_them_and_what_may_be_done() {
    let world = World::new().await;
    let mut ids = world.make(&[STEPS; 7]).await;
    ids.push(CaseId(9_999));
    let (app, project) = (&world.test.app, world.project);
    let seen = cases::preview(app, &world.actor, project, &Which::Picked(ids)).await;
    let seen = seen.unwrap();
    assert_eq!((seen.total, seen.first.len()), (7, 5));
    assert!(seen.schema.fields.iter().any(|f| f.kind == FieldType::Steps));
    let reader = world.test.user("rita", "Read-only", UserKind::Person).await;
    let reader = world.test.actor(reader).await;
    let seen = cases::preview(app, &reader, project, &Which::Matching(Box::default()))
        .await
        .unwrap();
    assert_eq!((seen.total, seen.first.len()), (7, 5));
    assert!(!seen.rights.has(cases::EDIT) && !seen.rights.has(cases::DELETE));
}
