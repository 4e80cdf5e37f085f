//! Versions: every text that a case had, with what changed.

use super::{Case, Changed, Links, Values};
use crate::access::Proof;
use crate::automation::{from_json, to_json};
use crate::filter::{self, in_list};
use crate::{Arg, Bulk, Column, Result, Row, Tx, args, statements};
use model::{CaseId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// One text of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The id of the row; 0 for one that is not stored yet.
    pub id: i64,
    /// The case.
    pub case_id: CaseId,
    /// From 1.
    pub number: i64,
    /// All that can be restored, by name as the API has it; custom fields with `custom_` before their system name.
    pub content: Map<String, Value>,
    /// What differs from the version before; empty for the first one.
    pub changes: Vec<Change>,
    /// When it was made.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
}

/// One value that changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// As the API names it.
    pub field: String,
    /// Before; null for nothing.
    pub before: Value,
    /// After; null for nothing.
    pub after: Value,
}

statements! {
    INSERT = "INSERT INTO case_versions (case_id, version, content, changes, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6)";
    OF_CASES = concat!("SELECT id, case_id, version, '{}', changes, created_at, created_by FROM case_versions
        WHERE case_id IN ", in_list!("$1"), " ORDER BY case_id, version");
    OF_CASE = "SELECT v.id, v.case_id, v.version, v.content, v.changes, v.created_at, v.created_by
        FROM case_versions v JOIN cases c ON c.id = v.case_id
        WHERE c.id = $1 AND c.project_id = $2 ORDER BY v.version DESC LIMIT $3 OFFSET $4";
    GET = "SELECT v.id, v.case_id, v.version, v.content, v.changes, v.created_at, v.created_by
        FROM case_versions v JOIN cases c ON c.id = v.case_id
        WHERE c.id = $1 AND c.project_id = $2 AND v.version = $3";
}

const VERSIONS: Bulk = Bulk {
    insert: INSERT,
    copy: "COPY case_versions (case_id, version, content, changes, created_at, created_by) FROM STDIN (FORMAT binary)",
    columns: &[
        Column::I64,
        Column::I64,
        Column::Text,
        Column::Text,
        Column::I64,
        Column::I64,
    ],
};

/// All that can be restored.
fn content(values: &Values, links: &Links) -> Map<String, Value> {
    let mut content = Map::new();
    let mut put = |name: &str, value: Value| content.insert(name.to_owned(), value);
    put("name", json!(values.name));
    put("folder_id", json!(values.folder_id));
    put("template_id", json!(values.template_id));
    put("state_id", json!(values.state_id));
    put("status_id", json!(values.status_id));
    put("estimate", json!(values.estimate));
    put("tags", links.tags.iter().map(|(_, name)| name.as_str()).collect());
    put("issues", links.issues.iter().map(|i| i.id.0).collect());
    put(
        "automation_links",
        links.automation.iter().map(|a| a.id.0).collect(),
    );
    if let Some(set) = &values.data_set {
        put("data_set", json!(set));
    }
    for (name, value) in &values.custom {
        put(&format!("custom_{name}"), value.clone());
    }
    content
}

/// What differs between two contents, in the order of the names.
pub fn between(old: &Map<String, Value>, new: &Map<String, Value>) -> Vec<Change> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let value = |of: &Map<String, Value>, name: &str| of.get(name).cloned().unwrap_or_default();
    names
        .into_iter()
        .map(|name| Change {
            field: name.clone(),
            before: value(old, name),
            after: value(new, name),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

impl Version {
    pub(super) fn first(case: &Case, links: &Links) -> Version {
        Version {
            id: 0,
            case_id: case.id,
            number: case.version,
            content: content(&case.values, links),
            changes: Vec::new(),
            created_at: case.created_at,
            created_by: case.created_by,
        }
    }

    pub(super) fn next(changed: &Changed, new: &Case, now: Timestamp, user: UserId) -> Version {
        let old = content(&changed.old.values, &changed.old_links);
        let content = content(&changed.values, &changed.links);
        Version {
            id: 0,
            case_id: new.id,
            number: new.version,
            changes: between(&old, &content),
            content,
            created_at: now,
            created_by: Some(user),
        }
    }
}

/// What a change would change, by name as the API has it.
pub fn difference(changed: &Changed) -> Vec<Change> {
    between(
        &content(&changed.old.values, &changed.old_links),
        &content(&changed.values, &changed.links),
    )
}

pub(super) fn insert(tx: &mut Tx<'_>, versions: &[Version]) -> Result<()> {
    let texts: Vec<(String, String)> = versions
        .iter()
        .map(|v| (Value::from(v.content.clone()).to_string(), to_json(&v.changes)))
        .collect();
    let rows = versions
        .iter()
        .zip(&texts)
        .map(|(v, (content, changes))| -> [Arg<'_>; 6] {
            [
                v.case_id.0.into(),
                v.number.into(),
                content.into(),
                changes.into(),
                v.created_at.0.into(),
                v.created_by.map(|u| u.0).into(),
            ]
        });
    tx.bulk(&VERSIONS, rows).map(drop)
}

fn version(r: &Row<'_>) -> Result<Version> {
    Ok(Version {
        id: r.get(0)?,
        case_id: CaseId(r.get(1)?),
        number: r.get(2)?,
        content: serde_json::from_str(&r.get::<String>(3)?).unwrap_or_default(),
        changes: from_json(&r.get::<String>(4)?),
        created_at: Timestamp(r.get(5)?),
        created_by: r.get::<Option<i64>>(6)?.map(UserId),
    })
}

/// What changed in these cases and when, oldest first; contents are left out.
pub fn history(tx: &mut Tx<'_>, cases: &[CaseId]) -> Result<Vec<Version>> {
    let ids = filter::list(&cases.iter().map(|id| id.0).collect::<Vec<_>>());
    tx.all(OF_CASES, args![&ids], version)
}

/// Versions of a case of the project that was checked, newest first.
pub fn of_case(tx: &mut Tx<'_>, proof: &Proof, id: CaseId, limit: i64, offset: i64) -> Result<Vec<Version>> {
    tx.all(OF_CASE, args![id.0, proof.project().0, limit, offset], version)
}

/// One version of a case of the project that was checked.
pub fn get(tx: &mut Tx<'_>, proof: &Proof, id: CaseId, number: i64) -> Result<Option<Version>> {
    tx.opt(GET, args![id.0, proof.project().0, number], version)
}
