//! What people say about a case.

use super::view::{Page, href};
use crate::pages::preview;
use crate::ui::Frame;
use crate::ui::button::{Look, link, submit};
use crate::ui::field::{Errors, field};
use crate::ui::markdown::markdown;
use crate::ui::person::person;
use maud::{Markup, html};
use model::{CommentId, Timestamp, UserId};

/// One comment.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: CommentId,
    /// Markdown.
    pub text: String,
    /// Who wrote it.
    pub by: Option<(UserId, String)>,
    /// When.
    pub at: Timestamp,
    /// Whether it was changed.
    pub is_changed: bool,
    /// Whether the reader wrote it.
    pub is_own: bool,
    /// Whether the reader may delete it.
    pub can_delete: bool,
}

/// What the tab shows.
pub struct Comments {
    /// Oldest first.
    pub rows: Vec<Row>,
    /// The one that is being changed.
    pub editing: Option<CommentId>,
    /// What was typed.
    pub text: String,
    /// What was wrong with it.
    pub errors: Errors,
    /// Whether the reader may comment.
    pub can_comment: bool,
}

/// Draws them.
pub fn section(frame: &Frame, page: &Page, v: &Comments) -> Markup {
    let here = format!("{}?tab=comments", href(&page.case));
    let send = format!("{}/comments", href(&page.case));
    html! {
        div.comments {
            (v.errors.summary())
            @if v.rows.is_empty() { p.muted { "Nobody has commented yet." } }
            @for row in &v.rows {
                article.card id={ "comment-" (row.id) } {
                    header.card-head {
                        @if let Some((id, name)) = &row.by { (person(id.0, name)) }
                        span.muted { (frame.when.clock(row.at)) @if row.is_changed { " · changed" } }
                        div.end.actions {
                            @if row.is_own && v.can_comment { a.btn.btn-ghost.btn-sm href={ (here) "&edit=" (row.id) "#text" } { "Change" } }
                            @if row.can_delete { form method="post" action={ (send) "/" (row.id) "/delete" } {
                                button.btn.btn-text-danger.btn-sm { "Delete" }
                            } }
                        }
                    }
                    div.card-body { (markdown(&row.text)) }
                }
            }
            @if v.can_comment { (form(v, &here, &send)) }
        }
    }
}

fn form(v: &Comments, here: &str, send: &str) -> Markup {
    let action = v
        .editing
        .map_or_else(|| send.to_owned(), |id| format!("{send}/{id}"));
    let label = if v.editing.is_some() {
        "Change the comment"
    } else {
        "Comment"
    };
    let control = html! { textarea.input #text name="text" rows="4" required aria-describedby="text-help" { (v.text) } };
    let control = preview::around("Comment", &control);
    html! {
        form.card method="post" action=(action) {
            div.card-body { (field("text", label, false, "Markdown can be used.", v.errors.of("text"), &control)) }
            footer.card-foot {
                (submit(Look::Primary, if v.editing.is_some() { "Save comment" } else { "Add comment" }))
                @if v.editing.is_some() { (link(Look::Ghost, "Cancel", here)) }
            }
        }
    }
}
