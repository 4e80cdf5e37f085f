//! Parts that `OpenAPI` 3 has: bodies, media types, servers, ways to sign in.

use std::collections::BTreeMap;

use serde_json::Value;

use super::string;
use crate::api::{Body, Media, SecurityScheme};
use crate::read::schema::Loader;
use crate::read::tree::child;
use crate::read::values::examples;

/// The body at a pointer.
pub(super) fn body(loader: &mut Loader<'_>, pointer: &str) -> Option<Body> {
    loader.value(pointer)?;
    let span = loader.tree.span(pointer, loader.source);
    let target = loader.resolve(pointer)?;
    let required = loader
        .value(&target)?
        .get("required")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let content = content(loader, &child(&target, "content"));
    Some(Body {
        required,
        content,
        pointer: pointer.to_owned(),
        span,
    })
}

/// The media types at a pointer.
pub(super) fn content(loader: &mut Loader<'_>, pointer: &str) -> Vec<Media> {
    let Some(map) = loader.value(pointer).and_then(Value::as_object) else {
        return Vec::new();
    };
    let mut media = Vec::new();
    for (media_type, value) in map {
        let at = child(pointer, media_type);
        let schema = value.get("schema").or_else(|| value.get("itemSchema"));
        let key = if value.get("schema").is_some() {
            "schema"
        } else {
            "itemSchema"
        };
        media.push(Media {
            media_type: media_type.clone(),
            schema: schema.map(|_| loader.schema(&child(&at, key))),
            examples: value.as_object().map(examples).unwrap_or_default(),
        });
    }
    media
}

/// The servers' addresses.
pub(super) fn servers(root: &Value) -> Vec<String> {
    let servers = root
        .get("servers")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    servers
        .iter()
        .filter_map(|server| string(server.get("url")))
        .collect()
}

/// The ways to sign in.
pub(super) fn schemes(loader: &mut Loader<'_>, old: bool) -> BTreeMap<String, SecurityScheme> {
    let base = if old {
        "/securityDefinitions"
    } else {
        "/components/securitySchemes"
    };
    let names: Vec<String> = loader
        .value(base)
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(|map| map.keys().cloned())
        .collect();
    let mut schemes = BTreeMap::new();
    for name in names {
        let Some(pointer) = loader.resolve(&child(base, &name)) else {
            continue;
        };
        let Some(value) = loader.value(&pointer) else {
            continue;
        };
        let scheme = SecurityScheme {
            kind: string(value.get("type")).unwrap_or_default(),
            scheme: string(value.get("scheme")),
            name: string(value.get("name")),
            place: string(value.get("in")),
        };
        schemes.insert(name, scheme);
    }
    schemes
}
