//! Ids, remarks and rows after an edit.

use std::collections::{BTreeSet, HashSet};

use generate::{Case, Document, LintKind, Options, TestSet, generate, read, regenerate};
use proptest::prelude::*;

use crate::{content, testdata};

const LOGIN: &str = "# Login\n\nThe system shall lock the account if more than 5 attempts fail.\n\nThe system shall show the date of the last login.\n";

const RULES: &str = "\
| Age | Member | Action: discount |
|---|---|---|
| under 12 | yes | half price |
| under 12 | no | none |
| over 65 | yes | a quarter off |
| over 65 | no | a tenth off |
";

const MODEL: &str = "OS: Linux, Windows, macOS\nBrowser: Firefox, Chrome\nLanguage: de, en, fr\n";

fn document(name: &str, text: &str) -> Document {
    read(name, text.as_bytes()).unwrap()
}

fn set(name: &str, text: &str) -> TestSet {
    generate(&document(name, text), &Options::default())
}

fn again(name: &str, text: &str, previous: &TestSet) -> TestSet {
    let again = regenerate(&document(name, text), &Options::default(), previous);
    assert_whole(previous, &again);
    again
}

fn sorted(mut ids: Vec<&String>) -> Vec<&String> {
    ids.sort();
    ids
}

/// Every earlier case is told once, every case of now is told once, and all that points at a case or item finds it.
fn assert_whole(previous: &TestSet, again: &TestSet) {
    let delta = again.delta.as_ref().unwrap();
    let old = previous.cases.iter().map(|case| &case.id).collect();
    let stale = delta.stale.iter().map(|stale| &stale.case);
    let told = delta.kept.iter().chain(&delta.changed);
    assert_eq!(sorted(old), sorted(told.clone().chain(stale).collect()));
    let now: Vec<&String> = again.cases.iter().map(|case| &case.id).collect();
    assert_eq!(sorted(now.clone()), sorted(told.chain(&delta.new).collect()));
    let ids: HashSet<&String> = now.iter().copied().collect();
    assert_eq!(ids.len(), now.len(), "an id twice: {now:?}");
    for lint in &again.lint {
        assert!(ids.contains(&lint.case), "{lint:?}");
    }
    let items: HashSet<&String> = again.items.values().flatten().map(|item| &item.id).collect();
    let criteria: HashSet<&String> = again
        .requirements
        .iter()
        .flat_map(|requirement| &requirement.criteria)
        .map(|criterion| &criterion.id)
        .collect();
    for case in &again.cases {
        assert!(case.items.iter().all(|item| items.contains(item)), "{case:?}");
        assert!(case.criteria.iter().all(|id| criteria.contains(id)), "{case:?}");
    }
}

fn case<'s>(set: &'s TestSet, id: &str) -> &'s Case {
    set.cases.iter().find(|case| case.id == id).unwrap()
}

/// The id of the only case whose words hold a text.
fn id_of(set: &TestSet, text: &str) -> String {
    let found: Vec<&Case> = set
        .cases
        .iter()
        .filter(|case| format!("{:?}", case.steps).contains(text))
        .collect();
    assert_eq!(found.len(), 1, "{text}");
    found[0].id.clone()
}

#[test]
fn words_that_come_back_do_not_take_the_id_of_what_they_became() {
    let first = set("a.md", LOGIN);
    let reworded = LOGIN.replace("date of the last login", "date and the place of the last login");
    let second = again("a.md", &reworded, &first);
    let old = "The system shall show the date of the last login.";
    let third = again("a.md", &format!("{reworded}\n{old}\n"), &second);
    assert_eq!(third.delta.as_ref().unwrap().new.len(), 1);
    assert_eq!(third.delta.as_ref().unwrap().kept.len(), second.cases.len());
}

#[test]
fn remarks_are_about_the_cases_as_they_are() {
    let mut first = set("a.md", LOGIN);
    let reworded = LOGIN.replace("date of", "date and the place of");
    first = again("a.md", &reworded, &first);
    let last = first.cases.last_mut().unwrap();
    let id = last.id.clone();
    last.steps.last_mut().unwrap().expected = vec!["The system shows it quickly.".to_owned()];
    let again = again("a.md", &reworded, &first);
    let vague = again
        .lint
        .iter()
        .find(|lint| lint.kind == LintKind::Vague)
        .unwrap();
    assert_eq!((&vague.case, vague.words.as_str()), (&id, "quickly"));
}

#[test]
fn two_earlier_cases_of_the_same_place_are_both_told() {
    let mut first = set("a.md", LOGIN);
    let mut copy = first.cases[0].clone();
    copy.id = "C-00000000".to_owned();
    first.cases.push(copy);
    let again = again("a.md", LOGIN, &first);
    let delta = again.delta.unwrap();
    assert_eq!(delta.kept.len(), first.cases.len() - 1);
    assert_eq!(delta.stale[0].case, "C-00000000");
}

#[test]
fn a_list_of_scenarios_becomes_full_cases() {
    for (name, text) in [("a.md", LOGIN), ("rules.md", RULES), ("model.txt", MODEL)] {
        let full = set(name, text);
        let list = full.clone().scenarios();
        let again = again(name, text, &list);
        assert_eq!(again.cases, full.cases, "{name}");
        assert_eq!(again.delta.unwrap().kept.len(), full.cases.len(), "{name}");
    }
}

