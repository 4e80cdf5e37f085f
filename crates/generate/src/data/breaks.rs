//! Values that break exactly one rule of a schema.

use serde_json::{Value, json};

use super::merged;
use super::sample::{counted, json_number, kind, of_format, range, rounded, sample, step};
use crate::schema::{Additional, JsonType, SchemaId, Schemas};
use crate::technique::Technique;
use crate::technique::Technique::{BoundaryValue, EquivalencePartitioning, Syntax};

/// Objects inside of each other that are looked into.
const MAX_DEPTH: usize = 3;

/// What is done to a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wrong {
    /// It becomes this one.
    Value(Value),
    /// It is left out.
    Missing,
}

/// One rule and how it is broken.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fault {
    /// Names of the properties that lead to the value.
    pub(crate) path: Vec<String>,
    /// Keyword of the rule.
    pub(crate) rule: &'static str,
    /// The technique that asks for it.
    pub(crate) technique: Technique,
    /// What is wrong, as a person says it.
    pub(crate) text: String,
    pub(crate) wrong: Wrong,
}

/// All rules of a schema that can be broken alone. As `text`, in a path or a query, everything is a text: types
/// that every text has are not broken.
pub(crate) fn faults(schemas: &Schemas, id: SchemaId, text: bool) -> Vec<Fault> {
    let mut found = Vec::new();
    collect(schemas, id, text, &mut Vec::new(), &mut found);
    found
}

fn collect(schemas: &Schemas, id: SchemaId, text: bool, path: &mut Vec<String>, found: &mut Vec<Fault>) {
    let plain = schemas
        .get(id)
        .is_some_and(|schema| schema.one_of.is_empty() && schema.any_of.is_empty() && schema.not.is_none());
    let Some(schema) = merged(schemas, id).filter(|_| plain) else {
        return;
    };
    let mut add = |rule, technique, text: String, wrong| {
        found.push(Fault {
            path: path.clone(),
            rule,
            technique,
            text,
            wrong,
        });
    };
    let kind = kind(&schema);
    if let Some(values) = &schema.values {
        let other = json!("not-one-of-these");
        if kind == JsonType::String
            && schema.pattern.is_none()
            && schema.max_length.is_none()
            && !values.contains(&other)
        {
            add(
                "enum",
                EquivalencePartitioning,
                "a value that is not listed".to_owned(),
                Wrong::Value(other),
            );
        }
        return;
    }
    let typed = !schema.types.is_empty();
    // Rules for texts beside another type: a text would break them too.
    let for_texts = schema.pattern.is_some() || schema.min_length.is_some() || schema.max_length.is_some();
    let wrong_type = match kind {
        JsonType::Integer | JsonType::Number if for_texts && !text => Some(json!(true)),
        JsonType::Integer if for_texts => (range(&schema) == (None, None)).then(|| json!(1.5)),
        JsonType::Number if for_texts => None,
        JsonType::Integer | JsonType::Number | JsonType::Boolean => Some(json!("text")),
        JsonType::String if !text => Some(json!(42)),
        JsonType::Object | JsonType::Array if !text => Some(json!("text")),
        _ => None,
    };
    let fits = |wrong: &Value| match wrong {
        Value::String(_) => schema.types.contains(&JsonType::String),
        Value::Bool(_) => schema.types.contains(&JsonType::Boolean),
        _ if wrong.is_f64() => schema.types.contains(&JsonType::Number),
        _ => schema.types.contains(&JsonType::Number) || schema.types.contains(&JsonType::Integer),
    };
    if let Some(wrong) = wrong_type.filter(|wrong| typed && !fits(wrong)) {
        add(
            "type",
            EquivalencePartitioning,
            format!("{wrong} instead of {}", name(kind)),
            Wrong::Value(wrong),
        );
    }
    match kind {
        JsonType::Integer | JsonType::Number => {
            let (least, most) = range(&schema);
            let step = step(&schema);
            for (rule, value) in [
                ("minimum", least.map(|least| least - step)),
                ("maximum", most.map(|most| most + step)),
            ] {
                if let Some(json) = value.map(rounded).and_then(json_number) {
                    add(
                        rule,
                        BoundaryValue,
                        format!("{json}, just outside of the {rule}"),
                        Wrong::Value(json),
                    );
                }
            }
        }
        JsonType::String => {
            let free = schema.pattern.is_none() && schema.format.as_deref().and_then(of_format).is_none();
            let length = |length: u64| usize::try_from(length).ok().filter(|length| *length <= 4_096);
            if let Some(short) = schema
                .min_length
                .and_then(|least| least.checked_sub(1))
                .and_then(length)
                .filter(|short| free && !(text && *short == 0))
            {
                add(
                    "minLength",
                    BoundaryValue,
                    format!("{}, one too few", counted(short, "character")),
                    Wrong::Value(json!("a".repeat(short))),
                );
            }
            if let Some(long) = schema
                .max_length
                .map(|most| most + 1)
                .and_then(length)
                .filter(|_| free)
            {
                add(
                    "maxLength",
                    BoundaryValue,
                    format!("{}, one too many", counted(long, "character")),
                    Wrong::Value(json!("a".repeat(long))),
                );
            }
            let fits = |text: &str| {
                let count = text.len() as u64;
                schema.min_length.is_none_or(|least| count >= least)
                    && schema.max_length.is_none_or(|most| count <= most)
            };
            if let Some(format) = schema.format.as_deref().filter(|format| {
                of_format(format).is_some()
                    && !matches!(*format, "byte" | "hostname" | "uri-reference" | "iri" | "url")
            }) {
                if schema.pattern.is_none() && fits("not valid") {
                    add(
                        "format",
                        Syntax,
                        format!("a text that is no {format}"),
                        Wrong::Value(json!("not valid")),
                    );
                }
            } else if let Some(pattern) = &schema.pattern {
                let valid = sample(schemas, id);
                let valid = valid.as_ref().and_then(Value::as_str);
                // A sign that the expression neither names nor allows in general, at the front of a valid text.
                let closed = pattern.starts_with('^')
                    && !pattern.contains("[^")
                    && !pattern.contains('.')
                    && !pattern.contains("\\S")
                    && !pattern.contains("\\W")
                    && !pattern.contains('|');
                let sign = ['~', '\u{a7}', '#']
                    .into_iter()
                    .find(|sign| !pattern.contains(*sign));
                if let (Some(valid), Some(sign), true) = (valid, sign, closed) {
                    let mut wrong: String = valid.chars().skip(1).collect();
                    wrong.insert(0, sign);
                    if wrong.chars().count() == valid.chars().count() {
                        add(
                            "pattern",
                            Syntax,
                            format!("“{wrong}”, which breaks the pattern"),
                            Wrong::Value(json!(wrong)),
                        );
                    }
                }
            }
        }
        JsonType::Array if !text => arrays(&schema, schemas, id, &mut add),
        JsonType::Object => {
            for required in &schema.required {
                let few = schema
                    .min_properties
                    .is_some_and(|least| schema.required.len() as u64 <= least);
                let known = schema.properties.iter().find(|(name, _)| name == required);
                let answer_only = known
                    .and_then(|(_, id)| schemas.get(*id))
                    .is_some_and(|property| property.read_only);
                if !few && !answer_only {
                    path.push(required.clone());
                    found.push(Fault {
                        path: path.clone(),
                        rule: "required",
                        technique: EquivalencePartitioning,
                        text: "left out".to_owned(),
                        wrong: Wrong::Missing,
                    });
                    path.pop();
                }
            }
            if schema.additional == Additional::None && schema.max_properties.is_none() {
                path.push("unknownProperty".to_owned());
                found.push(Fault {
                    path: path.clone(),
                    rule: "additionalProperties",
                    technique: EquivalencePartitioning,
                    text: "a property that is not described".to_owned(),
                    wrong: Wrong::Value(json!("text")),
                });
                path.pop();
            }
            if path.len() < MAX_DEPTH {
                for (name, property) in &schema.properties {
                    let answer_only = schemas.get(*property).is_some_and(|property| property.read_only);
                    if !answer_only && sample(schemas, *property).is_some() {
                        path.push(name.clone());
                        collect(schemas, *property, text, path, found);
                        path.pop();
                    }
                }
            }
        }
        _ => {}
    }
}

