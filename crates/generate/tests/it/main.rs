//! Tests of the readers against the files of `testdata`.

#![expect(clippy::unwrap_used, reason = "what fails in a test ends it")]

mod check;
mod delta;
mod delta_rows;
mod documents;
mod generated;
mod gherkin;
mod hostile;
mod kept;
mod machines;
mod openapi;
mod property;
mod quantities;
mod rules;
mod stories;
mod tables;

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use zip::write::{SimpleFileOptions, ZipWriter};

/// The folder of test input.
fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata")
}

/// The files of a folder whose names end with a text, sorted.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(testdata().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && path.to_str().unwrap().ends_with(ending))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no {ending} in {folder}");
    files
}

/// Name and content of a file.
fn content(path: &Path) -> (String, Vec<u8>) {
    (
        path.file_name().unwrap().to_str().unwrap().to_owned(),
        std::fs::read(path).unwrap(),
    )
}

/// An archive of files.
fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}
