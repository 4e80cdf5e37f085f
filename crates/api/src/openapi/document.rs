//! The document as a whole: what the table knows, joined with what the groups describe.

use super::{Described, Group, groups, schema, shared};
use crate::table::{Access, Operation, table};
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// Words before everything else.
const ABOUT: &str = "The REST API of Attest. `/api/v1` follows Testmo's contract, so its clients work unchanged; \
    `/api/attest/v1` is our own.\n\nSend a key as `Authorization: Bearer att_usr_…`. Times are UTC, durations are \
    microseconds, lists in queries are one value with commas. Unknown query parameters and fields of bodies are left alone. \
    Wrong input is told all at once, in `errors` by dotted field name.";

/// Paths of our own resources begin with this.
const OURS: &str = "/api/attest/v1/";

/// What an answer other than success means.
const ERRORS: &[(u16, &str, &str)] = &[
    (
        400,
        "BadRequest",
        "The request itself is wrong, or it changes nothing.",
    ),
    (401, "Unauthenticated", "No key, or one that is not valid."),
    (403, "Forbidden", "The key or its owner may not do this."),
    (
        404,
        "NotFound",
        "There is no such object, or the caller may not see it.",
    ),
    (
        409,
        "Conflict",
        "The state of things does not allow it, such as another version.",
    ),
    (413, "TooLarge", "The body is larger than `x-body-limit`."),
    (
        414,
        "AddressTooLong",
        "The address is too long; send fewer or shorter parameters.",
    ),
    (
        422,
        "Invalid",
        "Parameters or fields are wrong; `errors` names each.",
    ),
    (
        429,
        "TooMany",
        "Too often; try again after `Retry-After` seconds.",
    ),
    (431, "HeadTooLong", "Address and headers are too long together."),
    (
        503,
        "Busy",
        "Overloaded; nothing was done. Try again after `Retry-After` seconds.",
    ),
    (507, "Storage", "The disk is full or broken; nothing was done."),
];

/// The whole description, as OpenAPI 3.1.
pub fn document() -> Value {
    let groups = groups();
    let mut paths: Map<String, Value> = Map::new();
    for operation in table() {
        let described = groups
            .iter()
            .flat_map(|group| group.operations.iter().map(move |d| (group, d)))
            .find(|(_, d)| d.name == operation.name);
        if let Some((group, described)) = described {
            let method = operation.method.as_str().to_ascii_lowercase();
            paths.entry(operation.path).or_insert_with(|| json!({}))[method] =
                operation_of(&operation, group, described);
        }
    }
    let mut schemas: Map<String, Value> = Map::new();
    let all = shared::schemas()
        .into_iter()
        .chain(groups.iter().flat_map(|g| g.schemas.clone()));
    schemas.extend(all.map(|(name, schema)| (name.to_owned(), schema)));
    let tags: Vec<Value> = groups
        .iter()
        .map(|g| json!({"name": g.name, "description": g.about}))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Attest", "version": "1", "description": ABOUT,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}},
        "servers": [{"url": "/"}],
        "security": [{"bearerAuth": []}],
        "tags": tags,
        "paths": paths,
        "components": {
            "securitySchemes": security_schemes(),
            "parameters": {"IdempotencyKey": idempotency_key()},
            "responses": responses(),
            "schemas": schemas,
        },
    })
}

fn operation_of(operation: &Operation, group: &Group, described: &Described) -> Value {
    let parameters = path_parameters(operation.path)
        .chain(
            (*operation.method == Method::POST)
                .then(|| json!({"$ref": "#/components/parameters/IdempotencyKey"})),
        )
        .chain(described.params.iter().map(super::param::Param::document));
    let mut out = json!({
        "operationId": operation.name,
        "tags": [group.name],
        "summary": described.summary,
        "description": format!("{} {}", described.notes, needs(operation)).trim(),
        "parameters": parameters.collect::<Vec<_>>(),
        "responses": answers(operation, described),
    });
    if operation.path.starts_with(OURS) {
        out["security"] = security(operation);
    }
    if let Some(content) = &described.body {
        out["requestBody"] = json!({"required": true, "content": content});
        out["x-body-limit"] = json!(operation.body_limit);
    }
    out
}

