//! Finds quantities in a sentence.

use std::ops::Range;

use super::date::Date;
use super::number::Number;
use super::unit::{MONEY, Name, SIZES, Unit};
use super::{Amount, Bound, Quantity, Table, table};
use crate::words;

/// An amount with its unit at a place.
struct Found {
    range: Range<usize>,
    amount: Amount,
    unit: Unit,
}

/// The quantities of a text in their order. A language without a table is read as English.
///
/// Numbers that name something are none: inside of code or quotation marks, joined to letters (`v2`, `HTTP-404`),
/// or behind a word that takes a number as its name ("step 3", "status 200" have no limit, so [`Quantity::said`]
/// is false).
pub fn quantities(text: &str, language: Option<&str>) -> Vec<Quantity> {
    let Some(table) = table(language) else {
        return Vec::new();
    };
    let amounts = amounts(text, table);
    let mut found: Vec<Quantity> = Vec::new();
    let mut amounts = amounts.into_iter().peekable();
    while let Some(first) = amounts.next() {
        let before = text.get(..first.range.start).unwrap_or_default();
        let gap = amounts.peek().map(|next| first.range.end..next.range.start);
        let gap = gap.filter(|gap| joins(text, gap.clone(), table));
        let opened = ends(before, &table.between);
        let dashed = gap.clone().is_some_and(|gap| dash(text, gap));
        if gap.is_some()
            && (opened.is_some() || dashed)
            && let Some(last) = amounts.next()
        {
            found.push(between(opened.unwrap_or(first.range.start), first, last));
            continue;
        }
        found.push(single(text, first, table));
    }
    found
}

/// A first and a last amount; the unit may stand behind the last only.
fn between(start: usize, first: Found, last: Found) -> Quantity {
    let swapped = last.amount < first.amount;
    let (low, high) = if swapped {
        (last.amount, first.amount)
    } else {
        (first.amount, last.amount)
    };
    let bare = last.unit.text.is_empty();
    Quantity {
        range: start..last.range.end,
        bound: Bound::Between,
        said: true,
        after: false,
        amount: low,
        last: Some(high),
        unit: if bare { first.unit } else { last.unit },
    }
}

/// One amount with the words for its limit, in front of it or behind it.
fn single(text: &str, found: Found, table: &Table) -> Quantity {
    let before = text.get(..found.range.start).unwrap_or_default();
    let before_end = before.trim_end_matches(['(', ' ']).len();
    let before = before.get(..before_end).unwrap_or_default();
    let behind = text.get(found.range.end..).unwrap_or_default();
    let lists = [
        (Bound::AtLeast, &table.at_least),
        (Bound::AtMost, &table.at_most),
        (Bound::MoreThan, &table.more_than),
        (Bound::LessThan, &table.less_than),
        (Bound::Exactly, &table.exactly),
    ];
    let mut best: Option<(usize, Bound)> = None;
    for (bound, list) in lists {
        if let Some(start) = ends(before, list)
            && best.is_none_or(|(other, _)| start < other)
        {
            best = Some((start, bound));
        }
    }
    let signs = [
        ("<=", Bound::AtMost),
        ("≤", Bound::AtMost),
        (">=", Bound::AtLeast),
        ("≥", Bound::AtLeast),
        ("<", Bound::LessThan),
        (">", Bound::MoreThan),
    ];
    if best.is_none()
        && let Some((sign, bound)) = signs.iter().find(|(sign, _)| before.ends_with(sign))
    {
        best = Some((before.len() - sign.len(), *bound));
    }
    let mut range = found.range.clone();
    let trimmed = behind.len() - behind.trim_start().len();
    let rest = behind.trim_start();
    let mut said = true;
    let mut after = false;
    let bound = if let Some((start, bound)) = best {
        range.start = start;
        bound
    } else if let Some(length) = words::starts(rest, &table.at_least_behind) {
        range.end += trimmed + length;
        Bound::AtLeast
    } else if let Some(length) = words::starts(rest, &table.at_most_behind) {
        range.end += trimmed + length;
        Bound::AtMost
    } else if let Some(start) = ends(before, &table.after) {
        range.start = start;
        after = true;
        Bound::AtLeast
    } else {
        said = false;
        Bound::Exactly
    };
    Quantity {
        range,
        bound,
        said,
        after,
        amount: found.amount,
        last: None,
        unit: found.unit,
    }
}

