//! What can be seen when the wish of an English story has come true.

use super::{CHANGED, GONE, MADE, SEEN, english_base};
use crate::say::english;
use crate::words::Words;

/// Verbs after which the thing that they name is in another condition.
const DONE: [&str; 36] = [
    "embed",
    "provide",
    "enroll",
    "translate",
    "package",
    "sign",
    "approve",
    "archive",
    "assign",
    "attach",
    "ban",
    "block",
    "choose",
    "connect",
    "contact",
    "disable",
    "enable",
    "encrypt",
    "flag",
    "give",
    "hide",
    "invite",
    "link",
    "lock",
    "merge",
    "move",
    "notify",
    "onboard",
    "reject",
    "report",
    "restrict",
    "send",
    "share",
    "suspend",
    "transfer",
    "unlock",
];

/// Words that a thing ends at, and that go on about what is done to it.
const BEHIND: [&str; 12] = [
    " to ", " from ", " on ", " with ", " for ", " in ", " at ", " based ", " as ", " into ", " by ", " via ",
];

/// Verbs that stand for several with one object where a stroke was lost: "create modify rules".
const CHAINED: [&str; 12] = [
    "modify", "edit", "update", "delete", "remove", "create", "add", "change", "submit", "cancel", "upload",
    "share",
];

/// How something is done, not what.
const MANNERS: [&str; 7] = [
    " quickly",
    " easily",
    " faster",
    " efficiently",
    " automatically",
    " online",
    " in seconds",
];

/// What can be seen, for each thing that the wish asks for.
pub(super) fn seen(want: &str, who: &str, words: &Words) -> Vec<String> {
    let other = english::about(want, "their", "them", "they");
    let parts = parts(&other, words);
    // What stands in front of something to look at is the way to it: "enter my zip code and get a list".
    let looks = parts.iter().rposition(|(verb, _)| SEEN.contains(&verb.as_str()));
    let first = looks.filter(|at| *at > 0).unwrap_or(0);
    let parts = parts.get(first..).unwrap_or_default();
    let told: Option<Vec<String>> = parts.iter().map(|(verb, object)| one(verb, object)).collect();
    told.filter(|told| !told.is_empty()).unwrap_or_else(|| {
        let modal = if english_base(&want.split(' ').next().unwrap_or_default().to_lowercase()) {
            "can"
        } else {
            "gets"
        };
        vec![format!("{who} {modal} {other}")]
    })
}

/// The condition of a wish to be told something: "get feedback when I enter an invalid zip code".
pub(super) fn occasion(want: &str) -> Option<(&str, &str)> {
    let verb = want.split(' ').next()?;
    let (front, occasion) = want
        .split_once(" when I ")
        .or_else(|| want.split_once(" if I "))?;
    let does = !occasion.starts_with("am ") && !occasion.starts_with("have ") && !occasion.contains(" and ");
    (does && front.contains(' ') && matches!(verb, "get" | "see" | "receive")).then_some((front, occasion))
}

/// Verbs with their objects: "create groups and add campers to the groups" are two; of "add or remove information" the
/// first has the object of the second.
fn parts(want: &str, words: &Words) -> Vec<(String, String)> {
    let is_verb = |word: &str| {
        [&SEEN[..], &GONE, &MADE, &CHANGED, &DONE]
            .iter()
            .any(|list| list.contains(&word))
            || words.action_verbs.iter().any(|verb| verb == word)
    };
    let mut starts = vec![(0, 0)];
    for joint in [" and ", " or ", ", and ", ", "] {
        for (at, _) in want.match_indices(joint) {
            let rest = want.get(at + joint.len()..).unwrap_or_default();
            let verb = rest.split(' ').next().unwrap_or_default();
            let known = starts.iter().any(|(_, start)| *start == at + joint.len());
            // A noun that is a verb too stands at the end: "results of the search and filter".
            if is_verb(verb) && rest.contains(' ') && !known {
                starts.push((at, at + joint.len()));
            }
        }
    }
    starts.sort_unstable_by_key(|(_, start)| *start);
    let mut parts: Vec<(String, String)> = Vec::new();
    for (index, (_, start)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(want.len(), |(end, _)| *end);
        let part = want.get(*start..end.max(*start)).unwrap_or_default().trim();
        // "anonymously view information"
        let part = match part.split_once(' ') {
            Some((manner, rest)) if manner.len() > 4 && manner.ends_with("ly") && !is_verb(manner) => rest,
            _ => part,
        };
        let (mut verb, mut object) = part.split_once(' ').unwrap_or((part, ""));
        while let Some((next, rest)) = object.split_once(' ').filter(|(next, _)| CHAINED.contains(next)) {
            parts.push((verb.to_lowercase(), String::new()));
            (verb, object) = (next, rest);
        }
        parts.push((verb.to_lowercase(), object.to_owned()));
    }
    let mut object = String::new();
    for part in parts.iter_mut().rev() {
        if part.1.is_empty() {
            part.1.clone_from(&object);
        }
        object.clone_from(&part.1);
    }
    parts
}

