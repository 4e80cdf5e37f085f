//! People, as administrators see and change them.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Only, PageOf};
use crate::wire::{Whole, nullable};
use app::users::{self, Change};
use model::{GroupId, RoleId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::user::Profile;

#[derive(Serialize)]
struct Row {
    id: UserId,
    name: String,
    email: String,
    role_id: RoleId,
    is_admin: bool,
    is_active: bool,
    groups: Vec<GroupId>,
    timezone: Option<String>,
    version: i64,
    created_at: Timestamp,
    created_by: Option<UserId>,
    updated_at: Option<Timestamp>,
    updated_by: Option<UserId>,
}

impl From<&Profile> for Row {
    fn from(p: &Profile) -> Row {
        let u = p.user.clone();
        Row {
            id: u.id,
            name: u.name,
            email: u.email,
            role_id: u.role_id,
            is_admin: u.is_admin,
            is_active: u.is_active,
            groups: p.groups.clone(),
            timezone: u.timezone,
            version: p.version,
            created_at: u.created_at,
            created_by: p.created_by,
            updated_at: p.updated_at,
            updated_by: p.updated_by,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    name: Option<String>,
    email: Option<String>,
    role_id: Option<Whole>,
    is_admin: Option<bool>,
    is_active: Option<bool>,
    groups: Option<Vec<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    timezone: Option<Option<String>>,
    password: Option<String>,
    version: Option<Whole>,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        Change {
            name: c.name,
            email: c.email,
            role_id: c.role_id.map(|id| RoleId(id.0)),
            is_admin: c.is_admin,
            is_active: c.is_active,
            groups: c.groups.map(|all| all.iter().map(|id| GroupId(id.0)).collect()),
            timezone: c.timezone,
            password: c.password,
            version: c.version.map(|v| v.0),
        }
    }
}

fn created(made: &Profile) -> (u16, String) {
    super::created(Row::from(made))
}

/// The people of the instance.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let request = cx.params.page();
    cx.params.check()?;
    let page = users::page(&cx.app, &cx.actor, request).await?;
    Reply::ok(&PageOf::bare(page.map(|p| Row::from(&p))))
}

/// One person.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let found = users::get(&cx.app, &cx.actor, cx.user()?).await?;
    Reply::ok(&Only {
        result: Row::from(&found),
    })
}

/// Makes a person.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let new = Change::from(cx.json::<ChangeIn>()?);
    let claim = cx.claim()?;
    Reply::once(
        users::create(&cx.app, &cx.actor, new, claim, created).await?,
        created,
    )
}

/// Changes a person.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = Change::from(cx.json::<ChangeIn>()?);
    let new = users::update(&cx.app, &cx.actor, cx.user()?, change).await?;
    Reply::ok(&Only {
        result: Row::from(&new),
    })
}

/// Forgets a person.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    users::delete(&cx.app, &cx.actor, cx.user()?).await?;
    Ok(Reply::Empty)
}
