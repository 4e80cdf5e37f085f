//! The forms.

use super::Kind;
use super::typed::Typed;
use crate::pages::repository::case::inputs::select;
use crate::pages::repository::view::crumbs;
use crate::ui::button::{Look, link, submit};
use crate::ui::field::{Errors, below, checkbox, described, field};
use crate::ui::shell::panel;
use crate::ui::text::{count, number};
use crate::ui::{Crumb, Frame, Head, ProjectNav, Section, Tone, banner, card, shell};
use app::cases::BULK;
use app::custom::PREFIX;
use maud::{Markup, html};
use model::{FieldType, FolderId};
use store::field::Field;

/// What the choice says that leaves a value alone.
const SAME: &str = "No change";

/// What a form shows.
pub struct Form {
    /// The project.
    pub project: ProjectNav,
    /// What it does.
    pub kind: Kind,
    /// Where it is sent, and found.
    pub action: String,
    /// The list that one came from.
    pub back: String,
    /// From the root to the folder of the list: id and name.
    pub way: Vec<(FolderId, String)>,
    /// How many cases were chosen.
    pub total: i64,
    /// Number and name of the first of them.
    pub first: Vec<(i64, String)>,
    /// States to choose from.
    pub states: Vec<(i64, String)>,
    /// Templates to choose from.
    pub templates: Vec<(i64, String)>,
    /// Custom fields of all templates.
    pub fields: Vec<Field>,
    /// Folders to choose from; none when there are too many.
    pub folders: Option<Vec<(FolderId, String)>>,
    /// Trackers to choose from: value and name.
    pub trackers: Vec<(String, String)>,
    /// Tags that there are.
    pub tags: Vec<String>,
    /// What was typed.
    pub typed: Typed,
    /// What was wrong.
    pub errors: Errors,
}

/// Draws it.
pub fn page(frame: &Frame, v: &Form) -> Markup {
    let cases = count(v.total, "case", "cases");
    let label = format!("{} {cases}", v.kind.label());
    let title = match v.kind {
        Kind::Delete => format!("{label}?"),
        _ => label.clone(),
    };
    let shown = if v.errors.is_empty() {
        title.clone()
    } else {
        format!("Error: {title}")
    };
    let look = if v.kind == Kind::Delete {
        Look::Danger
    } else {
        Look::Primary
    };
    let can_go = (1..=BULK).contains(&v.total);
    let body = if can_go {
        let foot = html! { (submit(look, &label)) (link(Look::Ghost, "Cancel", &v.back)) };
        let body = html! {
            (v.errors.summary())
            input type="hidden" name="expected" value=(v.total);
            (chosen(v))
            (fields(v))
        };
        card::form(&v.action, "narrow bulk", "Cases", body, foot)
    } else {
        html! { (v.errors.summary()) (chosen(v)) p { (link(Look::Outline, "Back to the list", &v.back)) } }
    };
    let mut crumbs = crumbs(&v.project, &v.way);
    crumbs.push(Crumb::here(v.kind.label()));
    shell::page(
        frame,
        &Head {
            title: &shown,
            crumbs,
            section: Section::Repository,
            project: Some(&v.project),
        },
        panel(html! { h1 { (title) } (body) }),
    )
}

fn chosen(v: &Form) -> Markup {
    let more = v.total - i64::try_from(v.first.len()).unwrap_or(0);
    let too_many = format!("At most {} at once. Filter the list first.", number(BULK));
    html! {
        div #cases {
            @if v.total == 0 { (banner(Tone::Warn, "No case is chosen.", html! { p { "Go back, and tick cases in the list." } })) }
            @if v.total > BULK { (banner(Tone::Warn, "These are too many cases.", html! { p { (too_many) } })) }
            @if v.total > 0 {
                ul.chosen {
                    @for (n, name) in &v.first { li { span.num.muted { "C" (n) } " " (name) } }
                    @if more > 0 { li.muted { "and " (number(more)) " more" } }
                }
            }
        }
    }
}

