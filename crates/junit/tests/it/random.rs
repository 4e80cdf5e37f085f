//! Random reports against a slow and simple model, and random damage.

use std::fs;
use std::path::Path;

use junit::{Error, Status};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::support::{testdata, try_read};

/// An element of a report.
#[derive(Debug, Clone)]
enum Element {
    Suite {
        is_plural: bool,
        seconds: Option<u64>,
        children: Vec<Element>,
    },
    Case {
        name: Option<u64>,
        seconds: Option<u64>,
        outcomes: Vec<Status>,
    },
    Other(Vec<Element>),
    Comment,
}

fn element() -> impl Strategy<Value = Element> {
    let outcome = prop_oneof![Just(Status::Skipped), Just(Status::Failure), Just(Status::Error)];
    let seconds = || proptest::option::weighted(0.3, 0..1000_u64);
    let case = (
        proptest::option::weighted(0.9, any::<u64>()),
        seconds(),
        vec(outcome, 0..3),
    );
    let leaf = prop_oneof![
        6 => case.prop_map(|(name, seconds, outcomes)| Element::Case { name, seconds, outcomes }),
        1 => Just(Element::Comment),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        let suite = (any::<bool>(), seconds(), vec(inner.clone(), 0..6));
        prop_oneof![
            8 => suite.prop_map(|(is_plural, seconds, children)| Element::Suite { is_plural, seconds, children }),
            1 => vec(inner, 0..3).prop_map(Element::Other),
        ]
    })
}

fn report() -> impl Strategy<Value = Element> {
    let seconds = proptest::option::weighted(0.2, 0..1000_u64);
    (any::<bool>(), seconds, vec(element(), 0..6)).prop_map(|(is_plural, seconds, children)| Element::Suite {
        is_plural,
        seconds,
        children,
    })
}

fn xml(element: &Element) -> String {
    let time = |seconds: &Option<u64>| {
        seconds
            .map(|seconds| format!(" time=\"{seconds}\""))
            .unwrap_or_default()
    };
    let all = |children: &[Element]| children.iter().map(xml).collect::<Vec<_>>().concat();
    match element {
        Element::Suite {
            is_plural,
            seconds,
            children,
        } => {
            let name = if *is_plural { "testsuites" } else { "testsuite" };
            format!("<{name}{}>\n{}</{name}>", time(seconds), all(children))
        }
        Element::Case {
            name,
            seconds,
            outcomes,
        } => {
            let name = name.map(|name| format!(" name='é{name}'")).unwrap_or_default();
            let outcomes = outcomes.iter().map(|outcome| match outcome {
                Status::Skipped => "<skipped/>",
                Status::Failure => "<failure>&lt;</failure>",
                Status::Error | Status::Passed => "<error><testcase name='no'/></error>",
            });
            format!(
                "<testcase{name}{}>{}</testcase>\n",
                time(seconds),
                outcomes.collect::<String>()
            )
        }
        Element::Other(children) => format!("<other>{}</other>", all(children)),
        Element::Comment => "<!-- <testcase name='no'/> -->".to_owned(),
    }
}

/// Name, status and seconds of the tests in the order of the contract.
fn tests(element: &Element) -> Vec<(String, Status, Option<u64>)> {
    let Element::Suite { children, .. } = element else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for wanted in [false, true] {
        let suites = children
            .iter()
            .filter(|child| matches!(child, Element::Suite { is_plural, .. } if *is_plural == wanted));
        found.extend(suites.flat_map(tests));
    }
    found.extend(children.iter().filter_map(|child| match child {
        Element::Case {
            name: Some(name),
            seconds,
            outcomes,
        } => {
            let status = outcomes.iter().copied().max().unwrap_or(Status::Passed);
            Some((format!("é{name}"), status, *seconds))
        }
        _ => None,
    }));
    found
}

/// The seconds that the contract takes for the whole file.
fn elapsed(root: &Element) -> u64 {
    let mut element = root;
    while let Element::Suite {
        seconds, children, ..
    } = element
    {
        if let Some(seconds) = seconds {
            return *seconds;
        }
        let is_case = |child: &&Element| matches!(child, Element::Case { .. });
        let mut suites = children
            .iter()
            .filter(|child| matches!(child, Element::Suite { .. }));
        match (suites.next(), suites.next()) {
            (Some(only), None) if !children.iter().any(|child| is_case(&child)) => element = only,
            _ => break,
        }
    }
    tests(root).iter().filter_map(|(_, _, seconds)| *seconds).sum()
}

/// Reads anything: an answer is fine, a panic or a difference between the passes is not.
fn survives(bytes: &[u8]) {
    match try_read(bytes) {
        Ok((summary, tests)) => assert_eq!(summary.tests, tests.len() as u64),
        Err(error) => assert!(
            !matches!(error, Error::Changed { .. }),
            "only the first pass may refuse: {error}"
        ),
    }
}

fn small_files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| {
            if path.is_dir() {
                small_files(&path)
            } else {
                vec![fs::read(path).expect("a file")]
            }
        })
        .filter(|bytes| bytes.len() < 20_000)
        .collect()
}

proptest! {
    #[test]
    fn random_reports_are_read_as_the_model_says(report in report()) {
        let (summary, found) = try_read(xml(&report)).expect("written well");
        let found: Vec<_> = found.into_iter().map(|test| (test.name, test.status, test.elapsed)).collect();
        let expected: Vec<_> = tests(&report)
            .into_iter()
            .map(|(name, status, seconds)| (name, status, seconds.map(|seconds| seconds * 1_000_000)))
            .collect();
        prop_assert_eq!(summary.tests, expected.len() as u64);
        prop_assert_eq!(found, expected);
        prop_assert_eq!(summary.elapsed_computed, elapsed(&report) * 1_000_000);
    }

    #[test]
    fn any_bytes_are_survived(bytes in vec(any::<u8>(), 0..300)) {
        survives(&bytes);
    }

    #[test]
    fn any_markup_is_survived(pieces in vec(prop::sample::select(&[
        "<testsuite>", "</testsuite>", "<testsuites time='1'>", "</testsuites>", "<testcase name='a'>", "</testcase>",
        "<testcase name='b'/>", "<failure>", "</failure>", "<system-out>", "</system-out>", "<![CDATA[", "]]>", "<!--", "-->",
        "<properties>", "</properties>", "<property name='step' value='x'/>", "&amp;", "&", ";", "<", ">", "'", "text",
        "[[PROPERTY|n=v]]", "[[PROPERTY|n]]", "\n", "[[/PROPERTY]]", "[[ATTACHMENT|a]]", "<?p?>", "<?xml version='1.0'?>", "\u{feff}",
    ][..]), 0..30)) {
        survives(pieces.concat().as_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn damaged_files_are_survived(damage in vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..4)) {
        for mut bytes in small_files(&testdata()) {
            for (place, byte, kind) in &damage {
                if bytes.is_empty() {
                    break;
                }
                let place = place.index(bytes.len());
                match kind {
                    0 => bytes[place] = *byte,
                    1 => bytes.insert(place, b"<>&'\"/"[usize::from(*byte) % 6]),
                    _ => { bytes.drain(place..(place + usize::from(*byte)).min(bytes.len())); }
                }
            }
            survives(&bytes);
        }
    }
}
