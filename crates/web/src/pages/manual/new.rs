//! The form of a new run: which cases first, with their number, then what the run is.

use crate::pages::repository::address::Place;
use crate::ui::button::{Look, link, submit};
use crate::ui::field::{Errors, Input, below, checkbox, described, field};
use crate::ui::shell::panel;
use crate::ui::text::count;
use crate::ui::{Crumb, Frame, Head, Icon, ProjectNav, Section, Tone, banner, card, icon, shell};
use maud::{Markup, html};
use model::{FolderId, text};

/// Ids with names, to choose from.
pub type Choices = Vec<(i64, String)>;

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Name.
    pub name: String,
    /// What it is about.
    pub note: String,
    /// Milestone.
    pub milestone: Option<i64>,
    /// Configurations; one run for each.
    pub configs: Vec<i64>,
    /// Who does all tests.
    pub assignee: Option<i64>,
    /// Workflow state.
    pub state: Option<i64>,
    /// Cases that match later are added.
    pub live: bool,
}

/// What the page shows.
pub struct New {
    /// The project.
    pub project: ProjectNav,
    /// Which cases.
    pub place: Place,
    /// How many these are.
    pub cases: i64,
    /// How many tests these are: one for each, or for each row of its data set.
    pub tests: i64,
    /// How many more were chosen, whose state does not flow into runs.
    pub left_out: i64,
    /// More cases than a run can have.
    pub is_too_many: bool,
    /// Folders to choose from; none when there are too many.
    pub folders: Option<Vec<(FolderId, String)>>,
    /// Milestones to choose from.
    pub milestones: Choices,
    /// Configurations to choose from.
    pub configs: Choices,
    /// Users to choose from.
    pub people: Choices,
    /// States to choose from.
    pub states: Choices,
    /// What was typed.
    pub typed: Typed,
    /// What was wrong.
    pub errors: Errors,
}

/// Where the form for these cases is.
pub fn href(place: &Place) -> String {
    let first = Place {
        page: 1,
        ..place.clone()
    };
    first.href_of(&format!("/runs/new/{}", place.project))
}

/// Draws it.
pub fn page(frame: &Frame, v: &New) -> Markup {
    let title = if v.errors.is_empty() {
        "New run"
    } else {
        "Error: New run"
    };
    let foot = html! {
        (submit(Look::Primary, "Start run"))
        (link(Look::Ghost, "Cancel", &format!("/runs/{}", v.project.id)))
    };
    shell::page(
        frame,
        &Head {
            title,
            crumbs: vec![
                Crumb::link(v.project.name.clone(), format!("/projects/view/{}", v.project.id)),
                Crumb::link("Runs", format!("/runs/{}", v.project.id)),
                Crumb::here("New run"),
            ],
            section: Section::Runs,
            project: Some(&v.project),
        },
        panel(html! {
            h1 { "New run" }
            (cases(v))
            (card::form(&href(&v.place), "narrow", "Run", fields(v), foot))
        }),
    )
}

