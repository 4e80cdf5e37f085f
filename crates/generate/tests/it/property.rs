//! What cases claim to cover, counted again from what they do. Sources are made here, so that what they mean is known
//! without asking the readers or techniques.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use generate::{Case, Options, Polarity, Technique, TestSet, generate, read};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use crate::{content, testdata};

fn set(name: &str, text: &str, options: &Options) -> TestSet {
    generate(&read(name, text.as_bytes()).unwrap(), options)
}

/// Keys of the items of a technique in a case, without what is in front of them.
fn keys<'c>(case: &'c Case, front: &str) -> BTreeSet<&'c str> {
    let items = case.items.iter();
    items.filter_map(|item| item.strip_prefix(front)).collect()
}

fn value(case: &Case) -> i64 {
    let value = &case.steps[0].data[0].value;
    value.split(' ').next().unwrap().parse().unwrap()
}

/// What a decision table says: for each rule a value for each condition, or none where any will do.
fn rules() -> impl Strategy<Value = Vec<Vec<Option<usize>>>> {
    vec(vec(proptest::option::weighted(0.8, 0..3_usize), 3), 2..7)
}

fn table(rules: &[Vec<Option<usize>>]) -> String {
    let mut text = "| Alpha | Beta | Gamma | Action: result |\n|---|---|---|---|\n".to_owned();
    for (number, rule) in rules.iter().enumerate() {
        let cells = rule.iter().enumerate().map(|(at, value)| match value {
            Some(value) => format!("{}{value}", ["red", "green", "blue"][at]),
            None => "-".to_owned(),
        });
        let _ = writeln!(
            text,
            "| {} | outcome {number} |",
            cells.collect::<Vec<_>>().join(" | ")
        );
    }
    text
}

/// States `S0` … and where an event leads from each.
type Moves = BTreeMap<(usize, usize), usize>;

fn moves() -> impl Strategy<Value = Moves> {
    btree_map((0..4_usize, 0..3_usize), 0..4_usize, 1..9)
}

const EVENTS: [&str; 3] = ["push", "pull", "wait"];

fn diagram(moves: &Moves) -> String {
    let mut text = "# Door\n\n```mermaid\nstateDiagram-v2\n    [*] --> S0\n".to_owned();
    for ((from, event), to) in moves {
        let _ = writeln!(text, "    S{from} --> S{to} : {}", EVENTS[*event]);
    }
    text + "```\n"
}

