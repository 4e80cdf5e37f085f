//! The form of a result, and the results that there are.

use super::address::Place;
use super::steps;
use crate::pages::preview;
use crate::pages::repository::case::inputs::{input, select};
use crate::pages::repository::case::values::{is_long, shown};
use crate::ui::button::{Look, submit};
use crate::ui::field::{Errors, below, described, field};
use crate::ui::markdown::markdown;
use crate::ui::person::person;
use crate::ui::status::{Kind, sign};
use crate::ui::text::{bytes, duration};
use crate::ui::{Frame, Icon, icon, tag};
use maud::{Markup, html};
use model::status::StepStatus;
use model::{AttachmentId, ResultId, RunId, TestId, Timestamp, UserId};
use serde_json::{Map, Value};
use store::field::Field;

/// A status that a result can have.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its family.
    pub kind: Kind,
    /// The key that chooses it, 0 to 5; administrators' own statuses have none.
    pub key: Option<i64>,
    /// How much it says of its test where a step has it; none for the status of what is untested.
    pub weight: Option<u8>,
}

/// What the form shows.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Statuses.
    pub statuses: Vec<Choice>,
    /// The one that was chosen.
    pub status: Option<i64>,
    /// What was written.
    pub note: String,
    /// Users that a test can be given to.
    pub people: Vec<(UserId, String)>,
    /// Who tests it.
    pub assignee: Option<UserId>,
    /// The test after it.
    pub next: Option<TestId>,
    /// Fields of results.
    pub fields: Vec<Field>,
    /// Their values, by system name.
    pub custom: Map<String, Value>,
    /// Statuses of single steps that were chosen.
    pub steps: Vec<StepStatus>,
    /// Whether the text has steps, whose statuses can say that of the test.
    pub has_steps: bool,
    /// Trackers with their projects: value and name.
    pub trackers: Vec<(String, String)>,
    /// An issue to be added: tracker, and number.
    pub issue: (String, String),
    /// What tells this result from another attempt to send it.
    pub token: String,
    /// What was wrong.
    pub errors: Errors,
}

/// A result of the case, in this run or in another one.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its id.
    pub id: ResultId,
    /// Its run.
    pub run: RunId,
    /// The name of the run; none for this one.
    pub elsewhere: Option<String>,
    /// Family of its status.
    pub kind: Kind,
    /// Its status.
    pub word: String,
    /// What was written.
    pub note: Option<String>,
    /// The version of the text that it is about, if that is not the one of the test.
    pub version: Option<i64>,
    /// Which row of the data set it is about, if that is not the row of the test.
    pub row: Option<i64>,
    /// Microseconds.
    pub elapsed: Option<i64>,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Option<(UserId, String)>,
    /// Values of the fields of results.
    pub values: Vec<(Field, Value)>,
    /// Issues, as their trackers show them.
    pub issues: Vec<String>,
    /// Statuses of steps: step, family and words.
    pub steps: Vec<(i64, Kind, String)>,
    /// Files: id, name, bytes.
    pub files: Vec<(AttachmentId, String, i64)>,
}

/// Where a result of a test is sent.
pub fn action(place: Place, test: TestId) -> String {
    format!("/runs/view/{}/tests/{test}", place.run)
}

