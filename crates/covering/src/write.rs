//! Writing PICT's model format.

use std::fmt::Write as _;

use crate::constraint::{Constraint, Expression, Literal, Operand};
use crate::error::Unwritable;
use crate::model::{Model, Parameter, Value};

/// Signs that names and values cannot hold anywhere, since the format has no way to quote them.
const SEPARATORS: [&str; 4] = [",", "|", "\n", "\r"];

impl Model {
    /// The model in PICT's format. Reading it again gives an equal model.
    ///
    /// # Errors
    ///
    /// When a name or value holds a sign that has a meaning in the format.
    pub fn to_pict(&self) -> Result<String, Unwritable> {
        let mut text = String::new();
        for parameter in self.parameters() {
            write_parameter(&mut text, parameter)?;
        }
        for sub_model in self.sub_models() {
            let names: Vec<&str> = sub_model
                .parameters
                .iter()
                .map(|position| self.name(*position))
                .collect();
            let _ = write!(text, "{{ {} }}", names.join(", "));
            if let Some(strength) = sub_model.strength {
                let _ = write!(text, " @ {strength}");
            }
            text.push('\n');
        }
        for constraint in self.constraints() {
            self.write_constraint(&mut text, constraint);
        }
        // What cannot be told apart from something else is found by reading it.
        match Model::parse(&text, self.is_case_sensitive()) {
            Ok(read) if read == *self => Ok(text),
            _ => Err(self.unwritable()),
        }
    }

    fn name(&self, position: usize) -> &str {
        self.parameters()
            .get(position)
            .map_or("", |parameter| parameter.name.as_str())
    }

    /// The first name that is read as something else.
    fn unwritable(&self) -> Unwritable {
        let alone = |parameter: &Parameter| {
            let mut line = String::new();
            let is_read = write_parameter(&mut line, parameter).is_ok()
                && Model::parse(&line, true).is_ok_and(|read| read.parameters() == [parameter.clone()]);
            !is_read
        };
        let parameter = self.parameters().iter().find(|parameter| alone(parameter));
        Unwritable {
            name: parameter
                .map_or("a constraint", |parameter| &parameter.name)
                .to_owned(),
            sign: "one of its signs".to_owned(),
        }
    }

    fn write_constraint(&self, text: &mut String, constraint: &Constraint) {
        match constraint {
            Constraint::Always(expression) => self.write_expression(text, expression),
            Constraint::If {
                condition,
                then,
                otherwise,
            } => {
                text.push_str("IF ");
                self.write_expression(text, condition);
                text.push_str(" THEN ");
                self.write_expression(text, then);
                if let Some(otherwise) = otherwise {
                    text.push_str(" ELSE ");
                    self.write_expression(text, otherwise);
                }
            }
        }
        text.push_str(";\n");
    }

    fn write_expression(&self, text: &mut String, expression: &Expression) {
        let parameter = |position: &usize| format!("[{}]", escaped(self.name(*position), ']'));
        let _ = match expression {
            Expression::Compare {
                parameter: left,
                relation,
                operand,
            } => {
                let right = match operand {
                    Operand::Literal(literal) => written(literal),
                    Operand::Parameter(right) => parameter(right),
                };
                write!(text, "{} {} {right}", parameter(left), relation.sign())
            }
            Expression::Like {
                parameter: left,
                pattern,
            } => {
                write!(text, "{} LIKE \"{}\"", parameter(left), escaped(pattern, '"'))
            }
            Expression::In { parameter: left, set } => {
                let set: Vec<String> = set.iter().map(written).collect();
                write!(text, "{} IN {{{}}}", parameter(left), set.join(", "))
            }
            Expression::IsNegative(of) => {
                write!(
                    text,
                    "IsNegative({})",
                    of.as_ref().map(parameter).unwrap_or_default()
                )
            }
            Expression::Not(inner) => {
                text.push_str("NOT ");
                self.write_inner(text, inner);
                Ok(())
            }
            Expression::And(all) => {
                self.write_all(text, all, " AND ");
                Ok(())
            }
            Expression::Or(all) => {
                self.write_all(text, all, " OR ");
                Ok(())
            }
        };
    }

    fn write_all(&self, text: &mut String, all: &[Expression], join: &str) {
        for (position, inner) in all.iter().enumerate() {
            if position > 0 {
                text.push_str(join);
            }
            self.write_inner(text, inner);
        }
    }

    /// In brackets, where the order of operators would change the meaning.
    fn write_inner(&self, text: &mut String, inner: &Expression) {
        let is_joined = matches!(inner, Expression::And(_) | Expression::Or(_));
        if is_joined {
            text.push('(');
        }
        self.write_expression(text, inner);
        if is_joined {
            text.push(')');
        }
    }
}

fn write_parameter(text: &mut String, parameter: &Parameter) -> Result<(), Unwritable> {
    let checked = |name: &str, others: &[&str]| {
        let sign = SEPARATORS.iter().chain(others).find(|sign| name.contains(*sign));
        match sign {
            Some(sign) => Err(Unwritable {
                name: name.to_owned(),
                sign: sign.escape_default().to_string(),
            }),
            None => Ok(()),
        }
    };
    checked(&parameter.name, &[":", "}"])?;
    let mut values = Vec::new();
    for value in &parameter.values {
        for name in &value.names {
            checked(name, &[])?;
        }
        values.push(written_value(value));
    }
    let _ = writeln!(text, "{}: {}", parameter.name, values.join(", "));
    Ok(())
}

fn written_value(value: &Value) -> String {
    let mut text = if value.is_negative { "~" } else { "" }.to_owned();
    text.push_str(&value.names.join(" | "));
    if value.weight != 1 {
        let _ = write!(text, " ({})", value.weight);
    }
    text
}

fn written(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => format!("\"{}\"", escaped(text, '"')),
        Literal::Number(number) => number.to_string(),
    }
}

fn escaped(text: &str, closes: char) -> String {
    text.replace('\\', "\\\\").replace(closes, &format!("\\{closes}"))
}
