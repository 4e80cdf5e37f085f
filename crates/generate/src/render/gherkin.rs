//! Cases as a feature file, with the keywords of the source's language.

use std::fmt::Write as _;

use super::plain;
use crate::case::TestSet;

/// Feature, Scenario, Given, When, Then, And.
const WORDS: [(&str, [&str; 6]); 5] = [
    ("en", ["Feature", "Scenario", "Given", "When", "Then", "And"]),
    (
        "de",
        ["Funktionalität", "Szenario", "Angenommen", "Wenn", "Dann", "Und"],
    ),
    (
        "fr",
        ["Fonctionnalité", "Scénario", "Soit", "Quand", "Alors", "Et"],
    ),
    (
        "nl",
        ["Functionaliteit", "Scenario", "Gegeven", "Als", "Dan", "En"],
    ),
    (
        "es",
        ["Característica", "Escenario", "Dado", "Cuando", "Entonces", "Y"],
    ),
];

/// One scenario for each case; its ids and criteria are tags.
pub fn gherkin(set: &TestSet) -> String {
    let language = set.origin.language.as_deref().unwrap_or("en");
    let (key, [feature, scenario, given, when, then, and]) = WORDS
        .iter()
        .find(|(key, _)| *key == language)
        .unwrap_or(&WORDS[0]);
    let mut text = String::new();
    if *key != "en" {
        let _ = writeln!(text, "# language: {key}");
    }
    let _ = writeln!(text, "{feature}: {}", plain(&set.origin.name));
    for case in &set.cases {
        let mut tags = vec![tag(&case.id), tag(case.technique.key())];
        tags.extend(case.criteria.iter().map(|id| tag(id)));
        let _ = write!(
            text,
            "\n  {}\n  {scenario}: {}\n",
            tags.join(" "),
            plain(&case.title)
        );
        for (number, precondition) in case.preconditions.iter().enumerate() {
            let word = if number == 0 { given } else { and };
            let _ = writeln!(text, "    {word} {}", plain(precondition));
        }
        for step in &case.steps {
            let _ = writeln!(text, "    {when} {}", plain(&step.action));
            for datum in &step.data {
                let _ = writeln!(text, "      | {} | {} |", cell(&datum.name), cell(&datum.value));
            }
            for (number, expected) in step.expected.iter().enumerate() {
                let word = if number == 0 { then } else { and };
                let _ = writeln!(text, "    {word} {}", plain(expected));
            }
        }
    }
    text
}

/// A tag: no blanks and no second `@`.
fn tag(text: &str) -> String {
    let safe: String = text
        .chars()
        .map(|c| {
            if c.is_whitespace() || c == '@' || c == '#' {
                '-'
            } else {
                c
            }
        })
        .collect();
    format!("@{safe}")
}

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace('\n', "\\n")
        .replace('\r', "")
}
