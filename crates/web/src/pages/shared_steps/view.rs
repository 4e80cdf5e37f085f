//! Lists shared steps, and draws their forms.

use crate::pages::repository::address::Place;
use crate::pages::repository::case::steps::editor;
use crate::pages::repository::case::values::Step;
use crate::ui::button::{Look, icon_link, link, submit};
use crate::ui::field::{Errors, Input, below, required};
use crate::ui::shell::panel;
use crate::ui::table::{column, right, table};
use crate::ui::text::{count, number};
use crate::ui::{
    Crumb, Empty, Frame, Head, Icon, ProjectNav, Section, Tone, banner, card, empty, head, shell,
};
use maud::{Markup, html};
use model::{ProjectId, SharedStepsId, text};
use store::case::Case;
use store::shared_steps::SharedSteps;

/// Shared steps of a project.
pub struct List {
    /// The project.
    pub project: ProjectNav,
    /// By name.
    pub rows: Vec<SharedSteps>,
    /// Whether the reader may make and change them.
    pub can_edit: bool,
    /// Whether the reader may delete them.
    pub can_delete: bool,
}

/// What the form shows.
pub struct Form {
    /// The project.
    pub project: ProjectNav,
    /// Those that are changed, with their version; none for new ones.
    pub old: Option<(SharedStepsId, i64)>,
    /// Their name.
    pub name: String,
    /// Their steps.
    pub steps: Vec<Step>,
    /// How many cases have them.
    pub cases: i64,
    /// Some of these.
    pub first: Vec<Case>,
    /// Whether the reader may change them.
    pub can_edit: bool,
    /// Somebody else changed them meanwhile: the version that they have now.
    pub is_stale: bool,
    /// What was wrong.
    pub errors: Errors,
}

/// The address of the list.
pub fn href(project: ProjectId) -> String {
    format!("/shared-steps/{project}")
}

fn frame_of(frame: &Frame, project: &ProjectNav, title: &str, here: Option<&str>, body: Markup) -> Markup {
    let mut crumbs = vec![
        Crumb::link(project.name.clone(), format!("/projects/view/{}", project.id)),
        Crumb::link("Repository", Place::root(project.id).href()),
    ];
    match here {
        Some(here) => {
            crumbs.push(Crumb::link("Shared steps", href(project.id)));
            crumbs.push(Crumb::here(here.to_owned()));
        }
        None => crumbs.push(Crumb::here("Shared steps")),
    }
    shell::page(
        frame,
        &Head {
            title,
            crumbs,
            section: Section::Repository,
            project: Some(project),
        },
        panel(body),
    )
}

/// Draws the list.
pub fn list(frame: &Frame, v: &List) -> Markup {
    let new = format!("{}/new", href(v.project.id));
    let add = html! { @if v.can_edit { span.end.actions { (icon_link(Look::Primary, Icon::Plus, "New shared steps", &new)) } } };
    let body = html! {
        (head("Shared steps", add))
        p.lead { "Steps that many cases need, such as signing in. Edited once, they change in all cases that have them. Runs keep the text that was tested." }
        @if v.rows.is_empty() {
            (empty(&Empty {
                icon: Icon::Layers,
                title: "No shared steps yet",
                text: html! { "Write them here, then insert them while you edit a case." },
                actions: html! { @if v.can_edit { (link(Look::Primary, "New shared steps", &new)) } },
            }))
        } @else { (rows(frame, v)) }
    };
    frame_of(
        frame,
        &v.project,
        &format!("Shared steps · {}", v.project.name),
        None,
        body,
    )
}

fn rows(frame: &Frame, v: &List) -> Markup {
    let columns = [
        column("Name"),
        right("Steps"),
        right("Cases"),
        column("Changed"),
        crate::ui::table::hidden("Deeds"),
    ];
    let body = html! {
        @for s in &v.rows { tr {
            td { a.link href={ "/shared-steps/edit/" (s.id) } { (s.name) } }
            td.right.num { (s.steps.len()) }
            td.right.num { (number(s.cases)) }
            td { (frame.when.ago(s.updated_at.unwrap_or(s.created_at))) }
            td.right { @if v.can_delete { a.btn.btn-text-danger.btn-sm href={ "/shared-steps/delete/" (s.id) } data-dialog { "Delete" span.vh { " " (s.name) } } } }
        } }
    };
    table("Shared steps", "", &columns, body)
}

