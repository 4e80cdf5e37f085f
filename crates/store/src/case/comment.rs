//! What people say about a case.

use crate::access::Proof;
use crate::filter::{self, in_list};
use crate::{Result, Row, Tx, args, statements};
use model::{CaseId, CommentId, Timestamp, UserId};

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// The case.
    pub case_id: CaseId,
    /// Markdown.
    pub text: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: Option<UserId>,
    /// When it was changed.
    pub updated_at: Option<Timestamp>,
    /// By whom.
    pub updated_by: Option<UserId>,
}

macro_rules! columns {
    () => {
        "SELECT m.id, m.case_id, m.text, m.created_at, m.created_by, m.updated_at, m.updated_by FROM case_comments m"
    };
}

statements! {
    OF_CASES = concat!(columns!(), " WHERE m.case_id IN ", in_list!("$1"), " ORDER BY m.case_id, m.id");
    GET = concat!(columns!(), " JOIN cases c ON c.id = m.case_id WHERE m.id = $1 AND m.case_id = $2 AND c.project_id = $3");
    INSERT = "INSERT INTO case_comments (case_id, text, created_at, created_by) VALUES ($1, $2, $3, $4) RETURNING id";
    UPDATE = "UPDATE case_comments SET text = $2, updated_at = $3, updated_by = $4 WHERE id = $1";
    DELETE = "DELETE FROM case_comments WHERE id = $1";
}

fn comment(r: &Row<'_>) -> Result<Comment> {
    Ok(Comment {
        id: CommentId(r.get(0)?),
        case_id: CaseId(r.get(1)?),
        text: r.get(2)?,
        created_at: Timestamp(r.get(3)?),
        created_by: r.get::<Option<i64>>(4)?.map(UserId),
        updated_at: r.get::<Option<i64>>(5)?.map(Timestamp),
        updated_by: r.get::<Option<i64>>(6)?.map(UserId),
    })
}

/// The comments on these cases, by case, oldest first.
pub fn of(tx: &mut Tx<'_>, cases: &[CaseId]) -> Result<Vec<Comment>> {
    let ids = filter::list(&cases.iter().map(|id| id.0).collect::<Vec<_>>());
    tx.all(OF_CASES, args![&ids], comment)
}

/// One comment on a case of the project that was checked.
pub fn get(tx: &mut Tx<'_>, proof: &Proof, case: CaseId, id: CommentId) -> Result<Option<Comment>> {
    tx.opt(GET, args![id.0, case.0, proof.project().0], comment)
}

/// Adds a comment to a case that was read in this transaction.
pub fn insert(tx: &mut Tx<'_>, proof: &Proof, case: CaseId, text: &str, now: Timestamp) -> Result<CommentId> {
    tx.one(INSERT, args![case.0, text, now.0, proof.user().0], |r| {
        r.get(0).map(CommentId)
    })
}

/// Gives a comment another text.
pub fn update(tx: &mut Tx<'_>, proof: &Proof, id: CommentId, text: &str, now: Timestamp) -> Result<()> {
    tx.execute(UPDATE, args![id.0, text, now.0, proof.user().0])
        .map(drop)
}

/// Deletes a comment.
pub fn delete(tx: &mut Tx<'_>, id: CommentId) -> Result<()> {
    tx.execute(DELETE, args![id.0]).map(drop)
}
