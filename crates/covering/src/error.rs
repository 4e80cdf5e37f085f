//! What can go wrong.

/// Why parts do not make a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// There is nothing to combine.
    #[error("the model has no parameter; write one on a line, as `Name: value, value`")]
    NoParameter,
    /// More than [`crate::MAX_PARAMETERS`].
    #[error("the model has more than {} parameters; split it", crate::MAX_PARAMETERS)]
    TooManyParameters,
    /// A parameter without a name.
    #[error("a parameter has no name; write one before the colon")]
    BlankName,
    /// Two parameters of one name.
    #[error(
        "the name `{0}` is taken by another parameter; choose another one, as upper and lower case count only if asked for"
    )]
    NameTwice(String),
    /// A parameter or one of its values is empty.
    #[error("the parameter `{0}` has no value; write at least one after the colon")]
    NoValue(String),
    /// More than [`crate::MAX_VALUES`].
    #[error("the parameter `{0}` has more than {max} values; choose representatives", max = crate::MAX_VALUES)]
    TooManyValues(String),
    /// All values are out of range, so that no valid row exists.
    #[error("all values of `{0}` are negative; add a valid one, without `~`")]
    NoValidValue(String),
    /// A weight of 0.
    #[error("a value of `{0}` has the weight 0; use 1 or more, or remove the value")]
    NoWeight(String),
    /// A sub-model without parameters, or with one of them twice.
    #[error("a sub-model names no parameter, or one twice; name each once")]
    SubModelParameters,
    /// A sub-model's strength is out of range.
    #[error(
        "the sub-model's strength {strength} is out of range; use 1 to {most}, its number of parameters at most"
    )]
    SubModelStrength {
        /// What was asked for.
        strength: usize,
        /// What is possible.
        most: usize,
    },
    /// A position beyond the parameters.
    #[error(
        "a sub-model or constraint refers to a parameter that does not exist; use positions below their number"
    )]
    UnknownPosition,
    /// A numeric parameter compared with text.
    #[error("all values of `{0}` are numbers; compare it with a number, without quotes")]
    WantsNumber(String),
    /// A parameter of text compared with a number.
    #[error("`{0}` has values that are not numbers; compare it with text in quotes")]
    WantsText(String),
    /// A numeric parameter compared with one of text.
    #[error("`{0}` and `{1}` cannot be compared; either both have numbers only, or neither")]
    Incomparable(String, String),
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {problem}")]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong, and what to do.
    pub problem: Problem,
}

/// What is wrong with a model's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The parts do not go together.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A line of parameters that has no values.
    #[error("expected `Name: value, value`; put a colon between the name and its values")]
    NoSeparator,
    /// A definition after sub-models or constraints began.
    #[error("parameters stand before sub-models, and sub-models before constraints; move this line up")]
    Order,
    /// A sub-model that has not the form.
    #[error("expected a sub-model `{{ Name, Name }} @ strength`; {0}")]
    SubModel(&'static str),
    /// A name that no parameter has.
    #[error("no parameter is called `{0}`; define it above or mend the name")]
    UnknownParameter(String),
    /// A character that begins nothing.
    #[error("unexpected `{0}`; names stand in `[…]`, text in `\"…\"`, and numbers alone")]
    Character(char),
    /// A name or text without its end.
    #[error("`{opened}` is not closed; write `{closes}` on the same line")]
    NotClosed {
        /// What began it.
        opened: char,
        /// What ends it.
        closes: char,
    },
    /// Something else belongs here.
    #[error("expected {expected}, found {found}")]
    Expected {
        /// What belongs here.
        expected: &'static str,
        /// What stands here.
        found: String,
    },
    /// Brackets within brackets without end.
    #[error(
        "more than {} nested brackets or `NOT`s; write a simpler condition",
        crate::MAX_DEPTH
    )]
    TooDeep,
    /// Text that is too long.
    #[error("the model is longer than {} bytes; split it", crate::MAX_TEXT)]
    TooLong,
}

/// Why no rows were made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The strength is out of range.
    #[error("the strength {strength} is out of range; use 1 to {most}, the number of parameters at most")]
    Strength {
        /// What was asked for.
        strength: usize,
        /// What is possible.
        most: usize,
    },
    /// There is more to cover than fits.
    #[error(
        "{tuples} combinations are to be covered, {limit} are possible; lower the strength or the number of values"
    )]
    TooLarge {
        /// What is to be covered.
        tuples: u128,
        /// What is possible.
        limit: u128,
    },
    /// The constraints contradict each other.
    #[error("no row meets all constraints; remove or loosen one")]
    Unsatisfiable,
    /// The constraints are too tangled.
    #[error("the constraints are too hard to decide within {steps} steps; state fewer or narrower ones")]
    TooHard {
        /// How many were tried.
        steps: u64,
    },
    /// A seed row of the wrong length or with an unknown value.
    #[error("seed row {row} does not fit the model; give one existing value or nothing for each parameter")]
    SeedRow {
        /// Its number, from 1.
        row: usize,
    },
}

/// Why a model cannot be written in PICT's format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` cannot be written in PICT's format, where `{sign}` has a meaning; choose another name")]
pub struct Unwritable {
    /// The name or value.
    pub name: String,
    /// What has a meaning.
    pub sign: String,
}
