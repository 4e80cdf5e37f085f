//! What clients send for sessions.

use crate::issues::{self, IssueIn};
use crate::wire::{Whole, nullable};
use app::custom::PREFIX;
use app::sessions::Change;
use model::{ConfigId, MilestoneId, StateId, TemplateId, UserId};
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// The fields that every session has.
#[derive(Deserialize)]
pub(super) struct ChangeIn {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    template_id: Option<Whole>,
    #[serde(default)]
    state_id: Option<Whole>,
    #[serde(default, deserialize_with = "nullable")]
    config_id: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    milestone_id: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    assignee_id: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    estimate: Option<Option<Whole>>,
    #[serde(default, deserialize_with = "nullable")]
    elapsed: Option<Option<Whole>>,
    #[serde(default)]
    is_started: Option<bool>,
    #[serde(default)]
    is_closed: Option<bool>,
    #[serde(default, deserialize_with = "nullable")]
    tags: Option<Option<Vec<String>>>,
    #[serde(default, deserialize_with = "nullable")]
    issues: Option<Option<Vec<IssueIn>>>,
    #[serde(default)]
    version: Option<Whole>,
}

/// The custom fields beside them, by `custom_` and system name.
pub(super) struct CustomIn(Map<String, Value>);

impl<'de> Deserialize<'de> for CustomIn {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<CustomIn, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = CustomIn;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CustomIn, A::Error> {
                let mut custom = Map::new();
                while let Some(key) = map.next_key::<String>()? {
                    if key.starts_with(PREFIX) {
                        custom.insert(key, map.next_value()?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(CustomIn(custom))
            }
        }
        d.deserialize_map(V)
    }
}

/// The change that a body asks for. 0 and null mean none.
pub(super) fn change(c: ChangeIn, custom: CustomIn) -> Change {
    let id = |id: Option<Whole>| id.map(|id| id.0).filter(|id| *id != 0);
    Change {
        name: c.name,
        template_id: c.template_id.map(|id| TemplateId(id.0)),
        state_id: c.state_id.map(|id| StateId(id.0)),
        config_id: c.config_id.map(|c| id(c).map(ConfigId)),
        milestone_id: c.milestone_id.map(|m| id(m).map(MilestoneId)),
        assignee_id: c.assignee_id.map(|u| id(u).map(UserId)),
        estimate: c.estimate.map(|time| time.map(|t| t.0)),
        elapsed: c.elapsed.map(|time| time.map(|t| t.0)),
        is_started: c.is_started,
        is_closed: c.is_closed,
        tags: c.tags.map(Option::unwrap_or_default),
        issues: issues::named(c.issues),
        custom: custom.0,
        version: c.version.map(|v| v.0),
    }
}