/// Our own resources take the session of a browser too, from our own pages only.
fn security(operation: &Operation) -> Value {
    if *operation.method == Method::GET {
        json!([{"bearerAuth": []}, {"session": []}])
    } else {
        json!([{"bearerAuth": []}, {"session": [], "csrf": []}])
    }
}

fn security_schemes() -> Value {
    json!({
        "bearerAuth": {"type": "http", "scheme": "bearer",
            "description": "An API key of a user or of an API user."},
        "session": {"type": "apiKey", "in": "cookie", "name": app::login::session_cookie(true),
            "description": "The session of a browser that is signed in, `att_sid` without https. A key counts more."},
        "csrf": {"type": "apiKey", "in": "header", "name": "X-Attest-Csrf",
            "description": "`1`, with whatever changes something by a session: pages of others can't send it."},
    })
}

fn needs(operation: &Operation) -> String {
    match operation.access {
        Access::Key => "Needs a valid key.".to_owned(),
        Access::Admin => "Needs a site admin, or a key of one with the scope `full`.".to_owned(),
        Access::Keys => "Needs the key of an API user that manages API users.".to_owned(),
        Access::ApiUsers => "Needs a site admin, or an API user that manages API users.".to_owned(),
        Access::Right(right, _) => format!("Needs the right *{right}*."),
        Access::Either(right, [a, b], _) => format!("Needs the right *{right}*, and *{a}* or *{b}*."),
    }
}

fn path_parameters(path: &str) -> impl Iterator<Item = Value> {
    path.split('/').filter_map(|part| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?;
        Some(json!({"name": name, "in": "path", "required": true, "schema": schema::id(), "example": 1}))
    })
}

fn idempotency_key() -> Value {
    json!({"name": "Idempotency-Key", "in": "header", "required": false,
        "description": "Makes a repetition of the same request safe: it is done once, and answered again.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": r"^[!-~]([\t -~]*[!-~])?$"}})
}

fn answers(operation: &Operation, described: &Described) -> Value {
    let mut success =
        json!({"description": if described.answer.is_some() { "Done." } else { "Done; no content." }});
    if let Some(content) = &described.answer {
        success["content"] = content.clone();
    }
    for (to, parameter, pointer) in &described.links {
        success["links"][*to] =
            json!({"operationId": to, "parameters": {*parameter: format!("$response.body#{pointer}")}});
    }
    let mut all = Map::new();
    all.insert(described.status.to_string(), success);
    let is_write = *operation.method != Method::GET;
    let can_be_wrong =
        *operation.method == Method::POST || described.body.is_some() || !described.params.is_empty();
    for (status, name, _) in ERRORS {
        let is_possible = match status {
            404 => operation.path.contains('{') || operation.path.ends_with("/current"),
            409 | 413 | 507 => is_write,
            414 | 431 => !described.params.is_empty(),
            422 => can_be_wrong,
            _ => true,
        };
        if is_possible {
            all.insert(
                status.to_string(),
                json!({"$ref": format!("#/components/responses/{name}")}),
            );
        }
    }
    Value::Object(all)
}

fn responses() -> Value {
    let header = |about: &str| json!({"description": about, "required": true, "schema": {"type": "string"}});
    let mut all = Map::new();
    for (status, name, about) in ERRORS {
        let mut response = json!({"description": about,
            "content": {"application/json": {"schema": schema::refer("Error")}}});
        match status {
            // Said before anything of the request is understood, so without a body.
            431 => response = json!({ "description": about }),
            401 => {
                response["headers"]["WWW-Authenticate"] = header("RFC 6750 §3: what is wrong with the key.");
            }
            429 | 503 => response["headers"]["Retry-After"] = header("Seconds."),
            _ => {}
        }
        all.insert((*name).to_owned(), response);
    }
    Value::Object(all)
}

/// `GET /api/openapi.json`, for everybody: it tells of the product, not of the instance.
pub(crate) async fn serve() -> Response {
    static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| crate::error::to_json(&document()));
    let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    ([json], BYTES.as_slice()).into_response()
}
