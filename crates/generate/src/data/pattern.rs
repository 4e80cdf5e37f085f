//! A text that matches an expression of ECMA-262: the shortest that the plain parts of the notation allow.

use std::iter::Peekable;
use std::str::Chars;

/// A shortest matching text; `None` where the expression uses more than literals, classes, groups, alternatives and
/// repetitions.
pub(super) fn text(pattern: &str) -> Option<String> {
    let mut chars = pattern.chars().peekable();
    let made = alternatives(&mut chars)?;
    chars.next().is_none().then_some(made)
}

/// The first of some alternatives.
fn alternatives(chars: &mut Peekable<Chars<'_>>) -> Option<String> {
    let first = sequence(chars)?;
    while chars.next_if_eq(&'|').is_some() {
        sequence(chars)?;
    }
    Some(first)
}

fn sequence(chars: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut made = String::new();
    while let Some(c) = chars.peek().copied() {
        if matches!(c, '|' | ')') {
            break;
        }
        chars.next();
        let atom = match c {
            '^' | '$' => continue,
            '(' => {
                if chars.next_if_eq(&'?').is_some() {
                    chars.next_if_eq(&':')?;
                }
                let inner = alternatives(chars)?;
                chars.next_if_eq(&')')?;
                inner
            }
            '[' => class(chars)?.to_string(),
            '.' => "a".to_owned(),
            '\\' => escape(chars.next()?)?.to_string(),
            '*' | '+' | '?' | '{' => return None,
            other => other.to_string(),
        };
        let count = repetition(chars)?;
        if count > 512 {
            return None;
        }
        made.push_str(&atom.repeat(count));
    }
    Some(made)
}

/// How often the atom before must stand at least.
fn repetition(chars: &mut Peekable<Chars<'_>>) -> Option<usize> {
    let least = match chars.peek() {
        Some('*' | '?') => 0,
        Some('+') => 1,
        Some('{') => {
            chars.next();
            let mut digits = String::new();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            while chars.next_if(|c| *c != '}').is_some() {}
            chars.next_if_eq(&'}')?;
            chars.next_if_eq(&'?');
            return digits.parse().ok();
        }
        _ => return Some(1),
    };
    chars.next();
    chars.next_if_eq(&'?');
    Some(least)
}

fn escape(c: char) -> Option<char> {
    match c {
        'd' => Some('0'),
        'w' | 'D' | 'S' => Some('a'),
        's' => Some(' '),
        'W' => Some('-'),
        'b' | 'B' | 'u' | 'x' | 'p' | 'P' | 'k' | '1'..='9' => None,
        'n' => Some('\n'),
        't' => Some('\t'),
        other => Some(other),
    }
}

/// A character of a class.
fn class(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges: Vec<(char, char)> = Vec::new();
    loop {
        let c = chars.next()?;
        if c == ']' {
            break;
        }
        let first = if c == '\\' {
            match chars.next()? {
                'd' => {
                    ranges.push(('0', '9'));
                    continue;
                }
                'w' => {
                    ranges.extend([('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]);
                    continue;
                }
                's' => {
                    ranges.push((' ', ' '));
                    continue;
                }
                other => escape(other)?,
            }
        } else {
            c
        };
        if chars.peek() == Some(&'-') {
            chars.next();
            match chars.peek() {
                Some(']') | None => ranges.extend([(first, first), ('-', '-')]),
                Some(_) => {
                    let last = chars.next()?;
                    let last = if last == '\\' {
                        escape(chars.next()?)?
                    } else {
                        last
                    };
                    ranges.push((first, last));
                }
            }
        } else {
            ranges.push((first, first));
        }
    }
    if !negated {
        return ranges.first().map(|(first, _)| *first);
    }
    let inside = |c: char| ranges.iter().any(|(first, last)| (*first..=*last).contains(&c));
    ('a'..='z')
        .chain('0'..='9')
        .chain("-_ .".chars())
        .find(|c| !inside(*c))
}
