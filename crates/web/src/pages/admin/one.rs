//! One key of the instance, with everything that was done to it.

use super::export::mask;
use super::keys::{PATH, expiry, frame, owner, places, scope, used};
use crate::ui::button::{Look, link};
use crate::ui::card::{card, facts};
use crate::ui::table::{column, table};
use crate::ui::text::number;
use crate::ui::{Crumb, Frame, Tone, banner, head, pages};
use app::keys::held::Told;
use maud::{Markup, html};
use store::audit::{Entry, Recorded};

/// Draws it.
pub fn one(page: &Frame, v: &Told) -> Markup {
    let k = &v.key;
    let beside = html! {
        @if k.revoked_at.is_none() {
            div.actions.end { (link(Look::TextDanger, "Revoke…", &format!("{PATH}/revoke?key={}", k.id))) }
        }
    };
    let from = v.addresses.as_ref().map(|a| a.join(", "));
    let rows = [
        ("Key", html! { code { (mask(k)) } }),
        ("Owner", html! { (k.owner_name) span.sub { (owner(k)) } }),
        ("May do", html! { (scope(k)) span.sub { (places(k)) } }),
        ("From", html! { (from.as_deref().unwrap_or("any address")) }),
        (
            "Created by",
            html! { (k.created_by) span.sub { (page.when.full(k.created_at)) } },
        ),
        ("Last used", used(page, k)),
        ("Expires", expiry(page, k)),
    ];
    let body = html! {
        (head(&k.name, beside))
        @if let Some(at) = k.revoked_at {
            (banner(Tone::Info, &format!("Revoked on {}.", page.when.full(at)), html! { p { "Requests with it are refused." } }))
        }
        (card("This key", html! {}, html! { div.card-body { (facts(&rows)) } }))
        (events(page, v))
    };
    let crumbs = vec![Crumb::link("API keys", PATH), Crumb::here(&k.name)];
    frame(page, &k.name, crumbs, body)
}

fn events(page: &Frame, v: &Told) -> Markup {
    let columns = [column("What"), column("Who"), column("From"), column("When")];
    let p = &v.events;
    let first = p.request.offset() + 1;
    let last = p.request.offset() + i64::try_from(p.rows.len()).unwrap_or(i64::MAX);
    let shown = format!("{}–{} of {}", number(first), number(last), number(p.total));
    let to = |page: Option<i64>| page.map(|n| format!("{PATH}/{}?page={n}", v.key.id));
    html! {
        section.card {
            header.card-head { h2 { "Events " span.muted.num { (number(p.total)) } } span.end.muted { "From the audit log" } }
            @if p.rows.is_empty() {
                div.card-body { p.muted { "The audit log holds nothing about this key." } }
            } @else {
                (table("Events", "key-events", &columns, html! { @for row in &p.rows { (line(page, row)) } }))
            }
        }
        @if p.total > p.request.per_page { (pages(&shown, to(p.prev_page()), to(p.next_page()))) }
    }
}

fn line(page: &Frame, row: &Recorded) -> Markup {
    let e = &row.entry;
    html! {
        tr {
            th scope="row" { (words(&e.action)) @if let Some(why) = reason(e) { span.sub { "“" (why) "”" } } }
            td { (e.actor_name) span.sub { (via(&e.via)) } }
            td.mono { (e.ip.as_deref().unwrap_or("")) }
            td { (page.when.full(e.at)) span.sub { (page.when.ago(e.at)) } }
        }
    }
}

/// What was done, in words; an action that these pages do not know has the name that it has in the log.
fn words(action: &str) -> &str {
    match action {
        "key.created" => "Created",
        "key.rotated" => "Created in place of another key",
        "key.revoked" => "Revoked",
        other => other,
    }
}

fn via(via: &str) -> &str {
    match via {
        "session" => "signed in",
        "key" => "with an API key",
        "cli" => "on the command line",
        other => other,
    }
}

fn reason(e: &Entry) -> Option<String> {
    let detail: serde_json::Value = serde_json::from_str(e.detail.as_deref()?).ok()?;
    Some(detail.get("reason")?.as_str()?.to_owned())
}
