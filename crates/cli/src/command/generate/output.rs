//! What `attest generate` prints.

use std::fmt::Write as _;
use std::path::Path;

use generate::{Document, TestSet, render};

use super::Format;

/// The cases of all documents. JSON of one document is an object, of several a list of them.
pub(super) fn cases(format: Format, sets: &[TestSet]) -> serde_json::Result<String> {
    let each = |render: fn(&TestSet) -> String| sets.iter().map(render).collect::<Vec<_>>();
    Ok(match format {
        Format::Table => each(table).join(""),
        Format::Markdown => each(render::markdown).join("\n"),
        Format::Gherkin => each(render::gherkin).join("\n"),
        Format::Csv => {
            let mut parts = each(render::csv).into_iter();
            let mut text = parts.next().unwrap_or_default();
            for part in parts {
                text.push_str(part.split_once("\r\n").map_or("", |(_, rows)| rows));
            }
            text
        }
        Format::Json => match sets {
            [set] => serde_json::to_string_pretty(set)? + "\n",
            many => serde_json::to_string_pretty(many)? + "\n",
        },
    })
}

/// The cases in lines, and what is different from before.
fn table(set: &TestSet) -> String {
    let mut text = render::table(set);
    if let Some(delta) = &set.delta {
        let count = |name, count: usize| format!("{name} {count}");
        let _ = writeln!(
            text,
            "{}, {}, {}, {}",
            count("kept", delta.kept.len()),
            count("changed", delta.changed.len()),
            count("new", delta.new.len()),
            count("stale", delta.stale.len())
        );
        for stale in &delta.stale {
            let _ = writeln!(text, "stale {} {} ({})", stale.case, stale.title, stale.why);
        }
    }
    text
}

/// The open questions of the requirement check.
pub(super) fn questions(format: Format, documents: &[Document]) -> String {
    let mut text = String::new();
    if format == Format::Json {
        let all: Vec<_> = documents
            .iter()
            .map(
                |document| serde_json::json!({"name": document.name, "questions": generate::check(document)}),
            )
            .collect();
        return serde_json::to_string_pretty(&all).unwrap_or_default() + "\n";
    }
    for document in documents {
        for finding in generate::check(document) {
            let _ = writeln!(
                text,
                "{}:{}:{}: {}",
                document.name, finding.span.line, finding.span.column, finding.question
            );
        }
    }
    text
}

/// The report for people: coverage, and what is said of single cases.
pub(super) fn explained(set: &TestSet) -> String {
    let mut text = format!("{}\n{}", set.origin.name, render::report(set));
    for lint in &set.lint {
        let kind = serde_json::to_value(lint.kind).unwrap_or_default();
        let _ = writeln!(
            text,
            "{}: {} {}",
            lint.case,
            kind.as_str().unwrap_or_default(),
            lint.words
        );
    }
    text
}

/// The report for a file, in the form that its name asks for.
pub(super) fn report(path: &Path, sets: &[TestSet]) -> serde_json::Result<String> {
    let extension = path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default();
    Ok(match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" => sets.iter().map(render::html).collect(),
        "json" => {
            let all: Vec<_> = sets
                .iter()
                .map(|set| serde_json::json!({"name": set.origin.name, "coverage": set.coverage}))
                .collect();
            serde_json::to_string_pretty(&all)? + "\n"
        }
        _ => sets.iter().map(explained).collect(),
    })
}
