//! Roles, as administrators see and change them.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Only, PageOf};
use crate::wire::Whole;
use app::roles::{self, Change};
use model::{Rights, RoleId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::role::Role;

#[derive(Serialize)]
struct Row {
    id: RoleId,
    name: String,
    permissions: i64,
    is_default: bool,
    is_built_in: bool,
    version: i64,
    created_at: Timestamp,
    created_by: Option<UserId>,
    updated_at: Option<Timestamp>,
    updated_by: Option<UserId>,
}

impl From<&Role> for Row {
    fn from(r: &Role) -> Row {
        Row {
            id: r.id,
            name: r.name.clone(),
            permissions: r.rights.to_i64(),
            is_default: r.is_default,
            is_built_in: r.is_factory,
            version: r.version,
            created_at: r.created_at,
            created_by: r.created_by,
            updated_at: r.updated_at,
            updated_by: r.updated_by,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    name: Option<String>,
    permissions: Option<i64>,
    is_default: Option<bool>,
    version: Option<Whole>,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        Change {
            name: c.name,
            rights: c.permissions.map(Rights::from_i64),
            is_default: c.is_default,
            version: c.version.map(|v| v.0),
        }
    }
}

fn created(made: &Role) -> (u16, String) {
    super::created(Row::from(made))
}

/// All roles.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let request = cx.params.page();
    cx.params.check()?;
    let page = roles::page(&cx.app, &cx.actor, request).await?;
    Reply::ok(&PageOf::bare(page.map(|r| Row::from(&r))))
}

/// One role.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let found = roles::get(&cx.app, &cx.actor, cx.role()?).await?;
    Reply::ok(&Only {
        result: Row::from(&found),
    })
}

/// Makes a role.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let new = Change::from(cx.json::<ChangeIn>()?);
    let claim = cx.claim()?;
    Reply::once(
        roles::create(&cx.app, &cx.actor, new, claim, created).await?,
        created,
    )
}

/// Changes a role.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = Change::from(cx.json::<ChangeIn>()?);
    let new = roles::update(&cx.app, &cx.actor, cx.role()?, change).await?;
    Reply::ok(&Only {
        result: Row::from(&new),
    })
}

/// Deletes a role.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    roles::delete(&cx.app, &cx.actor, cx.role()?).await?;
    Ok(Reply::Empty)
}
