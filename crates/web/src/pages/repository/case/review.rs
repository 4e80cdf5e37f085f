//! The review of a case: asking for it, and what the reviewer sees and decides.

use super::handler::{case_id, load, words};
use super::history::compared;
use super::view::{self, Below, Page, href};
use crate::respond;
use crate::sent::Sent;
use crate::ui::field::{Errors, described, field};
use crate::ui::{Icon, Tone, banner, icon};
use crate::visit::{Signed, Visit};
use app::cases::review::{Review, Step, Waiting};
use app::{App, Error, FieldError, cases};
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use http::StatusCode;
use maud::{Markup, html};
use model::{CaseId, StateId};
use serde::Deserialize;
use store::case::Case;
use store::state::State;

/// Where the case stands, with what was typed.
pub struct Panel {
    /// Where it stands.
    pub review: Review,
    /// What differs from the text that was approved last: words of the field, before, after.
    pub changes: Vec<(String, String, String)>,
    /// What the author should know.
    pub comment: String,
    /// What was wrong.
    pub errors: Errors,
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/cases/view/{case}/state", post(step))
}

/// Reads where a case stands.
pub(super) async fn read(visit: &Visit, found: &cases::Cases, case: &Case) -> Result<Panel, Error> {
    let review = cases::review::review(&visit.app, visit.actor()?, case.id).await?;
    let changes = match &review.waiting {
        None => Vec::new(),
        Some(waiting) => {
            let versions = std::slice::from_ref(&waiting.version);
            let words = words(visit, &found.schema, case.project_id, versions).await?;
            let all = waiting.version.changes.iter();
            all.map(|c| words.change(&c.field, &c.before, &c.after)).collect()
        }
    };
    Ok(Panel {
        review,
        changes,
        comment: String::new(),
        errors: Errors::default(),
    })
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    state: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    comment: String,
}

async fn step(Signed(visit): Signed, Path(id): Path<String>, Sent(typed): Sent<Typed>) -> Response {
    let result = match case_id(&id) {
        Ok(id) => try_step(&visit, id, typed).await,
        Err(error) => Err(error),
    };
    respond::answer(&visit, result)
}

async fn try_step(visit: &Visit, id: CaseId, typed: Typed) -> Result<Response, Error> {
    let step = Step {
        state: StateId(typed.state.parse().map_err(|_| Error::NotFound)?),
        version: typed.version.parse().ok(),
        comment: typed.comment.clone(),
    };
    let (status, errors) = match cases::review::step(&visit.app, visit.actor()?, id, step).await {
        Ok(()) => return Ok(respond::to(&format!("/cases/view/{id}"))),
        Err(Error::Conflict("version_conflict", _)) => {
            let text = "Somebody changed the case meanwhile. This is how it is now; look at it again.";
            (
                StatusCode::CONFLICT,
                Errors(vec![FieldError::new("comment", text)]),
            )
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, respond::fields(error)?),
    };
    let (mut page, _) = load(visit, id).await?;
    page.below = Below::Details;
    page.panel.comment = typed.comment;
    page.panel.errors = errors;
    Ok(respond::html(status, view::page(&visit.frame, &page)))
}

/// The button that asks for a review.
pub fn ask(page: &Page) -> Markup {
    let Some(state) = &page.panel.review.ask else {
        return html! {};
    };
    html! {
        form method="post" action={ (href(&page.case)) "/state" } {
            input type="hidden" name="version" value=(page.case.version);
            button.btn.btn-outline name="state" value=(state.id) { (icon(Icon::Eye)) "Ask for review" }
        }
    }
}

/// What waits for a review, and how it goes on; nothing for a case that does not wait.
pub fn section(page: &Page) -> Markup {
    let panel = &page.panel;
    let Some(waiting) = &panel.review.waiting else {
        return panel.errors.summary();
    };
    html! {
        section.card.review aria-label="Review" {
            header.card-head { h2 { "In review" } span.end.muted { (since(waiting)) } }
            div.card-body {
                (panel.errors.summary())
                @if waiting.approved.is_none() { p { "Nothing of this case was approved before. Read all of it below." } }
                @else if panel.changes.is_empty() { p { "The text is the one that was approved last." } }
                @for (label, before, after) in &panel.changes { (compared(label, before, after)) }
            }
            @if !panel.review.next.is_empty() { (decide(page, waiting)) }
        }
    }
}

fn since(waiting: &Waiting) -> String {
    match waiting.approved {
        Some(number) => format!(
            "Version {} beside version {number}, approved last",
            waiting.version.number
        ),
        None => format!("Version {}", waiting.version.number),
    }
}

fn decide(page: &Page, waiting: &Waiting) -> Markup {
    let panel = &page.panel;
    let help = "What the author should know. It is kept as a comment.";
    let error = panel.errors.of("comment");
    let control = html! {
        textarea.input #comment name="comment" rows="3" aria-describedby=[described("comment", help, error)] { "\n" (panel.comment) }
    };
    let (approving, others): (Vec<&State>, Vec<&State>) = panel
        .review
        .next
        .iter()
        .partition(|s| s.in_runs && s.needs_review);
    let (plain, back): (Vec<&State>, Vec<&State>) =
        others.into_iter().partition(|s| s.in_runs && s.is_default);
    let mut forward = approving;
    forward.extend(plain);
    html! {
        form method="post" action={ (href(&page.case)) "/state" } {
            input type="hidden" name="version" value=(page.case.version);
            div.card-body {
                @if waiting.is_for_others { (banner(Tone::Info, "You wrote this text.", html! { p { "A state that needs a review is given by somebody else." } })) }
                (field("comment", "Comment", false, help, error, &control))
            }
            footer.card-foot {
                @for (n, state) in forward.iter().enumerate() { (go(n == 0, "Approve as ", state)) }
                @for state in &back { (go(false, "Set to ", state)) }
            }
        }
    }
}

fn go(is_first: bool, verb: &str, state: &State) -> Markup {
    let look = if is_first {
        "btn btn-primary"
    } else {
        "btn btn-outline"
    };
    html! { button class=(look) name="state" value=(state.id) { (verb) (state.name) } }
}
