//! Live runs take in cases that match later. That happens when somebody looks at them.

use super::{TESTS_MAX, VIEW};
use crate::{Actor, App, Error, Result};
use model::RunId;
use serde_json::json;
use store::access::Target;
use store::audit::Entry;
use store::run::{self, live};

/// Brings the live runs of the project of `target` up to date, whoever looks: what a run holds does not depend on its reader.
pub(super) async fn fill(app: &App, actor: &Actor, target: Target) -> Result<()> {
    let (reader, now) = (actor.clone(), app.now());
    let behind = app
        .read(move |tx| {
            let proof = reader.require(tx, target, VIEW, now)?;
            Ok(live::behind(tx, &proof)?)
        })
        .await?;
    for id in behind {
        match one(app, actor, id).await {
            // Somebody deleted it meanwhile.
            Err(Error::NotFound) => {}
            other => other?,
        }
    }
    Ok(())
}

async fn one(app: &App, actor: &Actor, id: RunId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Run(id), VIEW, now)?;
        run::lock(tx, &proof)?;
        let found = run::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let Some(filter) = found.values.live.as_ref().filter(|_| !found.values.is_closed) else {
            return Ok(());
        };
        let added = live::fill(tx, &proof, &found, filter, TESTS_MAX)?;
        if added == 0 {
            return Ok(());
        }
        Ok(store::audit::insert(
            tx,
            &Entry {
                at: now,
                actor_id: None,
                actor_name: "Attest".to_owned(),
                via: "system".to_owned(),
                via_id: None,
                ip: None,
                request_id: None,
                action: "run.extended".to_owned(),
                project_id: Some(found.project_id),
                target_kind: "run".to_owned(),
                target_id: Some(id.0),
                target_name: Some(found.values.name.clone()),
                detail: Some(json!({ "tests": added }).to_string()),
            },
        )?)
    })
    .await
}
