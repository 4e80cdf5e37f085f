//! Words for schemas: JSON Schema 2020-12, the dialect of OpenAPI 3.1.

use serde_json::{Map, Value, json};

/// One character that may stand in a name but not begin it; the same as `model::text::is_invisible` refuses.
const INVISIBLE: &str = r"\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff";

/// The number of an object.
pub(super) fn id() -> Value {
    json!({"type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX})
}

/// The number of an object, or 0 for none.
pub(super) fn id_or_none() -> Value {
    within(0, i64::MAX)
}

/// A whole number from 0.
pub(super) fn count() -> Value {
    within(0, i64::MAX)
}

/// A whole number in a range.
pub(super) fn within(min: i64, max: i64) -> Value {
    json!({"type": "integer", "format": "int64", "minimum": min, "maximum": max})
}

/// One of these numbers.
pub(super) fn one_of(numbers: &[i64]) -> Value {
    json!({"type": "integer", "enum": numbers})
}

/// One of these words.
pub(super) fn word(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}

/// Any text.
pub(super) fn text() -> Value {
    json!({"type": "string"})
}

/// A text of at most so many characters.
pub(super) fn text_of(max: usize) -> Value {
    json!({"type": "string", "maxLength": max})
}

/// A text that is not blank.
pub(super) fn said(max: usize) -> Value {
    json!({"type": "string", "minLength": 1, "maxLength": max, "pattern": r"\S"})
}

/// A name: not blank, nothing invisible.
pub(super) fn name(max: usize) -> Value {
    let pattern = format!("^[^\\s{INVISIBLE}][^{INVISIBLE}]*$");
    json!({"type": "string", "minLength": 1, "maxLength": max, "pattern": pattern})
}

/// A mail address; the same as `model::text::is_email` takes.
pub(super) fn email() -> Value {
    let pattern = format!("^[^@\\s{INVISIBLE}]+@[^@\\s{INVISIBLE}]+$");
    json!({"type": "string", "minLength": 3, "maxLength": 254, "pattern": pattern})
}

/// A color.
pub(super) fn color() -> Value {
    json!({"type": "string", "pattern": "^#[0-9A-Fa-f]{6}$"})
}

/// True or false.
pub(super) fn flag() -> Value {
    json!({"type": "boolean"})
}

/// An instant as answers show it: UTC with milliseconds.
pub(super) fn time() -> Value {
    json!({"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"})
}

/// A day.
pub(super) fn day() -> Value {
    json!({"type": "string", "format": "date"})
}

/// A day, where null and no text at all are none.
pub(super) fn day_or_blank() -> Value {
    json!({"anyOf": [day(), {"type": ["string", "null"], "maxLength": 0}]})
}

/// Anything.
pub(super) fn anything() -> Value {
    json!({})
}

/// A list.
pub(super) fn list(items: Value) -> Value {
    json!({"type": "array", "items": items})
}

/// A list of `min` to `max` items.
pub(super) fn list_of(items: Value, min: usize, max: usize) -> Value {
    let mut list = json!({"type": "array", "items": items, "maxItems": max});
    if min > 0 {
        list["minItems"] = json!(min);
    }
    list
}

/// An object whose values are of one kind.
pub(super) fn map(values: Value) -> Value {
    json!({"type": "object", "additionalProperties": values})
}

/// A schema of `components.schemas`.
pub(super) fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// The same, or null.
pub(super) fn nullable(schema: Value) -> Value {
    match schema.get("type") {
        Some(Value::String(kind)) if schema.get("enum").is_none() => {
            let mut either = schema.clone();
            either["type"] = json!([kind, "null"]);
            either
        }
        _ => match schema["description"].as_str() {
            Some(words) => about(json!({"anyOf": [schema, {"type": "null"}]}), words),
            None => json!({"anyOf": [schema, {"type": "null"}]}),
        },
    }
}

/// The same with words about it.
pub(super) fn about(mut schema: Value, words: &str) -> Value {
    schema["description"] = json!(words);
    schema
}

/// Properties with their names; one that ends in `?` may be missing.
pub(super) type Properties = Vec<(&'static str, Value)>;

fn object(properties: Properties, others: Option<Value>) -> Value {
    let (mut all, mut required) = (Map::new(), Vec::new());
    for (name, schema) in properties {
        let bare = name.trim_end_matches('?');
        if bare == name {
            required.push(bare);
        }
        all.insert(bare.to_owned(), schema);
    }
    let mut object = json!({"type": "object", "properties": all});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    if let Some(others) = others {
        object["additionalProperties"] = others;
    }
    object
}

/// What an answer shows: these properties and no others.
pub(super) fn row(properties: Properties) -> Value {
    object(properties, Some(json!(false)))
}

/// What a body may have. Other names are left alone (contract §1), and what may be missing may be null.
pub(super) fn body(properties: Properties) -> Value {
    let or_null = |(name, schema): (&'static str, Value)| {
        let is_nullable = schema["type"].is_array() || schema["anyOf"].is_array();
        let schema = if name.ends_with('?') && !is_nullable {
            nullable(schema)
        } else {
            schema
        };
        (name, schema)
    };
    object(properties.into_iter().map(or_null).collect(), None)
}

/// The body of a change, which must name something to change beside what it has to name (contract §1.4).
pub(super) fn change(properties: Properties) -> Value {
    let required = properties.iter().filter(|(name, _)| !name.ends_with('?')).count();
    let mut body = body(properties);
    body["minProperties"] = json!(required + 1);
    body
}

/// The same object, where properties that begin with `custom_` are values of custom fields (contract §4.5).
pub(super) fn with_custom(mut object: Value) -> Value {
    object["patternProperties"] = json!({"^custom_[a-z0-9_]+$": refer("CustomValue")});
    object
}

/// A page of rows, with the expands of this name if there are any (contract §1.1).
pub(super) fn page(row: &str, expands: Option<&str>) -> Value {
    page_with(row, expands, Vec::new())
}

/// A page with more beside the rows.
pub(super) fn page_with(row: &str, expands: Option<&str>, more: Properties) -> Value {
    let number = || nullable(within(1, i64::MAX));
    let mut properties = vec![
        ("page", number()),
        ("prev_page", number()),
        ("next_page", number()),
        ("last_page", number()),
        ("per_page", within(1, 1000)),
        ("total", count()),
        ("result", list(refer(row))),
    ];
    properties.extend(expands.map(|name| ("expands", refer(name))));
    properties.extend(more);
    self::row(properties)
}

/// One object with its expands (contract §1.2).
pub(super) fn one(row: &str, expands: &str) -> Value {
    self::row(vec![("result", refer(row)), ("expands", refer(expands))])
}

/// `{"result": …}` with nothing beside it.
pub(super) fn only(schema: Value) -> Value {
    row(vec![("result", schema)])
}

/// Expands: each is there only when it was asked for.
pub(super) fn expands(lists: &[(&'static str, &str)]) -> Value {
    let mut properties = Map::new();
    for (name, of) in lists {
        properties.insert((*name).to_owned(), list(refer(of)));
    }
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}
