//! Cases of the repository (contract §2.9, §4.5, §9).

mod comments;
mod input;
mod list;
mod row;
mod versions;

pub(crate) use comments::{comment, comments, delete_comment, update_comment};
pub(crate) use list::{names, page, suggest};
pub(crate) use versions::{restore, version, versions};

use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use app::cases::{self, Cases};
use input::{CasesIn, ChangeIn, DeleteIn};
use model::CaseId;
use row::FullRow;

fn rows(cases: &Cases) -> Only<Vec<FullRow<'_>>> {
    let each = cases.cases.iter();
    Only {
        result: each
            .map(|(case, links)| FullRow::new(case, links, &cases.schema))
            .collect(),
    }
}

fn created(made: &Cases) -> (u16, String) {
    (201, serde_json::to_string(&rows(made)).unwrap_or_default())
}

/// Makes cases.
pub(crate) async fn create(cx: Cx) -> Outcome {
    let body: CasesIn = cx.json()?;
    let claim = cx.claim()?;
    let new = body.cases.into_iter().map(Into::into).collect();
    let made = cases::create(&cx.app, &cx.actor, cx.project()?, new, claim, created).await?;
    Reply::once(made, created)
}

/// Gives cases the same new values.
pub(crate) async fn update(cx: Cx) -> Outcome {
    let body: ChangeIn = cx.json()?;
    let (ids, change) = body.parts();
    let changed = cases::update(&cx.app, &cx.actor, cx.project()?, ids, change).await?;
    Reply::ok(&rows(&changed))
}

/// Deletes cases.
pub(crate) async fn delete(cx: Cx) -> Outcome {
    let body: DeleteIn = cx.json()?;
    let ids = body.ids.into_iter().map(CaseId).collect();
    cases::delete(&cx.app, &cx.actor, cx.project()?, ids).await?;
    Ok(Reply::Empty)
}

/// One case.
pub(crate) async fn get(cx: Cx) -> Outcome {
    let found = cases::get(&cx.app, &cx.actor, cx.case()?).await?;
    one(&found)
}

/// The only case of an answer.
fn one(found: &Cases) -> Outcome {
    let (case, links) = found.cases.first().ok_or(app::Error::NotFound)?;
    Reply::ok(&Only {
        result: FullRow::new(case, links, &found.schema),
    })
}
