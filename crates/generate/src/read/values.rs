//! Values of schemas, as the versions of the formats write them.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::tree::child;
use crate::schema::{JsonType, Limit};

/// Examples in any of the ways that the formats have.
pub(super) fn examples(map: &Map<String, Value>) -> Vec<Value> {
    let mut found: Vec<Value> = ["example", "x-example"]
        .into_iter()
        .filter_map(|key| map.get(key))
        .cloned()
        .collect();
    match map.get("examples") {
        Some(Value::Array(list)) => found.extend(list.iter().cloned()),
        Some(Value::Object(named)) => {
            found.extend(named.values().filter_map(|example| example.get("value")).cloned());
        }
        _ => {}
    }
    found
}

pub(super) fn types(value: Option<&Value>) -> Vec<JsonType> {
    let one = |name: &str| match name {
        "null" => Some(JsonType::Null),
        "boolean" => Some(JsonType::Boolean),
        "integer" => Some(JsonType::Integer),
        "number" => Some(JsonType::Number),
        "string" => Some(JsonType::String),
        "array" => Some(JsonType::Array),
        "object" => Some(JsonType::Object),
        "file" => Some(JsonType::File),
        _ => None,
    };
    match value {
        Some(Value::String(name)) => one(name).into_iter().collect(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).filter_map(one).collect(),
        _ => Vec::new(),
    }
}

/// A limit, in the way of draft 4 (a flag) or later (a number of its own); of two the stricter one.
pub(super) fn limit(
    plain: Option<&Value>,
    exclusive: Option<&Value>,
    stricter: fn(f64, f64) -> f64,
) -> Option<Limit> {
    let plain = plain.and_then(Value::as_f64);
    match exclusive {
        Some(Value::Bool(exclusive)) => plain.map(|value| Limit {
            value,
            exclusive: *exclusive,
        }),
        Some(Value::Number(number)) => {
            let value = number.as_f64()?;
            match plain {
                Some(plain)
                    if plain.total_cmp(&value).is_ne()
                        && stricter(plain, value).total_cmp(&plain).is_eq() =>
                {
                    Some(Limit {
                        value: plain,
                        exclusive: false,
                    })
                }
                _ => Some(Limit {
                    value,
                    exclusive: true,
                }),
            }
        }
        _ => plain.map(|value| Limit {
            value,
            exclusive: false,
        }),
    }
}

/// A count; `5.0` is one too.
pub(super) fn natural(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| {
        let number = value.as_f64()?;
        let whole = number >= 0.0 && number.fract() == 0.0 && number < 9.0e15;
        whole.then(|| format!("{number:.0}").parse().ok()).flatten()
    })
}

/// The name of a schema that is defined under one.
pub(super) fn name(pointer: &str) -> Option<String> {
    let places = ["/components/schemas/", "/definitions/", "/$defs/"];
    let name = places.into_iter().find_map(|place| pointer.strip_prefix(place))?;
    (!name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
}

/// A fragment of an address without percent signs.
pub(super) fn decoded(fragment: &str) -> String {
    let bytes = fragment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = fragment
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match hex {
            Some(value) if *byte == b'%' => {
                decoded.push(value);
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// The pointers of all anchors.
pub(super) fn anchors(root: &Value) -> HashMap<String, String> {
    let mut anchors = HashMap::new();
    let mut open = vec![(String::new(), root)];
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(map) => {
                for key in ["$anchor", "$dynamicAnchor"] {
                    if let Some(anchor) = map.get(key).and_then(Value::as_str) {
                        anchors.insert(anchor.to_owned(), pointer.clone());
                    }
                }
                open.extend(map.iter().map(|(key, value)| (child(&pointer, key), value)));
            }
            Value::Array(list) => {
                open.extend(
                    list.iter()
                        .enumerate()
                        .map(|(index, value)| (child(&pointer, &index.to_string()), value)),
                );
            }
            _ => {}
        }
    }
    anchors
}
