//! Draws the inbox.

use crate::ui::person::{Size, disc};
use crate::ui::shell::panel;
use crate::ui::text::{count, number};
use crate::ui::{Crumb, Empty, Frame, Head, Icon, Section, Tab, empty, head, icon, pages, shell, views};
use maud::{Markup, html};
use model::{NoticeKind, Timestamp};
use store::notification::{About, Notification};

/// Which notifications the list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Those that were not read.
    Unread,
    /// All.
    All,
}

impl Show {
    /// From an address.
    pub fn read(text: &str) -> Show {
        if text == "all" { Show::All } else { Show::Unread }
    }

    fn name(self) -> &'static str {
        match self {
            Show::Unread => "unread",
            Show::All => "all",
        }
    }
}

/// What the page shows.
pub struct Inbox {
    /// Which ones.
    pub show: Show,
    /// Newest first.
    pub rows: Vec<Notification>,
    /// How many on all pages.
    pub total: i64,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// When some were marked as read just now.
    pub undo: Option<Timestamp>,
}

/// The address of a list.
pub fn href(show: Show) -> String {
    format!("/inbox?show={}", show.name())
}

/// Where a notification leads.
pub fn target(n: &Notification) -> String {
    match (n.about, n.part) {
        (Some(About::Case(id)), _) => format!("/cases/view/{id}"),
        (Some(About::Run(id)), Some(test)) => format!("/runs/view/{id}?test_id={test}"),
        (Some(About::Run(id)), None) if n.kind == NoticeKind::Assigned => {
            format!("/runs/view/{id}?show=mine")
        }
        (Some(About::Run(id)), None) => format!("/runs/view/{id}"),
        (Some(About::Project(id)), _) => format!("/repositories/{id}"),
        (None, _) => "/inbox".to_owned(),
    }
}

/// The sign of a kind.
fn sign(kind: NoticeKind) -> Icon {
    match kind {
        NoticeKind::Assigned => Icon::CirclePlay,
        NoticeKind::ReviewAsked => Icon::Eye,
        NoticeKind::RunClosed => Icon::Lock,
    }
}

/// What happened, behind the name of who did it.
fn words(n: &Notification) -> String {
    match n.kind {
        NoticeKind::Assigned => format!("gave you {} in", count(n.count, "test", "tests")),
        NoticeKind::ReviewAsked if n.count > 1 && matches!(n.about, Some(About::Project(_))) => {
            "asks for the review of".to_owned()
        }
        NoticeKind::ReviewAsked => "asks for a review of".to_owned(),
        NoticeKind::RunClosed => "closed your run".to_owned(),
    }
}

fn title(n: &Notification) -> String {
    if n.title.is_empty() {
        count(n.count, "case", "cases")
    } else {
        n.title.clone()
    }
}

/// Draws it.
pub fn page(frame: &Frame, v: &Inbox) -> Markup {
    let tab = |label, show| Tab {
        label,
        href: href(show),
        count: (show == v.show).then_some(v.total),
        is_current: show == v.show,
    };
    let body = html! {
        (head("Inbox", html! {
            @if !v.rows.is_empty() && (v.show == Show::Unread || frame.unread > 0) {
                form.end method="post" action="/inbox/read" {
                    input type="hidden" name="show" value=(v.show.name());
                    button.btn.btn-outline { (icon(Icon::Check)) "Mark all as read" }
                }
            }
        }))
        div.inbox-bar {
            (views("Which notifications", &[tab("Unread", Show::Unread), tab("All", Show::All)]))
            a.link href="/users/profile/notifications" { "Choose what you are told" }
        }
        @if let Some(at) = v.undo { (undo(v.show, at)) }
        @if v.rows.is_empty() { (nothing(v.show)) }
        @else {
            ul.inbox.card { @for n in &v.rows { (row(frame, v.show, n)) } }
            @if v.previous.is_some() || v.next.is_some() {
                (pages(&format!("{} in all", number(v.total)), v.previous.clone(), v.next.clone()))
            }
        }
    };
    shell::page(
        frame,
        &Head {
            title: "Inbox",
            crumbs: vec![Crumb::here("Inbox")],
            section: Section::None,
            project: None,
        },
        panel(body),
    )
}

fn undo(show: Show, at: Timestamp) -> Markup {
    html! {
        div.toasts role="status" { div.toast {
            (icon(Icon::CircleCheck)) span { "Marked as read." }
            form method="post" action="/inbox/undo" {
                input type="hidden" name="show" value=(show.name());
                input type="hidden" name="at" value=(at.0);
                button.btn.btn-ghost.btn-sm { "Undo" }
            }
        } }
    }
}

fn nothing(show: Show) -> Markup {
    let (title, text) = match show {
        Show::Unread => (
            "Nothing unread",
            "Tests that are given to you and reviews that wait for you show up here.",
        ),
        Show::All => (
            "Nothing here yet",
            "Tests that are given to you and reviews that wait for you show up here. What was read stays for 30 days.",
        ),
    };
    empty(&Empty {
        icon: Icon::Bell,
        title,
        text: html! { (text) },
        actions: html! {},
    })
}

fn row(frame: &Frame, show: Show, n: &Notification) -> Markup {
    let is_unread = n.read_at.is_none();
    let title = title(n);
    html! {
        li.unread[is_unread] {
            @match &n.actor {
                Some((id, name)) => span aria-hidden="true" { (disc(id.0, name, Size::Small)) },
                None => span.kind { (icon(sign(n.kind))) },
            }
            div.what {
                form method="post" action={ "/inbox/" (n.id) "/open" } {
                    @if is_unread { span.vh { "Unread: " } }
                    @if let Some((_, name)) = &n.actor { b { (name) } " " }
                    (words(n)) " "
                    button.link-btn { (title) }
                }
                p.note {
                    span.with-icon { (icon(sign(n.kind))) @if let Some((_, project)) = &n.project { (project) " · " } (frame.when.ago(n.created_at)) }
                }
            }
            @if is_unread {
                form method="post" action={ "/inbox/" (n.id) "/read" } {
                    input type="hidden" name="show" value=(show.name());
                    button.btn.btn-ghost.btn-icon.btn-sm aria-label={ "Mark as read: " (title) } title="Mark as read" { (icon(Icon::Check)) }
                }
            }
        }
    }
}
