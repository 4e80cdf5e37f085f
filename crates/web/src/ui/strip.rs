//! The last runs or results side by side; what failed is taller, so that the pattern survives without colour.

use super::status::{Kind, Tally};
use super::text;
use maud::{Markup, html};

/// Width of one place in a strip of results.
const STEP: usize = 10;

/// Places of a strip of results.
const PLACES: usize = 30;

/// Results of one test, oldest first, the latest on the right.
pub fn results(label: &str, kinds: &[Kind]) -> Markup {
    let places = kinds.len().max(PLACES);
    let empty = places - kinds.len();
    html! {
        svg.strip role="img" aria-label=(label) viewBox={ "0 0 " (places * STEP) " 20" } preserveAspectRatio="none" {
            @if empty > 0 { rect.none x="0" y="9" width=(empty * STEP - 2) height="2" {} }
            @for (at, kind) in kinds.iter().enumerate() {
                @let (y, height) = if *kind == Kind::Failed { (1, 18) } else { (5, 10) };
                rect class={ "f-" (kind.key()) } x=((empty + at) * STEP) y=(y) width=(STEP - 2) height=(height) rx="1.5" {}
            }
        }
    }
}

/// One run in a chart of runs.
pub struct Column {
    /// Where it leads.
    pub href: String,
    /// Its name, for the pointer and for those who can't see it.
    pub name: String,
    /// Its results.
    pub tally: Tally,
    /// Whether it is still going on.
    pub is_running: bool,
}

/// Height of a chart of runs, in its own units.
const HEIGHT: f64 = 56.0;

/// Runs as stacked bars, oldest first, each a link for the pointer; the table below has the same for the keyboard. The highest has the most results; failures stand on top.
#[expect(clippy::cast_precision_loss, reason = "for drawing")]
pub fn runs(label: &str, columns: &[Column], places: usize) -> Markup {
    let most = columns.iter().map(|c| c.tally.total()).max().unwrap_or(0).max(1) as f64;
    let empty = places.saturating_sub(columns.len());
    html! {
        svg.chart.runs-chart role="group" aria-label=(label) viewBox={ "0 0 " (places * STEP) " " (HEIGHT) } preserveAspectRatio="none" {
            rect.none x="0" y=(HEIGHT - 1.0) width=(places * STEP - 2) height="1" {}
            @for (at, column) in columns.iter().enumerate() {
                a href=(column.href) tabindex="-1" aria-label={ (column.name) ": " (column.tally.words()) } {
                    title { (column.name) ": " (column.tally.words()) }
                    rect.hit x=((empty + at) * STEP) y="0" width=(STEP) height=(HEIGHT) {}
                    @for piece in pieces(&column.tally, most) {
                        rect class={ "f-" (piece.kind.key()) } x=((empty + at) * STEP) width=(STEP - 2)
                            y=(super::bar::percent(piece.top)) height=(super::bar::percent(piece.height)) {}
                    }
                    @if column.tally.total() == 0 {
                        rect class=(if column.is_running { "going" } else { "none" }) x=((empty + at) * STEP) y=(HEIGHT - 4.0) width=(STEP - 2) height="4" {}
                    }
                }
            }
        }
    }
}

struct Piece {
    kind: Kind,
    top: f64,
    height: f64,
}

/// Smallest height at which failures are seen.
const LEAST: f64 = 5.0;

/// From the bottom: what passed, then the rest; failures last and never too low to be seen.
#[expect(clippy::cast_precision_loss, reason = "for drawing")]
fn pieces(tally: &Tally, most: f64) -> Vec<Piece> {
    let mut parts: Vec<(Kind, i64)> = tally.parts().collect();
    parts.sort_by_key(|(kind, _)| *kind == Kind::Failed);
    let failed = (tally.get(Kind::Failed) as f64 / most * HEIGHT).max(LEAST);
    let room = if tally.get(Kind::Failed) > 0 {
        HEIGHT - failed
    } else {
        HEIGHT
    };
    let mut top = HEIGHT;
    parts
        .into_iter()
        .map(|(kind, n)| {
            let height = match kind {
                Kind::Failed => failed,
                _ => (n as f64 / most * HEIGHT).min(room),
            };
            top = (top - height).max(0.0);
            Piece { kind, top, height }
        })
        .collect()
}

/// `Last 30 results: 2 failed, latest passed`.
pub fn words(kinds: &[Kind]) -> String {
    let failed = kinds.iter().filter(|k| **k == Kind::Failed).count();
    let latest = kinds.last().map_or("none", |k| k.word()).to_lowercase();
    format!(
        "{}: {failed} failed, latest {latest}",
        text::count(
            i64::try_from(kinds.len()).unwrap_or(i64::MAX),
            "result",
            "results"
        )
    )
}
