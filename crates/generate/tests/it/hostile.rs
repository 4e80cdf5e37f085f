//! Whatever is read, reading ends with a document or with an error that names a place.

use std::path::PathBuf;
use std::sync::LazyLock;

use proptest::prelude::*;

use crate::testdata;

/// Real files of every format, small enough to read often.
static FILES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let mut open: Vec<PathBuf> = ["stories", "openapi", "gherkin"]
        .iter()
        .map(|folder| testdata().join(folder))
        .collect();
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
        } else if !path.to_str().unwrap().ends_with(".ndjson") && path.metadata().unwrap().len() < 16_000 {
            let (name, bytes) = crate::content(&path);
            files.push((name, bytes));
        }
    }
    files.sort();
    let diagrams = [
        (
            "a.mmd",
            "stateDiagram-v2\n[*] --> A\nstate \"x\" as B {\n A --> B : e [g] / a\n}\nnote right of A\n x\nend note\n",
        ),
        (
            "a.puml",
            "@startuml\n[*] -> A\nA -[#red]-> B : e\nB <-- C : f\nstate C <<choice>>\n@enduml\n",
        ),
        (
            "a.graphml",
            "<graphml><graph><node id=\"a\"><data key=\"label\">A &amp; b</data></node><edge source=\"a\" target=\"a\"/></graph></graphml>",
        ),
        (
            "a.html",
            "<html><h2>Requirement: a</h2><ul><li>It must be<ul><li>b</li></ul></li></ul><table><tr><td>a</td></tr></table></html>",
        ),
        ("a.csv", "C1;C2;A1\nja;nein;X\n\"a\"\"b\";-;\n"),
        (
            "a.json",
            "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"properties\":{\"a\":{\"$ref\":\"#\"}}}",
        ),
        (
            "a.yaml",
            "openapi: 3.0.0\npaths:\n  /a: &a\n    get: {responses: {200: {description: x}}}\n  /b: *a\n",
        ),
        (
            "a.txt",
            "As a user I want a so that b\nAcceptance criteria:\n1. Given a, when b, then c\n- AC-1: it can't be TBD\n",
        ),
    ];
    files.extend(diagrams.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())));
    files
});

/// A change of a file: bytes put over it, a piece taken out, doubled, or put in from another file.
#[derive(Clone, Debug)]
enum Change {
    Over(prop::sample::Index, Vec<u8>),
    Out(prop::sample::Index, usize),
    Twice(prop::sample::Index, usize),
    Piece(prop::sample::Index, usize, prop::sample::Index),
    Put(prop::sample::Index, &'static str),
}

const PIECES: [&str; 24] = [
    "\n",
    "\r\n",
    "\u{feff}",
    "\t",
    "\"",
    "'",
    "|",
    "```\n",
    "\"\"\"\n",
    "{",
    "}",
    "[",
    "]",
    "<",
    "&amp;",
    "-->",
    "[*]",
    ":",
    "#",
    "@",
    "\u{1f600}",
    "e\u{301}",
    "* Given ",
    "Examples:\n|a|\n",
];

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        (at(), prop::collection::vec(any::<u8>(), 1..4)).prop_map(|(at, bytes)| Change::Over(at, bytes)),
        (at(), 1..200_usize).prop_map(|(at, length)| Change::Out(at, length)),
        (at(), 1..200_usize).prop_map(|(at, length)| Change::Twice(at, length)),
        (at(), 1..200_usize, at()).prop_map(|(at, length, file)| Change::Piece(at, length, file)),
        (at(), prop::sample::select(&PIECES[..])).prop_map(|(at, piece)| Change::Put(at, piece)),
    ]
}

