//! The keyword tables of the languages, and how their phrases are found in a text.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

/// The words of one language; `words.toml` holds them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    #[serde(skip)]
    pub(crate) language: String,
    common: Vec<String>,
    pub(crate) abbreviations: Vec<String>,
    pub(crate) story_role: Vec<String>,
    pub(crate) story_want: Vec<String>,
    pub(crate) story_benefit: Vec<String>,
    pub(crate) able: Vec<String>,
    pub(crate) articles: Vec<String>,
    pub(crate) given: Vec<String>,
    pub(crate) when: Vec<String>,
    pub(crate) then: Vec<String>,
    pub(crate) and: Vec<String>,
    pub(crate) must: Vec<String>,
    pub(crate) must_weak: Vec<String>,
    pub(crate) should: Vec<String>,
    pub(crate) may: Vec<String>,
    pub(crate) must_not: Vec<String>,
    pub(crate) cannot: Vec<String>,
    pub(crate) must_not_weak: Vec<String>,
    pub(crate) should_not: Vec<String>,
    pub(crate) state: Vec<String>,
    pub(crate) event: Vec<String>,
    pub(crate) option: Vec<String>,
    pub(crate) unwanted: Vec<String>,
    pub(crate) criteria_heading: Vec<String>,
    pub(crate) scenario_heading: Vec<String>,
    pub(crate) requirement_heading: Vec<String>,
    pub(crate) story_label: Vec<String>,
    pub(crate) rationale_label: Vec<String>,
    pub(crate) background_heading: Vec<String>,
    pub(crate) id_column: Vec<String>,
    pub(crate) title_column: Vec<String>,
    pub(crate) text_column: Vec<String>,
    pub(crate) criteria_column: Vec<String>,
    pub(crate) rationale_column: Vec<String>,
    pub(crate) rule_column: Vec<String>,
    pub(crate) parameter_column: Vec<String>,
    pub(crate) value_column: Vec<String>,
    pub(crate) action_column: Vec<String>,
    pub(crate) condition_label: Vec<String>,
    pub(crate) action_label: Vec<String>,
    pub(crate) ambiguous: Vec<String>,
    pub(crate) unfinished: Vec<String>,
    pub(crate) unbounded: Vec<String>,
    pub(crate) unobservable: Vec<String>,
    pub(crate) passive: Vec<String>,
    pub(crate) conjunctions: Vec<String>,
    pub(crate) negations: Vec<String>,
    pub(crate) numbers: Vec<String>,
    pub(crate) by: Vec<String>,
    /// Beginnings and parts of words that tell of loss, money, rights and safety.
    pub(crate) risks: Vec<String>,
    /// Verbs of a sentence that says what something is, not what it does.
    pub(crate) being: Vec<String>,
    /// Verbs that tell an action; only where they stand in the base form behind a modal verb, as in English.
    #[serde(default)]
    pub(crate) action_verbs: Vec<String>,
    pub(crate) questions: Questions,
}

/// The questions of the requirement check; `{}` stands for the words in question.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Questions {
    pub(crate) ambiguous: String,
    pub(crate) missing_actor: String,
    pub(crate) missing_bound: String,
    pub(crate) unobservable: String,
    pub(crate) compound: String,
    pub(crate) contradiction: String,
    pub(crate) unfinished: String,
    pub(crate) incomplete: String,
    pub(crate) duplicate: String,
    pub(crate) no_benefit: String,
    pub(crate) no_outcome: String,
}

static TABLES: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    let mut tables: BTreeMap<String, Words> = toml::from_str(include_str!("words.toml")).unwrap_or_default();
    for (language, words) in &mut tables {
        words.language.clone_from(language);
    }
    tables
});

static NONE: LazyLock<Words> = LazyLock::new(Words::default);

/// Keys of the languages that have a table.
pub fn languages() -> impl Iterator<Item = &'static str> {
    TABLES.keys().map(String::as_str)
}

impl Words {
    /// The table of a language.
    pub(crate) fn of(language: &str) -> Option<&'static Self> {
        TABLES.get(language)
    }

    /// English, for what has no language of its own (tables, diagrams).
    pub(crate) fn english() -> &'static Self {
        Self::of("en").unwrap_or(&NONE)
    }

    /// The table whose everyday words a text uses most; `None` if it uses too few of any.
    pub(crate) fn detect(text: &str) -> Option<&'static Self> {
        let mut counts: Vec<(usize, &'static Self)> = TABLES.values().map(|words| (0, words)).collect();
        let mut total = 0;
        for word in text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .take(20_000)
        {
            total += 1;
            let word = word.to_lowercase();
            for (count, words) in &mut counts {
                *count += usize::from(words.common.contains(&word));
            }
        }
        // Of equals the first by its key; English before the others would be a guess.
        let best = counts
            .iter()
            .max_by_key(|(count, words)| (*count, words.language == "en"))?;
        let enough = best.0 >= 1 && best.0 * 25 >= total;
        enough.then_some(best.1)
    }

    /// All tables, for what is read before the language is known.
    pub(crate) fn all() -> impl Iterator<Item = &'static Self> {
        TABLES.values()
    }
}

