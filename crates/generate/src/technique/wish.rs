//! The wishes of user stories as cases: what the role does, and what can be seen when it has worked.

mod outcome;

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
    // A thing that is wanted is used.
    if !english_base(&verb) || is_thing(want) {
        let thing = english::about(want, "their", "them", "they");
        return Told {
            action: sentence(&format!("As {who}, use {}", lower(&action))),
            expected: vec![sentence(&format!("{thing} can be used"))],
            headline: format!("{who} can use {thing}"),
            ..Told::default()
        };
    }
    // What somebody wants to be told on an occasion is seen by bringing that about.
    let (asked, action) = match outcome::occasion(want) {
        Some((asked, occasion)) => (asked, english::about(occasion, "your", "you", "you")),
        None => (want, action),
    };
    let seen = outcome::seen(asked, &who, plan.words);
    Told {
        action: sentence(&format!("As {who}, {}", lower(&action))),
        expected: seen.iter().map(|text| sentence(text)).collect(),
        headline: format!("{who} can {}", english::about(want, "their", "them", "they")),
        ..Told::default()
    }
}

/// Whether a wish of few words is a thing without an article: "Feather integration".
fn is_thing(want: &str) -> bool {
    let mut words = want.split(' ').rev();
    let last = words.next().unwrap_or_default();
    let named = [
        "integration",
        "support",
        "documentation",
        "access",
        "notifications",
    ]
    .contains(&last);
    named
        && words
            .next()
            .is_some_and(|front| front.starts_with(char::is_uppercase))
        && words.next().is_none()
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
