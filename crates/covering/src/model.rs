//! What is to be combined: parameters, their values, sub-models and constraints.

use crate::constraint::{Constraint, Expression, Literal, Operand};
use crate::error::ModelError;
use crate::text::{number, same};

/// Most parameters of a model.
pub const MAX_PARAMETERS: usize = 4096;

/// Most values of one parameter.
pub const MAX_VALUES: usize = 4096;

/// One thing that varies, such as an operating system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What the column is called. Not blank, and unique within the model.
    pub name: String,
    /// 1 to [`MAX_VALUES`] values, at least one of them valid.
    pub values: Vec<Value>,
}

/// One choice of a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// The name, then its aliases. Constraints see the first one only; rows show them in turn.
    pub names: Vec<String>,
    /// How much likelier than 1 the value is where coverage leaves the choice. At least 1.
    pub weight: u32,
    /// Whether the value is out of range. A row holds at most one such value, so that no error hides another.
    pub is_negative: bool,
}

/// Parameters that are combined with a strength of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubModel {
    /// Positions in [`Model::parameters`], each once.
    pub parameters: Vec<usize>,
    /// 1 to 6, at most the number of parameters; without one, the strength of the whole.
    pub strength: Option<usize>,
}

/// A checked model. Read one from PICT's format with [`Model::parse`], or build one with [`Model::new`].
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    parameters: Vec<Parameter>,
    sub_models: Vec<SubModel>,
    constraints: Vec<Constraint>,
    is_case_sensitive: bool,
}

impl Value {
    /// A valid value of weight 1 without aliases.
    pub fn new(name: impl Into<String>) -> Value {
        Value {
            names: vec![name.into()],
            weight: 1,
            is_negative: false,
        }
    }

    /// The name that constraints see.
    pub fn name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }
}

impl Parameter {
    /// A parameter of plain values.
    pub fn new<V: Into<String>>(name: impl Into<String>, values: impl IntoIterator<Item = V>) -> Parameter {
        Parameter {
            name: name.into(),
            values: values.into_iter().map(Value::new).collect(),
        }
    }

    /// Whether the first names of all values are numbers, which makes comparisons numeric.
    pub fn is_numeric(&self) -> bool {
        self.values.iter().all(|value| number(value.name()).is_some())
    }
}

impl Model {
    /// A model of these parts.
    ///
    /// # Errors
    ///
    /// When names are blank or not unique, when a parameter has no valid value, when a position or a
    /// strength is out of range, or when a constraint compares text with numbers.
    pub fn new(
        parameters: Vec<Parameter>,
        sub_models: Vec<SubModel>,
        constraints: Vec<Constraint>,
    ) -> Result<Model, ModelError> {
        Model::build(parameters, sub_models, constraints, false)
    }

    /// As [`Model::new`], where `is_case_sensitive` keeps `a` and `A` apart in names and constraints.
    ///
    /// # Errors
    ///
    /// As [`Model::new`].
    pub fn build(
        parameters: Vec<Parameter>,
        sub_models: Vec<SubModel>,
        constraints: Vec<Constraint>,
        is_case_sensitive: bool,
    ) -> Result<Model, ModelError> {
        check_parameters(&parameters, is_case_sensitive)?;
        for sub_model in &sub_models {
            check_sub_model(sub_model, parameters.len())?;
        }
        for constraint in &constraints {
            for expression in constraint.expressions() {
                check_expression(expression, &parameters)?;
            }
        }
        Ok(Model {
            parameters,
            sub_models,
            constraints,
            is_case_sensitive,
        })
    }

    /// The parameters, in the order of columns.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The sub-models.
    pub fn sub_models(&self) -> &[SubModel] {
        &self.sub_models
    }

    /// What every row has to meet.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// Whether names and constraints keep `a` and `A` apart.
    pub fn is_case_sensitive(&self) -> bool {
        self.is_case_sensitive
    }

    /// The position of the parameter of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.parameters
            .iter()
            .position(|parameter| same(&parameter.name, name, self.is_case_sensitive))
    }
}

