//! Folders of the case repository.

use crate::clean::Clean;
use crate::once::{Answer, Claim};
use crate::{Actor, App, Error, Result};
use model::page::{Page, PageRequest};
use model::{Action, Area, FolderId, ProjectId, Right, Timestamp, text};
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::folder::{self, DEPTH_MAX, Filter};

pub use store::folder::{Change, Folder, NewFolder};

/// Looking at folders and cases.
pub const VIEW: Right = Right(Area::Cases, Action::View);
/// Making and changing them.
pub const EDIT: Right = Right(Area::Cases, Action::Edit);
/// Deleting them.
pub const DELETE: Right = Right(Area::Cases, Action::Delete);

/// Most folders of one call (contract §3.2).
pub const MOST: usize = 100;
/// Last place that a folder may be given among the others; the next one comes after it.
pub const ORDER_MAX: i64 = 1_000_000_000;
/// Most characters of a folder's text.
const DOCS_MAX: usize = 100_000;

/// One page of the folders of a project.
pub async fn page(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<Folder>> {
    let (actor, filter, now) = (actor.clone(), filter.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        Ok(folder::page(tx, &proof, &filter, request)?)
    })
    .await
}

/// One folder.
pub async fn get(app: &App, actor: &Actor, id: FolderId) -> Result<Folder> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Folder(id), VIEW, now)?;
        folder::get(tx, &proof, id)?.ok_or(Error::NotFound)
    })
    .await
}

/// Makes up to [`MOST`] folders, all or none. A parent must be in the project; fields are named `folders.N.name`.
pub async fn create(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    new: Vec<NewFolder>,
    claim: Option<Claim>,
    render: fn(&Vec<Folder>) -> (u16, String),
) -> Result<Answer<Vec<Folder>>> {
    let mut clean = Clean::default();
    clean.count("folders", new.len(), MOST);
    for (n, folder) in new.iter().enumerate() {
        if folder
            .display_order
            .is_some_and(|at| !(0..=ORDER_MAX).contains(&at))
        {
            let text = format!("The display order must be 0 to {ORDER_MAX}.");
            clean.refuse(&format!("folders.{n}.display_order"), text);
        }
    }
    let new: Vec<NewFolder> = new
        .into_iter()
        .enumerate()
        .map(|(n, folder)| NewFolder {
            name: clean.name(&format!("folders.{n}.name"), &folder.name, text::LONG_NAME_MAX),
            docs: clean.note(&format!("folders.{n}.docs"), folder.docs.as_deref(), DOCS_MAX),
            ..folder
        })
        .collect();
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write_once(claim, render, move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        folder::lock(tx, &proof)?;
        let mut made = Vec::with_capacity(new.len());
        for (n, new) in new.iter().enumerate() {
            let field = format!("folders.{n}.parent_id");
            let parent = parent(tx, &proof, new.parent_id, &field)?;
            if parent.as_ref().is_some_and(|p| p.depth >= DEPTH_MAX) {
                return Err(too_deep(&field));
            }
            let folder = folder::insert(tx, &proof, parent.as_ref(), new, now)?;
            note(tx, &actor, "folder.created", &folder, None, now)?;
            made.push(folder);
        }
        Ok(made)
    })
    .await
}

/// Gives up to [`MOST`] folders the same new values, all or none; the folders afterwards, in the order of `ids`.
pub async fn update(
    app: &App,
    actor: &Actor,
    project: ProjectId,
    ids: Vec<FolderId>,
    change: Change,
) -> Result<Vec<Folder>> {
    let mut clean = Clean::default();
    clean.count("ids", ids.len(), MOST);
    let change = Change {
        name: change
            .name
            .map(|name| clean.name("name", &name, text::LONG_NAME_MAX)),
        docs: change
            .docs
            .map(|docs| clean.note("docs", docs.as_deref(), DOCS_MAX)),
        ..change
    };
    clean.finish()?;
    if change.name.is_none() && change.docs.is_none() && change.parent_id.is_none() {
        return Err(Error::NothingToChange);
    }
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Project(project), EDIT, now)?;
        folder::lock(tx, &proof)?;
        let mut changed = Vec::with_capacity(ids.len());
        for (n, id) in ids.iter().enumerate() {
            let old = listed(tx, &proof, *id, n)?;
            let to = change.parent_id.flatten();
            let parent = parent(tx, &proof, to, "parent_id")?;
            if let Some(parent) = &parent {
                check_move(tx, &old, parent)?;
            }
            folder::update(tx, &proof, &old, &change, parent.as_ref(), now)?;
            let new = folder::get(tx, &proof, *id)?.ok_or(Error::NotFound)?;
            note(
                tx,
                &actor,
                "folder.updated",
                &new,
                Some(&difference(&old, &new)),
                now,
            )?;
            changed.push(new);
        }
        Ok(changed)
    })
    .await
}

