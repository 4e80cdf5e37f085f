//! Descriptions of interfaces in all versions.

use generate::api::{Api, Direction, Operation, Place};
use generate::schema::{Additional, JsonType, Limit, Schema, SchemaId};
use generate::{Document, Form};
use serde_json::Value;

use crate::{content, testdata};

/// File, operations, parameters, bodies, answers: counted by another program.
const COUNTS: [(&str, usize, usize, usize, usize); 15] = [
    ("crates-io/openapi.json", 51, 88, 9, 155),
    ("oai-examples/v2.0-petstore-expanded.json", 4, 4, 1, 8),
    ("oai-examples/v3.0-callback-example.yaml", 2, 1, 1, 3),
    ("oai-examples/v3.0-link-example.yaml", 6, 13, 0, 6),
    ("oai-examples/v3.0-petstore-expanded.yaml", 4, 4, 1, 8),
    ("oai-examples/v3.0-uspto.yaml", 3, 4, 1, 5),
    ("oai-examples/v3.1-tictactoe.yaml", 5, 5, 2, 8),
    ("oai-examples/v3.1-webhook-example.yaml", 1, 0, 1, 1),
    ("oai-examples/v3.2-3.2-tags-example.yaml", 4, 0, 0, 0),
    ("wfd/bibliothek.json", 8, 16, 0, 8),
    ("wfd/catwatch.json", 23, 32, 2, 100),
    ("wfd/cwa-verification.json", 5, 4, 4, 16),
    ("wfd/genome-nexus.json", 23, 34, 10, 23),
    ("wfd/pay-publicapi.json", 16, 42, 4, 89),
    ("wfd/swagger-petstore.json", 19, 17, 7, 64),
];

fn file(name: &str) -> Document {
    let (_, bytes) = content(&testdata().join("openapi").join(name));
    generate::read(name, &bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn operation<'a>(api: &'a Api, method: &str, path: &str) -> &'a Operation {
    let found = api
        .operations
        .iter()
        .find(|operation| operation.method == method && operation.path == path);
    found.unwrap_or_else(|| panic!("no {method} {path}"))
}

fn schema(api: &Api, id: SchemaId) -> &Schema {
    api.schemas.get(id).unwrap()
}

fn property<'a>(api: &'a Api, schema: &Schema, name: &str) -> &'a Schema {
    let found = schema.properties.iter().find(|(known, _)| known == name);
    api.schemas
        .get(found.unwrap_or_else(|| panic!("no {name}")).1)
        .unwrap()
}

#[test]
fn every_file_has_the_operations_that_another_program_counts() {
    for (name, operations, parameters, bodies, answers) in COUNTS {
        let document = file(name);
        let api = document.api.as_ref().unwrap();
        let found = (
            api.operations.len(),
            api.operations
                .iter()
                .map(|operation| operation.parameters.len())
                .sum::<usize>(),
            api.operations
                .iter()
                .filter(|operation| operation.body.is_some())
                .count(),
            api.operations
                .iter()
                .map(|operation| operation.responses.len())
                .sum::<usize>(),
        );
        assert_eq!(found, (operations, parameters, bodies, answers), "{name}");
        assert_eq!(document.requirements.len(), operations, "{name}");
        assert_eq!(document.criteria().count(), answers, "{name}");
        assert!(document.notes.is_empty(), "{name}: {:?}", document.notes);
    }
}

#[test]
fn every_operation_and_answer_shows_its_place() {
    for (name, ..) in COUNTS {
        let document = file(name);
        let api = document.api.as_ref().unwrap();
        for operation in &api.operations {
            let quote = document.text[operation.span.range()].to_lowercase();
            let method = operation.method.to_lowercase();
            assert!(
                quote.trim_start_matches('"').starts_with(&method),
                "{name}: {quote}"
            );
            for response in &operation.responses {
                let quote = &document.text[response.span.range()];
                assert!(
                    quote
                        .trim_start_matches(['"', '\''])
                        .starts_with(&response.status),
                    "{name}: {quote}"
                );
                assert!(
                    operation.span.start < response.span.start && response.span.end <= operation.span.end
                );
            }
        }
        for criterion in document.criteria() {
            assert!(matches!(&criterion.form, Form::Response { .. }));
        }
    }
}

