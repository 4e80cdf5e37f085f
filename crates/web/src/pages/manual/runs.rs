//! The list of manual runs of a project.

use super::rows::{self, Row};
use crate::ui::button::{Look, icon_link, link};
use crate::ui::shell::panel;
use crate::ui::text::count;
use crate::ui::{self, Crumb, Empty, Frame, Head, Icon, ProjectNav, Section, empty, head, pages, shell};
use maud::{Markup, html};

/// What the page shows.
pub struct Runs {
    /// The project.
    pub project: ProjectNav,
    /// Closed ones instead of active ones.
    pub is_closed: bool,
    /// Whether the reader may look at closed ones.
    pub sees_closed: bool,
    /// Whether the reader may make runs.
    pub can_edit: bool,
    /// Active ones on all pages.
    pub active: i64,
    /// Closed ones on all pages.
    pub closed: i64,
    /// The runs of this page, newest first.
    pub rows: Vec<Row>,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
}

/// Where the list of a project is.
pub fn href(project: &ProjectNav, is_closed: bool) -> String {
    let closed = if is_closed { "?closed=yes" } else { "" };
    format!("/runs/{}{closed}", project.id)
}

/// Draws it.
pub fn page(frame: &Frame, v: &Runs) -> Markup {
    let new = format!("/runs/new/{}", v.project.id);
    let tab = |label, is_closed: bool, n: i64| ui::Tab {
        label,
        href: href(&v.project, is_closed),
        count: Some(n),
        is_current: v.is_closed == is_closed,
    };
    let total = if v.is_closed { v.closed } else { v.active };
    let body = html! {
        (head("Runs", html! { @if v.can_edit { span.end { (icon_link(Look::Primary, Icon::Plus, "New run", &new)) } } }))
        @if v.sees_closed { (ui::tabs("Runs", &[tab("Active", false, v.active), tab("Closed", true, v.closed)])) }
        @if v.rows.is_empty() { (nothing(v, &new)) } @else {
            section.card { (rows::table(frame, "Runs", if v.is_closed { "Closed" } else { "Made" }, &v.rows)) }
            (pages(&count(total, "run", "runs"), v.previous.clone(), v.next.clone()))
        }
    };
    shell::page(
        frame,
        &Head {
            title: &format!("Runs · {}", v.project.name),
            crumbs: vec![
                Crumb::link(v.project.name.clone(), format!("/projects/view/{}", v.project.id)),
                Crumb::here("Runs"),
            ],
            section: Section::Runs,
            project: Some(&v.project),
        },
        panel(body),
    )
}

fn nothing(v: &Runs, new: &str) -> Markup {
    let (title, text) = match (v.is_closed, v.can_edit) {
        (true, _) => (
            "No closed runs",
            "A run that is closed keeps its results as they are.",
        ),
        (false, true) => (
            "No active runs",
            "A run takes cases of the repository, with the text that they have now, and collects their results.",
        ),
        (false, false) => (
            "No active runs",
            "A run takes cases of the repository and collects their results. Whoever may make runs here can start the first one.",
        ),
    };
    empty(&Empty {
        icon: Icon::CirclePlay,
        title,
        text: html! { (text) },
        actions: html! { @if v.can_edit && !v.is_closed { (link(Look::Primary, "New run", new)) } },
    })
}
