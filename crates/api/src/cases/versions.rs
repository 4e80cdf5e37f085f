//! Older texts of a case: our own addition.

use super::list::{ChangeRow, changes};
use super::one;
use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Only, PageOf};
use app::cases;
use model::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value};
use store::case::version::Version;

#[derive(Serialize)]
struct VersionRow<'a> {
    id: i64,
    case_id: i64,
    version: i64,
    content: &'a Map<String, Value>,
    changes: Vec<ChangeRow<'a>>,
    created_at: Timestamp,
    created_by: Option<i64>,
}

fn row(v: &Version) -> VersionRow<'_> {
    VersionRow {
        id: v.id,
        case_id: v.case_id.0,
        version: v.number,
        content: &v.content,
        changes: changes(&v.changes),
        created_at: v.created_at,
        created_by: v.created_by.map(|u| u.0),
    }
}

/// The versions of a case, newest first.
pub(crate) async fn versions(cx: Cx) -> Outcome {
    let request = cx.params.page();
    cx.params.check()?;
    let page = cases::versions(&cx.app, &cx.actor, cx.case()?, request).await?;
    Reply::ok(&PageOf::bare(model::page::Page {
        request: page.request,
        total: page.total,
        rows: page.rows.iter().map(row).collect(),
    }))
}

/// One version.
pub(crate) async fn version(cx: Cx) -> Outcome {
    let version = cases::version(&cx.app, &cx.actor, cx.case()?, cx.number("version")?).await?;
    Reply::ok(&Only {
        result: row(&version),
    })
}

/// Gives the case the text of an older version.
pub(crate) async fn restore(cx: Cx) -> Outcome {
    one(&cases::restore(&cx.app, &cx.actor, cx.case()?, cx.number("version")?).await?)
}
