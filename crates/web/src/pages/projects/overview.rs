//! A project's overview: how many cases it has, the runs that go on, and what automation said last. Of what the reader may not look
//! at, nothing is shown.

use super::view::demo_tag;
use crate::pages::manual;
use crate::pages::runs::chart::chart;
use crate::pages::runs::rows::{self, Row};
use crate::pages::runs::snippet;
use crate::ui::shell::panel;
use crate::ui::status::{Kind, pill};
use crate::ui::table::{column, right, table};
use crate::ui::text::{count, duration, number, percent};
use crate::ui::{Crumb, Frame, Head, Icon, ProjectNav, Section, card, head, icon, shell};
use maud::{Markup, html};
use model::Timestamp;
use model::automation::Outcome;

/// Runs that the table shows.
const LATEST: usize = 5;

/// An automation source.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// State of its last completed run; neutral without one.
    pub state: Outcome,
    /// Its runs.
    pub runs: i64,
    /// Tests a completed run.
    pub tests: Option<i64>,
    /// Microseconds a completed run.
    pub elapsed: Option<i64>,
    /// When its last run began.
    pub ran_at: Option<Timestamp>,
}

/// What the page shows.
pub struct Overview {
    /// The project.
    pub project: ProjectNav,
    /// What it is about.
    pub note: String,
    /// Made for showing the product.
    pub is_demo: bool,
    /// Its cases; none for those who may not look at them.
    pub cases: Option<i64>,
    /// Manual runs that are not closed, the newest first, and how many there are; none for those who may not look at them.
    pub manual: Option<(Vec<manual::rows::Row>, i64)>,
    /// Whether the reader may look at automation.
    pub sees_automation: bool,
    /// Sources, the one that ran last first; at most one page.
    pub sources: Vec<Source>,
    /// All sources.
    pub source_count: i64,
    /// The runs of the chart, newest first.
    pub runs: Vec<Row>,
    /// All runs.
    pub run_count: i64,
    /// Address of the instance.
    pub address: String,
}

/// Draws it.
pub fn page(frame: &Frame, v: &Overview) -> Markup {
    let runs_href = format!("/automation/runs/{}", v.project.id);
    let body = html! {
        (head(&v.project.name, html! {
            (demo_tag(v.is_demo))
            span.muted { "Project " (v.project.id) }
        }))
        @if !v.note.is_empty() { p.lead { (v.note) } }
        (figures(v, &runs_href))
        @if let Some((runs, total)) = v.manual.as_ref().filter(|(runs, _)| !runs.is_empty()) {
            (card::card("Active runs", html! { a.link href={ "/runs/" (v.project.id) } { "All " (number(*total)) } }, manual::rows::table(frame, "Active runs", "Made", runs)))
        }
        @if !v.sees_automation {}
        @else if v.runs.is_empty() { (snippet::first_upload(&v.project, &v.address)) }
        @else {
            (chart(&v.runs))
            (card::card("Latest automation runs", html! { a.link href=(runs_href) { "All " (number(v.run_count)) } }, rows::table(frame, "Latest automation runs", &v.runs[..v.runs.len().min(LATEST)])))
            (card::card("Automation sources", html! { (count(v.source_count, "source", "sources")) }, sources(frame, v)))
        }
    };
    shell::page(
        frame,
        &Head {
            title: &v.project.name,
            crumbs: vec![
                Crumb::link("Projects", "/projects"),
                Crumb::here(v.project.name.clone()),
            ],
            section: Section::Overview,
            project: Some(&v.project),
        },
        panel(body),
    )
}

/// The numbers on top; each leads to the list behind it.
fn figures(v: &Overview, runs_href: &str) -> Markup {
    let sum = |of: fn(&Row) -> i64| v.runs.iter().map(of).sum::<i64>();
    let (passed, total) = (sum(|r| r.tally.get(Kind::Passed)), sum(|r| r.tally.total()));
    let n = i64::try_from(v.runs.len()).unwrap_or(i64::MAX);
    html! {
        div.figures {
            @if let Some(cases) = v.cases {
                (figure(Icon::FolderTree, "Cases", &format!("/repositories/{}", v.project.id), html! { b.num { (number(cases)) } },
                    html! { @if cases == 0 { "write the first one" } @else { "in the repository" } }))
            }
            @if let Some((runs, total)) = &v.manual { (active(v, runs, *total)) }
            @if !v.runs.is_empty() { (figure(Icon::CircleCheck, "Pass rate", runs_href, html! { b.num { (percent(passed, total)) } "passed" }, html! {
                "of " (count(total, "result", "results")) " in the last " @if n == 1 { "run" } @else { (number(n)) " runs" }
            })) }
            @if let Some(run) = v.runs.first() {
                @let failed = run.tally.get(Kind::Failed);
                (figure(Icon::CircleAlert, "Latest run", &format!("/automation/runs/view/{}", run.id),
                    html! { b class={ "num" @if failed > 0 { " bad" } } { (number(failed)) } "failed" },
                    html! { "of " (count(run.tally.total(), "result", "results")) " in #" (run.id) }))
            }
        }
    }
}

/// The runs that go on, and how far those that are shown are.
fn active(v: &Overview, runs: &[manual::rows::Row], total: i64) -> Markup {
    let open = |r: &manual::rows::Row| r.tally.get(Kind::Untested) + r.tally.get(Kind::Retest);
    let (tests, left) = runs
        .iter()
        .fold((0, 0), |(all, left), r| (all + r.tally.total(), left + open(r)));
    figure(
        Icon::CirclePlay,
        "Active runs",
        &format!("/runs/{}", v.project.id),
        html! { b.num { (number(total)) } },
        html! { @if tests == 0 { "nothing to test now" } @else { (count(left, "test", "tests")) " left of " (number(tests)) } },
    )
}

fn figure(sign: Icon, label: &str, href: &str, value: Markup, note: Markup) -> Markup {
    html! {
        a.card href=(href) {
            span.with-icon { (icon(sign)) (label) }
            span.value { (value) }
            span.note { (note) }
        }
    }
}

fn sources(frame: &Frame, v: &Overview) -> Markup {
    let columns = [
        column("Source"),
        column("Last result"),
        right("Runs").class("count-of"),
        right("Tests a run").class("count-of"),
        right("Duration").class("took"),
        right("Last run"),
    ];
    let rows = html! {
        @for source in &v.sources {
            tr {
                th scope="row" { a.name href={ "/automation/runs/" (v.project.id) "?source=" (source.id) } { (source.name) } }
                td { (state(source.state)) }
                td.right.num.count-of { (number(source.runs)) }
                td.right.num.count-of { (source.tests.map_or_else(|| "–".to_owned(), number)) }
                td.right.num.tight.took { (source.elapsed.filter(|e| *e > 0).map_or_else(|| "–".to_owned(), duration)) }
                td.right.tight { @match source.ran_at { Some(at) => (frame.when.ago(at)), None => span.muted { "never" } } }
            }
        }
    };
    html! { div #sources { (table("Automation sources", "sources", &columns, rows)) } }
}

fn state(outcome: Outcome) -> Markup {
    match outcome {
        Outcome::Neutral => html! { span.muted { "no completed run" } },
        other => {
            let kind = Kind::of_outcome(other);
            pill(kind, kind.word())
        }
    }
}
