//! Groups of users (contract §2.5).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{PageOf, RowOf};
use crate::users::UsersOf;
use app::people;
use model::{Timestamp, UserId};
use serde::Serialize;
use store::group::Group;

const EXPANDS: &[&str] = &["users"];

#[derive(Serialize)]
struct Row {
    id: i64,
    name: String,
    members: Vec<UserId>,
    created_at: Timestamp,
    created_by: Option<UserId>,
    updated_at: Option<Timestamp>,
    updated_by: Option<UserId>,
}

impl From<Group> for Row {
    fn from(g: Group) -> Row {
        Row {
            id: g.id.0,
            name: g.name,
            members: g.members,
            created_at: g.created_at,
            created_by: g.created_by,
            updated_at: g.updated_at,
            updated_by: g.updated_by,
        }
    }
}

impl Row {
    fn users(&self) -> impl Iterator<Item = UserId> {
        let by = [self.created_by, self.updated_by].into_iter().flatten();
        self.members.iter().copied().chain(by)
    }
}

/// One group.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let wanted = cx.params.expands(EXPANDS);
    cx.params.check()?;
    let row = Row::from(people::group(&cx.app, &cx.actor, cx.group()?).await?);
    let expands = UsersOf::read(&cx, &wanted, row.users()).await?;
    Reply::ok(&RowOf { result: row, expands })
}

/// All groups.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let (request, wanted) = (cx.params.page(), cx.params.expands(EXPANDS));
    cx.params.check()?;
    let page = people::groups(&cx.app, &cx.actor, request).await?.map(Row::from);
    let expands = UsersOf::read(&cx, &wanted, page.rows.iter().flat_map(Row::users)).await?;
    Reply::ok(&PageOf::new(page, expands))
}
