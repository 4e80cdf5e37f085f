//! The wishes of user stories as cases: what the role does, and what can be seen when it has worked.

use crate::requirement::{Criterion, Requirement};
use crate::say::{english, fill, sentence};
use crate::technique::Plan;
use crate::technique::sentence::{Told, lower};

/// Verbs of wishes by what can be seen afterwards.
const SEEN: [&str; 22] = [
    "view", "see", "get", "browse", "find", "know", "read", "look", "check", "compare", "receive", "search",
    "list", "watch", "have", "display", "obtain", "access", "show", "explore", "preview", "retrieve",
];
const GONE: [&str; 4] = ["delete", "remove", "cancel", "unsubscribe"];
const MADE: [&str; 22] = [
    "add", "create", "upload", "schedule", "submit", "save", "post", "store", "register", "record", "assign",
    "enter", "write", "import", "publish", "set", "mark", "make", "keep", "define", "select", "specify",
];
const CHANGED: [&str; 8] = [
    "edit",
    "update",
    "change",
    "modify",
    "rename",
    "customize",
    "customise",
    "adjust",
];

pub(super) fn of_wish(plan: &Plan<'_>, requirement: &Requirement, criterion: &Criterion) -> Told {
    let want = criterion.text.trim().trim_end_matches(['.', ',', ';']);
    let role = requirement
        .story
        .as_ref()
        .map_or("", |story| story.role.text.as_str());
    if !plan.is_english() {
        let values = [("role", role), ("want", want)];
        return Told {
            action: sentence(&fill(&plan.phrases.as_role, &values)),
            expected: vec![sentence(&fill(&plan.phrases.wish_done, &values))],
            headline: fill(&plan.phrases.wish_title, &values),
            ..Told::default()
        };
    }
    let who = english::article(role);
    let action = english::about(want, "your", "you", "you");
    let verb = want.split(' ').next().unwrap_or_default().to_lowercase();
    let known = |list: &[&str]| list.contains(&verb.as_str());
    let regular = known(&SEEN)
        || known(&GONE)
        || known(&MADE)
        || known(&CHANGED)
        || plan.words.action_verbs.contains(&verb);
    let modal = if regular || english_base(&verb) {
        "can "
    } else {
        "wants "
    };
    Told {
        action: sentence(&format!("As {who}, {}", lower(&action))),
        expected: vec![sentence(&visible(want, &who))],
        headline: format!("{who} {modal}{}", english::about(want, "their", "them", "they")),
        ..Told::default()
    }
}

/// Whether a wish begins with a verb, not with a thing ("my character to leave …", "the site to …").
fn english_base(word: &str) -> bool {
    !matches!(
        word,
        "the"
            | "a"
            | "an"
            | "my"
            | "our"
            | "all"
            | "that"
            | "to"
            | "it"
            | "this"
            | "these"
            | "there"
            | "each"
            | "no"
    )
}

/// What can be seen when a wish has come true.
fn visible(want: &str, who: &str) -> String {
    let other = english::about(want, "their", "them", "they");
    let last = last_look(&other).and_then(|at| other.get(at..)).unwrap_or(&other);
    let (verb, object) = last.split_once(' ').unwrap_or((last, ""));
    let verb = verb.to_lowercase();
    let object = object
        .strip_prefix("at ")
        .or_else(|| object.strip_prefix("for "))
        .or_else(|| object.strip_prefix("through "))
        .unwrap_or(object);
    let object = lead(object);
    let plain = !object.is_empty()
        && !object.contains(" into ")
        && ![
            "to ", "that ", "how ", "what ", "which ", "if ", "whether ", "when ", "where ", "who ", "in ",
            "on ", "it ", "them ",
        ]
        .iter()
        .any(|word| object.starts_with(word));

    let asks = ["which ", "how ", "what ", "whether ", "when ", "where ", "who "]
        .iter()
        .any(|word| object.starts_with(word));
    if asks && SEEN.contains(&verb.as_str()) {
        return format!("it can be seen {object}");
    }
    if plain && SEEN.contains(&verb.as_str()) {
        return format!("{object} can be seen");
    }
    if plain && GONE.contains(&verb.as_str()) {
        return format!("{object} can no longer be found");
    }
    if plain && CHANGED.contains(&verb.as_str()) {
        return format!("the change can be seen: {object}");
    }
    if plain && MADE.contains(&verb.as_str()) {
        return format!("{object} can be seen afterwards");
    }
    let modal = if english_base(&want.split(' ').next().unwrap_or_default().to_lowercase()) {
        "can"
    } else {
        "gets"
    };
    format!("{who} {modal} {other}")
}

/// The object up to where the purpose of the wish begins.
fn lead(object: &str) -> &str {
    let end = [" so that ", " so they ", " in order to ", " if they ", " when "]
        .iter()
        .filter_map(|word| object.find(word))
        .min()
        .unwrap_or(object.len());
    object.get(..end).unwrap_or(object).trim_end_matches([',', ' '])
}

/// Where a wish goes on with something to look at: "enter my zip code and get a list".
fn last_look(want: &str) -> Option<usize> {
    let mut found = None;
    for (at, _) in want.match_indices(" and ") {
        let rest = want.get(at + 5..)?;
        let verb = rest.split(' ').next().unwrap_or_default();
        if SEEN.contains(&verb) && rest.contains(' ') {
            found = Some(at + 5);
        }
    }
    found
}
