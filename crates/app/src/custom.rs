//! Values of custom fields: which a template has, and what each type takes (contract §4.5).

use crate::clean::Clean;
use crate::{Error, Result};
use model::{Action, Area, Entity, FieldType, Right, Rights, TemplateId, text};
use serde_json::{Map, Value, json};
use store::Tx;
use store::access::{Denied, Proof};
use store::field::Field;
use store::shared_steps::MARK;
use store::template::Template;

/// Before the system name of a custom field, wherever programs see it.
pub const PREFIX: &str = "custom_";

/// Most characters of one line.
const LINE_MAX: usize = 255;
/// Most characters of a text.
const TEXT_MAX: usize = 100_000;
/// Most characters of an address.
const LINK_MAX: usize = 2000;
/// Most steps of a case.
pub(crate) const STEPS_MAX: usize = 1000;
/// The four columns of a step.
pub(crate) const COLUMNS: [&str; 4] = ["text1", "text2", "text3", "text4"];

/// The fields and templates of an entity in a project, as far as the caller may look at them.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    /// The fields.
    pub fields: Vec<Field>,
    /// The templates.
    pub templates: Vec<Template>,
    rights: Rights,
}

/// The area of the restricted fields of an entity.
fn restricted(entity: Entity) -> Area {
    match entity {
        Entity::RunResult => Area::RestrictedResultFields,
        Entity::Case | Entity::Run | Entity::Session => Area::RestrictedCaseFields,
    }
}

impl Schema {
    /// Reads it; fields that the caller may not look at are left out.
    pub(crate) fn load(tx: &mut Tx<'_>, proof: &Proof, entity: Entity) -> Result<Schema> {
        let rights = proof.rights();
        let sees = rights.has(Right(restricted(entity), Action::View));
        let mut fields = store::field::of_project(tx, proof, Some(entity))?;
        fields.retain(|f| f.is_active && (sees || !f.is_restricted));
        let templates = store::template::of_project(tx, proof, entity)?;
        Ok(Schema {
            fields,
            templates,
            rights,
        })
    }

    /// The template with this id.
    pub fn template(&self, id: TemplateId) -> Option<&Template> {
        self.templates.iter().find(|t| t.id == id)
    }

    /// The template of what is made without naming one.
    pub(crate) fn default_template(&self) -> Option<&Template> {
        let default = self.templates.iter().find(|t| t.is_default);
        default.or_else(|| self.templates.first())
    }

    /// The fields of a template in its order; of all fields when there is no such template any more.
    pub fn fields_of(&self, id: TemplateId) -> Vec<&Field> {
        match self.template(id) {
            None => self.fields.iter().collect(),
            Some(template) => template
                .fields
                .iter()
                .filter_map(|id| self.fields.iter().find(|f| f.id == *id))
                .collect(),
        }
    }

    /// A refusal that names the templates there are.
    pub(crate) fn no_template(&self, id: TemplateId) -> String {
        let known = self.templates.iter().map(|t| format!("{} {}", t.id, t.name));
        let known = known.collect::<Vec<_>>().join(", ");
        format!("There is no template {id} in this project. The templates are: {known}.")
    }

    /// Removes values that the caller may not look at.
    pub(crate) fn hide(&self, custom: &mut Map<String, Value>) {
        custom.retain(|name, _| self.fields.iter().any(|f| f.system_name == *name));
    }

    /// The values of something new: those given, else the defaults. Required ones must be there.
    pub(crate) fn fill(
        &self,
        template: TemplateId,
        given: &Map<String, Value>,
        at: &str,
        clean: &mut Clean,
    ) -> Result<Map<String, Value>> {
        let mut values = Map::new();
        for field in self.fields_of(template) {
            let default = field.default_value.as_deref().map(serde_json::from_str::<Value>);
            if let Some(Ok(default)) = default
                && !default.is_null()
                && let Ok(Some(default)) = value(field, default)
            {
                values.insert(field.system_name.clone(), default);
            }
        }
        self.change(template, &mut values, given, at, clean)?;
        for field in self.fields_of(template) {
            let name = format!("{PREFIX}{}", field.system_name);
            if field.is_required && !values.contains_key(&field.system_name) && !given.contains_key(&name) {
                clean.refuse(&format!("{at}{name}"), is_required(field));
            }
        }
        Ok(values)
    }

