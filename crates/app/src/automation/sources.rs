//! Automation sources.

use super::VIEW;
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{ProjectId, SourceId};
use store::access::Target;
use store::automation::source::{self, Filter, Source};

/// One page of the sources of a project.
pub async fn page(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Source>> {
    let (actor, filter, now) = (actor.clone(), *filter, app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(source::page(tx, &proof, &filter, request)?)
    })
    .await
}

/// One source.
pub async fn get(app: &App, actor: &Actor, id: SourceId) -> Result<Source> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Source(id), VIEW, now)?;
        source::get(tx, &proof, id)?.ok_or(Error::NotFound)
    })
    .await
}
