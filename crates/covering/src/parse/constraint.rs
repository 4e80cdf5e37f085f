//! The grammar of constraints: `NOT` binds closer than `AND`, and `AND` closer than `OR`.

use super::Line;
use super::token::{Placed, Token, tokens};
use crate::constraint::{Constraint, Expression, Literal, Operand};
use crate::error::{ParseError, Problem};
use crate::model::{Parameter, check_expression, check_literal};
use crate::text::same;

/// All constraints of these lines.
pub(super) fn constraints(
    lines: &[Line<'_>],
    parameters: &[Parameter],
    is_case_sensitive: bool,
) -> Result<Vec<Constraint>, ParseError> {
    let mut parser = Parser {
        tokens: tokens(lines)?,
        next: 0,
        depth: 0,
        parameters,
        is_case_sensitive,
    };
    let mut constraints = Vec::new();
    while parser.peek().is_some_and(|placed| placed.token != Token::End) {
        constraints.push(parser.constraint()?);
    }
    Ok(constraints)
}

struct Parser<'a> {
    tokens: Vec<Placed<'a>>,
    next: usize,
    depth: usize,
    parameters: &'a [Parameter],
    is_case_sensitive: bool,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&Placed<'a>> {
        self.tokens.get(self.next).or_else(|| self.tokens.last())
    }

    fn take(&mut self) -> Option<Placed<'a>> {
        let placed = self.peek().cloned();
        self.next += 1;
        placed
    }

    /// Takes the next token if it is this one.
    fn accept(&mut self, token: &Token) -> bool {
        let is_it = self.peek().is_some_and(|placed| placed.token == *token);
        self.next += usize::from(is_it);
        is_it
    }

    fn accept_word(&mut self, word: &str) -> bool {
        self.accept(&Token::Word(word.to_owned()))
    }

    /// What is wrong with the next token.
    fn unexpected(&self, expected: &'static str) -> ParseError {
        let problem = |found| Problem::Expected { expected, found };
        match self.peek() {
            Some(placed) => placed.error(problem(placed.token.to_string())),
            None => Line { number: 1, text: "" }.at(0, problem(Token::End.to_string())),
        }
    }

    fn expect(&mut self, sign: char, expected: &'static str) -> Result<(), ParseError> {
        if self.accept(&Token::Sign(sign)) {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    fn constraint(&mut self) -> Result<Constraint, ParseError> {
        if !self.accept_word("IF") {
            let constraint = Constraint::Always(self.or()?);
            self.expect(';', "`AND`, `OR` or `;` at the end of the constraint")?;
            return Ok(constraint);
        }
        let condition = self.or()?;
        if !self.accept_word("THEN") {
            return Err(self.unexpected("`AND`, `OR` or `THEN`"));
        }
        let then = self.or()?;
        let otherwise = if self.accept_word("ELSE") {
            Some(self.or()?)
        } else {
            None
        };
        self.expect(';', "`AND`, `OR`, `ELSE` or `;` at the end of the constraint")?;
        Ok(Constraint::If {
            condition,
            then,
            otherwise,
        })
    }

    fn or(&mut self) -> Result<Expression, ParseError> {
        let mut all = vec![self.and()?];
        while self.accept_word("OR") {
            all.push(self.and()?);
        }
        Ok(joined(all, Expression::Or))
    }

    fn and(&mut self) -> Result<Expression, ParseError> {
        let mut all = vec![self.clause()?];
        while self.accept_word("AND") {
            all.push(self.clause()?);
        }
        Ok(joined(all, Expression::And))
    }

    fn clause(&mut self) -> Result<Expression, ParseError> {
        if self.depth == crate::MAX_DEPTH {
            return Err(match self.peek() {
                Some(placed) => placed.error(Problem::TooDeep),
                None => self.unexpected("a condition"),
            });
        }
        self.depth += 1;
        let clause = if self.accept_word("NOT") {
            Expression::Not(Box::new(self.clause()?))
        } else if self.accept(&Token::Sign('(')) {
            let inner = self.or()?;
            self.expect(')', "`AND`, `OR` or `)`")?;
            inner
        } else {
            self.term()?
        };
        self.depth -= 1;
        Ok(clause)
    }

    fn term(&mut self) -> Result<Expression, ParseError> {
        for (word, is_negative) in [("ISNEGATIVE", true), ("ISPOSITIVE", false)] {
            if self.accept_word(word) {
                return self.sign_of(is_negative);
            }
        }
        let parameter = self.parameter("a parameter in `[…]`, `NOT` or `(`")?;
        if self.accept_word("LIKE") {
            return match self.take().map(|placed| placed.token) {
                Some(Token::Text(pattern)) => Ok(Expression::Like { parameter, pattern }),
                _ => {
                    self.next -= 1;
                    Err(self.unexpected("a pattern in quotes, such as `\"FAT*\"`"))
                }
            };
        }
        if self.accept_word("IN") {
            return self.set(parameter);
        }
        let Some(Token::Relation(relation)) = self.peek().map(|placed| placed.token.clone()) else {
            return Err(self.unexpected("`=`, `<>`, `<`, `<=`, `>`, `>=`, `LIKE` or `IN`"));
        };
        self.next += 1;
        let place = self.peek().cloned();
        let operand = match place.as_ref().map(|placed| &placed.token) {
            Some(Token::Name(_)) => Operand::Parameter(self.parameter("a parameter")?),
            _ => Operand::Literal(self.literal(parameter)?),
        };
        let term = Expression::Compare {
            parameter,
            relation,
            operand,
        };
        match (check_expression(&term, self.parameters), place) {
            (Err(error), Some(place)) => Err(place.error(error)),
            _ => Ok(term),
        }
    }

    /// `(Name)` after `IsNegative` or `IsPositive`; `()` means any of the row, or all.
    fn sign_of(&mut self, is_negative: bool) -> Result<Expression, ParseError> {
        self.expect('(', "`(`")?;
        let parameter = if self.accept(&Token::Sign(')')) {
            None
        } else {
            let parameter = self.parameter("a parameter in `[…]` or `)`")?;
            self.expect(')', "`)`")?;
            Some(parameter)
        };
        let negative = Expression::IsNegative(parameter);
        Ok(if is_negative {
            negative
        } else {
            Expression::Not(Box::new(negative))
        })
    }

    fn parameter(&mut self, expected: &'static str) -> Result<usize, ParseError> {
        let Some((Token::Name(name), place)) =
            self.peek().map(|placed| (placed.token.clone(), placed.clone()))
        else {
            return Err(self.unexpected(expected));
        };
        self.next += 1;
        self.parameters
            .iter()
            .position(|parameter| same(&parameter.name, &name, self.is_case_sensitive))
            .ok_or_else(|| place.error(Problem::UnknownParameter(name)))
    }

    fn literal(&mut self, parameter: usize) -> Result<Literal, ParseError> {
        let Some(place) = self.peek().cloned() else {
            return Err(self.unexpected("a value"));
        };
        let literal = match &place.token {
            Token::Text(text) => Literal::Text(text.clone()),
            Token::Number(number) => Literal::Number(*number),
            _ => return Err(self.unexpected("text in quotes, a number or a parameter in `[…]`")),
        };
        self.next += 1;
        match self.parameters.get(parameter) {
            Some(parameter) => check_literal(parameter, &literal).map_err(|error| place.error(error))?,
            None => return Err(self.unexpected("a parameter")),
        }
        Ok(literal)
    }

    fn set(&mut self, parameter: usize) -> Result<Expression, ParseError> {
        self.expect('{', "`{` and values, such as `{1, 2}`")?;
        let mut set = vec![self.literal(parameter)?];
        while self.accept(&Token::Sign(',')) {
            set.push(self.literal(parameter)?);
        }
        self.expect('}', "`,` or `}`")?;
        Ok(Expression::In { parameter, set })
    }
}

/// One stays as it is.
fn joined(mut all: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match (all.len(), all.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            all.extend(last);
            join(all)
        }
    }
}