/// Draws the form of new ones, or of old ones.
pub fn form(frame: &Frame, v: &Form) -> Markup {
    let title = match v.old {
        Some(_) if v.can_edit => "Edit shared steps",
        Some(_) => "Shared steps",
        None => "New shared steps",
    };
    let shown = if v.errors.is_empty() {
        title.to_owned()
    } else {
        format!("Error: {title}")
    };
    let action = match v.old {
        Some((id, _)) => format!("/shared-steps/edit/{id}"),
        None => format!("{}/new", href(v.project.id)),
    };
    let here = if v.old.is_some() { v.name.as_str() } else { "New" };
    let body = html! {
        h1 { (title) }
        (v.errors.summary())
        @if v.is_stale { div role="alert" { (banner(Tone::Warn, "Somebody changed these steps while you were writing.", html! {
            p { "What you typed stands below. Saving it now replaces what they wrote. "
                @if let Some((id, _)) = v.old { a href={ "/shared-steps/edit/" (id) } { "Keep theirs and drop mine" } } }
        })) } }
        @if v.old.is_some() { (uses(v)) }
        @if v.can_edit { (fields(v, &action)) } @else { (crate::pages::repository::case::values::list(&v.steps)) }
    };
    frame_of(frame, &v.project, &shown, Some(here), body)
}

fn uses(v: &Form) -> Markup {
    let cases = count(v.cases, "case", "cases");
    html! {
        @if v.cases == 0 { p.lead { "No case has these steps yet." } }
        @else { details.lead { summary { "In " (cases) @if v.can_edit { ": saving changes all of them" } }
            ul.plain-list { @for c in &v.first { li { a.link href={ "/cases/view/" (c.id) } { "C" (c.number) " " (c.values.name) } } }
                @if i64::try_from(v.first.len()).unwrap_or(0) < v.cases { li.muted { "and more" } } }
        } }
    }
}

fn fields(v: &Form, action: &str) -> Markup {
    let name = Input {
        name: "name",
        label: "Name",
        value: &v.name,
        help: "What they do, such as “Sign in as an administrator”.",
        error: v.errors.of("name"),
        is_required: true,
        has_focus: v.errors.is_empty() && v.old.is_none(),
        autocomplete: "off",
        most: u32::try_from(text::NAME_MAX).ok(),
        ..Input::default()
    };
    html! {
        form.case-form method="post" action=(action) {
            button.vh name="do" value="save" tabindex="-1" aria-hidden="true" { "Save" }
            @if let Some((_, version)) = v.old { input type="hidden" name="version" value=(version); }
            (name.render())
            fieldset.field #steps {
                legend.label { "Steps " (required()) }
                (editor("steps", "steps", &v.steps, &[]))
                (below("steps", "", v.errors.of("steps")))
            }
            footer.actions {
                button.btn.btn-primary name="do" value="save" { (if v.old.is_some() { "Save" } else { "Create shared steps" }) }
                (link(Look::Ghost, "Cancel", &href(v.project.id)))
            }
        }
    }
}

/// The page that asks before shared steps are deleted.
pub fn delete(frame: &Frame, project: &ProjectNav, s: &SharedSteps) -> Markup {
    let title = format!("Delete “{}”?", s.name);
    let what = match s.cases {
        0 => "No case has them.".to_owned(),
        1 => "The case that has them keeps them as steps of its own.".to_owned(),
        n => format!("The {n} cases that have them keep them as steps of their own."),
    };
    let foot = html! {
        (submit(Look::Danger, "Delete shared steps"))
        (link(Look::Ghost, "Keep them", &href(project.id)))
    };
    let body = html! {
        h1 { (title) }
        (card::form(&format!("/shared-steps/delete/{}", s.id), "confirm", "Shared steps", html! { p { (what) " This cannot be undone." } }, foot))
    };
    frame_of(frame, project, &title, Some("Delete"), body)
}