fn arrays(
    schema: &crate::schema::Schema,
    schemas: &Schemas,
    id: SchemaId,
    add: &mut impl FnMut(&'static str, Technique, String, Wrong),
) {
    let one = sample(schemas, id).and_then(|value| value.as_array().and_then(|items| items.first().cloned()));
    if let Some(least) = schema.min_items.filter(|least| (1..=100).contains(least)) {
        let few = usize::try_from(least - 1).unwrap_or_default();
        let items = sample(schemas, id).and_then(|value| {
            value
                .as_array()
                .map(|items| items.iter().take(few).cloned().collect::<Vec<_>>())
        });
        if let Some(items) = items.filter(|items| items.len() == few) {
            add(
                "minItems",
                BoundaryValue,
                format!("{}, one too few", counted(few, "item")),
                Wrong::Value(Value::Array(items)),
            );
        }
    }
    let Some(one) = one else { return };
    if let Some(most) = schema
        .max_items
        .filter(|most| *most <= 100 && !schema.unique_items)
    {
        let many = usize::try_from(most + 1).unwrap_or_default();
        add(
            "maxItems",
            BoundaryValue,
            format!("{}, one too many", counted(many, "item")),
            Wrong::Value(Value::Array(vec![one.clone(); many])),
        );
    }
    if schema.unique_items
        && schema.max_items.is_none_or(|most| most >= 2)
        && schema.min_items.is_none_or(|least| least <= 2)
    {
        add(
            "uniqueItems",
            EquivalencePartitioning,
            "the same item twice".to_owned(),
            Wrong::Value(json!([one.clone(), one])),
        );
    }
}

fn name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Null => "null",
        JsonType::Boolean => "a boolean",
        JsonType::Integer => "an integer",
        JsonType::Number => "a number",
        JsonType::String => "a text",
        JsonType::Array => "a list",
        JsonType::Object => "an object",
        JsonType::File => "a file",
    }
}

/// Breaks a rule of a value at a path; `false` if the place is not there. Properties on the way that are not there
/// are added, as they are valid.
pub(crate) fn spoil(
    schemas: &Schemas,
    schema: SchemaId,
    value: &mut Value,
    path: &[String],
    wrong: &Wrong,
) -> bool {
    let Some((first, rest)) = path.split_first() else {
        if let Wrong::Value(wrong) = wrong {
            value.clone_from(wrong);
            return true;
        }
        return false;
    };
    let Some(object) = value.as_object_mut() else {
        return false;
    };
    if let (true, Wrong::Missing) = (rest.is_empty(), wrong) {
        return object.remove(first).is_some();
    }
    if let (true, Wrong::Value(wrong)) = (rest.is_empty(), wrong) {
        object.insert(first.clone(), wrong.clone());
        return true;
    }
    let merged = merged(schemas, schema);
    let property = merged.and_then(|merged| merged.properties.into_iter().find(|(name, _)| name == first));
    let Some((_, property)) = property else {
        return false;
    };
    if !object.contains_key(first)
        && let Some(made) = sample(schemas, property)
    {
        object.insert(first.clone(), made);
    }
    object
        .get_mut(first)
        .is_some_and(|inner| spoil(schemas, property, inner, rest, wrong))
}
