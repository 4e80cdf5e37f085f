//! What a reader returns.

use serde::Serialize;

use crate::api::Api;
use crate::machine::Machine;
use crate::read::gherkin;
use crate::requirement::{Requirement, identify};
use crate::schema::{SchemaId, Schemas};
use crate::span::Span;
use crate::table::Table;

/// The kinds of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A feature file.
    Gherkin,
    /// Markdown.
    Markdown,
    /// Plain text.
    Text,
    /// An `OpenAPI` or Swagger description.
    OpenApi,
    /// A JSON Schema.
    JsonSchema,
    /// Comma-, semicolon- or tab-separated values.
    Csv,
    /// An Excel workbook.
    Xlsx,
    /// A Mermaid state diagram.
    Mermaid,
    /// A `PlantUML` state diagram.
    PlantUml,
    /// A graph in `GraphML`.
    GraphMl,
    /// A Word document.
    Docx,
    /// A PDF with text.
    Pdf,
    /// A web page.
    Html,
    /// A model in the format of PICT.
    Pict,
}

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Document {
    /// The name that it was given.
    pub name: String,
    /// What it is.
    pub format: Format,
    /// Key of the language that it is written in (`en`, `de`, `fr`, `nl`, `es`), if it is one that the
    /// keyword tables know, or the one that a feature file names.
    pub language: Option<String>,
    /// What spans point into: the source, or the text that was taken out of a binary format.
    #[serde(skip)]
    pub text: String,
    /// Requirements in the order of the source.
    pub requirements: Vec<Requirement>,
    /// The tree of a feature file.
    #[serde(skip)]
    pub feature: Option<gherkin::Feature>,
    /// The operations of an interface.
    pub api: Option<Api>,
    /// Decision tables and lists of parameters.
    pub tables: Vec<Table>,
    /// The model of a file in PICT's format; its parameters stand in `tables` too.
    #[serde(skip)]
    pub model: Option<covering::Model>,
    /// State machines.
    pub machines: Vec<Machine>,
    /// The schemas of a JSON Schema; those of an interface stand in `api`.
    pub schemas: Option<Schemas>,
    /// The one of the schemas that the document is.
    pub root_schema: Option<SchemaId>,
    /// What a reader of the result should know: parts that were kept whole or left out, and why.
    pub notes: Vec<Note>,
}

/// Something that the reader of a document should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
}

impl Document {
    /// A document without content.
    pub(crate) fn new(name: &str, format: Format, text: &str) -> Self {
        Self {
            name: name.to_owned(),
            format,
            language: None,
            text: text.to_owned(),
            requirements: Vec::new(),
            feature: None,
            api: None,
            tables: Vec::new(),
            model: None,
            machines: Vec::new(),
            schemas: None,
            root_schema: None,
            notes: Vec::new(),
        }
    }

    /// Gives ids and hashes.
    pub(crate) fn finish(mut self) -> Self {
        identify(&mut self.requirements);
        self
    }

    /// The criteria of all requirements.
    pub fn criteria(&self) -> impl Iterator<Item = &crate::Criterion> {
        self.requirements
            .iter()
            .flat_map(|requirement| &requirement.criteria)
    }
}
