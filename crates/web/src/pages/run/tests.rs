//! The list of tests, failures first, in chunks that join as one scrolls.

use super::address::Place;
use super::view::Run;
use crate::ui::status::{Kind, mark};
use crate::ui::text::{duration, number};
use crate::ui::{self, Empty, Frame, Icon, button, empty, hx};
use maud::{Markup, html};
use model::AutomationTestId;
use model::automation::Outcome;
use store::automation::test::Cursor;

/// Rows of one chunk.
pub const CHUNK: i64 = 40;
/// Columns of the table.
const COLUMNS: usize = 4;

/// One test.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: AutomationTestId,
    /// Its name.
    pub name: String,
    /// Where it belongs.
    pub folder: String,
    /// Family of its status.
    pub kind: Kind,
    /// Its status.
    pub word: String,
    /// What the status counts as.
    pub outcome: Outcome,
    /// Place of its thread in the run.
    pub thread: Option<i64>,
    /// Microseconds.
    pub elapsed: Option<i64>,
}

/// One chunk of the list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Its tests.
    pub rows: Vec<Row>,
    /// Where the next chunk begins.
    pub next: Option<Cursor>,
}

/// The list with its filter.
pub fn section(frame: &Frame, run: &Run, place: Place, list: &List) -> Markup {
    let _ = frame;
    html! {
        section.list aria-label="Tests" {
            @if run.tally.total() > 0 { div.list-head { (filter(run, place)) } }
            @if list.rows.is_empty() { (nothing(run, place)) } @else { (table(run, place, list)) }
        }
    }
}

fn filter(run: &Run, place: Place) -> Markup {
    let view = |label, show: Option<Outcome>, n: i64| ui::Tab {
        label,
        href: place.show(show).href(),
        count: Some(n),
        is_current: place.show == show,
    };
    ui::views(
        "Show",
        &[
            view("Failures first", None, run.tally.total()),
            view("Failed", Some(Outcome::Failure), run.tally.get(Kind::Failed)),
            view("Other", Some(Outcome::Neutral), run.other()),
            view("Passed", Some(Outcome::Success), run.tally.get(Kind::Passed)),
        ],
    )
}

fn nothing(run: &Run, place: Place) -> Markup {
    if run.tally.total() == 0 {
        let text = if run.state == Outcome::Running {
            "Tests show up here as soon as the first thread sends its results."
        } else {
            "The run was completed without any result. Look at the command that sent it: did it find the result files?"
        };
        return empty(&Empty {
            icon: Icon::Zap,
            title: "No results",
            text: html! { (text) },
            actions: html! {},
        });
    }
    empty(&Empty {
        icon: Icon::ListFilter,
        title: "Nothing matches",
        text: html! { "No test of this run has such a result." },
        actions: button::link(button::Look::Outline, "Show all tests", &place.show(None).href()),
    })
}

fn table(run: &Run, place: Place, list: &List) -> Markup {
    html! {
        at-grid.list-scroll tabindex="-1" {
            table.tests aria-label="Tests" {
                thead { tr {
                    th scope="col" { span.vh { "Status" } }
                    th scope="col" { "Test" }
                    th scope="col" class="right thread" { "Thread" }
                    th scope="col" class="right" { "Duration" }
                } }
                @if place.after.is_some_and(|c| c != Cursor::default()) {
                    tbody { tr { td.more-rows colspan=(COLUMNS) { a.link href=(place.from(None).href()) { "Show the list from its beginning" } } } }
                }
                (chunk(run, place, list))
            }
        }
    }
}

/// The rows of one chunk and the way to the next: what the browser fetches while one scrolls.
pub fn chunk(run: &Run, place: Place, list: &List) -> Markup {
    let mut before = place.after.filter(|c| c.after > 0).map(|c| c.outcome);
    html! {
        tbody data-chunk {
            @for row in &list.rows {
                @if place.show.is_none() && before != Some(row.outcome) { (group(run, row.outcome)) }
                ({ before = Some(row.outcome); line(place, row) })
            }
        }
        @if let Some(next) = list.next {
            @let from = place.from(Some(next)).href();
            (hx::next_chunk(&from, &from, COLUMNS, &format!("Next {CHUNK} tests")))
        }
    }
}

fn group(run: &Run, outcome: Outcome) -> Markup {
    let (words, n) = match outcome {
        Outcome::Failure => ("Failed", run.tally.get(Kind::Failed)),
        Outcome::Success => ("Passed", run.tally.get(Kind::Passed)),
        Outcome::Neutral | Outcome::Running => ("Other", run.other()),
    };
    html! { tr.group { th colspan=(COLUMNS) scope="rowgroup" { (words) " " span.muted.num { (number(n)) } } } }
}

fn line(place: Place, row: &Row) -> Markup {
    let is_open = place.test == Some(row.id);
    html! {
        tr aria-current=[is_open.then_some("true")] {
            td title=(row.word) { (mark(row.kind, &row.word)) }
            td.test { (hx::row_link(&place.open(Some(row.id)).href(), "detail", html! { (row.name) })) span.sub { (row.folder) } }
            td class="right num thread" { @if let Some(n) = row.thread { (n) } }
            td.right.num { @if let Some(elapsed) = row.elapsed { (duration(elapsed)) } }
        }
    }
}
