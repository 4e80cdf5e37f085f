//! Our own resources for administrators, under `/api/attest/v1/`: Testmo has them in its pages only.

pub(crate) mod groups;
pub(crate) mod members;
pub(crate) mod roles;
pub(crate) mod settings;
pub(crate) mod users;

use crate::envelope::Only;
use serde::Serialize;

/// The answer to a creation, as a repetition gets it too.
fn created<T: Serialize>(row: T) -> (u16, String) {
    (
        201,
        serde_json::to_string(&Only { result: row }).unwrap_or_default(),
    )
}
