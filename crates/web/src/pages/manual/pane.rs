//! One test of a run beside the list: the text that is tested, and the result that is given.

use super::address::Place;
use super::result::{self, Form, Past};
use super::steps;
use crate::pages::repository::case::values::{is_long, shown};
use crate::ui::button::{Look, copy_icon, submit};
use crate::ui::status::{Kind, pill};
use crate::ui::text::{duration, number};
use crate::ui::{Frame, Icon, hx, icon, strip, tag};
use maud::{Markup, html};
use model::{CaseId, FieldType, TestId};
use serde_json::{Map, Value};
use store::field::Field;

/// A test with all that belongs to it.
pub struct Detail {
    /// Its id.
    pub id: TestId,
    /// Its place in the run, from 1.
    pub position: i64,
    /// Tests of the run.
    pub total: i64,
    /// Its case.
    pub case: CaseId,
    /// The number of the case; none when that is gone.
    pub number: Option<i64>,
    /// The version of the text that is tested.
    pub version: i64,
    /// The version that the case has now, if it is another one.
    pub changed: Option<i64>,
    /// The name that is tested.
    pub name: String,
    /// Family of its status.
    pub kind: Kind,
    /// Its status.
    pub word: String,
    /// Microseconds that it should take.
    pub forecast: Option<i64>,
    /// The fields of its template.
    pub fields: Vec<Field>,
    /// The values that are tested, by name with `custom_` before.
    pub content: Map<String, Value>,
    /// Parameters with the values of the row of data that is tested.
    pub values: Vec<(String, String)>,
    /// What the case went through, newest first.
    pub history: Vec<Past>,
    /// The form of a result; none for those who may not give one, or in a closed run.
    pub form: Option<Form>,
    /// The run is closed.
    pub is_closed: bool,
}

impl Detail {
    fn value(&self, field: &Field) -> Option<&Value> {
        let value = self.content.get(&format!("custom_{}", field.system_name));
        value.filter(|v| !v.is_null())
    }
}

/// The pane; without a test it is hidden and only a place for one.
pub fn pane(frame: &Frame, place: Place, detail: Option<&Detail>) -> Markup {
    let Some(d) = detail else {
        return html! { aside #detail hidden aria-label="Test" {} };
    };
    html! {
        aside.execute #detail data-shown aria-label="Test" tabindex="-1" {
            header.detail-head {
                (pill(d.kind, &d.word))
                span.muted.num { @if let Some(n) = d.number { "C" (n) " · " } (number(d.position)) " of " (number(d.total)) }
                span.end {
                    (hx::step_buttons("test"))
                    (copy_icon("#test-name", "Copy the name of the test"))
                    (hx::close_link(&place.open(None).href(), "detail", "Tests"))
                }
            }
            div.execute-body {
                div.detail-body { (text(place, d)) }
                div.detail-body.execute-result {
                    @match &d.form {
                        Some(form) => (result::form(place, d.id, form)),
                        None => p.muted { (if d.is_closed { "The run is closed, so its results stay as they are." } else { "You may look at results here, but not give any." }) },
                    }
                    (result::history(frame, &d.history))
                }
            }
        }
    }
}

fn text(place: Place, d: &Detail) -> Markup {
    let long: Vec<&Field> = d
        .fields
        .iter()
        .filter(|f| is_long(f.kind) && d.value(f).is_some())
        .collect();
    let kinds: Vec<Kind> = d.history.iter().rev().map(|p| p.kind).collect();
    html! {
        h2 #test-name tabindex="-1" { (d.name) }
        ul.execute-facts {
            @for field in d.fields.iter().filter(|f| !is_long(f.kind) && d.value(f).is_some()) {
                li { span.muted { (field.name) } " " (shown(field, d.value(field))) }
            }
            @if let Some(forecast) = d.forecast { li { span.muted { "Estimate" } " " span.num { (duration(forecast)) } } }
            @for (name, value) in &d.values { li { span.muted { (name) } " " b { (value) } } }
            @for name in tags(&d.content) { li { (tag(name)) } }
            @if !kinds.is_empty() { li.past-strip { span.muted { "Last " (kinds.len()) } (strip::results(&strip::words(&kinds), &kinds)) } }
        }
        @if let Some(now) = d.changed {
            div.banner.banner-warn { (icon(Icon::TriangleAlert)) div {
                p { b { "The case was changed after this run took it." } }
                p { "Version " (d.version) " is tested, the case has version " (now) ". "
                    a.link href={ "/cases/view/" (d.case) "?tab=history" } { "See what changed" } }
                @if d.form.is_some() { (take_over(place, d, now)) }
            } }
        }
        @if d.number.is_none() { p.muted { "The case was deleted. This is the text that the run took." } }
        @for (field, before) in long.iter().zip(steps_before(d, &long)) { section { h3 { (field.name) }
            @match (&d.form, d.value(field)) {
                (Some(form), Some(value)) if field.kind == FieldType::Steps => (steps::shown(value, before, form)),
                (_, value) => (shown(field, value)),
            }
        } }
        @if long.is_empty() { p.muted { "The case has no text beside its name." } }
        @if d.number.is_some() { p { a.link href={ "/cases/view/" (d.case) } { "Open the case" } } }
    }
}

/// How many steps come before those of each of these fields.
fn steps_before(d: &Detail, long: &[&Field]) -> Vec<usize> {
    let counts = long.iter().map(|f| steps::count(&d.content, f));
    let before = counts.scan(0, |sum, count| {
        let before = *sum;
        *sum += count;
        Some(before)
    });
    before.collect()
}

/// Offers the newest text.
fn take_over(place: Place, d: &Detail, newest: i64) -> Markup {
    html! {
        form.actions method="post" action={ "/runs/view/" (place.run) "/tests/" (d.id) "/text" } {
            input type="hidden" name="show" value=(place.word());
            input type="hidden" name="version" value=(newest);
            (submit(Look::Outline, &format!("Test version {newest} instead")))
            @if d.history.iter().any(|p| p.elsewhere.is_none()) { span.muted { "The test is untested again then. Its results stay." } }
        }
    }
}

fn tags(content: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let all = content.get("tags").and_then(Value::as_array);
    all.into_iter().flatten().filter_map(Value::as_str)
}