fn fields(v: &Form) -> Markup {
    match v.kind {
        Kind::Change => html! {
            p.note #change { "What is left alone stays as it is in every case. All cases are changed, or none." }
            (choices(v, "state_id", "State", &v.states))
            (choices(v, "template_id", "Type", &v.templates))
            (folder(v, SAME))
            (line(v, "estimate", "Estimate", "text", None, "Such as 6 min or 1 h 30 min.", true))
            @for f in v.fields.iter().filter(|f| f.is_active) { (custom(v, f)) }
            (tags(v))
            (issue(v))
        },
        Kind::Move | Kind::Copy => html! {
            (folder(v, "Choose a folder"))
            @if v.kind == Kind::Copy { p.note { "Comments and older versions stay with the originals." } }
        },
        Kind::Tag => html! { div #change { (tags(v)) } },
        Kind::Delete => html! {
            p { "Deletes these cases with their comments. Runs keep the text that was tested. This cannot be undone." }
        },
    }
}

fn choices(v: &Form, name: &str, label: &str, options: &[(i64, String)]) -> Markup {
    let options: Vec<(String, String)> = options
        .iter()
        .map(|(id, words)| (id.to_string(), words.clone()))
        .collect();
    let error = v.errors.of(name);
    let control = select(name, &options, v.typed.one(name), Some(SAME), error);
    field(name, label, false, "", error, &control)
}

fn folder(v: &Form, none: &str) -> Markup {
    let name = "folder_id";
    let error = v.errors.of(name);
    let Some(folders) = &v.folders else {
        let help = "The ID of a folder, which its page shows; 0 for the root.";
        return line(v, name, "Folder", "text", Some("numeric"), help, false);
    };
    let mut options = vec![("0".to_owned(), "The root of the repository".to_owned())];
    options.extend(folders.iter().map(|(id, words)| (id.to_string(), words.clone())));
    let control = select(name, &options, v.typed.one(name), Some(none), error);
    field(name, "Folder", false, "", error, &control)
}

/// A field of one line that is left alone when it is empty.
fn line(
    v: &Form,
    name: &str,
    label: &str,
    kind: &str,
    mode: Option<&str>,
    help: &str,
    can_be_empty: bool,
) -> Markup {
    let error = v.errors.of(name);
    let control = html! {
        input.input id=(name) name=(name) type=(kind) inputmode=[mode] value=(v.typed.one(name)) placeholder=(SAME) autocomplete="off"
            aria-invalid=[error.map(|_| "true")] aria-describedby=[described(name, help, error)];
        @if can_be_empty { (empty(v, name, label)) }
    };
    field(name, label, false, help, error, &control)
}

/// Removes a value instead.
fn empty(v: &Form, name: &str, label: &str) -> Markup {
    let words = html! { "Remove it" span.vh { ": " (label) } };
    checkbox("empty", name, v.typed.is_emptied(name), words)
}

fn tags(v: &Form) -> Markup {
    let error = v.errors.of("tags");
    let help = "Names with commas between them.";
    let modes = [
        ("add", "Add these"),
        ("remove", "Remove these"),
        ("replace", "Only these from now on"),
    ];
    let modes = modes.map(|(value, words)| (value.to_owned(), words.to_owned()));
    let control = html! {
        (select("tag_mode", &modes, v.typed.one("tag_mode"), None, None))
        input.input #tags type="text" name="tags" value=(v.typed.one("tags")) list="tag-names" placeholder=(SAME) autocomplete="off"
            aria-invalid=[error.map(|_| "true")] aria-describedby=[described("tags", help, error)];
        datalist #tag-names { @for tag in v.tags.iter().take(100) { option value=(tag) {} } }
        (checkbox("empty", "tags", v.typed.is_emptied("tags"), html! { "Remove all tags" }))
    };
    html! { div.pair { span.vh { label for="tag_mode" { "What to do with tags" } } (field("tags", "Tags", false, help, error, &control)) } }
}

fn issue(v: &Form) -> Markup {
    if v.trackers.is_empty() {
        return html! {};
    }
    let error = v.errors.of("issues");
    let control = html! {
        span.vh { label for="tracker" { "Tracker" } }
        (select("tracker", &v.trackers, v.typed.one("tracker"), None, None))
        input.input #issues type="text" name="issues" value=(v.typed.one("issues")) placeholder=(SAME) autocomplete="off"
            aria-invalid=[error.map(|_| "true")] aria-describedby=[described("issues", "", error)];
    };
    field("issues", "Add an issue by its number", false, "", error, &control)
}

fn custom(v: &Form, f: &Field) -> Markup {
    let name = format!("{PREFIX}{}", f.system_name);
    let error = v.errors.of(&name);
    let help = f.note.as_deref().unwrap_or_default();
    let mut options: Vec<(String, String)> = f
        .options
        .iter()
        .map(|o| (o.id.to_string(), o.value.clone()))
        .collect();
    match f.kind {
        FieldType::Checkbox => {
            options = [("yes", "Yes"), ("no", "No")]
                .map(|(value, words)| (value.to_owned(), words.to_owned()))
                .to_vec();
            let control = select(&name, &options, v.typed.one(&name), Some(SAME), error);
            field(&name, &f.name, false, help, error, &control)
        }
        FieldType::Dropdown => {
            let control = html! {
                (select(&name, &options, v.typed.one(&name), Some(SAME), error))
                @if !f.is_required { (empty(v, &name, &f.name)) }
            };
            field(&name, &f.name, false, help, error, &control)
        }
        FieldType::MultiSelect => html! {
            fieldset.field id=(name) {
                legend.label { (f.name) }
                div.checks { @for (id, words) in &options {
                    (checkbox(&name, id, v.typed.all(&name).any(|t| t == id), html! { (words) }))
                } }
                @if !f.is_required { (empty(v, &name, &f.name)) }
                (below(&name, help, error))
            }
        },
        FieldType::Text | FieldType::Steps => long(v, f, &name),
        kind => {
            let (kind, mode) = match kind {
                FieldType::Date => ("date", None),
                FieldType::Link => ("url", None),
                FieldType::Integer => ("text", Some("numeric")),
                FieldType::Float => ("text", Some("decimal")),
                _ => ("text", None),
            };
            line(v, &name, &f.name, kind, mode, help, !f.is_required)
        }
    }
}

fn long(v: &Form, f: &Field, name: &str) -> Markup {
    let error = v.errors.of(name);
    let help = if f.kind == FieldType::Steps {
        "In place of all steps: one on each line, with what should happen behind a tab."
    } else {
        "In place of the whole text. Markdown can be used."
    };
    let control = html! {
        textarea.input id=(name) name=(name) rows="3" placeholder=(SAME) aria-invalid=[error.map(|_| "true")]
            aria-describedby=[described(name, help, error)] { "\n" (v.typed.one(name)) }
        @if !f.is_required { (empty(v, name, &f.name)) }
    };
    field(name, &f.name, false, help, error, &control)
}
