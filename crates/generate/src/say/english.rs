//! As much English grammar as sentences of cases need: the third person, denial, the imperative.

mod condition;
mod participle;

use crate::words::Words;

use condition::base_of;
pub(crate) use condition::{imperative, opposite};
pub(crate) use participle::{is_participle, of_gerund, participle};

/// Words that a plain "-s" does not make the third person of.
fn third_of(verb: &str) -> String {
    let lower = verb.to_lowercase();
    match lower.as_str() {
        "be" => "is".to_owned(),
        "have" => "has".to_owned(),
        "do" => "does".to_owned(),
        "go" => "goes".to_owned(),
        _ if ["s", "x", "z", "ch", "sh"].iter().any(|end| lower.ends_with(end)) => lower + "es",
        _ if lower.ends_with('y') && !lower.ends_with(['a', 'e', 'o', 'u']) && !vowel_before_y(&lower) => {
            format!("{}ies", lower.trim_end_matches('y'))
        }
        _ => lower + "s",
    }
}

fn vowel_before_y(word: &str) -> bool {
    word.chars().rev().nth(1).is_some_and(|c| "aeiou".contains(c))
}

/// Whether the subject is several: its head ends like a plural, or "and" joins two.
pub(crate) fn is_plural(actor: &str) -> bool {
    let lower = actor.to_lowercase();
    if lower.starts_with("each ")
        || lower.starts_with("every ")
        || lower.starts_with("a ")
        || lower.starts_with("an ")
    {
        return false;
    }
    let head = [
        " of ", " in ", " for ", " that ", " which ", " on ", " from ", " with ", " to ",
    ]
    .iter()
    .filter_map(|word| lower.find(word))
    .min()
    .map_or(lower.as_str(), |at| lower.get(..at).unwrap_or(&lower));
    if head.contains(" and ") || matches!(head, "they" | "we" | "you") {
        return true;
    }
    let last = head.split_whitespace().next_back().unwrap_or_default();
    last.len() > 3 && last.ends_with('s') && !["ss", "us", "is", "ics"].iter().any(|end| last.ends_with(end))
}

/// The first word of a response that is its verb, with what stands in front of it ("gradually ").
fn verb(response: &str) -> (&str, &str, &str) {
    let mut start = 0;
    loop {
        let rest = response.get(start..).unwrap_or_default();
        let end = rest
            .find(|c: char| c.is_whitespace() || c == ',' || c == ':')
            .unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        let adverb =
            word.ends_with("ly") && word.len() > 4 && word != "apply" && word != "supply" && word != "reply";
        if (adverb || matches!(word, "also" | "then" | "not" | "only")) && end < rest.len() {
            start += end + 1;
            continue;
        }
        let (front, back) = response.split_at(start);
        return (front, word, back.get(end..).unwrap_or_default());
    }
}

/// What the actor does, in the present: "generate a message and log it" of "the system" becomes
/// "generates a message and logs it".
pub(crate) fn present(actor: &str, response: &str, words: &Words) -> String {
    let (front, first, rest) = verb(response);
    let plural = is_plural(actor);
    let form = |verb: &str| match (verb, plural) {
        ("be", true) => "are".to_owned(),
        (_, true) => verb.to_owned(),
        // "enable/disable"
        _ => verb.split('/').map(third_of).collect::<Vec<_>>().join("/"),
    };
    if front.trim_end().ends_with("not") {
        return deny(
            actor,
            &format!("{}{first}{rest}", front.trim_end().trim_end_matches("not")),
        );
    }
    if words
        .action_verbs
        .iter()
        .all(|known| !known.eq_ignore_ascii_case(first))
        && !base_form(first)
    {
        return response.to_owned();
    }
    let mut text = format!("{front}{}", form(first));
    let mut joined = false;
    // "create and initialize X": as long as only verbs were said, the next word is one too.
    let mut verbs_only = true;
    for word in rest.split_inclusive(' ') {
        let bare = word.trim_end();
        let plain = bare.trim_end_matches([',', ';']);
        let known = words.action_verbs.iter().any(|known| known == plain);
        if joined && matches!(plain, "NOT" | "not") {
            text.push_str(&word.replacen(plain, if plural { "do not" } else { "does not" }, 1));
        } else if joined && (known || JOINED.contains(&plain) || (verbs_only && base_form(plain))) {
            text.push_str(&word.replacen(plain, &form(plain), 1));
        } else {
            text.push_str(word);
        }
        verbs_only &= bare.is_empty()
            || bare == "and"
            || bare == ","
            || (joined && base_form(plain) && text.trim_end().ends_with(&form(plain)));
        joined =
            bare == "and" || (joined && (plain.ends_with("ly") || plain == "then")) || bare.ends_with(',');
    }
    text
}

/// Verbs of outcomes behind "and" that are never nouns.
const JOINED: [&str; 6] = ["exit", "suggest", "continue", "abort", "include", "validate"];

/// Whether a word can be a verb in its base form, as one behind "shall" is.
fn base_form(word: &str) -> bool {
    let letters = word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '/'));
    !word.is_empty() && letters && !matches!(word, "in" | "on" | "of" | "at" | "to" | "for" | "with" | "as")
}