/// What can be seen of one thing; `None` where the words do not tell.
fn one(verb: &str, object: &str) -> Option<String> {
    let object = ["at ", "for ", "through "]
        .iter()
        .find_map(|front| object.strip_prefix(front))
        .unwrap_or(object);
    let object = manner_cut(lead(object));
    let (verb, object) = match object.strip_prefix("track of ") {
        Some(rest) if verb == "keep" => ("see", rest),
        _ => (verb, object),
    };
    let object = match object.strip_prefix("access to ") {
        Some(rest) if matches!(verb, "have" | "get") => rest,
        _ => object,
    };
    let asks = ["which ", "how ", "what ", "whether ", "when ", "where ", "who "]
        .iter()
        .any(|word| object.starts_with(word));
    if asks && SEEN.contains(&verb) {
        return Some(format!("it can be seen {object}"));
    }
    let plain = !asks
        && !object.is_empty()
        && !["that", "if", "it", "them"].contains(&object.split(' ').next().unwrap_or_default())
        && !BEHIND.iter().any(|word| object.starts_with(word.trim_start()));
    if !plain {
        return None;
    }
    if verb == "have"
        && let Some(told) = had(object)
    {
        return Some(told);
    }
    if let Some((what, place)) = object.split_once(" into ").filter(|_| verb == "get") {
        return Some(format!("{what} can be seen in {place}"));
    }
    if SEEN.contains(&verb) {
        return Some(format!("{object} can be seen"));
    }
    if GONE.contains(&verb) {
        return Some(match object.split_once(" from ") {
            Some((what, place)) => format!("{what} can no longer be found in {place}"),
            None => format!("{object} can no longer be found"),
        });
    }
    let moved = MADE.contains(&verb) && (object.contains(" to ") || object.contains(" into "));
    if DONE.contains(&verb) || CHANGED.contains(&verb) || moved {
        let end = [" to ", " into "]
            .iter()
            .filter_map(|word| object.find(word))
            .min();
        let end = end.or_else(|| BEHIND.iter().filter_map(|word| object.find(word)).min());
        let (what, rest) = object.split_at(end.unwrap_or(object.len()));
        let last = what.split(' ').next_back().unwrap_or_default();
        let tells = ["that", "which", "who"]
            .iter()
            .any(|word| what.contains(&format!(" {word} ")));
        // In "the funding that contributed to a dataset" the dataset belongs to the funding.
        if end.is_some() && (tells || english::is_participle(last)) {
            if MADE.contains(&verb) {
                return Some(format!("{object} can be seen afterwards"));
            }
            return Some(format!("{object} {} {}", are(what), english::participle(verb)));
        }
        return Some(format!(
            "{what} {} {}{rest}",
            are(what),
            english::participle(verb)
        ));
    }
    MADE.contains(&verb)
        .then(|| format!("{object} can be seen afterwards"))
}

fn are(what: &str) -> &'static str {
    // "any photos the camp has taken": the head stands in front of what is told of it.
    let ends = [" the ", " they ", " that ", " which ", " who ", " of "];
    let end = ends.iter().filter_map(|word| what.find(word)).min();
    let head = what.get(..end.unwrap_or(what.len())).unwrap_or(what);
    let head = head.strip_suffix(" all").unwrap_or(head);
    let last = head.split(' ').next_back().unwrap_or_default();
    let irregular = matches!(last, "children" | "people" | "men" | "women");
    if irregular || english::is_plural(head) {
        "are"
    } else {
        "is"
    }
}

