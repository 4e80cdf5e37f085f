//! One API user: what it may do, and its keys.

use super::PATH;
use super::list::{not_offered, owner, robot};
use super::powers::powers;
use crate::pages::admin::side::{Entry, page};
use crate::ui::button::{Look, icon_link, link, submit};
use crate::ui::card::{card, facts, form};
use crate::ui::table::{column, hidden, table};
use crate::ui::text::{count, number};
use crate::ui::{Crumb, Frame, Icon, Tone, banner};
use app::api_users::shown::{Shown, Whole};
use maud::{Markup, html};
use model::Scope;
use model::clock::DAY;
use model::key::{Kind, masked};
use store::key::Key;

/// So long before its end a key is marked.
const SOON: i64 = 30 * DAY;

/// Draws it.
pub fn one(frame: &Frame, v: &Whole) -> Markup {
    let s = &v.shown;
    let user = &s.user.profile.user;
    let here = format!("{PATH}/{}", user.id);
    let body = html! {
        header.head {
            (robot())
            h1 { (user.name) }
            div.actions.end {
                @if user.is_active { (link(Look::TextDanger, "Deactivate…", &format!("{here}/deactivate"))) }
                @else if v.is_offered { form method="post" action={ (here) "/activate" } { (submit(Look::Outline, "Activate")) } }
                @if v.is_offered { (icon_link(Look::Primary, Icon::Plus, "New key", &format!("{here}/keys/new"))) }
            }
        }
        @if !v.is_offered { (not_offered()) }
        @if !user.is_active {
            (banner(Tone::Warn, "This API user is not active.", html! { p { "Its keys are refused until somebody activates it." } }))
        }
        (about(frame, s))
        (may(s))
        (keys(frame, v, &here))
    };
    let crumbs = vec![Crumb::link("API users", PATH), Crumb::here(&user.name)];
    page(frame, Entry::ApiUsers, &user.name, crumbs, body)
}

fn about(frame: &Frame, s: &Shown) -> Markup {
    let profile = &s.user.profile;
    let rows = [
        ("Owner", owner(s)),
        (
            "What it is for",
            html! { @if profile.purpose.is_empty() { span.muted { "Nobody said" } } @else { (profile.purpose) } },
        ),
        ("Signs in", html! { "never" }),
        ("Created", html! { (frame.when.full(profile.user.created_at)) }),
    ];
    card("About", html! {}, html! { div.card-body { (facts(&rows)) } })
}

/// What it may do: once for each set of rights that it has.
fn may(s: &Shown) -> Markup {
    let mut roles: Vec<(&str, model::Rights, Vec<&str>)> = Vec::new();
    for place in &s.places {
        match roles.iter_mut().find(|r| r.0 == place.role) {
            Some(role) => role.2.push(&place.name),
            None => roles.push((&place.role, place.rights, vec![&place.name])),
        }
    }
    let name = &s.user.profile.user.name;
    let is_manager = s.user.profile.manages_api_users;
    html! {
        section.card.shows-powers {
            header.card-head { h2 { "What it may do" } }
            div.card-body {
                @for (role, rights, projects) in &roles {
                    p { b { (role) } " in " (projects.join(", ")) }
                    (powers(name, *rights, is_manager))
                }
                @if roles.is_empty() { p.muted { "It is in no project, so its keys see nothing." } }
            }
        }
    }
}

fn keys(frame: &Frame, v: &Whole, here: &str) -> Markup {
    let columns = [
        column("Name"),
        column("Key"),
        column("What it is for"),
        column("Last used"),
        column("Expires"),
        hidden("Actions"),
    ];
    let n = i64::try_from(v.keys.len()).unwrap_or(i64::MAX);
    html! {
        section.card {
            header.card-head { h2 { "Keys " span.muted.num { (number(n)) } } span.end.muted { "Revoking takes effect at once" } }
            @if v.keys.is_empty() {
                div.card-body { p.muted { "It has no key, so nothing can act as it." } }
            } @else {
                (table("Keys", "keys", &columns, html! { @for key in &v.keys { (line(frame, v, key, here)) } }))
            }
        }
    }
}

fn line(frame: &Frame, v: &Whole, k: &Key, here: &str) -> Markup {
    let from: Vec<&str> = [k.last_used_ip.as_deref(), k.last_used_agent.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    let from: String = from.join(" · ").chars().take(60).collect();
    html! {
        tr {
            th scope="row" {
                a.name href={ "/admin/api-keys/" (k.id) } { (k.name) }
                span.sub.brief {
                    (masked(Kind::ApiUser, &k.last4))
                    @match k.last_used_at { Some(at) => { " · used " (frame.when.ago(at)) }, None => " · never used" }
                    @match k.expires_at { Some(at) => { " · expires " (frame.when.date(at)) }, None => " · no expiry" }
                }
            }
            td.mono.tight { (masked(Kind::ApiUser, &k.last4)) }
            td { (purpose(k)) }
            td { @match k.last_used_at {
                Some(at) => { (frame.when.ago(at)) span.sub { (from) } },
                None => { span.muted { "Never used" } span.sub { "made " (frame.when.date(k.created_at)) } },
            } }
            td { (expiry(frame, k)) }
            td { div.actions {
                @if v.is_offered { a.btn.btn-ghost.btn-sm href={ (here) "/keys/" (k.id) "/rotate" } { "Rotate" span.vh { " " (k.name) } } }
                a.btn.btn-text-danger.btn-sm href={ "/admin/api-keys/revoke?key=" (k.id) } { "Revoke" span.vh { " " (k.name) } }
            } }
        }
    }
}

/// What the key narrows; those that are made here narrow nothing.
fn purpose(k: &Key) -> Markup {
    let n = k.projects.as_ref().and_then(|p| i64::try_from(p.len()).ok());
    html! {
        @if k.scope == Scope::Full { "Everything it may do" } @else { (k.scope.words()) }
        @if let Some(n) = n { span.sub { "in " (count(n, "project", "projects")) } }
    }
}

fn expiry(frame: &Frame, k: &Key) -> Markup {
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

/// The page that asks before an API user is deactivated.
pub fn deactivate(frame: &Frame, s: &Shown) -> Markup {
    let user = &s.user.profile.user;
    let here = format!("{PATH}/{}", user.id);
    let title = format!("Deactivate “{}”?", user.name);
    let keys = count(s.used.keys, "key", "keys");
    let fields = html! {
        p { "Its " (keys) @if s.used.keys == 1 { " is" } @else { " are" } " refused from that moment, and work again when it is activated. What it did stays." }
    };
    let foot = html! {
        (submit(Look::Danger, "Deactivate"))
        (link(Look::Ghost, "Keep active", &here))
    };
    let body =
        html! { h1 { (title) } (form(&format!("{here}/deactivate"), "confirm", "API user", fields, foot)) };
    let crumbs = vec![
        Crumb::link("API users", PATH),
        Crumb::link(&user.name, &here),
        Crumb::here("Deactivate"),
    ];
    page(frame, Entry::ApiUsers, &title, crumbs, body)
}
