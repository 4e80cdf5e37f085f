//! What the form of a case needs: templates, folders, states, tags, trackers, and the version that it is based on.

use super::edit::Form;
use super::steps::Offered;
use super::typed::Typed;
use super::view::issue_name;
use crate::ui::field::Errors;
use crate::visit::Visit;
use app::cases::{self, Cases};
use app::custom::Schema;
use app::{Error, lookups, shared_steps};
use model::page::PageRequest;
use model::{CaseId, Entity, ProjectId};
use store::case::search::Hit;
use store::field::Field;

/// What a form needs beside the case.
pub(super) struct Around {
    pub(super) project: ProjectId,
    pub(super) schema: Schema,
    pub(super) case: Option<(CaseId, i64, i64)>,
    pub(super) issues: Vec<(i64, String)>,
}

impl Around {
    /// The fields of the chosen template.
    pub(super) fn fields(&self, typed: &Typed) -> Vec<&Field> {
        typed
            .template_id()
            .map(|id| self.schema.fields_of(id))
            .unwrap_or_default()
    }
}

/// A form for a case.
pub(super) async fn form(visit: &Visit, around: &Around, typed: Typed) -> Result<Form, Error> {
    let (app, actor, id) = (&visit.app, visit.actor()?, around.project);
    let (_, project) = visit.project(id).await?;
    let folder = typed.folder_id().ok().flatten();
    let tree = match app::tree::look(app, actor, id, folder).await {
        Err(Error::NotFound) => app::tree::look(app, actor, id, None).await?,
        other => other?,
    };
    if !tree.rights.has(cases::EDIT) {
        return Err(store::access::Denied::Missing(cases::EDIT).into());
    }
    let (folders, is_all) = app::tree::choices(app, actor, id).await?;
    let states = lookups::states(app, actor, id, Some(Entity::Case)).await?;
    let tags = lookups::tags(app, actor, id).await?;
    Ok(Form {
        project,
        way: tree.way.into_iter().map(|f| (f.id, f.name)).collect(),
        case: around.case,
        fields: around.fields(&typed).into_iter().cloned().collect(),
        templates: around
            .schema
            .templates
            .iter()
            .map(|t| (t.id.0, t.name.clone()))
            .collect(),
        states: states.into_iter().map(|s| (s.id.0, s.name)).collect(),
        folders: is_all.then_some(folders),
        issues: around.issues.clone(),
        shared: offered(visit, id).await?,
        trackers: trackers(visit).await?,
        tags: tags.into_iter().map(|(_, name)| name).collect(),
        similar: similar(visit, around, &typed).await?,
        errors: Errors::default(),
        conflict: None,
        is_dirty: false,
        typed,
    })
}

async fn similar(visit: &Visit, around: &Around, typed: &Typed) -> Result<Vec<Hit>, Error> {
    if typed.name.trim().is_empty() {
        return Ok(Vec::new());
    }
    let except = around.case.map(|(id, ..)| id);
    cases::similar(&visit.app, visit.actor()?, around.project, &typed.name, except).await
}

/// Shared steps to choose from; none for those who may not look at them.
async fn offered(visit: &Visit, project: ProjectId) -> Result<Vec<Offered>, Error> {
    match shared_steps::all(&visit.app, visit.actor()?, project).await {
        Ok(all) => Ok(all
            .into_iter()
            .map(|s| Offered {
                id: s.id.0,
                name: s.name,
                steps: s.steps.len(),
            })
            .collect()),
        Err(Error::Denied(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Trackers to choose from, with their projects: value and name.
pub(crate) async fn trackers(visit: &Visit) -> Result<Vec<(String, String)>, Error> {
    let filter = store::issue::Filter {
        is_active: Some(true),
        ascending: true,
        ..Default::default()
    };
    let some = PageRequest {
        page: 1,
        per_page: 100,
    };
    let found = app::issues::connections(&visit.app, visit.actor()?, &filter, some).await?;
    Ok(found.rows.into_iter().map(tracker).collect())
}

fn tracker(c: store::issue::Connection) -> (String, String) {
    match c.project {
        Some((id, name)) => (
            format!("{}:{id}", c.integration_id),
            format!("{} / {name}", c.integration_name),
        ),
        None => (c.integration_id.to_string(), c.integration_name),
    }
}

/// What a new case needs.
pub(super) async fn blank(visit: &Visit, project: ProjectId) -> Result<Around, Error> {
    let none = PageRequest { page: 1, per_page: 1 };
    let filter = store::case::Filter::default();
    let page = cases::page(
        &visit.app,
        visit.actor()?,
        project,
        &filter,
        none,
        cases::With::default(),
    )
    .await?;
    Ok(Around {
        project,
        schema: page.schema,
        case: None,
        issues: Vec::new(),
    })
}

/// A case that is there, and its version.
pub(super) async fn stored(visit: &Visit, id: CaseId) -> Result<(Around, i64), Error> {
    let Cases { cases, schema } = cases::get(&visit.app, visit.actor()?, id).await?;
    let (case, links) = cases.into_iter().next().ok_or(Error::NotFound)?;
    let around = Around {
        project: case.project_id,
        schema,
        case: Some((id, case.number, case.version)),
        issues: links.issues.iter().map(|i| (i.id.0, issue_name(i))).collect(),
    };
    Ok((around, case.version))
}

/// What the form held at a version.
pub(super) async fn at_version(visit: &Visit, around: &Around, number: i64) -> Result<Typed, Error> {
    let (id, ..) = around.case.ok_or(Error::NotFound)?;
    let version = cases::version(&visit.app, visit.actor()?, id, number).await?;
    Ok(Typed::of_version(&version.content))
}
