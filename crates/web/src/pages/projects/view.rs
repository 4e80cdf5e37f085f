//! The list of projects and the form for a new one.

use crate::ui::button::{Look, icon_link, link, submit};
use crate::ui::field::{Errors, Input, below, described};
use crate::ui::person::tile;
use crate::ui::shell::panel;
use crate::ui::text::{count, number};
use crate::ui::{Crumb, Empty, Frame, Head, Icon, Section, card, empty, head, icon, pages, shell, tag};
use maud::{Markup, html};
use model::{ProjectId, Timestamp};

/// One project in the list.
#[derive(Debug, Clone)]
pub struct Card {
    /// Its id.
    pub id: ProjectId,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub note: String,
    /// Made for showing the product.
    pub is_demo: bool,
    /// Automation runs.
    pub runs: i64,
    /// Automation runs that are going on.
    pub running: i64,
    /// Automation sources.
    pub sources: i64,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What the list shows.
pub struct Projects {
    /// Projects of this page.
    pub cards: Vec<Card>,
    /// Projects on all pages.
    pub total: i64,
    /// Whether the reader may make projects.
    pub can_create: bool,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
}

/// The list.
pub fn list(frame: &Frame, v: &Projects) -> Markup {
    let body = html! {
        (head("Projects", html! {
            @if v.total > 0 { span.muted.num { (number(v.total)) } }
            @if v.can_create && v.total > 0 { span.end { (icon_link(Look::Primary, Icon::Plus, "New project", "/projects/new")) } }
        }))
        @if v.cards.is_empty() { (nothing(v.can_create)) }
        @else {
            ul.projects { @for card in &v.cards { li { (project(frame, card)) } } }
            @if v.previous.is_some() || v.next.is_some() {
                (pages(&count(v.total, "project", "projects"), v.previous.clone(), v.next.clone()))
            }
        }
    };
    shell::page(
        frame,
        &Head {
            title: "Projects",
            crumbs: vec![Crumb::here("Projects")],
            section: Section::Projects,
            project: None,
        },
        panel(body),
    )
}

fn nothing(can_create: bool) -> Markup {
    if can_create {
        empty(&Empty {
            icon: Icon::Layers,
            title: "No projects yet",
            text: html! { "A project holds the automation results of one product. Make the first one, then send results to it from your build." },
            actions: link(Look::Primary, "New project", "/projects/new"),
        })
    } else {
        empty(&Empty {
            icon: Icon::Layers,
            title: "No projects for you yet",
            text: html! { "You see the projects that you have access to. A site administrator can give it to you." },
            actions: html! {},
        })
    }
}

fn project(frame: &Frame, c: &Card) -> Markup {
    html! {
        article.card.project {
            header {
                (tile(c.id.0, &c.name, true))
                h2 { a href={ "/projects/view/" (c.id) } { (c.name) } }
                @if c.is_demo { span.tag.tag-demo { "Demo" } }
            }
            @if !c.note.is_empty() { p.note.about { (c.note) } }
            p.numbers {
                span { (icon(Icon::Zap)) a.num href={ "/automation/runs/" (c.id) } { (count(c.runs, "automation run", "automation runs")) } }
                @if c.running > 0 { span.pill.st-running { (icon(Icon::Loader)) (number(c.running)) " running" } }
            }
            p.note { (count(c.sources, "source", "sources")) " · made " (frame.when.ago(c.created_at)) }
        }
    }
}

/// What the form for a new project shows.
#[derive(Default)]
pub struct NewProject<'a> {
    /// What was typed before.
    pub name: &'a str,
    /// What was typed before.
    pub note: &'a str,
    /// What was wrong.
    pub errors: Errors,
}

/// The form for a new project.
pub fn new(frame: &Frame, v: &NewProject<'_>) -> Markup {
    let name = Input {
        name: "name",
        label: "Name",
        value: v.name,
        error: v.errors.of("name"),
        is_required: true,
        has_focus: v.errors.is_empty(),
        autocomplete: "off",
        ..Input::default()
    };
    let help = "What the product is, for people who open it for the first time.";
    let error = v.errors.of("note");
    let fields = html! {
        (v.errors.summary())
        (name.render())
        div.field {
            div.field-head { label for="note" { "About" } }
            textarea.input id="note" name="note" rows="3" aria-describedby=[described("note", help, error)] { (v.note) }
            (below("note", help, error))
        }
    };
    let foot = html! {
        (submit(Look::Primary, "Create project"))
        (link(Look::Ghost, "Cancel", "/projects"))
        span.end.note { "Everybody who may sign in gets access by their own role." }
    };
    let title = if v.errors.is_empty() {
        "New project"
    } else {
        "Error: New project"
    };
    shell::page(
        frame,
        &Head {
            title,
            crumbs: vec![Crumb::link("Projects", "/projects"), Crumb::here("New project")],
            section: Section::Projects,
            project: None,
        },
        panel(html! {
            h1 { "New project" }
            (card::form("/projects/new", "narrow", "Project", fields, foot))
        }),
    )
}

/// The label of projects that were made for showing the product.
pub fn demo_tag(is_demo: bool) -> Markup {
    html! { @if is_demo { (tag("Demo")) } }
}
