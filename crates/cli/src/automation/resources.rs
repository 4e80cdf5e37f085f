//! The file of fields, links and artifacts that the `automation:resources` commands write and runs take.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use client::automation_runs::{Artifact, Field, Link, RunAddition};
use junit::cut;
use serde_json::{Map, Value, json};

use super::check::is_link;
use super::failure::Failure;

/// The types of a field by name, with the number that the API has for each.
pub(super) const TYPES: [(&str, u8); 5] = [
    ("string", 1),
    ("url", 5),
    ("text", 2),
    ("console", 4),
    ("html", 3),
];

/// Reads a file and checks it. `what` begins the sentence when there is none: "Resource", "Thread resource".
pub(super) fn read(what: &str, file: Option<&Path>) -> Result<RunAddition, Failure> {
    let Some(file) = file else {
        return Ok(RunAddition::default());
    };
    let text = fs::read_to_string(file).map_err(|error| {
        let name = file.display();
        match error.kind() {
            ErrorKind::NotFound => Failure::new(format!("{what} file does not exist: {name}")),
            _ => Failure::new(format!("Cannot read {name}: {error}")),
        }
    })?;
    let content = parse(file, &text)?;
    let list = |name: &str| content.get(name).and_then(Value::as_array).into_iter().flatten();
    Ok(RunAddition {
        fields: list("fields").map(field).collect::<Result<_, _>>()?,
        links: list("links").map(link).collect::<Result<_, _>>()?,
        artifacts: list("artifacts").map(artifact).collect::<Result<_, _>>()?,
    })
}

/// The file's object; anything else counts as an empty one.
fn parse(file: &Path, text: &str) -> Result<Map<String, Value>, Failure> {
    match serde_json::from_str(text) {
        Ok(Value::Object(content)) => Ok(content),
        Ok(_) => Ok(Map::new()),
        Err(error) => Err(Failure::new(format!("{} is not JSON: {error}", file.display()))),
    }
}

/// Adds an entry to a group of the file, which is made when there is none.
pub(super) fn add(file: &Path, group: &str, entry: Map<String, Value>) -> Result<(), Failure> {
    let told = |error: std::io::Error| Failure::new(format!("Cannot write {}: {error}", file.display()));
    let mut content = match fs::read_to_string(file) {
        Ok(text) => parse(file, &text)?,
        Err(error) if error.kind() == ErrorKind::NotFound => Map::new(),
        Err(error) => return Err(told(error)),
    };
    let list = content.entry(group).or_insert_with(|| json!([]));
    if !list.is_array() {
        *list = json!([]);
    }
    if let Value::Array(entries) = list {
        entries.push(Value::Object(entry));
    }
    // Written beside and renamed, so that the file is never half there.
    let beside = file.with_extension(format!("json.{}", std::process::id()));
    fs::write(&beside, Value::Object(content).to_string()).map_err(told)?;
    fs::rename(&beside, file).map_err(told)
}

/// A text that must be there and not be empty.
fn required(entry: &Value, what: &str, name: &str) -> Result<String, Failure> {
    let text = entry.get(name).and_then(Value::as_str);
    text.filter(|text| !text.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| Failure::new(format!("Missing {what} {name} or empty {name}")))
}

fn note(entry: &Value) -> Option<String> {
    let note = entry.get("note").and_then(Value::as_str);
    note.filter(|note| !note.is_empty())
        .map(|note| cut::note(note).to_owned())
}

fn field(entry: &Value) -> Result<Field, Failure> {
    let name = entry.get("type").and_then(Value::as_str).unwrap_or_default();
    if name.is_empty() {
        return Err(Failure::new("Missing field type or type empty"));
    }
    let Some((_, kind)) = TYPES.iter().find(|(known, _)| *known == name) else {
        return Err(Failure::new("Field type is not a valid type"));
    };
    let label = required(entry, "field", "name")?;
    let Some(value) = entry.get("value").and_then(Value::as_str) else {
        return Err(Failure::new("Missing field value"));
    };
    if name == "url" && !is_link(value) {
        return Err(Failure::new("Field value is not a valid URL"));
    }
    Ok(Field {
        kind: *kind,
        name: cut::short(&label).to_owned(),
        value: match name {
            "text" | "console" => cut::console(value),
            "html" => cut::html(value).to_owned(),
            _ => cut::short(value).to_owned(),
        },
        meta: BTreeMap::new(),
    })
}

fn link(entry: &Value) -> Result<Link, Failure> {
    let (name, url) = (required(entry, "link", "name")?, required(entry, "link", "url")?);
    if !is_link(&url) {
        return Err(Failure::new("Link URL is not a valid URL"));
    }
    Ok(Link {
        name: cut::short(&name).to_owned(),
        note: note(entry),
        url: cut::short(&url).to_owned(),
    })
}

fn artifact(entry: &Value) -> Result<Artifact, Failure> {
    let (name, url) = (
        required(entry, "artifact", "name")?,
        required(entry, "artifact", "url")?,
    );
    if !is_link(&url) {
        return Err(Failure::new("Artifact URL is not a valid URL"));
    }
    let mime_type = entry.get("mimeType").and_then(Value::as_str);
    if mime_type.is_some_and(|text| !is_media_type(text)) {
        return Err(Failure::new("Artifact mime type is not a valid mime type"));
    }
    let size = match entry.get("size") {
        None | Some(Value::Null) => None,
        Some(size) => Some(
            size.as_u64()
                .ok_or_else(|| Failure::new("Artifact size is not a valid number"))?,
        ),
    };
    Ok(Artifact {
        name: cut::short(&name).to_owned(),
        note: note(entry),
        url: cut::short(&url).to_owned(),
        mime_type: mime_type.map(|text| cut::short(text).to_owned()),
        size,
    })
}

/// Letters and digits, a slash, then letters, digits and `-+.`.
fn is_media_type(text: &str) -> bool {
    let is_word = |word: &str, more: &[u8]| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || more.contains(&b))
    };
    text.split_once('/')
        .is_some_and(|(group, kind)| is_word(group, b"") && is_word(kind, b"-+."))
}