    /// Gives `values` what was given. [`Error::Denied`] for restricted fields without the right to them.
    pub(crate) fn change(
        &self,
        template: TemplateId,
        values: &mut Map<String, Value>,
        given: &Map<String, Value>,
        at: &str,
        clean: &mut Clean,
    ) -> Result<()> {
        let fields = self.fields_of(template);
        for (name, new) in given {
            let system_name = name.strip_prefix(PREFIX).unwrap_or(name);
            let Some(field) = fields.iter().find(|f| f.system_name == system_name) else {
                clean.refuse(&format!("{at}{name}"), no_field(&fields, name));
                continue;
            };
            match value(field, new.clone()) {
                Err(text) => clean.refuse(&format!("{at}{name}"), text),
                Ok(new) if new.as_ref() == values.get(system_name) && !field.is_required => {}
                Ok(None) if field.is_required => clean.refuse(&format!("{at}{name}"), is_required(field)),
                Ok(new) => {
                    let right = Right(restricted(field.entity), Action::Edit);
                    if field.is_restricted && !self.rights.has(right) {
                        return Err(Error::Denied(Denied::Missing(right)));
                    }
                    match new {
                        Some(new) => values.insert(system_name.to_owned(), new),
                        None => values.remove(system_name),
                    };
                }
            }
        }
        Ok(())
    }
}

fn is_required(field: &Field) -> String {
    format!(
        "The field {} is required in this project. Give it a value.",
        field.name
    )
}

fn no_field(fields: &[&Field], name: &str) -> String {
    let known = fields.iter().map(|f| format!("{PREFIX}{}", f.system_name));
    let known = known.collect::<Vec<_>>().join(", ");
    format!("There is no field {name} in this template. It has: {known}.")
}

/// A value as it is stored; none for one that is empty. `Err` says what the field takes.
pub(crate) fn value(field: &Field, given: Value) -> Result<Option<Value>, String> {
    let name = &field.name;
    if given.is_null() {
        return Ok(None);
    }
    match field.kind {
        FieldType::String => line(name, given, LINE_MAX),
        FieldType::Text => long_text(name, given),
        FieldType::Integer => match whole(&given) {
            Some(n) => Ok(Some(n.into())),
            None => Err(format!("The {name} must be a whole number.")),
        },
        FieldType::Float if given.is_number() => Ok(Some(given)),
        FieldType::Float => Err(format!("The {name} must be a number.")),
        FieldType::Checkbox => match (given.as_bool(), whole(&given)) {
            (Some(yes), _) => Ok(Some(yes.into())),
            (_, Some(n @ 0..=1)) => Ok(Some((n == 1).into())),
            _ => Err(format!("The {name} must be true or false.")),
        },
        FieldType::Date => match line(name, given, 10)? {
            Some(Value::String(day)) if !text::is_day(&day) => {
                Err(format!("The {name} must be a day such as 2026-11-30."))
            }
            day => Ok(day),
        },
        FieldType::Link => match line(name, given, LINK_MAX)? {
            Some(Value::String(url)) if !(url.starts_with("https://") || url.starts_with("http://")) => Err(
                format!("The {name} must be an address that begins with https:// or http://."),
            ),
            url => Ok(url),
        },
        FieldType::Dropdown => match whole(&given) {
            Some(id) if has_option(field, id) => Ok(Some(id.into())),
            _ => Err(options(field, "one")),
        },
        FieldType::MultiSelect => {
            let ids: Option<Vec<i64>> = given.as_array().and_then(|all| all.iter().map(whole).collect());
            let mut ids = ids
                .filter(|ids| ids.iter().all(|id| has_option(field, *id)))
                .ok_or_else(|| options(field, "a list"))?;
            ids.sort_unstable();
            ids.dedup();
            Ok((!ids.is_empty()).then(|| ids.into()))
        }
        FieldType::Steps => steps(name, &given, field.entity == Entity::Case),
    }
}

