//! Folders: the tree that holds the cases of a project. The tree of a project changes under one lock.

use crate::access::Proof;
use crate::case;
use crate::filter::{self, containing, in_list};
use crate::{Arg, Result, Row, Tx, args, statements};
use model::page::{Page, PageRequest};
use model::{FolderId, ProjectId, Timestamp};

/// Deepest folder: the root has depth 0.
pub const DEPTH_MAX: i64 = 63;

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its id.
    pub id: FolderId,
    /// The project.
    pub project_id: ProjectId,
    /// The folder that it lies in; none at the root.
    pub parent_id: Option<FolderId>,
    /// Its name.
    pub name: String,
    /// What belongs into it, for people.
    pub docs: Option<String>,
    /// Its place among its siblings.
    pub display_order: i64,
    /// Folders above it, at most [`DEPTH_MAX`].
    pub depth: i64,
}

/// A folder to be made.
#[derive(Debug, Clone)]
pub struct NewFolder {
    /// The folder that it lies in; none for the root.
    pub parent_id: Option<FolderId>,
    /// Its name.
    pub name: String,
    /// What belongs into it.
    pub docs: Option<String>,
    /// Its place; behind its siblings when none is given.
    pub display_order: Option<i64>,
}

/// What changes in a folder; none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A new name.
    pub name: Option<String>,
    /// Another parent; `Some(None)` is the root.
    pub parent_id: Option<Option<FolderId>>,
    /// Another text; `Some(None)` removes it.
    pub docs: Option<Option<String>>,
}

/// How a list of folders is sorted; the id decides between equals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// By their place among their siblings.
    #[default]
    DisplayOrder,
    /// By name, without regard to case.
    Name,
    /// By id.
    Id,
    /// By depth.
    Depth,
}

/// Which folders, and in what order.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those in this folder; `Some(None)` is the root.
    pub parent_id: Option<Option<FolderId>>,
    /// Only those with this in their name, without regard to case.
    pub name: Option<String>,
    /// Sort key.
    pub sort: Sort,
    /// Smallest first.
    pub ascending: bool,
}

macro_rules! columns {
    () => {
        "f.id, f.project_id, f.parent_id, f.name, f.docs, f.display_order, f.depth"
    };
}

/// $1 project; $2 any parent; $3 the parent, NULL for the root; $4 a LIKE pattern or NULL.
macro_rules! filtered {
    () => {
        " FROM folders f WHERE f.project_id = $1
            AND ($2 OR COALESCE(f.parent_id, 0) = COALESCE(CAST($3 AS BIGINT), 0))
            AND (CAST($4 AS TEXT) IS NULL OR f.name_key LIKE $4 ESCAPE '\\')"
    };
}

macro_rules! sorted {
    ($by:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            filtered!(),
            " ORDER BY ",
            $by,
            " LIMIT $5 OFFSET $6"
        )
    };
}

/// The folder $1 with everything below it.
macro_rules! tree {
    () => {
        "WITH RECURSIVE tree (id) AS (SELECT CAST($1 AS BIGINT)
            UNION ALL SELECT f.id FROM folders f JOIN tree t ON f.parent_id = t.id) "
    };
}

