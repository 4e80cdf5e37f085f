//! What the form of a case holds: read from a version, or from what was sent; and what of it is new.

use super::data;
use super::values::{Step, blocks};
use app::FieldError;
use app::cases::IssueRef;
use app::custom::PREFIX;
use model::clock::{HOUR, MINUTE, SECOND};
use model::{FieldType, FolderId, IntegrationId, StateId, TemplateId};
use serde_json::{Map, Value, json};
use store::field::Field;
use store::issue::Reference;
use store::shared_steps::MARK;

/// The values of the form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Typed {
    /// The title.
    pub name: String,
    /// The id of the folder; empty for the root.
    pub folder: String,
    /// Which fields it has.
    pub template: Option<i64>,
    /// Its state.
    pub state: Option<i64>,
    /// Such as `6 min`.
    pub estimate: String,
    /// Names with commas between them.
    pub tags: String,
    /// Ids of issues that it keeps.
    pub issues: Vec<i64>,
    /// An issue to be added: tracker with its project as `tracker` or `tracker:project`, and number.
    pub issue: (String, String),
    /// Values by system name.
    pub custom: Map<String, Value>,
    /// The data set, as [`data::read`] takes it.
    pub data: String,
}

impl Typed {
    /// As a version holds it.
    pub fn of_version(content: &Map<String, Value>) -> Typed {
        let text = |name: &str| {
            content
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let number = |name: &str| content.get(name).and_then(Value::as_i64);
        let list = |name: &str| {
            content
                .get(name)
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default()
        };
        let tags: Vec<String> = list("tags")
            .iter()
            .filter_map(|t| t.as_str().map(str::to_owned))
            .collect();
        let custom = content
            .iter()
            .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_owned(), value.clone())));
        Typed {
            name: text("name"),
            folder: number("folder_id").map(|id| id.to_string()).unwrap_or_default(),
            template: number("template_id"),
            state: number("state_id"),
            estimate: number("estimate")
                .map(crate::ui::text::duration)
                .unwrap_or_default(),
            tags: tags.join(", "),
            issues: list("issues").iter().filter_map(Value::as_i64).collect(),
            issue: Default::default(),
            custom: custom.collect(),
            data: data::written(
                content
                    .get("data_set")
                    .and_then(|v| serde_json::from_value(v.clone()).ok())
                    .as_ref(),
            ),
        }
    }

    /// As it was sent, for a case with these fields.
    pub fn of_form(pairs: &[(String, String)], fields: &[&Field]) -> Typed {
        let all = |name: &str| -> Vec<&str> {
            pairs
                .iter()
                .filter(|(n, _)| n == name)
                .map(|(_, v)| v.as_str())
                .collect()
        };
        let one = |name: &str| all(name).first().copied().unwrap_or_default().to_owned();
        let custom = fields.iter().filter_map(|field| {
            let name = format!("{PREFIX}{}", field.system_name);
            let value = match field.kind {
                FieldType::Steps => sent_steps(pairs, &name),
                _ => value(field, &all(&name)),
            };
            (!value.is_null()).then(|| (field.system_name.clone(), value))
        });
        Typed {
            name: one("name"),
            folder: one("folder"),
            template: one("template").parse().ok(),
            state: one("state").parse().ok(),
            estimate: one("estimate"),
            tags: one("tags"),
            issues: all("issue").iter().filter_map(|id| id.parse().ok()).collect(),
            issue: (one("tracker"), one("issue_number")),
            custom: custom.collect(),
            data: one("data_set").replace("\r\n", "\n"),
        }
    }

    /// Takes over what somebody else changed since `base`, where it was left alone here.
    pub fn merge(&mut self, base: &Typed, theirs: &Typed) {
        fn one<T: PartialEq + Clone>(mine: &mut T, base: &T, theirs: &T) {
            if mine == base {
                mine.clone_from(theirs);
            }
        }
        one(&mut self.name, &base.name, &theirs.name);
        one(&mut self.folder, &base.folder, &theirs.folder);
        one(&mut self.template, &base.template, &theirs.template);
        one(&mut self.state, &base.state, &theirs.state);
        one(&mut self.estimate, &base.estimate, &theirs.estimate);
        one(&mut self.tags, &base.tags, &theirs.tags);
        one(&mut self.issues, &base.issues, &theirs.issues);
        one(&mut self.data, &base.data, &theirs.data);
        let names: Vec<String> = base.custom.keys().chain(theirs.custom.keys()).cloned().collect();
        for name in names {
            if same(self.custom.get(&name), base.custom.get(&name)) {
                match theirs.custom.get(&name) {
                    Some(value) => self.custom.insert(name, value.clone()),
                    None => self.custom.remove(&name),
                };
            }
        }
    }

    /// Values of fields that differ from `base`, by their names for programs; null for those that are gone.
    pub fn changed(&self, base: &Typed, fields: &[&Field]) -> Map<String, Value> {
        let differs = fields.iter().filter_map(|field| {
            let (old, new) = (
                base.custom.get(&field.system_name),
                self.custom.get(&field.system_name),
            );
            let name = format!("{PREFIX}{}", field.system_name);
            (!same(old, new)).then(|| (name, new.cloned().unwrap_or_default()))
        });
        differs.collect()
    }

    /// The names of the tags.
    pub fn tag_names(&self) -> Vec<String> {
        let names = self.tags.split(',').map(str::trim).filter(|t| !t.is_empty());
        names.map(str::to_owned).collect()
    }

    /// The folder; none is the root. `Err` for what is no id.
    pub(crate) fn folder_id(&self) -> Result<Option<FolderId>, ()> {
        match self.folder.trim() {
            "" => Ok(None),
            id => id.parse().map(Some).map_err(drop),
        }
    }

    /// The template.
    pub fn template_id(&self) -> Option<TemplateId> {
        self.template.map(TemplateId)
    }

    /// The state.
    pub fn state_id(&self) -> Option<StateId> {
        self.state.map(StateId)
    }
}

