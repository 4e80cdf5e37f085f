//! Milestones of a project.

use crate::clean::Clean;
use crate::issues::{self, IssueRef};
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::status::Counts;
use model::{Action, Area, MilestoneId, MilestoneTypeId, ProjectId, Right, Timestamp, text};
use std::collections::BTreeMap;
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::milestone::{self, Filter, Milestone, MilestoneType, Values};

/// Looking at milestones.
pub const VIEW: Right = Right(Area::Milestones, Action::View);
/// Making and changing them.
pub const EDIT: Right = Right(Area::Milestones, Action::Edit);
/// Deleting them.
pub const DELETE: Right = Right(Area::Milestones, Action::Delete);
/// Completing them, and opening them again.
pub const COMPLETE: Right = Right(Area::Milestones, Action::Complete);

/// Most characters of a note.
const NOTE_MAX: usize = 1000;
/// Most automation tags and links of a milestone.
const LIST_MAX: usize = 100;

/// What changes in a milestone; none stays as it is. A milestone to be made starts from nothing.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Its name.
    pub name: Option<String>,
    /// One line about it; `Some(None)` removes it.
    pub note: Option<Option<String>>,
    /// Its type.
    pub type_id: Option<MilestoneTypeId>,
    /// The milestone above; `Some(None)` is the top.
    pub parent_id: Option<Option<MilestoneId>>,
    /// Work on it has begun.
    pub is_started: Option<bool>,
    /// It is over.
    pub is_completed: Option<bool>,
    /// `YYYY-MM-DD`; `Some(None)` removes it.
    pub start_date: Option<Option<String>>,
    /// `YYYY-MM-DD`, not before the start.
    pub due_date: Option<Option<String>>,
    /// Automation runs with one of these tags belong to it.
    pub automation_tags: Option<Vec<String>>,
    /// Links to elsewhere.
    pub links: Option<Vec<model::automation::Link>>,
    /// Issues, in place of those it has.
    pub issues: Option<Vec<IssueRef>>,
}

/// One page of the milestones of a project.
pub async fn page(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Milestone>> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(milestone::page(tx, &proof, &filter, request)?)
    })
    .await
}

/// One milestone.
pub async fn get(app: &App, actor: &Actor, id: MilestoneId) -> Result<Milestone> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Milestone(id), VIEW, now)?;
        milestone::get(tx, &proof, id)?.ok_or(Error::NotFound)
    })
    .await
}

/// The types of milestones.
pub async fn types(app: &App, actor: &Actor, project: ProjectId) -> Result<Vec<MilestoneType>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        actor.require(tx, Target::Project(project), store::access::SEE, now)?;
        Ok(milestone::types(tx)?)
    })
    .await
}

/// Results of the automation runs of milestones that the caller may see.
pub async fn results(
    app: &App,
    _actor: &Actor,
    ids: Vec<MilestoneId>,
) -> Result<BTreeMap<MilestoneId, Counts>> {
    app.read(move |tx| Ok(milestone::results(tx, &ids)?)).await
}

/// Makes a milestone. [`Error::Invalid`] for a parent or type that does not exist.
pub async fn create(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: Change,
    claim: Option<Claim>,
    render: fn(&Milestone) -> (u16, String),
) -> Result<Answer<Milestone>> {
    let new = clean(Change {
        name: Some(new.name.unwrap_or_default()),
        ..new
    })?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        milestone::lock(tx, &proof)?;
        let types = milestone::types(tx)?;
        let default = types.iter().find(|t| t.is_default).or_else(|| types.first());
        let blank = Values {
            name: String::new(),
            note: None,
            type_id: default.map_or(MilestoneTypeId(1), |t| t.id),
            is_started: false,
            is_completed: false,
            start_date: None,
            due_date: None,
            automation_tags: Vec::new(),
            links: Vec::new(),
            issues: Vec::new(),
        };
        let values = changed(tx, &proof, &new, blank, &types, now)?;
        if values.is_completed {
            actor.require(tx, Target::Project(project), COMPLETE, now)?;
        }
        let parent = parent(tx, &proof, new.parent_id.flatten())?;
        let id = milestone::insert(tx, &proof, parent.as_ref(), &values, now)?;
        let made = milestone::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        note(tx, &actor, "milestone.created", &made, None, now)?;
        Ok(made)
    })
    .await
}

/// Changes a milestone. Completing it and opening it again need the right to complete.
pub async fn update(app: &App, actor: &Actor, id: MilestoneId, change: Change) -> Result<Milestone> {
    let change = clean(change)?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Milestone(id), EDIT, now)?;
        milestone::lock(tx, &proof)?;
        let old = milestone::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let types = milestone::types(tx)?;
        let values = changed(tx, &proof, &change, old.values.clone(), &types, now)?;
        let parent_id = change.parent_id.unwrap_or(old.parent_id);
        if values == old.values && parent_id == old.parent_id {
            return Ok(old);
        }
        if values.is_completed != old.values.is_completed {
            actor.require(tx, Target::Milestone(id), COMPLETE, now)?;
        }
        let parent = parent(tx, &proof, parent_id)?;
        if let Some(parent) = &parent
            && milestone::is_in(tx, parent.id, id)?
        {
            let text = format!("Milestone {id} cannot lie below itself. Take another parent.");
            return Err(Error::field("parent_id", text));
        }
        milestone::update(tx, &proof, &old, parent.as_ref(), &values, now)?;
        let new = milestone::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        let action = match (old.values.is_completed, values.is_completed) {
            (false, true) => "milestone.completed",
            (true, false) => "milestone.reopened",
            _ => "milestone.updated",
        };
        note(tx, &actor, action, &new, Some(&old), now)?;
        Ok(new)
    })
    .await
}

