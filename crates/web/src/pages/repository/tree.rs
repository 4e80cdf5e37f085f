//! The folders of a repository. Levels on the way to the open folder are drawn; others come when they are unfolded.

use super::address::Place;
use crate::ui::text::number;
use crate::ui::{Icon, hx, icon};
use app::tree::Branch;
use maud::{Markup, html};
use model::{FolderId, ProjectId};

/// Folders of a level that are drawn; more are found by search.
pub const MOST: usize = 100;

/// What the tree is drawn from.
pub struct Tree {
    /// The project.
    pub project: ProjectId,
    /// Folders of all levels that are drawn.
    pub branches: Vec<Branch>,
    /// From the root to the open folder.
    pub way: Vec<FolderId>,
    /// Whether the reader may move folders.
    pub can_move: bool,
}

impl Tree {
    fn open(&self) -> Option<FolderId> {
        self.way.last().copied()
    }
}

/// The tree from its root.
pub fn tree(v: &Tree) -> Markup {
    html! { at-tree.tree data-moves[v.can_move] { (level(v, None)) } }
}

/// The folders that lie directly in `parent`, without those below them: what is fetched when it is unfolded.
pub fn level(v: &Tree, parent: Option<FolderId>) -> Markup {
    let children: Vec<&Branch> = v
        .branches
        .iter()
        .filter(|b| b.folder.parent_id == parent)
        .collect();
    html! {
        ul id=[parent.map(|id| format!("in-{id}"))] {
            @for branch in children.iter().take(MOST) { (node(v, branch)) }
            @if children.len() > MOST { li.note { (number(count(children.len() - MOST))) " more folders. Search to find their cases." } }
        }
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn node(v: &Tree, branch: &Branch) -> Markup {
    let id = branch.folder.id;
    let is_open = v.open() == Some(id);
    let is_unfolded = v.way.contains(&id);
    let href = Place::folder(v.project, Some(id)).href();
    html! {
        li {
            a.folder href=(href) aria-current=[is_open.then_some("true")] title=(branch.folder.name) {
                (icon(if is_open { Icon::FolderOpen } else { Icon::Folder }))
                span.cut { (branch.folder.name) }
                span.num { (number(branch.cases)) span.vh { " cases" } }
            }
            @if branch.below > 0 {
                details open[is_unfolded] {
                    summary { (icon(Icon::ChevronRight)) span.vh { "Folders in " (branch.folder.name) } }
                    @if is_unfolded { (level(v, Some(id))) }
                    @else { (hx::later(&format!("in-{id}"), &format!("/repositories/folders/{id}"), html! {
                        li { a.folder href=(href) { "Open this folder" } }
                    })) }
                }
            }
        }
    }
}
