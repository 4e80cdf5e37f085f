//! Quantities in the sentences of five languages.

use generate::quantity::{Bound, quantities};

/// Every quantity of a text as `bound amount unit | words`.
fn shown(text: &str, language: &str) -> Vec<String> {
    let language = Some(language);
    let show = |quantity: &generate::quantity::Quantity| {
        let first = quantity.written(quantity.amount, language);
        let last = quantity
            .last
            .map(|last| format!(" … {}", quantity.written(last, language)));
        format!(
            "{:?} {first}{} | {}",
            quantity.bound,
            last.unwrap_or_default(),
            &text[quantity.range.clone()]
        )
    };
    quantities(text, language)
        .iter()
        .filter(|quantity| quantity.said)
        .map(show)
        .collect()
}

#[test]
fn limits_are_found_in_english() {
    for (text, expected) in [
        (
            "A password must have at least 8 characters.",
            "AtLeast 8 characters | at least 8 characters",
        ),
        ("The file may be up to 10 MB.", "AtMost 10 MB | up to 10 MB"),
        (
            "between 1 and 100 items",
            "Between 1 item … 100 items | between 1 and 100 items",
        ),
        (
            "from 5 to 10 seconds",
            "Between 5 seconds … 10 seconds | from 5 to 10 seconds",
        ),
        (
            "a name of 3–20 letters",
            "Between 3 letters … 20 letters | 3–20 letters",
        ),
        (
            "after three failed attempts the account is locked",
            "AtLeast 3 failed attempts | after three failed attempts",
        ),
        (
            "if more than 5 attempts are made",
            "MoreThan 5 attempts | more than 5 attempts",
        ),
        ("18 years or older", "AtLeast 18 years | 18 years or older"),
        ("a discount of at most 12.5 %", "AtMost 12.5% | at most 12.5 %"),
        (
            "orders over $1,000.00 need approval",
            "MoreThan $1000.00 | over $1,000.00",
        ),
        (
            "lasts exactly two seconds",
            "Exactly 2 seconds | exactly two seconds",
        ),
        (
            "not later than 2026-12-31, at least 2026-01-01",
            "AtLeast 2026-01-01 | at least 2026-01-01",
        ),
        ("size <= 4096 bytes", "AtMost 4096 bytes | <= 4096 bytes"),
        (
            "must not exceed 255 characters",
            "AtMost 255 characters | not exceed 255 characters",
        ),
        (
            "no more than one request",
            "AtMost 1 request | no more than one request",
        ),
    ] {
        let found = shown(text, "en");
        assert!(found.iter().any(|one| one == expected), "{text}: {found:?}");
    }
}

#[test]
fn names_and_code_are_no_quantities() {
    for text in [
        "at least `8` of them",
        "exit with code 0",
        "OAuth2 and HTTP-404 and v2.1",
        "the message \"at least 3 files\" is shown",
        "see section 4.3.2",
    ] {
        assert_eq!(shown(text, "en"), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_other_languages_say_the_same() {
    for (language, text, expected) in [
        (
            "de",
            "Das Kennwort muss mindestens 8 Zeichen lang sein",
            "AtLeast 8 Zeichen | mindestens 8 Zeichen",
        ),
        (
            "de",
            "zwischen 1 und 1.000 Euro",
            "Between 1 Euro … 1000 Euro | zwischen 1 und 1.000 Euro",
        ),
        (
            "de",
            "höchstens 2,5 Stunden",
            "AtMost 2,5 Stunden | höchstens 2,5 Stunden",
        ),
        (
            "de",
            "nach drei fehlgeschlagenen Versuchen",
            "AtLeast 3 fehlgeschlagenen Versuchen | nach drei fehlgeschlagenen Versuchen",
        ),
        (
            "fr",
            "au moins 8 caractères",
            "AtLeast 8 caractères | au moins 8 caractères",
        ),
        (
            "fr",
            "entre 1 et 100 octets",
            "Between 1 octet … 100 octets | entre 1 et 100 octets",
        ),
        (
            "fr",
            "jusqu'à trois essais",
            "AtMost 3 essais | jusqu'à trois essais",
        ),
        ("nl", "minstens 8 tekens", "AtLeast 8 tekens | minstens 8 tekens"),
        (
            "nl",
            "tussen 5 en 10 minuten",
            "Between 5 minuten … 10 minuten | tussen 5 en 10 minuten",
        ),
        (
            "es",
            "al menos 8 caracteres",
            "AtLeast 8 caracteres | al menos 8 caracteres",
        ),
        (
            "es",
            "no más de cinco intentos",
            "AtMost 5 intentos | no más de cinco intentos",
        ),
    ] {
        assert_eq!(shown(text, language), [expected], "{text}");
    }
}

#[test]
fn a_step_crosses_the_limit_and_stays_close() {
    let of = |text: &str| {
        let found = quantities(text, Some("en")).remove(0);
        let near = |steps| found.written(found.amount.moved(steps, found.step()), Some("en"));
        assert!(
            found.bound == Bound::Exactly
                || found.holds(found.amount) != found.holds(found.amount.moved(-1, found.step()))
                || found.holds(found.amount) != found.holds(found.amount.moved(1, found.step()))
        );
        (near(-1), near(0), near(1))
    };
    let three = |a: &str, b: &str, c: &str| (a.to_owned(), b.to_owned(), c.to_owned());
    assert_eq!(
        of("at least 2 seconds"),
        three("1.9 seconds", "2 seconds", "2.1 seconds")
    );
    assert_eq!(of("at most 10 MB"), three("9.99 MB", "10 MB", "10.01 MB"));
    assert_eq!(of("more than €50"), three("€49.99", "€50", "€50.01"));
    assert_eq!(of("at least 2 files"), three("1 file", "2 files", "3 files"));
    assert_eq!(
        of("at least 2026-03-01"),
        three("2026-02-28", "2026-03-01", "2026-03-02")
    );
}
