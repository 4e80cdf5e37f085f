//! Every answer that a test gets is compared with the description of the API, so that the description can't lie.

use crate::app::Reply;
use http::Method;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

static DOCUMENT: LazyLock<Value> = LazyLock::new(api::openapi::document);
/// Operation and status with the schema of the body; none where there is no body.
static VALIDATORS: Mutex<Option<HashMap<String, Option<Validator>>>> = Mutex::new(None);

/// Fails when an answer has a status or a form that its operation does not describe.
pub(crate) fn check(method: &Method, path: &str, reply: &Reply) {
    let Some((template, operation)) = operation(method, path) else {
        return;
    };
    let status = reply.status.as_u16().to_string();
    let answer = &operation["responses"][&status];
    assert!(
        !answer.is_null(),
        "{method} {template} answered {status}, which is not described: {}",
        reply.json()
    );
    if status.starts_with('2') && is_file(answer) {
        let kind = reply.headers.get("content-type").and_then(|v| v.to_str().ok());
        assert!(
            kind.is_some_and(|kind| !answer["content"][kind].is_null()),
            "{method} {template} sent a file of the type {kind:?}, which is not described"
        );
        return;
    }
    let mut validators = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    let validator = validators
        .get_or_insert_default()
        .entry(format!("{method} {template} {status}"))
        .or_insert_with(|| schema(answer).map(|schema| compiled(&schema)));
    let Some(validator) = validator else {
        assert!(reply.bytes.is_empty(), "{method} {template} {status} has a body");
        return;
    };
    let body = reply.json();
    let wrong: Vec<String> = validator
        .iter_errors(&body)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(
        wrong.is_empty(),
        "{method} {template} {status} is not as described in crates/api/src/openapi/: {}",
        wrong.join("; ")
    );
}

/// The operation of a path, and the path as the description has it.
fn operation(method: &Method, path: &str) -> Option<(&'static str, &'static Value)> {
    let paths = DOCUMENT["paths"].as_object()?;
    let parts = |path: &str| path.split('/').count();
    let fits = |template: &&String| {
        parts(template) == parts(path)
            && template
                .split('/')
                .zip(path.split('/'))
                .all(|(t, p)| t == p || t.starts_with('{'))
    };
    // A word is nearer than a parameter, as in the router.
    let template = paths.keys().filter(fits).min_by_key(|t| t.matches('{').count())?;
    let operation = &paths[template][method.as_str().to_ascii_lowercase()];
    (!operation.is_null()).then_some((template.as_str(), operation))
}

/// Whether an answer has content that is not JSON.
fn is_file(answer: &Value) -> bool {
    let content = answer["content"].as_object();
    content.is_some_and(|types| types.values().any(|t| t["schema"]["format"] == "binary"))
}

fn schema(answer: &Value) -> Option<Value> {
    let answer = match answer["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#'))?,
        None => answer,
    };
    answer["content"]["application/json"].get("schema").cloned()
}

#[expect(clippy::expect_used, reason = "test support: what fails here ends the test")]
fn compiled(schema: &Value) -> Validator {
    let mut root = json!({"components": {"schemas": DOCUMENT["components"]["schemas"]}});
    root["allOf"] = json!([schema]);
    jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&root)
        .expect("the description is a schema")
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, StatusCode};

    fn reply(status: u16, body: &Value) -> Reply {
        Reply {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            bytes: body.to_string().into_bytes(),
        }
    }

    #[test]
    fn an_answer_as_described() {
        let user =
            json!({"id": 1, "name": "Ada", "timezone": null, "date_format": null, "time_format": null});
        check(&Method::GET, "/api/v1/user", &reply(200, &user));
    }

    #[test]
    #[should_panic(expected = "is not as described")]
    fn an_answer_with_another_field() {
        let user = json!({"id": 1, "name": "Ada", "timezone": null, "date_format": null, "time_format": null, "age": 36});
        check(&Method::GET, "/api/v1/user", &reply(200, &user));
    }

    #[test]
    #[should_panic(expected = "is not described")]
    fn a_status_that_is_not_described() {
        check(&Method::GET, "/api/v1/projects/1", &reply(418, &json!({})));
    }
}
