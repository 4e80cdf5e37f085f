//! The readers, and which one a document is for.

pub mod gherkin;

use crate::document::Document;
use crate::error::ReadError;

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
        return Err(ReadError::new(1, 1, format!("the document is larger than {MAX_BYTES} bytes; split it")));
    }
    let text = text(bytes)?;
    let markdown = extension(name, "md");
    gherkin::read(name, text, markdown)
}

/// Whether a name ends with a dot and an extension, in any case.
fn extension(name: &str, wanted: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case(wanted))
}

/// The bytes as text.
fn text(bytes: &[u8]) -> Result<&str, ReadError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let valid = String::from_utf8_lossy(valid);
        let (line, column) = crate::span::Source::new(&valid).place(valid.len());
        ReadError::new(line, column, "a byte is not UTF-8; save the document as UTF-8")
    })
}
