//! The form of a case, new or old.

use super::history::compared;
use super::inputs::{input, select};
use super::similar;
use super::steps::Offered;
use super::typed::Typed;
use super::values::is_long;
use crate::pages::repository::address::Place;
use crate::pages::repository::view::crumbs;
use crate::ui::button::{Look, link};
use crate::ui::field::{Errors, checkbox, described, field};
use crate::ui::shell::panel;
use crate::ui::{Crumb, Frame, Head, Icon, ProjectNav, Section, Tone, banner, icon, shell};
use maud::{Markup, html};
use model::{CaseId, FolderId, text};
use store::case::search::Hit;
use store::field::Field;

const DATA_HELP: &str = "A line with the names of the parameters, then a line for each row, with | between. Texts of the case name a parameter as {{role}}; a run tests the case once for each row. Rows can be pasted from a spreadsheet.";

/// What somebody else changed meanwhile.
pub struct Conflict {
    /// The version that the case has now.
    pub version: i64,
    /// Who made it.
    pub by: String,
    /// Words of the field, before, after.
    pub changes: Vec<(String, String, String)>,
}

/// What the form shows.
pub struct Form {
    /// The project.
    pub project: ProjectNav,
    /// From the root to the folder: id and name.
    pub way: Vec<(FolderId, String)>,
    /// The case with number and the version that the form is based on; none for a new one.
    pub case: Option<(CaseId, i64, i64)>,
    /// What it holds.
    pub typed: Typed,
    /// The fields of the template.
    pub fields: Vec<Field>,
    /// Templates to choose from.
    pub templates: Vec<(i64, String)>,
    /// States to choose from.
    pub states: Vec<(i64, String)>,
    /// Folders to choose from; none when there are too many.
    pub folders: Option<Vec<(FolderId, String)>>,
    /// Issues of the case: id and name.
    pub issues: Vec<(i64, String)>,
    /// Trackers with their projects: value and name.
    pub trackers: Vec<(String, String)>,
    /// Shared steps to choose from.
    pub shared: Vec<Offered>,
    /// Tags of the project.
    pub tags: Vec<String>,
    /// Cases that may say the same.
    pub similar: Vec<Hit>,
    /// What was wrong.
    pub errors: Errors,
    /// What somebody else changed.
    pub conflict: Option<Conflict>,
    /// Whether it holds something that was typed and is not saved.
    pub is_dirty: bool,
}

impl Form {
    fn action(&self) -> String {
        match self.case {
            Some((id, ..)) => format!("/cases/edit/{id}"),
            None => format!("/cases/new/{}", self.project.id),
        }
    }

    fn back(&self) -> String {
        match self.case {
            Some((id, ..)) => format!("/cases/view/{id}"),
            None => Place::folder(self.project.id, self.way.last().map(|(id, _)| *id)).href(),
        }
    }
}

/// Draws it.
pub fn page(frame: &Frame, v: &Form) -> Markup {
    let title = match v.case {
        Some((_, number, _)) => format!("Edit C{number}"),
        None => "New case".to_owned(),
    };
    let mut crumbs = crumbs(&v.project, &v.way);
    if let Some((id, number, _)) = v.case {
        crumbs.push(Crumb::link(format!("C{number}"), format!("/cases/view/{id}")));
    }
    crumbs.push(Crumb::here(if v.case.is_some() { "Edit" } else { "New case" }));
    let shown = if v.errors.is_empty() {
        title.clone()
    } else {
        format!("Error: {title}")
    };
    shell::page(
        frame,
        &Head {
            title: &shown,
            crumbs,
            section: Section::Repository,
            project: Some(&v.project),
        },
        panel(html! {
            h1 { (title) @if let Some((.., version)) = v.case { " " span.tag.tag-info { "Version " (version) } } }
            (v.errors.summary())
            @if let Some(conflict) = &v.conflict { (conflict_panel(v, conflict)) }
            at-draft data-dirty[v.is_dirty] { (form(v)) }
        }),
    )
}

fn conflict_panel(v: &Form, c: &Conflict) -> Markup {
    html! {
        div role="alert" tabindex="-1" autofocus {
            (banner(Tone::Warn, &format!("{} changed this case while you were writing.", c.by), html! {
                p { "Nothing is lost: what you typed stands below, with the values that you had left alone taken over from version " (c.version) ". Look at both, then save again." }
                @if let Some((id, ..)) = v.case { p { a href={ "/cases/view/" (id) } { "Keep the other version and drop mine" } } }
            }))
        }
        section.versions aria-label="What the other person changed" { @for (label, before, after) in &c.changes { (compared(label, before, after)) } }
    }
}

fn form(v: &Form) -> Markup {
    html! {
        form.case-form method="post" action=(v.action()) {
            // Enter in a field of one line presses the first button.
            button.vh name="do" value="save" tabindex="-1" aria-hidden="true" { "Save" }
            @if let Some((.., version)) = v.case { input type="hidden" name="version" value=(version); }
            div.case {
                div.case-text {
                    (title(v))
                    @for f in v.fields.iter().filter(|f| is_long(f.kind)) { (input(f, v.typed.custom.get(&f.system_name), &v.errors, &v.shared)) }
                    (data_set(v))
                }
                aside.case-rail aria-label="Properties" { div.fields { (rail(v)) } }
            }
            footer.case-foot {
                span.muted data-draft role="status" {}
                span.end.actions {
                    (link(Look::Ghost, "Cancel", &v.back()))
                    @if v.case.is_none() { button.btn.btn-outline name="do" value="next" { "Save and write another" } }
                    button.btn.btn-primary name="do" value="save" { (if v.case.is_some() { "Save" } else { "Create case" }) }
                }
            }
        }
    }
}

