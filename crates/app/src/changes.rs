//! What all changes of the instance have in common: a version against lost updates, and an audit row with before and after.

use crate::{Actor, Error, Result};
use model::{ProjectId, Timestamp};
use serde_json::{Value, json};
use store::Tx;
use store::audit::Entry;
use store::user::write::Kind;

/// One change, for the audit log.
pub(crate) struct Noted<'a> {
    pub(crate) action: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) id: i64,
    pub(crate) name: &'a str,
    pub(crate) project: Option<ProjectId>,
    /// As it was; null for what is new.
    pub(crate) before: Value,
    /// As it is; null for what is gone.
    pub(crate) after: Value,
}

impl Actor {
    /// Writes the audit row of a change.
    pub(crate) fn note(&self, tx: &mut Tx<'_>, noted: &Noted<'_>, now: Timestamp) -> Result<()> {
        let mut detail = serde_json::Map::new();
        for (name, side) in [("before", &noted.before), ("after", &noted.after)] {
            if !side.is_null() {
                detail.insert(name.to_owned(), side.clone());
            }
        }
        let entry = self.entry(noted.action, noted.kind, now);
        Ok(store::audit::insert(
            tx,
            &Entry {
                project_id: noted.project,
                target_id: Some(noted.id),
                target_name: Some(noted.name.to_owned()),
                detail: (!detail.is_empty()).then(|| json!(detail).to_string()),
                ..entry
            },
        )?)
    }
}

/// Refuses a change that is based on another version than the present one.
pub(crate) fn refuse_stale(what: &str, wanted: Option<i64>, has: i64) -> Result<()> {
    match wanted {
        Some(wanted) if wanted != has => {
            let text = format!(
                "{what} has version {has}, but the change is based on version {wanted}. Read it again first."
            );
            Err(Error::Conflict("version_conflict", text))
        }
        _ => Ok(()),
    }
}

/// Refuses ids of things that do not exist.
pub(crate) fn refuse_unknown(tx: &mut Tx<'_>, field: &str, kind: Kind, ids: &[i64]) -> Result<()> {
    let unknown = store::user::write::unknown(tx, kind, ids)?;
    let Some(id) = unknown.first() else {
        return Ok(());
    };
    let what = match kind {
        Kind::Projects => "project",
        Kind::Users => "user",
        Kind::Groups => "group",
        Kind::Roles => "role",
    };
    Err(Error::field(
        field,
        format!("There is no {what} {id}. Choose another one."),
    ))
}

/// Refuses to delete what is in use; `uses` says by how many of what.
pub(crate) fn refuse_used(what: &str, uses: &[(i64, &str)], remedy: &str) -> Result<()> {
    let uses: Vec<String> = uses
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, by)| format!("{count} {by}"))
        .collect();
    if uses.is_empty() {
        return Ok(());
    }
    Err(Error::Conflict(
        "in_use",
        format!("{what} is used by {}. {remedy}", uses.join(", ")),
    ))
}
