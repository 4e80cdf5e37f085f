//! The tree of folders as people walk through it: levels with their counts, the way to a folder, all that lies in it.

use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::folder::Folder;
use crate::{Result, Row, Tx, args, statements};
use model::{FolderId, ProjectId};

/// A folder with what lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// The folder.
    pub folder: Folder,
    /// Cases in it and in all folders below.
    pub cases: i64,
    /// Folders below, on all levels.
    pub below: i64,
}

macro_rules! columns {
    () => {
        "f.id, f.project_id, f.parent_id, f.name, f.docs, f.display_order, f.depth"
    };
}

statements! {
    LEVELS = concat!("WITH RECURSIVE tree (top, id, cases) AS (
            SELECT f.id, f.id, f.case_count FROM folders f
            WHERE f.project_id = $1 AND COALESCE(f.parent_id, 0) IN ", in_list!("$2"), "
            UNION ALL SELECT t.top, f.id, f.case_count FROM folders f JOIN tree t ON f.parent_id = t.id)
        SELECT ", columns!(), ", s.cases, s.below FROM (SELECT top, CAST(SUM(cases) AS BIGINT) AS cases, COUNT(*) - 1 AS below
            FROM tree GROUP BY top) s JOIN folders f ON f.id = s.top ORDER BY f.display_order, f.id");
    WAY = concat!("WITH RECURSIVE way (id) AS (SELECT CAST($1 AS BIGINT)
            UNION ALL SELECT f.parent_id FROM folders f JOIN way w ON f.id = w.id WHERE f.parent_id IS NOT NULL)
        SELECT ", columns!(), " FROM folders f JOIN way w ON w.id = f.id WHERE f.project_id = $2 ORDER BY f.depth");
    INSIDE = concat!("WITH RECURSIVE tree (id) AS (SELECT CAST($1 AS BIGINT)
            UNION ALL SELECT f.id FROM folders f JOIN tree t ON f.parent_id = t.id)
        SELECT ", columns!(), ", f.case_count, CAST(0 AS BIGINT) FROM folders f JOIN tree t ON t.id = f.id
        WHERE f.project_id = $2 ORDER BY f.depth, f.display_order, f.id");
    ALL = concat!("SELECT ", columns!(), " FROM folders f WHERE f.project_id = $1
        ORDER BY f.depth, f.display_order, f.id LIMIT $2");
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

fn branch(r: &Row<'_>) -> Result<Branch> {
    Ok(Branch {
        folder: folder(r)?,
        cases: r.get(7)?,
        below: r.get(8)?,
    })
}

/// The folders that lie directly in one of `parents` (0 is the root), in their order, with what lies in each.
pub fn levels(tx: &mut Tx<'_>, proof: &Proof, parents: &[i64]) -> Result<Vec<Branch>> {
    tx.all(LEVELS, args![proof.project().0, &filter::list(parents)], branch)
}

/// The folders from the root to `id`, which is the last; none when it does not lie in the project that was checked.
pub fn way(tx: &mut Tx<'_>, proof: &Proof, id: FolderId) -> Result<Vec<Folder>> {
    tx.all(WAY, args![id.0, proof.project().0], folder)
}

/// `id` and all folders below, parents first, each with the cases that lie directly in it.
pub fn inside(tx: &mut Tx<'_>, proof: &Proof, id: FolderId) -> Result<Vec<Branch>> {
    tx.all(INSIDE, args![id.0, proof.project().0], branch)
}

/// The first `limit` folders of the project that was checked, parents first.
pub fn all(tx: &mut Tx<'_>, proof: &Proof, limit: i64) -> Result<Vec<Folder>> {
    tx.all(ALL, args![proof.project().0, limit], folder)
}
