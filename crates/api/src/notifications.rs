//! What the caller is told about what others do: our own addition.

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{Only, PageOf};
use app::notifications;
use model::{ProjectId, Timestamp, UserId};
use serde::Serialize;
use store::notification::{About, Notification};

#[derive(Serialize)]
struct Row {
    id: i64,
    kind: &'static str,
    project_id: Option<ProjectId>,
    target_kind: Option<&'static str>,
    target_id: Option<i64>,
    part_id: Option<i64>,
    count: i64,
    title: String,
    actor_id: Option<UserId>,
    actor_name: Option<String>,
    created_at: Timestamp,
    read_at: Option<Timestamp>,
}

impl From<Notification> for Row {
    fn from(n: Notification) -> Row {
        let (target_kind, target_id) = n.about.map(About::parts).unzip();
        let (actor_id, actor_name) = n.actor.unzip();
        Row {
            id: n.id,
            kind: n.kind.name(),
            project_id: n.project.map(|(id, _)| id),
            target_kind,
            target_id,
            part_id: n.part,
            count: n.count,
            title: n.title,
            actor_id,
            actor_name,
            created_at: n.created_at,
            read_at: n.read_at,
        }
    }
}

/// Those of the caller, newest first.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let (request, unread) = (cx.params.page(), cx.params.bool("unread"));
    cx.params.check()?;
    let all = unread != Some(true);
    let page = notifications::page(&cx.app, &cx.actor, all, request).await?;
    Reply::ok(&PageOf::bare(page.map(Row::from)))
}

/// Marks one as read.
pub(crate) async fn read(cx: Cx) -> Outcome {
    let id = cx.number("notification_id")?;
    let read = notifications::read(&cx.app, &cx.actor, id).await?;
    Reply::ok(&Only {
        result: Row::from(read),
    })
}

/// Marks all as read.
pub(crate) async fn read_all(cx: Cx) -> Outcome {
    notifications::read_all(&cx.app, &cx.actor).await?;
    Ok(Reply::Empty)
}
