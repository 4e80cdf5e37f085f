//! The tree of folders as people walk through it, and copies of parts of it.

use crate::cases::copies;
use crate::folders::{EDIT, VIEW};
use crate::{Actor, App, Error, Result};
use model::page::PageRequest;
use model::{FolderId, ProjectId, Rights};
use serde_json::json;
use std::collections::HashMap;
use store::Tx;
use store::access::{Proof, Target};
use store::audit::Entry;
use store::case::{self, Case, Filter, Sort};
use store::folder::{self, DEPTH_MAX, Folder, NewFolder};
use store::tree;

pub use store::tree::Branch;

/// Most folders that are listed for choosing one.
pub const LISTED: i64 = 500;
/// Most cases that are copied with their folders.
pub const COPIED: i64 = 5_000;
/// Cases that are read at once for a copy.
const PART: i64 = 500;

/// The part of a tree that one looks at.
#[derive(Debug, Clone)]
pub struct Tree {
    /// What the caller may do in the project.
    pub rights: Rights,
    /// From the root to the folder that is open, which is the last; empty at the root.
    pub way: Vec<Folder>,
    /// The folders at the root and in every folder on the way, in their order.
    pub branches: Vec<Branch>,
    /// The ids of the open folder and of all below it; empty at the root.
    pub inside: Vec<i64>,
}

/// The tree of a project, opened down to a folder. [`Error::NotFound`] when that lies elsewhere.
pub async fn look(app: &App, actor: &Actor, project: ProjectId, open: Option<FolderId>) -> Result<Tree> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
        let mut parents = vec![0];
        let (mut way, mut inside) = (Vec::new(), Vec::new());
        if let Some(id) = open {
            way = tree::way(tx, &proof, id)?;
            if way.is_empty() {
                return Err(Error::NotFound);
            }
            parents.extend(way.iter().map(|f| f.id.0));
            inside = tree::inside(tx, &proof, id)?
                .iter()
                .map(|b| b.folder.id.0)
                .collect();
        }
        Ok(Tree {
            rights: proof.rights(),
            branches: tree::levels(tx, &proof, &parents)?,
            way,
            inside,
        })
    })
    .await
}

/// The folders that lie directly in a folder.
pub async fn children(app: &App, actor: &Actor, id: FolderId) -> Result<Vec<Branch>> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Folder(id), VIEW, now)?;
        Ok(tree::levels(tx, &proof, &[id.0])?)
    })
    .await
}

/// A folder with the number of folders below and of cases in all of them.
pub async fn extent(app: &App, actor: &Actor, id: FolderId) -> Result<Branch> {
    let (actor, now) = (actor.clone(), app.now());
    app.read(move |tx| {
        let proof = actor.require(tx, Target::Folder(id), VIEW, now)?;
        let inside = tree::inside(tx, &proof, id)?;
        let first = inside.first().ok_or(Error::NotFound)?;
        Ok(Branch {
            folder: first.folder.clone(),
            cases: inside.iter().map(|b| b.cases).sum(),
            below: i64::try_from(inside.len() - 1).unwrap_or(i64::MAX),
        })
    })
    .await
}

/// Ids and names of the folders of a project, each name behind those of the folders that it lies in, sorted; at most
/// [`LISTED`]. The second value says whether these are all.
pub async fn choices(
    app: &App,
    actor: &Actor,
    project: ProjectId,
) -> Result<(Vec<(FolderId, String)>, bool)> {
    let (actor, now) = (actor.clone(), app.now());
    let mut folders = app
        .read(move |tx| {
            let proof = actor.require(tx, Target::Project(project), VIEW, now)?;
            Ok(tree::all(tx, &proof, LISTED + 1)?)
        })
        .await?;
    let is_all = i64::try_from(folders.len()).is_ok_and(|n| n <= LISTED);
    folders.truncate(usize::try_from(LISTED).unwrap_or(usize::MAX));
    let mut names: HashMap<FolderId, String> = HashMap::new();
    for f in &folders {
        let above = f.parent_id.and_then(|id| names.get(&id));
        let name = above.map_or_else(|| f.name.clone(), |above| format!("{above} / {}", f.name));
        names.insert(f.id, name);
    }
    let mut names: Vec<(FolderId, String)> = names.into_iter().collect();
    names.sort_unstable_by(|a, b| a.1.to_lowercase().cmp(&b.1.to_lowercase()).then(a.0.cmp(&b.0)));
    Ok((names, is_all))
}

