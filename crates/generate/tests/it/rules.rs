//! Requests of generated cases against the schemas of the description itself, judged by another library: a case that
//! works breaks no rule, and one that is to be refused breaks exactly one.

use generate::{Case, Options, Polarity, Technique, generate, read};
use jsonschema::Validator;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{content, testdata};

/// A description as it stands in the file.
struct Described {
    root: Value,
    is_31: bool,
}

impl Described {
    fn new(root: Value) -> Self {
        let is_31 = root["openapi"].as_str().is_some_and(|version| version >= "3.1");
        Self { root, is_31 }
    }

    fn follow<'v>(&'v self, mut value: &'v Value) -> &'v Value {
        while let Some(to) = value.get("$ref").and_then(Value::as_str) {
            value = self.root.pointer(&to[1..]).unwrap();
        }
        value
    }

    /// A schema of OpenAPI 2.0 and 3.0 as one of JSON Schema, for requests.
    fn plain(&self, schema: &Value) -> Value {
        match schema {
            Value::Array(all) => all.iter().map(|one| self.plain(one)).collect(),
            Value::Object(object) if !self.is_31 && object.get("$ref").is_some_and(Value::is_string) => {
                json!({"$ref": object["$ref"]})
            }
            Value::Object(object) => {
                let mut made: Map<String, Value> = object
                    .iter()
                    .filter(|(key, _)| !matches!(key.as_str(), "example" | "examples" | "default"))
                    .map(|(key, value)| (key.clone(), self.plain(value)))
                    .collect();
                for (flag, limit) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
                    match made.get(flag) {
                        Some(Value::Bool(true)) => {
                            let value = made.remove(limit).unwrap();
                            made.insert(flag.to_owned(), value);
                        }
                        Some(Value::Bool(false)) => drop(made.remove(flag)),
                        _ => {}
                    }
                }
                if made.get("type") == Some(&json!("file")) {
                    made.insert("type".to_owned(), json!("string"));
                }
                if made.get("nullable") == Some(&json!(true))
                    && made.get("type").is_some_and(Value::is_string)
                {
                    let kind = made["type"].clone();
                    made.insert("type".to_owned(), json!([kind, "null"]));
                }
                // What only answers have is not required of a request.
                let answer_only = |name: &Value| {
                    let property = object.get("properties").and_then(|all| all.get(name.as_str()?));
                    property.is_some_and(|property| self.follow(property)["readOnly"] == json!(true))
                };
                if let Some(Value::Array(names)) = made.get_mut("required") {
                    names.retain(|name| !answer_only(name));
                } else if made.get("required").is_some_and(Value::is_boolean) {
                    made.remove("required");
                }
                Value::Object(made)
            }
            other => other.clone(),
        }
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut root = json!({"allOf": [self.plain(schema)]});
        for shared in ["components", "definitions"] {
            if let Some(shared_schemas) = self.root.get(shared) {
                root[shared] = self.plain(shared_schemas);
            }
        }
        jsonschema::draft202012::options()
            .should_validate_formats(true)
            .build(&root)
            .unwrap()
    }

    /// The rules that a value breaks.
    fn broken(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(schema);
        let errors = validator.iter_errors(value);
        errors
            .map(|error| format!("{}: {error}", error.schema_path()))
            .collect()
    }

    /// A text of an address as what its schema says it is.
    fn typed(&self, schema: &Value, text: &str) -> Value {
        let schema = self.follow(schema);
        match schema["type"].as_str() {
            Some("integer" | "number" | "boolean") => {
                let parsed = serde_json::from_str::<Value>(text)
                    .ok()
                    .filter(|value| !value.is_string());
                parsed.unwrap_or_else(|| json!(text))
            }
            Some("array") => text
                .split(',')
                .map(|item| self.typed(&schema["items"], item))
                .collect(),
            Some("object") => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
            _ => json!(text),
        }
    }

    /// The operation and its parameters, those of the path first.
    fn operation(&self, method: &str, path: &str) -> (&Value, Vec<&Value>) {
        let item = &self.root["paths"][path];
        let operation = &item[method.to_lowercase()];
        let mut parameters: Vec<&Value> = Vec::new();
        for list in [item, operation] {
            for parameter in list["parameters"].as_array().into_iter().flatten() {
                let parameter = self.follow(parameter);
                let same =
                    |other: &&Value| other["name"] == parameter["name"] && other["in"] == parameter["in"];
                parameters.retain(|other| !same(other));
                parameters.push(parameter);
            }
        }
        (operation, parameters)
    }

    /// The schema of a body of a media type, and whether there must be a body. `None` for no body at all.
    fn body(&self, operation: &Value, parameters: &[&Value], media: Option<&str>) -> Option<(Value, bool)> {
        if let Some(parameter) = parameters.iter().find(|one| one["in"] == json!("body")) {
            return Some((parameter["schema"].clone(), parameter["required"] == json!(true)));
        }
        let fields: Vec<&&Value> = parameters
            .iter()
            .filter(|one| one["in"] == json!("formData"))
            .collect();
        if !fields.is_empty() {
            let required: Vec<&Value> = fields
                .iter()
                .filter(|one| one["required"] == json!(true))
                .map(|one| &one["name"])
                .collect();
            let properties: Map<String, Value> = fields
                .iter()
                .map(|one| (one["name"].as_str().unwrap().to_owned(), (**one).clone()))
                .collect();
            let is_required = !required.is_empty();
            return Some((
                json!({"type": "object", "properties": properties, "required": required}),
                is_required,
            ));
        }
        let body = self.follow(operation.get("requestBody")?);
        let all = body["content"].as_object().unwrap();
        let schema = media
            .and_then(|media| all.get(media))
            .and_then(|media| media.get("schema"));
        Some((
            schema.cloned().unwrap_or_else(|| json!({})),
            body["required"] == json!(true),
        ))
    }

    /// Every rule that the request of a case breaks.
    fn judge(&self, case: &Case) -> Vec<String> {
        let step = &case.steps[0];
        let line = step.action.strip_prefix("Send ").unwrap().trim_end_matches('.');
        let (method, path) = line.split_once(' ').unwrap();
        let (operation, parameters) = self.operation(method, path);
        let find = |name: &str| {
            let mut data = step.data.iter();
            data.find(|datum| datum.name == name)
                .map(|datum| datum.value.as_str())
        };
        let mut broken = Vec::new();
        for parameter in &parameters {
            let place = parameter["in"].as_str().unwrap();
            let name = format!("{place}.{}", parameter["name"].as_str().unwrap());
            if place == "body" || place == "formData" {
                continue;
            }
            let schema = match (parameter.get("schema"), parameter.get("content")) {
                (Some(schema), _) => schema,
                (None, Some(content)) => &content.as_object().unwrap().values().next().unwrap()["schema"],
                (None, None) => parameter,
            };
            match find(&name) {
                Some(text) => broken.extend(self.broken(schema, &self.typed(schema, text))),
                None if parameter["required"] == json!(true) => broken.push(format!("{name} is missing")),
                None => {}
            }
        }
        match (
            self.body(operation, &parameters, find("content-type")),
            find("body"),
        ) {
            (Some((schema, _)), Some(body)) => {
                broken.extend(self.broken(&schema, &serde_json::from_str(body).unwrap()));
            }
            (Some((_, true)), None) => broken.push("the body is missing".to_owned()),
            _ => {}
        }
        broken
    }

    /// Judges all cases of one request; how many worked, how many were to be refused.
    fn judge_all(&self, name: &str, text: &str) -> (usize, usize) {
        let set = generate(&read(name, text.as_bytes()).unwrap(), &Options::default());
        let (mut works, mut refused) = (0, 0);
        for case in set.cases.iter().filter(|case| case.steps.len() == 1) {
            let of_schema = matches!(
                case.technique,
                Technique::EquivalencePartitioning | Technique::BoundaryValue | Technique::Syntax
            );
            let broken = self.judge(case);
            let wanted = usize::from(case.polarity == Polarity::Negative && of_schema);
            assert_eq!(
                broken.len(),
                wanted,
                "{name}: {}: {broken:#?}\n{:?}",
                case.title,
                case.steps
            );
            works += 1 - wanted;
            refused += wanted;
        }
        (works, refused)
    }
}