/// Whether two values say the same. A box that is not ticked may be stored or not; steps count by their texts.
fn same(a: Option<&Value>, b: Option<&Value>) -> bool {
    let is_nothing = |v: Option<&Value>| v.is_none_or(|v| v.is_null() || *v == Value::Bool(false));
    let is_steps = |v: Option<&Value>| {
        v.and_then(Value::as_array)
            .is_some_and(|l| l.iter().any(Value::is_object))
    };
    if is_steps(a) && is_steps(b) {
        return a.map(blocks) == b.map(blocks);
    }
    a == b || is_nothing(a) && is_nothing(b)
}

/// The value of a field of one line or of a choice, as forms send it. What makes no sense stays as it was typed.
pub(crate) fn value(field: &Field, sent: &[&str]) -> Value {
    let first = sent.first().copied().unwrap_or_default();
    match field.kind {
        FieldType::Checkbox => Value::Bool(!sent.is_empty()),
        FieldType::MultiSelect if sent.is_empty() => Value::Null,
        FieldType::MultiSelect => sent.iter().map(|id| number(id)).collect(),
        _ if first.trim().is_empty() => Value::Null,
        FieldType::Integer | FieldType::Dropdown => number(first),
        FieldType::Float => first
            .trim()
            .parse::<f64>()
            .map_or_else(|_| json!(first), |n| json!(n)),
        // Browsers send line ends as CR LF.
        FieldType::Text => json!(first.replace("\r\n", "\n")),
        _ => json!(first.trim()),
    }
}

/// A whole number; what is none stays as it was typed, and is refused where it is checked.
fn number(text: &str) -> Value {
    text.trim()
        .parse::<i64>()
        .map_or_else(|_| json!(text), |n| json!(n))
}

/// Steps as forms send them: a list of values for each column.
pub(crate) fn sent_steps(pairs: &[(String, String)], name: &str) -> Value {
    let column = |column: &str| -> Vec<String> {
        let full = format!("{name}.{column}");
        pairs
            .iter()
            .filter(|(n, _)| *n == full)
            .map(|(_, v)| v.replace("\r\n", "\n"))
            .collect()
    };
    let [ids, one, two, three, four, shared] = ["id", "text1", "text2", "text3", "text4", MARK].map(column);
    let text = |list: &[String], n: usize| list.get(n).filter(|t| !t.is_empty()).cloned();
    let steps: Vec<Value> = (0..one.len())
        .map(|n| {
            let number = |list: &[String]| list.get(n).and_then(|id| id.parse::<i64>().ok());
            json!({"id": number(&ids), "text1": text(&one, n), "text2": text(&two, n), "text3": text(&three, n),
                "text4": text(&four, n), MARK: number(&shared)})
        })
        .collect();
    if steps.is_empty() {
        Value::Null
    } else {
        Value::Array(steps)
    }
}

