//! Results of sessions, which the contract only counts.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Only, PageOf};
use crate::wire::Whole;
use app::Error;
use app::sessions::results;
use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::exploratory::result::{Found, New};

#[derive(Deserialize)]
struct NewIn {
    #[serde(default)]
    status_id: Option<Whole>,
    #[serde(default)]
    note: Option<String>,
    #[serde(default)]
    elapsed: Option<Whole>,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    session_id: i64,
    status_id: i64,
    note: Option<String>,
    elapsed: Option<i64>,
    created_at: Timestamp,
    created_by: Option<i64>,
}

impl From<&Found> for Row {
    fn from(f: &Found) -> Row {
        Row {
            id: f.id,
            session_id: f.session_id.0,
            status_id: f.status_id,
            note: f.note.clone(),
            elapsed: f.elapsed,
            created_at: f.created_at,
            created_by: f.created_by.map(|u| u.0),
        }
    }
}

/// The results of a session.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let request = cx.params.page();
    cx.params.check()?;
    let page = results::page(&cx.app, &cx.actor, cx.session()?, request).await?;
    Reply::ok(&PageOf::bare(page.map(|f| Row::from(&f))))
}

fn created(found: &Found) -> (u16, String) {
    let row = Only {
        result: Row::from(found),
    };
    (201, serde_json::to_string(&row).unwrap_or_default())
}

/// Writes a result.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let (new, claim) = (cx.json::<NewIn>()?, cx.claim()?);
    let Some(status_id) = new.status_id else {
        return Err(Error::field(
            "status_id",
            "Give the status_id of a status. See the statuses of the project.",
        ));
    };
    let new = New {
        status_id: status_id.0,
        note: new.note,
        elapsed: new.elapsed.map(|e| e.0),
    };
    Reply::once(
        results::create(&cx.app, &cx.actor, cx.session()?, new, claim, created).await?,
        created,
    )
}
