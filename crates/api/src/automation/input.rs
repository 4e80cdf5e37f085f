//! From the wire to what `app` takes: what is required, how long it may be, and which status an alias names.

use super::dto::{ArtifactIn, FieldIn, LinkIn, RunIn, TestIn, ThreadIn};
use crate::wire::Whole;
use app::automation::runs::NewRun;
use app::automation::threads::NewThread;
use app::{Error, FieldError};
use model::automation::{Artifact, FIELD_TYPES, Field, Link, NOTE_MAX, NewTest};
use model::status::Statuses;
use model::text;
use store::automation::Additions;
use store::automation::thread::Elapsed;

/// Most characters of a name, key, folder, file or address. Testmo's command line cuts at 750 (contract §7.3).
const TEXT_MAX: usize = 2000;
/// Most characters of a tag or of a source's name.
const TAG_MAX: usize = 255;
/// Errors that are told at most.
const ERRORS_MAX: usize = 100;

/// Gathers what is wrong, by dotted path.
#[derive(Default)]
pub(super) struct Input(Vec<FieldError>);

impl Input {
    pub(super) fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Error::Invalid(self.0))
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= ERRORS_MAX
    }

    fn refuse(&mut self, path: &str, name: &str, what: &str) {
        if !self.is_full() {
            let field = format!("{path}{name}");
            let text = format!("The {field} field {what}.");
            self.0.push(FieldError::new(field, text));
        }
    }

    fn required(&mut self, path: &str, name: &str, value: Option<String>, max: usize) -> String {
        match value {
            Some(text) if text.trim().is_empty() => self.refuse(path, name, "is required"),
            Some(text) => return self.bounded(path, name, text, max),
            None => self.refuse(path, name, "is required"),
        }
        String::new()
    }

    /// A required name of the body itself, without blanks at its ends.
    pub(super) fn name(&mut self, name: &str, value: Option<String>, max: usize) -> String {
        self.required("", name, value, max).trim().to_owned()
    }

    /// What `read` finds wrong lies in the object `name`.
    pub(super) fn inside<T>(&mut self, name: &str, read: impl FnOnce(&mut Input) -> T) -> T {
        let before = self.0.len();
        let value = read(self);
        for error in &mut self.0[before..] {
            let field = format!("{name}.{}", error.field);
            error.text = error.text.replacen(&error.field, &field, 1);
            error.field = field;
        }
        value
    }

    /// Required, but may be empty: Testmo's command line sends a property without a name as a field without one.
    fn present(&mut self, path: &str, name: &str, value: Option<String>, max: usize) -> String {
        match value {
            Some(text) => self.bounded(path, name, text, max),
            None => self.required(path, name, None, max),
        }
    }

    fn bounded(&mut self, path: &str, name: &str, text: String, max: usize) -> String {
        if text.len() > max && text.chars().nth(max).is_some() {
            self.refuse(path, name, &format!("may have at most {max} characters"));
        }
        text::storable(text)
    }

    fn optional(&mut self, path: &str, name: &str, value: Option<String>, max: usize) -> Option<String> {
        value
            .filter(|v| !v.is_empty())
            .map(|v| self.bounded(path, name, v, max))
    }

    fn number(&mut self, path: &str, name: &str, value: Option<Whole>) -> Option<i64> {
        let number = value?.0;
        if number < 0 {
            self.refuse(path, name, "must not be negative");
        }
        Some(number)
    }

    fn field(&mut self, path: &str, f: FieldIn) -> Field {
        let kind = f.kind.map_or(0, |k| k.0);
        if !FIELD_TYPES.contains(&kind) {
            self.refuse(
                path,
                "type",
                "must be 1 (string), 2 (text), 3 (HTML), 4 (console) or 5 (URL)",
            );
        }
        let meta = f.meta.map(|m| {
            m.into_iter()
                .map(|(k, v)| (text::storable(k), text::storable(v)))
                .collect()
        });
        Field {
            kind,
            name: self.present(path, "name", f.name, TEXT_MAX),
            value: f.value.map(text::storable),
            meta,
            is_highlight: f.is_highlight.unwrap_or(false),
        }
    }

    fn artifact(&mut self, path: &str, a: ArtifactIn) -> Artifact {
        Artifact {
            name: self.required(path, "name", a.name, TEXT_MAX),
            note: self.optional(path, "note", a.note, NOTE_MAX),
            url: self.required(path, "url", a.url, TEXT_MAX),
            mime_type: self.optional(path, "mime_type", a.mime_type, TAG_MAX),
            size: self.number(path, "size", a.size),
        }
    }

    fn link(&mut self, path: &str, l: LinkIn) -> Link {
        Link {
            name: self.required(path, "name", l.name, TEXT_MAX),
            note: self.optional(path, "note", l.note, NOTE_MAX),
            url: self.required(path, "url", l.url, TEXT_MAX),
        }
    }

    fn each<T, U>(
        &mut self,
        path: &str,
        name: &str,
        list: Vec<T>,
        f: fn(&mut Input, &str, T) -> U,
    ) -> Vec<U> {
        list.into_iter()
            .enumerate()
            .map(|(i, item)| f(self, &format!("{path}{name}.{i}."), item))
            .collect()
    }

    pub(super) fn additions(
        &mut self,
        fields: Vec<FieldIn>,
        artifacts: Vec<ArtifactIn>,
        links: Vec<LinkIn>,
    ) -> Additions {
        Additions {
            fields: self.each("", "fields", fields, Input::field),
            artifacts: self.each("", "artifacts", artifacts, Input::artifact),
            links: self.each("", "links", links, Input::link),
        }
    }

    pub(super) fn thread(&mut self, t: ThreadIn) -> NewThread {
        NewThread {
            elapsed: self.elapsed(&t),
            additions: self.additions(t.fields, t.artifacts, Vec::new()),
        }
    }

    pub(super) fn elapsed(&mut self, t: &ThreadIn) -> Elapsed {
        Elapsed {
            observed: self.number("", "elapsed_observed", t.elapsed_observed),
            computed: self.number("", "elapsed_computed", t.elapsed_computed),
        }
    }

    pub(super) fn run(&mut self, r: RunIn) -> NewRun {
        let tags = self.each("", "tags", r.tags, |input, path, tag| {
            let path = path.trim_end_matches('.');
            let tag = input.required(path, "", Some(tag), TAG_MAX).trim().to_owned();
            if tag.contains(['\n', ',']) {
                input.refuse(path, "", "must not contain commas or line breaks");
            }
            tag
        });
        NewRun {
            name: self.required("", "name", r.name, TEXT_MAX),
            source: self.required("", "source", r.source, TAG_MAX).trim().to_owned(),
            config_id: r.config_id.map(|c| c.0),
            config: r.config.filter(|c| !c.is_empty()).map(text::storable),
            milestone_id: r.milestone_id.map(|m| m.0),
            milestone: r.milestone.filter(|m| !m.is_empty()).map(text::storable),
            tags: distinct(tags),
            additions: self.additions(r.fields, r.artifacts, r.links),
        }
    }

    /// A test; `place` is its number in the body.
    pub(super) fn test(&mut self, place: usize, t: TestIn, statuses: &Statuses) -> NewTest {
        // Paths are only made when something is wrong or lists have to be walked: this runs for every test of every run.
        let wrong = self.0.len();
        let status_id = t
            .status
            .as_deref()
            .and_then(|alias| statuses.by_alias(alias))
            .map(|s| s.id);
        if status_id.is_none() {
            let what = if t.status.is_some() {
                "is no status that this instance knows"
            } else {
                "is required"
            };
            self.refuse("", "status", what);
        }
        let test = NewTest {
            key: self.required("", "key", t.key, TAG_MAX),
            // Clients send a blank where the test's own name was one; the rest of the file counts nevertheless.
            name: match t.name {
                Some(name) if !name.is_empty() => self.bounded("", "name", name, TEXT_MAX),
                _ => self.required("", "name", None, TEXT_MAX),
            },
            status_id: status_id.unwrap_or_default(),
            folder: match t.folder {
                Some(folder) => self.bounded("", "folder", folder, TEXT_MAX),
                None => self.required("", "folder", None, TEXT_MAX),
            },
            elapsed: self.number("", "elapsed", t.elapsed),
            file: self.optional("", "file", t.file, TEXT_MAX),
            line: self.number("", "line", t.line),
            assertions: self.number("", "assertions", t.assertions),
            fields: self.each("", "fields", t.fields, Input::field),
            artifacts: self.each("", "artifacts", t.artifacts, Input::artifact),
        };
        for error in &mut self.0[wrong..] {
            let field = format!("tests.{place}.{}", error.field);
            error.text = error.text.replacen(&error.field, &field, 1);
            error.field = field;
        }
        test
    }
}

fn distinct(tags: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(tags.len());
    for tag in tags {
        if !out.contains(&tag) {
            out.push(tag);
        }
    }
    out
}
