//! Who may do what in a project: every combination of the rules of architecture §4, on the database and in a model.

use crate::rules::{
    BLIND, By, Default, MANAGE, Project, SEES, SUBMIT, SUBMITS, User, all_projects, expected, rights,
};
use crate::support::{EMAIL, code, execute, instance, number, sign_in};
use app::{people, projects};
use model::page::PageRequest;
use model::{ProjectId, Rights, RoleId, Scope, UserId};
use std::collections::BTreeSet;
use store::access::{Caller, Denied, SEE, Target, Via};
use store::project::Filter;
use store::{Tx, args};
use testkit::app::{BEGINNING, NewKey, TestApp, UserKind};

struct World {
    test: TestApp,
    users: Vec<User>,
    projects: Vec<(ProjectId, Project)>,
}

async fn world() -> World {
    let (test, ada) = instance().await;
    let roles = [
        (SEES, test.role("sees", SEES).await),
        (SUBMITS, test.role("submits", SUBMITS).await),
        (BLIND, test.role("blind", BLIND).await),
    ];
    let user = |id, is_api, own| User {
        id,
        is_api,
        is_admin: false,
        own,
    };
    let users = vec![
        User {
            is_admin: true,
            ..user(ada, false, Rights::ALL)
        },
        user(
            test.user("lead", "Lead", UserKind::Person).await,
            false,
            Rights::ALL,
        ),
        user(test.user("blind", "blind", UserKind::Person).await, false, BLIND),
        user(test.user("robot", "Lead", UserKind::Api).await, true, Rights::ALL),
    ];
    let ids: Vec<UserId> = users.iter().map(|u| u.id).collect();
    let making = move |tx: &mut Tx<'_>| {
        let groups = [group(tx, "one", &ids)?, group(tx, "two", &ids)?];
        let mut made = Vec::new();
        for project in all_projects() {
            made.push((insert(tx, &project, &ids, &roles, groups)?, project));
        }
        Ok::<_, store::Error>(made)
    };
    let projects = test.db().write(making).await.unwrap();
    World {
        test,
        users,
        projects,
    }
}

fn group(tx: &mut Tx<'_>, name: &str, members: &[UserId]) -> store::Result<i64> {
    let sql = "INSERT INTO groups (name, created_at) VALUES ($1, $2) RETURNING id";
    let id = tx.one(sql, args![name, BEGINNING.0], |row| row.get(0))?;
    for user in members {
        let sql = "INSERT INTO group_members (group_id, user_id) VALUES ($1, $2)";
        tx.execute(sql, args![id, user.0])?;
    }
    Ok(id)
}

fn insert(
    tx: &mut Tx<'_>,
    project: &Project,
    users: &[UserId],
    roles: &[(Rights, RoleId)],
    groups: [i64; 2],
) -> store::Result<ProjectId> {
    use store::project::DefaultAccess;
    let role = |rights: Rights| roles.iter().find(|(r, _)| *r == rights).map(|(_, id)| *id);
    let id = store::project::insert(tx, &format!("{project:?}"), None, false, users[0], BEGINNING)?;
    let access = match project.default {
        Default::Nothing => DefaultAccess::None,
        Default::OwnRole => DefaultAccess::Global,
        Default::Role(rights) => DefaultAccess::Role(role(rights).ok_or(store::Error::NoRow)?),
    };
    store::project::set_default_access(tx, id, access)?;
    if let Some(row) = project.row {
        for user in users {
            let role = row.role.and_then(role).map(|r| r.0);
            let sql =
                "INSERT INTO project_users (project_id, user_id, role_id, is_admin) VALUES ($1, $2, $3, $4)";
            tx.execute(sql, args![id.0, user.0, role, row.is_admin])?;
        }
    }
    for (group, rights) in groups.into_iter().zip(&project.groups) {
        let role = rights.and_then(role).map(|r| r.0);
        let sql = "INSERT INTO project_groups (project_id, group_id, role_id) VALUES ($1, $2, $3)";
        tx.execute(sql, args![id.0, group, role])?;
    }
    Ok(id)
}

impl World {
    /// A session, an unlimited key, keys of narrower scopes, and keys for one project that is good and one that is not.
    async fn ways(&self, user: User) -> Vec<By> {
        let key = async |name: &str, scope, only: Option<ProjectId>| {
            let new = NewKey {
                scope,
                ..NewKey::default()
            };
            let (id, _) = self.test.key_with(user.id, name, new).await;
            if let Some(only) = only {
                // Past the use case, which refuses projects that the owner does not see.
                let change = format!("UPDATE api_keys SET is_limited = TRUE WHERE id = {id}");
                execute(self.test.db(), change).await.unwrap();
                let row = format!("INSERT INTO api_key_projects (key_id, project_id) VALUES ({id}, {only})");
                execute(self.test.db(), row).await.unwrap();
            }
            let key = Some(id);
            By { key, scope, only }
        };
        let mut ways = vec![By {
            key: None,
            scope: Scope::Full,
            only: None,
        }];
        for scope in Scope::ALL {
            ways.push(key(scope.name(), scope, None).await);
        }
        for (name, at) in [("first", 0), ("second", 40)] {
            ways.push(key(name, Scope::Full, Some(self.projects[at].0)).await);
        }
        ways
    }

