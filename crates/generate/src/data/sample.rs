//! Valid values.

use serde_json::{Map, Number, Value, json};

use super::pattern;
use crate::schema::{Additional, JsonType, Limit, Schema, SchemaId, Schemas};

/// Schemas inside of each other that are followed at most.
const MAX_DEPTH: usize = 12;

/// A schema with what `allOf` adds, and with the first alternative of `oneOf` and `anyOf`.
pub(crate) fn merged(schemas: &Schemas, id: SchemaId) -> Option<Schema> {
    merge(schemas, id, 0)
}

fn merge(schemas: &Schemas, id: SchemaId, depth: usize) -> Option<Schema> {
    let mut schema = schemas.get(id)?.clone();
    if depth > MAX_DEPTH || schema.never {
        return None;
    }
    let parts = std::mem::take(&mut schema.all_of);
    let first = |list: &[SchemaId]| list.first().copied();
    let chosen = [first(&schema.one_of), first(&schema.any_of)];
    for part in parts.into_iter().chain(chosen.into_iter().flatten()) {
        join(&mut schema, merge(schemas, part, depth + 1)?);
    }
    Some(schema)
}

/// Adds the rules of another schema.
fn join(schema: &mut Schema, other: Schema) {
    if schema.types.is_empty() {
        schema.types = other.types;
    } else if !other.types.is_empty() {
        schema.types.retain(|kind| other.types.contains(kind));
    }
    schema.format = schema.format.take().or(other.format);
    schema.values = schema.values.take().or(other.values);
    schema.pattern = schema.pattern.take().or(other.pattern);
    schema.minimum = tighter(schema.minimum, other.minimum, |a, b| a > b);
    schema.maximum = tighter(schema.maximum, other.maximum, |a, b| a < b);
    schema.multiple_of = schema.multiple_of.or(other.multiple_of);
    schema.min_length = schema.min_length.max(other.min_length);
    schema.max_length = least(schema.max_length, other.max_length);
    schema.min_items = schema.min_items.max(other.min_items);
    schema.max_items = least(schema.max_items, other.max_items);
    schema.min_properties = schema.min_properties.max(other.min_properties);
    schema.unique_items |= other.unique_items;
    schema.items = schema.items.or(other.items);
    for (name, property) in other.properties {
        if schema.properties.iter().all(|(known, _)| *known != name) {
            schema.properties.push((name, property));
        }
    }
    for name in other.required {
        if !schema.required.contains(&name) {
            schema.required.push(name);
        }
    }
    if matches!(schema.additional, Additional::Any) {
        schema.additional = other.additional;
    }
    schema.not = schema.not.or(other.not);
}

fn tighter(a: Option<Limit>, b: Option<Limit>, better: fn(f64, f64) -> bool) -> Option<Limit> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if better(b.value, a.value) { b } else { a }),
        (a, b) => a.or(b),
    }
}

fn least(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// A valid value with what is required; `None` where the rules are beyond what is understood.
pub(crate) fn sample(schemas: &Schemas, id: SchemaId) -> Option<Value> {
    value(schemas, id, 0)
}

fn value(schemas: &Schemas, id: SchemaId, depth: usize) -> Option<Value> {
    if depth > MAX_DEPTH {
        return None;
    }
    let schema = merged(schemas, id)?;
    if let Some(values) = &schema.values {
        return values
            .iter()
            .find(|value| !value.is_null())
            .or(values.first())
            .cloned();
    }
    match kind(&schema) {
        JsonType::Null => Some(Value::Null),
        JsonType::Boolean => Some(json!(true)),
        JsonType::Integer | JsonType::Number => number(&schema),
        JsonType::String | JsonType::File => string(&schema).map(Value::String),
        JsonType::Array => array(schemas, &schema, depth),
        JsonType::Object => object(schemas, &schema, depth),
    }
}

/// The type that values are made of.
pub(super) fn kind(schema: &Schema) -> JsonType {
    let said = schema.types.iter().copied().find(|kind| *kind != JsonType::Null);
    said.or(schema.types.first().copied()).unwrap_or_else(|| {
        if !schema.properties.is_empty() || !schema.required.is_empty() {
            JsonType::Object
        } else if schema.items.is_some() {
            JsonType::Array
        } else if schema.minimum.is_some() || schema.maximum.is_some() || schema.multiple_of.is_some() {
            JsonType::Number
        } else {
            JsonType::String
        }
    })
}

/// A number as JSON, whole where it can be.
pub(super) fn json_number(value: f64) -> Option<Value> {
    let text = format!("{value}");
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::Number(whole.into()));
    }
    Number::from_f64(value).map(Value::Number)
}

