//! `automation:resources:add-field`, `add-link` and `add-artifact`: no server is needed.

use std::fs;
use std::io::{self, IsTerminal as _, Read as _};

use junit::{cut, media};
use serde_json::{Map, Value, json};

use super::args::{AddArtifact, AddField, AddLink};
use super::check::is_link;
use super::failure::Failure;
use super::resources::{TYPES, add};

/// Longest value that is read from stdin, in bytes: more than the longest that can be sent.
const LONGEST: u64 = 64 << 20;

pub(super) fn field(args: &AddField) -> Result<(), Failure> {
    if !TYPES.iter().any(|(known, _)| *known == args.kind) {
        return Err(Failure::new(
            "Type must be either: string, url, text, console, html",
        ));
    }
    check_name(&args.name)?;
    let value = match args.kind.as_str() {
        "string" | "url" => args.value.clone().filter(|value| !value.is_empty()),
        _ => Some(stdin()?),
    };
    let value = value.ok_or_else(|| Failure::new("Field value is missing"))?;
    if args.kind == "url" && !is_link(&value) {
        return Err(Failure::new("URL is not a valid link"));
    }
    let entry = entry([
        ("type", json!(args.kind)),
        ("name", json!(args.name)),
        ("value", json!(value)),
    ]);
    add(&args.resources, "fields", entry)
}

pub(super) fn link(args: &AddLink) -> Result<(), Failure> {
    check_name(&args.name)?;
    check_link(&args.url)?;
    let mut entry = entry([("name", json!(args.name)), ("url", json!(args.url))]);
    note(&mut entry, args.note.as_deref());
    add(&args.resources, "links", entry)
}

pub(super) fn artifact(args: &AddArtifact) -> Result<(), Failure> {
    check_name(&args.name)?;
    check_link(&args.url)?;
    let mut entry = entry([("name", json!(args.name)), ("url", json!(args.url))]);
    note(&mut entry, args.note.as_deref());
    if let Some(file) = &args.file {
        let Ok(about) = fs::metadata(file) else {
            let name = file.display();
            return Err(Failure::new(format!("Artifact file does not exist: {name}")));
        };
        if let Some(media_type) = file.to_str().and_then(media::type_of) {
            entry.insert("mimeType".to_owned(), json!(media_type));
        }
        entry.insert("size".to_owned(), json!(about.len()));
    }
    add(&args.resources, "artifacts", entry)
}

fn check_name(name: &str) -> Result<(), Failure> {
    match name {
        "" => Err(Failure::new("Name cannot be empty")),
        _ => Ok(()),
    }
}

fn check_link(url: &str) -> Result<(), Failure> {
    if is_link(url) {
        Ok(())
    } else {
        Err(Failure::new("URL is not a valid link"))
    }
}

fn entry<const N: usize>(pairs: [(&str, Value); N]) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn note(entry: &mut Map<String, Value>, note: Option<&str>) {
    if let Some(note) = note.filter(|note| !note.is_empty()) {
        entry.insert("note".to_owned(), json!(note));
    }
}

/// What was piped in, trimmed. Nothing is waited for on a terminal.
fn stdin() -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        stdin
            .lock()
            .take(LONGEST)
            .read_to_end(&mut bytes)
            .map_err(|error| Failure::new(format!("Cannot read stdin: {error}")))?;
    }
    let text = String::from_utf8_lossy(&bytes);
    match cut::trimmed(&text) {
        "" => Err(Failure::new("Required stdin for text, console, html is empty")),
        value => Ok(value.to_owned()),
    }
}
