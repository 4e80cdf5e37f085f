//! User stories.

use crate::read::text::Text;
use crate::requirement::Story;
use crate::span::Source;
use crate::words::{self, Words};

/// Words that a role has at most.
const MAX_ROLE_WORDS: usize = 20;

/// The parts of a user story; `None` if the text is none.
pub(crate) fn story(text: &Text, words: &Words, source: &Source<'_>) -> Option<Story> {
    let whole = text.as_str();
    let (before, role_start) = opening(whole, words)?;
    let rest = whole.get(role_start..)?;
    let want = words::find(rest, &words.story_want)?;
    let role = text.slice(role_start..role_start + want.start);
    let role = role.slice(0..role.as_str().trim_end_matches([',', ' ', ':']).len());
    let length = role.as_str().split_whitespace().count();
    if length == 0 || length > MAX_ROLE_WORDS {
        return None;
    }
    let want_start = role_start + want.end;
    let wish = whole.get(want_start..)?;
    let benefit = words::all(wish, &words.story_benefit)
        .into_iter()
        .rfind(|found| found.start > 0);
    let want_end = benefit
        .as_ref()
        .map_or(whole.len(), |found| want_start + found.start);
    let mut want = trimmed(text.slice(want_start..want_end));
    if let Some(able) = words::starts(want.as_str(), &words.able) {
        want = want.from(able);
    }
    let benefit = benefit
        .map(|found| trimmed(text.slice(want_start + found.end..whole.len())))
        .or(before.map(trimmed_part(text)));
    Some(Story {
        role: role.phrase(source),
        want: want.phrase(source),
        benefit: benefit
            .filter(|benefit| !benefit.is_blank())
            .map(|benefit| benefit.phrase(source)),
    })
}

/// Where the role starts, and the benefit if the story begins with it ("In order to …, as a …").
fn opening(text: &str, words: &Words) -> Option<(Option<std::ops::Range<usize>>, usize)> {
    if let Some(length) = words::starts(text, &words.story_role) {
        return Some((None, length));
    }
    let benefit = words::starts(text, &words.story_benefit)?;
    let comma = benefit + text.get(benefit..)?.find([',', '\n'])?;
    let rest = text.get(comma + 1..)?;
    let blanks = rest.len() - rest.trim_start().len();
    let role = words::starts(rest.trim_start(), &words.story_role)?;
    Some((Some(benefit..comma), comma + 1 + blanks + role))
}

fn trimmed_part(text: &Text) -> impl Fn(std::ops::Range<usize>) -> Text + '_ {
    |range| trimmed(text.slice(range))
}

/// Without punctuation at the end.
fn trimmed(text: Text) -> Text {
    let length = text.as_str().trim_end_matches(['.', ',', ';', ' ']).len();
    text.slice(0..length)
}
