//! The links and the forms.

use crate::pages::repository::address::{Place, Query};
use crate::pages::repository::view::{Repository, crumbs};
use crate::ui::button::{Look, link, submit};
use crate::ui::field::{Errors, Input, checkbox};
use crate::ui::shell::panel;
use crate::ui::{Crumb, Frame, Head, Icon, ProjectNav, Section, card, icon, shell};
use maud::{Markup, html};
use model::text;

/// One link above the list.
pub struct Saved {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The list.
    pub place: Place,
    /// Whether everybody sees it.
    pub is_shared: bool,
    /// Whether the reader may delete it.
    pub can_delete: bool,
}

impl Saved {
    /// From a view that is kept, whose filters are read as those of any address.
    pub fn new(view: store::view::View, project: model::ProjectId, can_delete: bool) -> Saved {
        Saved {
            id: view.id,
            place: Place::read(project, &Query::parse(&view.query)).at(1),
            name: view.name,
            is_shared: view.is_shared,
            can_delete,
        }
    }
}

/// The views, and the way to keep what the list shows now.
pub fn links(v: &Repository) -> Markup {
    let here = v.place.at(1);
    let is_kept = v.saved.iter().any(|s| s.place == here);
    let can_keep = !is_kept && (here.is_filtered() || here.sort.is_some() || here.columns.is_some());
    html! {
        @if can_keep || !v.saved.is_empty() {
            nav.saved aria-label="Saved views" {
                @for s in &v.saved {
                    span.saved-view {
                        a href=(s.place.href()) aria-current=[(s.place == here).then_some("true")] {
                            @if s.is_shared { (icon(Icon::UsersRound)) span.vh { "Shared: " } } span.cut { (s.name) }
                        }
                        @if s.can_delete && s.place == here {
                            @let label = format!("Delete the view {}", s.name);
                            a.drop href={ "/views/" (v.project.id) "/" (s.id) "/delete" } data-dialog aria-label=(label) title=(label) { (icon(Icon::Trash2)) }
                        }
                    }
                }
                @if can_keep {
                    a.btn.btn-ghost.btn-sm href=(here.href_of(&format!("/views/{}/new", v.project.id))) data-dialog { (icon(Icon::Pin)) "Save this view" }
                }
            }
        }
    }
}

/// What a form does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Keeps what the list shows.
    Save,
    /// Deletes the view with this id.
    Delete(i64),
}

/// What a form shows.
pub struct Form {
    /// The project.
    pub project: ProjectNav,
    /// The list.
    pub place: Place,
    /// What it does.
    pub deed: Deed,
    /// Whether the reader may share views.
    pub can_share: bool,
    /// The name that was typed, or that the view has.
    pub name: String,
    /// Whether it shall be shared, or is.
    pub is_shared: bool,
    /// What was wrong.
    pub errors: Errors,
}

/// Draws it.
pub fn page(frame: &Frame, v: &Form) -> Markup {
    let title = match v.deed {
        Deed::Save => "Save this view".to_owned(),
        Deed::Delete(_) => format!("Delete the view “{}”?", v.name),
    };
    let shown = if v.errors.is_empty() {
        title.clone()
    } else {
        format!("Error: {title}")
    };
    let (action, fields, button) = match v.deed {
        Deed::Save => (
            v.place.href_of(&format!("/views/{}/new", v.project.id)),
            save(v),
            submit(Look::Primary, "Save view"),
        ),
        Deed::Delete(id) => (
            format!("/views/{}/{id}/delete", v.project.id),
            html! { p { @if v.is_shared { "Everybody in the project loses it. " } "The cases stay as they are." } },
            submit(Look::Danger, "Delete view"),
        ),
    };
    let foot = html! { (button) (link(Look::Ghost, "Cancel", &v.place.href())) };
    let mut crumbs = crumbs(&v.project, &[]);
    crumbs.push(Crumb::here("View"));
    shell::page(
        frame,
        &Head {
            title: &shown,
            crumbs,
            section: Section::Repository,
            project: Some(&v.project),
        },
        panel(html! { h1 { (title) } (card::form(&action, "confirm", "View", fields, foot)) }),
    )
}

fn save(v: &Form) -> Markup {
    let name = Input {
        name: "name",
        label: "Name",
        value: &v.name,
        help: "A view of yours that has this name already is replaced.",
        error: v.errors.of("name"),
        is_required: true,
        has_focus: v.errors.is_empty(),
        autocomplete: "off",
        most: u32::try_from(text::NAME_MAX).ok(),
        ..Input::default()
    };
    html! {
        (v.errors.summary())
        (name.render())
        @if v.can_share { (checkbox("shared", "yes", v.is_shared, html! { "Everybody in the project sees it" })) }
    }
}
