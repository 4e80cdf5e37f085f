//! The words of constraints.

use std::fmt;

use super::Line;
use crate::constraint::Relation;
use crate::error::{ParseError, Problem};

/// A word of a constraint.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// `[Name]`
    Name(String),
    /// `"text"`
    Text(String),
    Number(f64),
    /// A keyword in capitals, such as `THEN`.
    Word(String),
    Relation(Relation),
    /// One of `( ) { } , ;`
    Sign(char),
    /// After the last one.
    End,
}

/// A token, and where it begins.
#[derive(Debug, Clone)]
pub(super) struct Placed<'a> {
    pub(super) token: Token,
    pub(super) line: Line<'a>,
    pub(super) byte: usize,
}

impl Placed<'_> {
    pub(super) fn error(&self, problem: impl Into<Problem>) -> ParseError {
        self.line.at(self.byte, problem)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Name(name) => write!(out, "`[{name}]`"),
            Token::Text(text) => write!(out, "`\"{text}\"`"),
            Token::Number(number) => write!(out, "`{number}`"),
            Token::Word(word) => write!(out, "`{word}`"),
            Token::Relation(relation) => write!(out, "`{}`", relation.sign()),
            Token::Sign(sign) => write!(out, "`{sign}`"),
            Token::End => write!(out, "the end"),
        }
    }
}

/// All tokens of these lines, and the end.
pub(super) fn tokens<'a>(lines: &[Line<'a>]) -> Result<Vec<Placed<'a>>, ParseError> {
    let mut tokens = Vec::new();
    for line in lines {
        let mut byte = 0;
        while let Some(rest) = line.text.get(byte..) {
            let Some(first) = rest.chars().next() else { break };
            if first.is_whitespace() {
                byte += first.len_utf8();
                continue;
            }
            let (token, length) = token(rest, first).map_err(|problem| line.at(byte, problem))?;
            tokens.push(Placed {
                token,
                line: *line,
                byte,
            });
            byte += length;
        }
    }
    if let Some(line) = lines.last() {
        tokens.push(Placed {
            token: Token::End,
            line: *line,
            byte: line.text.len(),
        });
    }
    Ok(tokens)
}

/// The token at the start of `rest`, and its bytes.
fn token(rest: &str, first: char) -> Result<(Token, usize), Problem> {
    match first {
        '[' => quoted(rest, '[', ']').map(|(name, length)| (Token::Name(name.trim().to_owned()), length)),
        '"' => quoted(rest, '"', '"').map(|(text, length)| (Token::Text(text), length)),
        '(' | ')' | '{' | '}' | ',' | ';' => Ok((Token::Sign(first), 1)),
        '<' | '>' | '=' => Ok(relation(rest)),
        _ if first.is_alphabetic() => {
            let length = rest
                .find(|next: char| !next.is_alphanumeric() && next != '_')
                .unwrap_or(rest.len());
            let word = rest.get(..length).unwrap_or(rest);
            Ok((Token::Word(word.to_uppercase()), length))
        }
        _ => number(rest).ok_or(Problem::Character(first)),
    }
}

fn relation(rest: &str) -> (Token, usize) {
    let all = [
        Relation::NotEqual,
        Relation::LessOrEqual,
        Relation::GreaterOrEqual,
        Relation::Less,
        Relation::Greater,
    ];
    let relation = all
        .into_iter()
        .find(|relation| rest.starts_with(relation.sign()))
        .unwrap_or(Relation::Equal);
    (Token::Relation(relation), relation.sign().len())
}

fn number(rest: &str) -> Option<(Token, usize)> {
    let mut length = 0;
    let mut before = ' ';
    for next in rest.chars() {
        let is_sign = matches!(next, '+' | '-') && (length == 0 || matches!(before, 'e' | 'E'));
        if !(next.is_ascii_digit() || next == '.' || is_sign || matches!(next, 'e' | 'E')) {
            break;
        }
        length += next.len_utf8();
        before = next;
    }
    let number = crate::text::number(rest.get(..length)?)?;
    Some((Token::Number(number), length))
}

/// What stands between two signs. A backslash takes the closing sign, or a backslash, as it is.
fn quoted(rest: &str, opened: char, closes: char) -> Result<(String, usize), Problem> {
    let mut inner = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((byte, next)) = characters.next() {
        if next == closes {
            return Ok((inner, byte + closes.len_utf8()));
        }
        let escaped = characters
            .next_if(|(_, after)| next == '\\' && (*after == closes || *after == '\\'))
            .map(|(_, after)| after);
        inner.push(escaped.unwrap_or(next));
    }
    Err(Problem::NotClosed { opened, closes })
}
