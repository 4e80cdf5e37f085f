//! Rows of manual runs.

use crate::ui::bar::{Size, bar};
use crate::ui::person::{hue, initials};
use crate::ui::status::{Kind, Tally};
use crate::ui::table::{Column, column, right};
use crate::ui::text::{number, percent};
use crate::ui::{Frame, Icon, icon, table, tag};
use maud::{Markup, html};
use model::{RunId, Timestamp, UserId};

/// One run.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: RunId,
    /// Its name.
    pub name: String,
    /// The name of its state.
    pub state: String,
    /// What it is done with.
    pub config: Option<String>,
    /// What it belongs to.
    pub milestone: Option<String>,
    /// Its tests.
    pub tally: Tally,
    /// When it was made, or closed.
    pub at: Timestamp,
    /// Who made it.
    pub by: Option<(UserId, String)>,
}

/// `72% done`.
pub fn done(tally: &Tally) -> String {
    let open = tally.get(Kind::Untested) + tally.get(Kind::Retest);
    percent(tally.total() - open, tally.total())
}

const fn columns(when: &'static str) -> [Column; 6] {
    [
        column("Run"),
        column("Results").class("progress"),
        right("Done").class("share"),
        right("Failed").class("failed"),
        right(when).class("when"),
        column("By").class("by"),
    ]
}

/// The table; `when` says what the time of a row is.
pub fn table(frame: &Frame, name: &str, when: &'static str, rows: &[Row]) -> Markup {
    table::table(
        name,
        "runs manual",
        &columns(when),
        html! { @for row in rows { (line(frame, row)) } },
    )
}

fn line(frame: &Frame, row: &Row) -> Markup {
    let failed = row.tally.get(Kind::Failed);
    let total = row.tally.total();
    let share = if total == 0 {
        "–".to_owned()
    } else {
        done(&row.tally)
    };
    html! {
        tr {
            th scope="row" {
                a.name href={ "/runs/view/" (row.id) } { (row.name) span.muted.num { "#" (row.id) } }
                span.sub {
                    (row.state)
                    @if let Some(milestone) = &row.milestone { " " span.tag { (icon(Icon::Flag)) (milestone) } }
                    @if let Some(config) = &row.config { " " (tag(config)) }
                }
                span.sub.brief { @if total == 0 { "No tests" } @else { (share) " done, " (number(failed)) " failed" } }
            }
            td.progress { (bar(&row.tally, Size::Small)) }
            td.right.num.tight.share { (share) }
            td class={ "right num failed " (if failed > 0 { "bad" } else { "muted" }) } { (number(failed)) }
            td.right.tight.when { (frame.when.ago(row.at)) }
            td.by { @if let Some((id, name)) = &row.by { span class={ "avatar " (hue(id.0)) } aria-hidden="true" { (initials(name)) } (name) } }
        }
    }
}
