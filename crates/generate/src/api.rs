//! What a description in `OpenAPI` or Swagger says: operations and their data.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::schema::{SchemaId, Schemas};
use crate::span::Span;

/// A described interface.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Api {
    /// Its title.
    pub title: String,
    /// The version of the format (`3.0.1`, `2.0`).
    pub format_version: String,
    /// Addresses below which the paths lie, as written.
    pub servers: Vec<String>,
    /// Operations in the order of the source.
    pub operations: Vec<Operation>,
    /// All schemas.
    pub schemas: Schemas,
    /// Ways to sign in, by name.
    pub security_schemes: BTreeMap<String, SecurityScheme>,
}

/// Who calls an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The client calls the described server.
    #[default]
    Path,
    /// The server calls the client on its own.
    Webhook,
    /// The server calls the client because of another operation.
    Callback,
}

/// An operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Operation {
    /// Method in capital letters.
    pub method: String,
    /// Path with its parameters in braces; name of a webhook, expression of a callback.
    pub path: String,
    /// Who calls.
    pub direction: Direction,
    /// `operationId`.
    pub id: Option<String>,
    /// One line.
    pub summary: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Marked as no longer to be used.
    pub deprecated: bool,
    /// Parameters, those of the path included.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// Documented answers in the order of the source.
    pub responses: Vec<Response>,
    /// Alternatives, each a set of schemes that are needed together. Empty: no signing in is described;
    /// an alternative without schemes: it may be left out.
    pub security: Vec<Vec<SecurityUse>>,
    /// JSON pointer of the operation.
    pub pointer: String,
    /// Where it stands.
    pub span: Span,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the path.
    Path,
    /// Behind the question mark.
    Query,
    /// In the head.
    Header,
    /// In the cookies.
    Cookie,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Whether it must be given.
    pub required: bool,
    /// What it may be.
    pub schema: SchemaId,
    /// Examples besides those of the schema.
    pub examples: Vec<Value>,
    /// Free text.
    pub description: Option<String>,
    /// How lists are written (`form`, `csv` …), if it is said.
    pub style: Option<String>,
    /// Whether every item of a list is a parameter of its own, if it is said.
    pub explode: Option<bool>,
    /// JSON pointer.
    pub pointer: String,
    /// Where it stands.
    pub span: Span,
}

/// What an operation is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Body {
    /// Whether it must be there.
    pub required: bool,
    /// One entry for each media type.
    pub content: Vec<Media>,
    /// JSON pointer.
    pub pointer: String,
    /// Where it stands.
    pub span: Span,
}

/// Data of a media type.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Media {
    /// Media type or range (`application/json`, `text/*`).
    pub media_type: String,
    /// What the data may be.
    pub schema: Option<SchemaId>,
    /// Examples besides those of the schema.
    pub examples: Vec<Value>,
}

/// A documented answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Response {
    /// Status code, class (`4XX`) or `default`.
    pub status: String,
    /// Free text.
    pub description: String,
    /// One entry for each media type; empty if nothing is answered.
    pub content: Vec<Media>,
    /// Headers and what they may be.
    pub headers: Vec<(String, SchemaId)>,
    /// Operations that the answer leads to.
    pub links: Vec<Link>,
    /// JSON pointer.
    pub pointer: String,
    /// Where it stands.
    pub span: Span,
}

/// A way from an answer to another operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Its name.
    pub name: String,
    /// `operationId` of the target, or the reference to it.
    pub operation: String,
    /// Parameters of the target and the expressions that give them.
    pub parameters: Vec<(String, String)>,
}

/// A scheme that an operation needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SecurityUse {
    /// Name of the scheme.
    pub scheme: String,
    /// Rights that are needed.
    pub scopes: Vec<String>,
}

/// A way to sign in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SecurityScheme {
    /// `apiKey`, `http`, `basic`, `oauth2`, `openIdConnect` or `mutualTLS`.
    pub kind: String,
    /// Scheme of `http` (`bearer`, `basic`).
    pub scheme: Option<String>,
    /// Name of the header, parameter or cookie of an `apiKey`.
    pub name: Option<String>,
    /// Where an `apiKey` stands.
    pub place: Option<String>,
}