fn title(v: &Form) -> Markup {
    let error = v.errors.of("name");
    let control = html! {
        input.input.input-lg #name type="text" name="name" value=(v.typed.name) required maxlength=(text::LONG_NAME_MAX) autocomplete="off"
            autofocus[v.errors.is_empty() && v.conflict.is_none() && v.case.is_none()] aria-invalid=[error.map(|_| "true")] aria-describedby=[described("name", "", error)];
    };
    let title = field("name", "Title", true, "", error, &control);
    similar::around(v.project.id, v.case.map(|(id, ..)| id), &title, &v.similar)
}

/// Most cases have no data set, so that the field is folded away until there is one.
fn data_set(v: &Form) -> Markup {
    let error = v.errors.of("data_set");
    let control = html! {
        textarea.input.mono #data_set name="data_set" rows=(v.typed.data.lines().count().clamp(4, 20)) spellcheck="false" autocomplete="off"
            placeholder="role | browser\nadmin | Firefox" aria-invalid=[error.map(|_| "true")] aria-describedby=[described("data_set", DATA_HELP, error)] {
            "\n" (v.typed.data)
        }
    };
    html! {
        details.more open[error.is_some() || !v.typed.data.trim().is_empty()] {
            summary { (icon(Icon::ChevronRight)) "Data set" }
            (field("data_set", "Parameters and their values", false, DATA_HELP, error, &control))
        }
    }
}

fn pairs<T: ToString>(list: &[(T, String)]) -> Vec<(String, String)> {
    list.iter()
        .map(|(id, name)| (id.to_string(), name.clone()))
        .collect()
}

fn rail(v: &Form) -> Markup {
    let t = &v.typed;
    let number = |id: Option<i64>| id.map(|id| id.to_string()).unwrap_or_default();
    let template = select(
        "template",
        &pairs(&v.templates),
        &number(t.template),
        None,
        v.errors.of("template_id"),
    );
    let state = select(
        "state",
        &pairs(&v.states),
        &number(t.state),
        None,
        v.errors.of("state_id"),
    );
    let folder = match &v.folders {
        Some(all) => select(
            "folder",
            &pairs(all),
            &t.folder,
            Some("Root"),
            v.errors.of("folder_id"),
        ),
        None => {
            html! { input.input #folder type="text" name="folder" value=(t.folder) inputmode="numeric" autocomplete="off" aria-describedby="folder-help"; }
        }
    };
    let folder_help = if v.folders.is_some() {
        ""
    } else {
        "The ID of a folder; empty for the root."
    };
    let estimate_help = "Such as 6 min or 1 h 30 min.";
    let estimate = html! { input.input #estimate type="text" name="estimate" value=(t.estimate) autocomplete="off" aria-describedby=[described("estimate", estimate_help, v.errors.of("estimate"))]; };
    let tags_help = "Names with commas between them.";
    let tags = html! {
        input.input #tags type="text" name="tags" value=(t.tags) list="tag-names" autocomplete="off" aria-describedby=[described("tags", tags_help, v.errors.of("tags"))];
        datalist #tag-names { @for tag in v.tags.iter().take(100) { option value=(tag) {} } }
    };
    html! {
        (field("template", "Type", false, "", v.errors.of("template_id"), &html! {
            (template) button.btn.btn-outline.btn-sm name="do" value="template" data-template formnovalidate { "Show its fields" }
        }))
        (field("state", "State", false, "", v.errors.of("state_id"), &state))
        (field("folder", "Folder", false, folder_help, v.errors.of("folder_id"), &folder))
        (field("estimate", "Estimate", false, estimate_help, v.errors.of("estimate"), &estimate))
        @for f in v.fields.iter().filter(|f| !is_long(f.kind)) { (input(f, v.typed.custom.get(&f.system_name), &v.errors, &[])) }
        (field("tags", "Tags", false, tags_help, v.errors.of("tags"), &tags))
        (issues(v))
    }
}

fn issues(v: &Form) -> Markup {
    html! {
        @if !v.issues.is_empty() || !v.trackers.is_empty() {
            fieldset.field #issues {
                legend.label { "Issues" }
                @for (id, name) in &v.issues { (checkbox("issue", &id.to_string(), v.typed.issues.contains(id), html! { (name) })) }
                @if !v.trackers.is_empty() {
                    label { span { "Tracker" } (select("tracker", &v.trackers, &v.typed.issue.0, None, None)) }
                    label { span { "Add an issue by its number" } input.input type="text" name="issue_number" value=(v.typed.issue.1) autocomplete="off"; }
                }
                (crate::ui::field::below("issues", "", v.errors.of("issues")))
            }
        }
    }
}
