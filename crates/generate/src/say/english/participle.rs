//! What has been done to a thing, and what somebody is doing.

use crate::words::Words;

use super::OUTCOMES;

/// Participles that no rule gives.
const IRREGULAR: [(&str, &str); 19] = [
    ("embed", "embedded"),
    ("send", "sent"),
    ("give", "given"),
    ("choose", "chosen"),
    ("set", "set"),
    ("make", "made"),
    ("keep", "kept"),
    ("write", "written"),
    ("hide", "hidden"),
    ("ban", "banned"),
    ("tag", "tagged"),
    ("transfer", "transferred"),
    ("submit", "submitted"),
    ("map", "mapped"),
    ("drop", "dropped"),
    ("show", "shown"),
    ("do", "done"),
    ("find", "found"),
    ("hold", "held"),
];

/// The participle of a verb: "suspended", "sent".
pub(crate) fn participle(verb: &str) -> String {
    if let Some((_, form)) = IRREGULAR.iter().find(|(base, _)| *base == verb) {
        return (*form).to_owned();
    }
    let vowel = |c: Option<char>| c.is_some_and(|c| "aeiou".contains(c));
    if verb.ends_with('e') {
        return format!("{verb}d");
    }
    match verb.strip_suffix('y') {
        Some(front) if !vowel(front.chars().next_back()) => format!("{front}ied"),
        _ => format!("{verb}ed"),
    }
}

/// Whether a word is a participle.
pub(crate) fn is_participle(word: &str) -> bool {
    let regular = word.len() > 4 && word.ends_with("ed") && !word.ends_with("eed");
    regular || IRREGULAR.iter().any(|(base, form)| base != form && *form == word)
}

/// The verb of "displaying the notice", if it is one that is known.
pub(crate) fn of_gerund(word: &str, words: &Words) -> Option<String> {
    let front = word.strip_suffix("ing").filter(|front| front.len() > 1)?;
    let mut chars = front.chars();
    let doubled = chars.next_back() == chars.next_back();
    let single = front.get(..front.len() - 1).filter(|_| doubled).unwrap_or(front);
    let forms = [front.to_owned(), format!("{front}e"), single.to_owned()];
    forms.into_iter().find(|form| {
        words.action_verbs.contains(form)
            || OUTCOMES.contains(&form.as_str())
            || matches!(
                form.as_str(),
                "run" | "access" | "execute" | "view" | "use" | "resolve" | "write"
            )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_have_participles() {
        for (verb, form) in [
            ("suspend", "suspended"),
            ("notify", "notified"),
            ("deploy", "deployed"),
            ("archive", "archived"),
            ("send", "sent"),
        ] {
            assert_eq!(participle(verb), form);
            assert!(is_participle(form));
        }
        assert!(!is_participle("feed") && !is_participle("need") && !is_participle("set"));
    }

    #[test]
    fn gerunds_have_verbs() {
        let of = |word| of_gerund(word, Words::english());
        assert_eq!(of("displaying").as_deref(), Some("display"));
        assert_eq!(of("validating").as_deref(), Some("validate"));
        assert_eq!(of("running").as_deref(), Some("run"));
        assert_eq!(of("thing"), None);
    }
}
