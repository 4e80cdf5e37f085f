//! Schemas of `OpenAPI` and JSON Schema, as a list in which references are numbers, so that cycles are no problem.

use serde::Serialize;
use serde_json::Value;

use crate::span::Span;

/// The number of a schema in [`Schemas`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct SchemaId(pub(crate) usize);

/// All schemas that a document uses.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Schemas {
    pub(crate) list: Vec<Schema>,
}

impl Schemas {
    /// A schema by its number.
    pub fn get(&self, id: SchemaId) -> Option<&Schema> {
        self.list.get(id.0)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (SchemaId, &Schema)> {
        self.list
            .iter()
            .enumerate()
            .map(|(index, schema)| (SchemaId(index), schema))
    }
}

/// The types of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonType {
    /// `null`.
    Null,
    /// `true` and `false`.
    Boolean,
    /// Numbers without a fraction.
    Integer,
    /// Numbers.
    Number,
    /// Strings.
    String,
    /// Lists.
    Array,
    /// Objects.
    Object,
    /// Uploaded files (Swagger 2.0).
    File,
}

/// A limit of a number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Limit {
    /// The number.
    pub value: f64,
    /// Whether the number itself is not allowed.
    pub exclusive: bool,
}

/// What a value may be. Absent rules allow everything.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Schema {
    /// JSON pointer of the schema in its document.
    pub pointer: String,
    /// Where it stands.
    pub span: Span,
    /// The name under which the document defines it.
    pub name: Option<String>,
    /// Whether nothing is valid (the schema `false`).
    pub never: bool,
    /// Allowed types; empty for all. `nullable` adds [`JsonType::Null`].
    pub types: Vec<JsonType>,
    /// Format (`date-time`, `int32`, `email` …).
    pub format: Option<String>,
    /// Allowed values.
    pub values: Option<Vec<Value>>,
    /// Least number.
    pub minimum: Option<Limit>,
    /// Greatest number.
    pub maximum: Option<Limit>,
    /// The number of which all numbers are multiples.
    pub multiple_of: Option<f64>,
    /// Least length in characters.
    pub min_length: Option<u64>,
    /// Greatest length in characters.
    pub max_length: Option<u64>,
    /// ECMA-262 expression that strings match somewhere.
    pub pattern: Option<String>,
    /// Least count of items.
    pub min_items: Option<u64>,
    /// Greatest count of items.
    pub max_items: Option<u64>,
    /// Whether items must differ.
    pub unique_items: bool,
    /// What all items are.
    pub items: Option<SchemaId>,
    /// What the first items are, in their order.
    pub prefix_items: Vec<SchemaId>,
    /// Named properties in the order of the source.
    pub properties: Vec<(String, SchemaId)>,
    /// Names of properties that must be there.
    pub required: Vec<String>,
    /// Other properties.
    pub additional: Additional,
    /// Least count of properties.
    pub min_properties: Option<u64>,
    /// Greatest count of properties.
    pub max_properties: Option<u64>,
    /// All of these hold.
    pub all_of: Vec<SchemaId>,
    /// At least one of these holds.
    pub any_of: Vec<SchemaId>,
    /// Exactly one of these holds.
    pub one_of: Vec<SchemaId>,
    /// This does not hold.
    pub not: Option<SchemaId>,
    /// Only in answers.
    pub read_only: bool,
    /// Only in requests.
    pub write_only: bool,
    /// Marked as no longer to be used.
    pub deprecated: bool,
    /// Value that is assumed.
    pub default: Option<Value>,
    /// Values that the document gives as examples.
    pub examples: Vec<Value>,
    /// Free text.
    pub description: Option<String>,
    /// The property that tells the alternatives of `one_of` or `any_of` apart.
    pub discriminator: Option<String>,
}

/// What properties without a name of their own may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Additional {
    /// Anything.
    #[default]
    Any,
    /// Not there.
    None,
    /// After a schema.
    Schema(SchemaId),
}