    /// What the database says to every right in every project, and what it lists.
    async fn ask(&self, user: User, by: By) -> (Vec<Result<Rights, Denied>>, BTreeSet<i64>, i64) {
        let ids: Vec<ProjectId> = self.projects.iter().map(|(id, _)| *id).collect();
        let caller = caller(user, by);
        let asking = move |tx: &mut Tx<'_>| {
            let mut answers = Vec::new();
            for id in &ids {
                for right in [SEE, SUBMIT, MANAGE] {
                    let answer = store::access::require(tx, &caller, Target::Project(*id), right, BEGINNING)?;
                    answers.push(answer.map(|proof| {
                        assert_eq!(
                            (proof.project(), proof.user(), proof.right()),
                            (*id, caller.user, right)
                        );
                        proof.rights()
                    }));
                }
            }
            let (listed, total) = list(tx, &caller)?;
            Ok::<_, store::Error>((answers, listed, total))
        };
        self.test.db().read(asking).await.unwrap()
    }
}

fn caller(user: User, by: By) -> Caller {
    Caller {
        user: user.id,
        via: by.key.map_or(Via::System, Via::Key),
        scope: by.scope,
        is_admin: user.is_admin,
    }
}

/// All projects that are listed, over all pages, and how many the first page promises.
fn list(tx: &mut Tx<'_>, caller: &Caller) -> store::Result<(BTreeSet<i64>, i64)> {
    let mut request = PageRequest::default();
    let mut listed = BTreeSet::new();
    loop {
        let page = store::project::visible(tx, caller, &Filter::default(), request)?;
        listed.extend(page.rows.iter().map(|p| p.id.0));
        match page.next_page() {
            Some(next) => request.page = next,
            None => return Ok((listed, page.total)),
        }
    }
}

#[tokio::test]
async fn every_combination_is_decided_as_in_the_model() {
    let world = world().await;
    for user in &world.users {
        for by in world.ways(*user).await {
            let (answers, listed, total) = world.ask(*user, by).await;
            let mut answers = answers.into_iter();
            let mut visible = BTreeSet::new();
            for (id, project) in &world.projects {
                for right in [SEE, SUBMIT, MANAGE] {
                    let found = answers.next().unwrap();
                    let expected = expected(*id, project, *user, by, right);
                    assert_eq!(found, expected, "{right:?} in {project:?} for {user:?} by {by:?}");
                    if right == SEE && found.is_ok() {
                        visible.insert(id.0);
                    }
                }
            }
            // What is listed is what can be got, and nothing else is counted.
            assert_eq!(listed, visible, "{user:?} by {by:?}");
            assert_eq!(total, i64::try_from(visible.len()).unwrap());
        }
    }
}

/// Who is listed as seeing a project, and how many that are.
async fn seers(world: &World, asks: UserId, project: ProjectId) -> (BTreeSet<i64>, i64) {
    let actor = world.test.actor(asks).await;
    let request = PageRequest {
        page: 1,
        per_page: 15,
    };
    let page = people::users_of_project(&world.test.app, &actor, project, request)
        .await
        .unwrap();
    assert!(page.rows.is_sorted_by_key(|(id, _)| *id));
    (page.rows.iter().map(|(id, _)| id.0).collect(), page.total)
}

#[tokio::test]
async fn a_project_lists_exactly_those_who_see_it() {
    let world = world().await;
    let ada = world.users[0].id;
    let is_seer =
        |project: &Project, user: &User| rights(project, *user).is_some_and(|rights| rights.has(SEE));
    for (id, project) in &world.projects {
        let expected: BTreeSet<i64> = world
            .users
            .iter()
            .filter(|user| is_seer(project, user))
            .map(|user| user.id.0)
            .collect();
        let (listed, total) = seers(&world, ada, *id).await;
        assert_eq!(listed, expected, "{project:?}");
        assert_eq!(total, i64::try_from(expected.len()).unwrap(), "{project:?}");
    }
    // Without a row and a group, by their own roles: those who may not act are not among them.
    let own = |p: &Project| matches!(p.default, Default::OwnRole) && p.row.is_none() && p.groups.is_empty();
    let open = world.projects.iter().find(|(_, p)| own(p)).unwrap().0;
    let lead = world.users[1].id;
    execute(
        world.test.db(),
        format!("UPDATE users SET is_active = FALSE WHERE id = {lead}"),
    )
    .await
    .unwrap();
    assert_eq!(seers(&world, ada, open).await, (BTreeSet::from([ada.0]), 1));
    let robot = world.users[3].id.0;
    let by_group = |p: &Project| p.row.is_none() && p.groups == [Some(SUBMITS)];
    let shared = world.projects.iter().find(|(_, p)| by_group(p)).unwrap().0;
    assert!(seers(&world, ada, shared).await.0.contains(&robot));
    execute(
        world.test.db(),
        "INSERT INTO settings (name, value) VALUES ('edition', '\"standard\"')",
    )
    .await
    .unwrap();
    assert!(!seers(&world, ada, shared).await.0.contains(&robot));
}