fn changed(mut bytes: Vec<u8>, changes: &[Change]) -> Vec<u8> {
    for change in changes {
        let place = |at: &prop::sample::Index, bytes: &[u8]| at.index(bytes.len() + 1);
        match change {
            Change::Over(at, new) => {
                let start = place(at, &bytes);
                let end = (start + new.len()).min(bytes.len());
                bytes.splice(start..end, new.iter().copied());
            }
            Change::Out(at, length) => {
                let start = place(at, &bytes);
                let end = (start + length).min(bytes.len());
                bytes.drain(start..end);
            }
            Change::Twice(at, length) => {
                let start = place(at, &bytes);
                let end = (start + length).min(bytes.len());
                let piece = bytes[start..end].to_vec();
                bytes.splice(start..start, piece);
            }
            Change::Piece(at, length, file) => {
                let other = &FILES[file.index(FILES.len())].1;
                let from = at.index(other.len().max(1));
                let piece = other[from.min(other.len())..(from + length).min(other.len())].to_vec();
                let start = place(at, &bytes);
                bytes.splice(start..start, piece);
            }
            Change::Put(at, piece) => {
                let start = place(at, &bytes);
                bytes.splice(start..start, piece.bytes());
            }
        }
    }
    bytes
}

/// Reads twice, checks, and looks at every place.
fn holds(name: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    let read = generate::read(name, bytes);
    prop_assert_eq!(&read, &generate::read(name, bytes));
    let document = match read {
        Ok(document) => document,
        Err(error) => {
            prop_assert!(error.line > 0 && !error.message.is_empty(), "{error}");
            return Ok(());
        }
    };
    let mut spans: Vec<_> = document
        .requirements
        .iter()
        .map(|requirement| requirement.span)
        .collect();
    spans.extend(document.criteria().map(|criterion| criterion.span));
    spans.extend(
        document
            .criteria()
            .flat_map(|criterion| &criterion.items)
            .map(|item| item.span),
    );
    spans.extend(document.notes.iter().map(|note| note.span));
    let findings = generate::check(&document);
    spans.extend(findings.iter().map(|finding| finding.span));
    for span in spans {
        prop_assert!(
            document.text.get(span.range()).is_some(),
            "{span:?} cuts a character"
        );
    }
    let mut ids: Vec<&str> = document
        .requirements
        .iter()
        .map(|requirement| requirement.id.as_str())
        .collect();
    ids.extend(document.criteria().map(|criterion| criterion.id.as_str()));
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    prop_assert_eq!(ids.len(), count, "ids are not unique");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_files_are_read_or_refused(
        file in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..8),
    ) {
        let (name, bytes) = &FILES[file.index(FILES.len())];
        let bytes = changed(bytes.clone(), &changes);
        holds(name, &bytes)?;
        // Also under a name that promises another format, or none.
        holds(&FILES[other.index(FILES.len())].0, &bytes)?;
        holds("noname", &bytes)?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}", name in prop::sample::select(&["a.md", "a.feature", "a.csv", "a.txt", "a.yaml", "a.mmd"][..])) {
        holds(name, text.as_bytes())?;
    }
}

#[test]
fn long_inputs_are_read_in_time() {
    for (name, text) in [
        (
            "a.txt",
            "As a user I want to see it so that I know. ".repeat(5_000),
        ),
        ("a.txt", "The system shall do it and ".repeat(5_000)),
        ("a.txt", "When a, when b, ".repeat(5_000)),
        ("a.txt", "Given a\nWhen b\nThen c\n".repeat(5_000)),
        ("a.md", "> ".repeat(5_000)),
        ("a.md", "- ".repeat(2_000)),
        ("a.md", "*a **b ".repeat(5_000)),
        ("a.md", "# Requirement: a\nIt must be.\n".repeat(3_000)),
        ("a.feature", format!("Feature: a\n{}", "@a\n".repeat(20_000))),
        (
            "a.feature",
            format!("Feature: a\nScenario: b\n{}", "Given <a>\n".repeat(20_000)),
        ),
        ("a.csv", "a,b,c\n".repeat(50_000)),
        (
            "a.puml",
            format!("@startuml\n{}@enduml", "a -> b : c\n".repeat(5_000)),
        ),
        (
            "a.mmd",
            format!("stateDiagram-v2\n{}", "state a {\n".repeat(5_000)),
        ),
        (
            "a.json",
            format!(
                "{{\"swagger\":\"2.0\",\"paths\":{{{}\"/z\":{{}}}}}}",
                "\"/a\":{\"get\":{}},".repeat(5_000)
            ),
        ),
    ] {
        match generate::read(name, text.as_bytes()) {
            Ok(document) => drop(generate::check(&document)),
            Err(error) => assert!(error.line > 0),
        }
    }
}
