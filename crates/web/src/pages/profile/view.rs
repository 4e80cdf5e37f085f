//! The account page.

use super::side::{Entry, Side, page};
use crate::ui::button::{Look, submit};
use crate::ui::field::{Errors, Input, Segment, segments};
use crate::ui::shell::Theme;
use crate::ui::{Crumb, Frame, Tone, banner, card};
use maud::{Markup, html};

/// What the page shows.
pub struct Account<'a> {
    /// The left column.
    pub side: Side,
    /// What the field for the name holds.
    pub name: &'a str,
    /// What the field for the time zone holds.
    pub timezone: &'a str,
    /// What was wrong.
    pub errors: Errors,
    /// Whether it was saved just now.
    pub is_saved: bool,
}

/// Draws it.
pub fn account(frame: &Frame, v: &Account<'_>) -> Markup {
    let title = if v.errors.is_empty() {
        "User profile"
    } else {
        "Error: User profile"
    };
    let body = html! {
        h1 { "Account" }
        @if v.is_saved { div role="status" { (banner(Tone::Good, "Saved.", html! {})) } }
        (form(frame, v))
        (appearance(frame))
    };
    page(
        frame,
        &v.side,
        Entry::Account,
        title,
        vec![Crumb::here("Account")],
        body,
    )
}

fn form(frame: &Frame, v: &Account<'_>) -> Markup {
    let name = Input {
        name: "name",
        label: "Name",
        value: v.name,
        help: "As colleagues see it.",
        error: v.errors.of("name"),
        is_required: true,
        autocomplete: "name",
        ..Input::default()
    };
    let timezone = Input {
        name: "timezone",
        label: "Time zone",
        value: v.timezone,
        help: "A name such as Europe/Berlin; UTC when empty.",
        error: v.errors.of("timezone"),
        autocomplete: "off",
        ..Input::default()
    };
    let now = frame.when.full(frame.when.now());
    let fields = html! {
        (v.errors.summary())
        div.fields.fields-2 { (name.render()) (timezone.render()) }
        p.note { "You sign in as " b { (v.side.viewer.email) } ". It is now " (now) " for you." }
    };
    card::form(
        "/users/profile",
        "narrow",
        "What colleagues see",
        fields,
        submit(Look::Primary, "Save"),
    )
}

fn appearance(frame: &Frame) -> Markup {
    let options = [
        Segment {
            value: "system",
            label: "As the system",
        },
        Segment {
            value: "light",
            label: "Light",
        },
        Segment {
            value: "dark",
            label: "Dark",
        },
    ];
    let chosen = match frame.theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    };
    let fields = html! {
        input type="hidden" name="back" value="/users/profile";
        (segments("theme", "Colours", &options, chosen))
        p.note { "Kept in this browser." }
    };
    card::form(
        "/theme",
        "narrow",
        "Appearance",
        fields,
        submit(Look::Outline, "Use these colours"),
    )
}
