//! Error pages: what happened, and what to do now.

use crate::ui::button::{Look, link};
use crate::ui::shell::panel;
use crate::ui::{Crumb, Empty, Frame, Head, Icon, Section, empty, shell};
use maud::{Markup, html};

/// What went wrong.
pub struct Problem<'a> {
    /// HTTP status.
    pub status: u16,
    /// What to do about it, a sentence.
    pub text: &'a str,
    /// Under which the server's log has more.
    pub request_id: Option<&'a str>,
}

/// The page; with the frame of the application when somebody is signed in.
pub fn page(frame: &Frame, p: &Problem<'_>) -> Markup {
    let title = title(p.status);
    let home = match frame.viewer {
        Some(_) => link(Look::Outline, "To the projects", "/projects"),
        None => link(Look::Outline, "Sign in", "/login"),
    };
    // The error names no page: it stands in the answers of the API as well.
    let text = match p.status {
        404 => "This page does not exist, or you have no access to it.",
        _ => p.text,
    };
    let again =
        matches!(p.status, 429 | 500 | 503 | 507).then(|| link(Look::Primary, "Try again", &frame.path));
    // The address may hold anything, such as a key that was pasted in the wrong place: it is not repeated.
    let frame = &Frame {
        path: "/".to_owned(),
        ..frame.clone()
    };
    let body = html! {
        h1.vh { (title) }
        (empty(&Empty {
            icon: icon(p.status),
            title,
            text: html! {
                (text)
                @if let Some(id) = p.request_id { br; span.note { "Request " code { (id) } } }
            },
            actions: html! { @if let Some(again) = again { (again) } (home) },
        }))
    };
    if frame.viewer.is_none() {
        return shell::plain(frame, title, html! { div.sign-in { (body) } });
    }
    let head = Head {
        title,
        crumbs: vec![Crumb::link("Projects", "/projects"), Crumb::here(title)],
        section: Section::None,
        project: None,
    };
    shell::page(frame, &head, panel(body))
}

fn title(status: u16) -> &'static str {
    match status {
        400 | 422 => "This request is not right",
        401 => "Sign in first",
        403 => "Not allowed",
        404 => "Not found",
        405 => "Not possible here",
        409 => "It has changed meanwhile",
        413 => "Too large",
        429 => "Too many attempts",
        503 => "Busy for a moment",
        507 => "Nothing was stored",
        _ => "Something went wrong",
    }
}

fn icon(status: u16) -> Icon {
    match status {
        401 | 403 => Icon::Lock,
        404 => Icon::SearchX,
        429 | 503 => Icon::Clock,
        _ => Icon::TriangleAlert,
    }
}
