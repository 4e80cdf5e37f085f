//! The readers, and which one a document is for.

mod block;
mod csv;
mod decision;
mod extract;
pub mod gherkin;
mod html;
mod jsonschema;
mod machine;
mod markdown;
mod office;
mod openapi;
mod pdf;
mod pict;
mod plain;
mod prose;
mod rows;
mod running;
mod schema;
mod text;
mod tree;
mod values;

use crate::document::{Document, Format};
use crate::error::ReadError;
use text::Text;

/// Size of a document at most, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Reads a document. What it is, its content says; the name decides where the content fits two formats.
///
/// # Errors
///
/// A document that is too large, is not text where text is expected, or breaks the rules of its format, with
/// line and column.
pub fn read(name: &str, bytes: &[u8]) -> Result<Document, ReadError> {
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::new(
            1,
            1,
            format!("the document is larger than {MAX_BYTES} bytes; split it"),
        ));
    }
    if bytes.starts_with(b"%PDF-") {
        let text = pdf::text(bytes)?;
        let blocks = plain::pages(&Text::at(&text, 0));
        return Ok(running::read(Document::new(name, Format::Pdf, &text), &blocks));
    }
    if office::looks_like(bytes) {
        let (kind, mut archive) = office::open(bytes)?;
        let (format, taken) = match kind {
            office::Kind::Docx => (Format::Docx, office::docx::extract(&mut archive)?),
            office::Kind::Xlsx => (Format::Xlsx, office::xlsx::extract(bytes)?),
        };
        return Ok(running::read(
            Document::new(name, format, &taken.text),
            &taken.blocks,
        ));
    }
    texts(name, decoded(bytes)?)
}

/// Reads a document that is text.
fn texts(name: &str, text: &str) -> Result<Document, ReadError> {
    let markdown = extension(name, "md") || extension(name, "markdown");
    if name.to_lowercase().ends_with(".feature.md") {
        return gherkin::read(name, text, true);
    }
    if extension(name, "feature") || (!markdown && gherkin::looks_like(text)) {
        return gherkin::read(name, text, false);
    }
    if !markdown && let Some(format) = machine::detect(text) {
        return machine::read(name, text, format);
    }
    if html::looks_like(text) {
        let taken = html::extract(text);
        return Ok(running::read(
            Document::new(name, Format::Html, &taken.text),
            &taken.blocks,
        ));
    }
    if extension(name, "csv") || extension(name, "tsv") {
        return csv::read(name, text);
    }
    if let Some(document) = data(name, text)? {
        return Ok(document);
    }
    if let Some(document) = pict::read(name, text) {
        return Ok(document);
    }
    if markdown || looks_like_markdown(text) {
        return Ok(running::read(
            Document::new(name, Format::Markdown, text),
            &markdown::blocks(text),
        ));
    }
    if csv::looks_like(text) {
        return csv::read(name, text);
    }
    let blocks = plain::blocks(&Text::at(text, 0));
    Ok(running::read(Document::new(name, Format::Text, text), &blocks))
}

/// Reads JSON and YAML; `None` if the text is neither.
fn data(name: &str, text: &str) -> Result<Option<Document>, ReadError> {
    let json = extension(name, "json") || text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let yaml = extension(name, "yaml") || extension(name, "yml") || describes(text);
    if !json && !yaml {
        return Ok(None);
    }
    let tree = tree::parse(text)?;
    if openapi::looks_like(&tree) {
        return openapi::read(name, text, &tree).map(Some);
    }
    if jsonschema::looks_like(&tree) {
        return Ok(Some(jsonschema::read(name, text, &tree)));
    }
    Err(ReadError::new(
        1,
        1,
        "neither an OpenAPI description nor a JSON Schema; add 'openapi', 'swagger' or '$schema' at the top",
    ))
}

/// Whether a line at the left margin names a description's version.
fn describes(text: &str) -> bool {
    text.lines()
        .take(200)
        .any(|line| line.starts_with("openapi:") || line.starts_with("swagger:"))
}

/// Whether a text has what only Markdown has: headings with `#`, code fences, or emphasis at the start of a point.
fn looks_like_markdown(text: &str) -> bool {
    let marked = |line: &str| {
        let hashes = line.len() - line.trim_start_matches('#').len();
        ((1..=6).contains(&hashes) && line.get(hashes..).is_some_and(|rest| rest.starts_with(' ')))
            || line.starts_with("- **")
            || line.starts_with("```")
    };
    text.lines().any(marked)
}

/// Whether a name ends with a dot and an extension, in any case.
fn extension(name: &str, wanted: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case(wanted))
}

/// The bytes as text.
fn decoded(bytes: &[u8]) -> Result<&str, ReadError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let valid = String::from_utf8_lossy(valid);
        let (line, column) = crate::span::Source::new(&valid).place(valid.len());
        ReadError::new(line, column, "a byte is not UTF-8; save the document as UTF-8")
    })
}
