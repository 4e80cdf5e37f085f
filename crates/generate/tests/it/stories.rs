//! Stories, requirements and criteria in running text and in lists.

use std::collections::BTreeMap;

use generate::{ClauseKind, Criterion, Document, Form, Modality, StepRole};
use serde::Deserialize;

use crate::{content, testdata};

#[derive(Deserialize)]
struct Count {
    requirements: usize,
    criteria: usize,
}

fn read(name: &str, text: &str) -> Document {
    generate::read(name, text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn criteria(document: &Document) -> Vec<&str> {
    document
        .criteria()
        .map(|criterion| criterion.text.as_str())
        .collect()
}

/// The clauses, the actor and the response of a criterion in EARS form.
fn ears(criterion: &Criterion) -> (Vec<(ClauseKind, &str)>, &str, &str) {
    let Form::Ears(ears) = &criterion.form else {
        panic!("{criterion:?}")
    };
    let clauses = ears
        .clauses
        .iter()
        .map(|clause| (clause.kind, clause.condition.text.as_str()))
        .collect();
    (clauses, &ears.actor.text, &ears.response.text)
}

fn steps(criterion: &Criterion) -> Vec<(StepRole, &str)> {
    let Form::Scenario(scenario) = &criterion.form else {
        panic!("{criterion:?}")
    };
    scenario
        .steps
        .iter()
        .map(|step| (step.role, step.text.as_str()))
        .collect()
}

#[test]
fn as_many_criteria_are_found_as_were_counted_by_hand() {
    let counts: BTreeMap<String, Count> = toml::from_str(include_str!("../counts.toml")).unwrap();
    let mut files = 0;
    for folder in std::fs::read_dir(testdata().join("stories")).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(&folder).unwrap() {
            let (name, bytes) = content(&file.unwrap().path());
            let name = format!("{}/{name}", folder.file_name().unwrap().to_str().unwrap());
            let count = counts
                .get(&name)
                .unwrap_or_else(|| panic!("{name} was not counted"));
            let document = generate::read(&name, &bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            let found = (document.requirements.len(), document.criteria().count());
            assert_eq!(found, (count.requirements, count.criteria), "{name}");
            assert_eq!(document.language.as_deref(), Some("en"), "{name}");
            files += 1;
        }
    }
    assert_eq!(files, counts.len());
}

#[test]
fn every_span_shows_the_words_it_stands_for_and_ids_are_unique() {
    for name in [
        "kiro/player-trail-effect-requirements.md",
        "openspec/cli-validate.md",
        "nasa-cfe/cFE_FunctionalRequirements.csv",
        "user-stories/g12-camperplus.txt",
    ] {
        let (_, bytes) = content(&testdata().join("stories").join(name));
        let document = generate::read(name, &bytes).unwrap();
        let mut ids = std::collections::HashSet::new();
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        for requirement in &document.requirements {
            assert!(ids.insert(&requirement.id), "{name}: {} twice", requirement.id);
            for criterion in &requirement.criteria {
                assert!(ids.insert(&criterion.id), "{name}: {} twice", criterion.id);
                assert!(
                    requirement.span.start <= criterion.span.start
                        && criterion.span.end <= requirement.span.end
                );
                let quote = &document.text[criterion.span.range()];
                match &criterion.form {
                    Form::Scenario(scenario) => {
                        for step in &scenario.steps {
                            assert_eq!(
                                letters(&document.text[step.span.range()]),
                                letters(&step.text),
                                "{name}"
                            );
                        }
                    }
                    _ if criterion.items.is_empty() => {
                        assert_eq!(letters(quote), letters(&criterion.text), "{name}");
                    }
                    _ => assert!(
                        letters(quote).starts_with(&letters(&criterion.text)),
                        "{name}: {quote}"
                    ),
                }
                let line = document.text[..criterion.span.start].matches('\n').count() + 1;
                assert_eq!(criterion.span.line as usize, line, "{name}: {quote}");
            }
        }
    }
}

#[test]
fn ids_stay_when_other_requirements_come_and_go() {
    let before = read(
        "a.md",
        "## Requirement: Login\nIt must work.\n\n## Requirement: Logout\nIt must end.\n",
    );
    let after = read(
        "a.md",
        "## Requirement: New\nIt must be.\n\n## Requirement: Logout\nIt must end now.\n",
    );
    assert_eq!(before.requirements[1].id, after.requirements[1].id);
    assert_ne!(before.requirements[1].hash, after.requirements[1].hash);
    let folded = read("a.md", "## Requirement:   Login\n\n\nIt  must\nwork.\n");
    assert_eq!(before.requirements[0].hash, folded.requirements[0].hash);
}

#[test]
fn stories_have_role_want_and_benefit_in_five_languages() {
    for (text, role, want, benefit) in [
        (
            "As an admin, I want to block users so that spam ends.",
            "admin",
            "block users",
            Some("spam ends"),
        ),
        (
            "In order to save time, as a clerk, I want a list of the open orders",
            "clerk",
            "a list of the open orders",
            Some("save time"),
        ),
        (
            "Als Kundin möchte ich die Bestellung stornieren, damit ich das Geld zurück bekomme.",
            "Kundin",
            "die Bestellung stornieren",
            Some("ich das Geld zurück bekomme"),
        ),
        (
            "En tant que client, je veux annuler la commande afin de récupérer le montant.",
            "client",
            "annuler la commande",
            Some("récupérer le montant"),
        ),
        (
            "Als klant wil ik de bestelling annuleren, zodat ik het geld terug krijg.",
            "klant",
            "de bestelling annuleren",
            Some("ik het geld terug krijg"),
        ),
        (
            "Como cliente quiero cancelar el pedido para que me devuelvan el dinero.",
            "cliente",
            "cancelar el pedido",
            Some("me devuelvan el dinero"),
        ),
        (
            "As a user I want to see the map of the bins",
            "user",
            "see the map of the bins",
            None,
        ),
    ] {
        let document = read("a.txt", text);
        let story = document.requirements[0]
            .story
            .as_ref()
            .unwrap_or_else(|| panic!("{text}"));
        assert_eq!(story.role.text, role);
        assert_eq!(story.want.text, want);
        assert_eq!(
            story.benefit.as_ref().map(|benefit| benefit.text.as_str()),
            benefit
        );
        assert_eq!(document.criteria().next().unwrap().form, Form::Wish);
    }
}

#[test]
fn sentences_are_taken_apart_as_ears_defines_it() {
    let document = read(
        "a.txt",
        "While the door is open, when the button is pressed, the lift shall not move.\n\
         If the password is wrong then the system shall show an error.\n\
         Where a camera is fitted, the car shall show a picture of the road.\n\
         The system shall lock the account after 5 wrong passwords.\n\
         Upon receipt of a command the unit shall answer the sender.\n",
    );
    let parts: Vec<_> = document.criteria().map(ears).collect();
    assert_eq!(
        parts[0],
        (
            vec![
                (ClauseKind::State, "the door is open"),
                (ClauseKind::Event, "the button is pressed")
            ],
            "the lift",
            "move"
        )
    );
    assert_eq!(
        parts[1],
        (
            vec![(ClauseKind::Unwanted, "the password is wrong")],
            "the system",
            "show an error"
        )
    );
    assert_eq!(parts[2].0, [(ClauseKind::Option, "a camera is fitted")]);
    assert_eq!(
        parts[3],
        (vec![], "The system", "lock the account after 5 wrong passwords")
    );
    assert_eq!(
        parts[4],
        (
            vec![(ClauseKind::Event, "receipt of a command")],
            "the unit",
            "answer the sender"
        )
    );
    assert!(document.criteria().next().unwrap().negative);
}

#[test]
fn sentences_are_taken_apart_in_other_languages() {
    for (text, clause, actor, negative) in [
        (
            "Wenn das Kennwort falsch ist, muss das System eine Meldung anzeigen.",
            "das Kennwort falsch ist",
            "",
            false,
        ),
        (
            "Quand le mot de passe est faux, le système doit afficher un message dans la page.",
            "le mot de passe est faux",
            "le système",
            false,
        ),
        (
            "Cuando la clave es falsa, el sistema no debe abrir la sesión.",
            "la clave es falsa",
            "el sistema",
            true,
        ),
        (
            "Wanneer het wachtwoord fout is, dan mag het systeem de sessie niet openen.",
            "het wachtwoord fout is",
            "",
            true,
        ),
    ] {
        let document = read("a.txt", text);
        let criterion = document.criteria().next().unwrap_or_else(|| panic!("{text}"));
        assert_eq!(criterion.negative, negative, "{text}");
        if let Form::Ears(parts) = &criterion.form {
            assert_eq!(
                (
                    parts.clauses[0].condition.text.as_str(),
                    parts.actor.text.as_str()
                ),
                (clause, actor)
            );
        } else {
            assert_eq!(actor, "", "{text}: {criterion:?}");
        }
    }
}

#[test]
fn criteria_are_bullets_numbers_and_steps_under_their_heading() {
    let document = read(
        "a.md",
        "# Password reset\n\n**User story:** As a member I want to reset my password, so that I get in again.\n\n\
         ## Acceptance criteria\n\n1. The link expires after 30 minutes.\n2. You can't use the link twice.\n   - also not from another browser\n\
         3. Given a valid link, when I save a new password, then I am signed in.\n\n\
         - Given a used link\n- When I open it\n- Then I see an error\n- And I can ask for a new link\n\n\
         # Notes\n\nThe mail team must be asked.\n",
    );
    let [requirement] = document.requirements.as_slice() else {
        panic!("{:#?}", document.requirements)
    };
    assert_eq!(requirement.title, "Password reset");
    let found = &requirement.criteria;
    assert_eq!(found.len(), 4, "{found:#?}");
    assert_eq!(
        (found[0].label.as_deref(), found[0].text.as_str()),
        (Some("1"), "The link expires after 30 minutes.")
    );
    assert!(found[1].negative);
    assert_eq!(found[1].items[0].text, "also not from another browser");
    assert_eq!(
        steps(&found[2]),
        [
            (StepRole::Given, "a valid link"),
            (StepRole::When, "I save a new password"),
            (StepRole::Then, "I am signed in.")
        ]
    );
    assert_eq!(steps(&found[3]).len(), 4);
    assert_eq!(steps(&found[3])[3], (StepRole::Then, "I can ask for a new link"));
}

#[test]
fn a_plain_story_may_be_followed_by_its_criteria() {
    let document = read(
        "a.txt",
        "US-7: As a buyer I want to pay by card so that it is quick\nAcceptance criteria:\n* AC-1: the card number has 16 digits\n\
         * AC-2: the total should be shown\n\nUS-8: As a buyer I want to see my orders\n- sorted by date\n- at most 50 on a page\n",
    );
    let ids: Vec<_> = document
        .requirements
        .iter()
        .map(|requirement| requirement.id.as_str())
        .collect();
    assert_eq!(ids, ["US-7", "US-8"]);
    let ids: Vec<_> = document
        .criteria()
        .map(|criterion| criterion.id.as_str())
        .collect();
    assert_eq!(ids[..2], ["US-7/AC-1", "US-7/AC-2"]);
    assert_eq!(
        criteria(&document)[2..],
        ["sorted by date", "at most 50 on a page"]
    );
    assert_eq!(
        document.requirements[0].criteria[1].modality,
        Some(Modality::Should)
    );
}

#[test]
fn german_criteria_are_read() {
    let document = read(
        "a.md",
        "## Anforderung: Anmeldung\n\nAls Nutzer möchte ich mich anmelden, damit ich die Daten sehe.\n\n### Akzeptanzkriterien\n\n\
         - Das Kennwort muss mindestens 8 Zeichen haben.\n- Nach 5 Versuchen darf der Nutzer sich nicht mehr anmelden.\n\n\
         #### Szenario: Falsches Kennwort\n- Angenommen ich bin auf der Seite\n- Wenn ich ein falsches Kennwort eingebe\n- Dann sehe ich eine Meldung\n",
    );
    assert_eq!(document.language.as_deref(), Some("de"));
    let [requirement] = document.requirements.as_slice() else {
        panic!("{:#?}", document.requirements)
    };
    assert_eq!(requirement.criteria.len(), 3, "{:#?}", requirement.criteria);
    assert!(requirement.criteria[1].negative);
    assert_eq!(steps(&requirement.criteria[2]).len(), 3);
}

#[test]
fn a_language_without_a_table_is_kept_whole() {
    let document = read(
        "a.txt",
        "Käyttäjä voi kirjautua sisään.\n\nSalasanassa on kahdeksan merkkiä.\n",
    );
    assert_eq!(document.language, None);
    assert_eq!(
        criteria(&document),
        [
            "Käyttäjä voi kirjautua sisään.",
            "Salasanassa on kahdeksan merkkiä."
        ]
    );
    assert!(document.notes[0].message.contains("kept whole"));
}

#[test]
fn columns_make_a_list_of_requirements() {
    let document = read(
        "a.csv",
        "Key;Summary;Description;Acceptance criteria\nA-1;Login;\"As a user I want to log in\";\"- a wrong password is refused\n- the session ends after 20 minutes\"\nA-2;Export;The system must \"\"export\"\" a file;\n",
    );
    let ids: Vec<_> = document
        .requirements
        .iter()
        .map(|requirement| requirement.id.as_str())
        .collect();
    assert_eq!(ids, ["A-1", "A-2"]);
    assert_eq!(
        criteria(&document),
        [
            "a wrong password is refused",
            "the session ends after 20 minutes",
            "The system must \"\"export\"\" a file"
        ]
    );
    let second = &document.requirements[0].criteria[1];
    assert_eq!(
        (second.span.line, &document.text[second.span.range()]),
        (3, "the session ends after 20 minutes")
    );
    let error = generate::read("a.csv", b"a,b\n\"open,1\n").unwrap_err();
    assert_eq!((error.line, error.column), (2, 1));
}

#[test]
fn wrapped_lines_are_one_sentence_and_lines_of_a_list_are_not() {
    let wrapped = read(
        "a.txt",
        "The system shall send a message about the failed order to the\nAdministrator of the shop within 5 minutes.\n\n\
         The lamp shall be red\nThe door shall be shut\n",
    );
    assert_eq!(
        criteria(&wrapped),
        [
            "The system shall send a message about the failed order to the Administrator of the shop within 5 minutes.",
            "The lamp shall be red",
            "The door shall be shut"
        ]
    );
    let span = wrapped.criteria().next().unwrap().span;
    assert_eq!(wrapped.text[span.range()].lines().count(), 2);
}
