//! Tags of a project, and its configurations.

use crate::access::Proof;
use crate::{Result, Row, Tx, args, statements};
use model::TagId;
use serde_json::{Value, json};
use std::collections::HashMap;

statements! {
    TAGS = "SELECT id, name FROM tags WHERE project_id = $1 ORDER BY name_key, id";
    INSERT = "INSERT INTO tags (project_id, name, name_key)
        SELECT CAST($1 AS BIGINT), value ->> 'name', value ->> 'key' FROM json_each(CAST($2 AS TEXT)) WHERE TRUE
        ON CONFLICT (project_id, name_key) DO NOTHING";
    FIND = "SELECT t.id, t.name, t.name_key FROM tags t WHERE t.project_id = $1
        AND t.name_key IN (SELECT value ->> 'key' FROM json_each(CAST($2 AS TEXT)))";
    CONFIGS = "SELECT id, name FROM configs WHERE project_id = $1 ORDER BY name, id";
}

fn named(r: &Row<'_>) -> Result<(i64, String)> {
    Ok((r.get(0)?, r.get(1)?))
}

/// Ids and names of the tags of the project that was checked, by name.
pub fn of_project(tx: &mut Tx<'_>, proof: &Proof) -> Result<Vec<(i64, String)>> {
    tx.all(TAGS, args![proof.project().0], named)
}

/// Ids and names of its configurations, by name.
pub fn configs(tx: &mut Tx<'_>, proof: &Proof) -> Result<Vec<(i64, String)>> {
    tx.all(CONFIGS, args![proof.project().0], named)
}

/// Tags by name in lower case; those that the project does not have are made. A tag keeps the spelling of its first use.
pub fn resolve(tx: &mut Tx<'_>, proof: &Proof, names: &[String]) -> Result<HashMap<String, (TagId, String)>> {
    if names.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Value> = names
        .iter()
        .map(|name| json!({"name": name, "key": name.to_lowercase()}))
        .collect();
    let rows = Value::from(rows).to_string();
    let project = proof.project().0;
    tx.execute(INSERT, args![project, &rows])?;
    let found = tx.all(FIND, args![project, &rows], |r| {
        Ok((r.get(2)?, (TagId(r.get(0)?), r.get(1)?)))
    })?;
    Ok(found.into_iter().collect())
}