/// Deletes up to [`MOST`] folders with everything in them, all or none.
pub async fn delete(app: &App, actor: &Actor, project: ProjectId, ids: Vec<FolderId>) -> Result<()> {
    let mut clean = Clean::default();
    clean.count("ids", ids.len(), MOST);
    clean.finish()?;
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Project(project), DELETE, now)?;
        folder::lock(tx, &proof)?;
        let mut all = Vec::with_capacity(ids.len());
        for (n, id) in ids.iter().enumerate() {
            all.push(listed(tx, &proof, *id, n)?);
        }
        for folder in all {
            // One that lay in another of the list is gone already.
            if folder::get(tx, &proof, folder.id)?.is_none() {
                continue;
            }
            let (below, cases) = folder::delete(tx, &proof, folder.id)?;
            let detail = serde_json::json!({ "folders": below, "cases": cases }).to_string();
            note(tx, &actor, "folder.deleted", &folder, Some(&detail), now)?;
        }
        Ok(())
    })
    .await
}

/// The folder with the `n`th id of a list.
fn listed(tx: &mut Tx<'_>, proof: &Proof, id: FolderId, n: usize) -> Result<Folder> {
    folder::get(tx, proof, id)?.ok_or_else(|| {
        Error::field(
            format!("ids.{n}"),
            format!("There is no folder {id} in this project. Look at the ids of the list."),
        )
    })
}

fn parent(tx: &mut Tx<'_>, proof: &Proof, id: Option<FolderId>, field: &str) -> Result<Option<Folder>> {
    let Some(id) = id else { return Ok(None) };
    let found = folder::get(tx, proof, id)?;
    found.map(Some).ok_or_else(|| {
        Error::field(
            field,
            format!("There is no folder {id} in this project. Take another one, or null for the root."),
        )
    })
}

fn check_move(tx: &mut Tx<'_>, folder: &Folder, parent: &Folder) -> Result<()> {
    if folder::is_in(tx, parent.id, folder.id)? {
        return Err(Error::field(
            "parent_id",
            format!(
                "Folder {} cannot be moved into itself or into a folder below it.",
                folder.id
            ),
        ));
    }
    let below = folder::height(tx, folder.id)? - folder.depth;
    if parent.depth + 1 + below > DEPTH_MAX {
        return Err(too_deep("parent_id"));
    }
    Ok(())
}

fn too_deep(field: &str) -> Error {
    Error::field(
        field,
        format!("Folders can lie in {DEPTH_MAX} others at most. Take a parent nearer to the root."),
    )
}

/// What changed, before and after, for the audit log.
fn difference(old: &Folder, new: &Folder) -> String {
    let mut changes = serde_json::Map::new();
    let mut differ = |name: &str, a: serde_json::Value, b: serde_json::Value| {
        if a != b {
            changes.insert(name.to_owned(), serde_json::json!([a, b]));
        }
    };
    differ("name", old.name.clone().into(), new.name.clone().into());
    differ("docs", old.docs.clone().into(), new.docs.clone().into());
    let id = |f: &Folder| f.parent_id.map(|p| p.0).into();
    differ("parent_id", id(old), id(new));
    serde_json::Value::Object(changes).to_string()
}

fn note(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &str,
    folder: &Folder,
    detail: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let entry = actor.entry(action, "folder", now);
    Ok(store::audit::insert(
        tx,
        &Entry {
            project_id: Some(folder.project_id),
            target_id: Some(folder.id.0),
            target_name: Some(folder.name.clone()),
            detail: detail.map(str::to_owned),
            ..entry
        },
    )?)
}
