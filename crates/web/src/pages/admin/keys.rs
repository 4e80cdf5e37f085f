//! Every key of the instance.

use super::export::mask;
use super::handler::MOST;
use super::side::{Entry, page};
use crate::ui::button::{Look, link};
use crate::ui::table::{column, hidden, table};
use crate::ui::text::{count, number};
use crate::ui::{Crumb, Empty, Frame, Icon, Tab, Tone, banner, empty, head, pages, views};
use maud::{Markup, html};
use model::Scope;
use model::page::Page;
use store::key::held::{Counts, EXPIRING, Filter, Held, Remark, UNUSED};

/// Address of the list.
pub const PATH: &str = "/admin/api-keys";

/// What the page shows.
pub struct Keys {
    /// One page of keys.
    pub page: Page<Held>,
    /// How many there are.
    pub counts: Counts,
    /// Which of them are shown.
    pub filter: Filter,
    /// How many were revoked just now.
    pub revoked: Option<i64>,
    /// Whether a whole key was typed into the search field.
    pub is_refused: bool,
}

/// A page about keys. `crumbs` come after *Admin*.
pub(super) fn frame(frame: &Frame, title: &str, crumbs: Vec<Crumb>, body: Markup) -> Markup {
    page(frame, Entry::Keys, title, crumbs, body)
}

fn words(remark: Remark) -> &'static str {
    match remark {
        Remark::Unused => "Unused 90 days",
        Remark::NeverUsed => "Never used",
        Remark::NoExpiry => "No expiry",
        Remark::Expiring => "Expiring",
        Remark::OwnerInactive => "Owner inactive",
    }
}

/// The list with this filter, at `path` below it.
pub(super) fn href(path: &str, filter: &Filter, page: Option<i64>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(remark) = filter.remark {
        query.append_pair("show", remark.name());
    }
    if let Some(text) = &filter.text {
        query.append_pair("q", text);
    }
    if let Some(page) = page {
        query.append_pair("page", &page.to_string());
    }
    match query.finish() {
        query if query.is_empty() => format!("{PATH}{path}"),
        query => format!("{PATH}{path}?{query}"),
    }
}

/// Draws it.
pub fn keys(frame: &Frame, v: &Keys) -> Markup {
    let beside = html! {
        div.actions.end {
            (link(Look::Outline, "Revoke by pasted key", "/admin/api-keys/found"))
            (link(Look::Outline, "Export CSV", &href("/export.csv", &v.filter, None)))
            (link(Look::Outline, "Export JSON", &href("/export.json", &v.filter, None)))
        }
    };
    let body = html! {
        (head("API keys", beside))
        p.lead { "Every key of this instance, of people and of API users: " (count(v.counts.all, "key", "keys")) "." }
        @if let Some(n) = v.revoked {
            div role="status" { (banner(Tone::Good, &format!("{} revoked.", count(n, "key", "keys")), html! { p { "Requests with them are refused from now on." } })) }
        }
        @if v.is_refused { (whole_key()) }
        (search(&v.filter))
        (filters(v))
        @if v.page.total > MOST { (cut(v.page.total)) }
        (list(frame, v))
    };
    self::frame(frame, "API keys", vec![Crumb::here("API keys")], body)
}

/// What is said to somebody who searched for a key by the whole of it.
fn whole_key() -> Markup {
    let more = html! {
        p { "It was not searched for, so that it is in no address and no log. Search for its last four characters, or "
            a href="/admin/api-keys/found" { "revoke it by pasting it" } "." }
    };
    html! { div role="alert" { (banner(Tone::Bad, "This is a whole key.", more)) } }
}

/// Says that a file would not hold all keys.
fn cut(total: i64) -> Markup {
    html! {
        p.note { "A file holds the newest " (number(MOST)) " of these " (number(total)) " keys. Choose fewer by a filter to get the others." }
    }
}

fn search(filter: &Filter) -> Markup {
    html! {
        form.find-line method="post" action={ (PATH) "/search" } role="search" {
            label.vh for="q" { "Name, owner or last four characters" }
            input.input #q name="q" type="search" value=[filter.text.as_deref()] maxlength="255" autocomplete="off"
                placeholder="Name, owner or last four";
            @if let Some(remark) = filter.remark { input type="hidden" name="show" value=(remark.name()); }
            button.btn.btn-outline type="submit" { "Search" }
        }
    }
}

fn filters(v: &Keys) -> Markup {
    let with = |remark| Filter {
        remark,
        ..v.filter.clone()
    };
    let mut tabs = vec![Tab {
        label: "All",
        href: href("", &with(None), None),
        count: Some(v.counts.all),
        is_current: v.filter.remark.is_none(),
    }];
    tabs.extend(
        Remark::ALL
            .into_iter()
            .zip(v.counts.by_remark)
            .map(|(remark, n)| Tab {
                label: words(remark),
                href: href("", &with(Some(remark)), None),
                count: Some(n),
                is_current: v.filter.remark == Some(remark),
            }),
    );
    views("Which keys", &tabs)
}

