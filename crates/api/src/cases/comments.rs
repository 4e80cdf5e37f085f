//! Comments on cases: our own addition.

use super::input::CommentIn;
use crate::context::{Cx, Outcome, Reply};
use crate::envelope::Only;
use app::cases;
use model::{CommentId, Timestamp};
use serde::Serialize;
use store::case::comment::Comment;

#[derive(Serialize)]
struct CommentRow<'a> {
    id: i64,
    case_id: i64,
    text: &'a str,
    created_at: Timestamp,
    created_by: Option<i64>,
    updated_at: Option<Timestamp>,
    updated_by: Option<i64>,
}

impl<'a> From<&'a Comment> for CommentRow<'a> {
    fn from(m: &'a Comment) -> CommentRow<'a> {
        CommentRow {
            id: m.id.0,
            case_id: m.case_id.0,
            text: &m.text,
            created_at: m.created_at,
            created_by: m.created_by.map(|u| u.0),
            updated_at: m.updated_at,
            updated_by: m.updated_by.map(|u| u.0),
        }
    }
}

/// The comments on a case.
pub(crate) async fn comments(cx: Cx) -> Outcome {
    let all = cases::comments(&cx.app, &cx.actor, cx.case()?).await?;
    let result: Vec<CommentRow<'_>> = all.iter().map(CommentRow::from).collect();
    Reply::ok(&Only { result })
}

fn created(made: &Comment) -> (u16, String) {
    let row = Only {
        result: CommentRow::from(made),
    };
    (201, serde_json::to_string(&row).unwrap_or_default())
}

/// Comments on a case.
pub(crate) async fn comment(cx: Cx) -> Outcome {
    let body: CommentIn = cx.json()?;
    let claim = cx.claim()?;
    let text = body.text.unwrap_or_default();
    let made = cases::comment(&cx.app, &cx.actor, cx.case()?, &text, claim, created).await?;
    Reply::once(made, created)
}

fn id(cx: &Cx) -> Result<CommentId, app::Error> {
    cx.number("comment_id").map(CommentId)
}

/// Changes a comment.
pub(crate) async fn update_comment(cx: Cx) -> Outcome {
    let body: CommentIn = cx.json()?;
    let text = body.text.unwrap_or_default();
    let comment = cases::update_comment(&cx.app, &cx.actor, cx.case()?, id(&cx)?, &text).await?;
    Reply::ok(&Only {
        result: CommentRow::from(&comment),
    })
}

/// Deletes a comment.
pub(crate) async fn delete_comment(cx: Cx) -> Outcome {
    cases::delete_comment(&cx.app, &cx.actor, cx.case()?, id(&cx)?).await?;
    Ok(Reply::Empty)
}
