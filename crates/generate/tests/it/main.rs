//! Tests of the readers against the files of `testdata`.

mod gherkin;
mod openapi;
mod stories;

use std::path::{Path, PathBuf};

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
