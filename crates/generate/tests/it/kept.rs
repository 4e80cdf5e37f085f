//! What a tester rejected when generated cases were read beside their source, as rules.

use generate::{Case, Options, TestSet, generate, read};

use crate::{content, testdata};

fn set(text: &str) -> TestSet {
    generate(&read("story.md", text.as_bytes()).unwrap(), &Options::default())
}

/// The only case of a text.
fn only(text: &str) -> Case {
    let set = set(text);
    assert_eq!(set.cases.len(), 1, "{:?}", set.cases);
    set.cases[0].clone()
}

fn requirement(sentence: &str) -> Case {
    only(&format!("# Part\n\n{sentence}\n"))
}

fn scenario(steps: &str) -> Case {
    only(&format!("# Part\n\n#### Scenario: Course\n\n{steps}"))
}

fn expected(case: &Case) -> Vec<&str> {
    let steps = case.steps.iter();
    steps
        .flat_map(|step| &step.expected)
        .map(String::as_str)
        .collect()
}

#[test]
fn a_name_with_and_is_not_cut_in_two() {
    let case = requirement("Upon receipt of a command, the unit shall clear the Exception and Reset Log.");
    assert_eq!(expected(&case), ["The unit clears the Exception and Reset Log."]);
}

#[test]
fn nobody_sees_that_something_ensures() {
    let case = requirement("When effects are displayed, the system shall ensure they are visually distinct.");
    assert_eq!(expected(&case), ["They are visually distinct."]);
    let case = scenario(
        "- **WHEN** a user runs the tool\n- **THEN** print a line\n- **AND** ensure progress indicators remain responsive\n",
    );
    assert_eq!(expected(&case)[1], "Progress indicators remain responsive.");
}

#[test]
fn what_stops_goes_on_before() {
    let case = requirement("When the player stops moving, the system shall stop the music.");
    assert_eq!(case.preconditions, ["The player is moving."]);
}

#[test]
fn a_request_in_front_of_a_name_is_not_part_of_it() {
    let case = requirement("Upon receipt of a Request cFE shall write the requested file.");
    assert!(
        case.steps[0].action.starts_with("Send a Request to cFE"),
        "{case:?}"
    );
    assert_eq!(expected(&case), ["cFE writes the requested file."]);
}

#[test]
fn a_condition_without_a_subject_is_about_the_actor() {
    let case = requirement("When set to ignore updates, the unit shall discard the message.");
    assert_eq!(
        case.steps[0].action,
        "Make sure that the unit is set to ignore updates."
    );
    let case = requirement("When providing an address, the unit shall return the size.");
    assert_eq!(
        case.steps[0].action,
        "Make this happen: the unit provides an address."
    );
}

#[test]
fn two_verbs_with_a_stroke_are_both_said() {
    let case =
        requirement("Upon receipt of a command, the unit shall enable/disable, as specified, the events.");
    assert_eq!(
        expected(&case),
        ["The unit enables/disables, as specified, the events."]
    );
}

#[test]
fn a_time_is_no_condition_that_can_be_absent() {
    let set = set("# Part\n\nDuring bulk operations the tool shall display its progress.\n");
    assert_eq!(set.cases.len(), 1, "{:?}", set.cases);
}

#[test]
fn steps_are_what_somebody_does_or_brings_about() {
    for (when, action) in [
        ("displaying the notice", "Display the notice."),
        ("validating with `--all`", "Validate with --all."),
        ("accessing keys", "Access keys."),
        (
            "`shutdown()` fails or times out",
            "Make this happen: shutdown() fails or times out.",
        ),
        ("`tool validate` runs", "Make this happen: tool validate runs."),
        ("values were changed", "Make sure that values were changed."),
    ] {
        let case = scenario(&format!("- **WHEN** {when}\n- **THEN** the tool prints a line\n"));
        assert_eq!(case.steps[0].action, action);
    }
}

#[test]
fn outcomes_are_sentences_about_the_tool() {
    for (then, seen) in [
        ("do not report an error", "Does not report an error."),
        ("SHALL print hints", "Prints hints."),
        ("SHALL NOT write changes", "Does not write changes."),
        ("perform validation", "Performs validation."),
        ("automatically detect the type", "Automatically detects the type."),
        (
            "print a hint and exit with code 1",
            "Prints a hint and exits with code 1.",
        ),
        (
            "validation SHALL recognize the sections and NOT raise errors",
            "Validation recognizes the sections and does not raise errors.",
        ),
    ] {
        let case = scenario(&format!("- **WHEN** a user runs the tool\n- **THEN** {then}\n"));
        assert_eq!(expected(&case), [seen]);
    }
}

#[test]
fn a_list_stands_behind_what_introduces_it() {
    let case = scenario(
        "- **WHEN** a user runs the tool\n- **THEN** output an object with the following shape:\n  - `items`: a list\n- **AND** exit with code 1\n",
    );
    let seen = expected(&case);
    let at = |front: &str| seen.iter().position(|text| text.starts_with(front));
    assert_eq!(at("items").unwrap(), at("Outputs").unwrap() + 1, "{seen:?}");
    assert!(seen[at("Outputs").unwrap()].ends_with(':'), "{seen:?}");
}

