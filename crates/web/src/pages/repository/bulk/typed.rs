//! What a form says: the deed, with the values that were given. What was left alone is left out.

use super::Kind;
use crate::pages::repository::case::typed::{estimate, one_issue, value};
use app::cases::{Change, Deed, Lists};
use app::custom::PREFIX;
use app::{Error, FieldError};
use model::{FieldType, FolderId, StateId, TemplateId};
use serde_json::{Value, json};
use store::field::Field;

/// What was sent.
#[derive(Debug, Clone, Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// The value of a field; empty when it is missing.
    pub fn one(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All values of a field.
    pub fn all<'t>(&'t self, name: &str) -> impl Iterator<Item = &'t str> {
        let name = name.to_owned();
        let found = self.0.iter().filter(move |(n, _)| *n == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a field shall be emptied.
    pub fn is_emptied(&self, name: &str) -> bool {
        self.all("empty").any(|field| field == name)
    }

    /// How many cases there were when the form was drawn.
    pub fn expected(&self) -> Option<i64> {
        self.one("expected").parse().ok()
    }

    /// What shall be done; everything that can't be understood at once.
    pub(super) fn deed(&self, kind: Kind, fields: &[Field]) -> Result<Deed, Error> {
        let mut wrong = Vec::new();
        let deed = match kind {
            Kind::Delete => Deed::Delete,
            Kind::Copy => Deed::Copy(self.folder(&mut wrong, true).flatten()),
            Kind::Move => Deed::Change(Box::new(Change {
                folder_id: self.folder(&mut wrong, true),
                ..Change::default()
            })),
            Kind::Tag => Deed::Change(Box::new(self.tags())),
            Kind::Change => Deed::Change(Box::new(self.change(fields, &mut wrong))),
        };
        if wrong.is_empty() {
            Ok(deed)
        } else {
            Err(Error::Invalid(wrong))
        }
    }

    fn folder(&self, wrong: &mut Vec<FieldError>, must_be: bool) -> Option<Option<FolderId>> {
        match self.one("folder_id").trim() {
            "" if must_be => wrong.push(FieldError::new("folder_id", "Choose a folder.")),
            "" => {}
            "0" => return Some(None),
            id => match id.parse() {
                Ok(id) => return Some(Some(id)),
                Err(_) => wrong.push(FieldError::new(
                    "folder_id",
                    "Give the ID of a folder, a number, or 0 for the root.",
                )),
            },
        }
        None
    }

    fn tags(&self) -> Change {
        let names = self
            .one("tags")
            .split(',')
            .map(str::trim)
            .filter(|t| !t.is_empty());
        let names: Vec<String> = names.map(str::to_owned).collect();
        let is_emptied = self.is_emptied("tags");
        Change {
            tags: (is_emptied || !names.is_empty()).then_some(names),
            tag_mode: match self.one("tag_mode") {
                _ if is_emptied => Lists::Replace,
                "remove" => Lists::Remove,
                "replace" => Lists::Replace,
                _ => Lists::Add,
            },
            ..Change::default()
        }
    }

    fn change(&self, fields: &[Field], wrong: &mut Vec<FieldError>) -> Change {
        let given = self.one("estimate").trim();
        let estimate = match estimate(given) {
            _ if self.is_emptied("estimate") => Some(None),
            Ok(None) => None,
            Ok(some) => Some(some),
            Err(()) => {
                let text = "Write the estimate as 6 min or 1 h 30 min.";
                wrong.push(FieldError::new("estimate", text));
                None
            }
        };
        let issue = one_issue(self.one("tracker"), self.one("issues"));
        let issue = issue.unwrap_or_else(|error| {
            wrong.push(error);
            None
        });
        let custom = fields.iter().filter_map(|field| {
            let name = format!("{PREFIX}{}", field.system_name);
            self.custom(field, &name).map(|value| (name, value))
        });
        Change {
            folder_id: self.folder(wrong, false),
            template_id: self.one("template_id").parse().ok().map(TemplateId),
            state_id: self.one("state_id").parse().ok().map(StateId),
            estimate,
            issues: issue.map(|issue| vec![issue]),
            issue_mode: Lists::Add,
            custom: custom.collect(),
            ..self.tags()
        }
    }

    /// The new value of a field; null empties it, none leaves it alone.
    fn custom(&self, field: &Field, name: &str) -> Option<Value> {
        if self.is_emptied(name) {
            return Some(Value::Null);
        }
        let sent: Vec<&str> = self.all(name).filter(|text| !text.trim().is_empty()).collect();
        let first = *sent.first()?;
        Some(match field.kind {
            FieldType::Checkbox => json!(first == "yes"),
            FieldType::Steps => steps(first),
            _ => value(field, &sent),
        })
    }
}

/// A step on each line: what to do, and behind a tab what should happen.
fn steps(text: &str) -> Value {
    let lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let step = |line: &str| {
        let (action, expected) = line.split_once('\t').unwrap_or((line, ""));
        let expected = Some(expected.trim()).filter(|e| !e.is_empty());
        json!({"id": null, "text1": action.trim(), "text3": expected})
    };
    lines.map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        Typed(
            pairs
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
        )
    }

    fn change(pairs: &[(&str, &str)]) -> Change {
        match typed(pairs).deed(Kind::Change, &[]) {
            Ok(Deed::Change(change)) => *change,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_left_alone_is_left_out() {
        let none = change(&[
            ("estimate", " "),
            ("tags", " , "),
            ("folder_id", ""),
            ("state_id", ""),
        ]);
        assert!(none.estimate.is_none() && none.tags.is_none() && none.folder_id.is_none());
        assert!(none.state_id.is_none() && none.issues.is_none() && none.custom.is_empty());
    }

    #[test]
    fn values_are_given_and_emptied() {
        let some = change(&[("estimate", "2 min"), ("folder_id", "0"), ("tags", "a, b")]);
        assert_eq!(some.estimate, Some(Some(120_000_000)));
        assert_eq!((some.folder_id, some.tag_mode), (Some(None), Lists::Add));
        assert_eq!(some.tags.unwrap(), ["a", "b"]);
        let emptied = change(&[("empty", "estimate"), ("estimate", "2 min"), ("empty", "tags")]);
        assert_eq!((emptied.estimate, emptied.tag_mode), (Some(None), Lists::Replace));
        assert!(emptied.tags.unwrap().is_empty());
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let wrong = [("estimate", "soon"), ("folder_id", "x"), ("issues", "SHOP-1")];
        let Err(Error::Invalid(errors)) = typed(&wrong).deed(Kind::Change, &[]) else {
            panic!("taken");
        };
        let fields: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["estimate", "issues", "folder_id"]);
        assert!(typed(&[]).deed(Kind::Move, &[]).is_err());
    }

    #[test]
    fn steps_come_from_lines() {
        let made = steps("Pay\tIt is paid\r\n\r\nLeave");
        assert_eq!(made[0]["text1"], "Pay");
        assert_eq!(made[0]["text3"], "It is paid");
        assert_eq!(
            (made[1]["text1"].as_str(), made[1]["text3"].is_null()),
            (Some("Leave"), true)
        );
    }
}
