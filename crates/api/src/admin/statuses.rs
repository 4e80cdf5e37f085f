//! Result statuses.

use super::OrderIn;
use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use crate::wire::Whole;
use app::definitions::statuses::{self, Change, Versioned, is_built_in};
use model::status::Status;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    status: Status,
    is_built_in: bool,
    version: i64,
}

impl From<&Versioned> for Row {
    fn from(v: &Versioned) -> Row {
        Row {
            status: v.status.clone(),
            is_built_in: is_built_in(v.status.id),
            version: v.version,
        }
    }
}

#[derive(Deserialize)]
struct ChangeIn {
    name: Option<String>,
    system_name: Option<String>,
    color: Option<String>,
    is_final: Option<bool>,
    is_passed: Option<bool>,
    is_failed: Option<bool>,
    aliases: Option<Vec<String>>,
    version: Option<Whole>,
}

impl From<ChangeIn> for Change {
    fn from(c: ChangeIn) -> Change {
        Change {
            name: c.name,
            system_name: c.system_name,
            color: c.color,
            is_final: c.is_final,
            is_passed: c.is_passed,
            is_failed: c.is_failed,
            aliases: c.aliases,
            version: c.version.map(|v| v.0),
        }
    }
}

fn created(made: &Versioned) -> (u16, String) {
    super::created(Row::from(made))
}

fn rows(all: &[Versioned]) -> Outcome {
    Reply::ok(&Only {
        result: all.iter().map(Row::from).collect::<Vec<_>>(),
    })
}

/// All statuses.
pub(crate) async fn all(cx: Cx) -> Outcome {
    rows(&statuses::all(&cx.app, &cx.actor).await?)
}

/// One status.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let found = statuses::get(&cx.app, &cx.actor, cx.number("status_id")?).await?;
    Reply::ok(&Only {
        result: Row::from(&found),
    })
}

/// Makes a status.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let new = Change::from(cx.json::<ChangeIn>()?);
    let claim = cx.claim()?;
    Reply::once(
        statuses::create(&cx.app, &cx.actor, new, claim, created).await?,
        created,
    )
}

/// Changes a status.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let change = Change::from(cx.json::<ChangeIn>()?);
    let new = statuses::update(&cx.app, &cx.actor, cx.number("status_id")?, change).await?;
    Reply::ok(&Only {
        result: Row::from(&new),
    })
}

/// Puts statuses into an order.
pub(crate) async fn order(cx: Cx) -> Outcome {
    let ids = cx.json::<OrderIn>()?.ids;
    rows(&statuses::order(&cx.app, &cx.actor, ids).await?)
}

/// Deletes a status.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    statuses::delete(&cx.app, &cx.actor, cx.number("status_id")?).await?;
    Ok(Reply::Empty)
}
