//! The text of a PDF.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::content::Content;
use lopdf::{Document, Encoding, LoadOptions, Object, ObjectId};

use crate::error::ReadError;

/// Bytes that one stream may unpack to.
const MAX_STREAM: usize = 32 * 1024 * 1024;

/// Difference of heights, in units of the page, up to which words stand in one line.
const SAME_LINE: f32 = 1.0;

/// A gap that separates words, in thousandths of the size of the letters; negative numbers widen.
const WORD_GAP: f32 = -180.0;

/// Pages that are read.
const MAX_PAGES: usize = 2_000;

/// Bytes of text at most.
const MAX_TEXT: usize = 16 * 1024 * 1024;

/// The text of all pages, a line for each line that the pages show.
pub(super) fn text(bytes: &[u8]) -> Result<String, ReadError> {
    // The library is built for good files; whatever a bad one does to it ends here.
    let read = catch_unwind(AssertUnwindSafe(|| pages(bytes)));
    read.unwrap_or_else(|_| Err(problem("its structure is damaged; save it again")))
}

fn pages(bytes: &[u8]) -> Result<String, ReadError> {
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM);
    let document =
        Document::load_mem_with_options(bytes, options).map_err(|error| problem(&error.to_string()))?;
    if document.is_encrypted() {
        return Err(problem("it is encrypted; save it without a password"));
    }
    let mut text = String::new();
    for page in document.page_iter().take(MAX_PAGES) {
        self::page(&document, page, &mut text).map_err(|error| problem(&error.to_string()))?;
        text.push_str("\n\n");
        if text.len() > MAX_TEXT {
            return Err(problem("it holds too much text; split it"));
        }
    }
    if text.trim().is_empty() {
        return Err(problem(
            "it holds no text, only pictures; run text recognition first",
        ));
    }
    Ok(text)
}

/// Adds the text of a page. The library decodes; the lines are made here, because it joins those that a page
/// places one below the other (ISO 32000-1, 9.4.2 and 9.4.3).
fn page(document: &Document, page: ObjectId, text: &mut String) -> lopdf::Result<()> {
    let fonts = document.get_page_fonts(page)?;
    let encodings: BTreeMap<Vec<u8>, Encoding<'_>> = fonts
        .into_iter()
        .filter_map(|(name, font)| {
            Some((
                name,
                font.get_font_encoding_with_limit(document, MAX_STREAM).ok()?,
            ))
        })
        .collect();
    let content = Content::decode(&document.get_page_content_with_limit(page, MAX_STREAM)?)?;
    let mut encoding = None;
    let mut height = 0.0_f32;
    for operation in &content.operations {
        let number = |index: usize| {
            operation
                .operands
                .get(index)
                .and_then(|it| it.as_float().ok())
                .unwrap_or(0.0)
        };
        match operation.operator.as_str() {
            "Tf" => {
                let name = operation.operands.first().and_then(|name| name.as_name().ok());
                encoding = name.and_then(|name| encodings.get(name));
            }
            "Td" | "TD" => apart(text, if number(1) == 0.0 { ' ' } else { '\n' }),
            "Tm" => {
                apart(
                    text,
                    if (number(5) - height).abs() < SAME_LINE {
                        ' '
                    } else {
                        '\n'
                    },
                );
                height = number(5);
            }
            "T*" | "ET" => apart(text, '\n'),
            "'" | "\"" => {
                apart(text, '\n');
                show(
                    text,
                    encoding,
                    operation
                        .operands
                        .get(if operation.operator == "'" { 0 } else { 2 }),
                );
            }
            "Tj" | "TJ" => show(text, encoding, operation.operands.first()),
            _ => {}
        }
        if text.len() > MAX_TEXT {
            break;
        }
    }
    Ok(())
}

/// Adds what an operator shows: a string, or a list of strings and of gaps between them.
fn show(text: &mut String, encoding: Option<&Encoding<'_>>, shown: Option<&Object>) {
    let (Some(encoding), Some(shown)) = (encoding, shown) else {
        return;
    };
    let pieces = match shown {
        Object::Array(pieces) => pieces.as_slice(),
        piece => std::slice::from_ref(piece),
    };
    for piece in pieces {
        match piece {
            Object::String(bytes, _) => {
                text.push_str(&Document::decode_text(encoding, bytes).unwrap_or_default());
            }
            gap if gap.as_float().is_ok_and(|gap| gap < WORD_GAP) => apart(text, ' '),
            _ => {}
        }
    }
}

/// Adds a blank or a line end unless there is one; a line end takes the place of a blank.
fn apart(text: &mut String, mark: char) {
    if mark == '\n' && text.ends_with(' ') {
        text.pop();
    }
    if !(text.is_empty() || text.ends_with('\n') || text.ends_with(mark)) {
        text.push(mark);
    }
}

fn problem(message: &str) -> ReadError {
    ReadError::new(1, 0, format!("the PDF can't be read: {message}"))
}
