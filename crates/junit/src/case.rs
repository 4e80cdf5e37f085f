//! One `testcase` element as a test.

use std::collections::BTreeMap;
use std::io::BufRead;

use sha2::{Digest, Sha256};

use crate::directives;
use crate::error::{Fault, Problem};
use crate::escape;
use crate::findings::{Findings, Property};
use crate::number::{integer, microseconds};
use crate::test::{Field, FieldKind, Status, Test, UNNAMED_FOLDER};
use crate::text::{Content, SHORT, both_ends, head, trim};
use crate::xml::{Node, Tag, Xml};

/// Attachments of one test that are sent.
pub(crate) const MOST_ATTACHMENTS: usize = 24;
/// Fields of one test that are sent, beside its attachments and steps.
pub(crate) const MOST_FIELDS: usize = 24;
/// Steps of one test that are sent.
pub(crate) const MOST_STEPS: usize = 99;

/// The attributes of a `testcase` or of an outcome, trimmed and decoded; empty ones are absent.
#[derive(Debug, Default)]
pub(crate) struct Attributes {
    name: Option<String>,
    classname: Option<String>,
    class: Option<String>,
    time: Option<String>,
    duration: Option<String>,
    file: Option<String>,
    line: Option<String>,
    assertions: Option<String>,
    message: Option<String>,
    kind: Option<String>,
    value: Option<String>,
}

impl Attributes {
    pub(crate) fn read(tag: &Tag<'_>) -> Result<Self, Fault> {
        Self::parse(tag).map_err(|problem| Fault::new(tag.start, problem))
    }

    fn parse(tag: &Tag<'_>) -> Result<Self, Problem> {
        let mut found = Self::default();
        for attribute in tag.attributes() {
            let (name, raw) = attribute?;
            let place = match name {
                "name" => &mut found.name,
                "classname" => &mut found.classname,
                "class" => &mut found.class,
                "time" => &mut found.time,
                "duration" => &mut found.duration,
                "file" => &mut found.file,
                "line" => &mut found.line,
                "assertions" => &mut found.assertions,
                "message" => &mut found.message,
                "type" => &mut found.kind,
                "value" => &mut found.value,
                _ => continue,
            };
            let raw = trim(raw);
            *place = if raw.is_empty() {
                None
            } else {
                Some(escape::decode(raw)?.into_owned())
            };
        }
        Ok(found)
    }

    fn elapsed(&self) -> Option<u64> {
        let micros = |value: &Option<String>| microseconds(value.as_deref()?);
        micros(&self.time).or_else(|| micros(&self.duration))
    }
}

/// The children of a `testcase` that count.
enum Child {
    Outcome(Status),
    Output,
    Errors,
    Properties,
    Other,
}

impl Child {
    fn of(name: &str) -> Self {
        match name {
            "skipped" => Self::Outcome(Status::Skipped),
            "failure" => Self::Outcome(Status::Failure),
            "error" => Self::Outcome(Status::Error),
            "system-out" => Self::Output,
            "system-err" => Self::Errors,
            "properties" => Self::Properties,
            _ => Self::Other,
        }
    }
}

/// What a `testcase` holds, already cut to what is sent.
#[derive(Default)]
struct Contents {
    skipped: Vec<Field>,
    failures: Vec<Field>,
    errors: Vec<Field>,
    status: Option<Status>,
    output: Option<directives::Output>,
    error_output: Option<directives::Output>,
    properties: Option<Findings>,
}

/// Reads the content of the `testcase` that was just opened. `None` when it has no name.
pub(crate) fn read<R: BufRead>(xml: &mut Xml<R>, attributes: Attributes) -> Result<Option<Test>, Fault> {
    let elapsed = attributes.elapsed();
    let Some(name) = attributes.name else {
        xml.skip_element()?;
        return Ok(None);
    };
    let class = attributes.classname.or(attributes.class);
    let (artifacts, fields, status) = read_contents(xml)?.map();
    Ok(Some(Test {
        elapsed,
        file: attributes.file.map(shortened),
        line: attributes.line.as_deref().and_then(integer),
        assertions: attributes.assertions.as_deref().and_then(integer),
        artifacts,
        fields,
        ..bare(class.as_deref(), &name, status)
    }))
}

/// A test of which nothing more is known.
pub(crate) fn bare(class: Option<&str>, name: &str, status: Status) -> Test {
    Test {
        key: key(class, name),
        name: head(name, SHORT).to_owned(),
        folder: head(class.unwrap_or(UNNAMED_FOLDER), SHORT).to_owned(),
        status,
        elapsed: None,
        file: None,
        line: None,
        assertions: None,
        artifacts: vec![],
        fields: vec![],
    }
}

/// `value` up to [`SHORT`] code units.
fn shortened(mut value: String) -> String {
    value.truncate(head(&value, SHORT).len());
    value
}

