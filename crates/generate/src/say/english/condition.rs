//! Conditions of English sentences: their opposite, and what a tester does to bring them about.

use super::third_of;

/// The opposite of a condition: "the file does not exist" of "the file exists" is beyond rules, but "is" and
/// "does not" are not. `None` where a plain rule would guess.
pub(crate) fn opposite(condition: &str) -> Option<String> {
    if condition.contains(" and ") || condition.contains(" or ") || condition.contains(',') {
        return None;
    }
    if [" but ", " than ", " unless ", " that is "]
        .iter()
        .any(|word| condition.contains(word))
    {
        return None;
    }
    for verb in [" is ", " are "] {
        for (bad, good) in TURNED {
            let from = format!("{verb}{bad}");
            if let Some(at) = condition.find(&from)
                && condition
                    .get(at + from.len()..)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            {
                return Some(condition.replacen(&from, &format!("{verb}{good}"), 1));
            }
        }
    }
    for (from, to) in [
        (" fails", " does not fail"),
        (" exists", " does not exist"),
        (" lacks ", " does not lack "),
    ] {
        if condition.contains(from) && !condition.contains(" not ") {
            return Some(condition.replacen(from, to, 1));
        }
    }
    for (from, to) in [
        (" is not ", " is "),
        (" are not ", " are "),
        (" has not ", " has "),
        (" have not ", " have "),
        (" cannot ", " can "),
        (" was not ", " was "),
        (" is ", " is not "),
        (" are ", " are not "),
        (" has been ", " has not been "),
        (" have been ", " have not been "),
        (" was ", " was not "),
        (" can ", " cannot "),
    ] {
        if let Some(at) = condition.find(from) {
            // A relative clause in front has a verb of its own.
            let before = condition.get(..at)?;
            if before.contains(" that ") || before.contains(" which ") || before.contains(" who ") {
                return None;
            }
            return Some(condition.replacen(from, to, 1));
        }
    }
    for (from, single) in [(" does not ", true), (" do not ", false)] {
        if let Some((before, after)) = condition.split_once(from) {
            let (verb, rest) = after
                .split_once(' ')
                .map_or((after, ""), |(verb, rest)| (verb, rest));
            let verb = if single { third_of(verb) } else { verb.to_owned() };
            let text = format!("{before} {verb} {rest}");
            return Some(text.trim_end().to_owned());
        }
    }
    None
}

/// Words whose opposite is another word.
const TURNED: [(&str, &str); 11] = [
    ("undefined", "defined"),
    ("unavailable", "available"),
    ("unknown", "known"),
    ("invalid", "valid"),
    ("empty", "not empty"),
    ("disabled", "enabled"),
    ("enabled", "disabled"),
    ("missing", "there"),
    ("unsuccessful", "successful"),
    ("absent", "present"),
    ("unset", "set"),
];

/// The base form of a verb in the third person, if it looks like one.
pub(super) fn base_of(verb: &str) -> Option<String> {
    let known = match verb {
        "is" | "are" | "has" | "was" | "does" | "can" | "will" => return None,
        "goes" => "go".to_owned(),
        _ if verb.ends_with("ies") => format!("{}y", verb.get(..verb.len() - 3)?),
        _ if ["ses", "xes", "ches", "shes", "zes"]
            .iter()
            .any(|end| verb.ends_with(end)) =>
        {
            // "closes" and "uses" keep their e, "passes" and "searches" do not.
            let cut = verb.get(..verb.len() - 2)?;
            if cut.ends_with("ss") || !cut.ends_with(['s', 'z']) {
                cut.to_owned()
            } else {
                format!("{cut}e")
            }
        }
        _ if verb.ends_with('s') && !verb.ends_with("ss") => verb.get(..verb.len() - 1)?.to_owned(),
        _ => return None,
    };
    Some(known)
}

/// People, in whose name a tester acts.
const PEOPLE: [&str; 20] = [
    "user",
    "users",
    "administrator",
    "admin",
    "operator",
    "player",
    "customer",
    "visitor",
    "member",
    "manager",
    "developer",
    "editor",
    "author",
    "owner",
    "guest",
    "client",
    "employee",
    "researcher",
    "publisher",
    "tester",
];

/// "the player changes direction" as what the tester does in that role: `("the player", "change direction")`.
pub(crate) fn imperative(condition: &str) -> Option<(String, String)> {
    let mut words = condition.split(' ');
    let mut subject = Vec::new();
    for word in words.by_ref().take(4) {
        subject.push(word);
        let lower = word.to_lowercase();
        if PEOPLE.contains(&lower.as_str()) {
            let rest: Vec<&str> = words.collect();
            let (verb, rest) = rest.split_first()?;
            let base = base_of(verb)?;
            let rest = conjunct(&rest.join(" "));
            return Some((subject.join(" "), format!("{base} {rest}").trim_end().to_owned()));
        }
        if !matches!(
            lower.as_str(),
            "the" | "a" | "an" | "any" | "logged-in" | "registered" | "new"
        ) && subject.len() > 2
        {
            return None;
        }
    }
    None
}

/// Verbs whose third person is no plural of a noun.
const ONLY_VERBS: [&str; 6] = ["make", "choose", "enter", "submit", "select", "confirm"];

/// A second verb behind "and" or "or" follows the first: "and confirms" becomes "and confirm".
fn conjunct(rest: &str) -> String {
    for joint in [" and ", " or ", " OR ", " AND "] {
        let Some((before, after)) = rest.split_once(joint) else {
            continue;
        };
        let (verb, tail) = after.split_once(' ').unwrap_or((after, ""));
        // A noun in the plural looks the same; a verb has an object behind it that begins with an article.
        let article = ["the ", "a ", "an ", "to "]
            .iter()
            .any(|article| tail.starts_with(article));
        if let Some(base) = base_of(verb).filter(|base| article || ONLY_VERBS.contains(&base.as_str())) {
            return format!("{before}{joint}{base} {tail}").trim_end().to_owned();
        }
    }
    rest.to_owned()
}
