//! What clients send, as it is on the wire. Everything may be missing or null here; `input` says what is required.

use crate::wire::{Whole, list, objects};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A map of strings, whose values may be null.
fn meta<'de, D: Deserializer<'de>>(d: D) -> Result<Option<BTreeMap<String, String>>, D::Error> {
    let map = Option::<BTreeMap<String, Option<String>>>::deserialize(d)?;
    Ok(map.map(|m| m.into_iter().filter_map(|(k, v)| Some((k, v?))).collect()))
}

#[derive(Deserialize)]
pub(super) struct FieldIn {
    #[serde(rename = "type")]
    pub(super) kind: Option<Whole>,
    pub(super) name: Option<String>,
    pub(super) value: Option<String>,
    #[serde(default, deserialize_with = "meta")]
    pub(super) meta: Option<BTreeMap<String, String>>,
    pub(super) is_highlight: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct ArtifactIn {
    pub(super) name: Option<String>,
    pub(super) note: Option<String>,
    pub(super) url: Option<String>,
    pub(super) mime_type: Option<String>,
    pub(super) size: Option<Whole>,
}

#[derive(Deserialize)]
pub(super) struct LinkIn {
    pub(super) name: Option<String>,
    pub(super) note: Option<String>,
    pub(super) url: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct TestIn {
    pub(super) key: Option<String>,
    pub(super) name: Option<String>,
    pub(super) status: Option<String>,
    pub(super) folder: Option<String>,
    pub(super) elapsed: Option<Whole>,
    pub(super) file: Option<String>,
    pub(super) line: Option<Whole>,
    pub(super) assertions: Option<Whole>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) fields: Vec<FieldIn>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) artifacts: Vec<ArtifactIn>,
}

#[derive(Deserialize)]
pub(super) struct RunIn {
    pub(super) name: Option<String>,
    pub(super) source: Option<String>,
    pub(super) config: Option<String>,
    pub(super) config_id: Option<Whole>,
    pub(super) milestone: Option<String>,
    pub(super) milestone_id: Option<Whole>,
    #[serde(default, deserialize_with = "list")]
    pub(super) tags: Vec<String>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) fields: Vec<FieldIn>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) artifacts: Vec<ArtifactIn>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) links: Vec<LinkIn>,
}

/// What is added to a run.
#[derive(Deserialize)]
pub(super) struct AdditionsIn {
    #[serde(default, deserialize_with = "objects")]
    pub(super) fields: Vec<FieldIn>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) artifacts: Vec<ArtifactIn>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) links: Vec<LinkIn>,
}

/// What comes with a thread, new or appended to.
#[derive(Deserialize, Default)]
pub(super) struct ThreadIn {
    pub(super) elapsed_observed: Option<Whole>,
    pub(super) elapsed_computed: Option<Whole>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) fields: Vec<FieldIn>,
    #[serde(default, deserialize_with = "objects")]
    pub(super) artifacts: Vec<ArtifactIn>,
}

#[derive(Deserialize)]
pub(super) struct CompleteRunIn {
    pub(super) measure_elapsed: Option<bool>,
}

/// Refuses a value that a sink did not want, in serde's words.
pub(super) fn stop<E: serde::de::Error>() -> E {
    E::custom("stopped")
}
