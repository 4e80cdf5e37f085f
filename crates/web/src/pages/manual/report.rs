//! The report of a run: what was tested, by whom, with what result; to print or to save as a document.

use super::rows::done;
use crate::ui::bar::{Size, bar};
use crate::ui::markdown::markdown;
use crate::ui::shell::panel;
use crate::ui::status::{Kind, Tally, pill};
use crate::ui::table::{Column, column};
use crate::ui::text::{count, duration};
use crate::ui::{Crumb, Frame, Head, ProjectNav, Section, Tone, banner, card, shell, table};
use maud::{Markup, html};
use model::Timestamp;
use store::run::Run;

/// One test.
pub struct Row {
    /// The number of its case.
    pub number: Option<i64>,
    /// The name that was tested.
    pub name: String,
    /// The folder of its case.
    pub folder: String,
    /// Family of its status.
    pub kind: Kind,
    /// Its status.
    pub word: String,
    /// What was written about its latest result.
    pub note: Option<String>,
    /// By whom.
    pub by: Option<String>,
    /// When.
    pub at: Option<Timestamp>,
}

/// What the report says.
pub struct Report {
    /// The project.
    pub project: ProjectNav,
    /// The run.
    pub run: Run,
    /// Its tests by status.
    pub tally: Tally,
    /// What it was done with.
    pub config: Option<String>,
    /// What it belongs to.
    pub milestone: Option<String>,
    /// Who made it.
    pub by: Option<String>,
    /// Its tests, in its order.
    pub rows: Vec<Row>,
    /// Whether there are more than these.
    pub left_out: bool,
    /// Most tests of a report, as words.
    pub most: String,
}

const COLUMNS: [Column; 4] = [
    column("Status").class("result"),
    column("Test"),
    column("By").class("by"),
    column("When").class("when"),
];

/// Draws it.
pub fn page(frame: &Frame, v: &Report) -> Markup {
    let name = &v.run.values.name;
    shell::page(
        frame,
        &Head {
            title: &format!("Report: {name}"),
            crumbs: vec![
                Crumb::link(v.project.name.clone(), format!("/projects/view/{}", v.project.id)),
                Crumb::link("Runs", format!("/runs/{}", v.project.id)),
                Crumb::link(name.clone(), format!("/runs/view/{}", v.run.id)),
                Crumb::here("Report"),
            ],
            section: Section::Runs,
            project: Some(&v.project),
        },
        panel(html! {
            header.head { h1 { (name) " " span.muted.num { "#" (v.run.id) } } span.muted { (v.project.name) } }
            div.report-band { (bar(&v.tally, Size::Large)) p { b.num { (done(&v.tally)) } " done: " (v.tally.words()) } }
            (facts(frame, v))
            @if let Some(note) = &v.run.values.note { (card::card("About", html! {}, html! { div.card-body { (markdown(note)) } })) }
            @if v.left_out { (banner(Tone::Warn, &format!("Only the first {} tests are listed.", v.most), html! {})) }
            section.card { (table::table("Tests", "report", &COLUMNS, html! { @for row in &v.rows { (line(frame, row)) } })) }
            p.muted { (count(v.tally.total(), "test", "tests")) }
        }),
    )
}

fn facts(frame: &Frame, v: &Report) -> Markup {
    let r = &v.run;
    let mut rows: Vec<(&str, Markup)> = vec![(
        "State",
        html! { (if r.values.is_closed { "Closed" } else { "Active" }) },
    )];
    if let Some(name) = &v.milestone {
        rows.push(("Milestone", html! { (name) }));
    }
    if let Some(name) = &v.config {
        rows.push(("Configuration", html! { (name) }));
    }
    rows.push((
        "Made",
        html! { (frame.when.clock(r.created_at)) @if let Some(by) = &v.by { " by " (by) } },
    ));
    if let Some(at) = r.closed_at {
        rows.push(("Closed", html! { (frame.when.clock(at)) }));
    }
    if let Some(elapsed) = r.elapsed {
        rows.push(("Time spent", html! { (duration(elapsed)) }));
    }
    card::facts(&rows)
}

fn line(frame: &Frame, row: &Row) -> Markup {
    html! {
        tr {
            td.result { (pill(row.kind, &row.word)) }
            th scope="row" {
                (row.name) span.sub { @if let Some(n) = row.number { "C" (n) " · " } (row.folder) }
                @if let Some(note) = &row.note { (markdown(note)) }
            }
            td.by { @if let Some(by) = &row.by { (by) } }
            td.when { @if let Some(at) = row.at { (frame.when.clock(at)) } }
        }
    }
}
