//! The frame of a run's page: summary band and tabs. What stands below belongs to the tabs' own files.

use super::address::{Place, Tab};
use super::{detail, failures, info, kept, tests, threads};
use crate::ui::bar::{Size, bar};
use crate::ui::lanes::{self, Lane, lanes};
use crate::ui::person::person;
use crate::ui::shell::fixed_panel;
use crate::ui::status::{Kind, Tally, pill};
use crate::ui::text::{count, duration, number, percent};
use crate::ui::{self, Crumb, Frame, Head, Icon, ProjectNav, Section, hx, icon, shell, tag};
use app::automation::retention::Kept;
use maud::{Markup, html};
use model::automation::{Artifact, Field, Link, Outcome};
use model::{AutomationRunId, SourceId, Timestamp, UserId};

/// A run with its threads.
#[derive(Debug, Clone)]
pub struct Run {
    /// Its id.
    pub id: AutomationRunId,
    /// Its name.
    pub name: String,
    /// Its source.
    pub source: (SourceId, String),
    /// Running, success or failure.
    pub state: Outcome,
    /// Closed because nothing came any more.
    pub is_incomplete: bool,
    /// Tags.
    pub tags: Vec<String>,
    /// Configuration.
    pub config: Option<String>,
    /// Milestone.
    pub milestone: Option<String>,
    /// Results.
    pub tally: Tally,
    /// Microseconds; so far while it is running.
    pub elapsed: Option<i64>,
    /// When it was made.
    pub started_at: Timestamp,
    /// By whom.
    pub by: Option<(UserId, String)>,
    /// When it was completed.
    pub completed_at: Option<Timestamp>,
    /// By whom.
    pub completed_by: Option<String>,
    /// When something was last added.
    pub appended_at: Timestamp,
    /// Named values.
    pub fields: Vec<Field>,
    /// Files that lie elsewhere.
    pub artifacts: Vec<Artifact>,
    /// Links.
    pub links: Vec<Link>,
    /// Threads in their order.
    pub threads: Vec<threads::Thread>,
    /// What is kept of it, and why.
    pub kept: Kept,
}

impl Run {
    /// Its state as a word.
    pub fn word(&self) -> &'static str {
        if self.is_incomplete {
            "Incomplete"
        } else {
            Kind::of_outcome(self.state).word()
        }
    }

    /// Results that are neither passed nor failed.
    pub fn other(&self) -> i64 {
        self.tally.total() - self.tally.get(Kind::Passed) - self.tally.get(Kind::Failed)
    }

    /// Files of the run and of its threads.
    pub fn artifact_count(&self) -> i64 {
        let all = self.artifacts.len() + self.threads.iter().map(|t| t.artifacts.len()).sum::<usize>();
        i64::try_from(all).unwrap_or(i64::MAX)
    }
}

/// What stands below the tabs.
pub enum Below {
    /// Tests, failures first.
    Tests(tests::List),
    /// Failures by message.
    Failures(failures::Failures),
    /// One of the tabs that need no more than the run.
    Run,
}

/// What the page shows.
pub struct Page {
    /// The project.
    pub project: ProjectNav,
    /// The run.
    pub run: Run,
    /// Where in the page one is.
    pub place: Place,
    /// What stands below the tabs.
    pub below: Below,
    /// The test that is open.
    pub detail: Option<detail::Detail>,
}

/// Draws the whole page.
pub fn page(frame: &Frame, v: &Page) -> Markup {
    let title = format!("{} #{}", v.run.name, v.run.id);
    shell::page(
        frame,
        &Head {
            title: &title,
            crumbs: vec![
                Crumb::link(v.project.name.clone(), format!("/projects/view/{}", v.project.id)),
                Crumb::link("Automation", format!("/automation/runs/{}", v.project.id)),
                Crumb::here(title.clone()),
            ],
            section: Section::Automation,
            project: Some(&v.project),
        },
        fixed_panel(html! {
            (summary(frame, &v.run, &v.project, v.place))
            div.run-tabs { (tabs(v)) }
            @match &v.below {
                Below::Tests(list) => (split(tests::section(frame, &v.run, v.place, list), frame, v)),
                Below::Failures(groups) => (split(failures::section(v.place, &v.run, groups), frame, v)),
                Below::Run => div.run-below { @match v.place.tab {
                    Tab::Threads => (threads::section(frame, &v.run)),
                    Tab::Artifacts => (info::artifacts(&v.run)),
                    _ => (info::section(frame, &v.run)),
                } },
            }
        }),
    )
}

