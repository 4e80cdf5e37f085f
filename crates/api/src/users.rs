//! Users (contract §2.15).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Named, PageOf, RowOf};
use crate::params::Expands as Wanted;
use app::automation::{Needs, names};
use app::{Error, people};
use model::{GroupId, RoleId, Timestamp, UserId};
use serde::Serialize;
use store::user::Profile;

const EXPANDS: &[&str] = &["groups", "roles", "users"];

#[derive(Serialize)]
struct Row {
    id: UserId,
    name: String,
    email: String,
    #[serde(rename = "type")]
    kind: i64,
    timezone: Option<String>,
    date_format: Option<String>,
    time_format: Option<String>,
    notifications: i64,
    tfa_enabled: bool,
    is_active: bool,
    is_forgotten: bool,
    is_api: bool,
    role_id: RoleId,
    groups: Vec<GroupId>,
    created_at: Timestamp,
    created_by: Option<UserId>,
    updated_at: Option<Timestamp>,
    updated_by: Option<UserId>,
}

impl From<Profile> for Row {
    fn from(p: Profile) -> Row {
        let user = p.user;
        Row {
            id: user.id,
            kind: kind(user.is_api, user.is_admin),
            name: user.name,
            email: user.email,
            timezone: user.timezone,
            date_format: user.date_format,
            time_format: user.time_format,
            notifications: p.notifications,
            // A second factor can't be set up yet, so nobody has one.
            tfa_enabled: false,
            is_active: user.is_active,
            is_forgotten: p.is_forgotten,
            is_api: user.is_api,
            role_id: user.role_id,
            groups: p.groups,
            created_at: user.created_at,
            created_by: p.created_by,
            updated_at: p.updated_at,
            updated_by: p.updated_by,
        }
    }
}

/// The contract gives no meaning to `type`: these are ours. 2 and 3 are kept for viewers and project admins.
fn kind(is_api: bool, is_admin: bool) -> i64 {
    match (is_api, is_admin) {
        (true, _) => 5,
        (false, true) => 4,
        (false, false) => 1,
    }
}

#[derive(Serialize, Default)]
struct Expands {
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<Named>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Named>>,
}

async fn expands(cx: &Cx, wanted: &Wanted, rows: &[Row]) -> Result<Expands, Error> {
    let [groups, roles, users] = ["groups", "roles", "users"].map(|name| wanted.has(name));
    let mut needs = Needs::default();
    if groups {
        needs.groups = rows.iter().flat_map(|r| r.groups.iter().copied()).collect();
    }
    if roles {
        needs.roles = rows.iter().map(|r| r.role_id).collect();
    }
    if users {
        let by = rows.iter().flat_map(|r| [r.created_by, r.updated_by]);
        needs.users = by.flatten().collect();
    }
    let names = names(&cx.app, &cx.actor, &needs).await?;
    Ok(Expands {
        groups: groups.then(|| named(names.groups, |id| id.0)),
        roles: roles.then(|| named(names.roles, |id| id.0)),
        users: users.then(|| named(names.users, |id| id.0)),
    })
}

fn named<T>(names: Vec<(T, String)>, number: fn(&T) -> i64) -> Vec<Named> {
    names
        .into_iter()
        .map(|(id, name)| Named {
            id: number(&id),
            name,
        })
        .collect()
}

/// The only expand of groups and roles: the users that they refer to.
#[derive(Serialize, Default)]
pub(crate) struct UsersOf {
    #[serde(skip_serializing_if = "Option::is_none")]
    users: Option<Vec<Named>>,
}

impl UsersOf {
    /// Reads the names of these users if they are wanted.
    pub(crate) async fn read(
        cx: &Cx,
        wanted: &Wanted,
        users: impl Iterator<Item = UserId> + Send,
    ) -> Result<UsersOf, Error> {
        if !wanted.has("users") {
            return Ok(UsersOf::default());
        }
        let needs = Needs {
            users: users.collect(),
            ..Needs::default()
        };
        let names = names(&cx.app, &cx.actor, &needs).await?;
        Ok(UsersOf {
            users: Some(named(names.users, |id| id.0)),
        })
    }
}

/// One user.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let wanted = cx.params.expands(EXPANDS);
    cx.params.check()?;
    let row = Row::from(people::user(&cx.app, &cx.actor, cx.user()?).await?);
    let expands = expands(&cx, &wanted, std::slice::from_ref(&row)).await?;
    Reply::ok(&RowOf { result: row, expands })
}

/// All users.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let (request, wanted) = (cx.params.page(), cx.params.expands(EXPANDS));
    cx.params.check()?;
    let page = people::users(&cx.app, &cx.actor, request).await?.map(Row::from);
    let expands = expands(&cx, &wanted, &page.rows).await?;
    Reply::ok(&PageOf::new(page, expands))
}

/// Those who see a project, by id and name.
pub(crate) async fn page_of_project(cx: Cx) -> Outcome {
    let request = cx.params.page();
    cx.params.check()?;
    let page = people::users_of_project(&cx.app, &cx.actor, cx.project()?, request).await?;
    let page = page.map(|(id, name)| Named { id: id.0, name });
    Reply::ok(&PageOf::bare(page))
}
