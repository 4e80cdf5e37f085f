//! The list of the tests of a run, in chunks that join as one scrolls.

use super::address::Place;
use crate::ui::person::{Size, disc};
use crate::ui::status::{Kind, mark};
use crate::ui::text::number;
use crate::ui::{self, Empty, Icon, button, empty, hx};
use app::runs::execution::Show;
use maud::{Markup, html};
use model::{TestId, UserId};

/// Rows of one chunk.
pub const CHUNK: i64 = 40;
/// Columns of the table.
const COLUMNS: usize = 3;

/// One test.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: TestId,
    /// Its place in the run, from 1.
    pub position: i64,
    /// The number of its case; none when that is gone.
    pub number: Option<i64>,
    /// The name that is tested.
    pub name: String,
    /// The folder of its case.
    pub folder: String,
    /// Family of its status.
    pub kind: Kind,
    /// Its status.
    pub word: String,
    /// Who tests it.
    pub assignee: Option<(UserId, String)>,
}

/// One chunk of the list.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// Its tests.
    pub rows: Vec<Row>,
    /// Whether more follow.
    pub goes_on: bool,
    /// Tests of the run.
    pub total: i64,
    /// Tests given to the reader.
    pub mine: i64,
    /// Tests without a final status.
    pub unfinished: i64,
}

/// The list with its filter.
pub fn section(place: Place, list: &List) -> Markup {
    html! {
        section.list aria-label="Tests" {
            @if list.total > 0 { div.list-head { (filter(place, list)) } }
            @if list.rows.is_empty() { (nothing(place, list)) } @else { (table(place, list)) }
        }
    }
}

fn filter(place: Place, list: &List) -> Markup {
    let view = |label, show: Show, n: i64| ui::Tab {
        label,
        href: place.show(show).href(),
        count: Some(n),
        is_current: place.show == show,
    };
    ui::views(
        "Show",
        &[
            view("Mine", Show::Mine, list.mine),
            view("Unfinished", Show::Unfinished, list.unfinished),
            view("All", Show::All, list.total),
        ],
    )
}

fn nothing(place: Place, list: &List) -> Markup {
    let (title, text) = match place.show {
        Show::All => ("No tests", "This run was made without any case."),
        Show::Mine => ("Nothing for you", "No test of this run is assigned to you."),
        Show::Unfinished => ("All done", "Every test of this run has its result."),
    };
    empty(&Empty {
        icon: if place.show == Show::Unfinished {
            Icon::CircleCheck
        } else {
            Icon::CirclePlay
        },
        title,
        text: html! { (text) },
        actions: html! {
            @if list.total > 0 { (button::link(button::Look::Outline, "Show all tests", &place.show(Show::All).href())) }
        },
    })
}

fn table(place: Place, list: &List) -> Markup {
    html! {
        at-grid.list-scroll tabindex="-1" {
            table.tests.execution aria-label="Tests" {
                colgroup { col; col; col; }
                thead.vh { tr {
                    th scope="col" { "Status" }
                    th scope="col" { "Test" }
                    th scope="col" { "Assigned to" }
                } }
                @if place.after > 0 {
                    tbody { tr { td.more-rows colspan=(COLUMNS) { a.link href=(place.from(0).href()) { "Show the list from its beginning" } } } }
                }
                (chunk(place, list))
            }
        }
    }
}

/// The rows of one chunk and the way to the next: what the browser fetches while one scrolls.
pub fn chunk(place: Place, list: &List) -> Markup {
    let mut before: Option<&str> = None;
    html! {
        tbody data-chunk {
            @for row in &list.rows {
                @if before != Some(row.folder.as_str()) { tr.group { th colspan=(COLUMNS) scope="rowgroup" { (row.folder) } } }
                ({ before = Some(row.folder.as_str()); line(place, row) })
            }
        }
        @if let Some(last) = list.rows.last().filter(|_| list.goes_on) {
            @let from = place.from(last.position).href();
            (hx::next_chunk(&from, &from, COLUMNS, &format!("Next {CHUNK} tests")))
        }
    }
}

/// One row.
pub fn line(place: Place, row: &Row) -> Markup {
    let is_open = place.test == Some(row.id);
    html! {
        tr id={ "t" (row.id) } aria-current=[is_open.then_some("true")] {
            td title=(row.word) { (mark(row.kind, &row.word)) }
            td.test {
                (hx::row_link(&place.open(Some(row.id)).href(), "detail", html! { (row.name) }))
                span.sub.num { @if let Some(n) = row.number { "C" (n) } @else { "deleted case" } " · " (number(row.position)) }
            }
            td { @if let Some((id, name)) = &row.assignee { (disc(id.0, name, Size::Small)) span.vh { (name) } } }
        }
    }
}
