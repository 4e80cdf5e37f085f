//! Threads of a run over time: one row each.

use super::status::{Kind, Tally};
use super::text;
use maud::{Markup, html};

/// One thread.
pub struct Lane {
    /// Its place in the run, from 1.
    pub position: i64,
    /// Microseconds from the begin of the run to its own.
    pub start: i64,
    /// Microseconds that it took, or has taken so far.
    pub length: i64,
    /// Its results.
    pub tally: Tally,
    /// Whether it is still going on.
    pub is_running: bool,
}

/// Height of a row in pixels.
const ROW: usize = 12;
/// Most rows that are drawn.
pub const MOST: usize = 12;

/// The rows with an axis in minutes or seconds. In each row results are drawn in proportion, failures at its end.
#[expect(clippy::cast_precision_loss, reason = "for drawing")]
pub fn lanes(lanes: &[Lane]) -> Markup {
    let lanes = &lanes[..lanes.len().min(MOST)];
    let end = lanes.iter().map(|l| l.start + l.length).max().unwrap_or(0).max(1);
    let place = |micros: i64| micros as f64 * 100.0 / end as f64;
    html! {
        div.lanes {
            ol.lane-names { @for lane in lanes { li { (lane.position) } } }
            div {
                svg.chart role="img" aria-label=(words(lanes, end)) width="100%" height=(lanes.len() * ROW)
                    viewBox={ "0 0 100 " (lanes.len() * ROW) } preserveAspectRatio="none" {
                    @for (row, lane) in lanes.iter().enumerate() {
                        rect.lane-line x="0" y=(row * ROW + 5) width="100" height="1" {}
                        (bar(lane, row * ROW + 2, place(lane.start), place(lane.length).max(0.4)))
                    }
                }
                ol.lane-axis.num { @for label in axis(end) { li { (label) } } }
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "for drawing")]
fn bar(lane: &Lane, y: usize, start: f64, width: f64) -> Markup {
    let total = lane.tally.total() as f64;
    let mut parts: Vec<(Kind, i64)> = lane.tally.parts().collect();
    parts.sort_by_key(|(kind, _)| *kind == Kind::Failed);
    let mut x = start;
    let mut next = |n: i64| {
        let share = n as f64 / total * width;
        x += share;
        (x - share, share)
    };
    html! {
        @if parts.is_empty() {
            rect class=(if lane.is_running { "going" } else { "f-untested" }) x=(super::bar::percent(start)) y=(y)
                width=(super::bar::percent(width)) height="7" {}
        }
        @for (kind, n) in parts {
            @let (x, share) = next(n);
            rect class={ "f-" (kind.key()) } x=(super::bar::percent(x)) y=(y)
                width=(super::bar::percent(share.max(0.15))) height="7" {}
        }
    }
}

/// Begin, middle and end.
fn axis(end: i64) -> [String; 3] {
    ["0".to_owned(), text::duration(end / 2), text::duration(end)]
}

fn words(lanes: &[Lane], end: i64) -> String {
    let failed = lanes.iter().filter(|l| l.tally.get(Kind::Failed) > 0).count();
    format!(
        "{} over {}, {failed} with failures",
        text::count(
            i64::try_from(lanes.len()).unwrap_or(i64::MAX),
            "thread",
            "threads"
        ),
        text::duration(end)
    )
}
