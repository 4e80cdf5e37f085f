//! Properties and attachments of a test, whether they come from directives or from `<properties>`.

use std::collections::BTreeMap;

use crate::case::{MOST_ATTACHMENTS, MOST_FIELDS, MOST_STEPS};
use crate::escape;
use crate::media;
use crate::test::{Artifact, Field, FieldKind};
use crate::text::{LONG, SHORT, both_ends, head, trim};

/// A named value.
pub(crate) struct Property<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    /// Whether it was written in the form that may have several lines.
    pub(crate) is_multi_line: bool,
}

/// What was found so far, never more than what can be sent.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    /// By the directive `[[ATTACHMENT|…]]`.
    attached: Vec<Attachment>,
    /// By a property named `attachment…`.
    attached_by_property: Vec<Attachment>,
    /// By other properties.
    pub(crate) fields: Vec<Field>,
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Attachment {
    Remote(Artifact),
    Local(Field),
}

#[derive(Debug)]
struct Step {
    status: Option<String>,
    content: String,
}

impl Findings {
    /// Notes the attachment of a directive.
    pub(crate) fn attach(&mut self, path: &str) {
        push(&mut self.attached, MOST_ATTACHMENTS, || {
            attachment("attachment", path)
        });
    }

    /// Notes a property: an attachment or a step by the start of its name in any case, otherwise a field.
    pub(crate) fn add(&mut self, property: &Property<'_>) {
        let Property { name, value, .. } = *property;
        if starts_with_ignoring_case(name, "attachment") {
            push(&mut self.attached_by_property, MOST_ATTACHMENTS, || {
                attachment(name, value)
            });
        } else if starts_with_ignoring_case(name, "step") {
            push(&mut self.steps, MOST_STEPS, || step(name, value));
        } else {
            push(&mut self.fields, MOST_FIELDS, || field(property));
        }
    }

    /// Notes a step whose text is no markup.
    pub(crate) fn add_step(&mut self, status: &str, text: &str) {
        push(&mut self.steps, MOST_STEPS, || Step {
            status: Some(escape::markup(status)).filter(|status| !status.is_empty()),
            content: head(&escape::markup(text), LONG).to_owned(),
        });
    }

    /// Puts `later` behind what is there.
    pub(crate) fn append(&mut self, later: Self) {
        self.attached.extend(later.attached);
        self.attached_by_property.extend(later.attached_by_property);
        self.fields.extend(later.fields);
        self.steps.extend(later.steps);
    }

    /// The attachments that are sent: those on the web, and fields for the others.
    pub(crate) fn attachments(&mut self) -> (Vec<Artifact>, Vec<Field>) {
        let (mut artifacts, mut fields) = (Vec::new(), Vec::new());
        let attachments = self.attached.drain(..).chain(self.attached_by_property.drain(..));
        for attachment in attachments.take(MOST_ATTACHMENTS) {
            match attachment {
                Attachment::Remote(artifact) => artifacts.push(artifact),
                Attachment::Local(field) => fields.push(field),
            }
        }
        (artifacts, fields)
    }

    /// The steps as one HTML field. Their content is inserted as it is.
    pub(crate) fn steps_field(&self) -> Option<Field> {
        if self.steps.is_empty() {
            return None;
        }
        let mut html = "<test-steps>".to_owned();
        for Step { status, content } in self.steps.iter().take(MOST_STEPS) {
            let status = status
                .as_ref()
                .map(|status| format!(" status=\"{status}\""))
                .unwrap_or_default();
            html.extend(["<test-step", &status, ">", content, "</test-step>\n"]);
        }
        html.push_str("</test-steps>");
        Some(property_field(FieldKind::Html, "Steps", &html))
    }
}

fn push<T>(list: &mut Vec<T>, most: usize, item: impl FnOnce() -> T) {
    if list.len() < most {
        list.push(item());
    }
}

fn starts_with_ignoring_case(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

fn attachment(name: &str, value: &str) -> Attachment {
    if !value.starts_with("https://") {
        return Attachment::Local(Field {
            is_highlight: None,
            ..property_field(FieldKind::Text, name, value)
        });
    }
    let file = value.rsplit('/').next().filter(|_| !value.ends_with(['/', '\\']));
    Attachment::Remote(Artifact {
        name: head(file.unwrap_or(name), SHORT).to_owned(),
        url: head(value, SHORT).to_owned(),
        mime_type: file.and_then(media::type_of).map(str::to_owned),
    })
}

/// `step[status]…` gives a status. More than [`LONG`] code units of a content can never be seen.
fn step(name: &str, content: &str) -> Step {
    let status = name["step".len()..]
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'));
    let status = status
        .map(|(status, _)| head(trim(status), LONG).to_owned())
        .filter(|status| !status.is_empty());
    Step {
        status,
        content: head(content, LONG).to_owned(),
    }
}

fn field(property: &Property<'_>) -> Field {
    let prefixes = [
        ("string:", FieldKind::Text),
        ("url:", FieldKind::Url),
        ("text:", FieldKind::MultiLine),
        ("console:", FieldKind::Console),
        ("html:", FieldKind::Html),
    ];
    let Property {
        name,
        value,
        is_multi_line,
    } = *property;
    let prefixed = prefixes
        .iter()
        .find_map(|(prefix, kind)| Some((*kind, name.strip_prefix(prefix)?)));
    match prefixed {
        Some((FieldKind::Url, name)) if !value.starts_with("https://") => {
            property_field(FieldKind::Text, name, value)
        }
        Some((kind, name)) => property_field(kind, name, value),
        None if is_multi_line => property_field(FieldKind::MultiLine, name, value),
        None => property_field(FieldKind::Text, name, value),
    }
}

pub(crate) fn property_field(kind: FieldKind, name: &str, value: &str) -> Field {
    let value = match kind {
        FieldKind::Text | FieldKind::Url => head(value, SHORT).to_owned(),
        FieldKind::MultiLine | FieldKind::Console => both_ends(value),
        FieldKind::Html => head(value, LONG).to_owned(),
    };
    Field {
        kind,
        name: head(name, SHORT).to_owned(),
        value,
        meta: BTreeMap::new(),
        is_highlight: Some(false),
    }
}
