//! The OpenAPI 3.1 description of the API, made from the table of operations and what stands in the files beside this one.
//!
//! Each file describes one group of resources: its operations with their parameters, bodies and answers. What the table
//! knows (method, path, rights, limits) is never said twice. Tests prove that every operation is described, that handlers
//! ask for exactly the parameters that are described, and that answers have exactly the described form.

mod accounts;
mod attachments;
mod automation;
mod cases;
mod definitions;
mod document;
mod folders;
mod keys;
mod lookups;
mod milestones;
mod notifications;
mod own;
mod param;
mod parts;
mod people;
mod projects;
mod retention;
mod runs;
mod schema;
mod sessions;
mod shared;
mod shared_steps;
#[cfg(test)]
mod tests;

pub use document::document;
pub(crate) use document::serve;

use crate::openapi::param::Param;
use serde_json::{Value, json};

/// Where the description is served.
pub const PATH: &str = "/api/openapi.json";

/// A group of operations on one kind of resource.
struct Group {
    /// Its name.
    name: &'static str,
    /// What it is about.
    about: &'static str,
    operations: Vec<Described>,
    /// Schemas that its operations use, by their names.
    schemas: Vec<(&'static str, Value)>,
}

/// What an operation takes and answers, beside what the table says.
struct Described {
    /// Its name in the table.
    name: &'static str,
    /// What it does, in one line.
    summary: &'static str,
    /// What else one has to know.
    notes: &'static str,
    params: Vec<Param>,
    body: Option<Value>,
    status: u16,
    /// Media types with their schemas.
    answer: Option<Value>,
    /// Where the ids of the answer lead: operation, its parameter, and a pointer into the answer.
    links: Vec<(&'static str, &'static str, &'static str)>,
}

/// An operation that answers with 204.
fn operation(name: &'static str, summary: &'static str) -> Described {
    Described {
        name,
        summary,
        notes: "",
        params: Vec::new(),
        body: None,
        status: 204,
        answer: None,
        links: Vec::new(),
    }
}

impl Described {
    fn notes(self, notes: &'static str) -> Described {
        Described { notes, ..self }
    }

    fn params(mut self, params: impl IntoIterator<Item = Param>) -> Described {
        self.params.extend(params);
        self
    }

    /// A body of a schema of this name, with an example.
    fn takes(mut self, schema: &str, example: Value) -> Described {
        let mut content = serde_json::Map::new();
        content.insert("schema".to_owned(), schema::refer(schema));
        content.insert("example".to_owned(), example);
        self.body = Some(json!({ "application/json": content }));
        self
    }

    /// A form with files of a schema of this name (RFC 7578).
    fn takes_form(mut self, schema: &str) -> Described {
        self.body = Some(json!({"multipart/form-data": {"schema": schema::refer(schema)}}));
        self
    }

    fn answers(self, status: u16, schema: &str) -> Described {
        Described {
            status,
            answer: Some(json!({"application/json": {"schema": schema::refer(schema)}})),
            ..self
        }
    }

    /// 200 with a schema of this name.
    fn shows(self, schema: &str) -> Described {
        self.answers(200, schema)
    }

    /// 201 with a schema of this name.
    fn makes(self, schema: &str) -> Described {
        self.answers(201, schema)
    }

    /// 200 with a file of one of these media types.
    fn sends(self, types: &[&str]) -> Described {
        let mut content = serde_json::Map::new();
        for media_type in types {
            content.insert(
                (*media_type).to_owned(),
                json!({"schema": {"type": "string", "format": "binary"}}),
            );
        }
        Described {
            status: 200,
            answer: Some(Value::Object(content)),
            ..self
        }
    }

    fn leads_to(mut self, links: &[(&'static str, &'static str, &'static str)]) -> Described {
        self.links.extend_from_slice(links);
        self
    }
}

/// All groups, in the order of the contract. A new resource adds its file here.
fn groups() -> Vec<Group> {
    vec![
        automation::group(),
        folders::group(),
        cases::group(),
        attachments::group(),
        lookups::group(),
        milestones::group(),
        shared_steps::group(),
        projects::group(),
        runs::group(),
        sessions::group(),
        people::group(),
        accounts::group(),
        definitions::group(),
        keys::group(),
        notifications::group(),
        own::group(),
    ]
}
