//! Roles (contract §2.10).

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::{PageOf, RowOf};
use crate::users::UsersOf;
use app::people;
use model::{Timestamp, UserId};
use serde::Serialize;
use store::role::Role;

const EXPANDS: &[&str] = &["users"];

#[derive(Serialize)]
struct Row {
    id: i64,
    name: String,
    permissions: i64,
    is_default: bool,
    created_at: Timestamp,
    created_by: Option<UserId>,
    updated_at: Option<Timestamp>,
    updated_by: Option<UserId>,
}

impl From<Role> for Row {
    fn from(r: Role) -> Row {
        Row {
            id: r.id.0,
            name: r.name,
            permissions: r.rights.to_i64(),
            is_default: r.is_default,
            created_at: r.created_at,
            created_by: r.created_by,
            updated_at: r.updated_at,
            updated_by: r.updated_by,
        }
    }
}

impl Row {
    fn users(&self) -> impl Iterator<Item = UserId> {
        [self.created_by, self.updated_by].into_iter().flatten()
    }
}

/// One role.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let wanted = cx.params.expands(EXPANDS);
    cx.params.check()?;
    let row = Row::from(people::role(&cx.app, &cx.actor, cx.role()?).await?);
    let expands = UsersOf::read(&cx, &wanted, row.users()).await?;
    Reply::ok(&RowOf { result: row, expands })
}

/// All roles.
pub(crate) async fn page(cx: Cx) -> Outcome {
    let (request, wanted) = (cx.params.page(), cx.params.expands(EXPANDS));
    cx.params.check()?;
    let page = people::roles(&cx.app, &cx.actor, request).await?.map(Row::from);
    let expands = UsersOf::read(&cx, &wanted, page.rows.iter().flat_map(Row::users)).await?;
    Reply::ok(&PageOf::new(page, expands))
}