#[test]
fn an_edited_rule_keeps_its_id() {
    let first = set("rules.md", RULES);
    let id = id_of(&first, "a quarter off");
    let edited = RULES.replace("a quarter off", "a third off");
    let delta = again("rules.md", &edited, &first).delta.unwrap();
    assert_eq!((delta.changed, delta.kept.len()), (vec![id], 3));
}

#[test]
fn a_rule_above_touches_no_other() {
    let first = set("rules.md", RULES);
    let added = RULES.replace(
        "| over 65 | yes",
        "| 12 to 65 | yes | a coffee |\n| over 65 | yes",
    );
    let more = again("rules.md", &added, &first);
    let delta = more.delta.as_ref().unwrap();
    assert_eq!(delta.kept.len(), 4, "{delta:?}");
    assert_eq!(delta.new, vec![id_of(&more, "a coffee")]);
    for old in &first.cases {
        assert_eq!(old.steps, case(&more, &old.id).steps);
    }
    // And back, with another one edited.
    let id = id_of(&more, "a tenth off");
    let edited = RULES.replace("a tenth off", "a fifth off");
    let delta = again("rules.md", &edited, &more).delta.unwrap();
    assert_eq!((delta.kept.len(), delta.changed), (3, vec![id]));
    assert_eq!(delta.stale.len(), 1);
}

#[test]
fn rows_with_a_renamed_value_keep_their_ids() {
    let first = set("model.txt", MODEL);
    let edited = MODEL.replace("Chrome", "Chromium");
    let again = again("model.txt", &edited, &first);
    let delta = again.delta.as_ref().unwrap();
    assert!(delta.new.is_empty() && delta.stale.is_empty(), "{delta:?}");
    for old in &first.cases {
        let new = case(&again, &old.id);
        let data = |case: &Case| case.steps[0].data.clone();
        let mut wanted = data(old);
        for datum in wanted.iter_mut().filter(|datum| datum.value == "Chrome") {
            datum.value = "Chromium".to_owned();
        }
        assert_eq!(wanted, data(new));
        assert_eq!(wanted == data(old), delta.kept.contains(&old.id));
    }
}

/// Which items the rows of a model hold, from nothing but their data and the texts of items.
#[test]
fn kept_rows_claim_what_they_hold_when_a_value_comes_between() {
    let first = set("model.txt", MODEL);
    let edited = MODEL.replace("Linux, Windows", "Linux, Android, Windows");
    let again = again("model.txt", &edited, &first);
    assert_eq!(again.delta.as_ref().unwrap().kept.len(), first.cases.len());
    let model: covering::Model = edited.parse().unwrap();
    for case in &again.cases {
        let data = &case.steps[0].data;
        let mut held = BTreeSet::new();
        let position = |index: usize| {
            let parameter = &model.parameters()[index];
            assert_eq!(parameter.name, data[index].name);
            let mut values = parameter.values.iter();
            values
                .position(|value| value.name() == data[index].value)
                .unwrap()
        };
        for a in 0..3 {
            for b in a + 1..3 {
                held.insert(format!("CO:table-1:{a}={},{b}={}", position(a), position(b)));
            }
        }
        assert_eq!(case.items.iter().cloned().collect::<BTreeSet<_>>(), held);
    }
}

/// A file of stories, and where its lines with requirements begin.
fn backlog() -> Vec<String> {
    let text = content(&testdata().join("stories/user-stories/g12-camperplus.txt")).1;
    let text = String::from_utf8(text).unwrap();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.take(24).map(str::to_owned).collect()
}

#[derive(Clone, Debug)]
enum Edit {
    Remove,
    Reword,
    Double,
    Move(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        Just(Edit::Remove),
        Just(Edit::Reword),
        Just(Edit::Double),
        (0_usize..24).prop_map(Edit::Move),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Stories are removed, reworded, doubled and moved: cases of the others are as they were.
    #[test]
    fn edits_touch_only_what_they_touch(edits in prop::collection::btree_map(0_usize..24, edit(), 1..4)) {
        let old = backlog();
        let mut lines: Vec<(usize, String)> = old.iter().cloned().enumerate().collect();
        for (at, edit) in &edits {
            let index = lines.iter().position(|(line, _)| line == at).unwrap();
            match edit {
                Edit::Remove => { lines.remove(index); }
                Edit::Reword => lines[index].1.push_str(" every Monday"),
                Edit::Double => { let line = lines[index].clone(); lines.insert(index + 1, line); }
                Edit::Move(to) => { let line = lines.remove(index); lines.insert((*to).min(lines.len()), line); }
            }
        }
        let first = set("backlog.txt", &old.join("\n\n"));
        let text: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
        let now = again("backlog.txt", &text.join("\n\n"), &first);
        let delta = now.delta.as_ref().unwrap();
        let reworded = edits.values().filter(|edit| matches!(edit, Edit::Reword)).count();
        let removed = edits.values().filter(|edit| matches!(edit, Edit::Remove)).count();
        prop_assert!(delta.changed.len() + delta.new.len() <= 2 * reworded + edits.len() - removed);
        for case in &first.cases {
            let source = old.iter().position(|line| line.contains(case.source[0].text.trim()));
            let touched = source.is_none_or(|line| matches!(edits.get(&line), Some(Edit::Remove | Edit::Reword)));
            if !touched {
                prop_assert!(delta.kept.contains(&case.id), "{} {:?}", case.title, edits);
                let same = now.cases.iter().find(|other| other.id == case.id).unwrap();
                prop_assert_eq!((&same.title, &same.steps), (&case.title, &case.steps));
            }
        }
    }
}
