//! The readers, and which one a document is for.

mod block;
mod csv;
pub mod gherkin;
mod markdown;
mod openapi;
mod plain;
mod prose;
mod rows;
mod schema;
mod text;
mod tree;

use crate::document::{Document, Format, Note};
use crate::error::ReadError;
use crate::span::Source;
use crate::words::Words;
use block::Blocks;

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
    let text = decoded(bytes)?;
    let markdown = extension(name, "md") || extension(name, "markdown");
    if name.to_lowercase().ends_with(".feature.md") {
        return gherkin::read(name, text, true);
    }
    if extension(name, "feature") || (!markdown && gherkin::looks_like(text)) {
        return gherkin::read(name, text, false);
    }
    if extension(name, "csv") || extension(name, "tsv") {
        return csv::read(name, text);
    }
    if let Some(document) = data(name, text)? {
        return Ok(document);
    }
    if markdown || looks_like_markdown(text) {
        return Ok(prose(
            Document::new(name, Format::Markdown, text),
            &markdown::blocks(text),
        ));
    }
    let blocks = plain::blocks(&text::Text::at(text, 0));
    Ok(prose(Document::new(name, Format::Text, text), &blocks))
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

/// Whether a text has what only Markdown has: headings with `#`, or emphasis at the start of a point.
fn looks_like_markdown(text: &str) -> bool {
    let marked = |line: &str| {
        let hashes = line.len() - line.trim_start_matches('#').len();
        ((1..=6).contains(&hashes) && line.get(hashes..).is_some_and(|rest| rest.starts_with(' ')))
            || line.starts_with("- **")
            || line.starts_with("```")
    };
    text.lines().any(marked)
}

/// Fills a document with the requirements of running text.
fn prose(mut document: Document, blocks: &Blocks) -> Document {
    let text = std::mem::take(&mut document.text);
    let source = Source::new(&text);
    let words = Words::detect(&text);
    document.language = words.map(|words| words.language.clone());
    let whole = words.is_none();
    document.requirements = prose::requirements(blocks, words.unwrap_or_else(Words::english), &source, whole);
    if whole && !document.requirements.is_empty() {
        let known = crate::words::languages().collect::<Vec<_>>().join(", ");
        document.notes.push(Note {
            span: source.span(0..text.len()),
            message: format!(
                "the language is none of {known}: every paragraph was kept whole as one criterion, and \
                 techniques that need words (conditions, limits, roles) do not apply"
            ),
        });
    }
    drop(source);
    document.text = text;
    document.finish()
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
