//! The repository page: folders, and the cases of the one that is open.

use super::address::{COLUMNS, GROUPS, Place};
use super::table::{self, Row};
use super::tree::{self, Tree};
use super::views::view::{Saved, links};
use super::{bulk, pane};
use crate::pages::manual::new;
use crate::ui::button::{Look, copy_icon, icon_link, link, submit};
use crate::ui::field::checkbox;
use crate::ui::shell::fixed_panel;
use crate::ui::text::{count, number};
use crate::ui::{
    Crumb, Empty, Frame, Head, Icon, ProjectNav, Section, Tone, banner, empty, icon, pages, shell,
};
use maud::{Markup, html};
use model::{CaseId, FolderId};

/// Tags that one can choose from.
const TAGS: usize = 200;

/// What the page shows.
pub struct Repository {
    /// The project.
    pub project: ProjectNav,
    /// Which cases.
    pub place: Place,
    /// Its folders.
    pub tree: Tree,
    /// From the root to the open folder: id and name.
    pub way: Vec<(FolderId, String)>,
    /// What belongs into the open folder.
    pub docs: Option<String>,
    /// The cases of this page.
    pub rows: Vec<Row>,
    /// Cases on all pages.
    pub total: i64,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// Lists with a name.
    pub saved: Vec<Saved>,
    /// What was just done to cases.
    pub done: Option<String>,
    /// The case whose number was looked for.
    pub hit: Option<(CaseId, i64, String)>,
    /// States to filter by.
    pub states: Vec<(i64, String)>,
    /// Templates to filter by.
    pub templates: Vec<(i64, String)>,
    /// Tags to filter by.
    pub tags: Vec<String>,
    /// Whether the reader may make and change cases and folders.
    pub can_edit: bool,
    /// Whether the reader may delete them.
    pub can_delete: bool,
    /// Whether the reader may look at shared steps.
    pub sees_shared_steps: bool,
    /// Whether the reader may make runs of them.
    pub can_run: bool,
    /// The case that is open beside the list.
    pub open: Option<super::case::view::Page>,
}

impl Repository {
    fn folder(&self) -> Option<&(FolderId, String)> {
        self.way.last()
    }

    fn can_pick(&self) -> bool {
        self.can_edit || self.can_delete || self.can_run
    }

    fn new_folder(&self) -> String {
        let within = self
            .place
            .folder
            .map(|id| format!("?in={id}"))
            .unwrap_or_default();
        format!("/repositories/{}/folders/new{within}", self.project.id)
    }

    fn new_case(&self) -> String {
        let within = self
            .place
            .folder
            .map(|id| format!("?folder={id}"))
            .unwrap_or_default();
        format!("/cases/new/{}{within}", self.project.id)
    }
}

/// The way to a folder, as links.
pub fn crumbs(project: &ProjectNav, way: &[(FolderId, String)]) -> Vec<Crumb> {
    let mut crumbs = vec![
        Crumb::link(project.name.clone(), format!("/projects/view/{}", project.id)),
        Crumb::link("Repository", Place::root(project.id).href()),
    ];
    let folders = way
        .iter()
        .map(|(id, name)| Crumb::link(name.clone(), Place::folder(project.id, Some(*id)).href()));
    crumbs.extend(folders);
    crumbs
}

/// Draws it.
pub fn page(frame: &Frame, v: &Repository) -> Markup {
    let title = v.folder().map_or("Repository", |(_, name)| name.as_str());
    let mut crumbs = crumbs(&v.project, &v.way);
    if let Some(last) = crumbs.last_mut() {
        last.href = None;
    }
    shell::page(
        frame,
        &Head {
            title: &format!("{title} · {}", v.project.name),
            crumbs,
            section: Section::Repository,
            project: Some(&v.project),
        },
        fixed_panel(html! {
            div.repo { (folders(v)) div.split { (list(frame, v, title)) (pane::pane(frame, &v.place, v.open.as_ref())) } }
        }),
    )
}

