//! Cases of the files of `testdata`: what they cover, and that nothing is said twice or invented.

use std::collections::{BTreeSet, HashSet};

use generate::{Case, Document, LintKind, Options, Technique, TestSet, generate, read};

use crate::{content, files, testdata};

/// Folders with requirements in prose.
const STORIES: [(&str, &str); 4] = [
    ("stories/kiro", ".md"),
    ("stories/nasa-cfe", ".csv"),
    ("stories/openspec", ".md"),
    ("stories/user-stories", ".txt"),
];

fn stories() -> Vec<(String, Document, TestSet)> {
    let paths = STORIES.iter().flat_map(|(folder, ending)| files(folder, ending));
    paths
        .map(|path| {
            let (name, bytes) = content(&path);
            let document = read(&name, &bytes).unwrap();
            let set = generate(&document, &Options::default());
            (name, document, set)
        })
        .collect()
}

/// Every text of a case in one.
fn words(case: &Case) -> String {
    let mut text = format!("{:?} {:?}", case.criteria, case.preconditions);
    for step in &case.steps {
        text.push_str(
            &[
                step.action.clone(),
                format!("{:?} {:?}", step.data, step.expected),
            ]
            .join(" "),
        );
    }
    text.to_lowercase()
}

#[test]
fn every_criterion_is_cited_or_asked_about() {
    for (name, document, set) in stories() {
        let cited: HashSet<&String> = set.cases.iter().flat_map(|case| &case.criteria).collect();
        let asked: HashSet<&String> = set
            .questions
            .iter()
            .filter_map(|question| question.criterion.as_ref())
            .collect();
        for criterion in document.criteria() {
            assert!(
                cited.contains(&criterion.id) || asked.contains(&criterion.id),
                "{name}: {}",
                criterion.text
            );
        }
        assert!(!set.cases.is_empty());
    }
}

#[test]
fn duplicates_and_invented_terms_are_below_one_percent() {
    for (name, _, set) in stories() {
        let mut seen = HashSet::new();
        let duplicates = set.cases.iter().filter(|case| !seen.insert(words(case))).count();
        let titles: HashSet<&String> = set.cases.iter().map(|case| &case.title).collect();
        let invented: Vec<&String> = set
            .lint
            .iter()
            .filter(|lint| lint.kind == LintKind::InventedTerm)
            .map(|lint| &lint.words)
            .collect();
        let terms: usize = set
            .cases
            .iter()
            .map(|case| words(case).split_whitespace().count())
            .sum();
        assert!(
            duplicates * 100 < set.cases.len(),
            "{name}: {duplicates} duplicates"
        );
        assert!(
            (set.cases.len() - titles.len()) * 100 < set.cases.len(),
            "{name}: titles"
        );
        assert!(
            invented.len() * 100 < terms.min(set.cases.len()),
            "{name}: {invented:?}"
        );
    }
}

/// Words that steps may bring along.
const INTERFACE: &str = "accepted access action afterwards allowed already also bring case change choose condition \
    contain could create delete describe display does done each enter event expected fill find found given happen hold \
    inspect known limit longer look made make message name nobody nothing observe open other perform place possible \
    present receive refuse request result save seen select send show somebody start state still submit sure system \
    tester that their them then there they this those unless used user using value view wait what when where which \
    while with without would your yourself from have into item more must only list";

/// The same figure as the lint's, counted by nothing of the product: a word of more than three letters, or one with a
/// digit, whose beginning stands neither in the words of the requirement nor in the list above.
#[test]
fn words_of_cases_stand_in_their_source() {
    let begin = |word: &str| word.chars().take(4).collect::<String>();
    let allowed: HashSet<String> = INTERFACE.split_whitespace().map(begin).collect();
    for (name, document, set) in stories() {
        let (mut all, mut invented) = (0, Vec::new());
        for case in &set.cases {
            let found = document
                .requirements
                .iter()
                .find(|one| one.id == case.requirement);
            let source = found.map_or(document.text.as_str(), |one| &document.text[one.span.range()]);
            let title = found.map_or("", |one| one.title.as_str());
            let source = format!("{source} {title}").to_lowercase();
            let known: HashSet<&str> = source.split(|c: char| !c.is_alphanumeric()).collect();
            let beginnings: HashSet<String> = known.iter().map(|word| begin(word)).collect();
            let computed: HashSet<String> = case
                .steps
                .iter()
                .flat_map(|step| &step.data)
                .flat_map(|datum| datum.value.split(|c: char| !c.is_alphanumeric()))
                .map(str::to_lowercase)
                .collect();
            let mut text = case.preconditions.join(" ");
            for step in &case.steps {
                text = format!("{text} {} {}", step.action, step.expected.join(" "));
            }
            let text = text.to_lowercase();
            for word in text
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
            {
                all += 1;
                let is_number = word.chars().any(|c| c.is_ascii_digit());
                let is_known = if is_number {
                    known.contains(word)
                } else {
                    word.chars().count() <= 3
                        || beginnings.contains(&begin(word))
                        || allowed.contains(&begin(word))
                };
                if !is_known && !computed.contains(word) {
                    invented.push(word.to_owned());
                }
            }
        }
        assert!(
            invented.len() * 100 < all,
            "{name}: {} of {all}: {invented:?}",
            invented.len()
        );
    }
}

