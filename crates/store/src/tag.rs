//! Tags of a project, and its configurations.

use crate::access::Proof;
use crate::{Result, Row, Tx, args, statements};

statements! {
    TAGS = "SELECT id, name FROM tags WHERE project_id = $1 ORDER BY name_key, id";
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
