//! The set-up page.

use crate::ui::field::{Errors, Input};
use crate::ui::status::{Kind, mark};
use crate::ui::{Frame, Icon, icon, logo, shell};
use maud::{Markup, html};

/// What the page shows.
#[derive(Default)]
pub struct Setup<'a> {
    /// The token of the link.
    pub token: &'a str,
    /// The address of the instance.
    pub address: &'a str,
    /// Whether the configuration says so, so that nothing is adopted.
    pub is_configured: bool,
    /// What the database is.
    pub database: &'a str,
    /// What was typed before.
    pub name: &'a str,
    /// What was typed before.
    pub email: &'a str,
    /// What was wrong.
    pub errors: Errors,
}

/// Draws it.
pub fn page(frame: &Frame, v: &Setup<'_>) -> Markup {
    shell::plain(
        frame,
        if v.errors.is_empty() {
            "Set up"
        } else {
            "Error: Set up"
        },
        html! {
            div.set-up {
                header {
                    (logo("logo logo-lg"))
                    div { h1 { "Set up Attest" } p.muted { "One page, about a minute. You become the first site administrator." } }
                }
                form.card method="post" action={ "/setup/" (v.token) } {
                    @if !v.errors.is_empty() { div.card-body { (v.errors.summary()) } }
                    (address(v))
                    (account(v))
                    footer.card-foot {
                        button.btn.btn-primary type="submit" { "Create account and sign in" }
                        span.end.muted { "Next: your projects" }
                    }
                }
                (checks(v))
            }
        },
    )
}

fn is_https(v: &Setup<'_>) -> bool {
    v.address.starts_with("https:")
}

fn address(v: &Setup<'_>) -> Markup {
    html! {
        section.step {
            span.number aria-hidden="true" { "1" }
            div {
                h2 { "Address of this instance" }
                p {
                    @if v.is_configured { "The configuration says so. Links will begin with it." }
                    @else { "You opened the set-up link here. Attest takes it as its own address: links will begin with it, and sign-ins from other addresses are refused." }
                }
                p.address {
                    (icon(Icon::Globe)) span { (v.address) }
                    @if is_https(v) { span.end.good { (icon(Icon::Lock)) "HTTPS" } }
                    @else { span.end.warn { (icon(Icon::LockOpen)) "not encrypted" } }
                }
                @if !v.is_configured {
                    p.note { "Not right? Open the same link at the address that everybody will use, or start the server with " code { "--public-url" } "." }
                }
            }
        }
    }
}

fn account(v: &Setup<'_>) -> Markup {
    let name = Input {
        name: "name",
        label: "Name",
        value: v.name,
        error: v.errors.of("name"),
        is_required: true,
        has_focus: v.errors.is_empty(),
        autocomplete: "name",
        ..Input::default()
    };
    let email = Input {
        name: "email",
        label: "E-mail",
        kind: "email",
        value: v.email,
        error: v.errors.of("email"),
        is_required: true,
        autocomplete: "username",
        ..Input::default()
    };
    let password = Input {
        name: "password",
        label: "Password",
        kind: "password",
        help: "8 characters or more, 15 recommended. Any characters, nothing forced; pasting is welcome.",
        error: v.errors.of("password"),
        is_required: true,
        autocomplete: "new-password",
        ..Input::default()
    };
    html! {
        section.step {
            span.number aria-hidden="true" { "2" }
            div {
                h2 { "Your account" }
                p { "With it you sign in, make projects and invite others." }
                div.fields.fields-2 { (name.render()) (email.render()) }
                (password.render())
            }
        }
    }
}

fn checks(v: &Setup<'_>) -> Markup {
    html! {
        aside aria-label="State of this instance" {
            section.card {
                header.card-head { h2 { "Ready to start" } }
                div.card-body {
                    ul.ready {
                        (check(true, "Database", html! { (v.database) }))
                        (check(true, "Keyring", html! { "A file outside the database, readable only by the server" }))
                        @if is_https(v) { (check(true, "Public address", html! { "HTTPS" })) }
                        @else { (check(false, "Public address", html! { "Plain HTTP. Testmo’s own command line needs HTTPS: start the server with " code { "--tls self-signed" } ", with a certificate, or behind a proxy." })) }
                    }
                }
            }
            section.card { div.card-body { p.note.with-sign { (icon(Icon::Link)) span { "This link works once. The next start of the server prints a new one." } } } }
        }
    }
}

fn check(is_good: bool, title: &str, text: Markup) -> Markup {
    html! {
        li {
            @if is_good { (mark(Kind::Passed, "Good")) } @else { span.warn { (icon(Icon::TriangleAlert)) span.vh { "To do: " } } }
            b { (title) }
            span.note { (text) }
        }
    }
}
