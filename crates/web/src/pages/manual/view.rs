//! The page of a run: name, progress and counts on top, the tests, and the one that is open.

use super::address::Place;
use super::execute::{self, List};
use super::pane::{self, Detail};
use super::rows::done;
use crate::ui::bar::{Size, bar};
use crate::ui::button::{Look, icon_link};
use crate::ui::shell::fixed_panel;
use crate::ui::status::{Kind, Tally};
use crate::ui::text::{duration, number};
use crate::ui::{Crumb, Frame, Head, Icon, ProjectNav, Section, icon, shell, tag};
use app::runs::execution::May;
use maud::{Markup, html};
use model::{ResultId, RunId};

/// A run.
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Its name.
    pub name: String,
    /// The name of its state.
    pub state: String,
    /// What it is done with.
    pub config: Option<String>,
    /// What it belongs to.
    pub milestone: Option<String>,
    /// Its tests.
    pub tally: Tally,
    /// Microseconds that its tests should take.
    pub forecast: Option<i64>,
    /// Microseconds that its results took.
    pub elapsed: Option<i64>,
    /// It is over.
    pub is_closed: bool,
    /// It takes in cases that match later.
    pub is_live: bool,
    /// Its newest result.
    pub latest: ResultId,
    /// What the reader may do.
    pub may: May,
}

/// What the page shows.
pub struct Page {
    /// The project.
    pub project: ProjectNav,
    /// The run.
    pub run: Run,
    /// Where in the run one is.
    pub place: Place,
    /// Its tests.
    pub list: List,
    /// The test that is open.
    pub detail: Option<Detail>,
    /// What was just done, for browsers without script.
    pub told: Option<Markup>,
}

/// Draws it.
pub fn page(frame: &Frame, v: &Page) -> Markup {
    shell::page(
        frame,
        &Head {
            title: &format!("{} #{}", v.run.name, v.run.id),
            crumbs: vec![
                Crumb::link(v.project.name.clone(), format!("/projects/view/{}", v.project.id)),
                Crumb::link("Runs", format!("/runs/{}", v.project.id)),
                Crumb::here(v.run.name.clone()),
            ],
            section: Section::Runs,
            project: Some(&v.project),
        },
        fixed_panel(html! {
            at-run data-run=(v.run.id) data-closed[v.run.is_closed] {
                (summary(&v.run))
                div.toasts role="status" { @if let Some(told) = &v.told { (told) } }
                div.split.execution-split {
                    (execute::section(v.place, &v.list))
                    (pane::pane(frame, v.place, v.detail.as_ref()))
                }
            }
        }),
    )
}

/// The band on top.
pub fn summary(run: &Run) -> Markup {
    html! {
        div #summary data-latest=(run.latest) {
            header.head {
                h1 { (run.name) " " span.muted.num { "#" (run.id) } }
                (tag(if run.is_closed { "Closed" } else { &run.state }))
                @if run.is_live && !run.is_closed { span.tag.tag-info title="Cases that match later are added" { (icon(Icon::Infinity)) "Live" } }
                @if let Some(milestone) = &run.milestone { span.tag { (icon(Icon::Flag)) (milestone) } }
                @if let Some(config) = &run.config { span.tag { (icon(Icon::Monitor)) (config) } }
                span.end.actions { (actions(run)) }
            }
            div.run-progress {
                (bar(&run.tally, Size::Large))
                p { b.num { (done(&run.tally)) } " done" }
                @if run.elapsed.is_some() || run.forecast.is_some() {
                    p.muted.num { (icon(Icon::Clock)) " " (run.elapsed.map_or_else(|| "–".to_owned(), duration))
                        @if let Some(forecast) = run.forecast { " of " (duration(forecast)) } }
                }
                ul.legend { @for kind in Kind::ALL {
                    li { i class={ "dot dot-" (kind.key()) } {} b.num { (number(run.tally.get(kind))) } " " (kind.word()) }
                } }
            }
        }
    }
}

fn actions(run: &Run) -> Markup {
    let here = format!("/runs/view/{}", run.id);
    html! {
        (icon_link(Look::Ghost, Icon::Printer, "Report", &format!("{here}/report")))
        @if run.may.close {
            @if run.is_closed { a.btn.btn-outline href={ (here) "/reopen" } data-dialog { (icon(Icon::LockOpen)) "Open again" } }
            @else if run.is_live { a.btn.btn-ghost href={ (here) "/freeze" } data-dialog { "Stop adding" } }
            @if !run.is_closed { a.btn.btn-outline href={ (here) "/close" } data-dialog { (icon(Icon::Lock)) "Close run" } }
        }
    }
}

/// Says what was done, with a way back.
pub fn toast(words: &str, undo: Option<(RunId, ResultId)>) -> Markup {
    html! {
        div.toast {
            (icon(Icon::CircleCheck)) span { (words) }
            @if let Some((run, result)) = undo {
                form method="post" action={ "/runs/view/" (run) "/results/" (result) "/undo" } data-undo {
                    button.btn.btn-ghost.btn-sm { "Undo" }
                }
            }
        }
    }
}

/// What changed: the band, rows, and what was done. Script puts each in its place.
pub fn news(run: &Run, place: Place, list: &List, told: Option<Markup>) -> Markup {
    html! {
        (summary(run))
        table { tbody { @for row in &list.rows { (execute::line(place, row)) } } }
        @if let Some(told) = told { (told) }
    }
}
