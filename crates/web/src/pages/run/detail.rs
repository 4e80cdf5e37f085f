//! One test of a run in the pane beside the list.

use super::address::Place;
use super::fields;
use super::info::outside;
use crate::ui::button::copy_icon;
use crate::ui::status::{Kind, mark, pill};
use crate::ui::text::{bytes, duration};
use crate::ui::{Frame, hx, strip};
use maud::{Markup, html};
use model::automation::{Artifact, Field, Outcome};
use model::{AutomationRunId, AutomationTestId, Timestamp};

/// An earlier result of the same test.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its run.
    pub run: AutomationRunId,
    /// Its id.
    pub id: AutomationTestId,
    /// Family of its status.
    pub kind: Kind,
    /// Its status.
    pub word: String,
    /// Microseconds.
    pub elapsed: Option<i64>,
    /// When it arrived.
    pub at: Timestamp,
}

/// A test with all that belongs to it.
#[derive(Debug, Clone)]
pub struct Detail {
    /// Its id.
    pub id: AutomationTestId,
    /// Its name.
    pub name: String,
    /// Where it belongs.
    pub folder: String,
    /// The file it stands in, with the line.
    pub file: Option<String>,
    /// Identity within the source.
    pub key: String,
    /// Family of its status.
    pub kind: Kind,
    /// Its status.
    pub word: String,
    /// What the status counts as.
    pub outcome: Outcome,
    /// Microseconds.
    pub elapsed: Option<i64>,
    /// Place of its thread in the run.
    pub thread: Option<i64>,
    /// Assertions made.
    pub assertions: Option<i64>,
    /// When it arrived.
    pub at: Timestamp,
    /// Messages, output and properties.
    pub fields: Vec<Field>,
    /// Files that lie elsewhere.
    pub artifacts: Vec<Artifact>,
    /// Results of the same test up to this one, newest first.
    pub history: Vec<Past>,
}

/// The pane; without a test it is hidden and only a place for one.
pub fn pane(frame: &Frame, place: Place, detail: Option<&Detail>) -> Markup {
    let Some(d) = detail else {
        return html! { aside #detail hidden aria-label="Test" {} };
    };
    let whole = place.whole().href();
    let whole = (!place.is_whole).then_some(whole.as_str());
    html! {
        aside #detail data-shown aria-label="Test" tabindex="-1" {
            header.detail-head {
                (pill(d.kind, &d.word))
                span.muted.num { "#" (d.id) }
                span.end {
                    (copy_icon("#test-name", "Copy the name of the test"))
                    (hx::close_link(&place.open(None).href(), "detail"))
                }
            }
            div.detail-body {
                div {
                    h2 #test-name tabindex="-1" { (d.name) }
                    p.note.mono { (d.folder) @if let Some(file) = &d.file { br; (file) } }
                }
                (numbers(frame, d))
                (history(frame, d))
                (fields::all(&d.fields, whole))
                (artifacts(d))
                p.note { "Key " code { (d.key) } }
            }
        }
    }
}

fn numbers(frame: &Frame, d: &Detail) -> Markup {
    html! {
        dl.numbers {
            @if let Some(elapsed) = d.elapsed { div { dt { "Duration" } dd.num { (duration(elapsed)) (delta(d)) } } }
            @if let Some(n) = d.thread { div { dt { "Thread" } dd.num { (n) } } }
            div { dt { "Received" } dd { (frame.when.clock(d.at)) } }
            @if let Some(n) = d.assertions { div { dt { "Assertions" } dd.num { (n) } } }
        }
    }
}

/// How much longer or shorter than the result before, when it is much.
fn delta(d: &Detail) -> Markup {
    let before = d.history.iter().find(|p| p.id != d.id).and_then(|p| p.elapsed);
    let (Some(now), Some(before)) = (d.elapsed, before) else {
        return html! {};
    };
    let change = now - before;
    if change.abs() * 5 < before.max(1) {
        return html! {};
    }
    html! {
        " " @if change > 0 { span.bad { "+" (duration(change)) } } @else { span.good { "−" (duration(-change)) } }
    }
}

fn history(frame: &Frame, d: &Detail) -> Markup {
    let kinds: Vec<Kind> = d.history.iter().rev().map(|p| p.kind).collect();
    if kinds.len() < 2 {
        return html! { p.note { "This is the first result of this test." } };
    }
    let words = strip::words(&kinds);
    html! {
        section {
            div.section-head { h3 { "History" } span.muted.num { (words) } }
            (strip::results(&words, &kinds))
            details.past {
                summary { "All of these results" }
                ul { @for p in &d.history { li {
                    (mark(p.kind, &p.word))
                    a.link href={ "/automation/runs/view/" (p.run) "?test_id=" (p.id) } { "Run #" (p.run) }
                    span.muted { (frame.when.ago(p.at)) }
                    span.end.num.muted { @if let Some(elapsed) = p.elapsed { (duration(elapsed)) } }
                } } }
            }
        }
    }
}

fn artifacts(d: &Detail) -> Markup {
    html! {
        @if !d.artifacts.is_empty() {
            section {
                div.section-head { h3 { "Artifacts" } span.muted.num { (d.artifacts.len()) } }
                ul.plain-list { @for a in &d.artifacts { li {
                    (outside(&a.url, &a.name))
                    @if let Some(size) = a.size { " " span.muted.num { (bytes(size)) } }
                    @if let Some(note) = &a.note { " " span.muted { (note) } }
                } } }
            }
        }
    }
}
