//! The list of API keys, with the form for a new one on top.

use super::form::{self, Form};
use crate::pages::profile::side::{Entry, Side, page};
use crate::ui::table::{column, hidden, table};
use crate::ui::text::number;
use crate::ui::{Crumb, Frame, Tone, banner, card};
use maud::{Markup, html};
use model::clock::DAY;
use model::key::{Kind, masked};
use model::{KeyId, ProjectId, Scope, Timestamp};

/// So long before its end a key is marked.
const SOON: i64 = 30 * DAY;

/// A key in the list.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// Last four characters.
    pub last4: String,
    /// What it may be used for.
    pub scope: Scope,
    /// How many projects it is limited to.
    pub projects: Option<usize>,
    /// How many addresses it is limited to.
    pub addresses: Option<usize>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
    /// From where and by what program.
    pub used_from: String,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// What the page shows.
pub struct Keys<'a> {
    /// The left column.
    pub side: Side,
    /// Keys that are not revoked, newest first.
    pub rows: Vec<Row>,
    /// The form.
    pub form: Form<'a>,
    /// The name of a key that was revoked just now.
    pub revoked: Option<String>,
}

/// Projects that a key can be limited to.
pub type Projects = [(ProjectId, String)];

/// Draws it.
pub fn keys(frame: &Frame, v: &Keys<'_>) -> Markup {
    let title = if v.form.errors.is_empty() {
        "API keys"
    } else {
        "Error: API keys"
    };
    let body = html! {
        div { h1 { "API keys" } p.lead { "Keys let scripts and other tools act in your name. They are sent as a bearer token and never sign anybody in." } }
        @if let Some(name) = &v.revoked {
            div role="status" { (banner(Tone::Good, &format!("“{name}” is revoked."), html! { p { "Requests with it are refused from now on." } })) }
        }
        (form::form(frame, &v.form))
        (list(frame, &v.rows))
    };
    page(
        frame,
        &v.side,
        Entry::Keys,
        title,
        vec![Crumb::here("API keys")],
        body,
    )
}

fn list(frame: &Frame, rows: &[Row]) -> Markup {
    if rows.is_empty() {
        return card::card(
            "Your keys",
            html! {},
            html! { div.card-body { p.muted { "You have no key yet." } } },
        );
    }
    let columns = [
        column("Name"),
        column("Key"),
        column("What it is for"),
        column("Last used"),
        column("Expires"),
        hidden("Actions"),
    ];
    let n = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    html! {
        section.card {
            header.card-head { h2 { "Your keys " span.muted.num { (number(n)) } } span.end.muted { "Revoking takes effect at once" } }
            (table("Your keys", "keys", &columns, html! { @for row in rows { (line(frame, row)) } }))
        }
    }
}

fn line(frame: &Frame, k: &Row) -> Markup {
    html! {
        tr {
            th scope="row" {
                span.name { (k.name) }
                span.sub.brief { (masked(Kind::User, &k.last4)) " · " (k.scope.words()) }
                span.sub.brief {
                    @match k.used_at { Some(at) => { "used " (frame.when.ago(at)) }, None => "never used" }
                    @match k.expires_at { Some(at) => { " · expires " (frame.when.date(at)) }, None => " · no expiry" }
                }
            }
            td.mono.tight { (masked(Kind::User, &k.last4)) }
            td { (k.scope.words()) (limits(k)) }
            td { (used(frame, k)) }
            td { (expiry(frame, k)) }
            td { div.actions {
                a.btn.btn-ghost.btn-sm href={ "/users/profile/api/" (k.id) "/rotate" } { "Rotate" span.vh { " " (k.name) } }
                a.btn.btn-text-danger.btn-sm href={ "/users/profile/api/" (k.id) "/revoke" } { "Revoke" span.vh { " " (k.name) } }
            } }
        }
    }
}

fn limits(k: &Row) -> Markup {
    html! {
        @if k.projects.is_some() || k.addresses.is_some() {
            span.sub {
                @if let Some(n) = k.projects { "in " (n) @if n == 1 { " project" } @else { " projects" } }
                @if k.projects.is_some() && k.addresses.is_some() { ", " }
                @if let Some(n) = k.addresses { "from " (n) @if n == 1 { " address" } @else { " addresses" } }
            }
        }
    }
}

fn used(frame: &Frame, k: &Row) -> Markup {
    html! {
        @match k.used_at {
            Some(at) => { (frame.when.ago(at)) span.sub { (k.used_from) } }
            None => { span.muted { "Never used" } span.sub { "made " (frame.when.date(k.created_at)) } }
        }
    }
}

fn expiry(frame: &Frame, k: &Row) -> Markup {
    let Some(at) = k.expires_at else {
        return html! { span.muted { "No expiry" } };
    };
    let left = at.since(frame.when.now());
    html! {
        @if left <= 0 { b.bad { "Expired" } }
        @else if left < SOON { b.warn { (frame.when.until(at)) } }
        @else { (frame.when.until(at)) }
        span.sub { (frame.when.date(at)) }
    }
}
