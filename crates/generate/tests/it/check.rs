//! The requirement check.

use generate::{Finding, FindingKind, check};

use crate::{content, testdata};

fn findings(name: &str, text: &str) -> Vec<Finding> {
    let document = generate::read(name, text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
    let findings = check(&document);
    for finding in &findings {
        let quote: String = document.text[finding.span.range()]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        if finding.kind != FindingKind::Incomplete {
            assert!(quote.starts_with(&finding.quote), "{quote} / {finding:?}");
        }
        assert!(
            finding.question.ends_with('?')
                || finding.question.contains('?')
                || finding.question.ends_with('.')
        );
        assert!(!finding.question.contains("{}"), "{finding:?}");
    }
    findings
}

/// Kinds and quotes.
fn found(text: &str) -> Vec<(FindingKind, String)> {
    findings("a.txt", text)
        .into_iter()
        .map(|finding| (finding.kind, finding.quote))
        .collect()
}

fn one(kind: FindingKind, quote: &str) -> Vec<(FindingKind, String)> {
    vec![(kind, quote.to_owned())]
}

#[test]
fn a_good_sentence_has_no_findings() {
    for text in [
        "When the user saves the form, the system shall show the number of the order within 2 seconds.",
        "The system shall lock the account after 5 wrong passwords.",
        "The password must have at least eight characters.",
        "The report shall be sent by the mail server.",
        "If the card has expired, the terminal shall show the text 'declined'.",
        "The system shall enable or disable the lamp.",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn each_kind_is_found_with_its_words() {
    for (text, kind, quote) in [
        (
            "The system shall show the list quickly.",
            FindingKind::Ambiguous,
            "quickly",
        ),
        (
            "The error shall be shown in the list.",
            FindingKind::MissingActor,
            "The error shall be shown in the list",
        ),
        (
            "The system shall keep at least the last orders.",
            FindingKind::MissingBound,
            "at least",
        ),
        (
            "The system shall support the printer.",
            FindingKind::Unobservable,
            "support",
        ),
        (
            "The system shall save the order and send a mail.",
            FindingKind::Compound,
            "save the order and send a mail",
        ),
        (
            "The system shall keep the list for TBD days.",
            FindingKind::Unfinished,
            "TBD",
        ),
    ] {
        assert_eq!(found(text), one(kind, quote), "{text}");
    }
}

#[test]
fn demands_that_exclude_each_other_are_found() {
    let pairs = findings(
        "a.txt",
        "If the door is open, the lift shall move.\nIf the door is open, the lift shall not move.\n\
         The system shall lock the account after 3 wrong passwords.\nThe system shall lock the account after 5 wrong passwords.\n\
         When 1 lamp is lit, the system shall ring.\nWhen 2 lamps are lit, the system shall ring.\n",
    );
    let kinds: Vec<_> = pairs
        .iter()
        .map(|finding| (finding.kind, finding.span.line))
        .collect();
    assert_eq!(
        kinds,
        [(FindingKind::Contradiction, 2), (FindingKind::Contradiction, 4)]
    );
    assert_eq!(pairs[0].other.unwrap().line, 1);
    assert_eq!(pairs[1].other.unwrap().line, 3);
}

#[test]
fn the_same_words_twice_are_found() {
    let twice = findings(
        "a.txt",
        "The lamp shall be red.\n\nThe  LAMP shall be red.\n\nThe lamp shall be green.\n",
    );
    assert_eq!(
        twice.iter().map(|it| (it.kind, it.span.line)).collect::<Vec<_>>(),
        [(FindingKind::Duplicate, 3)]
    );
    // The same wish of another role is another wish.
    let roles = "As a user I want to see the map so that I find it.\nAs an admin I want to see the map so that I check it.\n";
    assert_eq!(found(roles), []);
}

#[test]
fn what_is_missing_is_asked_for() {
    let document = "Feature: F\n  Scenario: no outcome\n    Given a\n    When b\n  Scenario: fine\n    When b\n    Then c\n  Rule: empty\n";
    let kinds: Vec<_> = findings("a.feature", document)
        .into_iter()
        .map(|it| (it.kind, it.span.line, it.quote))
        .collect();
    assert_eq!(
        kinds,
        [
            (FindingKind::Incomplete, 2, "no outcome".to_owned()),
            (FindingKind::Incomplete, 8, "empty".to_owned())
        ]
    );
    assert_eq!(
        found("As a user I want to see the map"),
        one(FindingKind::Incomplete, "see the map")
    );
}

#[test]
fn questions_are_asked_in_the_language_of_the_source() {
    for (text, quote, question) in [
        (
            "Das System muss die Liste schnell anzeigen.",
            "schnell",
            "Was heißt",
        ),
        (
            "Le système doit afficher la liste rapidement.",
            "rapidement",
            "Que veut dire",
        ),
        ("Het systeem moet de lijst snel tonen.", "snel", "Wat betekent"),
        (
            "El sistema debe mostrar la lista rápidamente.",
            "rápidamente",
            "¿Qué significa",
        ),
    ] {
        let all = findings("a.txt", text);
        let finding = all
            .iter()
            .find(|it| it.kind == FindingKind::Ambiguous)
            .unwrap_or_else(|| panic!("{text}: {all:?}"));
        assert_eq!(finding.quote, quote);
        assert!(finding.question.starts_with(question), "{}", finding.question);
    }
    let german = findings("a.txt", "Die Meldung muss in der Liste angezeigt werden.");
    assert_eq!(german[0].kind, FindingKind::MissingActor);
}

#[test]
fn rules_of_a_table_are_compared() {
    let rules = findings(
        "a.csv",
        "Rule,Paid,Sent,Action\n1,yes,-,close\n2,yes,no,remind\n3,no,no,remind\n4,no,no,remind\n",
    );
    let kinds: Vec<_> = rules
        .iter()
        .map(|finding| (finding.kind, finding.span.line))
        .collect();
    assert_eq!(
        kinds,
        [(FindingKind::Contradiction, 3), (FindingKind::Duplicate, 5)]
    );
    assert!(rules[0].requirement.starts_with("R-"));
}

#[test]
fn real_backlogs_have_the_flaws_that_they_are_known_for() {
    let read = |name: &str| {
        let (_, bytes) = content(&testdata().join("stories").join(name));
        check(&generate::read(name, &bytes).unwrap())
    };
    let recycling = read("user-stories/g04-recycling.txt");
    let has = |kind, quote: &str| {
        recycling
            .iter()
            .any(|it| it.kind == kind && it.quote.contains(quote))
    };
    // Read by hand: lines 29, 33, 36 and 10.
    assert!(has(FindingKind::Ambiguous, "great") && has(FindingKind::Ambiguous, "stuff"));
    assert!(has(FindingKind::Ambiguous, "tempting"));
    assert!(has(
        FindingKind::Incomplete,
        "view a map display of the public recycling bins"
    ));
    let flight = read("nasa-cfe/cFE_FunctionalRequirements.csv");
    let duplicate = flight.iter().filter(|it| it.kind == FindingKind::Duplicate);
    assert!(
        duplicate
            .clone()
            .any(|it| it.quote.starts_with("If a file is not specified"))
    );
    assert!(
        flight.iter().all(|it| it.kind != FindingKind::Contradiction),
        "{flight:#?}"
    );
}
