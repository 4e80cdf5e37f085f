//! A case: its text beside its properties, and the tabs.

use super::comments::{self, Comments};
use super::data;
use super::history::{self, History};
use super::review::{self, Panel};
use super::values::{estimate, is_long, shown};
use crate::pages::repository::address::Place;
use crate::pages::repository::view::crumbs;
use crate::ui::button::{Look, copy_icon, icon_link, link};
use crate::ui::person::person;
use crate::ui::shell::panel;
use crate::ui::{self, Crumb, Frame, Head, Icon, ProjectNav, Section, card, icon, shell, tag};
use maud::{Markup, html};
use model::{CaseId, FolderId, UserId};
use store::case::{Case, Links};
use store::field::Field;

/// What stands below the tabs.
pub enum Below {
    /// Its text.
    Details,
    /// How it came to be.
    History(History),
    /// What is said about it.
    Comments(Comments),
}

/// What the page shows.
pub struct Page {
    /// The project.
    pub project: ProjectNav,
    /// From the root to its folder: id and name.
    pub way: Vec<(FolderId, String)>,
    /// The case.
    pub case: Case,
    /// What it refers to.
    pub links: Links,
    /// The fields of its template.
    pub fields: Vec<Field>,
    /// The name of its state.
    pub state: String,
    /// The name of its template.
    pub template: String,
    /// Names of those who made and changed it.
    pub people: Vec<(UserId, String)>,
    /// How many comments there are.
    pub comments: i64,
    /// Where it stands between those who write and those who approve.
    pub panel: Panel,
    /// The cases before and after it in its folder.
    pub neighbours: [Option<CaseId>; 2],
    /// Whether the reader may change it.
    pub can_edit: bool,
    /// Whether the reader may delete it.
    pub can_delete: bool,
    /// What stands below the tabs.
    pub below: Below,
}

/// Where a case is shown.
pub fn href(case: &Case) -> String {
    format!("/cases/view/{}", case.id)
}

