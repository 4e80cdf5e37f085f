//! Forms that change, move, tag, copy or delete the cases that were picked in the list, or all that its filter leaves.

mod handler;
pub mod typed;
pub mod view;

pub(crate) use handler::routes;

use super::view::Repository;
use crate::ui::text::{count, number};
use crate::ui::{Icon, icon};
use maud::{Markup, html};
use model::ProjectId;

/// What a form does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Gives new values.
    Change,
    /// Puts cases into another folder.
    Move,
    /// Adds, removes or replaces tags.
    Tag,
    /// Makes other cases with the same text.
    Copy,
    /// Deletes them.
    Delete,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::Change, Kind::Move, Kind::Tag, Kind::Copy, Kind::Delete];

    /// Its name in addresses.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Change => "change",
            Kind::Move => "move",
            Kind::Tag => "tag",
            Kind::Copy => "copy",
            Kind::Delete => "delete",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The word of its button.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Change => "Change",
            Kind::Move => "Move",
            Kind::Tag => "Tag",
            Kind::Copy => "Copy",
            Kind::Delete => "Delete",
        }
    }

    fn icon(self) -> Icon {
        match self {
            Kind::Change => Icon::Pencil,
            Kind::Move => Icon::FolderInput,
            Kind::Tag => Icon::Tag,
            Kind::Copy => Icon::Copy,
            Kind::Delete => Icon::Trash2,
        }
    }
}

/// Where a form is.
pub fn path(project: ProjectId, deed: &str) -> String {
    format!("/cases/bulk/{project}/{deed}")
}

/// What was done, in words; none for what is no deed.
pub fn said((deed, cases, changed): (&str, i64, i64)) -> Option<String> {
    let done = match Kind::from_name(deed)? {
        Kind::Change => "Changed",
        Kind::Move => "Moved",
        Kind::Tag => "Tagged",
        Kind::Copy => "Copied",
        Kind::Delete => "Deleted",
    };
    let same = cases
        .checked_sub(changed)
        .filter(|same| *same >= 0 && changed >= 0)?;
    let changed = count(changed, "case", "cases");
    Some(match same {
        0 => format!("{done} {changed}."),
        same => format!("{done} {changed}. {} was so already.", number(same)),
    })
}

/// What can be done with the cases that are picked. Script shows it when there are any.
pub fn bar(v: &Repository) -> Markup {
    let button = |kind: Kind| {
        let class = if kind == Kind::Delete {
            "btn btn-text-danger btn-sm"
        } else {
            "btn btn-outline btn-sm"
        };
        html! { button class=(class) formaction=(path(v.project.id, kind.name())) { (icon(kind.icon())) (kind.label()) } }
    };
    let all = format!("All {}", count(v.total, "case", "cases"));
    html! {
        div.pickbar role="group" aria-label="Selection" {
            b.num role="status" data-picked {}
            label.check { input type="checkbox" name="all" value="yes" data-all; span { (all) } }
            span.actions {
                @if v.can_run { button.btn.btn-outline.btn-sm formaction={ "/runs/new/" (v.project.id) } { (icon(Icon::CirclePlay)) "Run these" } }
                @if v.can_edit { @for kind in [Kind::Change, Kind::Move, Kind::Tag, Kind::Copy] { (button(kind)) } }
                @if v.can_delete { (button(Kind::Delete)) }
                button.btn.btn-ghost.btn-sm type="button" data-clear hidden { "Clear" }
            }
        }
    }
}
