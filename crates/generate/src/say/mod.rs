//! The words of generated cases, in the language of the source.

pub(crate) mod english;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The phrases of one language; `phrases.toml` holds them. `{…}` stands for what is filled in.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Phrases {
    pub(crate) trigger: String,
    pub(crate) condition: String,
    pub(crate) holds: String,
    pub(crate) holds_not: String,
    pub(crate) inspect: String,
    pub(crate) observe: String,
    pub(crate) attempt: String,
    pub(crate) perform: String,
    pub(crate) happens: String,
    pub(crate) absent: String,
    pub(crate) as_role: String,
    pub(crate) wish_done: String,
    pub(crate) wish_title: String,
    pub(crate) with_value: String,
    pub(crate) title_limit: String,
    pub(crate) accepted: String,
    pub(crate) refused: String,
    pub(crate) is_accepted: String,
    pub(crate) is_refused: String,
    pub(crate) not_met: String,
    pub(crate) partition_valid: String,
    pub(crate) partition_below: String,
    pub(crate) partition_above: String,
    pub(crate) boundary: String,
    pub(crate) criterion: String,
    pub(crate) listed: String,
    pub(crate) main: String,
    pub(crate) alternative: String,
    pub(crate) exception: String,
    pub(crate) cause: String,
    pub(crate) no_cause: String,
    pub(crate) role: String,
    pub(crate) rule: String,
    pub(crate) set_values: String,
    pub(crate) apply: String,
    pub(crate) combination_title: String,
    pub(crate) combination_done: String,
    pub(crate) combination_refused: String,
    pub(crate) pair: String,
    pub(crate) value_of: String,
    pub(crate) missing_rule: String,
    pub(crate) contradicting: String,
    pub(crate) in_state: String,
    pub(crate) fire: String,
    pub(crate) reached: String,
    pub(crate) reached_action: String,
    pub(crate) stays: String,
    pub(crate) state_path: String,
    pub(crate) state_invalid: String,
    pub(crate) unreachable: String,
    pub(crate) state_item: String,
    pub(crate) transition_item: String,
    pub(crate) invalid_item: String,
    pub(crate) wish_question: String,
    pub(crate) not_testable: String,
    pub(crate) no_action: String,
}

const TEXT: &str = include_str!("phrases.toml");

static TABLES: LazyLock<BTreeMap<String, Phrases>> =
    LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());

static NONE: LazyLock<Phrases> = LazyLock::new(Phrases::default);

impl Phrases {
    /// The phrases of a language; those of English for one without a table.
    pub(crate) fn of(language: Option<&str>) -> &'static Self {
        language
            .and_then(|language| TABLES.get(language))
            .or_else(|| TABLES.get("en"))
            .unwrap_or(&NONE)
    }

    /// All words that the phrases of a language bring into a case by themselves.
    pub(crate) fn vocabulary(language: Option<&str>) -> impl Iterator<Item = &'static str> {
        static ALL: LazyLock<BTreeMap<String, BTreeMap<String, String>>> =
            LazyLock::new(|| toml::from_str(TEXT).unwrap_or_default());
        let table = language
            .and_then(|language| ALL.get(language))
            .or_else(|| ALL.get("en"));
        table.into_iter().flat_map(|table| {
            table
                .values()
                .flat_map(|phrase| phrase.split(|c: char| !c.is_alphanumeric()))
        })
    }
}

/// A phrase with its gaps filled. What is filled in is not looked at again.
pub(crate) fn fill(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(phrase.len() + 32);
    let mut rest = phrase;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
            text.push_str(value);
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

/// The text with a capital at the front, unless it begins with code or with a name in mixed letters.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return String::new();
    };
    let word: String = text.chars().take_while(|c| c.is_alphanumeric()).collect();
    if word.chars().skip(1).any(char::is_uppercase) {
        return text.to_owned();
    }
    first.to_uppercase().chain(chars).collect()
}

/// The text as a sentence: a capital at the front, a full stop at the end.
pub(crate) fn sentence(text: &str) -> String {
    let text = capital(text.trim().trim_end_matches([';', ',', ':']));
    if text.is_empty() || text.ends_with(['.', '!', '?', '…']) {
        text
    } else {
        text + "."
    }
}

/// At most so many characters, cut between words, with an ellipsis where something is left out.
pub(crate) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut = String::new();
    for word in text.split(' ') {
        if cut.chars().count() + word.chars().count() + 2 > most {
            break;
        }
        if !cut.is_empty() {
            cut.push(' ');
        }
        cut.push_str(word);
    }
    cut.trim_end_matches([',', ';', ':', '–', '(']).to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_phrase() {
        let read: Result<BTreeMap<String, Phrases>, _> = toml::from_str(TEXT);
        let keys = read.map(|tables| tables.into_keys().collect::<Vec<_>>());
        let all: Vec<_> = crate::languages().map(str::to_owned).collect();
        assert_eq!(keys.map_err(|error| error.to_string()), Ok(all));
    }

    #[test]
    fn what_is_filled_in_stays_as_it_is() {
        assert_eq!(fill("{a} and {b}", &[("a", "{b}"), ("b", "2")]), "{b} and 2");
        assert_eq!(short("one two three", 9), "one two…");
        assert_eq!(sentence("cFE starts"), "cFE starts.");
    }
}
