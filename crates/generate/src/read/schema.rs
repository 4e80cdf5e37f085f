//! Schemas out of a tree, references followed once and for all.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::tree::{Tree, child};
use super::values::{anchors, decoded, examples, limit, name, natural, types};
use crate::document::Note;
use crate::schema::{Additional, JsonType, Schema, SchemaId, Schemas};
use crate::span::Source;

/// References that lead to references at most.
const MAX_HOPS: usize = 50;

/// Keywords beside a reference that say nothing about what is valid.
const WORDS: [&str; 6] = [
    "$ref",
    "description",
    "summary",
    "title",
    "$comment",
    "deprecated",
];

/// Keywords that are not part of the model.
const UNREAD: [&str; 7] = [
    "if",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "patternProperties",
    "$dynamicRef",
];

/// Reads schemas and keeps each one once.
pub(crate) struct Loader<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) source: &'a Source<'a>,
    pub(crate) notes: Vec<Note>,
    /// Whether keywords beside a reference count (from JSON Schema 2019-09 and `OpenAPI` 3.1 on).
    pub(crate) siblings: bool,
    schemas: Schemas,
    ids: HashMap<String, SchemaId>,
    queue: Vec<SchemaId>,
    anchors: Option<HashMap<String, String>>,
}

impl<'a> Loader<'a> {
    pub(crate) fn new(tree: &'a Tree, source: &'a Source<'a>, siblings: bool) -> Self {
        Self {
            tree,
            source,
            notes: Vec::new(),
            siblings,
            schemas: Schemas::default(),
            ids: HashMap::new(),
            queue: Vec::new(),
            anchors: None,
        }
    }

