//! Custom fields: what they belong to, and their ten types (contract §4.5, §9).

use serde::{Serialize, Serializer};

/// What fields, states and templates belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Entity {
    /// Test cases.
    Case,
    /// Manual runs.
    Run,
    /// Exploratory sessions.
    Session,
    /// Results of manual runs.
    RunResult,
}

impl Entity {
    /// All of them.
    pub const ALL: [Entity; 4] = [Entity::Case, Entity::Run, Entity::Session, Entity::RunResult];

    /// Its name in the API and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Entity::Case => "repository_case",
            Entity::Run => "run",
            Entity::Session => "session",
            Entity::RunResult => "run_result",
        }
    }

    /// The one of this name.
    pub fn from_name(name: &str) -> Option<Entity> {
        Entity::ALL.into_iter().find(|e| e.name() == name)
    }
}

impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

/// The type of a custom field. Fixed once the field is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum FieldType {
    /// One line.
    String = 1,
    /// Text of any length.
    Text = 2,
    /// A whole number.
    Integer = 3,
    /// A number.
    Float = 4,
    /// Yes or no.
    Checkbox = 5,
    /// A day.
    Date = 6,
    /// An address.
    Link = 7,
    /// One of several values, by the id of the option.
    Dropdown = 8,
    /// Several of the values, by the ids of the options.
    MultiSelect = 9,
    /// A list of steps; for cases only.
    Steps = 10,
}

impl FieldType {
    /// All types by number.
    pub const ALL: [FieldType; 10] = [
        FieldType::String,
        FieldType::Text,
        FieldType::Integer,
        FieldType::Float,
        FieldType::Checkbox,
        FieldType::Date,
        FieldType::Link,
        FieldType::Dropdown,
        FieldType::MultiSelect,
        FieldType::Steps,
    ];

    /// Its number in the API and in the database.
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The type of this number.
    pub fn from_number(number: i64) -> Option<FieldType> {
        FieldType::ALL.into_iter().find(|t| t.number() == number)
    }

    /// Whether its values are options.
    pub fn has_options(self) -> bool {
        matches!(self, FieldType::Dropdown | FieldType::MultiSelect)
    }
}

impl Serialize for FieldType {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_i64(self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_go_both_ways() {
        for entity in Entity::ALL {
            assert_eq!(Entity::from_name(entity.name()), Some(entity));
        }
        for (n, kind) in (1..).zip(FieldType::ALL) {
            assert_eq!((kind.number(), FieldType::from_number(n)), (n, Some(kind)));
        }
        assert_eq!(
            (Entity::from_name("case"), FieldType::from_number(11)),
            (None, None)
        );
    }
}
