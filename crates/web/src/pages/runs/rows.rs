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
    hidden("State"),
    column("Run"),
    column("Results"),
    right("Passed"),
    right("Failed"),
    right("Duration"),
    right("Threads"),
    right("Started"),
    column("By"),
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
            }
            td.progress { (bar(&row.tally, Size::Small)) }
            td.right.num.tight { (percent(row.tally.get(Kind::Passed), total)) " of " (number(total)) }
            td.right.num { @if failed > 0 { b.bad { (number(failed)) } } @else { span.muted { "0" } } }
            td.right.num.tight { (row.elapsed.map_or_else(|| "–".to_owned(), duration)) }
            td.right.num { (number(row.threads)) }
            td.right.tight { (frame.when.ago(row.started_at)) }
            td.by { @if let Some((id, name)) = &row.by { span class={ "avatar " (hue(id.0)) } aria-hidden="true" { (initials(name)) } " " (name) } }
        }
    }
}
