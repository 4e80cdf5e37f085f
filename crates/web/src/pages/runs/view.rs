//! The list of automation runs of a project.

use super::chart::chart;
use super::rows::{self, Row};
use super::snippet;
use crate::pages::retention;
use crate::ui::button::{Look, icon_link, link, submit};
use crate::ui::shell::panel;
use crate::ui::text::{count, number};
use crate::ui::{Crumb, Empty, Frame, Head, Icon, ProjectNav, Section, empty, head, icon, pages, shell};
use maud::{Markup, html};
use model::SourceId;
use model::automation::Outcome;

/// Which runs are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this source.
    pub source: Option<SourceId>,
    /// In this state.
    pub state: Option<Outcome>,
}

impl Filter {
    /// Whether anything is left out.
    pub fn is_set(&self) -> bool {
        self.source.is_some() || self.state.is_some()
    }
}

/// States to filter by: value in the address, word, state.
pub const STATES: [(&str, &str, Outcome); 3] = [
    ("running", "Running", Outcome::Running),
    ("passed", "Passed", Outcome::Success),
    ("failed", "Failed", Outcome::Failure),
];

/// What the page shows.
pub struct Runs {
    /// The project.
    pub project: ProjectNav,
    /// Which runs.
    pub filter: Filter,
    /// Sources to filter by.
    pub sources: Vec<(SourceId, String)>,
    /// Runs of this page, newest first.
    pub rows: Vec<Row>,
    /// Runs on all pages.
    pub total: i64,
    /// The last runs, newest first.
    pub chart: Vec<Row>,
    /// Address of the page before.
    pub previous: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
    /// Address of the instance.
    pub address: String,
}

/// Draws it.
pub fn page(frame: &Frame, v: &Runs) -> Markup {
    let here = format!("/automation/runs/{}", v.project.id);
    let has_runs = v.total > 0 || v.filter.is_set();
    let body = html! {
        (head("Automation runs", html! {
            @if v.total > 0 { span.muted.num { (number(v.total)) } }
            @if has_runs { span.end { (icon_link(Look::Ghost, Icon::Clock, "Retention", &retention::view::href(v.project.id))) } }
        }))
        @if has_runs {
            (chart(&v.chart))
            (filters(v, &here))
        }
        @if !v.rows.is_empty() {
            section.card { (rows::table(frame, "Automation runs", &v.rows)) }
            (pages(&count(v.total, "run", "runs"), v.previous.clone(), v.next.clone()))
        } @else if has_runs {
            (empty(&Empty {
                icon: Icon::ListFilter,
                title: "Nothing matches",
                text: html! { "No automation run has this source and state." },
                actions: link(Look::Outline, "Clear filters", &here),
            }))
        } @else { (snippet::first_upload(&v.project, &v.address)) }
    };
    shell::page(
        frame,
        &Head {
            title: &format!("Automation runs · {}", v.project.name),
            crumbs: vec![
                Crumb::link(v.project.name.clone(), format!("/projects/view/{}", v.project.id)),
                Crumb::here("Automation"),
            ],
            section: Section::Automation,
            project: Some(&v.project),
        },
        panel(body),
    )
}

fn filters(v: &Runs, here: &str) -> Markup {
    html! {
        form.filters method="get" action=(here) role="search" aria-label="Filter runs" {
            label.select { span.vh { "Source" } (icon(Icon::Folder))
                select.input name="source" {
                    option value="" { "All sources" }
                    @for (id, name) in &v.sources { option value=(id) selected[v.filter.source == Some(*id)] { (name) } }
                }
                (icon(Icon::ChevronDown))
            }
            label.select { span.vh { "State" } (icon(Icon::Zap))
                select.input name="state" {
                    option value="" { "All states" }
                    @for (value, word, state) in STATES { option value=(value) selected[v.filter.state == Some(state)] { (word) } }
                }
                (icon(Icon::ChevronDown))
            }
            (submit(Look::Outline, "Filter"))
            @if v.filter.is_set() { (link(Look::Ghost, "Clear", here)) }
        }
    }
}

/// The filter as the query of an address, without a page number.
pub fn query(filter: &Filter) -> String {
    let source = filter.source.map(|id| format!("&source={id}"));
    let state = STATES.iter().find(|(.., state)| Some(*state) == filter.state);
    let state = state.map(|(value, ..)| format!("&state={value}"));
    source.into_iter().chain(state).collect()
}

/// The address of one page of the list.
pub fn href(project: &ProjectNav, filter: &Filter, page: i64) -> String {
    format!("/automation/runs/{}?page={page}{}", project.id, query(filter))
}