/// The least step between two values.
pub(super) fn step(schema: &Schema) -> f64 {
    match (schema.multiple_of, kind(schema)) {
        (Some(step), _) if step > 0.0 => step,
        (_, JsonType::Integer) => 1.0,
        _ => 0.01,
    }
}

/// The least and the greatest valid number, where there is one.
pub(super) fn range(schema: &Schema) -> (Option<f64>, Option<f64>) {
    let step = step(schema);
    let up = |limit: Limit| {
        let first = (limit.value / step).ceil() * step;
        if limit.exclusive && first <= limit.value {
            first + step
        } else {
            first
        }
    };
    let down = |limit: Limit| {
        let last = (limit.value / step).floor() * step;
        if limit.exclusive && last >= limit.value {
            last - step
        } else {
            last
        }
    };
    (
        schema.minimum.map(|limit| rounded(up(limit))),
        schema.maximum.map(|limit| rounded(down(limit))),
    )
}

/// Without the noise of binary fractions.
pub(super) fn rounded(value: f64) -> f64 {
    if value.abs() < 1e9 {
        (value * 1e6).round() / 1e6
    } else {
        value
    }
}

fn number(schema: &Schema) -> Option<Value> {
    let (least, most) = range(schema);
    let start = schema.multiple_of.unwrap_or(1.0);
    let value = match (least, most) {
        (Some(least), Some(most)) if least > most => return None,
        (Some(least), _) => least.max(if least > 0.0 || most.is_some_and(|most| most < start) {
            least
        } else {
            start
        }),
        (None, Some(most)) => most.min(start),
        (None, None) => start,
    };
    json_number(rounded(value))
}

/// A text of a format.
pub(super) fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date" => "2026-01-31",
        "date-time" => "2026-01-31T12:00:00Z",
        "time" => "12:00:00Z",
        "email" => "someone@example.com",
        "uuid" => "123e4567-e89b-42d3-a456-426614174000",
        "uri" | "url" | "uri-reference" | "iri" => "https://example.com/",
        "hostname" => "example.com",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" => "YWJj",
        _ => return None,
    })
}

fn string(schema: &Schema) -> Option<String> {
    let least = usize::try_from(schema.min_length.unwrap_or(0)).ok()?;
    let most = schema
        .max_length
        .map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
    if least > 100_000 || least > most {
        return None;
    }
    if let Some(expression) = &schema.pattern {
        let mut made = pattern::text(expression)?;
        let open = !expression.ends_with('$') || expression.ends_with("+$") || expression.ends_with("*$");
        while made.chars().count() < least && open {
            let last = made.chars().next_back().unwrap_or('a');
            made.push(last);
        }
        let count = made.chars().count();
        return (least..=most).contains(&count).then_some(made);
    }
    if let Some(text) = schema.format.as_deref().and_then(of_format) {
        return (least..=most).contains(&text.len()).then(|| text.to_owned());
    }
    let wanted = least.max(4).min(most);
    Some("text".chars().cycle().take(wanted).collect())
}

fn array(schemas: &Schemas, schema: &Schema, depth: usize) -> Option<Value> {
    let count = schema
        .min_items
        .unwrap_or(u64::from(schema.items.is_some() && depth < 3));
    let count = usize::try_from(count.min(schema.max_items.unwrap_or(u64::MAX)))
        .ok()
        .filter(|count| *count <= 1_000)?;
    items(schemas, schema, count, depth).map(Value::Array)
}