/// Where a phrase begins that a text ends with; the longest one.
fn ends(text: &str, phrases: &[String]) -> Option<usize> {
    let text = text.trim_end();
    let starts = phrases.iter().filter_map(|phrase| {
        let count = phrase.chars().count();
        let start = text.char_indices().rev().nth(count.checked_sub(1)?)?.0;
        let tail = text.get(start..)?;
        let begins = text
            .get(..start)?
            .chars()
            .next_back()
            .is_none_or(|c| !c.is_alphanumeric());
        (begins && tail.to_lowercase() == *phrase).then_some(start)
    });
    starts.min()
}

/// Whether only a word like "and" or a dash stands between two amounts.
fn joins(text: &str, range: Range<usize>, table: &Table) -> bool {
    let middle = text.get(range.clone()).unwrap_or_default().trim().to_lowercase();
    table.until.contains(&middle) || dash(text, range)
}

/// Whether only a dash stands between two amounts.
fn dash(text: &str, range: Range<usize>) -> bool {
    let middle = text.get(range).unwrap_or_default();
    matches!(middle.trim(), "–" | "…" | "..") || middle == "-"
}

/// All amounts of a text.
fn amounts(text: &str, table: &Table) -> Vec<Found> {
    let hidden = hidden(text);
    let mut found: Vec<Found> = Vec::new();
    for at in starts(text) {
        let behind_last = found.last().is_none_or(|last| at >= last.range.end);
        if behind_last
            && !hidden.iter().any(|range| range.contains(&at))
            && let Some(amount) = amount(text, at, table)
        {
            found.push(amount);
        }
    }
    found
}

/// Where words and numbers begin, those behind a sign of money included.
fn starts(text: &str) -> impl Iterator<Item = usize> + '_ {
    let mut before = ' ';
    text.char_indices().filter_map(move |(at, c)| {
        let inside = before.is_alphanumeric() || matches!(before, '_' | '.' | '/' | '#' | '{' | '<');
        // In front of a dash may stand a number, but no word: "5-10", not "HTTP-404".
        let joined = before == '-'
            && !text
                .get(..at - 1)
                .and_then(|front| front.chars().next_back())
                .is_some_and(|c| c.is_ascii_digit() || c.is_whitespace());
        before = c;
        (c.is_alphanumeric() && !inside && !joined).then_some(at)
    })
}

/// Parts that hold names and code: between backticks, and between quotation marks.
fn hidden(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    for (open, close) in [('`', '`'), ('"', '"'), ('“', '”'), ('„', '“'), ('«', '»')] {
        let mut from = 0;
        while let Some(start) = text
            .get(from..)
            .and_then(|rest| rest.find(open))
            .map(|at| from + at)
        {
            let inner = start + open.len_utf8();
            let Some(end) = text.get(inner..).and_then(|rest| rest.find(close)) else {
                break;
            };
            parts.push(start..inner + end + close.len_utf8());
            from = inner + end + close.len_utf8();
        }
    }
    parts
}

/// The amount that begins at a place.
fn amount(text: &str, at: usize, table: &Table) -> Option<Found> {
    let rest = text.get(at..)?;
    let digits = rest.starts_with(|c: char| c.is_ascii_digit());
    let token = if digits {
        let end = rest
            .char_indices()
            .find(|(index, c)| !(c.is_ascii_digit() || numeric(rest, *index, *c)))
            .map_or(rest.len(), |(index, _)| index);
        rest.get(..end)?
    } else {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        rest.get(..end)?
    };
    if digits && let Some((date, length)) = date(rest) {
        let unit = Unit {
            name: Name::Date,
            text: String::new(),
            leads: false,
        };
        return Some(Found {
            range: at..at + length,
            amount: Amount::Date(date),
            unit,
        });
    }
    let number = if digits {
        Number::read(token, &table.decimal)?
    } else {
        table
            .numbers
            .get(&token.to_lowercase())
            .copied()
            .map(Number::whole)?
    };
    let money = MONEY
        .iter()
        .filter(|sign| !sign.starts_with(char::is_alphabetic))
        .find_map(|sign| text.get(..at)?.trim_end().ends_with(sign).then_some(*sign));
    if let Some(sign) = money {
        let start = text.get(..at)?.rfind(sign)?;
        return Some(found(start..at + token.len(), number, Name::Currency, sign, true));
    }
    let end = at + token.len();
    let (unit, length) = unit(text.get(end..)?, digits, table)?;
    Some(Found {
        range: at..end + length,
        amount: Amount::Number(number),
        unit,
    })
}

