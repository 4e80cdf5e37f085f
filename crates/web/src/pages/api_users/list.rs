//! The list of API users.

use super::PATH;
use crate::pages::admin::side::{Entry, page};
use crate::ui::button::{Look, icon_link};
use crate::ui::table::{column, right, table};
use crate::ui::text::number;
use crate::ui::{Crumb, Empty, Frame, Icon, Tone, banner, empty, head, icon, pages};
use app::api_users::shown::{Listed, Shown};
use maud::{Markup, html};

/// Projects that a row names.
const MOST: usize = 3;

/// What is said in an edition without API users.
pub fn not_offered() -> Markup {
    let more = html! {
        p { "They come with Business and Enterprise. Until then those that exist rest: their keys are refused, and work again "
            "after an upgrade. Programs can use a person’s key, which everybody makes under "
            a href="/users/profile/api" { "API access" } " in the profile." }
    };
    banner(Tone::Info, "The Standard edition has no API users.", more)
}

/// Draws it.
pub fn list(frame: &Frame, v: &Listed) -> Markup {
    let new = || icon_link(Look::Primary, Icon::Plus, "New API user", &format!("{PATH}/new"));
    let beside = html! { @if v.is_offered && !v.page.rows.is_empty() { div.actions.end { (new()) } } };
    let body = html! {
        (head("API users", beside))
        p.lead { "API users are for machines. They cannot sign in, belong to an owner, and hold keys that an administrator manages here." }
        @if !v.is_offered { (not_offered()) }
        @if v.page.rows.is_empty() {
            @if v.is_offered {
                (empty(&Empty {
                    icon: Icon::Bot,
                    title: "No API users yet",
                    text: html! { "A build server, a device farm or a dashboard gets an account of its own here, with the least rights that it needs." },
                    actions: new(),
                }))
            }
        } @else { (rows(frame, v)) }
    };
    let crumbs = vec![Crumb::here("API users")];
    page(frame, Entry::ApiUsers, "API users", crumbs, body)
}

fn rows(frame: &Frame, v: &Listed) -> Markup {
    let columns = [
        column("API user"),
        column("Owner"),
        column("Role and projects"),
        right("Keys"),
        column("Last used"),
    ];
    let p = &v.page;
    let first = p.request.offset() + 1;
    let last = p.request.offset() + i64::try_from(p.rows.len()).unwrap_or(i64::MAX);
    let shown = format!("{}–{} of {}", number(first), number(last), number(p.total));
    let to = |page: Option<i64>| page.map(|n| format!("{PATH}?page={n}"));
    html! {
        (table("API users", "api-users", &columns, html! { @for user in &p.rows { (line(frame, user)) } }))
        (pages(&shown, to(p.prev_page()), to(p.next_page())))
    }
}

/// The badge of API users, where people have their initials.
pub fn robot() -> Markup {
    html! { span.robot { (icon(Icon::Bot)) } }
}

fn line(frame: &Frame, v: &Shown) -> Markup {
    let profile = &v.user.profile;
    let user = &profile.user;
    html! {
        tr {
            th scope="row" {
                div.with-robot {
                    (robot())
                    div {
                        a.name href={ (PATH) "/" (user.id) } { (user.name) }
                        span.sub { @if !user.is_active { b.warn { "Inactive" } " · " } (profile.purpose) }
                    }
                }
            }
            td { (owner(v)) }
            td { (places(v)) }
            td.right.num { (number(v.used.keys)) }
            td { @match v.used.last_used_at {
                Some(at) => { (frame.when.ago(at)) },
                None => { span.muted { "Never" } },
            } }
        }
    }
}

/// Who answers for it.
pub fn owner(v: &Shown) -> Markup {
    html! {
        @match &v.owner {
            Some(name) => { (name) @if !v.is_owner_active { span.sub { b.warn { "inactive" } } } }
            None => { b.warn { "Nobody" } }
        }
    }
}

/// Roles, then where. Roles that differ are told beside each project on the page of the user.
fn places(v: &Shown) -> Markup {
    let mut roles: Vec<&str> = v.places.iter().map(|p| p.role.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    let names: Vec<&str> = v.places.iter().take(MOST).map(|p| p.name.as_str()).collect();
    html! {
        @if v.places.is_empty() { span.muted { "In no project" } } @else {
            (roles.join(", "))
            span.sub { (names.join(", ")) @if v.places.len() > MOST { " and " (v.places.len() - MOST) " more" } }
        }
    }
}