#[test]
fn what_stays_away_without_an_action_is_asked_about() {
    let still = "# Part\n\n#### Scenario: Opt-out\n\n- **WHEN** `QUIET=1` is set\n- **THEN** the system sends no events\n";
    let asks = |text: &str| {
        set(text)
            .questions
            .iter()
            .any(|question| question.text.contains("if the rule did not hold"))
    };
    assert!(asks(still));
    assert!(!asks(&still.replace("`QUIET=1` is set", "a user runs the tool")));
    assert!(!asks(&still.replace("sends no events", "shows a notice")));
}

#[test]
fn a_thing_that_is_wanted_is_used() {
    let case = only("As a developer I want a plugin for packages so that I can load them.\n");
    assert_eq!(case.steps[0].action, "As a developer, use a plugin for packages.");
    assert_eq!(expected(&case), ["A plugin for packages can be used."]);
    let case = only("As a developer I want Feather integration so that I can load them.\n");
    assert_eq!(case.title, "A developer can use Feather integration");
}

#[test]
fn the_occasion_of_a_message_is_the_step() {
    let case =
        only("As a user I want to get feedback when I enter an invalid code so that I can correct it.\n");
    assert_eq!(case.steps[0].action, "As a user, enter an invalid code.");
    assert_eq!(expected(&case), ["Feedback can be seen."]);
}

#[test]
fn a_machine_begins_in_a_state() {
    let text = "# Door\n\n```mermaid\nstateDiagram-v2\n    [*] --> Closed\n    Closed --> Open : push\n```\n";
    for case in &set(text).cases {
        let told = format!("{} {:?} {:?}", case.title, case.preconditions, case.steps);
        assert!(!told.contains("[start]"), "{told}");
    }
}

#[test]
fn one_is_no_plural() {
    let text = r#"{"openapi":"3.0.0","info":{"title":"T","version":"1"},"paths":{"/a":{"post":{"requestBody":{"content":
        {"application/json":{"schema":{"type":"object","properties":{"a":{"type":"string","minLength":2}}}}}},"responses":{"200":{"description":"ok"}}}}}}"#;
    let set = generate(&read("a.json", text.as_bytes()).unwrap(), &Options::default());
    let titled = |text: &str| set.cases.iter().any(|case| case.title.contains(text));
    assert!(
        titled("1 character, one too few") && titled("with 2 characters (the fewest allowed) answers 200")
    );
}

#[test]
fn nobody_speaks_of_themselves_to_the_tester() {
    let text = "Feature: Letters\n  Scenario: Draft\n    Given I am a writer\n    And I was signed in\n    When I draft my letter\n    Then I should see my letter\n";
    let set = generate(&read("a.feature", text.as_bytes()).unwrap(), &Options::default());
    let case = &set.cases[0];
    assert_eq!(case.preconditions, ["You are a writer.", "You were signed in."]);
    assert_eq!(case.steps[0].action, "Draft your letter.");
    assert_eq!(expected(case), ["You should see your letter."]);
}

#[test]
fn what_a_path_names_exists_and_stays_the_same() {
    let (name, bytes) = content(&testdata().join("openapi/wfd/pay-publicapi.json"));
    let set = generate(&read(&name, &bytes).unwrap(), &Options::default());
    let mut flows = 0;
    for case in set
        .cases
        .iter()
        .filter(|case| case.polarity == generate::Polarity::Positive)
    {
        let named = case.steps[0]
            .data
            .iter()
            .any(|datum| datum.name.starts_with("path."));
        assert_eq!(named, !case.preconditions.is_empty(), "{}", case.title);
        if let [first, second] = case.steps.as_slice() {
            for datum in &second.data {
                let before = first.data.iter().find(|known| known.name == datum.name);
                let is_path = datum.name.starts_with("path.");
                assert!(!is_path || before.map_or("from the answer before", |one| &one.value) == datum.value);
            }
            flows += 1;
        }
    }
    assert!(flows > 1);
    assert!(
        set.cases
            .iter()
            .any(|case| case.title.contains("an agreementId that does not exist"))
    );
}

/// Sentences that were found in the files, and must not come back.
#[test]
fn no_case_of_the_stories_is_worded_like_that() {
    for file in [
        "kiro/player-trail-effect-requirements.md",
        "nasa-cfe/cFE_FunctionalRequirements.csv",
        "openspec/cli-config.md",
        "openspec/cli-validate.md",
        "openspec/telemetry.md",
        "user-stories/g04-recycling.txt",
        "user-stories/g08-frictionless.txt",
        "user-stories/g12-camperplus.txt",
    ] {
        let (name, bytes) = content(&testdata().join("stories").join(file));
        let set = generate(&read(&name, &bytes).unwrap(), &Options::default());
        for case in &set.cases {
            for step in &case.steps {
                let action = step.action.as_str();
                assert!(!action.ends_with("receipt of."), "{file}: {action}");
                let gerund = action.split(' ').next().is_some_and(|word| word.ends_with("ing"));
                assert!(!gerund, "{file}: {action}");
                for text in &step.expected {
                    let wrong = ["SHALL ", "MUST ", "Do not ", "Or ", "And ", "It can be seen."];
                    assert!(
                        !wrong.iter().any(|front| text.starts_with(front)),
                        "{file}: {text}"
                    );
                    assert!(
                        !text.contains(" ases ") && !text.contains(" ins "),
                        "{file}: {text}"
                    );
                    assert!(!text.contains(" ensures "), "{file}: {text}");
                }
            }
        }
    }
}
