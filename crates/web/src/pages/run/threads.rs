//! Threads of a run.

use super::fields;
use super::view::Run;
use crate::ui::bar::{Size, bar};
use crate::ui::lanes::Lane;
use crate::ui::status::{Kind, Tally, pill};
use crate::ui::table::{column, right, table};
use crate::ui::text::{duration, number};
use crate::ui::{Empty, Frame, Icon, empty};
use maud::{Markup, html};
use model::automation::{Artifact, Field, Outcome};
use model::{ThreadId, Timestamp};

/// A thread.
#[derive(Debug, Clone)]
pub struct Thread {
    /// Its id.
    pub id: ThreadId,
    /// Its place in the run, from 1.
    pub position: i64,
    /// Running, success or failure.
    pub state: Outcome,
    /// Results.
    pub tally: Tally,
    /// Microseconds; so far while it is running.
    pub elapsed: Option<i64>,
    /// When it was made.
    pub started_at: Timestamp,
    /// When it was completed, or now.
    pub until: Timestamp,
    /// Named values.
    pub fields: Vec<Field>,
    /// Files that lie elsewhere.
    pub artifacts: Vec<Artifact>,
    /// The part of the run that it brought, if jobs share the run.
    pub part: Option<Part>,
}

/// An attempt of a part.
#[derive(Debug, Clone)]
pub struct Part {
    /// Name of the part.
    pub name: String,
    /// How often the part had begun with it.
    pub attempt: i64,
    /// Whether a later attempt took its place, so that its results do not count.
    pub is_replaced: bool,
}

impl Thread {
    /// Whether its results do not count any more.
    pub fn is_replaced(&self) -> bool {
        self.part.as_ref().is_some_and(|part| part.is_replaced)
    }

    /// Its row in the picture of the run. A thread that was sent after its tests were over lasted as long as they did.
    pub fn lane(&self, run_started_at: Timestamp) -> Lane {
        let open = self.until.since(self.started_at).max(0);
        Lane {
            position: self.position,
            start: self.started_at.since(run_started_at).max(0),
            length: self.elapsed.unwrap_or(0).max(open),
            tally: self.tally,
            is_running: self.state == Outcome::Running,
        }
    }
}

/// The tab.
pub fn section(frame: &Frame, run: &Run) -> Markup {
    if run.threads.is_empty() {
        return empty(&Empty {
            icon: Icon::Layers,
            title: "No threads",
            text: html! { "Each machine or process that sends results into the run does it in a thread of its own." },
            actions: html! {},
        });
    }
    let has_fields = run.threads.iter().any(|t| !t.fields.is_empty());
    let mut columns = vec![
        column("Thread"),
        column("State"),
        column("Results").class("progress"),
        right("Passed").class("share"),
        right("Failed"),
        right("Duration").class("took"),
        right("Started").class("when"),
    ];
    let has_parts = run.threads.iter().any(|t| t.part.is_some());
    if has_parts {
        columns.insert(1, column("Part"));
    }
    if has_fields {
        columns.push(column("Fields"));
    }
    let rows = html! { @for thread in &run.threads { (line(frame, thread, has_parts, has_fields)) } };
    table("Threads", "threads", &columns, rows)
}

fn line(frame: &Frame, t: &Thread, has_parts: bool, has_fields: bool) -> Markup {
    let kind = Kind::of_outcome(t.state);
    let failed = t.tally.get(Kind::Failed);
    html! {
        tr {
            th.num scope="row" title={ "Id " (t.id) } { (t.position) }
            @if has_parts { td { @if let Some(part) = &t.part { (part_of(part)) } } }
            td { (pill(kind, kind.word())) }
            td.progress { (bar(&t.tally, Size::Small)) span.sub.num { (number(t.tally.total())) " results" } }
            td.right.num.share { (number(t.tally.get(Kind::Passed))) }
            td.right.num { @if failed > 0 { b.bad { (number(failed)) } } @else { span.muted { "0" } } }
            td.right.num.tight.took { (t.elapsed.map_or_else(|| "–".to_owned(), duration)) }
            td.right.tight.when { (frame.when.ago(t.started_at)) }
            @if has_fields { td { (fields::inline(&t.fields)) } }
        }
    }
}

fn part_of(part: &Part) -> Markup {
    html! {
        (part.name)
        @if part.is_replaced {
            span.sub { "attempt " (part.attempt) ", replaced: its results don't count" }
        } @else if part.attempt > 1 {
            span.sub { "attempt " (part.attempt) }
        }
    }
}