statements! {
    INSERT = "INSERT INTO folders (project_id, parent_id, name, name_key, docs, display_order, depth, created_at, created_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id";
    GET = concat!("SELECT ", columns!(), " FROM folders f WHERE f.id = $1 AND f.project_id = $2");
    EXISTING = concat!("SELECT id FROM folders WHERE +project_id = $1 AND id IN ", in_list!("$2"));
    LAST = "SELECT COALESCE(MAX(display_order), 0) FROM folders
        WHERE project_id = $1 AND COALESCE(parent_id, 0) = COALESCE(CAST($2 AS BIGINT), 0)";
    COUNT_ALL = "SELECT folder_count FROM projects WHERE id = $1";
    COUNT = concat!("SELECT COUNT(*)", filtered!());
    BY_ORDER_DESC = sorted!("f.display_order DESC, f.id DESC");
    BY_ORDER_ASC = sorted!("f.display_order, f.id");
    BY_NAME_DESC = sorted!("f.name_key DESC, f.id DESC");
    BY_NAME_ASC = sorted!("f.name_key, f.id");
    BY_ID_DESC = sorted!("f.id DESC");
    BY_ID_ASC = sorted!("f.id");
    BY_DEPTH_DESC = sorted!("f.depth DESC, f.id DESC");
    BY_DEPTH_ASC = sorted!("f.depth, f.id");
    RENAME = "UPDATE folders SET name = $2, name_key = $3 WHERE id = $1";
    MOVE = "UPDATE folders SET parent_id = $2, display_order = $3 WHERE id = $1";
    DESCRIBE = "UPDATE folders SET docs = $2 WHERE id = $1";
    TOUCH = "UPDATE folders SET updated_at = $2, updated_by = $3 WHERE id = $1";
    SINK = concat!(tree!(), "UPDATE folders SET depth = depth + $2 WHERE id IN (SELECT id FROM tree)");
    HEIGHT = concat!(tree!(), "SELECT MAX(f.depth) FROM folders f JOIN tree t ON t.id = f.id");
    BELOW = concat!(tree!(), "SELECT id FROM tree WHERE id <> $1 ORDER BY id");
    IS_BELOW = concat!(tree!(), "SELECT COUNT(*) FROM tree WHERE id = $2");
    DELETE = "DELETE FROM folders WHERE id = $1";
    COUNT_FOLDERS = "UPDATE projects SET folder_count = folder_count + $2 WHERE id = $1";
}

fn folder(r: &Row<'_>) -> Result<Folder> {
    Ok(Folder {
        id: FolderId(r.get(0)?),
        project_id: ProjectId(r.get(1)?),
        parent_id: r.get::<Option<i64>>(2)?.map(FolderId),
        name: r.get(3)?,
        docs: r.get(4)?,
        display_order: r.get(5)?,
        depth: r.get(6)?,
    })
}

/// Takes the lock under which the tree of the project changes.
pub fn lock(tx: &mut Tx<'_>, proof: &Proof) -> Result<()> {
    tx.lock(proof.project().0)
}

/// Makes a folder below `parent`, which was read under the [`lock`].
pub fn insert(
    tx: &mut Tx<'_>,
    proof: &Proof,
    parent: Option<&Folder>,
    new: &NewFolder,
    now: Timestamp,
) -> Result<Folder> {
    let project = proof.project();
    let parent_id = parent.map(|p| p.id);
    let depth = parent.map_or(0, |p| p.depth + 1);
    let display_order = match new.display_order {
        Some(place) => place,
        None => last(tx, project, parent_id)? + 1,
    };
    let id = tx.one(
        INSERT,
        args![
            project.0,
            parent_id.map(|p| p.0),
            &new.name,
            &key(&new.name),
            new.docs.as_deref(),
            display_order,
            depth,
            now.0,
            proof.user().0
        ],
        |r| r.get(0).map(FolderId),
    )?;
    tx.execute(COUNT_FOLDERS, args![project.0, 1])?;
    Ok(Folder {
        id,
        project_id: project,
        parent_id,
        name: new.name.clone(),
        docs: new.docs.clone(),
        display_order,
        depth,
    })
}

/// The highest place among the folders of a parent; 0 when there is none.
fn last(tx: &mut Tx<'_>, project: ProjectId, parent: Option<FolderId>) -> Result<i64> {
    tx.one(LAST, args![project.0, parent.map(|p| p.0)], |r| r.get(0))
}

/// The folder with this id, if it lies in the project that was checked.
pub fn get(tx: &mut Tx<'_>, proof: &Proof, id: FolderId) -> Result<Option<Folder>> {
    tx.opt(GET, args![id.0, proof.project().0], folder)
}

/// Those of `ids` that are folders of the project that was checked.
pub fn existing(tx: &mut Tx<'_>, proof: &Proof, ids: &[i64]) -> Result<Vec<i64>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.all(EXISTING, args![proof.project().0, &filter::list(ids)], |r| {
        r.get(0)
    })
}

