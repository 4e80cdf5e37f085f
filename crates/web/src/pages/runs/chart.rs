//! The last runs of a project as stacked bars.

use super::rows::Row;
use crate::ui::strip::{self, Column};
use crate::ui::text::count;
use maud::{Markup, html};
use model::automation::Outcome;

/// Runs that the chart shows at most.
pub const MOST: usize = 50;

/// Places that it has at least, so that a handful of runs doesn't become a handful of walls.
const LEAST: usize = 20;

/// The chart; nothing without runs. `rows` are newest first.
pub fn chart(rows: &[Row]) -> Markup {
    let columns: Vec<Column> = rows.iter().take(MOST).rev().map(column).collect();
    let n = i64::try_from(columns.len()).unwrap_or(0);
    html! {
        @if !columns.is_empty() {
            figure.card.runs-figure {
                figcaption {
                    b { @if n == 1 { "Results of the last run" } @else { "Results of the last " (count(n, "run", "runs")) } }
                    @if n > 1 { span.muted { "newest on the right" } }
                    span.end.legend { (key("passed", "passed")) (key("failed", "failed")) (key("skipped", "skipped")) }
                }
                (strip::runs("Results of the last runs", &columns, columns.len().max(LEAST)))
            }
        }
    }
}

fn column(row: &Row) -> Column {
    Column {
        href: format!("/automation/runs/view/{}", row.id),
        name: format!("#{} {}", row.id, row.name),
        tally: row.tally,
        is_running: row.state == Outcome::Running,
    }
}

fn key(kind: &str, word: &str) -> Markup {
    html! { span { i class={ "dot dot-" (kind) } {} (word) } }
}
