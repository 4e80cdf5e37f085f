//! The table of cases.

use super::address::Place;
use crate::ui::person::{hue, initials};
use crate::ui::text::marked;
use crate::ui::{Frame, Icon, hx, icon, tag};
use maud::{Markup, html};
use model::{CaseId, Timestamp, UserId};

/// Tags of a case that a row shows.
const TAGS: usize = 2;

/// Columns that the head of a group spans; more than there are does no harm.
const SPAN: usize = 7;

/// One case.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its id.
    pub id: CaseId,
    /// Its number in the project.
    pub number: i64,
    /// Its name.
    pub name: String,
    /// Its folder, where the list shows several.
    pub folder: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The group that it is shown in.
    pub group: Option<String>,
    /// Its state.
    pub state: String,
    /// Its template.
    pub template: String,
    /// Whether an automated test checks it.
    pub is_automated: bool,
    /// When it was changed, or else made.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: Option<(UserId, String)>,
}

/// The table, sorted as `place` says; with a box to tick in each row for those who may pick cases.
pub fn table(frame: &Frame, place: &Place, rows: &[Row], can_pick: bool) -> Markup {
    html! {
        div.table-box tabindex="0" role="region" aria-label="Table of cases" {
            table.table.cases {
                thead { tr {
                    @if can_pick { th.tick scope="col" { span.vh { "Pick" } input type="checkbox" data-page hidden aria-label="All cases of this page"; } }
                    (head(place, "id", "ID", "id"))
                    (head(place, "name", "Title", ""))
                    @if place.shows("state") { (head(place, "state", "State", "state")) }
                    @if place.shows("type") { (head(place, "type", "Type", "kind")) }
                    @if place.shows("updated") { (head(place, "updated", "Changed", "right when")) }
                    @if place.shows("by") { th.by scope="col" { "By" } }
                } }
                tbody { @for (n, row) in rows.iter().enumerate() {
                    @if let Some(group) = row.group.as_ref().filter(|_| n == 0 || rows[n - 1].group != row.group) { tr.group { th colspan=(SPAN) scope="rowgroup" { (group) } } }
                    (line(frame, place, row, can_pick))
                } }
            }
        }
    }
}

fn head(place: &Place, column: &'static str, label: &str, class: &str) -> Markup {
    let sorted = place
        .sort
        .filter(|(name, _)| *name == column)
        .map(|(_, ascending)| ascending);
    let aria = sorted.map(|up| if up { "ascending" } else { "descending" });
    html! {
        th scope="col" class=[(!class.is_empty()).then_some(class)] aria-sort=[aria] {
            a href=(place.sorted(column).href()) { (label)
                @match sorted {
                    Some(true) => (icon(Icon::ArrowUp)),
                    Some(false) => (icon(Icon::ArrowDown)),
                    None => {}
                }
            }
        }
    }
}

fn line(frame: &Frame, place: &Place, row: &Row, can_pick: bool) -> Markup {
    html! {
        tr aria-current=[(place.open == Some(row.id)).then_some("true")] {
            @if can_pick { td.tick { input type="checkbox" name="case" value=(row.id) checked[place.picked.contains(&row.id)] aria-label={ "Pick C" (row.number) }; } }
            td.id.num { "C" (row.number) }
            th scope="row" {
                span.name { (hx::row_link(&place.opened(row.id).href(), "detail", html! { (marked(&row.name, &place.words)) })) }
                @if row.is_automated { span.auto title="Automated" { (icon(Icon::Zap)) span.vh { "automated" } } }
                @if row.folder.is_some() || !row.tags.is_empty() {
                    span.sub {
                        @if let Some(folder) = &row.folder { (folder) }
                        @for t in row.tags.iter().take(TAGS) { " " (tag(t)) }
                        @if row.tags.len() > TAGS { " +" (row.tags.len() - TAGS) }
                    }
                }
            }
            @if place.shows("state") { td.state { (row.state) } }
            @if place.shows("type") { td.kind { (row.template) } }
            @if place.shows("updated") { td.right.tight.when { (frame.when.ago(row.updated_at)) } }
            @if place.shows("by") { td.by { @if let Some((id, name)) = &row.updated_by { span class={ "avatar " (hue(id.0)) } title=(name) { (initials(name)) span.vh { " " (name) } } } } }
        }
    }
}
