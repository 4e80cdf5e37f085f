//! Cases as Markdown.

use std::fmt::Write as _;

use super::plain;
use crate::case::TestSet;

/// One section for each case, then the questions.
pub fn markdown(set: &TestSet) -> String {
    let mut page = format!("# {}\n", escaped(&set.origin.name));
    for case in &set.cases {
        let _ = write!(page, "\n## {}\n\n", escaped(&case.title));
        let _ = writeln!(
            page,
            "`{}` · {} · {} · {}",
            case.id,
            name(&case.priority),
            name(&case.polarity),
            case.technique.key()
        );
        for precondition in &case.preconditions {
            let _ = write!(page, "\n- {}", escaped(precondition));
        }
        if !case.preconditions.is_empty() {
            page.push('\n');
        }
        if !case.steps.is_empty() {
            page.push('\n');
        }
        for (number, step) in case.steps.iter().enumerate() {
            let _ = writeln!(page, "{}. {}", number + 1, escaped(&step.action));
            for datum in &step.data {
                let value = plain(&datum.value).replace('`', "'");
                let _ = writeln!(page, "   - {} = `{value}`", escaped(&datum.name));
            }
            for expected in &step.expected {
                let _ = writeln!(page, "   - → {}", escaped(expected));
            }
        }
        let mut cited = case.criteria.clone();
        if cited.is_empty() && !case.requirement.is_empty() {
            cited.push(case.requirement.clone());
        }
        for quote in &case.source {
            let _ = write!(page, "\n> {}\n", escaped(&quote.text));
        }
        if !cited.is_empty() {
            let _ = writeln!(page, "> — {}", escaped(&cited.join(", ")));
        }
    }
    if !set.questions.is_empty() {
        page.push_str("\n---\n\n");
        for question in &set.questions {
            let _ = writeln!(
                page,
                "- {}:{} {}",
                question.span.line,
                question.span.column,
                escaped(&question.text)
            );
        }
    }
    page
}

/// The name of a value in JSON.
fn name(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Text in which nothing means markup, so that what a source holds stays text.
fn escaped(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in plain(text).chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '!' | '&'
        ) {
            made.push('\\');
        }
        made.push(c);
    }
    made
}
