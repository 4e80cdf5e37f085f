//! The page that shows a new key, once.

use super::view::Projects;
use crate::pages::profile::side::{Entry, Side, page};
use crate::ui::button::{Look, copy, copy_icon, link, save};
use crate::ui::card::{card, facts};
use crate::ui::secret::secret;
use crate::ui::{Crumb, Frame, Icon, Tone, banner, icon};
use maud::{Markup, html};
use model::key::{Kind, kind, masked};
use model::{Scope, Timestamp};

/// Projects whose numbers are shown.
const MOST: usize = 5;

/// The key that was made.
pub struct Made<'a> {
    /// The key's name.
    pub name: &'a str,
    /// The key itself.
    pub secret: &'a str,
    /// What it may be used for.
    pub scope: Scope,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// Names of the projects that it is limited to.
    pub only_in: Option<Vec<String>>,
    /// Addresses that it is limited to.
    pub only_from: Option<Vec<String>>,
    /// Until when the key that it replaces goes on working.
    pub old_until: Option<Timestamp>,
    /// Address of the instance.
    pub address: &'a str,
    /// Projects that it can be used in.
    pub projects: &'a Projects,
    /// Where one goes on.
    pub back: &'a str,
}

/// Draws the page of a key of one's own.
pub fn created(frame: &Frame, side: &Side, v: &Made<'_>) -> Markup {
    let crumbs = vec![Crumb::link("API keys", v.back), Crumb::here(v.name)];
    page(
        frame,
        side,
        Entry::Keys,
        "API key created",
        crumbs,
        body(frame, v),
    )
}

/// What every page that shows a key once has.
pub fn body(frame: &Frame, v: &Made<'_>) -> Markup {
    html! {
        div.created {
            div.title {
                p.ok-line { (icon(Icon::CircleCheck)) @if v.old_until.is_some() { "Key rotated" } @else { "Key created" } }
                h1 { (v.name) }
            }
            section.card.card-raised {
                div.card-body {
                    (banner(Tone::Warn, "Copy it now. It cannot be shown again.", html! {
                        p { "Attest keeps only a keyed digest. If it gets lost, make a new key and revoke this one." }
                    }))
                    (secret("secret", "Your API key", v.secret))
                    @if let Some(at) = v.old_until { p.note { "The key that it replaces works until " (frame.when.full(at)) "." } }
                    (file(v))
                    (try_it(v))
                }
                footer.card-foot {
                    (link(Look::Outline, "I have stored it", v.back))
                    span.note { "Closes this page; from then on only " code { (masked(kind(v.secret).unwrap_or(Kind::User), last4(v.secret))) } " is shown." }
                }
            }
            div.cards-2 { (may(frame, v)) (elsewhere(v)) }
        }
    }
}

fn last4(secret: &str) -> &str {
    secret.get(secret.len().saturating_sub(4)..).unwrap_or("")
}

fn file(v: &Made<'_>) -> Markup {
    let lines = format!("ATTEST_URL={}\nTESTMO_TOKEN={}\n", v.address, v.secret);
    html! {
        div.actions.env {
            textarea #env-file hidden readonly aria-hidden="true" { (lines) }
            (save("#env-file", "attest.env", "Download .env"))
            span.note { "holds the address and " code { "TESTMO_TOKEN" } ", which Testmo’s own command line reads" }
        }
    }
}

fn try_it(v: &Made<'_>) -> Markup {
    html! {
        div.code {
            header { "Try it" span.end { (copy(Look::Ghost, "#try-it", "Copy command")) } }
            pre tabindex="0" role="region" aria-label="Command" {
                span.quiet { "# paste the key when asked: it stays out of your shell history\n" }
                span #try-it { "read -rs KEY\ncurl -H \"Authorization: Bearer $KEY\" " (v.address) "/api/v1/user" }
            }
        }
    }
}

fn may(frame: &Frame, v: &Made<'_>) -> Markup {
    let list = |items: &Option<Vec<String>>, none: &str| match items {
        Some(items) => html! { (items.join(", ")) },
        None => html! { (none) },
    };
    let rows = [
        ("For", html! { (whose(v)) " " code { (v.scope.name()) } }),
        ("In", list(&v.only_in, "all of your projects")),
        ("From", list(&v.only_from, "any address")),
        (
            "Expires",
            match v.expires_at {
                Some(at) => html! { (frame.when.date(at)) " · " (frame.when.until(at)) },
                None => html! { "never" },
            },
        ),
    ];
    card(
        "What it may do",
        html! {},
        html! { div.card-body { (facts(&rows)) } },
    )
}

/// The purpose in words; an API user does not read them itself.
fn whose(v: &Made<'_>) -> &'static str {
    let is_api = kind(v.secret) == Some(Kind::ApiUser);
    if is_api && v.scope == Scope::Full {
        "Everything the API user may do"
    } else {
        v.scope.words()
    }
}

fn elsewhere(v: &Made<'_>) -> Markup {
    html! {
        section.card {
            header.card-head { h2 { "Use it in another tool" } }
            div.card-body {
                dl.facts {
                    dt { "Base URL" }
                    dd.row { span.mono #base-url { (v.address) } (copy_icon("#base-url", "Copy the base URL")) }
                    @for (id, name) in v.projects.iter().take(MOST) {
                        dt { "Project" }
                        dd.row { b.num id={ "project-" (id) } { (id) } span.muted.cut { (name) } (copy_icon(&format!("#project-{id}"), &format!("Copy the id of {name}"))) }
                    }
                }
            }
        }
    }
}
