//! Confirmation before a key is revoked, and the form that rotates one.

use super::form::password;
use crate::pages::profile::side::{Entry, Side, page};
use crate::ui::button::{Look, link, submit};
use crate::ui::field::{Errors, Input, Segment, below, segments};
use crate::ui::{Crumb, Frame, card};
use maud::{Markup, html};
use model::clock::{DAY, HOUR};
use model::key::{Kind, masked};
use model::{KeyId, Scope, Timestamp};

/// How long a replaced key goes on working: value in the form, words, microseconds.
pub const OVERLAPS: [(&str, &str, i64); 4] = [
    ("0", "Not at all", 0),
    ("1h", "1 hour", HOUR),
    ("1d", "1 day", DAY),
    ("7d", "7 days", 7 * DAY),
];

/// The overlap that is chosen beforehand.
pub const FACTORY_OVERLAP: &str = "1d";

/// The key that is about to change.
pub struct Subject {
    /// The left column.
    pub side: Side,
    /// Its id.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// Last four characters.
    pub last4: String,
    /// What it may be used for.
    pub scope: Scope,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// What was wrong.
    pub errors: Errors,
}

fn crumbs(what: &str) -> Vec<Crumb> {
    vec![Crumb::link("API keys", "/users/profile/api"), Crumb::here(what)]
}

fn about(frame: &Frame, v: &Subject) -> Markup {
    html! {
        p {
            code { (masked(Kind::User, &v.last4)) } " · " (v.scope.words()) " · "
            @match v.used_at { Some(at) => { "last used " (frame.when.ago(at)) }, None => "never used" }
        }
    }
}

/// The page that asks before revoking.
pub fn revoke(frame: &Frame, v: &Subject) -> Markup {
    let title = format!("Revoke “{}”?", v.name);
    let reason = Input {
        name: "reason",
        label: "Reason",
        help: "Optional. Kept in the audit log.",
        error: v.errors.of("reason"),
        autocomplete: "off",
        most: Some(500),
        ..Input::default()
    };
    let fields = html! {
        (about(frame, v))
        p { "Whatever uses this key is refused from that moment. This cannot be undone; runs and results that were sent with it stay." }
        (reason.render())
    };
    let foot = html! {
        (submit(Look::Danger, "Revoke key"))
        (link(Look::Ghost, "Keep it", "/users/profile/api"))
    };
    let action = format!("/users/profile/api/{}/revoke", v.id);
    let body = html! { h1 { (title) } (card::form(&action, "confirm", "API key", fields, foot)) };
    page(frame, &v.side, Entry::Keys, &title, crumbs("Revoke"), body)
}

/// The form that replaces a key by a new one.
pub fn rotate(frame: &Frame, v: &Subject, overlap: &str, wants_password: bool) -> Markup {
    let title = format!("Rotate “{}”", v.name);
    let options = OVERLAPS.map(|(value, label, _)| Segment { value, label });
    let fields = html! {
        (v.errors.summary())
        (about(frame, v))
        p { "A new key takes over name, purpose and limits, and is shown once." }
        div.field {
            (segments("overlap", "The old key goes on working for", &options, overlap))
            (below("overlap", "Time to change the key wherever it is used.", v.errors.of("overlap")))
        }
        @if wants_password { (password(&v.side.viewer.email, &v.errors)) }
    };
    let foot = html! {
        (submit(Look::Primary, "Rotate key"))
        (link(Look::Ghost, "Cancel", "/users/profile/api"))
    };
    let action = format!("/users/profile/api/{}/rotate", v.id);
    let body = html! { h1 { (title) } (card::form(&action, "confirm", "API key", fields, foot)) };
    page(frame, &v.side, Entry::Keys, &title, crumbs("Rotate"), body)
}
