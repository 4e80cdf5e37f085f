//! Groups, as administrators see and change them.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Only, PageOf};
use crate::wire::Whole;
use app::groups::{self, Change};
use model::{GroupId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::group::Group;

#[derive(Serialize)]
struct Row {
    id: GroupId,
    name: String,
    members: Vec<UserId>,
    version: i64,
    created_at: Timestamp,
    created_by: Option<UserId>,
    updated_at: Option<Timestamp>,
    updated_by: Option<UserId>,
}

impl From<&Group> for Row {
    fn from(g: &Group) -> Row {
        Row {
            id: g.id,
            name: g.name.clone(),
            members: g.members.clone(),
            version: g.version,
            created_at: g.created_at,
            created_by: g.created_by,
            updated_at: g.updated_at,
            updated_by: g.updated_by,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    name: Option<String>,
    members: Option<Vec<Whole>>,
    version: Option<Whole>,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        Change {
            name: c.name,
            members: c.members.map(|all| all.iter().map(|id| UserId(id.0)).collect()),
            version: c.version.map(|v| v.0),
        }
    }
}

fn created(made: &Group) -> (u16, String) {
    super::created(Row::from(made))
}

/// All groups.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let request = cx.params.page();
    cx.params.check()?;
    let page = groups::page(&cx.app, &cx.actor, request).await?;
    Reply::ok(&PageOf::bare(page.map(|g| Row::from(&g))))
}

/// One group.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let found = groups::get(&cx.app, &cx.actor, cx.group()?).await?;
    Reply::ok(&Only {
        result: Row::from(&found),
    })
}

/// Makes a group.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let new = Change::from(cx.json::<ChangeIn>()?);
    let claim = cx.claim()?;
    Reply::once(
        groups::create(&cx.app, &cx.actor, new, claim, created).await?,
        created,
    )
}

/// Changes a group.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = Change::from(cx.json::<ChangeIn>()?);
    let new = groups::update(&cx.app, &cx.actor, cx.group()?, change).await?;
    Reply::ok(&Only {
        result: Row::from(&new),
    })
}

/// Deletes a group.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    groups::delete(&cx.app, &cx.actor, cx.group()?).await?;
    Ok(Reply::Empty)
}
