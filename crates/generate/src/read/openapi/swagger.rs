//! Parts that only Swagger 2.0 has: bodies and forms among the parameters, media types of operations.

use serde_json::Value;

use super::operation::entries;
use super::string;
use crate::api::{Body, Media};
use crate::read::schema::Loader;
use crate::read::tree::child;
use crate::schema::{JsonType, Schema};

/// The media types that an operation, else the description, names.
fn media_types(loader: &Loader<'_>, operation: &str, key: &str) -> Vec<String> {
    let own = loader.value(&child(operation, key)).and_then(Value::as_array);
    let list = own.or_else(|| loader.tree.root.get(key).and_then(Value::as_array));
    list.into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// The body of an operation: a parameter `in: body`, or all those `in: formData`.
pub(super) fn body(loader: &mut Loader<'_>, item: &str, operation: &str) -> Option<Body> {
    let mut pointers = entries(loader, &child(operation, "parameters"));
    pointers.extend(entries(loader, &child(item, "parameters")));
    let mut fields: Vec<(String, String, bool)> = Vec::new();
    for pointer in pointers {
        let Some(pointer) = loader.resolve(&pointer) else {
            continue;
        };
        let Some(value) = loader.value(&pointer) else {
            continue;
        };
        let required = value.get("required").and_then(Value::as_bool).unwrap_or(false);
        match value.get("in").and_then(Value::as_str) {
            Some("body") => return Some(whole(loader, operation, pointer, required)),
            Some("formData") => {
                let name = string(value.get("name")).unwrap_or_default();
                if !fields.iter().any(|(known, _, _)| *known == name) {
                    fields.push((name, pointer, required));
                }
            }
            _ => {}
        }
    }
    if fields.is_empty() {
        None
    } else {
        Some(form(loader, operation, fields))
    }
}

fn whole(loader: &mut Loader<'_>, operation: &str, pointer: String, required: bool) -> Body {
    let mut types = media_types(loader, operation, "consumes");
    if types.is_empty() {
        types.push("application/json".to_owned());
    }
    let schema = loader.schema(&child(&pointer, "schema"));
    let content = types.into_iter().map(|media_type| Media {
        media_type,
        schema: Some(schema),
        examples: Vec::new(),
    });
    Body {
        required,
        content: content.collect(),
        span: loader.tree.span(&pointer, loader.source),
        pointer,
    }
}

fn form(loader: &mut Loader<'_>, operation: &str, fields: Vec<(String, String, bool)>) -> Body {
    let mut schema = Schema {
        pointer: child(operation, "parameters"),
        types: vec![JsonType::Object],
        ..Schema::default()
    };
    schema.span = loader.tree.span(&schema.pointer, loader.source);
    let mut file = false;
    for (name, pointer, required) in fields {
        file |= loader
            .value(&pointer)
            .and_then(|value| value.get("type")?.as_str())
            == Some("file");
        if required {
            schema.required.push(name.clone());
        }
        let field = loader.schema(&pointer);
        schema.properties.push((name, field));
    }
    let required = !schema.required.is_empty();
    let (pointer, span) = (schema.pointer.clone(), schema.span);
    let schema = loader.push(schema);
    let mut types = media_types(loader, operation, "consumes");
    types.retain(|kind| kind.contains("form"));
    if types.is_empty() {
        types.push(
            if file {
                "multipart/form-data"
            } else {
                "application/x-www-form-urlencoded"
            }
            .to_owned(),
        );
    }
    let content = types.into_iter().map(|media_type| Media {
        media_type,
        schema: Some(schema),
        examples: Vec::new(),
    });
    Body {
        required,
        content: content.collect(),
        pointer,
        span,
    }
}

/// What a response holds, in each media type that the operation answers.
pub(super) fn response_content(loader: &mut Loader<'_>, operation: &str, response: &str) -> Vec<Media> {
    let at = child(response, "schema");
    if loader.value(&at).is_none() {
        return Vec::new();
    }
    let mut types = media_types(loader, operation, "produces");
    if types.is_empty() {
        types.push("application/json".to_owned());
    }
    let schema = loader.schema(&at);
    let example = |media_type: &str, loader: &Loader<'_>| {
        loader
            .value(&child(&child(response, "examples"), media_type))
            .cloned()
            .into_iter()
            .collect()
    };
    types
        .into_iter()
        .map(|media_type| Media {
            examples: example(&media_type, loader),
            media_type,
            schema: Some(schema),
        })
        .collect()
}

/// The addresses that host, base path and schemes make.
pub(super) fn servers(root: &Value) -> Vec<String> {
    let base = string(root.get("basePath")).unwrap_or_default();
    let Some(host) = string(root.get("host")) else {
        return if base.is_empty() { Vec::new() } else { vec![base] };
    };
    let schemes = root
        .get("schemes")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let mut servers: Vec<String> = schemes
        .iter()
        .filter_map(Value::as_str)
        .map(|scheme| format!("{scheme}://{host}{base}"))
        .collect();
    if servers.is_empty() {
        servers.push(format!("https://{host}{base}"));
    }
    servers
}