/// The events of a case, as its steps say them; the first step looks at the start.
fn fired(case: &Case) -> Vec<usize> {
    let action = |step: &generate::CaseStep| {
        let event = step.action.strip_prefix("Fire: ")?.strip_suffix('.')?;
        EVENTS.iter().position(|known| *known == event)
    };
    case.steps.iter().filter_map(action).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn limits_are_tried_at_both_sides(low in 2_i64..5_000, width in 2_i64..5_000, form in 0..3_usize, three in any::<bool>()) {
        let high = low + width;
        let (text, low, high) = match form {
            0 => (format!("The order shall have between {low} and {high} pieces."), Some(low), Some(high)),
            1 => (format!("The password shall have at least {low} characters."), Some(low), None),
            _ => (format!("The comment shall have at most {high} characters."), None, Some(high)),
        };
        let options = Options { three_values: three, ..Options::default() };
        let set = set("limits.md", &format!("# Limits\n\n{text}\n"), &options);
        let mut wanted = BTreeSet::new();
        for (limit, out) in [(low, -1), (high, 1)] {
            let Some(limit) = limit else { continue };
            wanted.extend([(limit + out, Polarity::Negative), (limit, Polarity::Positive)]);
            if three {
                wanted.insert((limit - out, Polarity::Positive));
            }
        }
        let found: BTreeSet<(i64, Polarity)> = set.cases.iter().map(|case| (value(case), case.polarity)).collect();
        prop_assert_eq!(&found, &wanted, "{}", text);
        let id = &set.requirements[0].criteria[0].id;
        for case in &set.cases {
            let value = value(case);
            let part = if low.is_some_and(|low| value < low) {
                "1.below"
            } else if high.is_some_and(|high| value > high) {
                "1.above"
            } else {
                "1.in"
            };
            prop_assert_eq!(keys(case, &format!("EP:{id}:")), BTreeSet::from([part]));
            let edge = format!("1.{value}");
            prop_assert_eq!(keys(case, &format!("BV:{id}:")), BTreeSet::from([edge.as_str()]));
        }
        let items = &set.items[&Technique::BoundaryValue];
        prop_assert_eq!(items.len(), wanted.len());
    }

    #[test]
    fn a_rule_is_covered_by_a_case_that_meets_it(rules in rules()) {
        let set = set("rules.md", &table(&rules), &Options::default());
        let names = |case: &Case| -> Vec<Option<usize>> {
            let data = &case.steps[0].data;
            ["Alpha", "Beta", "Gamma"].iter().map(|name| {
                let value = &data.iter().find(|datum| datum.name == *name)?.value;
                value.trim_start_matches(|c: char| c.is_alphabetic()).parse().ok()
            }).collect()
        };
        let meets = |values: &[Option<usize>], rule: &[Option<usize>]| {
            rule.iter().zip(values).all(|(wanted, value)| wanted.is_none() || wanted == value)
        };
        let mut covered = BTreeSet::new();
        for case in &set.cases {
            for key in keys(case, "DT:table-1:rule-") {
                let number = key.parse::<usize>().unwrap() - 1;
                prop_assert!(meets(&names(case), &rules[number]), "{:?} claims {:?}", case.steps, rules[number]);
                covered.insert(number);
            }
        }
        prop_assert_eq!(covered.len(), rules.len());
        // Combinations of values that stand in the table, without a rule.
        let domain = |at: usize| rules.iter().filter_map(|rule| rule[at]).collect::<BTreeSet<_>>();
        let mut missing = 0;
        for a in domain(0) {
            for b in domain(1) {
                for c in domain(2) {
                    missing += usize::from(!rules.iter().any(|rule| meets(&[Some(a), Some(b), Some(c)], rule)));
                }
            }
        }
        let told = set.items[&Technique::DecisionTable].iter().filter(|item| item.infeasible.is_some()).count();
        prop_assert_eq!(told, missing);
    }

    #[test]
    fn paths_go_where_they_say(moves in moves()) {
        let set = set("door.md", &diagram(&moves), &Options::default());
        let number = |from: usize, event: usize| {
            moves.keys().position(|key| *key == (from, event)).unwrap() + 2
        };
        let mut claimed = BTreeSet::new();
        for case in &set.cases {
            let (mut state, mut before) = (0, 1);
            let (mut states, mut taken, mut pairs) = (BTreeSet::from([0]), BTreeSet::from([1]), BTreeSet::new());
            let mut refused = None;
            for event in fired(case) {
                prop_assert!(refused.is_none(), "a step after the one that is refused: {:?}", case.steps);
                let Some(to) = moves.get(&(state, event)) else {
                    refused = Some(format!("invalid-S{state}-{}", EVENTS[event]));
                    continue;
                };
                let now = number(state, event);
                pairs.insert((before, now));
                (before, state) = (now, *to);
                states.insert(state);
                taken.insert(now);
            }
            let last = case.steps.last().unwrap().expected.join(" ");
            prop_assert!(last.contains(&format!("S{state}")), "{} but it is in S{}", last, state);
            prop_assert_eq!(case.polarity == Polarity::Negative, refused.is_some());
            let keys = keys(case, "ST:machine-1:");
            if let Some(refused) = refused {
                prop_assert_eq!(&keys, &BTreeSet::from([refused.as_str()]));
            } else {
                let mut held: BTreeSet<String> = states.iter().map(|state| format!("state-S{state}")).collect();
                held.insert("state-[start]".to_owned());
                held.extend(taken.iter().map(|number| format!("transition-{number}")));
                held.extend(pairs.iter().map(|(a, b)| format!("pair-{a}-{b}")));
                let held: BTreeSet<&str> = held.iter().map(String::as_str).collect();
                prop_assert_eq!(&keys, &held, "{:?}", case.steps);
            }
            claimed.extend(keys);
        }
        // What can be reached is covered, and nothing else is left out.
        let mut reached = BTreeSet::from([0]);
        for _ in 0..4 {
            let more: Vec<usize> = moves.iter().filter(|((from, _), _)| reached.contains(from)).map(|(_, to)| *to).collect();
            reached.extend(more);
        }
        for ((from, event), to) in &moves {
            let key = format!("transition-{}", number(*from, *event));
            prop_assert_eq!(claimed.contains(key.as_str()), reached.contains(from), "{}", key);
            for (from, next) in moves.keys().filter(|(other, _)| other == to).filter(|_| reached.contains(from)) {
                let key = format!("pair-{}-{}", key.trim_start_matches("transition-"), number(*from, *next));
                prop_assert!(claimed.contains(key.as_str()), "{} in {:?}", key, claimed);
            }
        }
        for state in reached {
            let unknown = (0..3).filter(|event| moves.keys().any(|(_, known)| known == event) && !moves.contains_key(&(state, *event)));
            for event in unknown {
                let key = format!("invalid-S{state}-{}", EVENTS[event]);
                prop_assert!(claimed.contains(key.as_str()), "{}", key);
            }
        }
    }
}

fn all_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all_files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Two runs have other random states of hash maps.
#[test]
fn every_file_gives_the_same_bytes_twice() {
    let mut files = Vec::new();
    for folder in [
        "stories",
        "openapi/oai-examples",
        "openapi/wfd",
        "pairwise/constraints",
        "gherkin/whitehall",
    ] {
        all_files(&testdata().join(folder), &mut files);
    }
    let mut made = 0;
    for path in files {
        let (name, bytes) = content(&path);
        let Ok(document) = read(&name, &bytes) else {
            continue;
        };
        let first = generate(&document, &Options::default());
        let again = generate(&read(&name, &bytes).unwrap(), &Options::default());
        assert_eq!(
            serde_json::to_string(&first).unwrap(),
            serde_json::to_string(&again).unwrap(),
            "{name}"
        );
        let delta = generate::regenerate(&document, &Options::default(), &first);
        let twice = generate::regenerate(&document, &Options::default(), &first);
        assert_eq!(
            serde_json::to_string(&delta).unwrap(),
            serde_json::to_string(&twice).unwrap(),
            "{name}"
        );
        assert_eq!(delta.cases, first.cases, "{name}");
        made += 1;
    }
    assert!(made > 20, "{made}");
}
