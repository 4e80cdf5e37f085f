//! The field, and what was found.

use crate::ui::button::{Look, submit};
use crate::ui::shell::panel;
use crate::ui::{Crumb, Frame, Head, Icon, ProjectNav, Section, icon, shell};
use maud::{Markup, html};
use model::ProjectId;

/// Something to go to.
pub struct Item {
    /// What it is.
    pub icon: Icon,
    /// Its name.
    pub label: String,
    /// What stands before the name, such as a number.
    pub number: String,
    /// Where it is.
    pub href: String,
}

/// What the page shows.
pub struct Search {
    /// The project that is searched.
    pub project: Option<ProjectNav>,
    /// What was typed.
    pub words: String,
    /// Groups with their names; empty ones are left out.
    pub found: Vec<(&'static str, Vec<Item>)>,
}

/// The address of the page for a project, or for none.
pub fn href(project: Option<ProjectId>) -> String {
    project.map_or_else(|| "/search".to_owned(), |id| format!("/search?project={id}"))
}

/// Draws it.
pub fn page(frame: &Frame, v: &Search) -> Markup {
    let mut crumbs = Vec::new();
    if let Some(project) = &v.project {
        crumbs.push(Crumb::link(
            project.name.clone(),
            format!("/projects/view/{}", project.id),
        ));
    }
    crumbs.push(Crumb::here("Search"));
    shell::page(
        frame,
        &Head {
            title: "Search",
            crumbs,
            section: Section::None,
            project: v.project.as_ref(),
        },
        panel(html! {
            h1 { "Search" }
            form.card.search method="get" action="/search" role="search" {
                at-palette.card-body {
                    @if let Some(project) = &v.project { input type="hidden" name="project" value=(project.id); }
                    div.search-field { label.select { span.vh { "Words or a number" } (icon(Icon::Search))
                        input.input type="search" name="q" value=(v.words) placeholder="Words or a number" autocomplete="off" maxlength="200" autofocus;
                    } (submit(Look::Outline, "Search")) }
                    (found(v))
                }
            }
        }),
    )
}

/// What was found.
pub fn found(v: &Search) -> Markup {
    let count: usize = v.found.iter().map(|(_, items)| items.len()).sum();
    html! {
        div #found {
            p.vh role="status" { (count) " found" }
            @if count == 0 { p.muted { "Nothing has these words." } }
            @for (name, items) in v.found.iter().filter(|(_, items)| !items.is_empty()) {
                section { h2 { (name) } ul { @for item in items { li { a href=(item.href) {
                    (icon(item.icon)) @if !item.number.is_empty() { span.muted.num { (item.number) } } span.cut { (item.label) }
                } } } } }
            }
        }
    }
}
