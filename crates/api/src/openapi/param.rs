//! Parameters of queries, in the forms that `crate::params` reads.

use super::schema::{flag, text_of, within, word};
use crate::params::{EXPANDS_MAX, LIST_MAX, TEXT_MAX};
use model::page::PER_PAGE;
use serde_json::{Value, json};

/// A parameter of a query.
#[derive(Clone)]
pub(crate) struct Param {
    /// Its name.
    pub(crate) name: &'static str,
    /// How a handler asks for it, for the test that compares both.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the test compares"))]
    pub(crate) kind: String,
    about: String,
    schema: Value,
    example: Value,
    is_required: bool,
}

impl Param {
    pub(super) fn new(name: &'static str, kind: &str, about: &str, schema: Value, example: Value) -> Param {
        Param {
            name,
            kind: kind.to_owned(),
            about: about.to_owned(),
            schema,
            example,
            is_required: false,
        }
    }

    /// It must be given, and not be blank.
    pub(super) fn required(mut self) -> Param {
        self.is_required = true;
        self.schema["pattern"] = json!(r"\S");
        self
    }

    /// As OpenAPI has it. A list is one value with commas.
    pub(super) fn document(&self) -> Value {
        let mut parameter = json!({"name": self.name, "in": "query", "required": self.is_required,
            "description": self.about, "schema": self.schema, "example": self.example});
        if self.schema["type"] == "array" {
            parameter["style"] = json!("form");
            parameter["explode"] = json!(false);
        }
        parameter
    }
}

fn list(items: Value) -> Value {
    json!({"type": "array", "items": items, "minItems": 1, "maxItems": LIST_MAX})
}

/// Number and size of the page (contract §1.1).
pub(super) fn paging() -> Vec<Param> {
    let sizes = PER_PAGE.map(|n| n.to_string()).join(", ");
    paging_of(
        json!({"type": "integer", "enum": PER_PAGE, "default": 100}),
        &sizes,
    )
}

/// The same with other sizes; `sizes` as the handler words them.
pub(super) fn paging_of(schema: Value, sizes: &str) -> Vec<Param> {
    let page = json!({"type": "integer", "format": "int64", "minimum": 1, "maximum": i64::MAX, "default": 1});
    vec![
        Param::new("page", "page", "Number of the page.", page, json!(1)),
        Param::new(
            "per_page",
            &format!("per_page {sizes}"),
            "Rows of a page.",
            schema,
            json!(100),
        ),
    ]
}

/// Sizes of a page in a range.
pub(super) fn sizes(min: i64, max: i64) -> Vec<Param> {
    let mut schema = within(min, max);
    schema["default"] = json!(100);
    paging_of(schema, &format!("{min} to {max}"))
}

/// Only rows with one of these ids.
pub(super) fn ids(name: &'static str, about: &str) -> Param {
    Param::new(name, "ids", about, list(within(0, i64::MAX)), json!([1, 2]))
}

/// Only rows with one of these numbers.
pub(super) fn ids_of(name: &'static str, about: &str, allowed: &[i64]) -> Param {
    let schema = list(json!({"type": "integer", "enum": allowed}));
    let kind = format!("ids_of {allowed:?}");
    Param::new(name, &kind, about, schema, json!([allowed[0]]))
}

/// One id.
pub(super) fn one_id(name: &'static str, about: &str) -> Param {
    Param::new(name, "id", about, within(0, i64::MAX), json!(1))
}

/// A folder, where 0 is the root.
pub(super) fn folder_or_root(name: &'static str, about: &str) -> Param {
    Param::new(name, "id", about, within(0, i64::MAX), json!(0))
}

/// Only rows with one of these texts.
pub(super) fn texts(name: &'static str, about: &str, example: &str) -> Param {
    // A comma parts values, and blanks around them don't count.
    let item = json!({"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^,\\s]+$"});
    Param::new(name, "texts", about, list(item), json!([example]))
}

/// A text.
pub(super) fn text(name: &'static str, about: &str, example: &str) -> Param {
    Param::new(name, "text", about, text_of(TEXT_MAX), json!(example))
}

/// One of these words; the first unless another is given.
pub(super) fn choice(name: &'static str, about: &str, words: &[&str]) -> Param {
    let mut schema = word(words);
    schema["default"] = json!(words[0]);
    Param::new(name, "text", about, schema, json!(words[0]))
}

/// True or false.
pub(super) fn yes_or_no(name: &'static str, about: &str) -> Param {
    Param::new(name, "bool", about, flag(), json!(true))
}

/// An instant.
pub(super) fn instant(name: &'static str, about: &str) -> Param {
    let schema = json!({"type": "string", "format": "date-time"});
    Param::new(name, "instant", about, schema, json!("2026-11-02T09:00:00Z"))
}

/// Rows before and after an instant: `X_after`, `X_before`.
pub(super) fn between(after: &'static str, before: &'static str) -> Vec<Param> {
    let words = after.trim_end_matches("_after").replace('_', " ");
    vec![
        instant(after, &format!("Only rows that were {words} after this instant.")),
        instant(
            before,
            &format!("Only rows that were {words} before this instant."),
        ),
    ]
}

/// Which kind of thing.
pub(super) fn entity(allowed: &[model::Entity]) -> Param {
    let names: Vec<&str> = allowed.iter().map(|e| e.name()).collect();
    let kind = format!("entity {names:?}");
    Param::new(
        "entity",
        &kind,
        "Only what belongs to this kind of thing.",
        word(&names),
        json!(names[0]),
    )
}

/// Order of the rows by one of these keys; the first unless another is given.
pub(super) fn sort(keys: &[&str], descends: bool) -> Vec<Param> {
    let mut schema = word(keys);
    schema["default"] = json!(keys[0]);
    let sort = Param::new(
        "sort",
        &format!("sort {keys:?}"),
        "What rows are sorted by.",
        schema,
        json!(keys[0]),
    );
    vec![sort, order(descends)]
}

/// The direction alone.
pub(super) fn order(descends: bool) -> Param {
    let default = if descends { "desc" } else { "asc" };
    let mut schema = word(&["asc", "desc"]);
    schema["default"] = json!(default);
    let kind = format!("order {default}");
    Param::new(
        "order",
        &kind,
        "Smallest or largest first.",
        schema,
        json!(default),
    )
}

/// What the answer shows of what its rows refer to.
pub(super) fn expands(names: &[&str]) -> Param {
    let about = "What the answer shows of the objects that its rows name by id (contract §1.3).";
    let mut schema = list(word(names));
    schema["maxItems"] = json!(EXPANDS_MAX);
    Param::new(
        "expands",
        &format!("expands {names:?}"),
        about,
        schema,
        json!([names[0]]),
    )
}