#[test]
fn yaml_is_read_as_another_reader_reads_it() {
    // The same description as JSON and as YAML gives the same model.
    let json = r##"{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{"/a/{id}":{"get":{
        "parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"integer","minimum":1,"exclusiveMaximum":100}}],
        "responses":{"200":{"description":"ok: fine","content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}}}},
        "components":{"schemas":{"A":{"type":"object","properties":{"n":{"type":["string","null"]}}}}}}"##;
    let yaml = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      parameters:\n        \
                - name: id\n          in: path\n          required: true\n          schema: &x\n            type: integer\n            \
                minimum: 1\n            exclusiveMaximum: 100\n      responses:\n        200:\n          description: 'ok: fine'\n          \
                content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/A'\n\
                components:\n  schemas:\n    A:\n      type: object\n      properties:\n        n:\n          type: [string, 'null']\n";
    let without_spans = |mut value: Value| {
        fn strip(value: &mut Value) {
            match value {
                Value::Object(map) => {
                    map.remove("span");
                    map.values_mut().for_each(strip);
                }
                Value::Array(list) => list.iter_mut().for_each(strip),
                _ => {}
            }
        }
        strip(&mut value);
        value
    };
    let model = |name: &str, text: &str| {
        let document =
            generate::read(name, text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        without_spans(serde_json::to_value(document.api).unwrap())
    };
    assert_eq!(model("a.json", json), model("a.yaml", yaml));
}

#[test]
fn limits_types_and_sign_in_are_read() {
    let document = file("wfd/pay-publicapi.json");
    let api = document.api.as_ref().unwrap();
    let create = operation(api, "POST", "/v1/payments");
    let body = create.body.as_ref().unwrap();
    assert!(body.required);
    let request = schema(api, body.content[0].schema.unwrap());
    assert!(request.required.contains(&"amount".to_owned()), "{request:?}");
    let amount = property(api, request, "amount");
    assert_eq!(amount.types, [JsonType::Integer]);
    assert_eq!(
        amount.maximum,
        Some(Limit {
            value: 10_000_000.0,
            exclusive: false
        })
    );
    assert_eq!(create.security[0][0].scheme, "BearerAuth");
    assert_eq!(
        api.security_schemes["BearerAuth"].scheme.as_deref(),
        Some("bearer")
    );
}

#[test]
fn swagger_forms_and_bodies_become_bodies() {
    let document = file("oai-examples/v2.0-petstore-expanded.json");
    let api = document.api.as_ref().unwrap();
    let body = operation(api, "POST", "/pets").body.as_ref().unwrap();
    assert_eq!(
        schema(api, body.content[0].schema.unwrap()).name.as_deref(),
        Some("NewPet")
    );
    assert_eq!(api.servers, ["http://petstore.swagger.io/api"]);
    let text = r#"{"swagger":"2.0","paths":{"/up":{"post":{"consumes":["multipart/form-data"],"parameters":[
        {"in":"formData","name":"f","type":"file","required":true},{"in":"formData","name":"n","type":"string","maxLength":5},
        {"in":"query","name":"q","type":"integer","maximum":9}],"responses":{"200":{"description":""}}}}}}"#;
    let document = generate::read("a.json", text.as_bytes()).unwrap();
    let api = document.api.as_ref().unwrap();
    let up = &api.operations[0];
    let form = schema(api, up.body.as_ref().unwrap().content[0].schema.unwrap());
    assert_eq!(
        (form.required.as_slice(), property(api, form, "n").max_length),
        (["f".to_owned()].as_slice(), Some(5))
    );
    assert_eq!(property(api, form, "f").types, [JsonType::File]);
    assert_eq!((up.parameters.len(), up.parameters[0].place), (1, Place::Query));
}