/// Copies a folder with everything in it into another one, or to the root; the copy. Versions and comments stay with the
/// cases that they belong to. At most [`COPIED`] cases.
pub async fn copy(app: &App, actor: &Actor, id: FolderId, to: Option<FolderId>) -> Result<Folder> {
    let (actor, now) = (actor.clone(), app.now());
    app.write(move |tx| {
        let proof = actor.require(tx, Target::Folder(id), EDIT, now)?;
        folder::lock(tx, &proof)?;
        let inside = tree::inside(tx, &proof, id)?;
        let parent = to.map(|to| folder::get(tx, &proof, to)).transpose()?.flatten();
        if to.is_some() && parent.is_none() {
            let text = "There is no such folder in this project. Take another one.";
            return Err(Error::field("to", text));
        }
        check(&inside, parent.as_ref())?;
        let mut made: HashMap<FolderId, Folder> = HashMap::new();
        for Branch { folder: old, .. } in &inside {
            let above = old.parent_id.and_then(|p| made.get(&p));
            let above = if old.id == id { parent.as_ref() } else { above };
            let new = NewFolder {
                parent_id: above.map(|p| p.id),
                name: old.name.clone(),
                docs: old.docs.clone(),
                display_order: (old.id != id).then_some(old.display_order),
            };
            let copy = folder::insert(tx, &proof, above, &new, now)?;
            made.insert(old.id, copy);
        }
        let folders: HashMap<FolderId, FolderId> = made.iter().map(|(old, new)| (*old, new.id)).collect();
        let cases = cases_of(tx, &proof, &inside)?;
        copies(
            tx,
            &proof,
            &cases,
            |folder| folder.and_then(|f| folders.get(&f).copied()),
            now,
        )?;
        let copy = made.remove(&id).ok_or(Error::NotFound)?;
        let detail = json!({ "from": id, "folders": inside.len() - 1, "cases": cases.len() }).to_string();
        let entry = actor.entry("folder.copied", "folder", now);
        store::audit::insert(
            tx,
            &Entry {
                project_id: Some(proof.project()),
                target_id: Some(copy.id.0),
                target_name: Some(copy.name.clone()),
                detail: Some(detail),
                ..entry
            },
        )?;
        Ok(copy)
    })
    .await
}

/// Whether the folders and cases may be copied into `parent`.
fn check(inside: &[Branch], parent: Option<&Folder>) -> Result<()> {
    let cases: i64 = inside.iter().map(|b| b.cases).sum();
    if cases > COPIED {
        let text = format!(
            "The folder holds {cases} cases. At most {COPIED} are copied at once; copy folders below it one by one."
        );
        return Err(Error::field("to", text));
    }
    let top = inside.first().map_or(0, |b| b.folder.depth);
    let deepest = inside.iter().map(|b| b.folder.depth).max().unwrap_or(0);
    if parent.map_or(0, |p| p.depth + 1) + deepest - top > DEPTH_MAX {
        let text =
            format!("Folders can lie in {DEPTH_MAX} others at most. Take a folder nearer to the root.");
        return Err(Error::field("to", text));
    }
    Ok(())
}

/// All cases of these folders, by id.
fn cases_of(tx: &mut Tx<'_>, proof: &Proof, folders: &[Branch]) -> Result<Vec<Case>> {
    let filter = Filter {
        folder_ids: folders.iter().map(|b| b.folder.id.0).collect(),
        sort: Sort::Id,
        ascending: true,
        ..Filter::default()
    };
    let mut cases: Vec<Case> = Vec::new();
    for page in 1.. {
        let request = PageRequest { page, per_page: PART };
        let part = case::page::page(tx, proof, &filter, request)?;
        cases.extend(part.rows);
        if i64::try_from(cases.len()).is_ok_and(|n| n >= part.total) {
            break;
        }
    }
    Ok(cases)
}