/// Rights that end between the beginning of a request and its transaction: nothing is done and nothing is listed.
#[tokio::test]
async fn what_ends_meanwhile_is_refused_in_the_transaction() {
    let world = world().await;
    let db = world.test.db();
    let ada = world.users[0];
    let expires_at = Some(BEGINNING.plus(1));
    let new = NewKey {
        expires_at,
        ..NewKey::default()
    };
    let (key, _) = world.test.key_with(ada.id, "short", new).await;
    let by = By {
        key: Some(key),
        scope: Scope::Full,
        only: None,
    };
    let caller = caller(ada, by);
    let ask = async |user: &Caller, now| {
        let (user, id) = (user.clone(), world.projects[0].0);
        let asking = move |tx: &mut Tx<'_>| store::access::require(tx, &user, Target::Project(id), SEE, now);
        db.read(asking).await.unwrap().map(drop)
    };
    let listed = async |user: &Caller| {
        let user = user.clone();
        db.read(move |tx| list(tx, &user)).await.unwrap().1
    };
    assert_eq!(ask(&caller, BEGINNING).await, Ok(()));
    assert_eq!(ask(&caller, BEGINNING.plus(1)).await, Err(Denied::Revoked));

    let robot = Caller {
        user: world.users[3].id,
        ..caller.clone()
    };
    let changes = [
        (
            "UPDATE api_keys SET revoked_at = 1",
            "UPDATE api_keys SET revoked_at = NULL",
        ),
        (
            "UPDATE users SET is_active = FALSE",
            "UPDATE users SET is_active = TRUE",
        ),
    ];
    for (change, back) in changes {
        execute(db, change).await.unwrap();
        assert_eq!(ask(&caller, BEGINNING).await, Err(Denied::Revoked), "{change}");
        assert_eq!(listed(&caller).await, 0, "{change}");
        execute(db, back).await.unwrap();
    }
    // Nobody is a site admin because a request says so.
    execute(db, "UPDATE users SET is_admin = FALSE").await.unwrap();
    assert_eq!(ask(&caller, BEGINNING).await, Err(Denied::NotFound));
    assert!(listed(&caller).await < number(db, "SELECT COUNT(*) FROM projects").await);
    execute(
        db,
        "INSERT INTO settings (name, value) VALUES ('edition', '\"standard\"')",
    )
    .await
    .unwrap();
    assert_eq!(ask(&robot, BEGINNING).await, Err(Denied::Revoked));
}

#[tokio::test]
async fn absent_and_hidden_projects_answer_the_same() {
    let world = world().await;
    let lead = world.test.actor(world.users[1].id).await;
    let hidden = world
        .projects
        .iter()
        .find(|(_, p)| rights(p, world.users[1]).is_none());
    for id in [hidden.unwrap().0, ProjectId(999_999), ProjectId(0), ProjectId(-1)] {
        let refused = projects::get(&world.test.app, &lead, id).await;
        assert_eq!(code(refused), "not_found", "{id}");
    }
}

#[tokio::test]
async fn only_site_admins_make_projects() {
    let (test, _) = instance().await;
    let lead = test.user("lead", "Lead", UserKind::Person).await;
    let (ada, _) = sign_in(&test, EMAIL).await;
    let new = projects::NewProject {
        name: " Storefront ".to_owned(),
        note: Some(" ".to_owned()),
        is_demo: false,
    };
    let refused = projects::create(&test.app, &test.actor(lead).await, &new).await;
    assert_eq!(code(refused), "admin_only");
    let id = projects::create(&test.app, &ada, &new).await.unwrap();
    let project = projects::get(&test.app, &ada, id).await.unwrap();
    assert_eq!(
        (project.name.as_str(), project.note, project.created_by),
        ("Storefront", None, Some(ada.user.id))
    );
    for scope in [Scope::Read, Scope::ResultsWrite, Scope::CasesWrite] {
        let narrow = NewKey {
            scope,
            ..NewKey::default()
        };
        let (_, secret) = test.key_with(ada.user.id, scope.name(), narrow).await;
        let narrow = crate::support::show(&test, &secret).await.unwrap();
        assert_eq!(
            code(projects::create(&test.app, &narrow, &new).await),
            "admin_only"
        );
    }
}