/// The longest phrase of a list that a text starts with, as its length in bytes. A phrase ends where a word ends.
pub(crate) fn starts(text: &str, phrases: &[String]) -> Option<usize> {
    phrases.iter().filter_map(|phrase| prefix(text, phrase)).max()
}

/// The first phrase of a list in a text; the longest of those that start at the same place.
pub(crate) fn find(text: &str, phrases: &[String]) -> Option<Range<usize>> {
    words(text).find_map(|at| starts(text.get(at..)?, phrases).map(|length| at..at + length))
}

/// All phrases of a list in a text, without overlaps.
pub(crate) fn all(text: &str, phrases: &[String]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for at in words(text) {
        if found.last().is_some_and(|last| at < last.end) {
            continue;
        }
        if let Some(length) = text.get(at..).and_then(|rest| starts(rest, phrases)) {
            found.push(at..at + length);
        }
    }
    found
}

/// Whether a text is one of the phrases.
pub(crate) fn is(text: &str, phrases: &[String]) -> bool {
    let text = text.trim();
    phrases
        .iter()
        .any(|phrase| prefix(text, phrase) == Some(text.len()))
}

/// Offsets where a word starts.
pub(crate) fn words(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let inside = |c: char| c.is_alphanumeric() || c == '_';
        let starts = !c.is_whitespace() && !(inside(c) && (inside(before) || before == '-'));
        before = c;
        starts.then_some(at)
    })
}

/// Length of a phrase at the start of a text, letters in any case, any white space for a blank.
fn prefix(text: &str, phrase: &str) -> Option<usize> {
    let mut rest = text;
    for want in phrase.chars() {
        let found = rest.chars().next()?;
        let same = match want {
            ' ' => found.is_whitespace(),
            '\'' => matches!(found, '\'' | '\u{2019}'),
            _ => want == found || found.to_lowercase().eq(want.to_lowercase()),
        };
        if !same {
            return None;
        }
        rest = rest.get(found.len_utf8()..)?;
        if want == ' ' {
            rest = rest.trim_start();
        }
    }
    let ends_in_word = phrase.chars().last().is_some_and(char::is_alphanumeric);
    let goes_on = rest
        .chars()
        .next()
        .is_some_and(|c| c.is_alphanumeric() || c == '_');
    let hyphen = rest.starts_with('-') && rest.chars().nth(1).is_some_and(char::is_alphanumeric);
    if ends_in_word && (goes_on || hyphen) {
        return None;
    }
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_languages_are_complete() {
        assert_eq!(languages().collect::<Vec<_>>(), ["de", "en", "es", "fr", "nl"]);
        for words in Words::all() {
            assert!(
                !words.must.is_empty() && !words.ambiguous.is_empty(),
                "{}",
                words.language
            );
        }
    }

    #[test]
    fn the_table_is_well_formed() {
        let read: Result<BTreeMap<String, Words>, _> = toml::from_str(include_str!("words.toml"));
        assert_eq!(
            read.map(|tables| tables.len()).map_err(|error| error.to_string()),
            Ok(5)
        );
    }

    #[test]
    fn phrases_end_with_words() {
        let list = ["must".to_owned(), "must not".to_owned(), "can't".to_owned()];
        assert_eq!(find("It MUST  not go", &list), Some(3..12));
        assert_eq!(find("mustard", &list), None);
        assert_eq!(find("he can\u{2019}t", &list), Some(3..10));
        assert_eq!(all("must or must not", &list), [0..4, 8..16]);
    }

    #[test]
    fn languages_are_told_apart() {
        let of = |text| Words::detect(text).map(|words| words.language.as_str());
        assert_eq!(of("The user is able to log in with a password."), Some("en"));
        assert_eq!(
            of("Der Benutzer kann sich mit einem Kennwort anmelden und wird begrüßt."),
            Some("de")
        );
        assert_eq!(
            of("L'utilisateur peut se connecter avec le mot de passe et un code."),
            Some("fr")
        );
        assert_eq!(
            of("De gebruiker kan zich aanmelden met een wachtwoord."),
            Some("nl")
        );
        assert_eq!(
            of("El usuario puede iniciar la sesión con una contraseña."),
            Some("es")
        );
        assert_eq!(of("Käyttäjä voi kirjautua sisään salasanalla"), None);
    }
}