/// "have all data encrypted": the thing and what is done to it.
fn had(object: &str) -> Option<String> {
    let mut at = 0;
    for word in object.split(' ') {
        let behind = object.get(at + word.len()..)?.trim_start();
        let next = behind.split(' ').next().unwrap_or_default();
        // In front of a noun it is an adjective: "an automated report".
        let ends = next.is_empty()
            || next.ends_with("ly")
            || BEHIND.iter().any(|word| word.trim() == next)
            || matches!(next, "when" | "while" | "after" | "before");
        if at > 0 && ends && english::is_participle(word) {
            let what = object.get(..at)?.trim();
            let tells = [" that ", " which ", " who ", " of "]
                .iter()
                .any(|word| what.contains(word));
            let whole = !tells && !BEHIND.iter().any(|word| what.contains(word));
            return whole.then(|| format!("{what} {} {}", are(what), object.get(at..).unwrap_or_default()));
        }
        at += word.len() + 1;
    }
    None
}

/// The object up to where the purpose of the wish begins.
fn lead(object: &str) -> &str {
    let end = [
        " so that ",
        " so they ",
        " in order to ",
        " if they ",
        " when ",
        " so their ",
        " in case ",
    ]
    .iter()
    .filter_map(|word| object.find(word))
    .min()
    .unwrap_or(object.len());
    object.get(..end).unwrap_or(object).trim_end_matches([',', ' '])
}

/// The thing without how it is done, which nobody sees.
fn manner_cut(object: &str) -> &str {
    let end = MANNERS.iter().filter_map(|word| object.find(word)).min();
    object.get(..end.unwrap_or(object.len())).unwrap_or(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Wishes of the backlogs of `testdata/stories`, and what a tester wants to see.
    #[test]
    fn outcomes_are_whole_sentences_about_what_changes() {
        for (want, outcome) in [
            (
                "create groups and add campers to the groups",
                &["groups can be seen afterwards", "campers are added to the groups"][..],
            ),
            (
                "add or remove facilities' information",
                &[
                    "facilities' information can be seen afterwards",
                    "facilities' information can no longer be found",
                ],
            ),
            (
                "enter my zip code and get a list of nearby facilities",
                &["a list of nearby facilities can be seen"],
            ),
            (
                "suspend a camper who had behavioral problems",
                &["a camper who had behavioral problems is suspended"],
            ),
            (
                "assign different positions to the staff members",
                &["different positions are assigned to the staff members"],
            ),
            (
                "delete campers from the database",
                &["campers can no longer be found in the database"],
            ),
            (
                "keep track of which camper submitted which forms",
                &["it can be seen which camper submitted which forms"],
            ),
            (
                "have access to the full information of all employees",
                &["the full information of all employees can be seen"],
            ),
            (
                "have full access to data related to my company",
                &["full access to data related to their company can be seen"],
            ),
            (
                "add reference data on inflation to my spending dataset",
                &["reference data on inflation is added to their spending dataset"],
            ),
            (
                "specify the funding that contributed to the creation of a dataset",
                &["the funding that contributed to the creation of a dataset can be seen afterwards"],
            ),
            (
                "create modify rules for campers",
                &[
                    "rules for campers can be seen afterwards",
                    "rules are modified for campers",
                ],
            ),
            (
                "share any photos the camp has taken of my child",
                &["any photos the camp has taken of their child are shared"],
            ),
            (
                "connect with the staff in case of an emergency",
                &["a user can connect with the staff in case of an emergency"],
            ),
            (
                "anonymously view public information",
                &["public information can be seen"],
            ),
            (
                "store my data quickly and easily online",
                &["their data can be seen afterwards"],
            ),
            (
                "get a Data Package into R in seconds",
                &["a Data Package can be seen in R"],
            ),
            ("have all data encrypted", &["all data is encrypted"]),
            (
                "have my personal information kept securely in the database",
                &["their personal information is kept securely in the database"],
            ),
            ("have an automated report", &["an automated report can be seen"]),
            (
                "update the center information",
                &["the center information is updated"],
            ),
            ("click on the address", &["a user can click on the address"]),
        ] {
            assert_eq!(seen(want, "a user", Words::english()), outcome, "{want}");
        }
    }

    #[test]
    fn what_sets_a_message_off_is_the_step() {
        assert_eq!(
            occasion("get feedback when I enter an invalid zip code"),
            Some(("get feedback", "enter an invalid zip code"))
        );
        assert_eq!(occasion("see the map when I am out"), None);
        assert_eq!(occasion("see when I made all payments"), None);
        assert_eq!(occasion("add a note when I visit"), None);
    }
}