/// The form.
pub fn form(place: Place, test: TestId, v: &Form) -> Markup {
    let next = v.next.map(|next| place.open(Some(next)).href());
    let status = v.errors.of("status_id");
    html! {
        form.result-form #result method="post" action=(action(place, test)) data-next=[next] data-test=(test) {
            (v.errors.summary())
            input type="hidden" name="show" value=(place.word());
            input type="hidden" name="token" value=(v.token);
            input type="hidden" name="elapsed" value="";
            div.result-head { h3 #status-id { "Result" } span.timer.num data-timer hidden { "0:00" } }
            fieldset.picker aria-describedby=[status.map(|_| "status_id-error")] {
                legend.vh { "Status" }
                @for s in &v.statuses { (choice(s, v.status == Some(s.id), !v.has_steps)) }
            }
            @if let Some(text) = status { p.field-error #status_id-error { (icon(Icon::CircleAlert)) span { (text) } } }
            (note(v))
            @for f in &v.fields { (input(f, v.custom.get(&f.system_name), &v.errors, &[])) }
            (defect(v))
            (files())
            @if !v.people.is_empty() { (assignee(v)) }
            footer.result-foot {
                label.check { input type="checkbox" name="go_on" value="yes" checked; span { "Go on to the next test" } }
                (submit(Look::Primary, "Save result"))
            }
        }
    }
}

fn choice(s: &Choice, is_chosen: bool, is_required: bool) -> Markup {
    html! {
        label class={ "pick st-" (s.kind.key()) } {
            input type="radio" name="status" value=(s.id) data-key=[s.key] required[is_required] checked[is_chosen];
            (sign(s.kind)) span { (s.name) }
            @if let Some(key) = s.key { kbd aria-hidden="true" { (key) } }
        }
    }
}

fn note(v: &Form) -> Markup {
    let error = v.errors.of("note");
    let help = "What was seen. Markdown can be used.";
    let control = html! {
        textarea.input #note name="note" rows="4" aria-describedby=[described("note", help, error)] aria-invalid=[error.map(|_| "true")] { "\n" (v.note) }
    };
    let control = preview::around("Comment", &control);
    field("note", "Comment", false, help, error, &control)
}

/// What the result led to.
fn defect(v: &Form) -> Markup {
    html! {
        @if !v.trackers.is_empty() {
            fieldset.field #issues {
                legend.label { "Defect" }
                div.defect {
                    label { span.vh { "Tracker" } (select("tracker", &v.trackers, &v.issue.0, None, None)) }
                    label { span.vh { "Number of the issue" } input.input type="text" name="issue_number" value=(v.issue.1) placeholder="Number, such as WEB-17" autocomplete="off"; }
                }
                (below("issues", "", v.errors.of("issues").or_else(|| v.errors.of("issues.0")).or_else(|| v.errors.of("issues.0.display_id"))))
            }
        }
    }
}

/// Files go on their way once the result has an id, so only script can send them with it.
fn files() -> Markup {
    html! {
        div.field.needs-script {
            div.field-head { label for="files" { "Files" } }
            input.input #files type="file" multiple data-files aria-describedby="files-help";
            ul.plain-list data-chosen {}
            p.note #files-help { "Choose files, or paste a screenshot anywhere here." }
        }
    }
}

fn assignee(v: &Form) -> Markup {
    let error = v.errors.of("assignee_id");
    let control = html! {
        select.input #assignee_id name="assignee" aria-describedby=[described("assignee_id", "", error)] {
            option value="" { "Nobody" }
            @for (id, name) in &v.people { option value=(id) selected[v.assignee == Some(*id)] { (name) } }
        }
    };
    field("assignee_id", "Assigned to", false, "", error, &control)
}

/// The results that there are, newest first.
pub fn history(frame: &Frame, past: &[Past]) -> Markup {
    html! {
        section.results aria-label="Results" {
            h3 { "History" }
            @if past.is_empty() { p.muted { "No result yet." } }
            ol { @for p in past { (one(frame, p)) } }
        }
    }
}

fn one(frame: &Frame, p: &Past) -> Markup {
    html! {
        li {
            div.result-line {
                (sign(p.kind)) b { (p.word) }
                @if let Some(version) = p.version { span.muted { "Version " (version) } }
                @if let Some(row) = p.row { span.muted { "Row " (row) } }
                @if let Some(elapsed) = p.elapsed { span.muted.num { (duration(elapsed)) } }
                span.end.muted { (frame.when.ago(p.at)) }
            }
            p.result-by {
                @if let Some((id, name)) = &p.by { (person(id.0, name)) }
                @if let Some(run) = &p.elsewhere { " in " a.link href={ "/runs/view/" (p.run) } { (run) } }
            }
            @if let Some(note) = &p.note { (markdown(note)) }
            @for (field, value) in &p.values {
                @if is_long(field.kind) { div.result-text { b { (field.name) } (shown(field, Some(value))) } }
            }
            @if !p.issues.is_empty() || p.values.iter().any(|(f, _)| !is_long(f.kind)) {
                ul.execute-facts {
                    @for (field, value) in p.values.iter().filter(|(f, _)| !is_long(f.kind)) { li { span.muted { (field.name) } " " (shown(field, Some(value))) } }
                    @if !p.issues.is_empty() { li { span.muted { "Defects" } " " @for issue in &p.issues { (tag(issue)) } } }
                }
            }
            @if !p.steps.is_empty() { ul.execute-facts { (steps::past(&p.steps)) } }
            @if !p.files.is_empty() {
                ul.plain-list { @for (id, name, size) in &p.files { li {
                    (icon(Icon::Paperclip)) " " a.link href={ "/api/attest/v1/runs/" (p.run) "/results/" (p.id) "/attachments/" (id) } { (name) } " " span.muted.num { (bytes(*size)) }
                } } }
            }
        }
    }
}