#[test]
fn callbacks_webhooks_and_links_are_read() {
    let document = file("oai-examples/v3.0-callback-example.yaml");
    let api = document.api.as_ref().unwrap();
    assert_eq!(api.operations[1].direction, Direction::Callback);
    let document = file("oai-examples/v3.1-webhook-example.yaml");
    assert_eq!(
        document.api.as_ref().unwrap().operations[0].direction,
        Direction::Webhook
    );
    let document = file("oai-examples/v3.0-link-example.yaml");
    let api = document.api.as_ref().unwrap();
    let links: usize = api
        .operations
        .iter()
        .flat_map(|it| &it.responses)
        .map(|it| it.links.len())
        .sum();
    assert_eq!(links, 4);
}

#[test]
fn references_in_circles_end() {
    let text = r##"{"openapi":"3.0.0","paths":{"/a":{"get":{"responses":{"200":{"description":"","content":{"application/json":{
        "schema":{"$ref":"#/components/schemas/Node"}}}}}},"put":{"requestBody":{"$ref":"#/components/requestBodies/B"},"responses":{}}}},
        "components":{"requestBodies":{"B":{"$ref":"#/components/requestBodies/C"},"C":{"$ref":"#/components/requestBodies/B"}},
        "schemas":{"Node":{"type":"object","additionalProperties":false,"properties":{"next":{"$ref":"#/components/schemas/Node"},
        "loop":{"$ref":"#/components/schemas/L"},"out":{"$ref":"other.json#/X"},"gone":{"$ref":"#/nowhere"}}},
        "L":{"$ref":"#/components/schemas/M"},"M":{"$ref":"#/components/schemas/L"}}}}"##;
    let document = generate::read("a.json", text.as_bytes()).unwrap();
    let api = document.api.as_ref().unwrap();
    let id = api.operations[0].responses[0].content[0].schema.unwrap();
    let node = schema(api, id);
    assert_eq!(node.properties[0], ("next".to_owned(), id));
    assert_eq!(node.additional, Additional::None);
    assert_eq!(api.operations[1].body, None);
    let messages: Vec<_> = document.notes.iter().map(|note| note.message.as_str()).collect();
    assert_eq!(messages.len(), 4, "{messages:#?}");
    assert!(
        messages
            .iter()
            .any(|message| message.contains("'other.json#/X' leaves the document"))
    );
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    for (text, line, column, message) in [
        (
            "{\n  \"openapi\": \"4.0.0\", \"paths\": {}\n}",
            2,
            3,
            "version '4.0.0'",
        ),
        (
            "{\n  \"openapi\": \"3.0.0\",\n  \"paths\": [}\n}",
            3,
            13,
            "not valid JSON",
        ),
        ("openapi: 3.0.0\npaths:\n  /a: {\n", 4, 1, "not valid YAML"),
        ("openapi: 3.0.0\npaths:\n  /a: 1\n  /a: 2\n", 4, 3, "stands twice"),
        ("openapi: 3.0.0\npaths: [1]\n", 2, 1, "'paths' is a list"),
        ("swagger: 1.2\npaths: {}\n", 1, 1, "version '1.2'"),
    ] {
        let error = generate::read("a", text.as_bytes()).expect_err(text);
        assert!(error.message.contains(message), "{error}");
        assert_eq!((error.line, error.column), (line, column), "{text}: {error}");
    }
}

#[test]
fn bombs_of_aliases_and_depth_are_refused() {
    let mut text = String::from("openapi: 3.0.0\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.extend([format!("a{level}: &a{level} [{aliases}]\n")]);
    }
    assert!(
        generate::read("a.yaml", text.as_bytes())
            .unwrap_err()
            .message
            .contains("too many")
    );
    let deep = format!("openapi: 3.0.0\nx: {}{}\n", "[".repeat(5000), "]".repeat(5000));
    assert!(generate::read("a.yaml", deep.as_bytes()).is_err());
    let deep = format!("{{\"openapi\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(generate::read("a.json", deep.as_bytes()).is_err());
}
