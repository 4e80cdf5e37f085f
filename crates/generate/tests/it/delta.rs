//! Cases after an edit: only what the edit touches is different, and ids stay.

use generate::{Document, Options, TestSet, generate, read, regenerate};
use proptest::prelude::*;

use crate::{content, testdata};

fn document(text: &str) -> Document {
    read("story.md", text.as_bytes()).unwrap()
}

fn file(path: &str) -> String {
    String::from_utf8(content(&testdata().join(path)).1).unwrap()
}

fn set(text: &str) -> TestSet {
    generate(&document(text), &Options::default())
}

#[test]
fn nothing_changes_without_an_edit() {
    for path in [
        "stories/kiro/player-trail-effect-requirements.md",
        "stories/openspec/telemetry.md",
    ] {
        let text = file(path);
        let first = set(&text);
        let again = regenerate(&document(&text), &Options::default(), &first);
        assert_eq!(first.cases, again.cases);
        let delta = again.delta.unwrap();
        assert_eq!(delta.kept.len(), first.cases.len());
        assert!(delta.changed.is_empty() && delta.new.is_empty() && delta.stale.is_empty());
    }
}

#[test]
fn what_people_changed_in_a_case_is_kept() {
    let text = file("stories/openspec/telemetry.md");
    let mut first = set(&text);
    first.cases[3].title = "A title of our own".to_owned();
    let again = regenerate(&document(&text), &Options::default(), &first);
    assert_eq!(again.cases[3].title, "A title of our own");
}

#[test]
fn a_reworded_criterion_keeps_the_id_of_its_case() {
    let old = "# Login\n\nThe system shall lock the account for 30 minutes if more than 5 attempts fail.\n\nThe system shall show the date of the last login.\n";
    let new = old.replace("more than 5 attempts", "more than 3 attempts");
    let (first, again) = (
        set(old),
        regenerate(&document(&new), &Options::default(), &set(old)),
    );
    let delta = again.delta.as_ref().unwrap();
    assert_eq!(delta.kept.len(), 1, "{delta:?}");
    for id in &delta.changed {
        assert!(first.cases.iter().any(|case| case.id == *id));
    }
    let limits: Vec<&str> = again
        .cases
        .iter()
        .filter(|case| !delta.kept.contains(&case.id))
        .map(|case| case.title.as_str())
        .collect();
    assert!(
        !limits.is_empty() && limits.iter().all(|title| !title.contains('5')),
        "{limits:?}"
    );
}

#[test]
fn rows_of_earlier_combinations_stay() {
    let old = "OS: Linux, Windows, macOS\nBrowser: Firefox, Chrome\nLanguage: de, en, fr\n";
    let new = "OS: Linux, Windows, macOS\nBrowser: Firefox, Chrome, Safari\nLanguage: de, en, fr\n";
    let make = |text: &str| read("model.txt", text.as_bytes()).unwrap();
    let first = generate(&make(old), &Options::default());
    let again = regenerate(&make(new), &Options::default(), &first);
    for case in &first.cases {
        assert!(
            again
                .cases
                .iter()
                .any(|other| other.id == case.id && other.steps == case.steps),
            "{}",
            case.title
        );
    }
    let delta = again.delta.unwrap();
    assert_eq!(delta.kept.len(), first.cases.len());
    assert!(!delta.new.is_empty() && delta.stale.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// One criterion of a file is reworded: no case of another criterion is touched.
    #[test]
    fn an_edit_touches_only_its_criterion(line in 0_usize..20) {
        let text = file("stories/kiro/player-trail-effect-requirements.md");
        let criteria: Vec<&str> = text.lines().filter(|line| line.contains("SHALL")).collect();
        let target = criteria[line % criteria.len()];
        let edited = text.replacen(target, &format!("{target} within 3 frames"), 1);
        let first = set(&text);
        let again = regenerate(&document(&edited), &Options::default(), &first);
        let delta = again.delta.clone().unwrap();
        prop_assert!(delta.stale.is_empty(), "{:?}", delta);
        prop_assert_eq!(delta.changed.len() + delta.new.len(), 1);
        for id in &delta.kept {
            let old = first.cases.iter().find(|case| case.id == *id).unwrap();
            let new = again.cases.iter().find(|case| case.id == *id).unwrap();
            prop_assert_eq!((&old.title, &old.steps), (&new.title, &new.steps));
        }
    }
}
