//! Rows of automation runs, in the list and on the overview.

use crate::ui::bar::{Size, bar};
use crate::ui::person::{hue, initials};
use crate::ui::status::{Kind, Tally, mark};
use crate::ui::table::{Column, column, hidden, right};
use crate::ui::text::{duration, number, percent};
use crate::ui::{Frame, table, tag};
use maud::{Markup, html};
use model::automation::Outcome;
use model::{AutomationRunId, SourceId, Timestamp, UserId};

/// Tags of a run that a row shows.
const TAGS: usize = 2;

/// One run.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: AutomationRunId,
    /// Its name.
    pub name: String,
    /// Its source.
    pub source: (SourceId, String),
    /// Tags.
    pub tags: Vec<String>,
    /// Results.
    pub tally: Tally,
    /// Running, success or failure.
    pub state: Outcome,
    /// Closed because nothing came any more.
    pub is_incomplete: bool,
    /// Microseconds; so far while it is running.
    pub elapsed: Option<i64>,
    /// Threads.
    pub threads: i64,
    /// When it was made.
    pub started_at: Timestamp,
    /// By whom.
    pub by: Option<(UserId, String)>,
}

impl Row {
    /// Its state as a word.
    pub fn word(&self) -> &'static str {
        if self.is_incomplete {
            "Incomplete"
        } else {
            Kind::of_outcome(self.state).word()
        }
    }
}

const COLUMNS: [Column; 9] = [
    hidden("State").class("state"),
    column("Run"),
    column("Results").class("progress"),
    right("Passed").class("share"),
    right("Failed").class("failed"),
    right("Duration").class("took"),
    right("Threads").class("lanes-count"),
    right("Started").class("when"),
    column("By").class("by"),
];

/// The table.
pub fn table(frame: &Frame, name: &str, rows: &[Row]) -> Markup {
    table::table(
        name,
        "runs",
        &COLUMNS,
        html! { @for row in rows { (line(frame, row)) } },
    )
}

fn line(frame: &Frame, row: &Row) -> Markup {
    let source = &row.source.1;
    let failed = row.tally.get(Kind::Failed);
    let total = row.tally.total();
    let share = if total == 0 {
        "–".to_owned()
    } else {
        format!(
            "{} of {}",
            percent(row.tally.get(Kind::Passed), total),
            number(total)
        )
    };
    html! {
        tr {
            td.state title=(row.word()) { (mark(Kind::of_outcome(row.state), row.word())) }
            th scope="row" {
                a.name href={ "/automation/runs/view/" (row.id) } { (row.name) span.muted.num { "#" (row.id) } }
                span.sub {
                    (source)
                    @for t in row.tags.iter().take(TAGS) { " " (tag(t)) }
                    @if row.tags.len() > TAGS { " +" (row.tags.len() - TAGS) }
                }
                span.sub.brief { @if total == 0 { "No results" } @else if failed == 0 { (share) " passed" } @else { (share) ", " (number(failed)) " failed" } }
            }
            td.progress { (bar(&row.tally, Size::Small)) }
            td.right.num.tight.share { (share) }
            td class={ "right num failed " (if failed > 0 { "bad" } else { "muted" }) } { (number(failed)) }
            td.right.num.tight.took { (row.elapsed.map_or_else(|| "–".to_owned(), duration)) }
            td.right.num.lanes-count { (number(row.threads)) }
            td.right.tight.when { (frame.when.ago(row.started_at)) }
            td.by { @if let Some((id, name)) = &row.by { span class={ "avatar " (hue(id.0)) } aria-hidden="true" { (initials(name)) } (name) } }
        }
    }
}
