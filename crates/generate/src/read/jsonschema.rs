//! JSON Schema: the schema is a requirement, each of its properties a criterion.

use serde_json::Value;

use super::schema::Loader;
use super::tree::Tree;
use crate::document::{Document, Format};
use crate::requirement::{Criterion, Form, Modality, Requirement, fold};
use crate::schema::{Additional, JsonType, Schema, Schemas};
use crate::span::Source;

/// Whether a tree is a schema.
pub(super) fn looks_like(tree: &Tree) -> bool {
    let named = tree
        .root
        .get("$schema")
        .and_then(Value::as_str)
        .is_some_and(|named| named.contains("schema"));
    let typed = tree
        .root
        .get("type")
        .is_some_and(|kind| kind.is_string() || kind.is_array());
    let shaped = ["properties", "items", "enum", "$defs", "definitions", "required"]
        .iter()
        .any(|key| tree.root.get(*key).is_some());
    let combined = ["allOf", "anyOf", "oneOf", "$ref"]
        .iter()
        .any(|key| tree.root.get(*key).is_some());
    named
        || (typed && shaped)
        || (combined && !typed)
        || (tree.root.get("properties").is_some_and(Value::is_object))
}

/// Reads a schema.
pub(super) fn read(name: &str, text: &str, tree: &Tree) -> Document {
    let source = Source::new(text);
    let dialect = tree
        .root
        .get("$schema")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let old = ["draft-03", "draft-04", "draft-06", "draft-07"]
        .iter()
        .any(|old| dialect.contains(old));
    let mut loader = Loader::new(tree, &source, !old);
    let root = loader.schema("");
    let (schemas, notes) = loader.finish();
    let mut document = Document::new(name, Format::JsonSchema, text);
    if let Some(schema) = schemas.get(root) {
        let title = ["title", "$id", "id"]
            .iter()
            .find_map(|key| tree.root.get(*key)?.as_str())
            .unwrap_or(name);
        document.requirements = vec![requirement(title, schema, &schemas)];
    }
    document.schemas = Some(schemas);
    document.root_schema = Some(root);
    document.notes = notes;
    document.finish()
}

fn requirement(title: &str, schema: &Schema, schemas: &Schemas) -> Requirement {
    let mut criteria = Vec::new();
    for (name, id) in &schema.properties {
        let Some(property) = schemas.get(*id) else {
            continue;
        };
        let required = schema.required.contains(name);
        let needed = if required { "required" } else { "optional" };
        let mut rules = rules(property);
        rules.insert(0, needed.to_owned());
        criteria.push(Criterion {
            label: Some(name.clone()),
            text: format!("{name}: {}", rules.join(", ")),
            span: property.span,
            form: Form::Statement,
            modality: Some(if required { Modality::Must } else { Modality::May }),
            ..Criterion::default()
        });
    }
    if schema.additional == Additional::None {
        criteria.push(Criterion {
            label: Some("additionalProperties".to_owned()),
            text: "no other properties".to_owned(),
            span: schema.span,
            modality: Some(Modality::Must),
            negative: true,
            ..Criterion::default()
        });
    }
    if criteria.is_empty() {
        let text = rules(schema).join(", ");
        criteria.push(Criterion {
            text,
            span: schema.span,
            modality: Some(Modality::Must),
            ..Criterion::default()
        });
    }
    Requirement {
        title: fold(title),
        text: fold(schema.description.as_deref().unwrap_or_default()),
        span: schema.span,
        criteria,
        ..Requirement::default()
    }
}

/// The rules of a schema in the keywords that it is written with.
fn rules(schema: &Schema) -> Vec<String> {
    let mut rules = Vec::new();
    let named = |kind: &JsonType| {
        serde_json::to_value(kind)
            .ok()
            .and_then(|it| it.as_str().map(str::to_owned))
    };
    let types: Vec<String> = schema.types.iter().filter_map(named).collect();
    if !types.is_empty() {
        rules.push(types.join(" or "));
    }
    let mut rule =
        |key: &str, value: Option<String>| rules.extend(value.map(|value| format!("{key} {value}")));
    rule("format", schema.format.clone());
    rule(
        "enum",
        schema.values.as_ref().map(|values| {
            values
                .iter()
                .map(Value::to_string)
                .collect::<Vec<_>>()
                .join(" | ")
        }),
    );
    let limit = |limit: crate::schema::Limit| {
        format!(
            "{}{}",
            limit.value,
            if limit.exclusive { " (exclusive)" } else { "" }
        )
    };
    rule("minimum", schema.minimum.map(limit));
    rule("maximum", schema.maximum.map(limit));
    rule("multipleOf", schema.multiple_of.map(|number| number.to_string()));
    rule("minLength", schema.min_length.map(|number| number.to_string()));
    rule("maxLength", schema.max_length.map(|number| number.to_string()));
    rule("pattern", schema.pattern.clone());
    rule("minItems", schema.min_items.map(|number| number.to_string()));
    rule("maxItems", schema.max_items.map(|number| number.to_string()));
    if schema.unique_items {
        rules.push("uniqueItems".to_owned());
    }
    rules
}