/// Whether a word is the third person of a verb that outcomes begin with.
pub(crate) fn is_third(word: &str, words: &Words) -> bool {
    base_of(&word.to_lowercase())
        .is_some_and(|base| words.action_verbs.contains(&base) || OUTCOMES.contains(&base.as_str()))
}

/// Verbs that outcomes without a subject begin with ("exit with code 0").
pub(crate) const OUTCOMES: [&str; 38] = [
    "operate", "perform", "wait", "run", "exit", "output", "suggest", "preserve", "skip", "fail", "continue",
    "treat", "ignore", "prompt", "use", "include", "mark", "produce", "omit", "group", "keep", "respect",
    "launch", "exclude", "require", "parse", "infer", "indicate", "traverse", "fall", "find", "detect",
    "offer", "name", "read", "complete", "abort", "support",
];

/// What the actor does not do.
pub(crate) fn deny(actor: &str, response: &str) -> String {
    let (front, first, rest) = verb(response);
    let plural = is_plural(actor);
    match (first, plural) {
        ("be", true) => format!("are not {front}{}", rest.trim_start()),
        ("be", false) => format!("is not {front}{}", rest.trim_start()),
        (_, true) => format!("do not {front}{first}{rest}"),
        _ => format!("does not {front}{first}{rest}"),
    }
}

/// The sentence about oneself as one about the tester ("my" becomes "your") or about another ("their").
pub(crate) fn about(text: &str, own: &str, me: &str, they: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for word in text.split_inclusive(|c: char| c.is_whitespace()) {
        let bare = word.trim_end().trim_end_matches([',', '.', ';']);
        let new = match bare {
            "my" | "My" | "our" => own.to_owned(),
            "mine" => format!("{own}s"),
            "myself" => if own == "your" { "yourself" } else { "themselves" }.to_owned(),
            "me" | "us" => me.to_owned(),
            "I" | "we" => they.to_owned(),
            "I'm" | "I’m" => format!("{they} are"),
            "am" => "are".to_owned(),
            "I've" | "I’ve" => format!("{they} have"),
            _ => {
                made.push_str(word);
                continue;
            }
        };
        made.push_str(&word.replacen(bare, &new, 1));
    }
    made
}

/// A noun phrase with its article: "a user", "an admin".
pub(crate) fn article(noun: &str) -> String {
    let lower = noun.to_lowercase();
    let has = ["a ", "an ", "the ", "any ", "all "]
        .iter()
        .any(|word| lower.starts_with(word));
    if has || is_plural(noun) {
        return noun.to_owned();
    }
    let vowel = lower.starts_with(['a', 'e', 'i', 'o']) || lower.starts_with("un");
    format!("{} {noun}", if vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> &'static Words {
        Words::english()
    }

    #[test]
    fn the_third_person_reaches_joined_verbs() {
        let say = |actor, response| present(actor, response, words());
        assert_eq!(
            say(
                "the cFE",
                "reject the Command, increment the counter and generate an event message"
            ),
            "rejects the Command, increments the counter and generates an event message"
        );
        assert_eq!(
            say("The Command", "be in any file system"),
            "is in any file system"
        );
        assert_eq!(
            say("the system", "gradually reduce its opacity"),
            "gradually reduces its opacity"
        );
        assert_eq!(say("all entries", "be time tagged"), "are time tagged");
        assert_eq!(say("the system", "not send data"), "does not send data");
        assert_eq!(
            say("the cFE", "create and initialize Shared Libraries"),
            "creates and initializes Shared Libraries"
        );
        assert_eq!(
            say("the cFE", "create, format and mount the file system"),
            "creates, formats and mounts the file system"
        );
        assert_eq!(
            say("the system", "display list and save buttons"),
            "displays list and saves buttons"
        );
    }

    #[test]
    fn opposites_are_said_only_where_a_rule_holds() {
        assert_eq!(
            opposite("the file does not exist").as_deref(),
            Some("the file exists")
        );
        assert_eq!(
            opposite("the file is undefined").as_deref(),
            Some("the file is defined")
        );
        assert_eq!(
            opposite("the log is full").as_deref(),
            Some("the log is not full")
        );
        assert_eq!(
            opposite("a file is not specified").as_deref(),
            Some("a file is specified")
        );
        assert_eq!(opposite("the log is full and the mode is set"), None);
        assert_eq!(opposite("the file that is open fails"), None);
    }

    #[test]
    fn people_are_acted_for() {
        let two = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(
            imperative("the player changes direction"),
            two("the player", "change direction")
        );
        assert_eq!(
            imperative("user executes `openspec`"),
            two("user", "execute `openspec`")
        );
        assert_eq!(
            imperative("a user closes the file and opens a new one"),
            two("a user", "close the file and open a new one")
        );
        assert_eq!(
            imperative("user chooses `Keep` OR makes selections"),
            two("user", "choose `Keep` OR make selections")
        );
        assert_eq!(imperative("the sparkle fades"), None);
        assert_eq!(imperative("the user is logged in"), None);
        assert_eq!(
            about("add it to my list so I have it", "their", "them", "they"),
            "add it to their list so they have it"
        );
    }
}
