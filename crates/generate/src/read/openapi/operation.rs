//! One operation, in all versions.

use serde_json::Value;

use super::{MAX_OPERATIONS, Reader, parts, string, swagger};
use crate::api::{Direction, Link, Operation, Parameter, Place, Response, SecurityUse};
use crate::read::schema::Loader;
use crate::read::tree::child;
use crate::read::values::examples;

impl Reader<'_> {
    /// Reads the operation at a pointer; `item` is the path that it belongs to.
    pub(super) fn operation(
        &mut self,
        pointer: &str,
        item: &str,
        method: &str,
        path: &str,
        direction: Direction,
        depth: usize,
    ) {
        let Some(value) = self.loader.value(pointer).filter(|value| value.is_object()) else {
            return;
        };
        if self.operations.len() >= MAX_OPERATIONS {
            return;
        }
        let parameters = self.parameters(item, pointer);
        let body = if self.old {
            swagger::body(&mut self.loader, item, pointer)
        } else {
            parts::body(&mut self.loader, &child(pointer, "requestBody"))
        };
        let responses = self.responses(pointer);
        let tags = value
            .get("tags")
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let operation = Operation {
            method: method.to_owned(),
            path: path.to_owned(),
            direction,
            id: string(value.get("operationId")),
            summary: string(value.get("summary")),
            description: string(value.get("description")),
            tags: tags.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            deprecated: value.get("deprecated").and_then(Value::as_bool).unwrap_or(false),
            parameters,
            body,
            responses,
            security: security(
                value
                    .get("security")
                    .or_else(|| self.loader.tree.root.get("security")),
            ),
            pointer: pointer.to_owned(),
            span: self.loader.tree.span(pointer, self.loader.source),
        };
        self.operations.push(operation);
        if !self.old {
            self.callbacks(pointer, depth);
        }
    }

    /// The parameters of a path and of an operation; the operation's win.
    fn parameters(&mut self, item: &str, operation: &str) -> Vec<Parameter> {
        let mut found: Vec<Parameter> = Vec::new();
        for base in [child(item, "parameters"), child(operation, "parameters")] {
            for pointer in entries(&self.loader, &base) {
                let Some(pointer) = self.loader.resolve(&pointer) else {
                    continue;
                };
                let Some(parameter) = parameter(&mut self.loader, &pointer, self.old) else {
                    continue;
                };
                match found
                    .iter_mut()
                    .find(|known| known.name == parameter.name && known.place == parameter.place)
                {
                    Some(known) => *known = parameter,
                    None => found.push(parameter),
                }
            }
        }
        found
    }

    fn responses(&mut self, operation: &str) -> Vec<Response> {
        let base = child(operation, "responses");
        let mut responses = Vec::new();
        for status in self.keys(&base) {
            if status.starts_with("x-") {
                continue;
            }
            let at = child(&base, &status);
            let span = self.loader.tree.span(&at, self.loader.source);
            let Some(pointer) = self.loader.resolve(&at) else {
                continue;
            };
            let Some(value) = self.loader.value(&pointer) else {
                continue;
            };
            let content = if self.old {
                swagger::response_content(&mut self.loader, operation, &pointer)
            } else {
                parts::content(&mut self.loader, &child(&pointer, "content"))
            };
            responses.push(Response {
                description: string(value.get("description")).unwrap_or_default(),
                content,
                headers: self.headers(&pointer),
                links: self.links(&pointer),
                pointer: at,
                span,
                status,
            });
        }
        responses
    }

    fn headers(&mut self, response: &str) -> Vec<(String, crate::schema::SchemaId)> {
        let base = child(response, "headers");
        let mut headers = Vec::new();
        for name in self.keys(&base) {
            let Some(pointer) = self.loader.resolve(&child(&base, &name)) else {
                continue;
            };
            let schema = if self.old {
                pointer
            } else {
                child(&pointer, "schema")
            };
            headers.push((name, self.loader.schema(&schema)));
        }
        headers
    }

    fn links(&mut self, response: &str) -> Vec<Link> {
        let base = child(response, "links");
        let mut links = Vec::new();
        for name in self.keys(&base) {
            let Some(pointer) = self.loader.resolve(&child(&base, &name)) else {
                continue;
            };
            let Some(value) = self.loader.value(&pointer) else {
                continue;
            };
            let target = string(value.get("operationId")).or_else(|| string(value.get("operationRef")));
            let written = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let parameters = value.get("parameters").and_then(Value::as_object);
            let parameters = parameters
                .into_iter()
                .flatten()
                .map(|(name, value)| (name.clone(), written(value)))
                .collect();
            links.push(Link {
                name,
                operation: target.unwrap_or_default(),
                parameters,
            });
        }
        links
    }
}

/// The pointers of the entries of a list.
pub(super) fn entries(loader: &Loader<'_>, base: &str) -> Vec<String> {
    let count = loader.value(base).and_then(Value::as_array).map_or(0, Vec::len);
    (0..count).map(|index| child(base, &index.to_string())).collect()
}

fn parameter(loader: &mut Loader<'_>, pointer: &str, old: bool) -> Option<Parameter> {
    let value = loader.value(pointer)?;
    let place = match value.get("in").and_then(Value::as_str)? {
        "path" => Place::Path,
        "query" => Place::Query,
        "header" => Place::Header,
        "cookie" => Place::Cookie,
        _ => return None,
    };
    let schema = if old {
        pointer.to_owned()
    } else if value.get("schema").is_some() {
        child(pointer, "schema")
    } else {
        // A parameter may be a document of its own: the schema of its only media type.
        let content = child(pointer, "content");
        let kind = value
            .get("content")
            .and_then(Value::as_object)
            .and_then(|content| content.keys().next())?;
        child(&child(&content, kind), "schema")
    };
    Some(Parameter {
        name: string(value.get("name"))?,
        place,
        required: place == Place::Path || value.get("required").and_then(Value::as_bool).unwrap_or(false),
        schema: loader.schema(&schema),
        examples: value.as_object().map(examples).unwrap_or_default(),
        description: string(value.get("description")),
        style: string(value.get("style")).or_else(|| string(value.get("collectionFormat"))),
        explode: value.get("explode").and_then(Value::as_bool),
        pointer: pointer.to_owned(),
        span: loader.tree.span(pointer, loader.source),
    })
}

/// The alternatives to sign in.
fn security(value: Option<&Value>) -> Vec<Vec<SecurityUse>> {
    let alternatives = value
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let scopes = |value: &Value| {
        let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let uses = |alternative: &Value| {
        let schemes = alternative.as_object().into_iter().flatten();
        schemes
            .map(|(scheme, value)| SecurityUse {
                scheme: scheme.clone(),
                scopes: scopes(value),
            })
            .collect()
    };
    alternatives.iter().map(uses).collect()
}
