//! Constraints: what every row has to meet.

use crate::text::{compare, matches, number};
use std::cmp::Ordering;

/// One rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Constraint {
    /// Holds in every row.
    Always(Expression),
    /// `IF … THEN … ELSE …`.
    If {
        /// What decides.
        condition: Expression,
        /// What holds when it is met.
        then: Expression,
        /// What holds when it is not; anything without it.
        otherwise: Option<Expression>,
    },
}

/// A condition on a row. Parameters are given by their position in the model.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// The value of a parameter stands in a relation to something.
    Compare {
        /// The left side.
        parameter: usize,
        /// The relation.
        relation: Relation,
        /// The right side.
        operand: Operand,
    },
    /// The value's text matches a pattern of `*` and `?`.
    Like {
        /// The parameter.
        parameter: usize,
        /// `*` stands for any characters, `?` for one.
        pattern: String,
    },
    /// The value is one of these.
    In {
        /// The parameter.
        parameter: usize,
        /// The values.
        set: Vec<Literal>,
    },
    /// The value of the parameter is a negative one; without a parameter: any value of the row is.
    IsNegative(Option<usize>),
    /// The opposite.
    Not(Box<Expression>),
    /// All of these; true when empty.
    And(Vec<Expression>),
    /// At least one of these; false when empty.
    Or(Vec<Expression>),
}

/// How two values relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// The right side of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// A fixed value.
    Literal(Literal),
    /// The value that another parameter has in the same row.
    Parameter(usize),
}

/// A fixed value.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `"text"`, for parameters that are not numeric.
    Text(String),
    /// A number, for numeric parameters.
    Number(f64),
}

impl Constraint {
    /// Its expressions, from left to right.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let (first, second, third) = match self {
            Constraint::Always(expression) => (expression, None, None),
            Constraint::If {
                condition,
                then,
                otherwise,
            } => (condition, Some(then), otherwise.as_ref()),
        };
        [Some(first), second, third].into_iter().flatten()
    }
}

impl Relation {
    /// How the relation is written.
    pub fn sign(self) -> &'static str {
        match self {
            Relation::Equal => "=",
            Relation::NotEqual => "<>",
            Relation::Less => "<",
            Relation::LessOrEqual => "<=",
            Relation::Greater => ">",
            Relation::GreaterOrEqual => ">=",
        }
    }

    /// Whether the relation admits this order.
    fn admits(self, order: Ordering) -> bool {
        match self {
            Relation::Equal => order == Ordering::Equal,
            Relation::NotEqual => order != Ordering::Equal,
            Relation::Less => order == Ordering::Less,
            Relation::LessOrEqual => order != Ordering::Greater,
            Relation::Greater => order == Ordering::Greater,
            Relation::GreaterOrEqual => order != Ordering::Less,
        }
    }

    /// Whether the relation holds between the first names of two values.
    pub(crate) fn holds(self, left: &str, right: &str, is_case_sensitive: bool) -> bool {
        let order = match (number(left), number(right)) {
            (Some(left), Some(right)) => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
            _ => compare(left, right, is_case_sensitive),
        };
        self.admits(order)
    }

    /// Whether the relation holds between the first name of a value and a literal.
    pub(crate) fn holds_for(self, name: &str, literal: &Literal, is_case_sensitive: bool) -> bool {
        let order = match literal {
            Literal::Text(text) => compare(name, text, is_case_sensitive),
            Literal::Number(right) => match number(name) {
                Some(left) => left.partial_cmp(right).unwrap_or(Ordering::Equal),
                None => return self == Relation::NotEqual,
            },
        };
        self.admits(order)
    }
}

/// Whether the first name of a value matches `pattern`.
pub(crate) fn is_like(name: &str, pattern: &str, is_case_sensitive: bool) -> bool {
    matches(name, pattern, is_case_sensitive)
}