fn cases(v: &New) -> Markup {
    let p = &v.place;
    html! {
        section.card.narrow {
            header.card-head {
                h2 { "Cases" }
                span.end { b.num { (count(v.cases, "case", "cases")) } @if v.tests != v.cases { span.muted.num { ", " (count(v.tests, "test", "tests")) } } }
            }
            @if p.picked.is_empty() { form.card-body.filters method="get" action={ "/runs/new/" (v.project.id) } role="search" aria-label="Choose cases" {
                @if let Some(folders) = &v.folders {
                    label.select { span.vh { "Folder" } (icon(Icon::Folder))
                        select.input name="folder" {
                            option value="" { "All folders" }
                            @for (id, name) in folders { option value=(id) selected[p.folder == Some(*id)] { (name) } }
                        }
                        (icon(Icon::ChevronDown))
                    }
                } @else if let Some(folder) = p.folder { input type="hidden" name="folder" value=(folder); }
                label.select { span.vh { "Words" } (icon(Icon::Search))
                    input.input type="search" name="q" value=(p.words) placeholder="Words" autocomplete="off" maxlength="200";
                }
                @if let Some(state) = p.state { input type="hidden" name="state" value=(state); }
                @if let Some(template) = p.template { input type="hidden" name="template" value=(template); }
                @if !p.tag.is_empty() { input type="hidden" name="tag" value=(p.tag); }
                (submit(Look::Outline, "Count"))
                @if p.is_filtered() || p.folder.is_some() { (link(Look::Ghost, "All cases", &href(&Place::root(p.project)))) }
            } }
            div.card-body {
                @if v.left_out > 0 { (banner(Tone::Info, &left_out(v.left_out), html! { p { "Their state does not flow into runs, as those in review." } })) }
                @if v.cases == 0 { (banner(Tone::Warn, "No case is chosen.", html! { p { "Choose another folder or other words." } })) }
                @else if v.is_too_many { (banner(Tone::Warn, "Too many cases for one run.", html! { p { "Choose a folder or words that leave fewer." } })) }
                @else { @if v.tests != v.cases { p.muted { "A case with a data set is tested once for each row." } }
                    p.muted { "The run takes the text that these cases have now. Later changes of a case do not change the run. "
                    @if p.picked.is_empty() { a.link href=(p.at(1).href()) { "See them in the repository" } }
                    @else { a.link href=(p.href()) { "Pick others in the repository" } } } }
            }
        }
    }
}

fn left_out(n: i64) -> String {
    match n {
        1 => "1 case is left out.".to_owned(),
        n => format!("{} are left out.", count(n, "case", "cases")),
    }
}

fn fields(v: &New) -> Markup {
    let t = &v.typed;
    let name = Input {
        name: "name",
        label: "Name",
        value: &t.name,
        error: v.errors.of("name"),
        is_required: true,
        has_focus: v.errors.is_empty(),
        autocomplete: "off",
        most: u32::try_from(text::LONG_NAME_MAX).ok(),
        ..Input::default()
    };
    html! {
        (v.errors.summary())
        (name.render())
        div.columns {
            (select(v, "milestone", "Milestone", "None", &v.milestones, t.milestone))
            (select(v, "assignee", "Assigned to", "Nobody", &v.people, t.assignee))
            (select(v, "state", "State", "", &v.states, t.state))
        }
        @if v.place.picked.is_empty() { (live(v)) }
        @if !v.configs.is_empty() { (configs(v)) }
        (note(v))
    }
}

fn select(v: &New, name: &str, label: &str, none: &str, options: &Choices, chosen: Option<i64>) -> Markup {
    let error = v.errors.of(&format!("{name}_id"));
    let control = html! {
        select.input id=(name) name=(name) aria-describedby=[described(name, "", error)] aria-invalid=[error.map(|_| "true")] {
            @if !none.is_empty() { option value="" { (none) } }
            @for (id, words) in options { option value=(id) selected[chosen == Some(*id)] { (words) } }
        }
    };
    field(name, label, false, "", error, &control)
}

/// Only what a filter chose can go on by itself.
fn live(v: &New) -> Markup {
    let words = "Stay live: add cases that match later, until the run is closed";
    let error = v.errors.of("live");
    html! {
        div.field #live { (checkbox("live", "yes", v.typed.live, html! { (words) })) (below("live", "", error)) }
    }
}

fn configs(v: &New) -> Markup {
    html! {
        fieldset.field #config {
            legend.label { "Configurations" }
            div.checks { @for (id, name) in &v.configs {
                label.check { input type="checkbox" name="config" value=(id) checked[v.typed.configs.contains(id)]; span { (name) } }
            } }
            @if let Some(text) = v.errors.of("config_id") { p.field-error { (icon(Icon::CircleAlert)) span { (text) } } }
            p.note { "One run is made for each that is ticked." }
        }
    }
}

fn note(v: &New) -> Markup {
    let help = "What this run is about. Markdown can be used.";
    let error = v.errors.of("note");
    let control = html! {
        textarea.input #note name="note" rows="3" aria-describedby=[described("note", help, error)] { "\n" (v.typed.note) }
    };
    field("note", "About", false, help, error, &control)
}