/// Does what a button of the step editor says, such as `up:steps:2`, or `shared:steps:7` for the shared steps 7; false when it
/// says something else.
pub fn edit_steps(typed: &mut Typed, deed: &str) -> bool {
    let mut parts = deed.split(':');
    let (Some(deed), Some(name), at) = (parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let at = at.and_then(|n| n.parse::<usize>().ok()).unwrap_or(0);
    let mut list: Vec<Step> = typed.custom.get(name).map(blocks).unwrap_or_default();
    match deed {
        "shared" => list.push(Step {
            shared: i64::try_from(at).ok(),
            ..Step::default()
        }),
        "add" => list.push(Step::default()),
        "copy" if at < list.len() => {
            let copy = Step {
                id: None,
                ..list[at].clone()
            };
            list.insert(at + 1, copy);
        }
        "remove" if at < list.len() => drop(list.remove(at)),
        "up" if at > 0 && at < list.len() => list.swap(at, at - 1),
        "down" if at + 1 < list.len() => list.swap(at, at + 1),
        "up" | "down" => {}
        _ => return false,
    }
    let value = list.into_iter().map(|s| {
        json!({"id": s.id, "text1": s.action, "text2": s.others[0], "text3": s.expected, "text4": s.others[1],
            MARK: s.shared})
    });
    typed.custom.insert(name.to_owned(), value.collect());
    true
}

/// An issue that was named by tracker, as `tracker` or `tracker:project`, and number; none without a number.
pub(crate) fn one_issue(tracker: &str, number: &str) -> Result<Option<IssueRef>, FieldError> {
    let number = number.trim();
    if number.is_empty() {
        return Ok(None);
    }
    let (tracker, of) = tracker.split_once(':').unwrap_or((tracker, ""));
    match tracker.parse() {
        Ok(id) => Ok(Some(IssueRef::Named(Reference {
            integration_id: IntegrationId(id),
            connection_project_id: of.parse().ok(),
            display_id: number.to_owned(),
        }))),
        Err(_) => Err(FieldError::new("issues", "Choose the tracker of the issue.")),
    }
}

/// An estimate such as `6 min`, `1 h 30 min`, `1.5h`, `90 s`; a number alone counts minutes. Microseconds.
pub(crate) fn estimate(text: &str) -> Result<Option<i64>, ()> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Ok(None);
    }
    let mut total = 0.0_f64;
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(rest.len());
        let amount: f64 = rest[..end].parse().map_err(drop)?;
        rest = rest[end..].trim_start();
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let unit = match &rest[..end] {
            "" | "m" | "min" | "mins" | "minutes" | "minute" => MINUTE,
            "h" | "hour" | "hours" => HOUR,
            "s" | "sec" | "seconds" | "second" => SECOND,
            "ms" => SECOND / 1000,
            "d" | "day" | "days" => 24 * HOUR,
            _ => return Err(()),
        };
        #[expect(clippy::cast_precision_loss, reason = "units are small")]
        let unit = unit as f64;
        total += amount * unit;
        rest = rest[end..].trim_start();
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "saturates, and too much is refused where it is checked"
    )]
    Ok(Some(total.round() as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates() {
        for (text, expected) in [
            ("", Ok(None)),
            ("6", Ok(Some(6 * MINUTE))),
            ("6 min", Ok(Some(6 * MINUTE))),
            ("1 h 30 min", Ok(Some(90 * MINUTE))),
            ("1.5h", Ok(Some(90 * MINUTE))),
            ("2 Hours", Ok(Some(2 * HOUR))),
            ("90 s", Ok(Some(90 * SECOND))),
            ("soon", Err(())),
            ("5 weeks", Err(())),
            ("-3", Err(())),
        ] {
            assert_eq!(estimate(text), expected, "{text}");
        }
    }

    #[test]
    fn steps_are_edited() {
        let texts =
            |t: &Typed| -> Vec<String> { blocks(&t.custom["steps"]).into_iter().map(|s| s.action).collect() };
        let mut typed = Typed::default();
        typed.custom.insert(
            "steps".to_owned(),
            json!([{"id": 1, "text1": "a"}, {"id": 2, "text1": "b"}]),
        );
        assert!(edit_steps(&mut typed, "down:steps:0"));
        assert_eq!(texts(&typed), ["b", "a"]);
        assert!(edit_steps(&mut typed, "copy:steps:1"));
        assert_eq!(texts(&typed), ["b", "a", "a"]);
        assert_eq!(blocks(&typed.custom["steps"])[2].id, None);
        assert!(edit_steps(&mut typed, "remove:steps:0"));
        assert!(edit_steps(&mut typed, "add:steps"));
        assert!(edit_steps(&mut typed, "up:steps:0"), "the first stays");
        assert_eq!(texts(&typed), ["a", "a", ""]);
        assert!(!edit_steps(&mut typed, "save") && !edit_steps(&mut typed, "remove:steps:9"));
    }

    #[test]
    fn what_others_changed_is_kept() {
        let base = Typed {
            name: "Pay".to_owned(),
            tags: "a".to_owned(),
            ..Typed::default()
        };
        let mut theirs = base.clone();
        theirs.tags = "a, b".to_owned();
        theirs.name = "Pay now".to_owned();
        theirs.custom.insert("risk".to_owned(), json!(3));
        let mut mine = base.clone();
        mine.name = "Pay later".to_owned();
        mine.merge(&base, &theirs);
        assert_eq!((mine.name.as_str(), mine.tags.as_str()), ("Pay later", "a, b"));
        assert_eq!(mine.custom["risk"], 3);
    }
}
