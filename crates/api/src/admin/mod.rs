//! Our own resources for administrators, under `/api/attest/v1/`: Testmo has them in its pages only.

pub(crate) mod fields;
pub(crate) mod groups;
pub(crate) mod members;
pub(crate) mod roles;
pub(crate) mod settings;
pub(crate) mod states;
pub(crate) mod statuses;
pub(crate) mod templates;
pub(crate) mod users;

use crate::envelope::Only;
use crate::wire;
use app::Error;
use model::Entity;
use serde::{Deserialize, Serialize};

/// All ids of a list in their new order.
#[derive(Deserialize)]
struct OrderIn {
    entity: Option<String>,
    #[serde(default, deserialize_with = "wire::ids")]
    ids: Vec<i64>,
}

/// What something is made for, or put in order for.
fn entity(name: Option<&str>, allowed: &[Entity]) -> Result<Entity, Error> {
    let found = name.and_then(Entity::from_name).filter(|e| allowed.contains(e));
    found.ok_or_else(|| {
        let names: Vec<&str> = allowed.iter().map(|e| e.name()).collect();
        Error::field("entity", format!("Give an entity: {}.", names.join(", ")))
    })
}

/// The answer to a creation, as a repetition gets it too.
fn created<T: Serialize>(row: T) -> (u16, String) {
    (
        201,
        serde_json::to_string(&Only { result: row }).unwrap_or_default(),
    )
}
