//! Results as one segmented bar, drawn in SVG because styles may not carry widths.

use super::status::{Kind, Tally};
use maud::{Markup, html};

/// Smallest part of the width that a family with results takes, in percent.
const SMALLEST: f64 = 0.8;

/// Height of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// In lists.
    Small,
    /// In heads.
    Large,
}

/// The bar; its name spells the counts.
pub fn bar(tally: &Tally, size: Size) -> Markup {
    let class = match size {
        Size::Small => "bar",
        Size::Large => "bar bar-lg",
    };
    html! {
        svg class=(class) role="img" aria-label=(tally.words()) preserveAspectRatio="none" viewBox="0 0 100 10" {
            @for part in parts(tally) {
                rect class={ "f-" (part.kind.key()) } x=(percent(part.start)) width=(percent(part.width)) height="10" {}
            }
        }
    }
}

struct Part {
    kind: Kind,
    start: f64,
    width: f64,
}

/// Widths in percent that add up to a hundred, none of them too small to be seen. What is untested is the bare track.
#[expect(clippy::cast_precision_loss, reason = "for drawing")]
fn parts(tally: &Tally) -> Vec<Part> {
    let total = tally.total().max(1) as f64;
    let widths: Vec<(Kind, f64)> = tally
        .parts()
        .map(|(kind, n)| (kind, (n as f64 / total * 100.0).max(SMALLEST)))
        .collect();
    let sum: f64 = widths.iter().map(|(_, width)| width).sum();
    let mut start = 0.0;
    widths
        .into_iter()
        .map(|(kind, width)| {
            let width = width / sum * 100.0;
            start += width;
            Part {
                kind,
                start: start - width,
                width,
            }
        })
        .collect()
}

pub(super) fn percent(value: f64) -> String {
    format!("{value:.2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_among_many_is_seen() {
        let mut tally = Tally::default();
        tally.add(Kind::Passed, 99_999);
        tally.add(Kind::Failed, 1);
        let parts = parts(&tally);
        assert!(parts[1].width > 0.7, "{}", parts[1].width);
        let sum: f64 = parts.iter().map(|p| p.width).sum();
        assert!((sum - 100.0).abs() < 1e-9);
    }
}
