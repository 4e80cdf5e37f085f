//! Failures grouped by their message, so that one cause is seen once.

use super::address::Place;
use super::view::Run;
use crate::ui::status::{Kind, mark};
use crate::ui::text::{count, duration, number};
use crate::ui::{Empty, Icon, empty, hx, icon, tag};
use maud::{Markup, html};
use model::AutomationTestId;
use model::automation::Outcome;

/// Failures that are read and grouped.
pub const MOST: i64 = 100;

/// Tests that failed with the same message.
#[derive(Debug, Clone)]
pub struct Group {
    /// First line of the message.
    pub message: String,
    /// Kind of the error, such as the class of an exception.
    pub kind: Option<String>,
    /// The tests.
    pub tests: Vec<Failed>,
}

/// A test that failed.
#[derive(Debug, Clone)]
pub struct Failed {
    /// Its id.
    pub id: AutomationTestId,
    /// Its name.
    pub name: String,
    /// Where it belongs.
    pub folder: String,
    /// Microseconds.
    pub elapsed: Option<i64>,
}

/// The groups, the largest first.
#[derive(Debug, Clone, Default)]
pub struct Failures {
    /// The groups.
    pub groups: Vec<Group>,
    /// How many failures they hold.
    pub read: i64,
}

/// The tab.
pub fn section(place: Place, run: &Run, v: &Failures) -> Markup {
    let total = run.tally.get(Kind::Failed);
    html! {
        section.list aria-label="Failures by message" {
            @if v.groups.is_empty() { (nothing()) }
            @else {
                div.list-head {
                    span { b { (count(i64::try_from(v.groups.len()).unwrap_or(0), "message", "messages")) } " " span.muted.num { (count(v.read, "failure", "failures")) } }
                    @if v.read < total {
                        span.muted { "the first " (v.read) " of " a.link href=(place.show(Some(Outcome::Failure)).href()) { (number(total)) " failures" } " are grouped" }
                    }
                }
                at-grid.list-scroll tabindex="-1" { ul.groups { @for (at, g) in v.groups.iter().enumerate() { li { (group(place, g, at == 0)) } } } }
            }
        }
    }
}

fn nothing() -> Markup {
    empty(&Empty {
        icon: Icon::CircleCheck,
        title: "No failures",
        text: html! { "No test of this run has failed so far." },
        actions: html! {},
    })
}

fn group(place: Place, g: &Group, is_first: bool) -> Markup {
    let is_open = is_first || g.tests.iter().any(|t| Some(t.id) == place.test);
    html! {
        details.group-of open[is_open] {
            summary {
                (icon(Icon::ChevronRight))
                b.num.bad { (number(i64::try_from(g.tests.len()).unwrap_or(0))) }
                span.group-words { span.mono { (g.message) } span.sub { @if let Some(kind) = &g.kind { (tag(kind)) " " } (folders(g)) } }
            }
            table.tests aria-label={ "Tests that failed with: " (g.message) } {
                tbody { @for t in &g.tests { (line(place, t)) } }
            }
        }
    }
}

/// Where the tests of a group belong: up to two folders by name.
fn folders(g: &Group) -> String {
    let mut names: Vec<&str> = g.tests.iter().map(|t| t.folder.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one}, {two}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}

fn line(place: Place, t: &Failed) -> Markup {
    html! {
        tr aria-current=[(place.test == Some(t.id)).then_some("true")] {
            td { (mark(Kind::Failed, Kind::Failed.word())) }
            td.test { (hx::row_link(&place.open(Some(t.id)).href(), "detail", html! { (t.name) })) span.sub { (t.folder) } }
            td.right.num { @if let Some(elapsed) = t.elapsed { (duration(elapsed)) } }
        }
    }
}