/// Deletes a milestone. What lay below it moves up; its runs stay, without a milestone.
pub async fn delete(app: &App, actor: &Actor, id: MilestoneId) -> Result<()> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Milestone(id), DELETE, now)?;
        milestone::lock(tx, &proof)?;
        let old = milestone::get(tx, &proof, id)?.ok_or(Error::NotFound)?;
        milestone::delete(tx, &proof, &old)?;
        note(tx, &actor, "milestone.deleted", &old, Some(&old), now)
    })
    .await
}

/// The change as it may be stored; everything that is wrong with it at once.
fn clean(change: Change) -> Result<Change> {
    let nothing = change.name.is_none()
        && change.note.is_none()
        && change.type_id.is_none()
        && change.parent_id.is_none()
        && change.is_started.is_none()
        && change.is_completed.is_none()
        && change.start_date.is_none()
        && change.due_date.is_none()
        && change.automation_tags.is_none()
        && change.links.is_none()
        && change.issues.is_none();
    if nothing {
        return Err(Error::NothingToChange);
    }
    let mut clean = Clean::default();
    let name = change
        .name
        .map(|name| clean.name("name", &name, text::LONG_NAME_MAX));
    let note = change
        .note
        .map(|note| clean.note("note", note.as_deref(), NOTE_MAX));
    let start_date = change.start_date.map(|day| clean.day("start_date", day));
    let due_date = change.due_date.map(|day| clean.day("due_date", day));
    let automation_tags = change.automation_tags.map(|tags| {
        clean.at_most("automation_tags", tags.len(), LIST_MAX);
        let mut tags: Vec<String> = tags
            .iter()
            .enumerate()
            .map(|(n, tag)| clean.name(&format!("automation_tags.{n}"), tag, 255))
            .collect();
        tags.sort_unstable();
        tags.dedup();
        tags
    });
    let links = change.links.map(|links| {
        clean.at_most("links", links.len(), LIST_MAX);
        let each = links
            .into_iter()
            .enumerate()
            .map(|(n, link)| model::automation::Link {
                name: clean.name(&format!("links.{n}.name"), &link.name, text::LONG_NAME_MAX),
                note: clean.note(
                    &format!("links.{n}.note"),
                    link.note.as_deref(),
                    model::automation::NOTE_MAX,
                ),
                url: clean.name(&format!("links.{n}.url"), &link.url, 2000),
            });
        each.collect()
    });
    let mut issues = change.issues;
    if let Some(named) = &mut issues {
        issues::clean(&mut clean, "issues", named);
    }
    clean.finish()?;
    Ok(Change {
        name,
        note,
        start_date,
        due_date,
        automation_tags,
        links,
        issues,
        ..change
    })
}

/// The values after a change.
fn changed(
    tx: &mut Tx<'_>,
    proof: &Proof,
    change: &Change,
    old: Values,
    types: &[MilestoneType],
    now: Timestamp,
) -> Result<Values> {
    let c = change.clone();
    let mut clean = Clean::default();
    let issues = match &c.issues {
        Some(named) => issues::find(tx, proof, (&mut clean, "issues"), named, now)?,
        None => old.issues,
    };
    clean.finish()?;
    if let Some(id) = c.type_id
        && !types.iter().any(|t| t.id == id)
    {
        let known: Vec<String> = types.iter().map(|t| format!("{} {}", t.id, t.name)).collect();
        let text = format!(
            "There is no milestone type {id}. The types are: {}.",
            known.join(", ")
        );
        return Err(Error::field("type_id", text));
    }
    let values = Values {
        name: c.name.unwrap_or(old.name),
        note: c.note.unwrap_or(old.note),
        type_id: c.type_id.unwrap_or(old.type_id),
        is_started: c.is_started.unwrap_or(old.is_started),
        is_completed: c.is_completed.unwrap_or(old.is_completed),
        start_date: c.start_date.unwrap_or(old.start_date),
        due_date: c.due_date.unwrap_or(old.due_date),
        automation_tags: c.automation_tags.unwrap_or(old.automation_tags),
        links: c.links.unwrap_or(old.links),
        issues,
    };
    if let (Some(start), Some(due)) = (&values.start_date, &values.due_date)
        && due < start
    {
        let text = format!("The due date {due} is before the start date {start}. Change one of them.");
        return Err(Error::field("due_date", text));
    }
    Ok(values)
}

fn parent(tx: &mut Tx<'_>, proof: &Proof, id: Option<MilestoneId>) -> Result<Option<Milestone>> {
    let Some(id) = id else { return Ok(None) };
    let found = milestone::get(tx, proof, id)?;
    found.map(Some).ok_or_else(|| {
        let text = format!("There is no milestone {id} in this project. Take another one, or null.");
        Error::field("parent_id", text)
    })
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    milestone: &Milestone,
    old: Option<&Milestone>,
    now: Timestamp,
) -> Result<()> {
    let told = |m: &Milestone| {
        let issues: Vec<i64> = m.values.issues.iter().map(|issue| issue.id.0).collect();
        serde_json::json!({"name": m.values.name, "note": m.values.note, "type_id": m.values.type_id,
            "parent_id": m.parent_id, "is_started": m.values.is_started, "is_completed": m.values.is_completed,
            "start_date": m.values.start_date, "due_date": m.values.due_date,
            "automation_tags": m.values.automation_tags, "links": m.values.links, "issues": issues})
    };
    let detail =
        old.map(|old| serde_json::json!({"before": told(old), "after": told(milestone)}).to_string());
    let entry = actor.entry(action, "milestone", now);
    Ok(store::audit::insert(
        tx,
        &Entry {
            project_id: Some(milestone.project_id),
            target_id: Some(milestone.id.0),
            target_name: Some(milestone.values.name.clone()),
            detail,
            ..entry
        },
    )?)
}
