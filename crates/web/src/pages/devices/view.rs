//! The security page: signed-in devices and the password.

use super::agent::{Device, describe};
use crate::pages::profile::side::{Entry, Side, page};
use crate::ui::button::{Look, submit};
use crate::ui::field::{Errors, Input, username};
use crate::ui::{Crumb, Frame, Icon, Tone, banner, card, icon};
use maud::{Markup, html};
use model::{SessionId, Timestamp};

/// A signed-in device.
#[derive(Debug, Clone)]
pub struct Signed {
    /// Its id.
    pub id: SessionId,
    /// The browser, as it calls itself.
    pub agent: Option<String>,
    /// From where.
    pub ip: Option<String>,
    /// When it signed in.
    pub since: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// Whether it is this one.
    pub is_this: bool,
}

/// What happened just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// A device was signed out.
    Device,
    /// All others were signed out.
    Others,
    /// The password was changed.
    Password,
}

/// What the page shows.
pub struct Security {
    /// The left column.
    pub side: Side,
    /// Devices, last used first.
    pub devices: Vec<Signed>,
    /// What was wrong with the new password.
    pub errors: Errors,
    /// What happened just now.
    pub done: Option<Done>,
}

/// Draws it.
pub fn security(frame: &Frame, v: &Security) -> Markup {
    let title = if v.errors.is_empty() {
        "Security"
    } else {
        "Error: Security"
    };
    let body = html! {
        h1 { "Security" }
        @if let Some(done) = v.done { div role="status" { (banner(Tone::Good, words(done), html! {})) } }
        (devices(frame, v))
        (password(v))
    };
    page(
        frame,
        &v.side,
        Entry::Security,
        title,
        vec![Crumb::here("Security")],
        body,
    )
}

fn words(done: Done) -> &'static str {
    match done {
        Done::Device => "The device is signed out.",
        Done::Others => "All other devices are signed out.",
        Done::Password => "The password is changed, and all other devices are signed out.",
    }
}

fn devices(frame: &Frame, v: &Security) -> Markup {
    html! {
        section.card.narrow {
            header.card-head {
                h2 { "Signed-in devices" }
                @if v.devices.len() > 1 {
                    form.end method="post" action="/users/profile/security/others" { (submit(Look::TextDanger, "Sign out the others")) }
                }
            }
            ul.devices { @for device in &v.devices { (line(frame, device)) } }
        }
    }
}

fn line(frame: &Frame, d: &Signed) -> Markup {
    let (name, kind) = describe(d.agent.as_deref());
    let sign = match kind {
        Device::Mobile => Icon::Smartphone,
        Device::Computer => Icon::Monitor,
    };
    html! {
        li {
            (icon(sign))
            div {
                p.what { (name) @if d.is_this { span.tag.tag-info { "this device" } } }
                p.note {
                    @if let Some(ip) = &d.ip { (ip) " · " }
                    "signed in " (frame.when.clock(d.since)) ", used " (frame.when.ago(d.seen_at))
                }
            }
            @if !d.is_this {
                form method="post" action={ "/users/profile/security/" (d.id) "/sign-out" } {
                    button.btn.btn-text-danger { "Sign out" span.vh { " " (name) } }
                }
            }
        }
    }
}

fn password(v: &Security) -> Markup {
    let old = Input {
        name: "old_password",
        label: "Password now",
        kind: "password",
        error: v.errors.of("old_password"),
        is_required: true,
        autocomplete: "current-password",
        ..Input::default()
    };
    let new = Input {
        name: "new_password",
        label: "New password",
        kind: "password",
        help: "8 characters or more, 15 recommended. Pasting is welcome.",
        error: v.errors.of("new_password"),
        is_required: true,
        autocomplete: "new-password",
        ..Input::default()
    };
    let fields = html! {
        (v.errors.summary())
        (username(&v.side.viewer.email))
        div.fields.fields-2 { (old.render()) (new.render()) }
    };
    let foot = html! {
        (submit(Look::Primary, "Change password"))
        span.note { "All other devices are signed out. API keys go on working." }
    };
    card::form(
        "/users/profile/security/password",
        "narrow",
        "Password",
        fields,
        foot,
    )
}
