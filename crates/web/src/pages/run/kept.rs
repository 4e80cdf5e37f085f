//! What is kept of a run, and why.

use super::view::Run;
use crate::ui::Frame;
use crate::ui::button::{Look, submit};
use crate::ui::card::form;
use crate::ui::text::count;
use maud::{Markup, html};
use model::retention::{FOR_EVER, NEWEST, Removal};

/// What went because of its age; none while the run is whole.
pub fn gone(frame: &Frame, run: &Run) -> Option<Markup> {
    let what = match run.kept.removal {
        Removal::Nothing => return None,
        Removal::Output => "Some of the output of this run was removed",
        Removal::OutputDone => "The output and the files of this run were removed",
        Removal::Tests => "Some of the tests of this run were removed",
        Removal::TestsDone => "The tests of this run were removed",
    };
    Some(html! {
        span {
            (what) @if let Some(at) = run.kept.stays.removed_at { " on " (frame.when.full(at)) } " because of their age. "
            @if run.kept.removal >= Removal::Tests { "Its numbers stay." }
        }
    })
}

fn days(days: i64) -> String {
    if days == FOR_EVER {
        "for ever".to_owned()
    } else {
        format!("for {}", count(days, "day", "days"))
    }
}

/// The card that says how long the run stays, with the button that pins it.
pub fn card(run: &Run) -> Markup {
    let k = &run.kept;
    let body = html! {
        p {
            @if k.is_pinned { "This run is pinned: all of it that is there stays." }
            @else if run.completed_at.is_none() { "This run is open: all of it stays until it is completed." }
            @else if k.stays.has_open_milestone { "All of it stays until its milestone is completed." }
            @else if k.stays.is_among_newest { "It is one of the last " (NEWEST) " runs of its source, so all of it stays for now." }
            @else { "Output is kept " (days(k.rule.output_days)) ", tests " (days(k.rule.tests_days)) "." }
        }
        @if let (false, true) = (k.is_pinned, k.stays.is_among_newest) {
            p.note { "After that, output is kept " (days(k.rule.output_days)) " and tests " (days(k.rule.tests_days)) "." }
        }
    };
    let (label, value) = if k.is_pinned {
        ("Unpin", "0")
    } else {
        ("Pin this run", "1")
    };
    let foot = html! {
        @if k.may_pin { input type="hidden" name="pinned" value=(value); (submit(Look::Outline, label)) }
    };
    form(
        &format!("/automation/runs/view/{}/pin", run.id),
        "run-kept",
        "Retention",
        body,
        foot,
    )
}