fn split(list: Markup, frame: &Frame, v: &Page) -> Markup {
    html! { div.split { (list) (detail::pane(frame, v.place, v.detail.as_ref())) } }
}

fn tabs(v: &Page) -> Markup {
    let tab = |label, tab, count: Option<i64>| ui::Tab {
        label,
        href: v.place.tab(tab).href(),
        count,
        is_current: v.place.tab == tab,
    };
    let threads = i64::try_from(v.run.threads.len()).ok();
    ui::tabs(
        "Run",
        &[
            tab("Tests", Tab::Tests, Some(v.run.tally.total())),
            tab("Failures", Tab::Failures, Some(v.run.tally.get(Kind::Failed))),
            tab("Threads", Tab::Threads, threads),
            tab("Artifacts", Tab::Artifacts, Some(v.run.artifact_count())),
            tab("Info", Tab::Info, None),
        ],
    )
}

/// The band on top. It is fetched again every few seconds while the run goes on.
pub fn summary(frame: &Frame, run: &Run, project: &ProjectNav, place: Place) -> Markup {
    let is_running = run.state == Outcome::Running;
    hx::live(
        "summary",
        &Place::start(run.id).href(),
        is_running,
        html! {
            header.head {
                h1 { (run.name) " " span.muted.num { "#" (run.id) } }
                (pill(Kind::of_outcome(run.state), run.word()))
                @if let Some(config) = &run.config { span.tag { (icon(Icon::Monitor)) (config) } }
                @if run.kept.is_pinned { span.tag { (icon(Icon::Pin)) "Pinned" } }
                @if let Some(milestone) = &run.milestone { span.tag { (icon(Icon::Flag)) (milestone) } }
                @if !run.tags.is_empty() { span.tags { @for t in &run.tags { (tag(t)) } } }
                (facts(frame, run, project))
            }
            @if let Some(words) = kept::gone(frame, run) { p.note.run-gone { (icon(Icon::Clock)) (words) } }
            div.band { (results(run, place)) (timeline(run)) }
        },
    )
}

fn facts(frame: &Frame, run: &Run, project: &ProjectNav) -> Markup {
    html! {
        ul.run-facts {
            li { a.link href={ "/automation/runs/" (project.id) "?source=" (run.source.0) } { (run.source.1) } }
            @if let Some((id, name)) = &run.by { li { (person(id.0, name)) } }
            li { (frame.when.clock(run.started_at)) }
            @if let Some(elapsed) = run.elapsed { li { b.num { (duration(elapsed)) } } }
        }
    }
}

fn results(run: &Run, place: Place) -> Markup {
    let (total, passed) = (run.tally.total(), run.tally.get(Kind::Passed));
    html! {
        div.band-results {
            p.big { @if total == 0 { b { "No results" } } @else { b.num { (percent(passed, total)) } " passed" } span.end.muted.num { (count(total, "result", "results")) } }
            (bar(&run.tally, Size::Large))
            ul.counts { @for (kind, n) in counts(&run.tally) {
                li { a href=(place.show(Some(outcome(kind))).href()) {
                    span { i class={ "dot dot-" (kind.key()) } {} (kind.word()) }
                    b.num { (number(n)) }
                } }
            } }
        }
    }
}

/// Passed and failed always, the others when there are any.
fn counts(tally: &Tally) -> impl Iterator<Item = (Kind, i64)> {
    let always = |kind| matches!(kind, Kind::Passed | Kind::Failed);
    let tally = *tally;
    Kind::ALL
        .into_iter()
        .map(move |kind| (kind, tally.get(kind)))
        .filter(move |(kind, n)| *n > 0 || always(*kind))
}

fn outcome(kind: Kind) -> Outcome {
    match kind {
        Kind::Passed => Outcome::Success,
        Kind::Failed => Outcome::Failure,
        _ => Outcome::Neutral,
    }
}

fn timeline(run: &Run) -> Markup {
    let counting = run.threads.iter().filter(|t| !t.is_replaced());
    let rows: Vec<Lane> = counting.map(|t| t.lane(run.started_at)).collect();
    let running = run.threads.iter().filter(|t| t.state == Outcome::Running).count();
    let total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    html! {
        figure.band-threads {
            figcaption {
                b { "Threads" }
                span.muted.num { (number(total)) @if running > 0 { ", " (running) " running" } }
                @if rows.len() > lanes::MOST { span.muted { "the first " (lanes::MOST) " are drawn" } }
            }
            @if rows.is_empty() { p.note { "No thread has begun yet." } } @else { (lanes(&rows)) }
        }
    }
}
