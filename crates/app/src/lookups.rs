//! What cases, runs and sessions of a project may refer to: configurations, fields, states, statuses, tags, templates.
//! Whoever sees the project may look.

use crate::{Actor, App, Result};
use model::status::Statuses;
use model::{Entity, ProjectId};
use store::Tx;
use store::access::{Proof, SEE, Target};
use store::field::Field;
use store::state::State;
use store::template::Template;

async fn look<T, F>(app: &App, actor: &Actor, project: ProjectId, read: F) -> Result<T>
where
    F: Fn(&mut Tx<'_>, &Proof) -> store::Result<T> + Send + 'static,
    T: Send + 'static,
{
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), SEE, now)?;
        Ok(read(tx, &proof)?)
    })
    .await
}

/// Ids and names of the configurations, by name.
pub async fn configs(app: &App, actor: &Actor, project: ProjectId) -> Result<Vec<(i64, String)>> {
    look(app, actor, project, store::tag::configs).await
}

/// The custom fields, of one entity or of all.
pub async fn fields(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    entity: Option<Entity>,
) -> Result<Vec<Field>> {
    look(app, actor, project, move |tx, proof| {
        store::field::of_project(tx, proof, entity)
    })
    .await
}

/// The workflow states, of one entity or of all.
pub async fn states(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    entity: Option<Entity>,
) -> Result<Vec<State>> {
    look(app, actor, project, move |tx, _| store::state::all(tx, entity)).await
}

/// The result statuses.
pub async fn statuses(app: &App, actor: &Actor, project: ProjectId) -> Result<Statuses> {
    look(app, actor, project, |tx, _| store::status::all(tx)).await
}

/// Ids and names of the tags, by name.
pub async fn tags(app: &App, actor: &Actor, project: ProjectId) -> Result<Vec<(i64, String)>> {
    look(app, actor, project, store::tag::of_project).await
}

/// The templates of an entity, with the fields of that entity.
pub async fn templates(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    entity: Entity,
) -> Result<(Vec<Template>, Vec<Field>)> {
    look(app, actor, project, move |tx, proof| {
        let fields = store::field::of_project(tx, proof, Some(entity))?;
        Ok((store::template::of_project(tx, proof, entity)?, fields))
    })
    .await
}