fn folders(v: &Repository) -> Markup {
    let root = Place::root(v.project.id).href();
    html! {
        nav.folders #folders popover aria-label="Folders" {
            header {
                h2 { "Folders" }
                @if v.can_edit {
                    a.btn.btn-ghost.btn-icon.btn-sm href=(v.new_folder()) data-dialog aria-label="New folder" title="New folder" { (icon(Icon::FolderPlus)) }
                }
            }
            a.folder.root href=(root) aria-current=[v.place.folder.is_none().then_some("true")] { (icon(Icon::FolderTree)) "All cases" }
            @if v.tree.branches.is_empty() { p.note { "No folders yet." } } @else { (tree::tree(&v.tree)) }
            @if v.sees_shared_steps { a.folder.root.shared-steps href={ "/shared-steps/" (v.project.id) } { (icon(Icon::Layers)) "Shared steps" } }
        }
    }
}

fn list(frame: &Frame, v: &Repository, title: &str) -> Markup {
    let has_cases = v.total > 0 || v.place.is_filtered();
    html! {
        section.list aria-label="Cases" {
            div.repo-head {
                header.head {
                    button.btn.btn-outline.btn-sm.folders-open type="button" popovertarget="folders" { (icon(Icon::FolderTree)) "Folders" }
                    h1 { (title) }
                    span.muted.num { (count(v.total, "case", "cases")) }
                    (identity(v))
                    (actions(v))
                    span.end.actions {
                        @if v.can_run && v.total > 0 { (icon_link(Look::Outline, Icon::CirclePlay, "Run these", &new::href(&v.place))) }
                        @if v.can_edit { (icon_link(Look::Primary, Icon::Plus, "New case", &v.new_case())) }
                    }
                }
                @if let Some(docs) = &v.docs { p.lead { (docs) } }
                @if has_cases { (filters(v)) (links(v)) (columns(v)) }
            }
            at-grid.list-scroll tabindex="-1" data-opens="open" {
                @if let Some(done) = &v.done { div.said role="status" { (banner(Tone::Good, done, html! {})) } }
                @if let Some((id, n, name)) = &v.hit { p.hit { "C" (n) ": " a.link href={ "/cases/view/" (id) } { (name) } } }
                @if v.rows.is_empty() { (nothing(v)) } @else {
                    (selection(v, &table::table(frame, &v.place, &v.rows, v.can_pick())))
                    div.repo-foot { (pages(&range(v), v.previous.clone(), v.next.clone())) }
                }
            }
        }
    }
}

/// The table as a form, for those who may do something with the cases that they pick in it.
fn selection(v: &Repository, table: &Markup) -> Markup {
    if !v.can_pick() {
        return table.clone();
    }
    let first = Place {
        sort: None,
        ..v.place.at(1)
    };
    html! {
        at-pick { form method="get" action=(bulk::path(v.project.id, "change")) aria-label="Cases" {
            @for (name, value) in first.pairs() { input type="hidden" name=(name) value=(value); }
            (table)
            (bulk::bar(v))
        } }
    }
}

/// Which of the cases are shown.
fn range(v: &Repository) -> String {
    let shown = i64::try_from(v.rows.len()).unwrap_or(i64::MAX);
    let before = (v.place.page - 1) * super::handler::PER_PAGE;
    format!(
        "{}–{} of {}",
        number(before + 1),
        number(before + shown),
        count(v.total, "case", "cases")
    )
}