/// Draws it.
pub fn page(frame: &Frame, v: &Page) -> Markup {
    let c = &v.case;
    let mut crumbs = crumbs(&v.project, &v.way);
    crumbs.push(Crumb::here(format!("C{}", c.number)));
    shell::page(
        frame,
        &Head {
            title: &format!("C{} {}", c.number, c.values.name),
            crumbs,
            section: Section::Repository,
            project: Some(&v.project),
        },
        panel(html! {
            header.head {
                span.muted.num { "C" (c.number) }
                h1 { (c.values.name) }
                (tag(&v.state))
                span.with-id.muted { "ID " span.num #case-id { (c.id) } (copy_icon("case-id", "Copy the ID of the case")) }
                div.end.actions {
                    (neighbours(v))
                    (review::ask(v))
                    @if v.can_edit { (icon_link(Look::Outline, Icon::Pencil, "Edit", &format!("/cases/edit/{}", c.id))) }
                    @if v.can_delete { a.btn.btn-text-danger href={ "/cases/delete/" (c.id) } data-dialog { "Delete" } }
                }
            }
            (tabs(v))
            @match &v.below {
                Below::Details => (details(frame, v)),
                Below::History(h) => (history::section(frame, v, h)),
                Below::Comments(c) => (comments::section(frame, v, c)),
            }
        }),
    )
}

/// The way to the cases beside this one.
fn neighbours(v: &Page) -> Markup {
    let way = |id: Option<CaseId>, word: &str, sign| {
        let name = format!("{word} case of the folder");
        html! { @match id {
            Some(id) => a.btn.btn-ghost.btn-icon href={ "/cases/view/" (id) } rel=(if word == "Next" { "next" } else { "prev" }) aria-label=(name) title=(name) { (icon(sign)) },
            None => span.btn.btn-ghost.btn-icon.is-off aria-hidden="true" { (icon(sign)) },
        } }
    };
    let [before, after] = v.neighbours;
    html! { @if before.is_some() || after.is_some() {
        span.steps-between { (way(before, "Previous", Icon::ChevronUp)) (way(after, "Next", Icon::ChevronDown)) }
    } }
}

fn tabs(v: &Page) -> Markup {
    let href = href(&v.case);
    let tab = |label, query: &str, count, is_current| ui::Tab {
        label,
        href: format!("{href}{query}"),
        count,
        is_current,
    };
    ui::tabs(
        "Case",
        &[
            tab("Details", "", None, matches!(v.below, Below::Details)),
            tab(
                "History",
                "?tab=history",
                Some(v.case.version),
                matches!(v.below, Below::History(_)),
            ),
            tab(
                "Comments",
                "?tab=comments",
                Some(v.comments),
                matches!(v.below, Below::Comments(_)),
            ),
        ],
    )
}

fn details(frame: &Frame, v: &Page) -> Markup {
    html! {
        div.case {
            div.case-text { (review::section(v)) (texts(v)) }
            aside.case-rail aria-label="Properties" { (properties(frame, v)) }
        }
    }
}

/// What it says: long fields and the data set.
pub fn texts(v: &Page) -> Markup {
    let custom = &v.case.values.custom;
    let long = v
        .fields
        .iter()
        .filter(|f| is_long(f.kind) && custom.contains_key(&f.system_name));
    let long: Vec<&Field> = long.collect();
    html! {
        @for field in &long {
            section { h2 { (field.name) } (shown(field, custom.get(&field.system_name))) }
        }
        @if let Some(set) = &v.case.values.data_set { (data::section(set)) }
        @if long.is_empty() {
            p.muted { "Nothing is written yet." @if v.can_edit { " " a.link href={ "/cases/edit/" (v.case.id) } { "Write the case" } } }
        }
    }
}

/// What is short: state, type, estimate, tags, and who wrote it when.
pub fn properties(frame: &Frame, v: &Page) -> Markup {
    let c = &v.case;
    let mut rows: Vec<(&str, Markup)> = vec![
        ("State", html! { (v.state) }),
        ("Type", html! { (v.template) }),
        ("Estimate", html! { (estimate(c.values.estimate)) }),
        ("Folder", folder(v)),
    ];
    for field in v.fields.iter().filter(|f| !is_long(f.kind)) {
        rows.push((&field.name, shown(field, c.values.custom.get(&field.system_name))));
    }
    rows.push(("Tags", html! { @if v.links.tags.is_empty() { span.muted { "–" } } @else { span.tags { @for (_, name) in &v.links.tags { (tag(name)) } } } }));
    if !v.links.issues.is_empty() {
        rows.push((
            "Issues",
            html! { span.tags { @for issue in &v.links.issues { (tag(&issue_name(issue))) } } },
        ));
    }
    if !v.links.automation.is_empty() {
        rows.push(("Automation", html! { ul.plain-list { @for test in &v.links.automation { li { (icon(Icon::Zap)) " " (test.name) } } } }));
    }
    rows.push(("Made", changed(frame, v, c.created_at, c.created_by)));
    if let Some(at) = c.updated_at {
        rows.push(("Changed", changed(frame, v, at, c.updated_by)));
    }
    rows.push((
        "Version",
        html! { a.link href={ (href(c)) "?tab=history" } { (c.version) } },
    ));
    card::facts(&rows)
}

fn folder(v: &Page) -> Markup {
    let name = v.way.last().map_or("Root", |(_, name)| name.as_str());
    let href = Place::folder(v.project.id, v.way.last().map(|(id, _)| *id)).href();
    html! { a.link href=(href) { (name) } }
}

/// An issue as people know it.
pub fn issue_name(issue: &store::case::Issue) -> String {
    match &issue.external_key {
        Some(key) if !issue.display_id.contains(key.as_str()) => format!("{key} {}", issue.display_id),
        _ => issue.display_id.clone(),
    }
}

fn changed(frame: &Frame, v: &Page, at: model::Timestamp, by: Option<UserId>) -> Markup {
    let name = by.and_then(|id| v.people.iter().find(|(i, _)| *i == id));
    html! { (frame.when.clock(at)) @if let Some((id, name)) = name { " " (person(id.0, name)) } }
}

/// The page that asks before a case is deleted.
pub fn delete(frame: &Frame, project: &ProjectNav, way: &[(FolderId, String)], case: &Case) -> Markup {
    let mut crumbs = crumbs(project, way);
    crumbs.push(Crumb::link(format!("C{}", case.number), href(case)));
    crumbs.push(Crumb::here("Delete"));
    let title = format!("Delete C{}?", case.number);
    let body = html! {
        p { b { (case.values.name) } }
        p { "The case goes with its comments. Runs keep the text that was tested. This cannot be undone." }
    };
    let foot = html! {
        (ui::button::submit(Look::Danger, "Delete case"))
        (link(Look::Ghost, "Keep it", &href(case)))
    };
    shell::page(
        frame,
        &Head {
            title: &title,
            crumbs,
            section: Section::Repository,
            project: Some(project),
        },
        panel(
            html! { h1 { (title) } (card::form(&format!("/cases/delete/{}", case.id), "confirm", "Case", body, foot)) },
        ),
    )
}
