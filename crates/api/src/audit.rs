//! The audit log of the instance, for site admins (ours, not in the contract).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::PageOf;
use model::Timestamp;
use serde::Serialize;
use store::audit::{Filter, Recorded};

#[derive(Serialize)]
struct Row {
    id: i64,
    action: String,
    actor_id: Option<i64>,
    actor_name: String,
    via: String,
    via_id: Option<i64>,
    ip: Option<String>,
    request_id: Option<String>,
    project_id: Option<i64>,
    target_kind: String,
    target_id: Option<i64>,
    target_name: Option<String>,
    detail: Option<serde_json::Value>,
    created_at: Timestamp,
}

impl From<Recorded> for Row {
    fn from(r: Recorded) -> Row {
        let e = r.entry;
        Row {
            id: r.id,
            action: e.action,
            actor_id: e.actor_id.map(|u| u.0),
            actor_name: e.actor_name,
            via: e.via,
            via_id: e.via_id,
            ip: e.ip,
            request_id: e.request_id,
            project_id: e.project_id.map(|p| p.0),
            target_kind: e.target_kind,
            target_id: e.target_id,
            target_name: e.target_name,
            detail: e.detail.and_then(|d| serde_json::from_str(&d).ok()),
            created_at: e.at,
        }
    }
}

/// Rows of the log, the newest first.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let p = &cx.params;
    let request = p.page();
    let filter = Filter {
        actor_id: p.id("actor_id"),
        action: p.text("action"),
        project_id: p.id("project_id"),
        target_kind: p.text("target_kind"),
        target_id: p.id("target_id"),
        after: p.instant("created_after"),
        before: p.instant("created_before"),
        ascending: p.ascending(false),
    };
    p.check()?;
    let page = app::audit::page(&cx.app, &cx.actor, filter, request).await?;
    Reply::ok(&PageOf::bare(page.map(Row::from)))
}
