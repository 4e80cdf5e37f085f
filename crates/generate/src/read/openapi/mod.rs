//! `OpenAPI` 3.0, 3.1 and 3.2, and Swagger 2.0: an operation is a requirement, a documented answer a criterion.

mod operation;
mod parts;
mod swagger;

use serde_json::Value;

use super::schema::Loader;
use super::tree::{Tree, child};
use crate::api::{Api, Direction, Operation};
use crate::document::{Document, Format};
use crate::error::ReadError;
use crate::requirement::{Criterion, Form, Requirement, fold};
use crate::span::Source;

/// Methods in the order in which people list them.
const METHODS: [&str; 9] = [
    "get", "post", "put", "patch", "delete", "head", "options", "trace", "query",
];

/// Callbacks inside of callbacks at most.
const MAX_CALLBACKS: usize = 3;

/// Operations of a description at most.
const MAX_OPERATIONS: usize = 20_000;

/// Whether a tree says that it is one of these formats.
pub(super) fn looks_like(tree: &Tree) -> bool {
    tree.root.get("openapi").is_some() || tree.root.get("swagger").is_some()
}

/// Reads a description.
pub(super) fn read(name: &str, text: &str, tree: &Tree) -> Result<Document, ReadError> {
    let source = Source::new(text);
    let version = version(tree, &source)?;
    let old = version.starts_with('2');
    let siblings = version.starts_with('3') && !version.starts_with("3.0");
    let mut reader = Reader {
        loader: Loader::new(tree, &source, siblings),
        old,
        operations: Vec::new(),
    };
    reader.all();
    let mut api = Api {
        title: string(tree.root.pointer("/info/title")).unwrap_or_default(),
        format_version: version,
        servers: if old {
            swagger::servers(&tree.root)
        } else {
            parts::servers(&tree.root)
        },
        security_schemes: parts::schemes(&mut reader.loader, old),
        operations: reader.operations,
        ..Api::default()
    };
    let (schemas, notes) = reader.loader.finish();
    api.schemas = schemas;
    let mut document = Document::new(name, Format::OpenApi, text);
    document.requirements = api
        .operations
        .iter()
        .map(|operation| requirement(operation, &source))
        .collect();
    document.notes = notes;
    document.api = Some(api);
    Ok(document.finish())
}

fn version(tree: &Tree, source: &Source<'_>) -> Result<String, ReadError> {
    let key = if tree.root.get("openapi").is_some() {
        "openapi"
    } else {
        "swagger"
    };
    let value = tree.root.get(key);
    let written = match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) if number.as_f64() == Some(2.0) => "2.0".to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let known = match key {
        "openapi" => ["3.0", "3.1", "3.2"]
            .iter()
            .any(|known| written.starts_with(known)),
        _ => written == "2.0",
    };
    let place = |pointer: &str| {
        let span = tree.span(pointer, source);
        (span.line, span.column)
    };
    if !known {
        let (line, column) = place(&child("", key));
        let message =
            format!("version '{written}' is not one that can be read; write it as 2.0, 3.0, 3.1 or 3.2");
        return Err(ReadError::new(line, column, message));
    }
    let pathless = ["paths", "webhooks", "components"]
        .iter()
        .all(|key| tree.root.get(*key).is_none());
    if pathless {
        let (line, column) = place("");
        return Err(ReadError::new(
            line,
            column,
            "there are neither paths nor webhooks; add what the interface offers",
        ));
    }
    if let Some(paths) = tree
        .root
        .get("paths")
        .filter(|paths| !paths.is_object() && !paths.is_null())
    {
        let (line, column) = place("/paths");
        let kind = if paths.is_array() {
            "a list"
        } else {
            "a single value"
        };
        return Err(ReadError::new(
            line,
            column,
            format!("'paths' is {kind}; write one entry for each path"),
        ));
    }
    Ok(written)
}

pub(super) struct Reader<'a> {
    loader: Loader<'a>,
    old: bool,
    operations: Vec<Operation>,
}

impl Reader<'_> {
    fn all(&mut self) {
        for (key, direction) in [("paths", Direction::Path), ("webhooks", Direction::Webhook)] {
            let pointer = child("", key);
            for path in self.keys(&pointer) {
                if direction == Direction::Path && !path.starts_with('/') {
                    continue;
                }
                self.item(&child(&pointer, &path), &path, direction, 0);
            }
        }
    }

    /// The keys of a mapping in the order of the source.
    fn keys(&self, pointer: &str) -> Vec<String> {
        let Some(map) = self.loader.value(pointer).and_then(Value::as_object) else {
            return Vec::new();
        };
        let mut keys: Vec<(usize, String)> = map
            .keys()
            .map(|key| (self.loader.tree.order(&child(pointer, key)), key.clone()))
            .collect();
        keys.sort();
        keys.into_iter().map(|(_, key)| key).collect()
    }

    /// The operations of a path.
    fn item(&mut self, pointer: &str, path: &str, direction: Direction, depth: usize) {
        let Some(pointer) = self.loader.resolve(pointer) else {
            return;
        };
        for key in self.keys(&pointer) {
            if METHODS.contains(&key.as_str()) {
                self.operation(
                    &child(&pointer, &key),
                    &pointer,
                    &key.to_uppercase(),
                    path,
                    direction,
                    depth,
                );
            } else if key == "additionalOperations" {
                let base = child(&pointer, &key);
                for method in self.keys(&base) {
                    self.operation(&child(&base, &method), &pointer, &method, path, direction, depth);
                }
            }
        }
    }

    fn callbacks(&mut self, operation: &str, depth: usize) {
        if depth >= MAX_CALLBACKS {
            return;
        }
        let base = child(operation, "callbacks");
        for name in self.keys(&base) {
            let Some(pointer) = self.loader.resolve(&child(&base, &name)) else {
                continue;
            };
            for expression in self.keys(&pointer) {
                self.item(
                    &child(&pointer, &expression),
                    &expression,
                    Direction::Callback,
                    depth + 1,
                );
            }
        }
    }
}

/// An operation as a requirement.
fn requirement(operation: &Operation, source: &Source<'_>) -> Requirement {
    let id = format!("{} {}", operation.method, operation.path);
    let title = operation
        .summary
        .clone()
        .or_else(|| operation.id.clone())
        .unwrap_or_else(|| id.clone());
    let criteria = operation.responses.iter().map(|response| {
        let description = fold(&response.description);
        let separator = if description.is_empty() { "" } else { ": " };
        Criterion {
            label: Some(response.status.clone()),
            text: format!("{id} answers {}{separator}{description}", response.status),
            span: response.span,
            form: Form::Response {
                status: response.status.clone(),
            },
            ..Criterion::default()
        }
    });
    Requirement {
        criteria: criteria.collect(),
        title: fold(&title),
        text: fold(operation.description.as_deref().unwrap_or_default()),
        span: source.span(operation.span.range()),
        tags: operation.tags.clone(),
        id,
        ..Requirement::default()
    }
}

/// A value as text.
fn string(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}