/// So many items, different ones where they must be.
fn items(schemas: &Schemas, schema: &Schema, count: usize, depth: usize) -> Option<Vec<Value>> {
    let mut made = Vec::new();
    for index in 0..count {
        let of = schema.prefix_items.get(index).copied().or(schema.items);
        let item = match of {
            Some(of) => value(schemas, of, depth + 1)?,
            None => json!(index),
        };
        let item = if schema.unique_items && made.contains(&item) {
            different(schemas, of?, &item, index)?
        } else {
            item
        };
        made.push(item);
    }
    Some(made)
}

/// Another value of the same schema.
fn different(schemas: &Schemas, of: SchemaId, item: &Value, index: usize) -> Option<Value> {
    let schema = merged(schemas, of)?;
    if let Some(values) = &schema.values {
        return values.get(index).cloned();
    }
    match item {
        Value::Number(number) if schema.maximum.is_none() => {
            let more = u32::try_from(index).ok()?;
            json_number(number.as_f64()? + f64::from(more) * step(&schema))
        }
        Value::String(text)
            if schema.pattern.is_none() && schema.format.is_none() && schema.max_length.is_none() =>
        {
            Some(Value::String(format!("{text}{index}")))
        }
        _ => None,
    }
}

fn object(schemas: &Schemas, schema: &Schema, depth: usize) -> Option<Value> {
    let mut object = Map::new();
    for (name, property) in &schema.properties {
        let required = schema.required.contains(name);
        let answer_only = schemas.get(*property).is_some_and(|property| property.read_only);
        let few = schema
            .min_properties
            .is_some_and(|least| (object.len() as u64) < least);
        if required || (few && !answer_only) {
            object.insert(name.clone(), value(schemas, *property, depth + 1)?);
        }
    }
    for name in &schema.required {
        if !object.contains_key(name) {
            match schema.additional {
                Additional::Schema(of) => object.insert(name.clone(), value(schemas, of, depth + 1)?),
                Additional::Any => object.insert(name.clone(), json!("text")),
                Additional::None => return None,
            };
        }
    }
    Some(Value::Object(object))
}

/// Valid values at the edges of a schema's limits, each with the words for it.
pub(crate) fn edges(schemas: &Schemas, id: SchemaId) -> Vec<(String, Value)> {
    let Some(schema) = merged(schemas, id).filter(|schema| schema.not.is_none()) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let Some(values) = &schema.values {
        found.extend(
            values
                .iter()
                .map(|value| (format!("value {value}"), value.clone())),
        );
        return found;
    }
    match kind(&schema) {
        JsonType::Boolean => {
            found.extend([true, false].map(|value| (format!("value {value}"), json!(value))));
        }
        JsonType::Integer | JsonType::Number => {
            let (least, most) = range(&schema);
            let mut add = |name: &str, value: Option<f64>| {
                if let Some(json) = value.and_then(json_number) {
                    found.push((format!("{json} (the {name} allowed)"), json));
                }
            };
            if least <= most || most.is_none() || least.is_none() {
                add("least", least);
                add("greatest", most);
            }
        }
        JsonType::String
            if schema.pattern.is_none() && schema.format.as_deref().and_then(of_format).is_none() =>
        {
            for (name, length) in [("fewest", schema.min_length), ("most", schema.max_length)] {
                if let Some(length) = length
                    .and_then(|length| usize::try_from(length).ok())
                    .filter(|length| *length <= 4_096)
                {
                    found.push((
                        format!("{} (the {name} allowed)", counted(length, "character")),
                        Value::String("a".repeat(length)),
                    ));
                }
            }
        }
        JsonType::Array => {
            for (name, count) in [("fewest", schema.min_items), ("most", schema.max_items)] {
                let count = count
                    .and_then(|count| usize::try_from(count).ok())
                    .filter(|count| *count <= 100);
                if let Some(made) = count.and_then(|count| items(schemas, &schema, count, 1)) {
                    found.push((
                        format!("{} (the {name} allowed)", counted(made.len(), "item")),
                        Value::Array(made),
                    ));
                }
            }
        }
        _ => {}
    }
    found
}

/// "1 item", "2 items".
pub(super) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