#[test]
fn cases_are_whole() {
    for (name, _, set) in stories() {
        for case in &set.cases {
            let steps =
                !case.steps.is_empty() && case.steps.iter().all(|step| !step.action.trim().is_empty());
            let seen = case.steps.last().is_some_and(|step| !step.expected.is_empty());
            assert!(steps && seen, "{name}: {case:?}");
            assert!(
                !case.title.is_empty() && case.title.chars().count() <= 190,
                "{name}: {}",
                case.title
            );
            assert!(
                !case.items.is_empty() && !case.source.is_empty(),
                "{name}: {}",
                case.title
            );
        }
    }
}

/// Coverage counted from nothing but items and cases.
#[test]
fn coverage_is_what_the_cases_say() {
    let paths = files("openapi/wfd", ".json")
        .into_iter()
        .chain(files("pairwise/standard", ".txt"));
    let others = paths.map(|path| {
        let (name, bytes) = content(&path);
        let document = read(&name, &bytes).unwrap();
        let set = generate(&document, &Options::default());
        (name, document, set)
    });
    for (name, _, set) in stories().into_iter().chain(others) {
        let covered: HashSet<&String> = set.cases.iter().flat_map(|case| &case.items).collect();
        let known: HashSet<&String> = set.items.values().flatten().map(|item| &item.id).collect();
        assert!(
            covered.is_subset(&known),
            "{name}: an item is claimed that nobody lists"
        );
        for coverage in &set.coverage {
            let items = &set.items[&coverage.technique];
            let count = items.iter().filter(|item| covered.contains(&item.id)).count();
            assert_eq!((coverage.items, coverage.covered), (items.len(), count), "{name}");
            assert_eq!(coverage.missing.len(), items.len() - count, "{name}");
            let open = items
                .iter()
                .filter(|item| item.infeasible.is_none() && !covered.contains(&item.id))
                .count();
            assert_eq!(open, 0, "{name}: {:?}", coverage.missing);
        }
        // No case is superfluous: each covers something that no other does.
        for case in set.cases.iter().filter(|_| set.cases.len() <= 60) {
            let others: BTreeSet<&String> = set
                .cases
                .iter()
                .filter(|other| other.id != case.id)
                .flat_map(|other| &other.items)
                .collect();
            assert!(
                case.items.iter().any(|item| !others.contains(item)),
                "{name}: {}",
                case.title
            );
        }
    }
}

#[test]
fn pairs_are_covered_as_another_program_counts_them() {
    for path in files("pairwise/standard", ".txt")
        .into_iter()
        .chain(files("pairwise/constraints", ".txt"))
    {
        let (name, bytes) = content(&path);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let model: covering::Model = text.parse().unwrap();
        let document = read(&name, &bytes).unwrap();
        let set = generate(&document, &Options::default());
        if covering::generate(&model, &covering::Options::default()).is_err() {
            assert!(
                set.cases.is_empty() && !set.questions.is_empty(),
                "{name}: without a row there is a question"
            );
            continue;
        }
        let rows: Vec<Vec<usize>> = set
            .cases
            .iter()
            .map(|case| {
                let data = &case.steps[0].data;
                let find = |parameter: &covering::Parameter| {
                    let datum = data.iter().find(|datum| datum.name == parameter.name).unwrap();
                    parameter
                        .values
                        .iter()
                        .position(|value| value.name() == datum.value)
                        .unwrap()
                };
                model.parameters().iter().map(find).collect()
            })
            .collect();
        let report = covering::check(&model, 2, &rows).unwrap();
        assert!(report.is_proven(), "{name}");
        assert_eq!(
            set.items[&Technique::Combinatorial].len(),
            report.covered,
            "{name}"
        );
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let path = testdata().join("stories/openspec/cli-config.md");
    let (name, bytes) = content(&path);
    let made = || {
        let document = read(&name, &bytes).unwrap();
        serde_json::to_string(&generate(&document, &Options::default())).unwrap()
    };
    assert_eq!(made(), made());
}

#[test]
fn sets_survive_json() {
    for (_, _, set) in stories() {
        let text = serde_json::to_string(&set).unwrap();
        let back: TestSet = serde_json::from_str(&text).unwrap();
        assert_eq!(set, back);
    }
}

#[test]
fn every_feature_file_gives_cases() {
    let paths = files("gherkin/whitehall", ".feature")
        .into_iter()
        .chain(files("gherkin/cucumber/good", ".feature"));
    for path in paths {
        let (name, bytes) = content(&path);
        let document = read(&name, &bytes).unwrap();
        let set = generate(&document, &Options::default());
        let said = document.criteria().any(|criterion| match &criterion.form {
            generate::Form::Scenario(scenario) => {
                let rows = scenario.examples.is_empty()
                    || scenario.examples.iter().any(|examples| !examples.rows.is_empty());
                rows && scenario
                    .steps
                    .iter()
                    .any(|step| matches!(step.role, generate::StepRole::Then | generate::StepRole::Other))
            }
            _ => false,
        });
        assert_eq!(said, !set.cases.is_empty(), "{name}");
    }
}

#[test]
fn budgets_keep_what_matters_most_and_tell_the_rest() {
    let path = testdata().join("openapi/wfd/pay-publicapi.json");
    let (name, bytes) = content(&path);
    let document = read(&name, &bytes).unwrap();
    let options = Options {
        requirement_budget: 3,
        ..Options::default()
    };
    let set = generate(&document, &options);
    for requirement in &set.requirements {
        let count = set
            .cases
            .iter()
            .filter(|case| case.requirement == requirement.id)
            .count();
        assert!(count <= 3, "{}: {count}", requirement.id);
    }
    let missing: Vec<_> = set
        .coverage
        .iter()
        .flat_map(|coverage| &coverage.missing)
        .collect();
    assert!(missing.iter().any(|missing| missing.why == "over the budget"));
}
