//! Before keys are revoked: which, and why; or the one that was found somewhere.

use super::export::mask;
use super::keys::{PATH, frame, scope};
use crate::ui::button::{Look, link, submit};
use crate::ui::field::{Errors, Input};
use crate::ui::text::count;
use crate::ui::{Crumb, Frame, card};
use maud::{Markup, html};
use store::key::held::Held;

/// What the page shows.
pub struct Revoke {
    /// The keys, which still work.
    pub keys: Vec<Held>,
    /// What was typed.
    pub reason: String,
    /// What was wrong.
    pub errors: Errors,
}

fn crumbs(here: &str) -> Vec<Crumb> {
    vec![Crumb::link("API keys", PATH), Crumb::here(here)]
}

/// The page that asks before revoking.
pub fn revoke(page: &Frame, v: &Revoke) -> Markup {
    let n = i64::try_from(v.keys.len()).unwrap_or(i64::MAX);
    let title = format!("Revoke {}?", count(n, "key", "keys"));
    let reason = Input {
        name: "reason",
        label: "Reason",
        value: &v.reason,
        help: "Kept in the audit log.",
        error: v.errors.of("reason"),
        is_required: true,
        autocomplete: "off",
        most: Some(500),
        ..Input::default()
    };
    let fields = html! {
        (v.errors.summary())
        ul {
            @for k in &v.keys { li {
                input type="hidden" name="key" value=(k.id);
                b { (k.name) } " of " (k.owner_name) " · " code { (mask(k)) } " · " (scope(k)) " · "
                @match k.last_used_at { Some(at) => { "last used " (page.when.ago(at)) }, None => "never used" }
            } }
        }
        p { "Whatever uses these keys is refused from that moment. This cannot be undone; runs and results that were sent with them stay." }
        (reason.render())
    };
    let foot = html! {
        (submit(Look::Danger, if n == 1 { "Revoke key" } else { "Revoke keys" }))
        (link(Look::Ghost, "Keep", PATH))
    };
    let body =
        html! { h1 { (title) } (card::form(&format!("{PATH}/revoke"), "narrow", "API keys", fields, foot)) };
    frame(page, &title, crumbs("Revoke"), body)
}

/// The page that takes a key found somewhere. What was pasted is never shown again.
pub fn found(page: &Frame, errors: &Errors) -> Markup {
    let title = if errors.is_empty() {
        "Revoke by pasted key"
    } else {
        "Error: Revoke by pasted key"
    };
    let secret = Input {
        name: "secret",
        label: "The key",
        kind: "password",
        help: "All of it, as it was found in a log, a chat or a repository. It is looked up, not kept.",
        error: errors.of("secret"),
        is_required: true,
        // Neither filled in nor kept by password managers.
        autocomplete: "one-time-code",
        most: Some(200),
        ..Input::default()
    };
    let fields = html! { (errors.summary()) (secret.render()) };
    let foot = html! { (submit(Look::Primary, "Find key")) (link(Look::Ghost, "Cancel", PATH)) };
    let body = html! { h1 { "Revoke by pasted key" } (card::form("/admin/api-keys/found", "narrow", "A key that leaked", fields, foot)) };
    frame(page, title, crumbs("Pasted key"), body)
}