/// One page of the folders of a project.
pub fn page(tx: &mut Tx<'_>, proof: &Proof, filter: &Filter, request: PageRequest) -> Result<Page<Folder>> {
    let project = proof.project().0;
    let parent = filter.parent_id.flatten().map(|p| p.0);
    let name = filter.name.as_deref().map(|name| containing(&key(name)));
    let mut given: Vec<Arg<'_>> =
        args![project, filter.parent_id.is_none(), parent, name.as_deref()].to_vec();
    let total = if filter.parent_id.is_none() && name.is_none() {
        tx.one(COUNT_ALL, args![project], |r| r.get(0))?
    } else {
        tx.one(COUNT, &given, |r| r.get(0))?
    };
    let sql = match (filter.sort, filter.ascending) {
        (Sort::DisplayOrder, false) => BY_ORDER_DESC,
        (Sort::DisplayOrder, true) => BY_ORDER_ASC,
        (Sort::Name, false) => BY_NAME_DESC,
        (Sort::Name, true) => BY_NAME_ASC,
        (Sort::Id, false) => BY_ID_DESC,
        (Sort::Id, true) => BY_ID_ASC,
        (Sort::Depth, false) => BY_DEPTH_DESC,
        (Sort::Depth, true) => BY_DEPTH_ASC,
    };
    given.extend_from_slice(args![request.per_page, request.offset()]);
    let rows = tx.all(sql, &given, folder)?;
    Ok(Page { request, total, rows })
}

/// A name as filters and sorting see it.
fn key(name: &str) -> String {
    name.to_lowercase()
}

/// The depth of the deepest folder in the tree below and with `id`.
pub fn height(tx: &mut Tx<'_>, id: FolderId) -> Result<i64> {
    tx.one(HEIGHT, args![id.0], |r| r.get(0))
}

/// Whether `id` is `root` or lies below it.
pub fn is_in(tx: &mut Tx<'_>, id: FolderId, root: FolderId) -> Result<bool> {
    tx.one(IS_BELOW, args![root.0, id.0], |r| r.get::<i64>(0))
        .map(|n| n > 0)
}

/// Changes a folder. A new parent was read under the [`lock`], does not lie below the folder, and leaves all of the tree
/// within [`DEPTH_MAX`].
pub fn update(
    tx: &mut Tx<'_>,
    proof: &Proof,
    old: &Folder,
    change: &Change,
    parent: Option<&Folder>,
    now: Timestamp,
) -> Result<()> {
    if let Some(name) = &change.name {
        tx.execute(RENAME, args![old.id.0, name, &key(name)])?;
    }
    if let Some(docs) = &change.docs {
        tx.execute(DESCRIBE, args![old.id.0, docs.as_deref()])?;
    }
    if change.parent_id.is_some_and(|to| to != old.parent_id) {
        let to = parent.map(|p| p.id);
        let place = last(tx, proof.project(), to)? + 1;
        tx.execute(MOVE, args![old.id.0, to.map(|p| p.0), place])?;
        crate::run::live::changed(tx, proof)?;
        let depth = parent.map_or(0, |p| p.depth + 1);
        if depth != old.depth {
            tx.execute(SINK, args![old.id.0, depth - old.depth])?;
        }
    }
    tx.execute(TOUCH, args![old.id.0, now.0, proof.user().0])
        .map(drop)
}

/// Deletes a folder with everything below it and all cases in there; the folders that went with it, and how many cases.
pub fn delete(tx: &mut Tx<'_>, proof: &Proof, id: FolderId) -> Result<(Vec<FolderId>, u64)> {
    let below = tx.all(BELOW, args![id.0], |r| r.get(0).map(FolderId))?;
    let all: Vec<i64> = std::iter::once(id.0).chain(below.iter().map(|f| f.0)).collect();
    let cases = case::delete_in(tx, proof, &filter::list(&all))?;
    if tx.execute(DELETE, args![id.0])? > 0 {
        let gone = i64::try_from(below.len()).unwrap_or(i64::MAX).saturating_add(1);
        tx.execute(COUNT_FOLDERS, args![proof.project().0, -gone])?;
    }
    Ok((below, cases))
}
