//! Lists of cases with a name: who shares them, who deletes them, and how many there may be.

use app::{Actor, Error, views};
use model::ProjectId;
use store::view::View;
use testkit::app::{TestApp, UserKind};

struct World {
    test: TestApp,
    project: ProjectId,
    /// May change cases.
    lead: Actor,
    /// May look at them only.
    reader: Actor,
}

impl World {
    async fn new() -> World {
        let test = TestApp::new().await;
        let (admin, _) = test.admin().await;
        let project = test.project(admin, "Storefront").await;
        let lead = test.actor(admin).await;
        let reader = test.user("rita", "Read-only", UserKind::Person).await;
        let reader = test.actor(reader).await;
        World {
            test,
            project,
            lead,
            reader,
        }
    }

    async fn save(&self, actor: &Actor, name: &str, is_shared: bool) -> Result<View, Error> {
        views::save(&self.test.app, actor, self.project, name, "q=card", is_shared).await
    }

    async fn delete(&self, actor: &Actor, view: &View) -> Result<(), Error> {
        views::delete(&self.test.app, actor, self.project, view.id).await
    }

    async fn names(&self, actor: &Actor) -> Vec<String> {
        let all = views::list(&self.test.app, actor, self.project).await.unwrap();
        all.into_iter().map(|view| view.name).collect()
    }

    /// What the audit log says about views.
    async fn noted(&self) -> Vec<(String, Option<String>)> {
        let rows = self.test.db().read(|tx| store::audit::unsealed(tx, 1000)).await;
        rows.unwrap()
            .into_iter()
            .filter(|row| row.entry.target_kind == "view")
            .map(|row| (row.entry.action, row.entry.target_name))
            .collect()
    }
}

#[tokio::test]
async fn only_who_changes_cases_shares_views_and_deletes_those_of_others() {
    let world = World::new().await;
    let (lead, reader) = (&world.lead, &world.reader);
    let refused = world.save(reader, "For all", true).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    assert!(world.names(lead).await.is_empty());

    let own = world.save(reader, "Only mine", false).await.unwrap();
    let shared = world.save(lead, "For all", true).await.unwrap();
    let private = world.save(lead, "Draft", false).await.unwrap();
    assert_eq!(world.names(reader).await, ["For all", "Only mine"]);
    assert_eq!(world.names(lead).await, ["Draft", "For all"]);

    let refused = world.delete(reader, &shared).await;
    assert!(matches!(refused, Err(Error::Denied(_))), "{refused:?}");
    let refused = world.delete(reader, &private).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    let refused = world.delete(lead, &own).await;
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
    assert_eq!(world.names(reader).await, ["For all", "Only mine"]);

    let other = world.test.user("otto", "Lead", UserKind::Person).await;
    let other = world.test.actor(other).await;
    world.delete(&other, &shared).await.unwrap();
    world.delete(reader, &own).await.unwrap();
    assert!(world.names(reader).await.is_empty());
    assert_eq!(world.names(lead).await, ["Draft"]);

    let said: Vec<(String, Option<String>)> = [
        ("view.saved", "a private view"),
        ("view.saved", "For all"),
        ("view.saved", "a private view"),
        ("view.deleted", "For all"),
        ("view.deleted", "a private view"),
    ]
    .map(|(action, name)| (action.to_owned(), Some(name.to_owned())))
    .into();
    assert_eq!(world.noted().await, said);
}

#[tokio::test]
async fn a_view_is_of_one_project() {
    let world = World::new().await;
    let view = world.save(&world.lead, "For all", true).await.unwrap();
    let admin = world.lead.user.id;
    let other = world.test.project(admin, "Warehouse").await;
    let app = &world.test.app;
    assert!(views::list(app, &world.lead, other).await.unwrap().is_empty());
    let found = views::deletable(app, &world.lead, other, view.id).await;
    assert!(matches!(found, Err(Error::NotFound)));
    let deleted = views::delete(app, &world.lead, other, view.id).await;
    assert!(matches!(deleted, Err(Error::NotFound)));
    assert_eq!(world.names(&world.lead).await, ["For all"]);
}

#[tokio::test]
async fn nobody_keeps_more_than_a_hundred_views_in_a_project() {
    let world = World::new().await;
    for n in 1..=views::MOST {
        world
            .save(&world.reader, &format!("View {n}"), false)
            .await
            .unwrap();
    }
    let refused = world.save(&world.reader, "One more", false).await;
    let Err(Error::Invalid(errors)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(errors[0].field, "name");
    assert!(errors[0].text.contains("Delete one first."));
    // One that is there is replaced, and others have views of their own.
    world.save(&world.reader, "VIEW 7", false).await.unwrap();
    world.save(&world.lead, "One more", false).await.unwrap();
    assert_eq!(world.names(&world.reader).await.len(), 100);
    let (app, long) = (&world.test.app, "q".repeat(2001));
    let refused = views::save(app, &world.lead, world.project, "Long", &long, false).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
}
