//! Copies of cases: new cases with the same text and links, and a history of their own.

use super::{Cases, EDIT, MOST, found, shown};
use crate::clean::Clean;
use crate::custom::Schema;
use crate::{Actor, App, Error, Result};
use model::{CaseId, Entity, FolderId, ProjectId, Timestamp};
use serde_json::{Value, json};
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::case::{self, Case, NewCase};

/// Copies 1 to [`MOST`] cases into a folder, or to the root, all or none; the copies, in the order of `ids`.
pub async fn copy(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    ids: Vec<CaseId>,
    to: Option<FolderId>,
) -> Result<Cases> {
    let mut clean = Clean::default();
    clean.count("ids", ids.len(), MOST);
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        case::lock(tx, &proof)?;
        let made = copied(tx, &actor, &proof, &ids, to, now)?;
        let ids: Vec<CaseId> = made.iter().map(|c| c.id).collect();
        let mut links = case::links::of(tx, &proof, &ids)?;
        let made = made
            .into_iter()
            .map(|c| {
                let links = links.remove(&c.id).unwrap_or_default();
                (c, links)
            })
            .collect();
        Ok(shown(made, Schema::load(tx, &proof, Entity::Case)?))
    })
    .await
}

/// Copies cases under the lock of the project and says so in the audit log.
pub(super) fn copied(
    tx: &mut Tx<'_>,
    actor: &Actor,
    proof: &Proof,
    ids: &[CaseId],
    to: Option<FolderId>,
    now: Timestamp,
) -> Result<Vec<Case>> {
    if let Some(to) = to
        && store::folder::existing(tx, proof, &[to.0])?.is_empty()
    {
        let text = format!("There is no folder {to} in this project. Take another one, or 0 for the root.");
        return Err(Error::field("folder_id", text));
    }
    let cases = found(tx, proof, ids)?;
    let made = copies(tx, proof, &cases, |_| to, now)?;
    let from: Vec<Value> = cases
        .iter()
        .zip(&made)
        .map(|(old, new)| json!({"id": new.id, "from": old.id}))
        .collect();
    let entry = actor.entry("case.copied", "case", now);
    store::audit::insert(
        tx,
        &Entry {
            project_id: Some(proof.project()),
            target_name: Some(format!("{} cases", made.len())),
            detail: Some(json!({ "cases": from }).to_string()),
            ..entry
        },
    )?;
    Ok(made)
}

/// Makes copies under the lock of the project; `folder` says where the copy of a case from that folder lies.
pub(crate) fn copies(
    tx: &mut Tx<'_>,
    proof: &Proof,
    cases: &[Case],
    folder: impl Fn(Option<FolderId>) -> Option<FolderId>,
    now: Timestamp,
) -> Result<Vec<Case>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<CaseId> = cases.iter().map(|c| c.id).collect();
    let mut links = case::links::of(tx, proof, &ids)?;
    let new: Vec<NewCase> = cases
        .iter()
        .map(|c| {
            let mut values = c.values.clone();
            values.folder_id = folder(values.folder_id);
            NewCase {
                values,
                links: links.remove(&c.id).unwrap_or_default(),
            }
        })
        .collect();
    Ok(case::insert(tx, proof, &new, now)?)
}
