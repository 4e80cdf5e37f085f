//! The page of the profile on which each kind of notification can be turned off.

use super::handler::side;
use super::side::{Entry, Side, page};
use crate::respond;
use crate::sent::{Pairs, Sent};
use crate::ui::button::{Look, submit};
use crate::ui::field::checkbox;
use crate::ui::{Crumb, Frame, Tone, banner, card};
use crate::visit::{Signed, Visit};
use app::{Error, notifications};
use axum::extract::Query;
use axum::response::Response;
use maud::{Markup, html};
use model::NoticeKind;
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Told {
    saved: Option<String>,
}

pub(super) async fn show(Signed(visit): Signed, Query(told): Query<Told>) -> Response {
    let result = try_show(&visit, told.saved.is_some()).await;
    respond::answer(&visit, result)
}

async fn try_show(visit: &Visit, is_saved: bool) -> Result<Response, Error> {
    let muted = notifications::muted(&visit.app, visit.actor()?).await?;
    let side = side(visit).await?;
    Ok(respond::page(draw(&visit.frame, &side, &muted, is_saved)))
}

pub(super) async fn save(Signed(visit): Signed, Sent(pairs): Sent<Pairs>) -> Response {
    let result = try_save(&visit, &pairs).await;
    respond::answer(&visit, result)
}

async fn try_save(visit: &Visit, pairs: &Pairs) -> Result<Response, Error> {
    let wanted = pairs.all("kind");
    let is_off = |kind: &NoticeKind| !wanted.contains(&kind.name());
    let muted: Vec<NoticeKind> = NoticeKind::ALL.into_iter().filter(is_off).collect();
    notifications::mute(&visit.app, visit.actor()?, muted).await?;
    Ok(respond::to("/users/profile/notifications?saved=1"))
}

fn words(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Assigned => "Tests or a run are given to me",
        NoticeKind::ReviewAsked => "A case waits for a review that I may give",
        NoticeKind::RunClosed => "Somebody closes a run that I made",
    }
}

fn draw(frame: &Frame, side: &Side, muted: &[NoticeKind], is_saved: bool) -> Markup {
    let fields = html! {
        fieldset.field {
            legend.label { "Tell me when" }
            @for kind in NoticeKind::ALL {
                div { (checkbox("kind", kind.name(), !muted.contains(&kind), html! { (words(kind)) })) }
            }
        }
        p.note { "You are never told of what you did yourself. What is in your inbox stays there." }
    };
    let body = html! {
        h1 { "Notifications" }
        @if is_saved { div role="status" { (banner(Tone::Good, "Saved.", html! {})) } }
        (card::form("/users/profile/notifications", "narrow", "Inbox", fields, submit(Look::Primary, "Save")))
    };
    let crumbs = vec![Crumb::here("Notifications")];
    page(frame, side, Entry::Notifications, "Notifications", crumbs, body)
}