fn whole(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and in range")]
    let of_float = |n: f64| (n.fract() == 0.0 && n.abs() < 9e15).then_some(n as i64);
    value.as_i64().or_else(|| value.as_f64().and_then(of_float))
}

fn has_option(field: &Field, id: i64) -> bool {
    field.options.iter().any(|o| o.id.0 == id)
}

fn options(field: &Field, how_many: &str) -> String {
    let known = field.options.iter().map(|o| format!("{} {}", o.id, o.value));
    let known = known.collect::<Vec<_>>().join(", ");
    format!(
        "The {} must be {how_many} of the option ids: {known}.",
        field.name
    )
}

fn line(name: &str, given: Value, max: usize) -> Result<Option<Value>, String> {
    let Value::String(given) = given else {
        return Err(format!("The {name} must be a text."));
    };
    let given = given.trim();
    if given.is_empty() {
        return Ok(None);
    }
    match text::name(given, max) {
        Ok(line) => Ok(Some(line.into())),
        Err(refused) => Err(format!("The {name} {refused}.")),
    }
}

fn long_text(name: &str, given: Value) -> Result<Option<Value>, String> {
    let Value::String(given) = given else {
        return Err(format!("The {name} must be a text."));
    };
    if given.chars().nth(TEXT_MAX).is_some() {
        return Err(format!("The {name} may have at most {TEXT_MAX} characters."));
    }
    Ok((!given.trim().is_empty()).then(|| text::storable(given).into()))
}

/// Steps as they are stored: with an id each, in their order. Steps without any text are left out, unless they stand for
/// shared ones, where `can_share`.
pub(crate) fn steps(name: &str, given: &Value, can_share: bool) -> Result<Option<Value>, String> {
    let wrong = || {
        format!(
            "The {name} must be a list of steps such as {{\"text1\": \"action\", \"text3\": \"expected\"}}."
        )
    };
    let list = given.as_array().ok_or_else(wrong)?;
    if list.len() > STEPS_MAX {
        return Err(format!("The {name} may have at most {STEPS_MAX} steps."));
    }
    let mut steps = Vec::with_capacity(list.len());
    for step in list {
        let step = step.as_object().ok_or_else(wrong)?;
        let mut texts = Map::new();
        for column in COLUMNS {
            let text = step.get(column).cloned().filter(|v| !v.is_null());
            let text = text.map_or(Ok(None), |text| long_text(&format!("{column} of a step"), text))?;
            texts.insert(column.to_owned(), text.unwrap_or_default());
        }
        let shared = step.get(MARK).and_then(whole).filter(|_| can_share);
        let has_text = texts.values().any(|t| !t.is_null());
        if let Some(id) = shared {
            texts.insert(MARK.to_owned(), json!(id));
        }
        if has_text || shared.is_some() {
            let place = step.get("display_order").and_then(whole);
            steps.push((place, step.get("id").and_then(whole), texts));
        }
    }
    if steps.iter().all(|(place, ..)| place.is_some()) {
        steps.sort_by_key(|(place, ..)| *place);
    }
    Ok((!steps.is_empty()).then(|| numbered(steps)))
}

/// A step as it came: its place and its id, where given, and its texts.
pub(crate) type Step = (Option<i64>, Option<i64>, Map<String, Value>);

