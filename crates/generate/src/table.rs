//! Tables that say how values belong together: decision tables and lists of parameters.

use serde::Serialize;

use crate::requirement::Phrase;
use crate::span::Span;

/// A table of either kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Table {
    /// Conditions and what follows from them.
    Decision(DecisionTable),
    /// Parameters and their values.
    Parameters(ParameterTable),
}

/// A decision table (ISO/IEC/IEEE 29119-4, 5.2.6): each rule says which conditions lead to which actions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct DecisionTable {
    /// The heading above it, or the name of its sheet.
    pub title: String,
    /// Names of the conditions.
    pub conditions: Vec<Phrase>,
    /// Names of the actions.
    pub actions: Vec<Phrase>,
    /// Rules in the order of the source.
    pub rules: Vec<Rule>,
    /// Where it stands.
    pub span: Span,
}

/// A rule of a decision table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Its name or number.
    pub name: String,
    /// A value for each condition; `None` where any will do (`-`, `*`, empty).
    pub conditions: Vec<Option<Phrase>>,
    /// A value for each action; `None` where it is not done.
    pub actions: Vec<Option<Phrase>>,
    /// Where it stands.
    pub span: Span,
}

/// Parameters and the values that each may have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ParameterTable {
    /// The heading above it, or the name of its sheet.
    pub title: String,
    /// Parameters in the order of the source.
    pub parameters: Vec<TableParameter>,
    /// Where it stands.
    pub span: Span,
}

/// A parameter with its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TableParameter {
    /// Its name.
    pub name: Phrase,
    /// Different values in the order of the source.
    pub values: Vec<Phrase>,
}
