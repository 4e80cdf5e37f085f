//! What runs name: configurations and milestones of their project.

use super::from_json;
use crate::access::Proof;
use crate::{Result, Tx, args, statements};
use model::{ConfigId, MilestoneId};

statements! {
    CONFIG_BY_NAME = "SELECT id FROM configs WHERE project_id = $1 AND name = $2";
    CONFIG_BY_ID = "SELECT id FROM configs WHERE project_id = $1 AND id = $2";
    MILESTONE_BY_NAME = "SELECT id FROM milestones WHERE project_id = $1 AND name = $2 ORDER BY is_completed, id DESC LIMIT 1";
    MILESTONE_BY_ID = "SELECT id FROM milestones WHERE project_id = $1 AND id = $2";
    MILESTONE_TAGS = "SELECT id, automation_tags FROM milestones WHERE project_id = $1 AND NOT is_completed
        AND automation_tags <> '[]' ORDER BY id DESC";
}

/// A configuration of the project by id or, without one, by name. None: there is none such.
pub fn config(tx: &mut Tx<'_>, proof: &Proof, id: Option<i64>, name: &str) -> Result<Option<ConfigId>> {
    let project = proof.project().0;
    match id {
        Some(id) => tx.opt(CONFIG_BY_ID, args![project, id], |r| r.get(0).map(ConfigId)),
        None => tx.opt(CONFIG_BY_NAME, args![project, name], |r| r.get(0).map(ConfigId)),
    }
}

/// A milestone of the project by id or, without one, by name. None: there is none such.
pub fn milestone(tx: &mut Tx<'_>, proof: &Proof, id: Option<i64>, name: &str) -> Result<Option<MilestoneId>> {
    let project = proof.project().0;
    match id {
        Some(id) => tx.opt(MILESTONE_BY_ID, args![project, id], |r| r.get(0).map(MilestoneId)),
        None => tx.opt(MILESTONE_BY_NAME, args![project, name], |r| {
            r.get(0).map(MilestoneId)
        }),
    }
}

/// The newest open milestone one of whose automation tags is among `tags`.
pub fn milestone_by_tags(tx: &mut Tx<'_>, proof: &Proof, tags: &[String]) -> Result<Option<MilestoneId>> {
    if tags.is_empty() {
        return Ok(None);
    }
    let rows = tx.all(MILESTONE_TAGS, args![proof.project().0], |r| {
        Ok((MilestoneId(r.get(0)?), from_json::<String>(&r.get::<String>(1)?)))
    })?;
    Ok(rows
        .into_iter()
        .find(|(_, wanted)| wanted.iter().any(|w| tags.contains(w)))
        .map(|(id, _)| id))
}
