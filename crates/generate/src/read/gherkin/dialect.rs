//! The keywords of Gherkin's spoken languages.

use super::ast::KeywordType;

include!(concat!(env!("OUT_DIR"), "/dialects.rs"));

/// The keywords of one spoken language. Step keywords end with a blank where the language has one.
#[derive(Debug)]
pub(super) struct Dialect {
    /// Key, as in `# language: de`.
    pub(super) language: &'static str,
    pub(super) feature: &'static [&'static str],
    pub(super) background: &'static [&'static str],
    pub(super) rule: &'static [&'static str],
    pub(super) scenario: &'static [&'static str],
    pub(super) scenario_outline: &'static [&'static str],
    pub(super) examples: &'static [&'static str],
    given: &'static [&'static str],
    when: &'static [&'static str],
    then: &'static [&'static str],
    and: &'static [&'static str],
    but: &'static [&'static str],
}

impl Dialect {
    /// The dialect of a language key.
    pub(super) fn find(language: &str) -> Option<&'static Self> {
        DIALECTS.iter().find(|dialect| dialect.language == language)
    }

    /// English, what a file without a language line is written in.
    pub(super) fn english() -> &'static Self {
        Self::find("en").unwrap_or(&DIALECTS[0])
    }

    /// The longest step keyword that a line starts with, and what it means.
    pub(super) fn step(&self, line: &str, with_star: bool) -> Option<(&'static str, KeywordType)> {
        let lists = [self.given, self.when, self.then, self.and, self.but];
        let keyword = lists
            .into_iter()
            .flatten()
            .filter(|keyword| line.starts_with(**keyword) && (with_star || **keyword != "* "))
            .max_by_key(|keyword| keyword.len())?;
        Some((keyword, self.meaning(keyword)))
    }

    /// What a step keyword means; a word that stands in two lists means neither.
    fn meaning(&self, keyword: &str) -> KeywordType {
        let both = [
            (self.given, KeywordType::Context),
            (self.when, KeywordType::Action),
            (self.then, KeywordType::Outcome),
            (self.and, KeywordType::Conjunction),
            (self.but, KeywordType::Conjunction),
        ];
        let mut meanings = both
            .iter()
            .filter(|(list, _)| list.contains(&keyword))
            .map(|(_, meaning)| *meaning);
        match (meanings.next(), meanings.next()) {
            (Some(meaning), None) => meaning,
            _ => KeywordType::Unknown,
        }
    }

    /// The title keyword of one of the lists that a line starts with, followed by a colon.
    pub(super) fn title(lists: &[&'static [&'static str]], line: &str) -> Option<&'static str> {
        let follows = |keyword: &&&'static str| {
            line.strip_prefix(**keyword)
                .is_some_and(|rest| rest.starts_with(':'))
        };
        lists.iter().copied().flatten().find(follows).copied()
    }
}