/// Whether a sign belongs to a number that it stands in: a separator with a digit behind it.
fn numeric(text: &str, index: usize, c: char) -> bool {
    let next = text
        .get(index + c.len_utf8()..)
        .and_then(|rest| rest.chars().next());
    matches!(c, '.' | ',' | '\u{a0}' | '\u{202f}' | '_') && next.is_some_and(|next| next.is_ascii_digit())
}

fn date(text: &str) -> Option<(Date, usize)> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '.')))
        .unwrap_or(text.len());
    let token = text.get(..end)?.trim_end_matches(['.', '-']);
    Date::read(token).map(|date| (date, token.len()))
}

fn found(range: Range<usize>, number: Number, name: Name, text: &str, leads: bool) -> Found {
    Found {
        range,
        amount: Amount::Number(number),
        unit: Unit {
            name,
            text: text.to_owned(),
            leads,
        },
    }
}

/// The unit at the start of a text and the bytes up to its end; `None` if letters are joined to the number,
/// which makes it a name.
fn unit(text: &str, digits: bool, table: &Table) -> Option<(Unit, usize)> {
    let none = || {
        Some((
            Unit {
                name: Name::Thing,
                text: String::new(),
                leads: false,
            },
            0,
        ))
    };
    let gap: usize = text
        .chars()
        .take_while(|c| *c == ' ' || *c == '\u{a0}' || *c == '\u{202f}')
        .map(char::len_utf8)
        .sum();
    // "two-second", "30-day"
    let dashed = gap == 0 && text.starts_with('-');
    let gap = if dashed { 1 } else { gap };
    let rest = text.get(gap..)?;
    if let Some(sign) = rest.chars().next().filter(|c| matches!(c, '%' | '€' | '$' | '£')) {
        let name = if sign == '%' {
            Name::Percent
        } else {
            Name::Currency
        };
        let unit = Unit {
            name,
            text: sign.to_string(),
            leads: false,
        };
        return Some((unit, gap + sign.len_utf8()));
    }
    let word_end = rest
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '\'' | '’')))
        .unwrap_or(rest.len());
    let word = rest.get(..word_end)?.trim_end_matches(['-', '\'', '’']);
    if word.is_empty() {
        return if gap == 0 && rest.starts_with(['/', ':', 'x']) {
            None
        } else {
            none()
        };
    }
    let lower = word.to_lowercase();
    let named = table
        .units
        .iter()
        .find(|(_, forms)| forms.iter().any(|form| form.to_lowercase() == lower))
        .map(|(name, _)| *name)
        .or_else(|| SIZES.contains(&lower.as_str()).then_some(Name::Multiple))
        .or_else(|| MONEY.contains(&lower.as_str()).then_some(Name::Currency))
        .or_else(|| matches!(lower.as_str(), "percent" | "prozent" | "procent").then_some(Name::Percent));
    if let Some(name) = named {
        let unit = Unit {
            name,
            text: word.to_owned(),
            leads: false,
        };
        return Some((unit, gap + word.len()));
    }
    if gap == 0 && digits {
        return None;
    }
    if table.without_unit.contains(&lower) || dashed || word.starts_with(|c: char| c.is_ascii_digit()) {
        return none();
    }
    let (noun, length) = noun(rest, word, table)?;
    let unit = Unit {
        name: Name::Thing,
        text: noun,
        leads: false,
    };
    Some((unit, gap + length))
}

/// The counted noun: one word, with the adjectives in front of it that are listed.
fn noun(rest: &str, word: &str, table: &Table) -> Option<(String, usize)> {
    let mut end = word.len();
    let mut last = word;
    while table.adjectives.contains(&last.to_lowercase()) {
        let more = rest.get(end..)?;
        let Some(tail) = more.strip_prefix(' ') else { break };
        let stop = tail
            .find(|c: char| !(c.is_alphanumeric() || c == '-'))
            .unwrap_or(tail.len());
        let next = tail.get(..stop)?;
        if next.is_empty() || table.without_unit.contains(&next.to_lowercase()) {
            break;
        }
        end += 1 + next.len();
        last = next;
    }
    let noun = rest.get(..end)?.to_owned();
    // "8 characters" is a length also behind an adjective.
    Some((noun, end))
}
