//! Runs that stay live: what they choose cases by, and which of them have not seen the newest changes of cases.

use super::Run;
use super::test::{add, size};
use crate::access::Proof;
use crate::case::{self, Filter};
use crate::{Result, Tx, args, statements, tree};
use model::page::PageRequest;
use model::{FolderId, RunId};
use serde::{Deserialize, Serialize};

/// What a live run chooses cases by; nothing given leaves nothing out. Only cases whose state flows into runs are taken.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Live {
    /// In this folder or below it.
    pub folder_id: Option<FolderId>,
    /// With all these words in name or text; the last letters of each may be missing.
    pub search: Option<String>,
    /// In this state.
    pub state_id: Option<i64>,
    /// With this template.
    pub template_id: Option<i64>,
    /// With this tag.
    pub tag: Option<String>,
    /// Linked to an automated test, or not.
    pub has_automation: Option<bool>,
}

statements! {
    BEHIND = "SELECT r.id FROM runs r JOIN projects p ON p.id = r.project_id
        WHERE r.project_id = $1 AND r.live IS NOT NULL AND NOT r.is_closed AND r.live_seen < p.case_changes
        ORDER BY r.id LIMIT 50";
    SEEN = "UPDATE runs SET live_seen = (SELECT p.case_changes FROM projects p WHERE p.id = runs.project_id) WHERE id = $1";
    CHANGED = "UPDATE projects SET case_changes = case_changes + 1 WHERE id = $1";
}

/// Tells live runs that cases or folders of the project are other ones now.
pub(crate) fn changed(tx: &mut Tx<'_>, proof: &Proof) -> Result<()> {
    tx.execute(CHANGED, args![proof.project().0]).map(drop)
}

/// Live runs of the project that have not seen its newest cases.
pub fn behind(tx: &mut Tx<'_>, proof: &Proof) -> Result<Vec<RunId>> {
    tx.all(BEHIND, args![proof.project().0], |r| r.get(0).map(RunId))
}

/// The ids of the cases that match, at most `most`; how many tests these are comes second.
pub fn matching(tx: &mut Tx<'_>, proof: &Proof, live: &Live, most: i64) -> Result<(Vec<i64>, i64)> {
    let inside: Vec<i64> = match live.folder_id {
        Some(folder) => tree::inside(tx, proof, folder)?
            .iter()
            .map(|b| b.folder.id.0)
            .collect(),
        None => Vec::new(),
    };
    if live.folder_id.is_some() && inside.is_empty() {
        // The folder is gone.
        return Ok((Vec::new(), 0));
    }
    let filter = Filter {
        folder_ids: inside,
        state_ids: live.state_id.into_iter().collect(),
        template_ids: live.template_id.into_iter().collect(),
        tags: live.tag.clone().into_iter().collect(),
        has_automation: live.has_automation,
        search: live.search.clone(),
        ..Filter::default()
    };
    let all = PageRequest {
        page: 1,
        per_page: most,
    };
    let (_, mut ids) = case::page::ids(tx, proof, &filter, all)?;
    let others = super::test::not_in_runs(tx, proof, &ids)?;
    let others: std::collections::HashSet<i64> = others.into_iter().map(|(id, _)| id).collect();
    ids.retain(|id| !others.contains(id));
    let tests = size(tx, proof, &ids)?;
    Ok((ids, tests))
}

/// Gives a live run, read under the lock of the project, the cases that match now and that it does not have; how many tests
/// were added. The run has at most `most` tests.
pub fn fill(tx: &mut Tx<'_>, proof: &Proof, run: &Run, live: &Live, most: i64) -> Result<i64> {
    let (ids, tests) = matching(tx, proof, live, most)?;
    let added = if tests > most {
        0
    } else {
        add(tx, proof, run, &ids)?
    };
    tx.execute(SEEN, args![run.id.0])?;
    Ok(added)
}
