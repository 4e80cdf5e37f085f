//! Rules, and what goes next.

use crate::ui::button::{Look, link, submit};
use crate::ui::card::{self, card};
use crate::ui::field::{Errors, Input};
use crate::ui::shell::panel;
use crate::ui::table::{column, right, table};
use crate::ui::text::{bytes, count, number};
use crate::ui::{Crumb, Empty, Frame, Head, Icon, ProjectNav, Section, Tone, banner, empty, head, shell};
use app::automation::retention::{Overview, Retention, Source};
use maud::{Markup, html};
use model::ProjectId;
use model::retention::{DAYS_MIN, FOR_EVER, Keep, NEWEST};
use store::automation::retention::preview::Gone;

/// What the fields hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Days of output, as text.
    pub output_days: String,
    /// Days of tests, as text.
    pub tests_days: String,
}

impl Typed {
    /// What a level says itself.
    pub fn of(own: Keep) -> Typed {
        let text = |days: Option<i64>| days.map_or_else(String::new, |days| days.to_string());
        Typed {
            output_days: text(own.output_days),
            tests_days: text(own.tests_days),
        }
    }
}

/// What the page shows.
pub struct Page {
    /// The project.
    pub project: ProjectNav,
    /// All rules.
    pub rules: Overview,
    /// The source whose rule is in the form; none for the project's.
    pub source: Option<Source>,
    /// What the fields hold.
    pub typed: Typed,
    /// What goes next.
    pub gone: Vec<Gone>,
    /// Whether that is so only with what was typed.
    pub is_preview: bool,
    /// What was wrong.
    pub errors: Errors,
    /// Whether it was saved just now.
    pub is_saved: bool,
}

/// The address of the page.
pub fn href(project: ProjectId) -> String {
    format!("/automation/retention/{project}")
}

/// Days in words.
fn words(days: i64) -> String {
    if days == FOR_EVER {
        "for ever".to_owned()
    } else {
        count(days, "day", "days")
    }
}

/// Draws it.
pub fn page(frame: &Frame, v: &Page) -> Markup {
    let title = if v.errors.is_empty() {
        format!("Retention · {}", v.project.name)
    } else {
        format!("Error: Retention · {}", v.project.name)
    };
    let body = html! {
        (head("Retention", html! {}))
        p.note.narrow {
            "Old results go by themselves, a little at a time. Runs that are open, pinned, linked to an open milestone, or among the last "
            (NEWEST) " of their source stay whole. The numbers of every run, and what is known of each test, stay for good."
        }
        @if v.is_saved { div role="status" { (banner(Tone::Good, "Saved.", html! {})) } }
        @if v.rules.may_edit { (form(v)) }
        (sources(v))
        (gone(v))
    };
    shell::page(
        frame,
        &Head {
            title: &title,
            crumbs: vec![
                Crumb::link(v.project.name.clone(), format!("/projects/view/{}", v.project.id)),
                Crumb::link("Automation", format!("/automation/runs/{}", v.project.id)),
                Crumb::here("Retention"),
            ],
            section: Section::Automation,
            project: Some(&v.project),
        },
        panel(body),
    )
}

fn form(v: &Page) -> Markup {
    let (title, above, by) = match &v.source {
        Some(source) => (
            format!("Keep results of {}", source.name),
            v.rules.project.in_force,
            "the project",
        ),
        None => (
            "Keep results of this project".to_owned(),
            v.rules.instance,
            "the instance",
        ),
    };
    let input = |name: &'static str, label: &'static str, value: &str, days: i64| {
        Input {
            name,
            label,
            value,
            help: &format!(
                "Days, at least {DAYS_MIN}; 0 keeps for ever. Empty: as {by} does, {}.",
                words(days)
            ),
            error: v.errors.of(name),
            autocomplete: "off",
            most: Some(5),
            ..Input::default()
        }
        .render()
    };
    let fields = html! {
        (v.errors.summary())
        @if let Some(source) = &v.source { input type="hidden" name="source" value=(source.id); }
        div.fields.fields-2 {
            (input("output_days", "Output, artifacts and files", &v.typed.output_days, above.output_days))
            (input("tests_days", "Tests", &v.typed.tests_days, above.tests_days))
        }
    };
    let here = href(v.project.id);
    let foot = html! {
        (submit(Look::Primary, "Save"))
        @if v.source.is_none() {
            button.btn.btn-outline type="submit" formmethod="get" formaction=(here) { "Preview" }
        } @else { (link(Look::Ghost, "Back to the project", &here)) }
    };
    card::form(&here, "narrow", &title, fields, foot)
}

fn sources(v: &Page) -> Markup {
    if v.rules.sources.is_empty() {
        return html! {};
    }
    let columns = [
        column("Source"),
        column("Output"),
        column("Tests"),
        column("Rule"),
    ];
    let rule = |r: &Retention| {
        if r.own == Keep::default() {
            "As the project"
        } else {
            "Its own"
        }
    };
    let rows = html! {
        @for s in &v.rules.sources { tr {
            th scope="row" {
                (s.name)
                span.sub {
                    (rule(&s.retention))
                    @if v.rules.may_edit { " · " a.link href={ (href(v.project.id)) "?source=" (s.id) } { "Change" span.vh { " the rule of " (s.name) } } }
                }
            }
            td.right.num { (words(s.retention.in_force.output_days)) }
            td.right.num { (words(s.retention.in_force.tests_days)) }
        } }
    };
    card("Sources", html! {}, table("Sources", "", &columns, rows))
}

fn gone(v: &Page) -> Markup {
    let title = if v.is_preview {
        "What would go with these days"
    } else {
        "What goes next"
    };
    if v.gone.is_empty() {
        let text = html! { "Nothing is old enough, or everything that is must stay." };
        let none = Empty {
            icon: Icon::Clock,
            title: "Nothing goes",
            text,
            actions: html! {},
        };
        return card(title, html! {}, empty(&none));
    }
    let sum = |of: fn(&Gone) -> i64| v.gone.iter().map(of).sum::<i64>();
    let columns = [
        column("Source"),
        right("Runs"),
        right("Tests"),
        right("Files"),
        right("About"),
    ];
    let cells = |runs, tests, files, size| {
        html! {
            td.right.num { (number(runs)) }
            td.right.num { (number(tests)) }
            td.right.num { (number(files)) }
            td.right.num { (bytes(size)) }
        }
    };
    let rows = html! {
        @for g in &v.gone { tr { th scope="row" { (g.name) } (cells(g.runs, g.tests, g.files, g.bytes)) } }
        @if v.gone.len() > 1 {
            tr { th scope="row" { "All" } (cells(sum(|g| g.runs), sum(|g| g.tests), sum(|g| g.files), sum(|g| g.bytes))) }
        }
    };
    let beside = html! { (count(sum(|g| g.runs), "run", "runs")) };
    card(title, beside, table(title, "", &columns, rows))
}
