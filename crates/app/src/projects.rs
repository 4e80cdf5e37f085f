//! Projects.

use crate::clean::Clean;
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{ProjectId, text};
use store::access::{SEE, Target};
use store::project::{Filter, Project};

/// A project to be made.
#[derive(Debug, Clone)]
pub struct NewProject {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub note: Option<String>,
    /// Made for showing the product; pages label it so.
    pub is_demo: bool,
}

/// One page of the projects that the caller may see.
pub async fn page(app: &App, actor: &Actor, filter: &Filter, request: PageRequest) -> Result<Page<Project>> {
    let (caller, filter) = (actor.caller.clone(), *filter);
    app.read(move |tx| Ok(store::project::visible(tx, &caller, &filter, request)?))
        .await
}

/// One project.
pub async fn get(app: &App, actor: &Actor, id: ProjectId) -> Result<Project> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(id), SEE, now)?;
        store::project::get(tx, proof.project())?.ok_or(Error::NotFound)
    })
    .await
}

/// Makes a project. For site admins.
pub async fn create(app: &App, actor: &Actor, new: &NewProject) -> Result<ProjectId> {
    actor.require_admin()?;
    let mut clean = Clean::default();
    let name = clean.name("name", &new.name, text::NAME_MAX);
    let note = clean.note("note", new.note.as_deref(), 10_000);
    clean.finish()?;
    let (actor, is_demo, now) = (actor.clone(), new.is_demo, app.now());
    app.write(move |tx| {
        let id = store::project::insert(tx, &name, note.as_deref(), is_demo, actor.user.id, now)?;
        let entry = actor.entry("project.created", "project", now);
        store::audit::insert(
            tx,
            &store::audit::Entry {
                project_id: Some(id),
                target_id: Some(id.0),
                target_name: Some(name.clone()),
                ..entry
            },
        )?;
        Ok(id)
    })
    .await
}

/// The first project of this name, for programs that make one only once.
pub async fn find(app: &App, actor: &Actor, name: &str) -> Result<Option<ProjectId>> {
    actor.require_admin()?;
    let name = name.to_owned();
    app.read(move |tx| Ok(store::project::by_name(tx, &name)?)).await
}