    /// The value at a pointer.
    pub(crate) fn value(&self, pointer: &str) -> Option<&'a Value> {
        self.tree.root.pointer(pointer)
    }

    /// Adds a note about a place.
    pub(crate) fn note(&mut self, pointer: &str, message: impl Into<String>) {
        let span = self.tree.span(pointer, self.source);
        self.notes.push(Note {
            span,
            message: message.into(),
        });
    }

    /// The pointer that a value's reference leads to in the end; the value's own if it is no reference.
    /// `None`, and a note, if it leads nowhere.
    pub(crate) fn resolve(&mut self, pointer: &str) -> Option<String> {
        let mut at = pointer.to_owned();
        for _ in 0..MAX_HOPS {
            let Some(value) = self.value(&at) else {
                self.note(
                    pointer,
                    format!("the reference to '{at}' leads nowhere and was read as anything"),
                );
                return None;
            };
            let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
                return Some(at);
            };
            let Some(target) = self.target(reference) else {
                self.note(
                    &at,
                    format!("the reference to '{reference}' leaves the document and was read as anything"),
                );
                return None;
            };
            at = target;
        }
        self.note(
            pointer,
            "references that only lead to each other were read as anything",
        );
        None
    }

    /// The pointer that a reference names.
    fn target(&mut self, reference: &str) -> Option<String> {
        let id = self
            .tree
            .root
            .get("$id")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let id = id.trim_end_matches('#');
        let fragment = if !id.is_empty() && (reference == id || reference.starts_with(&format!("{id}#"))) {
            reference
                .get(id.len()..)
                .unwrap_or_default()
                .trim_start_matches('#')
        } else {
            reference.strip_prefix('#')?
        };
        let fragment = decoded(fragment);
        if fragment.is_empty() || fragment.starts_with('/') {
            return Some(fragment);
        }
        let tree = self.tree;
        self.anchors
            .get_or_insert_with(|| anchors(&tree.root))
            .get(&fragment)
            .cloned()
    }

    /// The schema at a pointer, read later by [`Loader::finish`].
    pub(crate) fn schema(&mut self, pointer: &str) -> SchemaId {
        let referring = self
            .value(pointer)
            .and_then(Value::as_object)
            .filter(|map| map.contains_key("$ref"));
        let more = |map: &Map<String, Value>| {
            map.keys()
                .any(|key| !WORDS.contains(&key.as_str()) && !key.starts_with("x-"))
        };
        match referring {
            Some(map) if self.siblings && more(map) => self.intern(pointer),
            Some(_) => match self.resolve(pointer) {
                Some(target) => self.intern(&target),
                None => self.intern(pointer),
            },
            None => self.intern(pointer),
        }
    }

    fn intern(&mut self, pointer: &str) -> SchemaId {
        if let Some(id) = self.ids.get(pointer) {
            return *id;
        }
        let schema = Schema {
            pointer: pointer.to_owned(),
            span: self.tree.span(pointer, self.source),
            name: name(pointer),
            ..Schema::default()
        };
        let id = self.push(schema);
        self.ids.insert(pointer.to_owned(), id);
        self.queue.push(id);
        id
    }

    /// Adds a schema that the document does not hold as such (a form of several fields).
    pub(crate) fn push(&mut self, schema: Schema) -> SchemaId {
        let id = SchemaId(self.schemas.list.len());
        self.schemas.list.push(schema);
        id
    }

    /// Reads all schemas that were asked for, and those that they refer to.
    pub(crate) fn finish(mut self) -> (Schemas, Vec<Note>) {
        while let Some(id) = self.queue.pop() {
            let Some(schema) = self.schemas.list.get_mut(id.0) else {
                continue;
            };
            let mut schema = std::mem::take(schema);
            self.fill(&mut schema);
            if let Some(slot) = self.schemas.list.get_mut(id.0) {
                *slot = schema;
            }
        }
        self.notes.sort_by_key(|note| note.span);
        self.notes.dedup();
        (self.schemas, self.notes)
    }

    fn fill(&mut self, schema: &mut Schema) {
        let pointer = schema.pointer.clone();
        match self.value(&pointer) {
            Some(Value::Bool(false)) => schema.never = true,
            Some(Value::Object(map)) => {
                Self::simple(schema, map);
                self.children(schema, map, &pointer);
                for key in UNREAD.into_iter().filter(|key| map.contains_key(*key)) {
                    self.note(
                        &child(&pointer, key),
                        format!("the keyword '{key}' is not read; cases do not respect it"),
                    );
                }
            }
            _ => {}
        }
    }

    fn simple(schema: &mut Schema, map: &Map<String, Value>) {
        let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
        let whole = |key: &str| map.get(key).and_then(natural);
        let flag = |key: &str| map.get(key).and_then(Value::as_bool).unwrap_or(false);
        schema.types = types(map.get("type"));
        if (flag("nullable") || flag("x-nullable")) && !schema.types.is_empty() {
            schema.types.push(JsonType::Null);
        }
        schema.format = text("format");
        schema.pattern = text("pattern");
        schema.description = text("description");
        schema.values = map.get("enum").and_then(Value::as_array).cloned();
        if let Some(value) = map.get("const") {
            schema.values = Some(vec![value.clone()]);
        }
        schema.minimum = limit(map.get("minimum"), map.get("exclusiveMinimum"), f64::max);
        schema.maximum = limit(map.get("maximum"), map.get("exclusiveMaximum"), f64::min);
        schema.multiple_of = map
            .get("multipleOf")
            .and_then(Value::as_f64)
            .filter(|step| *step > 0.0);
        schema.min_length = whole("minLength");
        schema.max_length = whole("maxLength");
        schema.min_items = whole("minItems");
        schema.max_items = whole("maxItems");
        schema.min_properties = whole("minProperties");
        schema.max_properties = whole("maxProperties");
        schema.unique_items = flag("uniqueItems");
        schema.read_only = flag("readOnly");
        schema.write_only = flag("writeOnly");
        schema.deprecated = flag("deprecated");
        schema.default = map.get("default").cloned();
        schema.examples = examples(map);
        let discriminator = map.get("discriminator");
        schema.discriminator = discriminator
            .and_then(|it| it.as_str().or_else(|| it.get("propertyName")?.as_str()))
            .map(str::to_owned);
        if let Some(required) = map.get("required").and_then(Value::as_array) {
            schema.required = required
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect();
        }
    }

    fn children(&mut self, schema: &mut Schema, map: &Map<String, Value>, pointer: &str) {
        if map.contains_key("$ref")
            && let Some(target) = self.resolve(pointer)
        {
            let target = self.intern(&target);
            schema.all_of.push(target);
        }
        schema.all_of.extend(self.list(map, pointer, "allOf"));
        schema.any_of = self.list(map, pointer, "anyOf");
        schema.one_of = self.list(map, pointer, "oneOf");
        schema.prefix_items = self.list(map, pointer, "prefixItems");
        match map.get("items") {
            Some(Value::Array(_)) => schema.prefix_items = self.list(map, pointer, "items"),
            Some(_) => schema.items = Some(self.schema(&child(pointer, "items"))),
            None => {}
        }
        if map.contains_key("not") {
            schema.not = Some(self.schema(&child(pointer, "not")));
        }
        if let Some(properties) = map.get("properties").and_then(Value::as_object) {
            let base = child(pointer, "properties");
            let mut names: Vec<(usize, &String)> = properties
                .keys()
                .map(|name| (self.tree.order(&child(&base, name)), name))
                .collect();
            names.sort();
            schema.properties = names
                .into_iter()
                .map(|(_, name)| (name.clone(), self.schema(&child(&base, name))))
                .collect();
        }
        for key in ["additionalProperties", "unevaluatedProperties"] {
            match map.get(key) {
                Some(Value::Bool(false)) => schema.additional = Additional::None,
                Some(Value::Object(_)) => {
                    schema.additional = Additional::Schema(self.schema(&child(pointer, key)));
                }
                _ => {}
            }
        }
    }

    fn list(&mut self, map: &Map<String, Value>, pointer: &str, key: &str) -> Vec<SchemaId> {
        let count = map.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        let base = child(pointer, key);
        (0..count)
            .map(|index| self.schema(&child(&base, &index.to_string())))
            .collect()
    }
}
