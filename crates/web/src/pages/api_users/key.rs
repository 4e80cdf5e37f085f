//! Keys of an API user: the form of a new one, the form that rotates one, and the page that shows one once.

use super::PATH;
use crate::pages::admin::side::{Entry, page};
use crate::pages::keys::change::OVERLAPS;
use crate::pages::keys::created::{Made, body};
use crate::pages::keys::form::{life, password};
use crate::ui::button::{Look, link, submit};
use crate::ui::card;
use crate::ui::field::{Errors, Input, Segment, below, segments};
use crate::ui::{Crumb, Frame};
use app::api_users::shown::Shown;
use maud::{Markup, html};
use model::key::{Kind, masked};
use store::key::Key;

/// The form of a new key.
pub struct New<'a> {
    /// Whose it will be.
    pub user: &'a Shown,
    /// Its name.
    pub name: &'a str,
    /// Its life, as the form of keys has it.
    pub expires: &'a str,
    /// The day, when the life is one.
    pub date: &'a str,
    /// Whether the password has to be given again.
    pub wants_password: bool,
    /// What was wrong.
    pub errors: Errors,
}

/// The form that rotates a key.
pub struct Rotate<'a> {
    /// Whose it is.
    pub user: &'a Shown,
    /// The key.
    pub key: &'a Key,
    /// How long the old one goes on.
    pub overlap: &'a str,
    /// Whether the password has to be given again.
    pub wants_password: bool,
    /// What was wrong.
    pub errors: Errors,
}

fn crumbs(user: &Shown, here: &str) -> Vec<Crumb> {
    let u = &user.user.profile.user;
    vec![
        Crumb::link("API users", PATH),
        Crumb::link(&u.name, format!("{PATH}/{}", u.id)),
        Crumb::here(here),
    ]
}

fn email(frame: &Frame) -> &str {
    frame.viewer.as_ref().map_or("", |v| &v.email)
}

fn title(errors: &Errors, words: String) -> String {
    if errors.is_empty() {
        words
    } else {
        format!("Error: {words}")
    }
}

/// Draws the form of a new key.
pub fn new(frame: &Frame, v: &New<'_>) -> Markup {
    let user = &v.user.user.profile.user;
    let here = format!("{PATH}/{}", user.id);
    let heading = format!("New key of “{}”", user.name);
    let name = Input {
        name: "name",
        label: "Name",
        value: v.name,
        help: "Where it will be kept, such as “main branch”.",
        error: v.errors.of("name"),
        is_required: true,
        autocomplete: "off",
        most: Some(255),
        ..Input::default()
    };
    let body = html! {
        h1 { (heading) }
        form.card.new-key method="post" action={ (here) "/keys/new" } {
            header.card-head { h2 { "API key" } span.end.muted { "Shown once" } }
            div.card-body {
                (v.errors.summary())
                div.key-row { (name.render()) (life(frame, v.expires, v.date, v.errors.of("expires_at"))) }
                p.note { "It may do what the API user may do, now and later." }
                @if v.wants_password { (password(email(frame), &v.errors)) }
            }
            footer.card-foot { (submit(Look::Primary, "Create key")) (link(Look::Ghost, "Cancel", &here)) }
        }
    };
    let title = title(&v.errors, heading);
    page(frame, Entry::ApiUsers, &title, crumbs(v.user, "New key"), body)
}

/// Draws the form that rotates a key.
pub fn rotate(frame: &Frame, v: &Rotate<'_>) -> Markup {
    let here = format!("{PATH}/{}", v.user.user.profile.user.id);
    let heading = format!("Rotate “{}”", v.key.name);
    let options = OVERLAPS.map(|(value, label, _)| Segment { value, label });
    let fields = html! {
        (v.errors.summary())
        p { code { (masked(Kind::ApiUser, &v.key.last4)) } " · "
            @match v.key.last_used_at { Some(at) => { "last used " (frame.when.ago(at)) }, None => "never used" } }
        p { "A new key takes over name and limits, and is shown once." }
        div.field {
            (segments("overlap", "The old key goes on working for", &options, v.overlap))
            (below("overlap", "Time to change the key wherever it is used.", v.errors.of("overlap")))
        }
        @if v.wants_password { (password(email(frame), &v.errors)) }
    };
    let foot = html! { (submit(Look::Primary, "Rotate key")) (link(Look::Ghost, "Cancel", &here)) };
    let action = format!("{here}/keys/{}/rotate", v.key.id);
    let body = html! { h1 { (heading) } (card::form(&action, "confirm", "API key", fields, foot)) };
    let title = title(&v.errors, heading);
    page(frame, Entry::ApiUsers, &title, crumbs(v.user, "Rotate"), body)
}

/// Draws the page that shows a key once.
pub fn created(frame: &Frame, user: &Shown, made: &Made<'_>) -> Markup {
    page(
        frame,
        Entry::ApiUsers,
        "API key created",
        crumbs(user, made.name),
        body(frame, made),
    )
}