/// Steps keep the ids that they came with, as long as these are theirs alone; others get the next free ones.
pub(crate) fn numbered(steps: Vec<Step>) -> Value {
    let mut taken: Vec<i64> = Vec::with_capacity(steps.len());
    let ids: Vec<Option<i64>> = steps
        .iter()
        .map(|(_, id, _)| {
            let id = id.filter(|id| *id > 0 && !taken.contains(id));
            taken.extend(id);
            id
        })
        .collect();
    let mut next = taken.iter().max().map_or(1, |max| max.saturating_add(1));
    let numbered = steps.into_iter().zip(ids).map(|((_, _, mut texts), id)| {
        let id = id.unwrap_or_else(|| {
            next += 1;
            next - 1
        });
        texts.insert("id".to_owned(), json!(id));
        Value::Object(texts)
    });
    numbered.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{FieldId, OptionId};
    use store::field::FieldOption;

    fn field(kind: FieldType) -> Field {
        let option = |id, value: &str| FieldOption {
            id: OptionId(id),
            value: value.to_owned(),
            color: None,
        };
        Field {
            id: FieldId(1),
            entity: Entity::Case,
            kind,
            name: "Risk".to_owned(),
            system_name: "risk".to_owned(),
            note: None,
            is_active: true,
            is_compact: false,
            include_all: true,
            is_required: false,
            is_restricted: false,
            default_value: None,
            display_order: 1,
            options: vec![option(4, "High"), option(7, "Low")],
        }
    }

    #[test]
    fn each_type_takes_its_values() {
        let takes: [(FieldType, Value, Value); 14] = [
            (FieldType::String, json!(" one line "), json!("one line")),
            (FieldType::String, json!("  "), Value::Null),
            (FieldType::Text, json!("two\nlines"), json!("two\nlines")),
            (FieldType::Integer, json!(12.0), json!(12)),
            (FieldType::Float, json!(1.5), json!(1.5)),
            (FieldType::Checkbox, json!(1), json!(true)),
            (FieldType::Checkbox, json!(false), json!(false)),
            (FieldType::Date, json!("2026-02-28"), json!("2026-02-28")),
            (
                FieldType::Link,
                json!("https://example.com"),
                json!("https://example.com"),
            ),
            (FieldType::Dropdown, json!(7), json!(7)),
            (FieldType::MultiSelect, json!([7, 4, 7]), json!([4, 7])),
            (FieldType::MultiSelect, json!([]), Value::Null),
            (FieldType::Steps, json!([]), Value::Null),
            (FieldType::Text, Value::Null, Value::Null),
        ];
        for (kind, given, stored) in takes {
            let taken = value(&field(kind), given.clone());
            assert_eq!(
                taken,
                Ok(Some(stored).filter(|v| !v.is_null())),
                "{kind:?} {given}"
            );
        }
    }

    #[test]
    fn each_type_says_what_it_takes() {
        let refused = [
            (FieldType::String, json!(5), "The Risk must be a text."),
            (FieldType::Integer, json!(1.5), "The Risk must be a whole number."),
            (FieldType::Float, json!("1.5"), "The Risk must be a number."),
            (
                FieldType::Checkbox,
                json!("yes"),
                "The Risk must be true or false.",
            ),
            (
                FieldType::Date,
                json!("2026-02-30"),
                "The Risk must be a day such as 2026-11-30.",
            ),
            (
                FieldType::Link,
                json!("javascript:alert(1)"),
                "The Risk must be an address that begins with https:// or http://.",
            ),
            (
                FieldType::Dropdown,
                json!(5),
                "The Risk must be one of the option ids: 4 High, 7 Low.",
            ),
            (
                FieldType::MultiSelect,
                json!(4),
                "The Risk must be a list of the option ids: 4 High, 7 Low.",
            ),
            (
                FieldType::Steps,
                json!(["do it"]),
                "The Risk must be a list of steps such as {\"text1\": \"action\", \"text3\": \"expected\"}.",
            ),
        ];
        for (kind, given, text) in refused {
            assert_eq!(value(&field(kind), given), Err(text.to_owned()));
        }
    }

    #[test]
    fn steps_keep_their_ids_and_follow_their_order() {
        let given = json!([
            {"text1": "second", "display_order": 2, "id": 9},
            {"text1": "first", "text3": "seen", "display_order": 1},
            {"text1": "  ", "display_order": 3},
            {"text1": "third", "display_order": 4, "id": 9},
        ]);
        let stored = value(&field(FieldType::Steps), given).unwrap().unwrap();
        let steps: Vec<(i64, &str)> = stored
            .as_array()
            .unwrap()
            .iter()
            .map(|s| (s["id"].as_i64().unwrap(), s["text1"].as_str().unwrap()))
            .collect();
        assert_eq!(steps, [(10, "first"), (9, "second"), (11, "third")]);
        assert_eq!(stored[0]["text3"], "seen");
        assert!(stored[0]["text2"].is_null());
    }
}