/// The id of the folder or project, for scripts.
fn identity(v: &Repository) -> Markup {
    let (what, id) = match v.folder() {
        Some((id, _)) => ("Folder", id.0),
        None => ("Project", v.project.id.0),
    };
    html! {
        span.with-id.muted { (what) " ID " span.num #place-id { (id) } (copy_icon("place-id", &format!("Copy the ID of the {}", what.to_lowercase()))) }
    }
}

fn actions(v: &Repository) -> Markup {
    let Some((id, name)) = v.folder() else {
        return html! {};
    };
    let action = |what: &str, label: &str, sign| {
        let label = format!("{label} {name}");
        html! { a.btn.btn-ghost.btn-icon.btn-sm href={ "/repositories/folders/" (id) "/" (what) } data-dialog aria-label=(label) title=(label) { (icon(sign)) } }
    };
    html! {
        @if v.can_edit || v.can_delete { span.folder-actions {
            @if v.can_edit {
                (action("rename", "Rename", Icon::Pencil))
                (action("move", "Move", Icon::FolderInput))
                (action("copy", "Copy", Icon::Copy))
            }
            @if v.can_delete { (action("delete", "Delete", Icon::Trash2)) }
        } }
    }
}

fn filters(v: &Repository) -> Markup {
    let p = &v.place;
    let here = format!("/repositories/{}", v.project.id);
    let all = Place {
        sort: p.sort,
        columns: p.columns.clone(),
        group: p.group,
        ..Place::folder(p.project, p.folder)
    };
    let tags: Vec<(String, String)> = v.tags.iter().take(TAGS).map(|t| (t.clone(), t.clone())).collect();
    let numbered = |list: &[(i64, String)]| -> Vec<(String, String)> {
        list.iter()
            .map(|(id, name)| (id.to_string(), name.clone()))
            .collect()
    };
    let automation = match p.automation {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    let yes_no = [("yes", "Automated"), ("no", "Not automated")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let chosen = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    html! {
        form.filters.case-filters method="get" action=(here) role="search" aria-label="Filter cases" {
            @if let Some(folder) = p.folder { input type="hidden" name="folder" value=(folder); }
            @if let Some(group) = p.group { input type="hidden" name="group" value=(group); }
            @if let Some(order) = p.order() { input type="hidden" name="sort" value=(order); }
            @for (_, column) in p.pairs().iter().filter(|(name, _)| *name == "column") { input type="hidden" name="column" value=(column); }
            label.select.words { span.vh { "Search" } (icon(Icon::Search))
                input.input type="search" name="q" value=(p.words) placeholder="Words or a number" autocomplete="off" maxlength="200";
            }
            (choice("state", "State", "All states", &numbered(&v.states), &chosen(p.state)))
            (choice("template", "Type", "All types", &numbered(&v.templates), &chosen(p.template)))
            @if !tags.is_empty() { (choice("tag", "Tag", "All tags", &tags, &p.tag)) }
            (choice("automation", "Automation", "Any automation", &yes_no, automation))
            (submit(Look::Outline, "Filter"))
            @if p.is_filtered() { (link(Look::Ghost, "Clear", &all.href())) }
        }
    }
}

/// Which columns the table has. Of the form, that none is ticked says that none is wanted.
fn columns(v: &Repository) -> Markup {
    let others = v.place.at(1).pairs();
    let groups =
        GROUPS.map(|(name, _, label)| (name.to_owned(), format!("Group by {}", label.to_lowercase())));
    html! {
        details.more.columns-choice {
            summary { (icon(Icon::ChevronRight)) "Columns and groups" }
            form.actions method="get" action=(Place::root(v.project.id).href()) aria-label="Columns" {
                @for (name, value) in others.iter().filter(|(name, _)| !["column", "group"].contains(name)) { input type="hidden" name=(name) value=(value); }
                input type="hidden" name="column" value="none";
                @for (name, label) in COLUMNS { (checkbox("column", name, v.place.shows(name), html! { (label) })) }
                (choice("group", "Group by", "No groups", &groups, v.place.group.unwrap_or_default()))
                (submit(Look::Outline, "Show these"))
            }
        }
    }
}

fn choice(name: &str, label: &str, all: &str, options: &[(String, String)], chosen: &str) -> Markup {
    html! {
        label.select.bare { span.vh { (label) }
            select.input name=(name) {
                option value="" { (all) }
                @for (value, words) in options { option value=(value) selected[value == chosen] { (words) } }
            }
            (icon(Icon::ChevronDown))
        }
    }
}

fn nothing(v: &Repository) -> Markup {
    if v.place.is_filtered() {
        return empty(&Empty {
            icon: Icon::SearchX,
            title: "Nothing matches",
            text: html! { "No case here has all of these words and values." },
            actions: link(
                Look::Outline,
                "Clear filters",
                &Place::folder(v.project.id, v.place.folder).href(),
            ),
        });
    }
    let title = if v.place.folder.is_some() {
        "This folder is empty"
    } else {
        "No cases yet"
    };
    let text = if v.can_edit {
        "A case says how one thing is checked and what should happen. Write the first one, or make folders to sort them."
    } else {
        "A case says how one thing is checked and what should happen. Whoever may add cases here can write the first one."
    };
    empty(&Empty {
        icon: Icon::FolderTree,
        title,
        text: html! { (text) },
        actions: html! {
            @if v.can_edit {
                (link(Look::Primary, "New case", &v.new_case()))
                (link(Look::Outline, "New folder", &v.new_folder()))
            }
        },
    })
}
