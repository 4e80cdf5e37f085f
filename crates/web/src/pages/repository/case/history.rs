//! Versions of a case, and what differs between one and the one before, side by side.

use super::data;
use super::values::lines;
use super::view::{Page, href};
use crate::ui::person::person;
use crate::ui::{Frame, pages};
use maud::{Markup, html};
use model::{Timestamp, UserId};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};
use store::field::Field;

/// Lines of a value that are compared; longer ones are shown without marks.
const LINES: usize = 2000;

/// One version.
#[derive(Debug, Clone)]
pub struct Row {
    /// From 1.
    pub number: i64,
    /// When it was made.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<(UserId, String)>,
    /// What differs from the one before: words of the field, before, after.
    pub changes: Vec<(String, String, String)>,
}

/// What the tab shows.
pub struct History {
    /// Newest first.
    pub rows: Vec<Row>,
    /// Address of newer ones.
    pub previous: Option<String>,
    /// Address of older ones.
    pub next: Option<String>,
}

/// Names that values of versions stand for.
pub struct Words<'a> {
    /// All fields that the reader may see.
    pub fields: &'a [Field],
    /// States, templates and folders by the name of the value.
    pub names: Vec<(&'static str, i64, String)>,
}

impl Words<'_> {
    /// A change as words of the field, before and after.
    pub fn change(&self, name: &str, before: &Value, after: &Value) -> (String, String, String) {
        let system_name = name.strip_prefix("custom_");
        let field = system_name.and_then(|s| self.fields.iter().find(|f| f.system_name == s));
        let label = match (field, name) {
            (Some(field), _) => field.name.clone(),
            (None, "name") => "Title".to_owned(),
            (None, "folder_id") => "Folder".to_owned(),
            (None, "template_id") => "Type".to_owned(),
            (None, "state_id") => "State".to_owned(),
            (None, "status_id") => "Status".to_owned(),
            (None, "estimate") => "Estimate".to_owned(),
            (None, "tags") => "Tags".to_owned(),
            (None, "issues") => "Issues".to_owned(),
            (None, "automation_links") => "Automation".to_owned(),
            (None, "data_set") => "Data set".to_owned(),
            (None, other) => other.to_owned(),
        };
        (
            label,
            self.value(name, field, before),
            self.value(name, field, after),
        )
    }

    fn value(&self, name: &str, field: Option<&Field>, value: &Value) -> String {
        let named = |id: i64| self.names.iter().find(|(n, i, _)| *n == name && *i == id);
        match (name, value.as_i64()) {
            ("estimate", Some(micros)) => crate::ui::text::duration(micros),
            ("data_set", _) => data::written(serde_json::from_value(value.clone()).ok().as_ref()),
            ("folder_id", None) => "Root".to_owned(),
            ("status_id", Some(id)) => if id == 1 { "Incomplete" } else { "Complete" }.to_owned(),
            (_, Some(id)) if field.is_none() => {
                named(id).map_or_else(|| id.to_string(), |(_, _, n)| n.clone())
            }
            _ => lines(field, value),
        }
    }
}

/// Draws them.
pub fn section(frame: &Frame, page: &Page, v: &History) -> Markup {
    html! {
        ol.versions { @for row in &v.rows { li.card { (version(frame, page, row)) } } }
        @if v.previous.is_some() || v.next.is_some() { (pages("Versions", v.previous.clone(), v.next.clone())) }
    }
}

fn version(frame: &Frame, page: &Page, row: &Row) -> Markup {
    let is_latest = row.number == page.case.version;
    html! {
        header.card-head {
            h2 { "Version " (row.number) }
            @if is_latest { span.tag.tag-info { "Current" } }
            span.muted { (frame.when.clock(row.at)) }
            @if let Some((id, name)) = &row.by { (person(id.0, name)) }
            @if page.can_edit && !is_latest {
                form.end method="post" action={ (href(&page.case)) "/restore" } {
                    input type="hidden" name="version" value=(row.number);
                    button.btn.btn-outline.btn-sm { "Restore" span.vh { " version " (row.number) } }
                }
            }
        }
        div.card-body {
            @if row.changes.is_empty() { p.muted { @if row.number == 1 { "The case was made." } @else { "Nothing that you may see changed." } } }
            @for (label, before, after) in &row.changes { (compared(label, before, after)) }
        }
    }
}

/// Two texts side by side; lines that differ are marked.
pub fn compared(label: &str, before: &str, after: &str) -> Markup {
    let is_long = before.lines().count().max(after.lines().count()) > LINES;
    let marks = |tag: ChangeTag| -> Vec<(bool, String)> {
        if is_long {
            let text = if tag == ChangeTag::Delete { before } else { after };
            return vec![(false, text.to_owned())];
        }
        let diff = TextDiff::from_lines(before, after);
        let own = diff
            .iter_all_changes()
            .filter(|c| c.tag() == ChangeTag::Equal || c.tag() == tag);
        own.map(|c| {
            (
                c.tag() != ChangeTag::Equal,
                c.value().trim_end_matches('\n').to_owned(),
            )
        })
        .collect()
    };
    html! {
        section.compared {
            h3 { (label) }
            div.sides {
                (side("Before", before.is_empty(), marks(ChangeTag::Delete), true))
                (side("After", after.is_empty(), marks(ChangeTag::Insert), false))
            }
        }
    }
}

fn side(name: &str, is_empty: bool, lines: Vec<(bool, String)>, is_before: bool) -> Markup {
    html! {
        div.side-text {
            h4.vh { (name) }
            @if is_empty { p.muted { "nothing" } }
            @else { @for (is_changed, line) in lines {
                @if !is_changed { p { (line) } }
                @else if is_before { p { del { (line) } } }
                @else { p { ins { (line) } } }
            } }
        }
    }
}