/// SHA-256 of `class.name`, or of the name alone, in lower-case hex. Neither is cut before.
fn key(class: Option<&str>, name: &str) -> String {
    let mut hash = Sha256::new();
    if let Some(class) = class {
        hash.update(class);
        hash.update(".");
    }
    hash.update(name);
    let digits = hash
        .finalize()
        .into_iter()
        .flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

fn read_contents<R: BufRead>(xml: &mut Xml<R>) -> Result<Contents, Fault> {
    let mut contents = Contents::default();
    loop {
        let (child, attributes) = match xml.next()? {
            Node::Open(tag) => (Child::of(tag.name()), Attributes::read(&tag)?),
            Node::Close => return Ok(contents),
            Node::End => return Err(xml.fault(Problem::Truncated)),
            _ => continue,
        };
        match child {
            Child::Outcome(status) => contents.add_outcome(status, &read_text(xml)?, attributes),
            Child::Output if contents.output.is_none() => {
                contents.output = Some(directives::split(&read_text(xml)?));
            }
            Child::Errors if contents.error_output.is_none() => {
                contents.error_output = Some(directives::split(&read_text(xml)?));
            }
            Child::Properties if contents.properties.is_none() => {
                contents.properties = Some(read_properties(xml)?);
            }
            _ => xml.skip_element()?,
        }
    }
}

/// The text of the element that was just opened, without that of its children.
fn read_text<R: BufRead>(xml: &mut Xml<R>) -> Result<String, Fault> {
    let mut content = Content::default();
    loop {
        let added = match xml.next()? {
            Node::Open(_) => {
                xml.skip_element()?;
                content.end_stretch()
            }
            Node::Close => return content.finish().map_err(|problem| xml.fault(problem)),
            Node::Text(raw) => {
                content.push_raw(&raw);
                Ok(())
            }
            Node::Reference(name) => {
                content.push_reference(&name);
                Ok(())
            }
            Node::CData(verbatim) => content.push_cdata(&verbatim),
            Node::Instruction => content.end_stretch(),
            Node::Comment => Ok(()),
            Node::End => Err(Problem::Truncated),
        };
        added.map_err(|problem| xml.fault(problem))?;
    }
}

fn read_properties<R: BufRead>(xml: &mut Xml<R>) -> Result<Findings, Fault> {
    let mut findings = Findings::default();
    loop {
        let attributes = match xml.next()? {
            Node::Open(tag) if tag.name() == "property" => Attributes::read(&tag)?,
            Node::Open(_) => {
                xml.skip_element()?;
                continue;
            }
            Node::Close => return Ok(findings),
            Node::End => return Err(xml.fault(Problem::Truncated)),
            _ => continue,
        };
        let text = read_text(xml)?;
        let Some(name) = attributes.name.as_deref() else {
            continue;
        };
        match attributes.value.as_deref() {
            Some(value) => findings.add(&Property {
                name,
                value,
                is_multi_line: false,
            }),
            None if text.is_empty() => {}
            None => findings.add(&Property {
                name,
                value: trim(&text),
                is_multi_line: true,
            }),
        }
    }
}

impl Contents {
    fn add_outcome(&mut self, status: Status, text: &str, attributes: Attributes) {
        self.status = self.status.max(Some(status));
        let (name, fields) = match status {
            Status::Error => ("Error", &mut self.errors),
            Status::Failure => ("Failure", &mut self.failures),
            Status::Skipped | Status::Passed => ("Skipped", &mut self.skipped),
        };
        if fields.len() < MOST_FIELDS {
            fields.extend(outcome_field(name, text, attributes));
        }
    }

    /// Puts everything in the order of the contract and keeps what is sent.
    fn map(self) -> (Vec<crate::Artifact>, Vec<Field>, Status) {
        let (output, mut findings) = self
            .output
            .map(directives::Output::into_parts)
            .unwrap_or_default();
        let (errors, more) = self
            .error_output
            .map(directives::Output::into_parts)
            .unwrap_or_default();
        findings.append(more);
        findings.append(self.properties.unwrap_or_default());
        let (artifacts, mut fields) = findings.attachments();
        let outputs = [("Output", output), ("Errors", errors)];
        let outputs = outputs
            .into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| Field {
                kind: FieldKind::Console,
                name: name.to_owned(),
                value: text,
                meta: BTreeMap::new(),
                is_highlight: Some(false),
            });
        let steps = findings.steps_field();
        let outcomes = self.skipped.into_iter().chain(self.failures).chain(self.errors);
        fields.extend(outcomes.chain(outputs).chain(findings.fields).take(MOST_FIELDS));
        fields.extend(steps);
        (artifacts, fields, self.status.unwrap_or(Status::Passed))
    }
}

/// What a `skipped`, `failure` or `error` element says: its text, else its message, else its type;
/// what is not the value goes to `meta`.
fn outcome_field(name: &str, text: &str, attributes: Attributes) -> Option<Field> {
    outcome_of(name, text, attributes.message, attributes.kind, true)
}

/// As [`outcome_field`]; `is_highlight` when it tells why the test did not pass.
pub(crate) fn outcome_of(
    name: &str,
    text: &str,
    mut message: Option<String>,
    mut kind: Option<String>,
    is_highlight: bool,
) -> Option<Field> {
    let value = if text.is_empty() {
        message.take().or_else(|| kind.take())?
    } else {
        text.to_owned()
    };
    let meta = [("message", message), ("type", kind)];
    let meta = meta
        .into_iter()
        .filter_map(|(key, value)| Some((key, shortened(value?))));
    Some(Field {
        kind: FieldKind::Console,
        name: name.to_owned(),
        value: both_ends(&value),
        meta: meta.collect(),
        is_highlight: Some(is_highlight),
    })
}
