//! Automated tests across their runs.

use super::VIEW;
use crate::{Actor, App, Result};
use model::ProjectId;
use model::page::{Page, PageRequest};
use store::access::Target;
use store::automation::cases::{self, AutomationCase, Filter};

/// One page of the automated tests of a project.
pub async fn page(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<AutomationCase>> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(cases::page(tx, &proof, &filter, request)?)
    })
    .await
}
