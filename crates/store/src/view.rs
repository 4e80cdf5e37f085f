//! Lists of cases that people gave a name.

use crate::access::Proof;
use crate::{Result, Row, Tx, args, statements};
use model::{Timestamp, UserId};

/// A list with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its id.
    pub id: i64,
    /// Whose it is.
    pub user_id: UserId,
    /// Its name; nobody has two of the same name in a project.
    pub name: String,
    /// What stands behind the question mark of the address.
    pub query: String,
    /// Whether everybody in the project sees it.
    pub is_shared: bool,
}

statements! {
    SEEN = "SELECT id, user_id, name, query, is_shared FROM saved_views
        WHERE project_id = $1 AND (user_id = $2 OR is_shared) ORDER BY name_key, id LIMIT $3";
    GET = "SELECT id, user_id, name, query, is_shared FROM saved_views
        WHERE id = $1 AND project_id = $2 AND (user_id = $3 OR is_shared)";
    COUNT = "SELECT COUNT(*) FROM saved_views WHERE project_id = $1 AND user_id = $2 AND name_key <> $3";
    SAVE = "INSERT INTO saved_views (project_id, user_id, name, name_key, query, is_shared, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (project_id, user_id, name_key)
        DO UPDATE SET name = excluded.name, query = excluded.query, is_shared = excluded.is_shared
        RETURNING id, user_id, name, query, is_shared";
    DELETE = "DELETE FROM saved_views WHERE id = $1 AND project_id = $2";
}

fn view(r: &Row<'_>) -> Result<View> {
    Ok(View {
        id: r.get(0)?,
        user_id: UserId(r.get(1)?),
        name: r.get(2)?,
        query: r.get(3)?,
        is_shared: r.get(4)?,
    })
}

/// The views of the project that was checked that the caller sees, their own and shared ones, by name; at most `limit`.
pub fn seen(tx: &mut Tx<'_>, proof: &Proof, limit: i64) -> Result<Vec<View>> {
    tx.all(SEEN, args![proof.project().0, proof.user().0, limit], view)
}

/// The view with this id, if the caller sees it.
pub fn get(tx: &mut Tx<'_>, proof: &Proof, id: i64) -> Result<Option<View>> {
    tx.opt(GET, args![id, proof.project().0, proof.user().0], view)
}

/// How many views of other names the caller has in the project.
pub fn others(tx: &mut Tx<'_>, proof: &Proof, name: &str) -> Result<i64> {
    let (project, user) = (proof.project().0, proof.user().0);
    let key = name.to_lowercase();
    tx.one(COUNT, args![project, user, &key], |r| r.get(0))
}

/// Keeps a view of the caller, in place of the one that has this name.
pub fn save(
    tx: &mut Tx<'_>,
    proof: &Proof,
    name: &str,
    query: &str,
    is_shared: bool,
    now: Timestamp,
) -> Result<View> {
    let (project, user) = (proof.project().0, proof.user().0);
    let key = name.to_lowercase();
    tx.one(
        SAVE,
        args![project, user, name, &key, query, is_shared, now.0],
        view,
    )
}

/// Deletes a view.
pub fn delete(tx: &mut Tx<'_>, proof: &Proof, id: i64) -> Result<()> {
    tx.execute(DELETE, args![id, proof.project().0]).map(drop)
}
