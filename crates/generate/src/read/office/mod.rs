//! Word documents and Excel workbooks: archives of XML.

pub(super) mod docx;
pub(super) mod xlsx;

use std::io::{Cursor, Read};

use zip::ZipArchive;

use crate::error::ReadError;

/// Files in an archive at most.
const MAX_FILES: usize = 4_096;

/// Bytes that all files of an archive unpack to at most.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;

/// An archive in memory.
pub(super) type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Whether bytes are an archive.
pub(super) fn looks_like(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Which of the formats an archive holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Docx,
    Xlsx,
}

/// Looks what an archive is, and proves that it unpacks to a bounded size.
pub(super) fn open(bytes: &[u8]) -> Result<(Kind, Archive<'_>), ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| problem(&error.to_string()))?;
    if archive.len() > MAX_FILES {
        return Err(problem("it holds too many files"));
    }
    let mut left = MAX_UNPACKED;
    for index in 0..archive.len() {
        let file = archive
            .by_index(index)
            .map_err(|error| problem(&error.to_string()))?;
        let unpacked = std::io::copy(&mut file.take(left + 1), &mut std::io::sink());
        let unpacked = unpacked.map_err(|error| problem(&error.to_string()))?;
        left = left
            .checked_sub(unpacked)
            .ok_or_else(|| problem("it unpacks to too many bytes; split the document"))?;
    }
    let kind = if archive.index_for_name("word/document.xml").is_some() {
        Kind::Docx
    } else if archive.index_for_name("xl/workbook.xml").is_some() {
        Kind::Xlsx
    } else {
        return Err(problem(
            "it is neither a Word document (docx) nor an Excel workbook (xlsx)",
        ));
    };
    Ok((kind, archive))
}

/// A file of an archive as text; `None` if it is not there.
fn part(archive: &mut Archive<'_>, name: &str) -> Result<Option<String>, ReadError> {
    let Some(index) = archive.index_for_name(name) else {
        return Ok(None);
    };
    let file = archive
        .by_index(index)
        .map_err(|error| problem(&error.to_string()))?;
    let mut text = String::new();
    file.take(MAX_UNPACKED)
        .read_to_string(&mut text)
        .map_err(|error| problem(&error.to_string()))?;
    Ok(Some(text))
}

fn problem(message: &str) -> ReadError {
    ReadError::new(1, 0, format!("the archive can't be read: {message}"))
}
