//! The frame of every page: document, sidebar, top bar with the user menu, work panel.

use super::person::{Size, disc, tile};
use super::{Icon, When, icon, logo};
use crate::assets::{APP_JS, FONT, STYLE_CSS};
use maud::{DOCTYPE, Markup, html};
use model::{ProjectId, UserId};

/// Light, dark, or what the system says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// What the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Its name in the cookie and in the style sheet; none for the system's.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Theme::System => None,
            Theme::Light => Some("light"),
            Theme::Dark => Some("dark"),
        }
    }

    /// From the cookie.
    pub fn from_name(name: &str) -> Theme {
        match name {
            "light" => Theme::Light,
            "dark" => Theme::Dark,
            _ => Theme::System,
        }
    }

    /// What the switch chooses without script. Where the system decides, the page can't know, so it tries the dark.
    fn other(self) -> &'static str {
        match self {
            Theme::Dark => "light",
            Theme::Light | Theme::System => "dark",
        }
    }
}

/// Who looks at a page.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Their id.
    pub id: UserId,
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub email: String,
    /// Whether they are a site admin.
    pub is_admin: bool,
}

/// What a page is drawn for: reader, theme, time, and its own address.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Light or dark.
    pub theme: Theme,
    /// Path and query of this page, to come back to.
    pub path: String,
    /// Time and time zone.
    pub when: When,
    /// Who looks; none when nobody is signed in.
    pub viewer: Option<Viewer>,
    /// Their unread notifications; 100 stands for that many or more.
    pub unread: i64,
}

/// The project that a page belongs to, and others to switch to.
#[derive(Debug, Clone)]
pub struct ProjectNav {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// Projects of the menu, this one among them.
    pub menu: Vec<(ProjectId, String)>,
}

/// What is marked in the sidebar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Nothing.
    None,
    /// The list of projects.
    Projects,
    /// A project's overview.
    Overview,
    /// A project's cases.
    Repository,
    /// A project's manual runs.
    Runs,
    /// A project's automation.
    Automation,
    /// Administration of the instance.
    Admin,
}

/// A step of the way to a page; the last one is the page itself and leads nowhere.
#[derive(Debug, Clone)]
pub struct Crumb {
    /// Its words.
    pub label: String,
    /// Where it leads.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that leads somewhere.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Crumb {
        Crumb {
            label: label.into(),
            href: Some(href.into()),
        }
    }

    /// The page itself.
    pub fn here(label: impl Into<String>) -> Crumb {
        Crumb {
            label: label.into(),
            href: None,
        }
    }
}

/// What the frame says about a page.
pub struct Head<'a> {
    /// Of the browser's tab.
    pub title: &'a str,
    /// The way to the page.
    pub crumbs: Vec<Crumb>,
    /// What is marked in the sidebar.
    pub section: Section,
    /// The project, if it belongs to one.
    pub project: Option<&'a ProjectNav>,
}

/// A page of somebody who is signed in. `panel` is the work panel, from [`panel`] or [`fixed_panel`].
pub fn page(frame: &Frame, head: &Head<'_>, panel: Markup) -> Markup {
    document(
        frame,
        head.title,
        html! {
            body.shell {
                a.skip href="#main" { "Skip to content" }
                (sidebar(frame, head))
                header.top {
                    button.btn.btn-ghost.btn-icon.menu-open type="button" popovertarget="side" aria-label="Menu" {
                        (icon(Icon::Menu))
                    }
                    nav.grow aria-label="Breadcrumb" { (crumbs(&head.crumbs)) }
                    (theme_switch(frame))
                    @if let Some(viewer) = &frame.viewer { (bell(frame.unread)) (user_menu(viewer)) }
                }
                main #main tabindex="-1" { (panel) }
            }
        },
    )
}

/// A page without sidebar: signing in, set-up, errors for strangers.
pub fn plain(frame: &Frame, title: &str, body: Markup) -> Markup {
    document(
        frame,
        title,
        html! {
            body.plain {
                div.plain-top { (theme_switch(frame)) }
                main { (body) }
            }
        },
    )
}

/// A work panel that scrolls as a whole.
pub fn panel(body: Markup) -> Markup {
    html! { div.panel tabindex="-1" { div.pad { (body) } } }
}

/// A work panel whose parts scroll by themselves.
pub fn fixed_panel(body: Markup) -> Markup {
    html! { div class="panel panel-fixed" { (body) } }
}

fn document(frame: &Frame, title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[frame.theme.name()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) " · Attest" }
                link rel="preload" href=(FONT) as="font" type="font/woff2" crossorigin;
                link rel="stylesheet" href=(STYLE_CSS);
                link rel="icon" href="data:,";
                script type="module" src=(APP_JS) {}
            }
            (body)
        }
    }
}

