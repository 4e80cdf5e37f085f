//! What the key that calls may do.

use crate::{Actor, App, Error, Result};
use model::{ProjectId, Rights};
use store::access::{SEE, Target, Via};
use store::key::Key;

/// The key that calls, and its rights where they were asked for.
#[derive(Debug, Clone)]
pub struct Current {
    /// The key.
    pub key: Key,
    /// What it may do in the project, after its owner's rights and its own scope.
    pub rights: Option<(ProjectId, Rights)>,
}

/// The key that calls. [`Error::NotFound`] for a project that it does not see.
pub async fn current(app: &App, actor: &Actor, project: Option<ProjectId>) -> Result<Current> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let Via::Key(id) = actor.caller.via else {
            return Err(Error::NotFound);
        };
        let rights = match project {
            None => None,
            Some(id) => {
                let proof = actor.require(tx, Target::Project(id), SEE, now)?;
                Some((id, proof.rights()))
            }
        };
        let key = store::key::get(tx, id)?.ok_or(Error::NotFound)?;
        Ok(Current { key, rights })
    })
    .await
}
