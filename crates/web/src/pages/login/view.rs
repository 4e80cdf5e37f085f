//! The sign-in page.

use crate::ui::field::{Input, checkbox};
use crate::ui::{Frame, Tone, banner, logo, shell};
use maud::{Markup, html};

/// What the page shows.
#[derive(Default)]
pub struct Login<'a> {
    /// The host by which the instance is reached.
    pub host: &'a str,
    /// What was typed before.
    pub email: &'a str,
    /// Whether to stay signed in.
    pub stay: bool,
    /// Where to go afterwards.
    pub next: &'a str,
    /// Why it did not work; the same whatever was wrong.
    pub failure: Option<&'a str>,
    /// Nobody has set up the instance yet.
    pub is_new: bool,
    /// Longest stay, in days.
    pub days: i64,
}

/// Draws it.
pub fn page(frame: &Frame, v: &Login<'_>) -> Markup {
    shell::plain(
        frame,
        "Sign in",
        html! {
            div.sign-in {
                div.brand-block {
                    (logo("logo logo-lg"))
                    div { h1 { "Sign in to Attest" } p.muted { (v.host) } }
                }
                @if v.is_new {
                    (banner(Tone::Info, "This instance is new.", html! {
                        p { "Open the set-up link that the server printed when it started, or run " code { "attest admin init" } "." }
                    }))
                }
                (form(v))
                p.muted.centre { "Attest " (env!("CARGO_PKG_VERSION")) }
            }
        },
    )
}

fn form(v: &Login<'_>) -> Markup {
    let email = Input {
        name: "email",
        label: "E-mail",
        kind: "email",
        value: v.email,
        is_required: true,
        has_focus: v.failure.is_none(),
        autocomplete: "username",
        is_large: true,
        ..Input::default()
    };
    let password = Input {
        name: "password",
        label: "Password",
        kind: "password",
        is_required: true,
        has_focus: v.failure.is_some(),
        autocomplete: "current-password",
        is_large: true,
        ..Input::default()
    };
    html! {
        form.card.card-raised method="post" action="/login" {
            div.card-body {
                @if let Some(text) = v.failure { div role="alert" { (banner(Tone::Bad, text, html! {})) } }
                (email.render_plain())
                (password.render_plain())
                (checkbox("stay", "yes", v.stay, html! {
                    "Stay signed in on this device " span.muted { "for " (v.days) " days" }
                }))
                @if !v.next.is_empty() { input type="hidden" name="next" value=(v.next); }
                button.btn.btn-primary.btn-lg type="submit" { "Sign in" }
            }
        }
    }
}