fn sidebar(frame: &Frame, head: &Head<'_>) -> Markup {
    html! {
        nav.side #side popover aria-label="Main" {
            a.brand href="/projects" { (logo("logo")) span.label { "Attest" } }
            @match head.project {
                Some(project) => {
                    (switcher(project))
                    (search(Some(project.id)))
                    ul {
                        (entry(Icon::LayoutDashboard, "Overview", &format!("/projects/view/{}", project.id), head.section == Section::Overview))
                        (entry(Icon::FolderTree, "Repository", &format!("/repositories/{}", project.id), head.section == Section::Repository))
                        (entry(Icon::CirclePlay, "Runs", &format!("/runs/{}", project.id), head.section == Section::Runs))
                        (entry(Icon::Zap, "Automation", &format!("/automation/runs/{}", project.id), head.section == Section::Automation))
                    }
                }
                None => { (search(None)) ul { (entry(Icon::LayoutGrid, "Projects", "/projects", head.section == Section::Projects)) } }
            }
            @if frame.viewer.as_ref().is_some_and(|v| v.is_admin) {
                ul.side-end { (entry(Icon::ShieldCheck, "Admin", "/admin/api-keys", head.section == Section::Admin)) }
            }
        }
    }
}

/// The way to everything. With script Ctrl+K takes it, and it opens over the page.
fn search(project: Option<ProjectId>) -> Markup {
    html! {
        a.nav.search-link href=(crate::pages::search::view::href(project)) title="Search" data-dialog data-palette aria-keyshortcuts="Control+K Meta+K" {
            (icon(Icon::Search)) span.label { "Search" } kbd.label aria-hidden="true" { "Ctrl K" }
        }
    }
}

fn entry(sign: Icon, label: &str, href: &str, is_current: bool) -> Markup {
    html! {
        li { a.nav href=(href) title=(label) aria-current=[is_current.then_some("page")] {
            (icon(sign)) span.label { (label) }
        } }
    }
}

fn switcher(project: &ProjectNav) -> Markup {
    html! {
        button.switch type="button" popovertarget="project-menu" title="Switch project" {
            (tile(project.id.0, &project.name, false))
            span.vh { "Project: " } span.cut { (project.name) }
            (icon(Icon::ChevronsUpDown))
        }
        div.popup.popup-side #project-menu popover {
            at-menu {
                ul { @for (id, name) in &project.menu {
                    li { a href={ "/projects/view/" (id) } aria-current=[(*id == project.id).then_some("true")] {
                        (tile(id.0, name, false)) span.cut { (name) }
                    } }
                } }
                ul.split { li { a href="/projects" { (icon(Icon::LayoutGrid)) "All projects" } } }
            }
        }
    }
}

fn crumbs(crumbs: &[Crumb]) -> Markup {
    html! {
        ol.crumbs { @for crumb in crumbs { li {
            @match &crumb.href {
                Some(href) => a href=(href) { (crumb.label) },
                None => span aria-current="page" { (crumb.label) },
            }
        } } }
    }
}

fn theme_switch(frame: &Frame) -> Markup {
    html! {
        at-theme { form method="post" action="/theme" {
            input type="hidden" name="back" value=(frame.path);
            button.btn.btn-ghost.btn-icon name="theme" value=(frame.theme.other())
                aria-label="Switch between light and dark" title="Switch between light and dark" {
                (icon(Icon::SunMoon))
            }
        } }
    }
}

/// The way to the inbox.
fn bell(unread: i64) -> Markup {
    let shown = if unread > 99 {
        "99+".to_owned()
    } else {
        unread.to_string()
    };
    let name = match unread {
        0 => "Inbox".to_owned(),
        _ => format!("Inbox, {shown} unread"),
    };
    html! {
        a.btn.btn-ghost.btn-icon.bell href="/inbox" aria-label=(name) title=(name) {
            (icon(Icon::Bell)) @if unread > 0 { span.badge aria-hidden="true" { (shown) } }
        }
    }
}

fn user_menu(viewer: &Viewer) -> Markup {
    html! {
        button.me type="button" popovertarget="user-menu" title=(viewer.name) {
            (disc(viewer.id.0, &viewer.name, Size::Medium)) span.vh { ", user menu of " (viewer.name) }
        }
        div.popup.popup-end #user-menu popover {
            p.who { b { (viewer.name) } span.muted { (viewer.email) } }
            at-menu {
                ul { li { a href="/users/profile" { (icon(Icon::UserRound)) "User profile" } } }
                form.split method="post" action="/logout" { button { (icon(Icon::LogOut)) "Sign out" } }
            }
        }
    }
}
