//! Components: functions that return markup, used by the pages and by nothing else.
//!
//! Text always goes through maud's escaping; no markup is ever built from strings.

pub mod bar;
pub mod button;
pub mod card;
pub mod field;
pub mod hx;
mod icon;
pub mod lanes;
pub mod markdown;
pub mod person;
pub mod secret;
pub mod shell;
pub mod status;
pub mod strip;
pub mod table;
pub mod text;
pub mod time;

pub use icon::{Icon, icon, logo};
pub use shell::{Crumb, Frame, Head, ProjectNav, Section, Theme, Viewer};
pub use time::When;

use maud::{Markup, html};

/// A row of words and numbers under a page's title, or the title alone.
pub fn head(title: &str, beside: Markup) -> Markup {
    html! {
        header.head { h1 { (title) } (beside) }
    }
}

/// How serious a banner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Something to know.
    Info,
    /// Something went well.
    Good,
    /// Something to mind.
    Warn,
    /// Something is wrong.
    Bad,
}

/// A coloured box with an icon: one strong sentence and what belongs to it.
pub fn banner(tone: Tone, title: &str, more: Markup) -> Markup {
    let (class, sign) = match tone {
        Tone::Info => ("banner", Icon::Info),
        Tone::Good => ("banner banner-ok", Icon::CircleCheck),
        Tone::Warn => ("banner banner-warn", Icon::TriangleAlert),
        Tone::Bad => ("banner banner-error", Icon::CircleAlert),
    };
    html! {
        div class=(class) { (icon(sign)) div { p { b { (title) } } (more) } }
    }
}

/// A small label.
pub fn tag(words: &str) -> Markup {
    html! { span.tag { (words) } }
}

/// What stands in place of a list that has no rows.
pub struct Empty<'a> {
    /// A line drawing of what belongs here.
    pub icon: Icon,
    /// The state in a few words.
    pub title: &'a str,
    /// What belongs here and how it gets here.
    pub text: Markup,
    /// Links and buttons.
    pub actions: Markup,
}

/// Draws it.
pub fn empty(e: &Empty<'_>) -> Markup {
    html! {
        div.empty {
            (icon(e.icon)) h2 { (e.title) } p { (e.text) }
            @if !e.actions.0.is_empty() { div.actions { (e.actions) } }
        }
    }
}

/// One tab of a page: a link to the same page with another view.
pub struct Tab<'a> {
    /// Its words.
    pub label: &'a str,
    /// Where it leads.
    pub href: String,
    /// What it holds, if that is a number.
    pub count: Option<i64>,
    /// Whether it is the one shown.
    pub is_current: bool,
}

/// Tabs under a page's head.
pub fn tabs(label: &str, tabs: &[Tab<'_>]) -> Markup {
    html! {
        nav.tabs aria-label=(label) {
            @for tab in tabs {
                a href=(tab.href) aria-current=[tab.is_current.then_some("page")] {
                    (tab.label)
                    @if let Some(n) = tab.count { span.count { (text::number(n)) } }
                }
            }
        }
    }
}

/// Links that switch what a list shows.
pub fn views(label: &str, views: &[Tab<'_>]) -> Markup {
    html! {
        nav.views aria-label=(label) {
            @for view in views {
                a href=(view.href) aria-current=[view.is_current.then_some("true")] {
                    (view.label)
                    @if let Some(n) = view.count { " " span.num { (text::number(n)) } }
                }
            }
        }
    }
}

/// Previous and next page, and where one is.
pub fn pages(words: &str, previous: Option<String>, next: Option<String>) -> Markup {
    html! {
        nav.pages aria-label="Pages" {
            span.num { (words) }
            span.end {
                @if let Some(href) = previous { a.btn.btn-outline.btn-sm href=(href) rel="prev" { "Previous" } }
                @if let Some(href) = next { a.btn.btn-outline.btn-sm href=(href) rel="next" { "Next" } }
            }
        }
    }
}