fn list(frame: &Frame, v: &Keys) -> Markup {
    if v.page.rows.is_empty() {
        let is_all = v.filter.remark.is_none() && v.filter.text.is_none();
        let none = Empty {
            icon: if is_all { Icon::ShieldCheck } else { Icon::SearchX },
            title: if is_all { "No keys yet" } else { "No such key" },
            text: html! { @if is_all { "Keys that people make in their profile, and those of API users, are listed here." } @else { "No key that works is like that." } },
            actions: html! { @if !is_all { (link(Look::Outline, "Show all keys", PATH)) } },
        };
        return empty(&none);
    }
    let columns = [
        hidden("Select"),
        column("Key"),
        column("Owner"),
        column("May do"),
        column("Created by"),
        column("Last used"),
        column("Expires"),
        hidden("Actions"),
    ];
    let p = &v.page;
    let first = p.request.offset() + 1;
    let last = p.request.offset() + i64::try_from(p.rows.len()).unwrap_or(i64::MAX);
    let shown = format!("{}–{} of {}", number(first), number(last), number(p.total));
    let to = |page: Option<i64>| page.map(|n| href("", &v.filter, Some(n)));
    html! {
        form.chosen-keys method="get" action={ (PATH) "/revoke" } {
            (table("API keys", "all-keys", &columns, html! { @for key in &p.rows { (line(frame, key)) } }))
            div.actions {
                button.btn.btn-danger type="submit" { "Revoke selected keys…" }
                span.note { "Asks for a reason first." }
            }
        }
        (pages(&shown, to(p.prev_page()), to(p.next_page())))
    }
}

fn line(frame: &Frame, k: &Held) -> Markup {
    html! {
        tr {
            td { input type="checkbox" name="key" value=(k.id) aria-label={ "Select " (k.name) " of " (k.owner_name) }; }
            th scope="row" {
                a.name href={ (PATH) "/" (k.id) } { (k.name) }
                span.sub.mono { (mask(k)) }
                span.sub.brief { (k.owner_name) @if !k.is_owner_active { ", " b.warn { "inactive" } } " · " (scope(k)) }
                span.sub.brief {
                    @match k.last_used_at { Some(at) => { "used " (frame.when.ago(at)) }, None => "never used" }
                    @match k.expires_at { Some(at) => { " · " @if at > frame.when.now() { "expires " } @else { "expired " } (frame.when.date(at)) }, None => { " · " b.warn { "no expiry" } } }
                }
            }
            td { (k.owner_name) span.sub { (owner(k)) } }
            td { (scope(k)) span.sub { (places(k)) } }
            td { (k.created_by) span.sub { (frame.when.date(k.created_at)) } }
            td { (used(frame, k)) }
            td { (expiry(frame, k)) }
            td { a.btn.btn-text-danger.btn-sm href={ (PATH) "/revoke?key=" (k.id) } { "Revoke" span.vh { " " (k.name) " of " (k.owner_name) } } }
        }
    }
}

/// The purpose in words, for somebody who is not the owner.
pub(super) fn scope(k: &Held) -> &'static str {
    if k.scope == Scope::Full {
        "Everything they may do"
    } else {
        k.scope.words()
    }
}

pub(super) fn owner(k: &Held) -> Markup {
    html! {
        @if k.is_api { "API user" } @else { "Person" }
        @if !k.is_owner_active { ", " b.warn { "inactive" } }
    }
}

pub(super) fn places(k: &Held) -> Markup {
    html! {
        @match &k.projects {
            Some(names) if names.is_empty() => { "in no project" }
            Some(names) => { (names.join(", ")) }
            None => { "all projects of the owner" }
        }
    }
}

pub(super) fn used(frame: &Frame, k: &Held) -> Markup {
    let is_old = frame.when.now().since(k.last_used_at.unwrap_or(k.created_at)) > UNUSED;
    let from: Vec<&str> = [k.last_used_ip.as_deref(), k.last_used_agent.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let from: String = from.join(" · ").chars().take(60).collect();
    html! {
        @match (k.last_used_at, is_old) {
            (Some(at), true) => { b.warn { (frame.when.ago(at)) } span.sub { (from) } }
            (Some(at), false) => { (frame.when.ago(at)) span.sub { (from) } }
            (None, true) => { b.warn { "Never" } span.sub { "made " (frame.when.ago(k.created_at)) } }
            (None, false) => { "Not yet" span.sub { "made " (frame.when.ago(k.created_at)) } }
        }
    }
}

pub(super) fn expiry(frame: &Frame, k: &Held) -> Markup {
    let Some(at) = k.expires_at else {
        return html! { b.warn { "No expiry" } };
    };
    let left = at.since(frame.when.now());
    html! {
        @if left <= 0 { b.bad { "Expired" } }
        @else if left < EXPIRING { b.warn { (frame.when.until(at)) } }
        @else { (frame.when.until(at)) }
        span.sub { (frame.when.date(at)) }
    }
}