#[test]
fn cases_of_published_descriptions_break_one_rule_or_none() {
    for (file, works, refused) in [
        ("crates-io/openapi.json", 121, 102),
        ("oai-examples/v2.0-petstore-expanded.json", 5, 8),
        ("wfd/bibliothek.json", 8, 2),
        ("wfd/catwatch.json", 31, 16),
        ("wfd/cwa-verification.json", 10, 24),
        ("wfd/genome-nexus.json", 33, 26),
        ("wfd/pay-publicapi.json", 110, 83),
        ("wfd/swagger-petstore.json", 73, 59),
    ] {
        let (_, bytes) = content(&testdata().join("openapi").join(file));
        let text = String::from_utf8(bytes).unwrap();
        let described = Described::new(serde_json::from_str(&text).unwrap());
        let found = described.judge_all(file, &text);
        assert!(found.0 >= works && found.1 >= refused, "{file}: only {found:?}");
    }
}

/// A schema with rules of every kind.
fn schema() -> impl Strategy<Value = Value> {
    let limits = |low: &'static str, high: &'static str| {
        (proptest::option::of(1_u64..6), proptest::option::of(0_u64..6)).prop_map(move |(least, more)| {
            let mut made = Map::new();
            if let Some(least) = least {
                made.insert(low.to_owned(), json!(least));
            }
            if let Some(more) = more {
                made.insert(high.to_owned(), json!(least.unwrap_or(1) + more));
            }
            made
        })
    };
    let with = |kind: &'static str, mut made: Map<String, Value>| {
        made.insert("type".to_owned(), json!(kind));
        Value::Object(made)
    };
    let simple = prop_oneof![
        limits("minLength", "maxLength").prop_map(move |made| with("string", made)),
        limits("minimum", "maximum").prop_map(move |made| with("integer", made)),
        limits("exclusiveMinimum", "maximum").prop_map(move |made| with("number", made)),
        Just(json!({"type": "boolean"})),
        prop::sample::select(vec!["date", "date-time", "email", "uuid", "ipv4", "ipv6", "uri"])
            .prop_map(|format| json!({"type": "string", "format": format})),
        prop::sample::select(vec!["^[A-Z]{3}$", "^\\d{4}-\\d{2}$", "^[a-z]+$"])
            .prop_map(|pattern| json!({"type": "string", "pattern": pattern})),
        Just(json!({"type": "string", "enum": ["small", "large"]})),
        Just(json!({"type": ["string", "null"], "maxLength": 4})),
        (1_u64..5)
            .prop_map(|step| json!({"type": "integer", "multipleOf": step, "minimum": 1, "maximum": 90})),
    ];
    simple.prop_recursive(3, 16, 4, move |inner| {
        let object = (
            btree_map("[a-e]", inner.clone(), 1..5),
            any::<u8>(),
            any::<bool>(),
        )
            .prop_map(|(properties, required, closed)| {
                let names = properties.keys().enumerate();
                let required: Vec<&String> = names
                    .filter(|(at, _)| required >> at & 1 == 1)
                    .map(|(_, name)| name)
                    .collect();
                let mut made = json!({"type": "object", "required": required, "properties": properties});
                if closed {
                    made["additionalProperties"] = json!(false);
                }
                made
            });
        let list =
            (limits("minItems", "maxItems"), inner, any::<bool>()).prop_map(move |(made, items, unique)| {
                let mut made = with("array", made);
                made["items"] = items;
                if unique {
                    made["uniqueItems"] = json!(true);
                }
                made
            });
        prop_oneof![3 => object, 1 => list]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn cases_of_any_schema_break_one_rule_or_none(body in schema(), query in vec(schema(), 0..3)) {
        let is_simple = |schema: &&Value| !matches!(schema["type"].as_str(), Some("object" | "array") | None);
        let parameters: Vec<Value> = query.iter().filter(is_simple).enumerate().map(|(number, schema)| {
            json!({"name": format!("q{number}"), "in": "query", "required": number == 0, "schema": schema})
        }).collect();
        let root = json!({
            "openapi": "3.1.0",
            "info": {"title": "Made", "version": "1"},
            "paths": {"/things": {"post": {
                "parameters": parameters,
                "requestBody": {"required": true, "content": {"application/json": {"schema": body}}},
                "responses": {"201": {"description": "made"}, "400": {"description": "refused"}},
            }}},
        });
        let text = root.to_string();
        let set = generate(&read("made.json", text.as_bytes()).unwrap(), &Options::default());
        Described::new(root).judge_all("made.json", &text);
        let missing = set.coverage.iter().map(|coverage| coverage.missing.len()).sum::<usize>();
        prop_assert!(set.cases.len() + missing > 0);
    }
}
