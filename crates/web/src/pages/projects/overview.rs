//! A project's overview: its automation sources and their latest runs.

use super::view::demo_tag;
use crate::pages::runs::rows::{self, Row};
use crate::pages::runs::snippet;
use crate::ui::shell::panel;
use crate::ui::status::{Kind, pill};
use crate::ui::table::{column, right, table};
use crate::ui::text::{count, duration, number};
use crate::ui::{Crumb, Frame, Head, ProjectNav, Section, card, head, shell};
use maud::{Markup, html};
use model::Timestamp;
use model::automation::Outcome;

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
    /// Sources, the one that ran last first; at most one page.
    pub sources: Vec<Source>,
    /// All sources.
    pub source_count: i64,
    /// The latest runs.
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
        @if v.runs.is_empty() { (snippet::first_upload(&v.project, &v.address)) }
        @else {
            (card::card("Latest automation runs", html! { a.link href=(runs_href) { "All " (number(v.run_count)) } }, rows::table(frame, "Latest automation runs", &v.runs)))
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

fn sources(frame: &Frame, v: &Overview) -> Markup {
    let columns = [
        column("Source"),
        column("Last result"),
        right("Runs"),
        right("Tests a run"),
        right("Duration"),
        right("Last run"),
    ];
    let rows = html! {
        @for source in &v.sources {
            tr {
                th scope="row" { a.name href={ "/automation/runs/" (v.project.id) "?source=" (source.id) } { (source.name) } }
                td { (state(source.state)) }
                td.right.num { (number(source.runs)) }
                td.right.num { (source.tests.map_or_else(|| "–".to_owned(), number)) }
                td.right.num.tight { (source.elapsed.map_or_else(|| "–".to_owned(), duration)) }
                td.right.tight { @match source.ran_at { Some(at) => (frame.when.ago(at)), None => span.muted { "never" } } }
            }
        }
    };
    table("Automation sources", "", &columns, rows)
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