fn check_parameters(parameters: &[Parameter], is_case_sensitive: bool) -> Result<(), ModelError> {
    if parameters.is_empty() {
        return Err(ModelError::NoParameter);
    }
    if parameters.len() > MAX_PARAMETERS {
        return Err(ModelError::TooManyParameters);
    }
    for (position, parameter) in parameters.iter().enumerate() {
        check_parameter(
            parameter,
            parameters.get(..position).unwrap_or_default(),
            is_case_sensitive,
        )?;
    }
    Ok(())
}

/// Fails when a parameter is unusable by itself or beside `earlier` ones.
pub(crate) fn check_parameter(
    parameter: &Parameter,
    earlier: &[Parameter],
    is_case_sensitive: bool,
) -> Result<(), ModelError> {
    let name = || parameter.name.clone();
    if parameter.name.trim().is_empty() {
        return Err(ModelError::BlankName);
    }
    if earlier
        .iter()
        .any(|other| same(&other.name, &parameter.name, is_case_sensitive))
    {
        return Err(ModelError::NameTwice(name()));
    }
    if parameter.values.is_empty() || parameter.values.iter().any(|value| value.names.is_empty()) {
        return Err(ModelError::NoValue(name()));
    }
    if parameter.values.len() > MAX_VALUES {
        return Err(ModelError::TooManyValues(name()));
    }
    if parameter.values.iter().all(|value| value.is_negative) {
        return Err(ModelError::NoValidValue(name()));
    }
    if parameter.values.iter().any(|value| value.weight == 0) {
        return Err(ModelError::NoWeight(name()));
    }
    Ok(())
}

pub(crate) fn check_sub_model(sub_model: &SubModel, parameters: usize) -> Result<(), ModelError> {
    let mut sorted = sub_model.parameters.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() != sub_model.parameters.len() || sorted.is_empty() {
        return Err(ModelError::SubModelParameters);
    }
    if sorted.last().is_some_and(|last| *last >= parameters) {
        return Err(ModelError::UnknownPosition);
    }
    match sub_model.strength {
        Some(strength) if strength == 0 || strength > crate::MAX_STRENGTH.min(sorted.len()) => {
            Err(ModelError::SubModelStrength {
                strength,
                most: crate::MAX_STRENGTH.min(sorted.len()),
            })
        }
        _ => Ok(()),
    }
}

/// Fails when a position is unknown, or types do not go together.
pub(crate) fn check_expression(expression: &Expression, parameters: &[Parameter]) -> Result<(), ModelError> {
    let get = |position: usize| parameters.get(position).ok_or(ModelError::UnknownPosition);
    match expression {
        Expression::Compare {
            parameter, operand, ..
        } => match operand {
            Operand::Literal(literal) => check_literal(get(*parameter)?, literal),
            Operand::Parameter(other) => {
                let (left, right) = (get(*parameter)?, get(*other)?);
                if left.is_numeric() == right.is_numeric() {
                    Ok(())
                } else {
                    Err(ModelError::Incomparable(left.name.clone(), right.name.clone()))
                }
            }
        },
        Expression::In { parameter, set } => {
            let parameter = get(*parameter)?;
            set.iter()
                .try_for_each(|literal| check_literal(parameter, literal))
        }
        Expression::Like { parameter, .. } => get(*parameter).map(|_| ()),
        Expression::IsNegative(parameter) => parameter.map_or(Ok(()), |position| get(position).map(|_| ())),
        Expression::Not(inner) => check_expression(inner, parameters),
        Expression::And(all) | Expression::Or(all) => all
            .iter()
            .try_for_each(|inner| check_expression(inner, parameters)),
    }
}

/// Fails when a number meets text.
pub(crate) fn check_literal(parameter: &Parameter, literal: &Literal) -> Result<(), ModelError> {
    match (parameter.is_numeric(), literal) {
        (true, Literal::Text(_)) => Err(ModelError::WantsNumber(parameter.name.clone())),
        (false, Literal::Number(_)) => Err(ModelError::WantsText(parameter.name.clone())),
        _ => Ok(()),
    }
}
