//! Types from the schemas of the description.

use crate::{field, pascal, words};
use serde_json::Value;
use std::collections::VecDeque;
use std::fmt::Write as _;

/// Structs that are still to be written.
type Queue = VecDeque<(String, Value)>;

/// All structs.
pub(crate) fn all(document: &Value) -> String {
    let schemas = &document["components"]["schemas"];
    let mut queue: Queue = schemas
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, schema)| is_struct(schema))
        .map(|(name, schema)| (name.clone(), schema.clone()))
        .collect();
    let mut out = String::new();
    while let Some((name, schema)) = queue.pop_front() {
        one(&mut out, schemas, &name, &schema, &mut queue);
    }
    out
}

fn is_struct(schema: &Value) -> bool {
    schema["properties"].is_object()
}

fn one(out: &mut String, schemas: &Value, name: &str, schema: &Value, queue: &mut Queue) {
    // In a change null is not the same as absent.
    let is_change = name.ends_with("Change");
    let about = schema["description"]
        .as_str()
        .map_or_else(|| format!("`{name}` of the description of the API."), words);
    let _ = writeln!(
        out,
        "/// {about}\n#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]\npub struct {name} {{"
    );
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let is_required = schema["required"]
            .as_array()
            .is_some_and(|all| all.iter().any(|r| r == key));
        let hint = format!("{name}{}", pascal(&key.replace("[]", "")));
        let kind = rust(schemas, property, &hint, queue);
        let about = property["description"]
            .as_str()
            .map_or_else(|| format!("`{key}`"), words);
        let _ = writeln!(out, "    /// {about}");
        if is_required {
            let _ = writeln!(out, "    pub {}: {kind},", field(key));
            continue;
        }
        let bare = kind
            .strip_prefix("Option<")
            .and_then(|k| k.strip_suffix('>'))
            .unwrap_or(&kind);
        if is_change && kind != bare {
            let _ = writeln!(
                out,
                "    #[serde(default, skip_serializing_if = \"Option::is_none\", deserialize_with = \"nullable\")]\n    \
                 pub {}: Option<Option<{bare}>>,",
                field(key)
            );
        } else {
            let _ = writeln!(
                out,
                "    #[serde(default, skip_serializing_if = \"Option::is_none\")]\n    pub {}: Option<{bare}>,",
                field(key)
            );
        }
    }
    if schema["patternProperties"].is_object() {
        let _ = writeln!(
            out,
            "    /// Values of custom fields: `custom_` and the name of the field.\n    #[serde(flatten)]\n    \
             pub custom: BTreeMap<String, Value>,"
        );
    }
    out.push_str("}\n\n");
}

/// The type of a value; `hint` names the struct of an object that has no name.
pub(crate) fn rust(schemas: &Value, schema: &Value, hint: &str, queue: &mut Queue) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        let is_named = is_struct(&schemas[name]);
        return if is_named {
            name.to_owned()
        } else {
            "Value".to_owned()
        };
    }
    if let Some(any) = schema["anyOf"].as_array() {
        return rust_any(schemas, any, hint, queue);
    }
    match &schema["type"] {
        Value::Array(kinds) => match kinds.as_slice() {
            [kind, null] if null == "null" => {
                let mut bare = schema.clone();
                bare["type"] = kind.clone();
                format!("Option<{}>", rust(schemas, &bare, hint, queue))
            }
            _ => "Value".to_owned(),
        },
        Value::String(kind) => match kind.as_str() {
            "integer" => "i64".to_owned(),
            "number" => "f64".to_owned(),
            "boolean" => "bool".to_owned(),
            "string" => "String".to_owned(),
            "array" => format!("Vec<{}>", rust(schemas, &schema["items"], hint, queue)),
            "object" if is_struct(schema) => {
                queue.push_back((hint.to_owned(), schema.clone()));
                hint.to_owned()
            }
            "object" if schema["additionalProperties"].is_object() => {
                let values = rust(schemas, &schema["additionalProperties"], hint, queue);
                format!("BTreeMap<String, {values}>")
            }
            _ => "Value".to_owned(),
        },
        _ => "Value".to_owned(),
    }
}

fn rust_any(schemas: &Value, any: &[Value], hint: &str, queue: &mut Queue) -> String {
    let is_text = |s: &Value| {
        s["type"] == "string"
            || s["type"]
                .as_array()
                .is_some_and(|k| k.iter().any(|k| k == "string"))
    };
    match any {
        [schema, null] if null["type"] == "null" => {
            let bare = rust(schemas, schema, hint, queue);
            if bare.starts_with("Option<") {
                bare
            } else {
                format!("Option<{bare}>")
            }
        }
        texts if texts.iter().all(is_text) => "Option<String>".to_owned(),
        _ => "Value".to_owned(),
    }
}
